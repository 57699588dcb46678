"""From a path without extension to a file: the bundler's search, over a set of paths."""

from __future__ import annotations

from bisect import bisect_left
from itertools import islice
from typing import AbstractSet, Any, Mapping, Sequence, Union

from module_federation.module_graph.package_json import PackageManifest
from module_federation.module_graph.paths import ancestors, directory_of, join, relative_to
from module_federation.module_graph.settings import EXTENSION_ALIAS, Rules

# A path, None for "no such file", or False for "replaced by an empty module" (`browser` field).
Found = Union[str, bool, None]


class BrokenReplacementError(ValueError):
    """A ``browser`` field replaces a file by one that is not there. The bundler gives up then."""

    def __init__(self, manifest: str, path: str, value: str) -> None:
        super().__init__(
            f"the `browser` field of {manifest} replaces {path} by `{value}`, which is not there"
        )


class FileLookup:
    """Finds files as ``enhanced-resolve`` and Rspack's resolver do. Never touches the file system.

    `files` are the repository's source files and `manifests` every ``package.json`` that may stand
    in a folder a request leads to, by folder.
    """

    def __init__(self, files: AbstractSet[str], manifests: Mapping[str, PackageManifest]) -> None:
        self._files = files
        self._manifests = manifests
        self._sorted: Sequence[str] | None = None
        self._replaces_files = any(isinstance(item.browser, dict) for item in manifests.values())
        # Files whose replacements are being looked for, so that circles end.
        self._replacing: list[str] = []
        self._owners: dict[str, PackageManifest | None] = {}

    def owner(self, directory: str) -> PackageManifest | None:
        """The package that a folder belongs to: the nearest ``package.json`` at it or above it."""
        if directory not in self._owners:
            self._owners[directory] = next(
                (
                    self._manifests[above]
                    for above in ancestors(directory)
                    if above in self._manifests
                ),
                None,
            )
        return self._owners[directory]

    def find(self, path: str, rules: Rules, tried: list[str], *, folder: bool = False) -> Found:
        """The file that `path` means: itself, with an extension, or a folder's main file.

        With `folder` (a request that ends in ``/`` or a dot segment), `path` can only be a folder.
        Paths that were looked for and are not there are appended to `tried`.

        Raises:
            BrokenReplacementError: when a ``browser`` field leads nowhere.
        """
        found = None if folder else self.file(path, rules, tried)
        return self._folder(path, rules, tried) if found is None else found

    def file(self, path: str, rules: Rules, tried: list[str]) -> Found:
        """The file `path` means, folders left aside."""
        name = path.rpartition("/")[2]
        stem, dot, extension = name.rpartition(".")
        replacements = EXTENSION_ALIAS.get(f".{extension}") if dot and stem else None
        if replacements:
            base = path[: -len(extension) - 1]
            for replacement in replacements:
                found = self._exact(f"{base}{replacement}", rules, tried)
                if found is not None:
                    return found
        else:
            found = self._exact(path, rules, tried)
            if found is not None:
                return found
        for extension in rules.extensions:
            found = self._exact(f"{path}{extension}", rules, tried)
            if found is not None:
                return found
        return None

    def below(self, prefix: str, suffix: str) -> tuple[str, ...]:
        """All files whose path begins with `prefix` and ends with `suffix`, sorted."""
        if self._sorted is None:
            self._sorted = sorted(self._files)
        found: list[str] = []
        for path in islice(self._sorted, bisect_left(self._sorted, prefix), None):
            if not path.startswith(prefix):
                break
            if path.endswith(suffix):
                found.append(path)
        return tuple(found)

    def _exact(self, path: str, rules: Rules, tried: list[str]) -> Found:
        if not self._replaces_files:
            if path in self._files:
                return path
            tried.append(path)
            return None
        replaced = self._browser_replacement(path, rules, tried) if rules.alias_browser else None
        if replaced is not None:
            return replaced
        if path in self._files:
            return path
        tried.append(path)
        return None

    def _browser_replacement(self, path: str, rules: Rules, tried: list[str]) -> Found:
        """What the owning package's ``browser`` object puts in the place of one of its files.

        The file need not exist: the bundler looks into the object for every path it tries.
        Source: the package-browser-field specification, as ``aliasFields`` applies it.
        """
        owner = self.owner(directory_of(path))
        if owner is None or not isinstance(owner.browser, dict):
            return None
        value = browser_entry(owner.browser, f"./{relative_to(path, owner.directory)}")
        if value is False:
            return False
        if not isinstance(value, str) or not value.startswith("."):
            return None
        target = join(owner.directory, value)
        if target == path:
            return None
        if target is None or path in self._replacing:
            raise BrokenReplacementError(owner.path, path, value)
        self._replacing.append(path)
        try:
            found = self.find(target, rules, tried)
        finally:
            self._replacing.pop()
        if found is None:
            raise BrokenReplacementError(owner.path, path, value)
        return found

    def _folder(self, path: str, rules: Rules, tried: list[str]) -> Found:
        manifest = self._manifests.get(path)
        if manifest is not None:
            for main in _main_values(manifest, rules):
                target = join(path, main)
                if target is None:
                    continue
                found = self.file(target, rules, tried) if target != path else None
                if found is None:
                    found = self._index(target, rules, tried)
                if found is not None:
                    return found
        return self._index(path, rules, tried)

    def _index(self, path: str, rules: Rules, tried: list[str]) -> Found:
        for name in rules.main_files:
            found = self.file(f"{path}/{name}" if path else name, rules, tried)
            if found is not None:
                return found
        return None


def browser_entry(browser: Mapping[str, Any], request: str) -> Any:
    """The value of a ``browser`` object for a request or a ``./file``; None when it has none."""
    if request in browser:
        return browser[request]
    if request.startswith("./"):
        return browser.get(request[2:])
    return None


def _main_values(manifest: PackageManifest, rules: Rules) -> list[str]:
    values = {
        "browser": manifest.browser,
        "module": manifest.module,
        "main": manifest.main,
        "style": manifest.style,
        "types": manifest.types,
    }
    found = (values[field] for field in rules.main_fields)
    return [value for value in found if isinstance(value, str) and value]

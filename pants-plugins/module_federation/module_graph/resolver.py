"""From a request in a file to what it means, by the bundler's own rules.

Source of the rules: Rspack 2.2.9 (its resolver is a port of ``enhanced-resolve``), set up with
`settings.bundler_resolve`. The tests compare this model with Rspack's resolver.
"""

from __future__ import annotations

from dataclasses import replace
from typing import AbstractSet, Iterable, Mapping, Sequence

from module_federation.module_graph.exports import ExportsError, resolve_exports, resolve_imports
from module_federation.module_graph.file_lookup import (
    BrokenReplacementError,
    FileLookup,
    browser_entry,
)
from module_federation.module_graph.imports import ImportKind
from module_federation.module_graph.package_json import PackageManifest
from module_federation.module_graph.paths import ancestors, directory_of, is_within, join
from module_federation.module_graph.resolution import (
    FileModule,
    Ignored,
    PackageModule,
    RemoteModule,
    Resolution,
    Unresolved,
)
from module_federation.module_graph.settings import (
    Rules,
    dependency_of,
    resolution_rules,
)
from module_federation.module_graph.specifiers import (
    has_scheme,
    is_external,
    is_relative,
    match_remote,
    split_bare,
    strip_loaders,
    strip_query,
)
from module_federation.module_graph.tsconfig import TsConfig

_STYLE_KINDS = frozenset((ImportKind.CSS_IMPORT, ImportKind.CSS_URL))
# Kinds whose requests are URLs, where a leading `#` begins a fragment.
_URL_KINDS = _STYLE_KINDS | {ImportKind.URL}
_MAX_REDIRECTS = 8


class DuplicatePackageError(ValueError):
    """Two workspace packages have one name, so that a request for it has two meanings."""

    def __init__(self, name: str, paths: Sequence[str]) -> None:
        super().__init__(
            f"{' and '.join(paths)}: both packages are named `{name}`. "
            "Give each workspace package its own name."
        )
        self.name = name
        self.paths = tuple(paths)


class Resolver:
    """Resolves requests among a fixed set of files.

    `files` are repository paths. `packages` are the workspace packages; other ``package.json``
    files below them (without a name, say) may be among them and count as what they are. `tsconfigs`
    apply to the files of the package they stand in. `remotes` are aliases that are remotes for
    every importer; leave them out to decide per container (`ModuleGraph.closure`). `mode` is
    ``production`` or ``development``. Answers are remembered: use one resolver for many files.

    Raises:
        DuplicatePackageError: when two packages have one name.
    """

    def __init__(
        self,
        files: AbstractSet[str],
        packages: Iterable[PackageManifest],
        tsconfigs: Iterable[TsConfig] = (),
        *,
        remotes: AbstractSet[str] = frozenset(),
        mode: str = "production",
    ) -> None:
        manifests = {manifest.directory: manifest for manifest in packages}
        self._lookup = FileLookup(files, manifests)
        self._packages = _by_name(manifests.values())
        self._tsconfigs = {config.directory: config for config in tsconfigs}
        self._remotes = frozenset(remotes)
        self._rules = resolution_rules(mode)
        self._known: dict[tuple[str, str, ImportKind], Resolution] = {}
        self._known_paths: dict[tuple[str, Rules, bool], Resolution] = {}
        self._config_of: dict[str, TsConfig | None] = {}

    def resolve(self, importer: str, specifier: str, kind: ImportKind) -> Resolution:
        """What `specifier` means in the file `importer`. Never fails: see `Unresolved`."""
        directory = directory_of(importer)
        key = (directory, specifier, kind)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._crossing(directory, self._resolve(*key))
        return known

    def context(self, importer: str, prefix: str, suffix: str) -> tuple[Resolution, ...]:
        """What a request with a hole can mean: ``import(`./pages/${name}.tsx`)``.

        All files whose path starts with `prefix` and ends with `suffix` count, those in folders
        below too: that is what the bundler's context module holds. The importer itself does not
        count. A prefix that begins with a package's name means the files of that package; of an
        installed one only the package is known.
        """
        folder, _, start = prefix.rpartition("/")
        if not is_relative(prefix):
            return self._package_context(importer, folder, start, suffix)
        base = join(directory_of(importer), folder)
        if base is None:
            return (Unresolved("the path leads out of the repository"),)
        return self._files_below(importer, base, start, suffix)

    def _package_context(
        self, importer: str, folder: str, start: str, suffix: str
    ) -> tuple[Resolution, ...]:
        bare = split_bare(folder)
        if bare is None:
            # The bundler looks for such names in the importer's own folder, and finds none.
            return ()
        package = self._packages.get(bare.name)
        if package is None:
            return (PackageModule(bare.name, ".", bare.name),)
        if package.has_exports:
            return (Unresolved(f"{package.path}: `exports` cannot answer a whole folder"),)
        base = join(package.directory, bare.subpath)
        if base is None or not is_within(base, package.directory):
            return (Unresolved("the path leads out of the package"),)
        return self._files_below(importer, base, start, suffix)

    def _files_below(
        self, importer: str, base: str, start: str, suffix: str
    ) -> tuple[Resolution, ...]:
        found = self._lookup.below(f"{base}/{start}" if base else start, suffix)
        owner = self._lookup.owner(base)
        return tuple(
            FileModule(path)
            for path in found
            if path != importer and self._lookup.owner(directory_of(path)) is owner
        )

    def owner(self, path: str) -> PackageManifest | None:
        """The workspace package that the file at `path` belongs to."""
        return self._lookup.owner(directory_of(path))

    def tsconfig_of(self, directory: str) -> TsConfig | None:
        """The configuration that applies to a folder: the nearest one within its package."""
        if directory not in self._config_of:
            owner = self._lookup.owner(directory)
            root = owner.directory if owner else ""
            self._config_of[directory] = next(
                (
                    self._tsconfigs[above]
                    for above in ancestors(directory)
                    if above in self._tsconfigs and is_within(above, root)
                ),
                None,
            )
        return self._config_of[directory]

    def _crossing(self, directory: str, found: Resolution) -> Resolution:
        """Note where a path, and no package's name, led from one workspace package to another."""
        if not isinstance(found, FileModule) or found.via_package is not None:
            return found
        owner = self.owner(found.path)
        if owner is None or owner.name is None or owner is self._lookup.owner(directory):
            return found
        return replace(found, crosses_into=owner.name)

    def _resolve(self, directory: str, specifier: str, kind: ImportKind) -> Resolution:
        request = strip_query(strip_loaders(specifier))
        rules = self._rules[dependency_of(kind)]
        if is_external(request):
            return Ignored("the request is not looked up among files")
        if kind in _URL_KINDS and request.startswith("#"):
            return Ignored("the address is a place in the document itself")
        if kind in _STYLE_KINDS and request.startswith("~"):
            request = request[1:]
        if request == "":
            return Unresolved("the request is empty")
        if not is_relative(request):
            remote = match_remote(request, self._remotes)
            if remote is not None:
                return RemoteModule(remote.alias, remote.expose, specifier)
        return self._search(directory, request, rules, 0)

    def _search(self, directory: str, request: str, rules: Rules, redirects: int) -> Resolution:
        if redirects > _MAX_REDIRECTS:
            return Unresolved("`imports` or `browser` entries lead in a circle")
        if "\0" in request or "\\" in request:
            return Unresolved("the request is not a path; folders are separated by `/`")
        if is_relative(request):
            return self._relative(directory, request, rules)
        if request.startswith("/"):
            return Unresolved("the path is absolute; write it relative to the importing file")
        if has_scheme(request):
            return Unresolved("the bundler has no way to load this kind of address")
        if request.startswith("#"):
            return self._internal(directory, request, rules, redirects)
        if rules.prefer_relative:
            near = self._relative(directory, f"./{request}", rules)
            if isinstance(near, FileModule):
                return near
        mapped = self._mapped(directory, request, rules)
        if mapped is not None:
            return mapped
        return self._bare(directory, request, rules, redirects)

    def _relative(self, directory: str, request: str, rules: Rules) -> Resolution:
        path = join(directory, request)
        if path is None:
            return Unresolved("the path leads out of the repository")
        return self._at(path, rules, folder=request.endswith("/"))

    def _at(self, path: str, rules: Rules, *, folder: bool = False) -> Resolution:
        key = (path, rules, folder)
        known = self._known_paths.get(key)
        if known is None:
            known = self._known_paths[key] = self._find(path, rules, folder=folder)
        return known

    def _find(self, path: str, rules: Rules, *, folder: bool) -> Resolution:
        tried: list[str] = []
        try:
            found = self._lookup.find(path, rules, tried, folder=folder)
        except BrokenReplacementError as error:
            return Unresolved(str(error), tuple(dict.fromkeys(tried)))
        if found is False:
            return Ignored("the `browser` field of its package replaces it by nothing")
        if isinstance(found, str):
            return FileModule(found)
        return Unresolved("there is no such file", tuple(dict.fromkeys(tried)))

    def _mapped(self, directory: str, request: str, rules: Rules) -> Resolution | None:
        config = self.tsconfig_of(directory)
        if config is None:
            return None
        for path in config.candidates(request):
            found = self._at(path, rules, folder=request.endswith("/"))
            if isinstance(found, FileModule):
                return FileModule(found.path, request=request, via_paths=config.directory)
        return None

    def _internal(self, directory: str, request: str, rules: Rules, redirects: int) -> Resolution:
        owner = self._lookup.owner(directory)
        if owner is None:
            return Unresolved(f"no package.json above the importing file defines `{request}`")
        try:
            target = resolve_imports(owner.imports, request, rules.conditions)
        except ExportsError as error:
            return Unresolved(f"{owner.path}: {error}")
        if target.startswith("./"):
            return self._inside(owner, target, rules)
        return self._search(owner.directory, target, rules, redirects + 1)

    def _bare(self, directory: str, request: str, rules: Rules, redirects: int) -> Resolution:
        owner = self._lookup.owner(directory)
        if owner is not None and rules.alias_browser and isinstance(owner.browser, dict):
            replacement = browser_entry(owner.browser, request)
            if replacement is False:
                return Ignored("the `browser` field of its package replaces it by nothing")
            if isinstance(replacement, str) and replacement != request:
                return self._search(owner.directory, replacement, rules, redirects + 1)
        bare = split_bare(request)
        if bare is None:
            return Unresolved("the request is neither a path nor begins with a package's name")
        package = self._packages.get(bare.name)
        if package is None:
            return PackageModule(bare.name, bare.subpath, request)
        found = self._first_party(package, bare.subpath, request, rules)
        if isinstance(found, FileModule):
            return FileModule(found.path, request=request, via_package=bare.name)
        return found

    def _first_party(
        self, package: PackageManifest, subpath: str, request: str, rules: Rules
    ) -> Resolution:
        if package.has_exports:
            try:
                target = resolve_exports(package.exports, subpath, rules.conditions)
            except ExportsError as error:
                return Unresolved(f"{package.path}: {error}")
            return self._inside(package, target, rules)
        if subpath == ".":
            return self._at(package.directory, rules, folder=True)
        path = join(package.directory, subpath)
        if path is None or not is_within(path, package.directory):
            return Unresolved("the path leads out of the package")
        return self._at(path, rules, folder=request.endswith("/"))

    def _inside(self, package: PackageManifest, target: str, rules: Rules) -> Resolution:
        path = join(package.directory, target)
        if path is None or not is_within(path, package.directory):
            return Unresolved(f"{package.path}: `{target}` leads out of the package")
        return self._at(path, rules)


def _by_name(manifests: Iterable[PackageManifest]) -> Mapping[str, PackageManifest]:
    named: dict[str, PackageManifest] = {}
    for manifest in sorted(manifests, key=lambda manifest: manifest.path):
        if manifest.name is None:
            continue
        if manifest.name in named:
            raise DuplicatePackageError(manifest.name, (named[manifest.name].path, manifest.path))
        named[manifest.name] = manifest
    return named

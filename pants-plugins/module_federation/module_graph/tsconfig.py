"""``compilerOptions.paths`` and ``baseUrl`` of ``tsconfig.json``: import names for folders.

Source of the rules: TypeScript's handbook, "Modules: Reference", sections ``paths``, ``baseUrl``
and ``extends``; ``extends`` of several files since TypeScript 5.0.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Mapping

from module_federation.module_graph.json_lines import JsonError, JsonPath, key_lines, load_json
from module_federation.module_graph.paths import directory_of, join
from module_federation.module_graph.specifiers import is_relative

CONFIG_NAMES = ("tsconfig.json", "jsconfig.json")


class TsConfigError(ValueError):
    """A ``tsconfig.json`` that cannot be used. Names file and line, the fault, and the remedy."""

    def __init__(self, path: str, line: int, problem: str, remedy: str) -> None:
        super().__init__(f"{path}:{line}: {problem}. {remedy}")
        self.path = path
        self.line = line


@dataclass(frozen=True)
class PathPattern:
    """One entry of ``paths``: ``prefix*suffix`` → `targets`, repository paths with at most one
    ``*``.

    Without a star in the key, `has_star` is False and `prefix` is the whole request. A target that
    leads out of the repository is left out.
    """

    prefix: str
    suffix: str
    has_star: bool
    targets: tuple[str, ...]

    def match(self, request: str) -> str | None:
        """What the star stands for in `request`, or None when it does not match."""
        if not self.has_star:
            return "" if request == self.prefix else None
        if len(request) < len(self.prefix) + len(self.suffix):
            return None
        if not request.startswith(self.prefix) or not request.endswith(self.suffix):
            return None
        return request[len(self.prefix) : len(request) - len(self.suffix)]


@dataclass(frozen=True)
class TsConfig:
    """What one configuration file, with all it extends, says about import names.

    `directory` is the folder the file applies to. `base_url` is a repository path or None. `jsx`
    and `jsx_import_source` are the compiler options of these names. `files` are the file itself and
    all that it extends, sorted. `notes` are sentences on what
    was not followed, such as ``extends`` of an installed package.
    """

    path: str
    directory: str
    base_url: str | None = None
    patterns: tuple[PathPattern, ...] = ()
    jsx: str | None = None
    jsx_import_source: str | None = None
    files: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=(), compare=False)

    def candidates(self, request: str) -> tuple[str, ...]:
        """The repository paths that `request` may mean, in the order in which to try them.

        Of several matching patterns only the most specific one counts: an exact key, then the
        longest text before the star. ``baseUrl`` comes last.
        """
        found: list[str] = []
        best: tuple[tuple[bool, int], PathPattern, str] | None = None
        for pattern in self.patterns:
            match = pattern.match(request)
            if match is None:
                continue
            rank = (not pattern.has_star, len(pattern.prefix))
            if best is None or rank > best[0]:
                best = (rank, pattern, match)
        if best is not None:
            _, pattern, match = best
            for target in pattern.targets:
                path = join("", target.replace("*", match, 1))
                if path is not None:
                    found.append(path)
        if self.base_url is not None:
            path = join(self.base_url, request)
            if path is not None:
                found.append(path)
        return tuple(found)


def load_tsconfigs(contents: Mapping[str, bytes]) -> tuple[TsConfig, ...]:
    """Read configuration files given by repository path, sorted by path.

    `contents` also holds the files that others extend, under any name; only those named
    ``tsconfig.json`` or ``jsconfig.json`` are returned, and of one folder's two the former.

    Raises:
        TsConfigError: for broken files, wrong types, and ``extends`` that lead nowhere or in a
        circle.
    """
    configs: dict[str, TsConfig] = {}
    for path in sorted(contents):
        name = path.rpartition("/")[2]
        if name in CONFIG_NAMES:
            config = _Loader(contents).load(path)
            # tsconfig.json sorts after jsconfig.json and replaces it.
            configs[config.directory] = config
    return tuple(sorted(configs.values(), key=lambda config: config.path))


def missing_parents(contents: Mapping[str, bytes]) -> frozenset[str]:
    """The repository paths at which files may be that these extend, and that are not among them.

    Each ``extends`` of a relative path has up to three; what is broken has none, and is reported
    when it is loaded.
    """
    found: set[str] = set()
    for path, content in contents.items():
        try:
            data, text = load_json(content, comments=True)
            targets = _Section(path, text, data if isinstance(data, dict) else None).extends()
        except (JsonError, TsConfigError):
            continue
        for _, target in targets:
            places = _places(path, target) if is_relative(target) else ()
            if contents.keys().isdisjoint(places):
                found.update(places)
    return frozenset(found)


def _places(path: str, target: str) -> tuple[str, ...]:
    """Where a file may be that another one extends, in the order in which they count."""
    base = join(directory_of(path), target)
    return () if base is None else (base, f"{base}.json", f"{base}/tsconfig.json")


@dataclass
class _Options:
    base_url: str | None = None
    patterns: tuple[PathPattern, ...] = ()
    jsx: str | None = None
    jsx_import_source: str | None = None

    def over(self, earlier: _Options) -> _Options:
        """These options, completed by those of a file that was extended earlier."""
        return _Options(
            # The root's own path is empty, which is not the same as none.
            base_url=earlier.base_url if self.base_url is None else self.base_url,
            patterns=self.patterns or earlier.patterns,
            jsx=self.jsx or earlier.jsx,
            jsx_import_source=self.jsx_import_source or earlier.jsx_import_source,
        )


class _Loader:
    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self.contents = contents
        self.files: set[str] = set()
        self.notes: list[str] = []

    def load(self, path: str) -> TsConfig:
        options = self._options(path, ())
        return TsConfig(
            path=path,
            directory=directory_of(path),
            base_url=options.base_url,
            patterns=options.patterns,
            jsx=options.jsx,
            jsx_import_source=options.jsx_import_source,
            files=tuple(sorted(self.files)),
            notes=tuple(self.notes),
        )

    def _options(self, path: str, chain: tuple[str, ...]) -> _Options:
        self.files.add(path)
        try:
            data, text = load_json(self.contents[path], comments=True)
        except JsonError as error:
            raise TsConfigError(
                path,
                error.line,
                error.message,
                "Correct it; comments and trailing commas are fine.",
            ) from error
        section = _Section(path, text, data if isinstance(data, dict) else None)
        options = _Options()
        for index, target in section.extends():
            parent = self._parent(section, index, target, (*chain, path))
            if parent is not None:
                inherited = self._options(parent, (*chain, path))
                options = inherited.over(options)
        return section.override(options)

    def _parent(
        self, section: _Section, index: int | None, target: str, chain: tuple[str, ...]
    ) -> str | None:
        place: JsonPath = ("extends", *(() if index is None else (index,)))
        if not is_relative(target):
            self.notes.append(
                f"{section.path}:{section.line(place)}: `extends` of `{target}` is not followed; "
                "repeat `paths` in this file if it relies on them."
            )
            return None
        names = _places(section.path, target)
        found = next((name for name in names if name in self.contents), None)
        if found is None:
            raise section.fail(
                place, f"extends `{target}`, which is not there", "Correct the path."
            )
        if found in chain:
            raise section.fail(place, "extends itself: " + " → ".join((*chain, found)), "Break it.")
        return found


class _Section:
    """The ``compilerOptions`` of one file."""

    def __init__(self, path: str, text: str, data: dict[str, Any] | None) -> None:
        self.path = path
        self.text = text
        if data is None:
            raise self.fail((), "holds something else than an object", "Begin with `{`.")
        self.data = data
        self.options = self._typed(data, ("compilerOptions",), dict, "an object") or {}

    def line(self, place: JsonPath) -> int:
        return key_lines(self.text).get(place, 1)

    def fail(self, place: JsonPath, problem: str, remedy: str) -> TsConfigError:
        name = ".".join(map(str, place))
        return TsConfigError(
            self.path, self.line(place), f"`{name}` {problem}" if name else problem, remedy
        )

    def _typed(self, data: dict[str, Any], place: JsonPath, kind: type, words: str) -> Any:
        value = data.get(str(place[-1]))
        if value is not None and not isinstance(value, kind):
            raise self.fail(place, f"must be {words}", "Correct the value or remove it.")
        return value

    def extends(self) -> list[tuple[int | None, str]]:
        value = self.data.get("extends")
        if value is None:
            return []
        if isinstance(value, str):
            return [(None, value)]
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.fail(("extends",), "must be a path or an array of paths", "Correct it.")
        return list(enumerate(value))

    def override(self, inherited: _Options) -> _Options:
        directory = directory_of(self.path)
        options = self.options
        text: dict[str, str | None] = {
            key: self._typed(options, ("compilerOptions", key), str, "a string")
            for key in ("baseUrl", "jsx", "jsxImportSource")
        }
        own_base = None if text["baseUrl"] is None else join(directory, text["baseUrl"])
        patterns = inherited.patterns
        if options.get("paths") is not None:
            # Without a baseUrl, targets are relative to the file that holds `paths`.
            base = own_base if text["baseUrl"] is not None else inherited.base_url
            patterns = self._patterns(directory if base is None else base)
        return _Options(
            base_url=inherited.base_url if own_base is None else own_base,
            patterns=patterns,
            jsx=text["jsx"] or inherited.jsx,
            jsx_import_source=text["jsxImportSource"] or inherited.jsx_import_source,
        )

    def _patterns(self, base: str) -> tuple[PathPattern, ...]:
        place: JsonPath = ("compilerOptions", "paths")
        paths = self._typed(self.options, place, dict, "an object")
        return tuple(self._pattern((*place, key), key, paths[key], base) for key in paths)

    def _pattern(self, place: JsonPath, key: str, targets: Any, base: str) -> PathPattern:
        if not isinstance(targets, list) or not all(isinstance(item, str) for item in targets):
            raise self.fail(place, "must be an array of paths", 'Write {"~/*": ["./src/*"]}.')
        for text in (key, *targets):
            if text.count("*") > 1:
                raise self.fail(place, f"has more than one `*` in `{text}`", "Keep one.")
        prefix, star, suffix = key.partition("*")
        joined = (join(base, target) for target in targets)
        return PathPattern(
            prefix, suffix, bool(star), tuple(path for path in joined if path is not None)
        )

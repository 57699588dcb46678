"""``package.json`` as the bundler and the sharing rules need it."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Mapping

from module_federation.module_graph.json_lines import JsonError, JsonPath, key_lines, load_json
from module_federation.module_graph.paths import directory_of

DEPENDENCY_SECTIONS = (
    "dependencies",
    "devDependencies",
    "peerDependencies",
    "optionalDependencies",
)
_FORBIDDEN_NAMES = frozenset(("node_modules", "favicon.ico"))


class PackageManifestError(ValueError):
    """A ``package.json`` that cannot be used. Names file and line, the fault, and the remedy."""

    def __init__(self, path: str, line: int, problem: str, remedy: str) -> None:
        super().__init__(f"{path}:{line}: {problem}. {remedy}")
        self.path = path
        self.line = line


@dataclass(frozen=True, eq=False)
class PackageManifest:
    """One workspace package's ``package.json``. Two are equal when path and content are.

    `path` and `directory` are repository paths. `main`, `module`, `browser`, `exports`, `imports`,
    `side_effects` and `backstage` are the raw JSON values, None when absent; `has_exports` tells an
    absent field from ``null``. `dependencies` and its siblings map names to ranges as written.
    `workspaces` holds the patterns of either form npm accepts (an array, or an object with
    ``packages``).
    """

    path: str
    content: bytes = field(repr=False)
    directory: str
    name: str | None
    version: str | None
    private: bool
    type: str | None
    package_manager: str | None
    main: Any
    module: Any
    browser: Any
    style: Any
    types: str | None
    exports: Any
    imports: Any
    side_effects: Any
    backstage: Any
    has_exports: bool
    dependencies: Mapping[str, str]
    dev_dependencies: Mapping[str, str]
    peer_dependencies: Mapping[str, str]
    optional_dependencies: Mapping[str, str]
    optional_peers: frozenset[str]
    workspaces: tuple[str, ...]
    _text: str = field(repr=False)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PackageManifest):
            return NotImplemented
        return self.path == other.path and self.content == other.content

    def __hash__(self) -> int:
        return hash((self.path, self.content))

    @classmethod
    def parse(cls, path: str, content: bytes) -> PackageManifest:
        """Read the `content` of the ``package.json`` at the repository path `path`.

        Raises:
            PackageManifestError: for text that is not JSON and fields of a wrong type.
        """
        reader = _Reader(path, content)
        dependencies, dev, peer, optional = map(reader.string_map, DEPENDENCY_SECTIONS)
        return cls(
            path=path,
            content=content,
            directory=directory_of(path),
            name=reader.name(),
            version=reader.string("version"),
            private=reader.data.get("private") is True,
            type=reader.string("type"),
            package_manager=reader.string("packageManager"),
            main=reader.data.get("main"),
            module=reader.data.get("module"),
            browser=reader.data.get("browser"),
            style=reader.data.get("style"),
            types=reader.types(),
            exports=reader.data.get("exports"),
            imports=reader.mapping("imports"),
            side_effects=reader.data.get("sideEffects"),
            backstage=reader.data.get("backstage"),
            has_exports="exports" in reader.data,
            dependencies=dependencies,
            dev_dependencies=dev,
            peer_dependencies=peer,
            optional_dependencies=optional,
            optional_peers=reader.optional_peers(),
            workspaces=reader.workspaces(),
            _text=reader.text,
        )

    def line_of(self, section: str, *keys: str | int) -> int | None:
        """The line of ``section`` → ``keys`` …, such as ``line_of("dependencies", "react")``.

        Array items are named by their index. None when there is no such place.
        """
        return key_lines(self._text).get((section, *keys))

    def declared_range(self, name: str) -> tuple[str, str] | None:
        """Where `name` is declared, as ``(section, range)``.

        Sections are asked in the order in which they bind a bundle: ``dependencies``,
        ``optionalDependencies``, ``peerDependencies``, ``devDependencies``.
        """
        for section, ranges in (
            ("dependencies", self.dependencies),
            ("optionalDependencies", self.optional_dependencies),
            ("peerDependencies", self.peer_dependencies),
            ("devDependencies", self.dev_dependencies),
        ):
            if name in ranges:
                return section, ranges[name]
        return None


class _Reader:
    """Reads typed fields out of one file and knows where each of them stands."""

    def __init__(self, path: str, content: bytes) -> None:
        self.path = path
        try:
            data, self.text = load_json(content)
        except JsonError as error:
            remedy = (
                "Save it as UTF-8 without a byte order mark."
                if "byte order mark" in error.message or "UTF-8" in error.message
                else "Correct the JSON; `npm pkg get name` in its folder shows npm's view of it."
            )
            raise PackageManifestError(path, error.line, error.message, remedy) from error
        if not isinstance(data, dict):
            raise PackageManifestError(
                path, 1, "a package.json holds one JSON object", 'Begin with {"name": …}.'
            )
        self.data: dict[str, Any] = data

    def fail(self, place: JsonPath, expected: str) -> PackageManifestError:
        line = key_lines(self.text).get(place, 1)
        name = ".".join(map(str, place))
        return PackageManifestError(
            self.path,
            line,
            f"`{name}` must be {expected}",
            "Correct the value or remove the field.",
        )

    def name(self) -> str | None:
        name = self.string("name")
        if name is None:
            return None
        parts = name.split("/")
        scoped = len(parts) == 2 and parts[0].startswith("@") and len(parts[0]) > 1
        plain = len(parts) == 1 and not name.startswith("@")
        last = parts[-1]
        if (
            not (scoped or plain)
            or last in _FORBIDDEN_NAMES
            or last[:1] in ("", ".")
            or any(character in "\\%:?#*\"'()!~" or character <= " " for character in name)
        ):
            raise self.fail(("name",), "a package name, such as `cart` or `@shop/cart`")
        return name

    def string(self, key: str) -> str | None:
        value = self.data.get(key)
        if value is not None and not isinstance(value, str):
            raise self.fail((key,), "a string")
        return value

    def types(self) -> str | None:
        value = self.data.get("types", self.data.get("typings"))
        return value if isinstance(value, str) else None

    def mapping(self, key: str) -> Any:
        value = self.data.get(key)
        if value is not None and not isinstance(value, dict):
            raise self.fail((key,), "an object")
        return value

    def string_map(self, key: str) -> Mapping[str, str]:
        value = self.mapping(key) or {}
        for name, text in value.items():
            if not isinstance(text, str):
                raise self.fail((key, name), "a version range in quotes")
        return MappingProxyType(value)

    def optional_peers(self) -> frozenset[str]:
        meta = self.mapping("peerDependenciesMeta") or {}
        for name, entry in meta.items():
            if not isinstance(entry, dict):
                raise self.fail(
                    ("peerDependenciesMeta", name), 'an object such as {"optional": true}'
                )
        return frozenset(name for name, entry in meta.items() if entry.get("optional") is True)

    def workspaces(self) -> tuple[str, ...]:
        value = self.data.get("workspaces")
        place: JsonPath = ("workspaces",)
        if isinstance(value, dict):
            value = value.get("packages", [])
            place = ("workspaces", "packages")
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self.fail(place, "an array of folder patterns")
        for index, pattern in enumerate(value):
            if not isinstance(pattern, str):
                raise self.fail((*place, index), "a folder pattern in quotes")
        return tuple(value)

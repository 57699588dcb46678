"""One installed copy of a package, and the edges that lead from it to others."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Any, Mapping, NamedTuple

_NOTHING: Mapping[str, str] = MappingProxyType({})


class DependencyKind(Enum):
    """The section of ``package.json`` that declares a dependency."""

    DEPENDENCY = "dependencies"
    OPTIONAL = "optionalDependencies"
    PEER = "peerDependencies"
    DEV = "devDependencies"


class Declaration(NamedTuple):
    """One dependency as a package declares it: ``specifier`` is the raw text."""

    name: str
    specifier: str
    kind: DependencyKind
    is_required: bool


@dataclass(frozen=True)
class Copy:
    """One folder with a ``package.json``: an installed package or a workspace package.

    ``path`` is POSIX and relative to the project's root (``""`` is the root package). ``name`` is
    the package's own name, which an ``npm:`` alias does not change, and empty where it has none.
    ``exports`` is the raw JSON value, None if absent. Two copies are equal when they are the same
    version of the same package in the same place.
    """

    path: str
    name: str
    version: str | None = None
    is_workspace: bool = False
    dependencies: Mapping[str, str] = field(default=_NOTHING, compare=False)
    optional_dependencies: Mapping[str, str] = field(default=_NOTHING, compare=False)
    peer_dependencies: Mapping[str, str] = field(default=_NOTHING, compare=False)
    dev_dependencies: Mapping[str, str] = field(default=_NOTHING, compare=False)
    optional_peers: frozenset[str] = field(default=frozenset(), compare=False)
    exports: Any = field(default=None, compare=False, repr=False)
    license: str | None = field(default=None, compare=False, repr=False)

    @property
    def install_name(self) -> str:
        """The name by which importers ask for this copy: its folder below ``node_modules``.

        It differs from ``name`` for an ``npm:`` alias. A workspace package has only its own name.
        """
        _, found, tail = f"/{self.path}".rpartition("/node_modules/")
        return tail if found else self.name

    @property
    def label(self) -> str:
        """The copy as a person would name it, e.g. ``react@19.2.0``."""
        name = self.name or self.install_name or "the root package"
        return f"{name}@{self.version}" if self.version else name

    def declarations(self, *, include_dev: bool = False) -> list[Declaration]:
        """Each declared dependency once, sorted by name.

        One that stands in several sections counts as the first of: optional, dependency, peer, dev
        (npm lets an optional dependency override a plain one of the same name).
        """
        # Lowest rank first. This runs for every copy of a closure: a plain loop is worth it.
        by_name: dict[str, Declaration] = {}
        if include_dev:
            for name, specifier in self.dev_dependencies.items():
                by_name[name] = Declaration(name, specifier, DependencyKind.DEV, True)
        for name, specifier in self.peer_dependencies.items():
            is_required = name not in self.optional_peers
            by_name[name] = Declaration(name, specifier, DependencyKind.PEER, is_required)
        for name, specifier in self.dependencies.items():
            by_name[name] = Declaration(name, specifier, DependencyKind.DEPENDENCY, True)
        for name, specifier in self.optional_dependencies.items():
            by_name[name] = Declaration(name, specifier, DependencyKind.OPTIONAL, False)
        return [by_name[name] for name in sorted(by_name)]

    def _is_required(self, name: str, kind: DependencyKind) -> bool:
        if kind is DependencyKind.PEER:
            return name not in self.optional_peers
        return kind is not DependencyKind.OPTIONAL

    def declared(self, name: str) -> Declaration | None:
        """How this package declares ``name`` for its own code to import.

        Of several sections the first of: dependencies, optional, peer, dev.
        """
        sections = {
            DependencyKind.DEPENDENCY: self.dependencies,
            DependencyKind.OPTIONAL: self.optional_dependencies,
            DependencyKind.PEER: self.peer_dependencies,
            DependencyKind.DEV: self.dev_dependencies,
        }
        for kind, section in sections.items():
            if name in section:
                return Declaration(name, section[name], kind, self._is_required(name, kind))
        return None

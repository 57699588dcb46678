"""What can be reached from some packages, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Iterator, Mapping, NamedTuple

from module_federation.sharing.copies import Copy, Declaration


class Edge(NamedTuple):
    """``source`` declares ``declaration`` and Node's resolution leads from it to ``target``."""

    source: Copy
    declaration: Declaration
    target: Copy

    def __str__(self) -> str:
        kind = self.declaration.kind.value
        return f"{self.source.label} → {self.target.label} ({kind}: {self.declaration.specifier})"


@dataclass(frozen=True)
class MissingDependency:
    """``source`` requires something that is not installed where Node would look for it."""

    source: Copy
    declaration: Declaration


@dataclass(frozen=True)
class ReachablePackages:
    """The closure of some roots over dependencies, optional dependencies and peers.

    ``copies`` is sorted by path and holds workspace packages too. ``parents`` has, for each copy
    that is no root, the first edge by which it was found (breadth first, so chains are shortest).
    """

    copies: tuple[Copy, ...]
    missing: tuple[MissingDependency, ...]
    edges: tuple[Edge, ...]
    parents: Mapping[str, Edge] = field(compare=False, repr=False)

    def __contains__(self, path: str) -> bool:
        return any(copy.path == path for copy in self.copies)

    def chain_to(self, path: str) -> tuple[str, ...]:
        """How a copy is reached: the edges from a root to it as text, root first; () for a root."""
        chain: list[str] = []
        while path in self.parents:
            edge = self.parents[path]
            chain.append(str(edge))
            path = edge.source.path
        return tuple(reversed(chain))

    def duplicates(self) -> Mapping[str, tuple[Copy, ...]]:
        """Names of which two or more copies can be reached, with these copies, sorted."""
        by_name: dict[str, list[Copy]] = {}
        for copy in self.copies:
            by_name.setdefault(copy.install_name, []).append(copy)
        return {name: tuple(by_name[name]) for name in sorted(by_name) if len(by_name[name]) > 1}

    def nests(self) -> Mapping[str, tuple[str, ...]]:
        """The reachable third-party packages by the outermost one that each lies in.

        ``{"node_modules/a": ("node_modules/a", "node_modules/a/node_modules/b")}``, all sorted.
        Workspace packages and links are not in the result: their files come from elsewhere.
        """
        reachable = {copy.path for copy in self.copies if not copy.is_workspace}
        nests: dict[str, list[str]] = {}
        for path in sorted(reachable):
            outermost = min((each for each in _parents_of(path) if each in reachable), default=path)
            nests.setdefault(outermost, []).append(path)
        return {outermost: tuple(nests[outermost]) for outermost in sorted(nests)}


def _parents_of(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path

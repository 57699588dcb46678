"""What can be reached from some packages, why, and how to cut exactly that out of a tree."""

from __future__ import annotations

import re
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
    ``installed_paths`` are all paths of the index, which a cut must know to leave out the others.
    """

    copies: tuple[Copy, ...]
    missing: tuple[MissingDependency, ...]
    edges: tuple[Edge, ...]
    parents: Mapping[str, Edge] = field(compare=False, repr=False)
    installed_paths: tuple[str, ...] = field(compare=False, repr=False)

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

    def cuts(self) -> Mapping[str, tuple[str, ...]]:
        """Globs that cut the reachable third-party packages out of the project's tree.

        One cut for each outermost package, by its path, sorted; it takes the reachable packages
        inside along. Its globs are one include, then excludes, sorted: ``node_modules/react/**``
        and ``!node_modules/react/node_modules/**``. An exclude takes away nested packages that
        cannot be reached; none ever covers a reachable file, so their order does not matter.
        Workspace packages and links are not in the result: their files come from elsewhere.
        """
        reachable = {copy.path for copy in self.copies if not copy.is_workspace}
        outermost = sorted(path for path in reachable if not _is_inside_any(path, reachable))
        excludes: dict[str, list[str]] = {path: [] for path in outermost}
        for path in sorted(self._unreachable_below(reachable)):
            (outer,) = (parent for parent in _parents_of(path) if parent in excludes)
            excludes[outer].append(f"!{_escape(path)}/**")
        return {path: (f"{_escape(path)}/**", *excludes[path]) for path in outermost}

    def _unreachable_below(self, reachable: set[str]) -> Iterator[str]:
        occupied = {parent for path in reachable for parent in (path, *_parents_of(path))}
        excluded: set[str] = set()
        for path in self.installed_paths:
            if path in occupied or not _is_inside_any(path, reachable):
                continue
            folder = _modules_folder(path)
            # The whole folder goes, with its `.bin`, where nothing in it can be reached.
            candidate = path if folder in occupied else folder
            if not _is_inside_any(candidate, excluded):
                excluded.add(candidate)
        return iter(excluded)


def _parents_of(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _is_inside_any(path: str, folders: set[str]) -> bool:
    return any(parent in folders for parent in _parents_of(path))


def _modules_folder(path: str) -> str:
    return path[: path.rindex("node_modules") + len("node_modules")]


def _escape(path: str) -> str:
    """A path as a glob that matches it literally (the ``glob`` crate's rules, which Pants uses)."""
    return re.sub(r"[*?\[\]{}!]", lambda match: f"[{match[0]}]", path)

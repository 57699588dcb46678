"""What one project has installed, and Node's own resolution walked over it.

The index is written by the process that installs: one JSON file per project. Paths in it are POSIX
and relative to the project's root, which is the package at ``""``::

    {"version": 1,
     "packageManager": {"name": "npm", "version": "11.19.1"},
     "packages": [{"path": "node_modules/react", "name": "react", "version": "19.2.0",
                   "dependencies": {}, "optionalDependencies": {}, "peerDependencies": {},
                   "optionalPeers": [], "exports": …, "license": "MIT"},
                  {"path": "libs/ui", "workspace": true, "name": "@shop/ui", "devDependencies": {}}
                 ],
     "links": [{"path": "node_modules/@shop/ui", "target": "libs/ui"}],
     "catalogs": {"default": {"react": "^19.0.0"}}}

Everything but ``version``, ``packages`` and a package's ``path`` and ``name`` may be absent.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain
from typing import Iterable, Mapping, Tuple, Union

from module_federation.sharing.copies import Copy
from module_federation.sharing.index_reader import InstallIndexError, read_index
from module_federation.sharing.reachability import Edge, MissingDependency, ReachablePackages

__all__ = ["InstallIndex", "InstallIndexError", "Root"]

Root = Union[str, Copy, Tuple[str, str]]
"""Where a closure starts: a copy or its path, or (path of the importing package, name)."""

_MAX_LINK_HOPS = 40

_Edges = Tuple[Tuple[Edge, ...], Tuple[MissingDependency, ...]]


@dataclass(frozen=True)
class InstallIndex:
    """One project's installed packages. Two indexes are equal when their files are.

    Attributes:
        fingerprint: SHA-256 of the file, hexadecimal.
        package_manager: Its name and version as one text, e.g. ``npm@11.19.1``.
        copies: Path → copy, sorted by path.
        links: Path of each symbolic link → the path it leads to.
        catalogs: The project's catalogs, for ``catalog:`` specifiers.
    """

    fingerprint: str
    package_manager: str = field(compare=False)
    copies: Mapping[str, Copy] = field(compare=False, repr=False)
    links: Mapping[str, str] = field(compare=False, repr=False)
    catalogs: Mapping[str, Mapping[str, str]] = field(compare=False, repr=False)
    # Resolution is asked for the same pairs again and again, by every container of a project.
    _resolved: dict[tuple[str, str], Copy | None] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    _edges: dict[tuple[str, bool], _Edges] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    @classmethod
    def parse(cls, content: bytes) -> InstallIndex:
        """Read an index file.

        Raises:
            InstallIndexError: The file cannot be right: see ``index_reader.read_index``; or a link
                leads round in a circle.
        """
        raw = read_index(content)
        index = cls(
            sha256(content).hexdigest(),
            f"{raw.package_manager}@{raw.package_manager_version}",
            {copy.path: copy for copy in raw.copies},
            raw.links,
            raw.catalogs,
        )
        for link in raw.links:
            index._follow(link)
        return index

    def resolve(self, from_path: str, name: str) -> Copy | None:
        """The copy that code in the folder ``from_path`` gets when it imports ``name``.

        Node's own walk: ``node_modules/<name>`` in the folder, then in each folder above it up to
        the project's root, links followed, real paths walked. None if there is none. Source:
        Node.js documentation, "Modules: CommonJS", ``LOAD_NODE_MODULES`` and
        ``NODE_MODULES_PATHS``. Packages that import themselves by ``exports`` are no concern here.
        """
        key = (from_path, name)
        if key not in self._resolved:
            self._resolved[key] = self._walk(self._follow(from_path), name)
        return self._resolved[key]

    def closure(self, roots: Iterable[Root], *, include_dev: bool = False) -> ReachablePackages:
        """Everything that the roots can reach at run time, the roots themselves included.

        Follows dependencies, optional dependencies and peers. What is optional and not installed is
        skipped; what is required and not installed is in ``missing``.

        Args:
            roots: In any order: the result does not depend on it. A root that does not exist is
                skipped, because whoever names it knows better what to say about it.
            include_dev: Follow ``devDependencies`` of workspace packages too.
        """
        starts = {copy.path: copy for copy in map(self._root, roots) if copy is not None}
        queue = deque(starts[path] for path in sorted(starts))
        reached = dict(starts)
        parents: dict[str, Edge] = {}
        while queue:
            for edge in self._edges_of(queue.popleft(), include_dev)[0]:
                path = edge.target.path
                if path not in reached:
                    reached[path] = edge.target
                    parents[path] = edge
                    queue.append(edge.target)
        copies = tuple(reached[path] for path in sorted(reached))
        found = [self._edges_of(copy, include_dev) for copy in copies]
        return ReachablePackages(
            copies,
            tuple(chain.from_iterable(missing for _, missing in found)),
            tuple(chain.from_iterable(edges for edges, _ in found)),
            parents,
        )

    def _root(self, root: Root) -> Copy | None:
        if isinstance(root, Copy):
            return root
        if isinstance(root, str):
            return self.copies.get(self._follow(root))
        return self.resolve(*root)

    def _edges_of(self, copy: Copy, include_dev: bool) -> _Edges:
        key = (copy.path, include_dev)
        if key not in self._edges:
            found: list[Edge] = []
            absent: list[MissingDependency] = []
            for declaration in copy.declarations(include_dev=include_dev):
                target = self.resolve(copy.path, declaration.name)
                if target is not None:
                    found.append(Edge(copy, declaration, target))
                elif declaration.is_required:
                    absent.append(MissingDependency(copy, declaration))
            self._edges[key] = (tuple(found), tuple(absent))
        return self._edges[key]

    def _walk(self, folder: str, name: str) -> Copy | None:
        while True:
            # Node never looks into `node_modules/node_modules`.
            if folder != "node_modules" and not folder.endswith("/node_modules"):
                candidate = f"{folder}/node_modules/{name}" if folder else f"node_modules/{name}"
                if candidate in self.copies:
                    return self.copies[candidate]
                if candidate in self.links:
                    return self.copies.get(self._follow(candidate))
            if not folder:
                return None
            folder = folder.rpartition("/")[0]

    def _follow(self, path: str) -> str:
        first = path
        for _ in range(_MAX_LINK_HOPS):
            if path not in self.links:
                return path
            path = self.links[path]
        raise InstallIndexError("`links`", f"lead round in a circle from {first!r}")

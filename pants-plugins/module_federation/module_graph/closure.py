"""What one container reaches: files, packages, remotes, aliases for the bundler, and problems."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import AbstractSet, Iterable, Iterator, Mapping, TypeVar

from module_federation.module_graph.imports import Import, ImportKind, SyntaxProblem
from module_federation.module_graph.resolution import (
    FileModule,
    PackageModule,
    RemoteModule,
    Resolution,
    Unresolved,
)
from module_federation.module_graph.settings import Dependency, dependency_of
from module_federation.module_graph.specifiers import (
    is_relative,
    match_remote,
    strip_loaders,
    strip_query,
)


@dataclass(frozen=True, order=True)
class PackageUse:
    """A third-party request and who makes it: `subpath` is ``"."`` or ``"./x"``.

    `deferred`: the request is made only after the container has started, behind an ``import()``.
    """

    name: str
    subpath: str
    request: str
    importer: str
    line: int
    deferred: bool = False


@dataclass(frozen=True, order=True)
class FirstPartyUse:
    """A request for workspace package `package` by its name, and the `file` that answers it.

    `deferred` as for `PackageUse`.
    """

    package: str
    request: str
    file: str
    importer: str
    line: int
    deferred: bool = False


@dataclass(frozen=True, order=True)
class CrossingUse:
    """A request for a `file` of workspace package `package` by a path, relative or mapped in a
    ``tsconfig.json``, made in another package."""

    package: str
    request: str
    file: str
    importer: str
    line: int


@dataclass(frozen=True, order=True)
class RemoteUse:
    """A request for what a remote exposes: the `alias`, the `expose` key, and who asks, where."""

    alias: str
    expose: str
    request: str
    importer: str
    line: int


@dataclass(frozen=True, order=True)
class Problem:
    """A file that cannot be parsed (`specifier` is empty) or a request that nothing answers.

    `tried` are the paths that were looked for. `optional` requests stand in a ``try`` block: the
    bundler warns about them and goes on.
    """

    importer: str
    line: int
    column: int
    specifier: str
    reason: str
    tried: tuple[str, ...] = ()
    optional: bool = False

    def __str__(self) -> str:
        place = f"{self.importer}:{self.line}:{self.column}"
        if not self.specifier:
            return f"{place}: {self.reason}"
        tried = f" (tried {', '.join(self.tried)})" if self.tried else ""
        return f"{place}: `{self.specifier}` cannot be resolved: {self.reason}{tried}"


_Use = TypeVar("_Use", PackageUse, FirstPartyUse)


@dataclass(frozen=True)
class Closure:
    """Everything that is reached from a container's entries. All sequences are sorted.

    `aliases` maps first-party requests to the files that answer them; a request that means another
    file to another class of requests (``exports`` conditions) is in `aliases_by_dependency` under
    that class's name. `path_aliases` maps the folder of a ``tsconfig.json`` to the requests its
    ``paths`` answer: they hold for files below that folder only, nearer folders first.
    """

    files: tuple[str, ...]
    packages: tuple[PackageUse, ...]
    first_party_requests: tuple[FirstPartyUse, ...]
    crossings: tuple[CrossingUse, ...]
    remotes: tuple[RemoteUse, ...]
    problems: tuple[Problem, ...]
    aliases: Mapping[str, str] = field(hash=False)
    aliases_by_dependency: Mapping[str, Mapping[str, str]] = field(hash=False)
    path_aliases: Mapping[str, Mapping[str, str]] = field(hash=False)
    _parents: Mapping[str, str | None] = field(hash=False, compare=False, repr=False)

    @property
    def entries(self) -> tuple[str, ...]:
        """The files that the search started from, sorted."""
        return tuple(sorted(file for file, parent in self._parents.items() if parent is None))

    def chain_to(self, file: str) -> tuple[str, ...]:
        """A shortest way from an entry to `file`, both included; empty when it is not reached."""
        chain: list[str] = []
        step: str | None = file if file in self._parents else None
        while step is not None:
            chain.append(step)
            step = self._parents[step]
        return tuple(reversed(chain))


class ClosureBuilder:
    """Collects a closure breadth first, so that the first way to a file is a shortest one."""

    def __init__(self, remotes: frozenset[str], left_out: AbstractSet[str] = frozenset()) -> None:
        self._remotes = remotes
        self._left_out = left_out
        self._queue: list[str] = []
        self._parents: dict[str, str | None] = {}
        self._packages: dict[tuple[str, str], PackageUse] = {}
        self._first_party: dict[tuple[str, str, str], FirstPartyUse] = {}
        self._crossings: dict[tuple[str, str, str], CrossingUse] = {}
        # File → the files that are loaded together with it.
        self._together: dict[str, list[str]] = {}
        self._remote_uses: dict[tuple[str, str], RemoteUse] = {}
        self._problems: set[Problem] = set()
        # Request → class of requests → file.
        self._aliases: dict[str, dict[Dependency, str]] = {}
        self._path_aliases: dict[str, dict[str, str]] = {}

    def enter(self, path: str, importer: str | None) -> None:
        """Reach a file, from an importer or as an entry."""
        if path not in self._parents:
            self._parents[path] = importer
            self._queue.append(path)

    def pending(self) -> Iterator[str]:
        """The files reached, each once, while more are being reached."""
        # A list's iterator sees what is appended meanwhile.
        return iter(self._queue)

    def syntax_problem(self, path: str, error: SyntaxProblem) -> None:
        """Note that a file could not be parsed."""
        self._problems.add(Problem(path, error.line, error.column, "", error.message))

    def add(self, importer: str, found: Import, resolution: Resolution) -> None:
        """Note one import of a file that was reached."""
        if self._remotes and not isinstance(resolution, RemoteModule):
            resolution = self._as_remote(found.specifier) or resolution
        line = found.line
        if isinstance(resolution, FileModule):
            self._file(importer, found, resolution)
        elif isinstance(resolution, PackageModule):
            known = self._packages.get((resolution.request, importer))
            use = known or PackageUse(
                resolution.name, resolution.subpath, resolution.request, importer, line, True
            )
            self._packages[(resolution.request, importer)] = _earlier(use, found)
        elif isinstance(resolution, RemoteModule):
            remote = RemoteUse(
                resolution.alias, resolution.expose, resolution.request, importer, line
            )
            self._remote_uses.setdefault((resolution.request, importer), remote)
        elif isinstance(resolution, Unresolved) and found.kind is not ImportKind.TYPE:
            self._problems.add(
                Problem(
                    importer,
                    line,
                    found.column,
                    found.specifier,
                    resolution.reason,
                    resolution.tried,
                    found.optional,
                )
            )

    def finish(self, starts: AbstractSet[str] | None = None) -> Closure:
        """The closure of what was added; `starts` are those of the entries that run at once."""
        aliases, by_dependency = self._split_aliases()
        started = self._started(starts)
        return Closure(
            files=tuple(sorted(self._parents)),
            packages=tuple(sorted(_timed(self._packages.values(), started))),
            first_party_requests=tuple(sorted(_timed(self._first_party.values(), started))),
            crossings=tuple(sorted(self._crossings.values())),
            remotes=tuple(sorted(self._remote_uses.values())),
            problems=tuple(sorted(self._problems)),
            aliases=MappingProxyType(aliases),
            aliases_by_dependency=_sorted_tables(by_dependency),
            path_aliases=_sorted_tables(self._path_aliases),
            _parents=MappingProxyType(self._parents),
        )

    def _started(self, starts: AbstractSet[str] | None) -> set[str]:
        """The files that are loaded as soon as the container starts or is loaded."""
        entries = [path for path, importer in self._parents.items() if importer is None]
        started = {path for path in entries if starts is None or path in starts}
        queue = list(started)
        while queue:
            for path in self._together.get(queue.pop(), ()):
                if path not in started:
                    started.add(path)
                    queue.append(path)
        return started

    def _as_remote(self, specifier: str) -> RemoteModule | None:
        request = strip_query(strip_loaders(specifier))
        if is_relative(request):
            return None
        remote = match_remote(request, self._remotes)
        return None if remote is None else RemoteModule(remote.alias, remote.expose, request)

    def _file(self, importer: str, found: Import, module: FileModule) -> None:
        if module.via_package is None or module.request not in self._left_out:
            self.enter(module.path, importer)
            if not found.kind.is_deferred:
                self._together.setdefault(importer, []).append(module.path)
        if module.crosses_into is not None and found.kind is not ImportKind.TYPE:
            crossing = CrossingUse(
                module.crosses_into, found.specifier, module.path, importer, found.line
            )
            self._crossings.setdefault((found.specifier, importer, module.path), crossing)
        if module.via_package is not None:
            key = (module.request, importer, module.path)
            use = self._first_party.get(key) or FirstPartyUse(
                module.via_package, module.request, module.path, importer, found.line, True
            )
            self._first_party[key] = _earlier(use, found)
            if found.kind is not ImportKind.TYPE:
                files = self._aliases.setdefault(module.request, {})
                files[dependency_of(found.kind)] = module.path
        elif module.via_paths is not None and found.kind is not ImportKind.TYPE:
            table = self._path_aliases.setdefault(module.via_paths, {})
            table[module.request] = module.path

    def _split_aliases(self) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
        common: dict[str, str] = {}
        special: dict[str, dict[str, str]] = {}
        for request, files in sorted(self._aliases.items()):
            # Dependency's own order decides which meaning is the common one: ESM when it occurs.
            usual = next(files[dependency] for dependency in Dependency if dependency in files)
            common[request] = usual
            for dependency, file in files.items():
                if file != usual:
                    special.setdefault(dependency.value, {})[request] = file
        return common, special


def _earlier(use: _Use, found: Import) -> _Use:
    """A use that counts as deferred so far, after one more import that makes it."""
    return use if found.kind.is_deferred or not use.deferred else replace(use, deferred=False)


def _timed(uses: Iterable[_Use], started: AbstractSet[str]) -> Iterator[_Use]:
    """Whoever is loaded later asks later, however it asks."""
    for use in uses:
        yield use if use.deferred or use.importer in started else replace(use, deferred=True)


def _sorted_tables(tables: Mapping[str, Mapping[str, str]]) -> Mapping[str, Mapping[str, str]]:
    return MappingProxyType(
        {key: MappingProxyType(dict(sorted(tables[key].items()))) for key in sorted(tables)}
    )

"""The module graph of a repository: every file with what its imports mean."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import AbstractSet, Iterable, Mapping

from module_federation.module_graph.closure import Closure, ClosureBuilder
from module_federation.module_graph.imports import (
    Import,
    ImportKind,
    ParsedFile,
    SyntaxProblem,
)
from module_federation.module_graph.resolution import Resolution, Unresolved
from module_federation.module_graph.resolver import Resolver


@dataclass(frozen=True)
class ResolvedImport:
    """An import and what it means. `implicit` ones are not written in the file: JSX needs them."""

    found: Import
    resolution: Resolution
    implicit: bool = False


@dataclass(frozen=True)
class ResolvedFile:
    """A file with its imports resolved, in source order; one with a hole may yield several."""

    path: str
    imports: tuple[ResolvedImport, ...] = ()
    error: SyntaxProblem | None = None


def resolve_file(
    parsed: ParsedFile, resolver: Resolver, *, jsx_runtime: str | None = None
) -> ResolvedFile:
    """Resolve the imports of one file.

    `jsx_runtime` is the request that the compiler adds to files with JSX, ``react/jsx-runtime`` in
    production and ``react/jsx-dev-runtime`` in development; None when JSX is compiled the classic
    way. A file's ``@jsxImportSource`` pragma replaces the package in it, ``@jsxRuntime classic``
    drops it. Where ``createElement`` is needed, the package itself is requested too.
    """
    resolved: list[ResolvedImport] = []
    for found in parsed.imports:
        if found.kind is not ImportKind.CONTEXT:
            resolution = resolver.resolve(parsed.path, found.specifier, found.kind)
            resolved.append(ResolvedImport(found, resolution))
            continue
        meanings = resolver.context(parsed.path, found.specifier, found.suffix)
        resolved.extend(ResolvedImport(found, meaning) for meaning in meanings)
    for request in _jsx_requests(parsed, jsx_runtime):
        implicit = Import(request, ImportKind.STATIC, line=1, column=1)
        resolution = resolver.resolve(parsed.path, request, ImportKind.STATIC)
        resolved.append(ResolvedImport(implicit, resolution, implicit=True))
    return ResolvedFile(parsed.path, tuple(resolved), parsed.error)


def _jsx_requests(parsed: ParsedFile, jsx_runtime: str | None) -> tuple[str, ...]:
    if jsx_runtime is None or not parsed.jsx or parsed.jsx_runtime == "classic":
        return ()
    default, _, runtime = jsx_runtime.rpartition("/")
    package = parsed.jsx_import_source or default
    request = f"{package}/{runtime}"
    return (request, package) if parsed.jsx_create_element else (request,)


class ModuleGraph:
    """Files and the edges between them.

    Building one costs a dictionary: keep the `ResolvedFile` of unchanged files and make a new graph
    when any changes. Files that nobody parsed (images, JSON) are leaves and need not be given.
    Graphs of equal files are equal, which lets the engine stop where an edit changed no import.
    """

    def __init__(self, files: Mapping[str, ResolvedFile]) -> None:
        self.files = MappingProxyType(dict(files))

    @classmethod
    def from_resolved(cls, files: Iterable[ResolvedFile]) -> ModuleGraph:
        """The graph of these files; of two with one path, the later one counts."""
        return cls({file.path: file for file in files})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ModuleGraph):
            return NotImplemented
        return self.files == other.files

    def __hash__(self) -> int:
        return hash(frozenset(self.files))

    def direct(self, path: str) -> tuple[ResolvedImport, ...]:
        """The imports of one file; empty for a file that was not parsed."""
        file = self.files.get(path)
        return file.imports if file else ()

    def problems(self, path: str) -> tuple[Unresolved, ...]:
        """The requests of one file that nothing answers, type-only ones left out."""
        return tuple(
            item.resolution
            for item in self.direct(path)
            if isinstance(item.resolution, Unresolved) and item.found.kind is not ImportKind.TYPE
        )

    def closure(
        self,
        entries: Iterable[str],
        *,
        remotes: AbstractSet[str] = frozenset(),
        include_types: bool = False,
        starts: AbstractSet[str] | None = None,
        left_out: AbstractSet[str] = frozenset(),
    ) -> Closure:
        """All that a container reaches from its `entries`.

        `remotes` are the container's own aliases: requests for them are uses of a remote whatever
        else they could mean, and the search never enters a remote's code. Type-only imports have no
        part in a bundle; with `include_types` they are followed too, as a type checker does.
        `starts` are the entries that run as soon as the container starts or is loaded: what only
        the others lead to is asked for later. None: all of them. `left_out` are requests for
        workspace packages, by their names, whose code is not part of the bundle.
        """
        builder = ClosureBuilder(frozenset(remotes), left_out)
        for entry in entries:
            builder.enter(entry, importer=None)
        for path in builder.pending():
            file = self.files.get(path)
            if file is None:
                continue
            if file.error is not None:
                builder.syntax_problem(path, file.error)
            for item in file.imports:
                if include_types or item.found.kind is not ImportKind.TYPE:
                    builder.add(path, item.found, item.resolution)
        return builder.finish(starts)

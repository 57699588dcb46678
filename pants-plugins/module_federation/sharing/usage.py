"""What first-party code asks for, in one container and in the federations around it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Iterable, Mapping

from module_federation.sharing.policy import ContainerKind


@dataclass(frozen=True)
class ContainerFacts:
    """One container.

    Attributes:
        name: The container's name at run time.
        kind: Host or remote.
        address: The target's address, for messages.
        project_dir: The project's folder, relative to the repository; ``""`` for the root.
    """

    name: str
    kind: ContainerKind
    address: str
    project_dir: str = ""

    def file(self, project_path: str, name: str) -> str:
        """A file in a folder of the project, relative to the repository."""
        return "/".join(part for part in (self.project_dir, project_path, name) if part)


@dataclass(frozen=True, order=True)
class UsedRequest:
    """One import of a package by a first-party file that is part of the container.

    Attributes:
        package: The package's name, e.g. ``react``.
        request: What the import says, e.g. ``react/jsx-runtime``.
        importer_file: Relative to the repository.
        line: From 1.
        importer_package_dir: The workspace package of the file, relative to the project.
        workspace_dir: For a first-party package its folder, relative to the project; None for one
            that is installed.
        deferred: The request is made only after the container has started (a host) or one of its
            modules has been loaded (a remote): behind an ``import()``.
    """

    package: str
    request: str
    importer_file: str
    line: int
    importer_package_dir: str
    workspace_dir: str | None = None
    deferred: bool = False


@dataclass(frozen=True, order=True)
class Crossing:
    """An import, by a path, of a file of another first-party package.

    Attributes:
        package: The package that the file belongs to.
        request: What the import says, e.g. ``../../libs/store/src/cart``.
        file: The file that is imported, relative to the repository.
        importer_file: Relative to the repository.
        line: From 1.
        package_dir: The package's folder, relative to the project.
    """

    package: str
    request: str
    file: str
    importer_file: str
    line: int
    package_dir: str


@dataclass(frozen=True)
class Usage:
    """All requests of one container, and its imports across packages by path, in any order."""

    requests: tuple[UsedRequest, ...]
    crossings: tuple[Crossing, ...] = ()

    def at_start(self) -> Usage:
        """Those of the requests that are not deferred."""
        requests = tuple(each for each in self.requests if not each.deferred)
        return Usage(requests, self.crossings)

    def by_package(self) -> dict[str, tuple[UsedRequest, ...]]:
        """Package → its requests; both sorted, so that no result depends on the order given."""
        grouped: dict[str, list[UsedRequest]] = {}
        for each in sorted(set(self.requests), key=_order):
            grouped.setdefault(each.package, []).append(each)
        return {package: tuple(grouped[package]) for package in sorted(grouped)}


def _order(request: UsedRequest) -> tuple[str, int, str, str, str, bool]:
    return (
        request.importer_file,
        request.line,
        request.request,
        request.importer_package_dir,
        request.workspace_dir or "",
        request.deferred,
    )


@dataclass(frozen=True)
class ContainerUse:
    """The packages, of both kinds, that one container's first-party code imports."""

    name: str
    packages: frozenset[str]


@dataclass(frozen=True)
class PageUse:
    """Who meets in one page, a host's, and who imports what there.

    Attributes:
        containers: Names of the host and of all that it can load.
        importers: Package → names of the containers whose first-party code imports it, sorted.
    """

    containers: frozenset[str]
    importers: Mapping[str, tuple[str, ...]] = field(hash=False)

    @classmethod
    def of(cls, uses: Iterable[ContainerUse]) -> PageUse:
        """Gathered once for a page, so that each container need not look at all others."""
        uses = sorted(uses, key=lambda use: use.name)
        importers: dict[str, list[str]] = {}
        for use in uses:
            for package in use.packages:
                importers.setdefault(package, []).append(use.name)
        return cls(
            frozenset(use.name for use in uses),
            {package: tuple(names) for package, names in sorted(importers.items())},
        )


@dataclass(frozen=True)
class FederationUse:
    """The pages that a container can be part of."""

    pages: tuple[PageUse, ...]

    def others_using(self, container: str, package: str) -> tuple[str, ...]:
        """Other containers that share a page with ``container`` and import ``package``, sorted."""
        pages = [page for page in self.pages if container in page.containers]
        if len(pages) == 1:
            names: Iterable[str] = pages[0].importers.get(package, ())
        else:
            names = sorted({name for page in pages for name in page.importers.get(package, ())})
        return tuple(name for name in names if name != container)

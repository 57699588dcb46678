"""Installed packages, each as a tree of its own.

A sandbox gets its packages as one immutable input each. Pants lays an immutable input out once,
however many sandboxes link to it: so containers that can reach different packages still have the
files of those that they have in common on disk only once.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import AbstractSet, Iterable, Union

from pants.engine.engine_aware import EngineAwareParameter
from pants.engine.fs import CreateDigest, Digest, DigestEntries, FileEntry, SymlinkEntry
from pants.engine.rules import Get, Rule, collect_rules, rule
from pants.util.frozendict import FrozenDict
from pants.util.logging import LogLevel

from module_federation.engine import concurrently, create_digest, get_entries
from module_federation.util_rules.projects import InstalledProject, NodeProject, installed_project

# Links to programs, which lead to packages that a container may not reach.
_PROGRAMS = "node_modules/.bin/"


@dataclass(frozen=True)
class PackageFiles:
    """The files of every installed package of a project.

    :param by_package: path in the project's install index → files and links, with paths relative to
        the package; those of packages inside it are left out.
    """

    by_package: FrozenDict[str, tuple[Union[FileEntry, SymlinkEntry], ...]]


@dataclass(frozen=True)
class PackageTreeRequest(EngineAwareParameter):
    """One installed package, with some of those inside it.

    :param packages: the package's path in the project's install index, and of the others.
    """

    project: NodeProject
    path: str
    packages: tuple[str, ...]

    def debug_hint(self) -> str:
        return self.path


@dataclass(frozen=True)
class PackageTree:
    """A package's content, at the root."""

    digest: Digest


@dataclass(frozen=True)
class PackageTreesRequest:
    """Some of a project's packages; see `ReachablePackages.nests`."""

    project: NodeProject
    nests: FrozenDict[str, tuple[str, ...]]


@dataclass(frozen=True)
class PackageTrees:
    """
    :param by_place: folder of a package, relative to the build root → its content.
    """

    by_place: FrozenDict[str, Digest]


def package_files(project: NodeProject) -> Get:
    """A project → `PackageFiles`."""
    return Get(PackageFiles, NodeProject, project)


def package_trees(request: PackageTreesRequest) -> Get:
    """Which packages → `PackageTrees`."""
    return Get(PackageTrees, PackageTreesRequest, request)


def _package_tree(request: PackageTreeRequest) -> Get:
    return Get(PackageTree, PackageTreeRequest, request)


# Pants' own way to take a part out of a tree walks the whole of it each time (2.17.1, `subset` in
# `store/src/snapshot_ops.rs`).
@rule(desc="List the files of installed packages", level=LogLevel.DEBUG)
async def list_package_files(project: NodeProject) -> PackageFiles:
    """Deals an installation's files to its packages, without reading one."""
    installed: InstalledProject = await installed_project(project)
    entries: DigestEntries = await get_entries(installed.node_modules)
    owners: dict[str, str | None] = {}
    files: dict[str, list[FileEntry | SymlinkEntry]] = {}
    for entry in entries:
        if not isinstance(entry, (FileEntry, SymlinkEntry)):
            continue
        folder = os.path.dirname(entry.path)
        if folder not in owners:
            owners[folder] = _owner(folder, installed.index.copies.keys())
        owner = owners[folder]
        if owner is None:
            continue
        path = entry.path[len(owner) + 1 :]
        if not path.startswith(_PROGRAMS):
            files.setdefault(owner, []).append(_at(path, entry))
    return PackageFiles(
        FrozenDict(
            (owner, tuple(sorted(files[owner], key=lambda each: each.path)))
            for owner in sorted(files)
        )
    )


def _owner(folder: str, packages: AbstractSet[str]) -> str | None:
    """The innermost package that a folder is or is in."""
    while folder:
        if folder in packages:
            return folder
        folder = os.path.dirname(folder)
    return None


def _at(path: str, entry: FileEntry | SymlinkEntry) -> FileEntry | SymlinkEntry:
    if isinstance(entry, SymlinkEntry):
        return SymlinkEntry(path, entry.target)
    return FileEntry(path, entry.file_digest, entry.is_executable)


@rule(desc="Put an installed package together", level=LogLevel.DEBUG)
async def build_package_tree(request: PackageTreeRequest) -> PackageTree:
    """Puts a package's files together with those of packages inside it."""
    files: PackageFiles = await package_files(request.project)
    content = [
        _at(os.path.join(package[len(request.path) + 1 :], entry.path), entry)
        for package in request.packages
        for entry in files.by_package.get(package, ())
    ]
    return PackageTree(await create_digest(CreateDigest(content)))


@rule(desc="Cut out installed packages", level=LogLevel.DEBUG)
async def cut_out_packages(request: PackageTreesRequest) -> PackageTrees:
    """Takes the wanted packages out of an installation."""
    trees: tuple[PackageTree, ...] = await concurrently(
        _package_tree(PackageTreeRequest(request.project, path, packages))
        for path, packages in request.nests.items()
    )
    places = (os.path.join(request.project.root, path) for path in request.nests)
    return PackageTrees(FrozenDict(zip(places, (tree.digest for tree in trees))))


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

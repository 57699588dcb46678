"""Node.js projects: one lockfile, one or many workspace packages."""

from __future__ import annotations

import fnmatch
import json
import os
from dataclasses import dataclass
from typing import Iterable

from pants.engine.fs import (
    Digest,
    DigestContents,
    PathGlobs,
    Paths,
    RemovePrefix,
)
from pants.engine.rules import Get, Rule, collect_rules, rule
from pants.util.logging import LogLevel

from module_federation.engine import (
    get_contents,
    literally,
    matching_digest,
    matching_paths,
    remove_prefix,
)
from module_federation.errors import ModuleFederationError
from module_federation.module_graph.package_json import PackageManifest
from module_federation.sharing.install_index import InstallIndex
from module_federation.util_rules.installation import (
    Installation,
    InstallRequest,
    index_bytes,
    install,
)
from module_federation.util_rules.packages import WorkspacePackages

LOCKFILE = "package-lock.json"
#: Lockfiles of package managers that are not supported, for a message that says so.
_FOREIGN_LOCKFILES = {"pnpm-lock.yaml": "pnpm", "yarn.lock": "Yarn", "bun.lock": "Bun"}


@dataclass(frozen=True)
class ProjectRequest:
    """The project that a first-party package belongs to.

    :param package_directory: the package's folder, relative to the build root.
    """

    package_directory: str


@dataclass(frozen=True)
class NodeProject:
    """
    :param root: folder of the lockfile, relative to the build root; `""` is the build root.
    :param members: folders of the workspace packages, relative to the build root, sorted; the root
        itself is one of them.
    """

    root: str
    members: tuple[str, ...]

    def relative(self, path: str) -> str:
        """A path of the repository as seen from the project's folder; `""` is that folder."""
        relative = os.path.relpath(path or ".", self.root or ".")
        return "" if relative == "." else relative

    @property
    def label(self) -> str:
        """The project as messages name it."""
        return self.root or "."


@dataclass(frozen=True)
class InstalledProject:
    """A project with its packages installed.

    :param node_modules: every `node_modules` folder at its place below the project's root.
    """

    project: NodeProject
    node_modules: Digest
    index: InstallIndex


def project_of(request: ProjectRequest) -> Get:
    """The project of a package → `NodeProject`."""
    return Get(NodeProject, ProjectRequest, request)


def installed_project(project: NodeProject) -> Get:
    """A project's packages → `InstalledProject`."""
    return Get(InstalledProject, NodeProject, project)


async def _manifest_at(root: str, packages: WorkspacePackages) -> PackageManifest | None:
    """The `package.json` in a folder, whether a target owns it or not: npm does not ask for one."""
    if root in packages.by_directory:
        return packages.by_directory[root]
    contents: DigestContents = await get_contents(
        await matching_digest(PathGlobs(literally([os.path.join(root, "package.json")])))
    )
    return next((PackageManifest.parse(file.path, file.content) for file in contents), None)


def _workspace_patterns(manifest: PackageManifest | None) -> tuple[str, ...]:
    if manifest is None:
        return ()
    for position, pattern in enumerate(manifest.workspaces):
        if os.path.isabs(pattern) or os.path.normpath(pattern).startswith(".."):
            raise ModuleFederationError(
                f"`workspaces` has {pattern!r}, which is not below this file's folder.",
                file=manifest.path,
                line=manifest.line_of("workspaces", position)
                or manifest.line_of("workspaces", "packages", position),
                remedy="name folders below it, such as `libs/*`.",
            )
    return manifest.workspaces


def _manifest_glob(root: str, pattern: str) -> str:
    """A pattern of `workspaces`, which a `!` before it takes away, as a glob for manifests."""
    excluded = pattern.startswith("!")
    glob = os.path.normpath(os.path.join(root, pattern.lstrip("!"), "package.json"))
    return f"!{glob}" if excluded else glob


async def _project_at(root: str, packages: WorkspacePackages) -> NodeProject:
    patterns = _workspace_patterns(await _manifest_at(root, packages))
    found: Paths = await matching_paths(
        PathGlobs(
            [
                *(_manifest_glob(root, pattern) for pattern in patterns),
                f"!{os.path.join(root, '**/node_modules/**')}",
            ]
        )
    )
    members = {root, *(os.path.dirname(file) for file in found.files)}
    return NodeProject(root, tuple(sorted(members)))


@rule(desc="Find a package's project", level=LogLevel.DEBUG)
async def find_project(request: ProjectRequest, packages: WorkspacePackages) -> NodeProject:
    """Finds the nearest lockfile above a package."""
    folders = list(_self_and_parents(request.package_directory))
    names = (LOCKFILE, *_FOREIGN_LOCKFILES)
    found: Paths = await matching_paths(
        PathGlobs(literally(os.path.join(folder, name) for folder in folders for name in names))
    )
    for folder in folders:
        if os.path.join(folder, LOCKFILE) in found.files:
            return await _project_at(folder, packages)
        for name, manager in _FOREIGN_LOCKFILES.items():
            file = os.path.join(folder, name)
            if file in found.files:
                raise ModuleFederationError(
                    f"This is a lockfile of {manager}, but only npm's `{LOCKFILE}` can be "
                    "installed from.",
                    file=file,
                    remedy=f"run `npm install --package-lock-only` in `{folder or '.'}` and commit "
                    f"`{LOCKFILE}`.",
                )
    root = _workspace_root(request.package_directory, packages)
    raise ModuleFederationError(
        f"No `{LOCKFILE}` stands beside this package or in a folder above it, so the versions of "
        "what it depends on are not known.",
        file=os.path.join(request.package_directory, "package.json"),
        remedy=f"run `npm install --package-lock-only` in `{root or '.'}` and commit "
        f"`{os.path.join(root, LOCKFILE)}`.",
    )


@rule(desc="Install a project's packages", level=LogLevel.DEBUG)
async def install_node_project(project: NodeProject) -> InstalledProject:
    """Installs a project, given nothing but what its versions depend on."""
    files = [
        os.path.join(project.root, LOCKFILE),
        os.path.join(project.root, ".npmrc"),
        *(os.path.join(member, "package.json") for member in project.members),
    ]
    digest = await matching_digest(PathGlobs(literally(files)))
    contents: DigestContents = await get_contents(digest)
    _check_lockfile(project, {file.path: file.content for file in contents})
    installation: Installation = await install(
        InstallRequest(
            await remove_prefix(RemovePrefix(digest, project.root)),
            origin=project.label,
            member_directories=tuple(
                project.relative(member) for member in project.members if member != project.root
            ),
        )
    )
    return InstalledProject(
        project,
        installation.node_modules,
        InstallIndex.parse(await index_bytes(installation)),
    )


def _check_lockfile(project: NodeProject, files: dict[str, bytes]) -> None:
    """npm's own words for a broken lockfile name neither the file nor the line."""
    file = os.path.join(project.root, LOCKFILE)
    remedy = (
        f"restore it from version control, or make it anew: delete it and run "
        f"`npm install --package-lock-only` in `{project.label}`."
    )
    try:
        lock = json.loads(files[file])
    except json.JSONDecodeError as error:
        raise ModuleFederationError(
            f"The lockfile is not readable as JSON: {error.msg} (column {error.colno}).",
            file=file,
            line=error.lineno,
            remedy=remedy,
        ) from error
    except UnicodeDecodeError as error:
        raise ModuleFederationError(
            "The lockfile is not readable: it is not UTF-8.", file=file, remedy=remedy
        ) from error
    version = lock.get("lockfileVersion") if isinstance(lock, dict) else None
    if version not in (2, 3):
        raise ModuleFederationError(
            f"The lockfile's `lockfileVersion` is {version!r}, but 2 or 3 is needed.",
            file=file,
            remedy=f"run `npm install --package-lock-only` in `{project.label}`, with npm 7 or "
            "newer.",
        )


def _self_and_parents(directory: str) -> Iterable[str]:
    while directory:
        yield directory
        directory = os.path.dirname(directory)
    yield ""


def _workspace_root(directory: str, packages: WorkspacePackages) -> str:
    """The folder whose `package.json` lists the package among its workspaces, else its own."""
    for folder in _self_and_parents(os.path.dirname(directory) if directory else ""):
        manifest = packages.by_directory.get(folder)
        if manifest is None:
            continue
        relative = os.path.relpath(directory, folder or ".")
        if any(fnmatch.fnmatch(relative, pattern.rstrip("/")) for pattern in manifest.workspaces):
            return folder
    return directory


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

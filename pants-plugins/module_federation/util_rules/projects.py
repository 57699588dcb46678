"""Node.js projects: one lockfile, one or many workspace packages."""

from __future__ import annotations

import fnmatch
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Collection, Iterable, Iterator

from pants.engine.fs import (
    Digest,
    DigestContents,
    PathGlobs,
    Paths,
    RemovePrefix,
)
from pants.engine.rules import Get, Rule, collect_rules, rule
from pants.util.frozendict import FrozenDict
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
from module_federation.module_graph.paths import is_within, relative_to
from module_federation.package_managers.choice import LOCKFILES, choose, pinned_manager
from module_federation.package_managers.lockfiles import check_lockfile
from module_federation.package_managers.model import (
    NPM,
    ManagerKind,
    PackageManager,
    ProjectFileError,
)
from module_federation.package_managers.settings import (
    PNPM_WORKSPACE,
    SETTINGS_FILES,
    WorkspaceSettings,
    named_files,
    read_settings,
)
from module_federation.package_managers.workspaces import leaves_project, manifest_globs
from module_federation.sharing.install_index import InstallIndex
from module_federation.util_rules.installation import (
    Installation,
    InstallRequest,
    index_bytes,
    install,
)
from module_federation.util_rules.packages import WorkspacePackages


@dataclass(frozen=True)
class ProjectRequest:
    """The project that a first-party package belongs to.

    :param package_directory: the package's folder, relative to the build root.
    """

    package_directory: str


@dataclass(frozen=True)
class ProjectRoot:
    """A folder with a lockfile, relative to the build root."""

    folder: str

    @property
    def label(self) -> str:
        """The folder as messages name it."""
        return self.folder or "."


@dataclass(frozen=True)
class NodeProject:
    """
    :param root: folder of the lockfile, relative to the build root; `""` is the build root.
    :param members: folders of the workspace packages, relative to the build root, sorted; the root
        itself is one of them.
    :param manager: the package manager that installs it.
    """

    root: str
    members: tuple[str, ...]
    manager: PackageManager = NPM

    def relative(self, path: str) -> str:
        """A path of the repository as seen from the project's folder; `""` is that folder."""
        # By far the most paths, and `relpath` asks the system for the current folder each time.
        if is_within(path, self.root):
            return relative_to(path, self.root)
        return os.path.relpath(path or ".", self.root or ".")

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


def project_at(root: ProjectRoot) -> Get:
    """The project whose lockfile lies in a folder → `NodeProject`."""
    return Get(NodeProject, ProjectRoot, root)


def install_request(project: NodeProject) -> Get:
    """What a project is installed from → `InstallRequest`."""
    return Get(InstallRequest, NodeProject, project)


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


@contextmanager
def _plain_words() -> Iterator[None]:
    """Puts an error about a project's files into the form of all errors."""
    try:
        yield
    except ProjectFileError as error:
        raise ModuleFederationError(
            error.problem, remedy=error.remedy, file=error.file, line=error.line
        ) from error


def _workspace_patterns(
    kind: ManagerKind, manifest: PackageManifest | None, settings: WorkspaceSettings, root: str
) -> tuple[str, ...]:
    """The patterns that list the workspace packages, none of which may leave the project."""
    if kind is ManagerKind.PNPM:
        patterns, field = settings.packages or (), "packages"
    else:
        patterns, field = manifest.workspaces if manifest else (), "workspaces"
    for position, pattern in enumerate(patterns):
        if not leaves_project(pattern):
            continue
        line = settings.packages_line
        if kind is not ManagerKind.PNPM and manifest is not None:
            line = manifest.line_of(field, position) or manifest.line_of(
                field, "packages", position
            )
        name = PNPM_WORKSPACE if kind is ManagerKind.PNPM else "package.json"
        raise ModuleFederationError(
            f"`{field}` has {pattern!r}, which is not below this file's folder.",
            file=os.path.join(root, name),
            line=line,
            remedy="name folders below it, such as `libs/*`.",
        )
    return patterns


async def _files_at(root: str, names: Iterable[str]) -> dict[str, bytes]:
    """Name → content of files in a folder, where they exist."""
    contents: DigestContents = await get_contents(
        await matching_digest(PathGlobs(literally(os.path.join(root, name) for name in names)))
    )
    return {os.path.basename(file.path): file.content for file in contents}


@rule(desc="Find a package's project", level=LogLevel.DEBUG)
async def find_project(request: ProjectRequest, packages: WorkspacePackages) -> NodeProject:
    """Finds the nearest lockfile above a package."""
    folders = list(_self_and_parents(request.package_directory))
    found: Paths = await matching_paths(
        PathGlobs(literally(os.path.join(folder, name) for folder in folders for name in LOCKFILES))
    )
    roots = {os.path.dirname(file) for file in found.files}
    for folder in folders:
        if folder in roots:
            project: NodeProject = await project_at(ProjectRoot(folder))
            return project
    root = _workspace_root(request.package_directory, packages)
    manifest = await _manifest_at(root, packages)
    with _plain_words():
        manager = (pinned_manager(manifest) if manifest else None) or NPM
    *most, last = [f"`{name}`" for name in dict.fromkeys(kind.lockfile for kind in ManagerKind)]
    raise ModuleFederationError(
        f"No lockfile ({', '.join(most)} or {last}) stands beside this package or in a folder "
        "above it, so the versions of what it depends on are not known.",
        file=os.path.join(request.package_directory, "package.json"),
        remedy=f"run `{manager.kind.relock}` in `{root or '.'}` and commit "
        f"`{os.path.join(root, manager.kind.lockfile)}`.",
    )


@rule(desc="Read a project's workspace", level=LogLevel.DEBUG)
async def read_project(root: ProjectRoot, packages: WorkspacePackages) -> NodeProject:
    """Finds out which package manager installs a project, and what belongs to it."""
    settings_files = {name for names in SETTINGS_FILES.values() for name in names}
    files = await _files_at(root.folder, sorted({*LOCKFILES, *settings_files}))
    lockfiles = {name: files[name] for name in LOCKFILES if name in files}
    manifest = await _manifest_at(root.folder, packages)
    with _plain_words():
        manager = choose(lockfiles, manifest, root.label)
        settings = read_settings(manager.kind, files, root.label)
        if settings.release is not None:
            manager = choose(lockfiles, manifest, root.label, settings.release)
    patterns = _workspace_patterns(manager.kind, manifest, settings, root.folder)
    found: Paths = await matching_paths(PathGlobs(manifest_globs(root.folder, patterns)))
    members = {root.folder, *(os.path.dirname(file) for file in found.files)}
    return NodeProject(root.folder, tuple(sorted(members)), manager)


async def _check_named_files(project: NodeProject, named: Collection[str]) -> None:
    """Says which file an installation lacks, which the package manager would call not found."""
    found: Paths = await matching_paths(PathGlobs(literally(sorted(named))))
    missing = sorted({*named} - {*found.files})
    if not missing:
        return
    hidden = next((part for part in missing[0].split("/") if part.startswith(".")), None)
    remedy = "restore it, or take it out of them."
    if hidden is not None:
        remedy = (
            f'if it is there, let Pants see it: `pants_ignore.add = ["!{hidden}/"]` below '
            "`[GLOBAL]` in `pants.toml`, because Pants leaves out folders that begin with a dot. "
            f"If not, {remedy}"
        )
    raise ModuleFederationError(
        "This file is not found, but the project's `package.json` files or the settings of "
        f"{project.manager.kind.label} name it.",
        file=missing[0],
        remedy=remedy,
    )


@rule(desc="Gather what a project is installed from", level=LogLevel.DEBUG)
async def gather_install_inputs(
    project: NodeProject, packages: WorkspacePackages
) -> InstallRequest:
    """Takes what the versions of a project's packages depend on, and nothing else."""
    kind = project.manager.kind
    files = await _files_at(project.root, [kind.lockfile, *SETTINGS_FILES[kind]])
    manifests = [await _manifest_at(member, packages) for member in project.members]
    with _plain_words():
        check_lockfile(
            project.manager,
            os.path.join(project.root, kind.lockfile),
            files.get(kind.lockfile, b""),
            project.label,
        )
        settings = read_settings(kind, files, project.label)
    release = project.manager.release
    named = {
        os.path.normpath(os.path.join(project.root, name))
        for name in (
            *named_files([manifest for manifest in manifests if manifest], project.root),
            *settings.files,
            *([release] if release else []),
        )
    }
    await _check_named_files(project, named)
    exact = [
        *(os.path.join(project.root, name) for name in files),
        *(os.path.join(member, "package.json") for member in project.members),
        *sorted(named),
    ]
    digest = await matching_digest(PathGlobs(literally(exact)))
    return InstallRequest(
        await remove_prefix(RemovePrefix(digest, project.root)),
        origin=project.label,
        member_directories=tuple(
            project.relative(member) for member in project.members if member != project.root
        ),
        manager=project.manager,
        catalogs=FrozenDict(
            {name: FrozenDict(entries) for name, entries in settings.catalogs.items()}
        ),
        names_registry=settings.names_registry,
    )


@rule(desc="Install a project's packages", level=LogLevel.DEBUG)
async def install_node_project(project: NodeProject) -> InstalledProject:
    """Installs a project and reads its index."""
    request: InstallRequest = await install_request(project)
    installation: Installation = await install(request)
    return InstalledProject(
        project,
        installation.node_modules,
        InstallIndex.parse(await index_bytes(installation)),
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

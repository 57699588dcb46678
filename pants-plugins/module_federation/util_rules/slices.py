"""What a container shares, and the installed packages that it can reach."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass
from typing import Iterable

from pants.engine.addresses import Address
from pants.engine.engine_aware import EngineAwareParameter
from pants.engine.fs import AddPrefix, Digest, DigestSubset, PathGlobs
from pants.engine.rules import Get, Rule, collect_rules, rule
from pants.util.frozendict import FrozenDict
from pants.util.logging import LogLevel

from module_federation.engine import add_prefix, concurrently, digest_subset
from module_federation.errors import ModuleFederationError
from module_federation.module_graph.closure import Closure
from module_federation.sharing import policy as sharing_policy
from module_federation.sharing.declared_ranges import ManifestLines
from module_federation.sharing.findings import Severity
from module_federation.sharing.install_index import InstallIndex
from module_federation.sharing.legal_manifest import legal_manifest
from module_federation.sharing.reachability import ReachablePackages
from module_federation.sharing.share_slice import ShareSlice
from module_federation.sharing.slice import compute_slice, reachable_packages
from module_federation.sharing.usage import (
    ContainerFacts,
    ContainerUse,
    FederationUse,
    Usage,
    UsedRequest,
)
from module_federation.util_rules.closures import (
    ContainerClosure,
    check_imports,
    container_closure,
)
from module_federation.util_rules.containers import (
    ContainerKind,
    FederatedContainer,
    FederatedContainers,
)
from module_federation.util_rules.federations import federations_of
from module_federation.util_rules.packages import WorkspacePackages
from module_federation.util_rules.policies import RepositoryPolicy
from module_federation.util_rules.projects import (
    InstalledProject,
    NodeProject,
    ProjectRequest,
    installed_project,
    project_of,
)

logger = logging.getLogger(__name__)

_KINDS = {
    ContainerKind.HOST: sharing_policy.ContainerKind.HOST,
    ContainerKind.REMOTE: sharing_policy.ContainerKind.REMOTE,
}


@dataclass(frozen=True)
class ContainerSliceRequest(EngineAwareParameter):
    """The share slice of one `federated_host` or `federated_remote`."""

    address: Address

    def debug_hint(self) -> str:
        return self.address.spec


@dataclass(frozen=True)
class ContainerSlice:
    """
    :param slice: what the container shares.
    :param node_modules: the installed packages that it can reach and no others, at their places in
        the repository.
    :param node_modules_folders: the `node_modules` folders in that tree that lie in first-party
        packages, relative to the build root.
    :param legal_manifests: `package.json` of each first-party package in the bundle, relative to
        the build root → the part of it that a bundler reads, with ranges the runtime understands.
    """

    slice: ShareSlice
    node_modules: Digest
    node_modules_folders: tuple[str, ...]
    legal_manifests: FrozenDict[str, bytes]


def container_slice(address: Address) -> Get:
    """A container's address → `ContainerSlice`."""
    return Get(ContainerSlice, ContainerSliceRequest(address))


@rule(desc="Compute what a container shares", level=LogLevel.DEBUG)
async def compute_container_slice(
    request: ContainerSliceRequest,
    containers: FederatedContainers,
    packages: WorkspacePackages,
    policy: RepositoryPolicy,
) -> ContainerSlice:
    """The graph, the install index and the policy together, for one container."""
    container = containers.by_address[request.address]
    project: NodeProject = await project_of(ProjectRequest(container.package_directory))
    federations = federations_of(request.address, containers)
    members = sorted({member for federation in federations for member in federation})
    installed: InstalledProject
    installed, own, *others = await concurrently(
        installed_project(project),
        container_closure(request.address),
        *(container_closure(member) for member in members),
    )
    closures = dict(zip(members, others))
    check_imports(container, containers, own.closure)
    _check_project(container, own.closure, project, packages)
    _check_workspace_targets(container, own.closure, installed, packages)

    usage = _usage(own.closure, project, packages)
    computed = compute_slice(
        ContainerFacts(
            name=container.name,
            kind=_KINDS[container.kind],
            address=container.address.spec,
            project_dir=project.root,
        ),
        usage,
        installed.index,
        policy.for_container(container),
        FederationUse(
            tuple(
                tuple(
                    _container_use(containers.by_address[member], closures[member])
                    for member in federation
                )
                for federation in federations
            )
        ),
        manifest_lines=_manifest_lines(project, packages),
    )
    _report(container, computed)
    reachable = reachable_packages(usage, installed.index)
    subset = await digest_subset(DigestSubset(installed.node_modules, PathGlobs(reachable.globs())))
    return ContainerSlice(
        computed,
        await add_prefix(AddPrefix(subset, project.root)),
        _folders(reachable, project),
        FrozenDict(_legal_manifests(own.closure, usage, installed.index, project, packages)),
    )


def _usage(closure: Closure, project: NodeProject, packages: WorkspacePackages) -> Usage:
    """Every package that the container's own code asks for, third-party and first-party."""
    directories = {
        package.name: project.relative(package.directory)
        for package in packages.by_directory.values()
    }

    def importer_directory(file: str) -> str:
        owner = packages.owner(file)
        return project.relative(owner.directory) if owner is not None else ""

    return Usage(
        (
            *(
                UsedRequest(
                    package=use.name,
                    request=use.request,
                    importer_file=use.importer,
                    line=use.line,
                    importer_package_dir=importer_directory(use.importer),
                )
                for use in closure.packages
            ),
            *(
                UsedRequest(
                    package=use.package,
                    request=use.request,
                    importer_file=use.importer,
                    line=use.line,
                    importer_package_dir=importer_directory(use.importer),
                    workspace_dir=directories[use.package],
                )
                for use in closure.first_party_requests
            ),
        )
    )


def _container_use(container: FederatedContainer, reached: ContainerClosure) -> ContainerUse:
    closure = reached.closure
    return ContainerUse(
        container.name,
        frozenset(
            (
                *(use.name for use in closure.packages),
                *(use.package for use in closure.first_party_requests),
            )
        ),
    )


def _folders(reachable: ReachablePackages, project: NodeProject) -> tuple[str, ...]:
    """The outermost `node_modules` folder of every copy."""
    folders = {
        copy.path[: copy.path.index("node_modules") + len("node_modules")]
        for copy in reachable.copies
        if not copy.is_workspace
    }
    return tuple(sorted(os.path.join(project.root, folder) for folder in folders))


def _legal_manifests(
    closure: Closure,
    usage: Usage,
    index: InstallIndex,
    project: NodeProject,
    packages: WorkspacePackages,
) -> dict[str, bytes]:
    imported = frozenset(request.package for request in usage.requests)
    owners = {
        owner.directory: owner
        for file in closure.files
        for owner in [packages.owner(file)]
        # A manifest that is imported is a source file and comes along as it is.
        if owner is not None and owner.path not in closure.files
    }
    return {
        owner.path: json.dumps(
            legal_manifest(
                json.loads(owner.content), index, project.relative(directory), names=imported
            ),
            indent=2,
        ).encode()
        for directory, owner in sorted(owners.items())
    }


def _manifest_lines(project: NodeProject, packages: WorkspacePackages) -> ManifestLines:
    def line(package_directory: str, section: str, name: str) -> int | None:
        directory = os.path.normpath(os.path.join(project.root, package_directory))
        package = packages.by_directory.get("" if directory == "." else directory)
        return None if package is None else package.line_of(section, name)

    return line


def _check_project(
    container: FederatedContainer,
    closure: Closure,
    project: NodeProject,
    packages: WorkspacePackages,
) -> None:
    """One container, one lockfile: packages of two would bring two sets of versions along."""
    members = set(project.members)
    for file in closure.files:
        owner = packages.owner(file)
        if owner is None or owner.directory in members:
            continue
        chain = " → ".join(closure.chain_to(file))
        raise ModuleFederationError(
            f"{container.label} reaches a package that is not one of the workspaces of "
            f"`{project.label}`, whose lockfile it is installed from: {chain}",
            target=container.address,
            file=owner.path,
            remedy=f"add `{project.relative(owner.directory)}` to `workspaces` in "
            f"`{os.path.join(project.root, 'package.json')}` and bring the lockfile up to date.",
        )


def _check_workspace_targets(
    container: FederatedContainer,
    closure: Closure,
    installed: InstalledProject,
    packages: WorkspacePackages,
) -> None:
    """npm links every workspace package; Pants only knows those that have targets."""
    project = installed.project
    for use in closure.packages:
        owner = packages.owner(use.importer)
        directory = project.relative(owner.directory) if owner is not None else ""
        copy = installed.index.resolve(directory, use.name)
        if copy is None or not copy.is_workspace:
            continue
        folder = os.path.join(project.root, copy.path)
        raise ModuleFederationError(
            f"`{use.request}` leads to the workspace package in `{folder}`, which has no targets, "
            "so its files are not known.",
            target=container.address,
            file=use.importer,
            line=use.line,
            remedy=f'write `package_json(name="package")` and `web_sources()` into '
            f"`{os.path.join(folder, 'BUILD')}`.",
        )


def _report(container: FederatedContainer, computed: ShareSlice) -> None:
    errors = [str(finding) for finding in computed.findings if finding.severity is Severity.ERROR]
    if errors:
        raise ModuleFederationError(
            f"What {container.label} shares can't work:\n\n" + "\n".join(errors),
            target=container.address,
            remedy="see each finding above.",
        )
    warnings = [
        str(finding) for finding in computed.findings if finding.severity is Severity.WARNING
    ]
    for finding in computed.findings:
        if finding.severity is Severity.INFO:
            logger.debug(f"Sharing in {container.address}: {finding}")
    if warnings:
        logger.warning(f"Sharing in {container.address}:\n" + "\n".join(warnings))


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

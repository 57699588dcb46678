"""What a container shares, and the installed packages that it can reach."""

from __future__ import annotations

import json
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
from module_federation.module_graph.closure import Closure
from module_federation.sharing import policy as sharing_policy
from module_federation.sharing.declared_ranges import ManifestLines
from module_federation.sharing.install_index import InstallIndex
from module_federation.sharing.legal_manifest import legal_manifest
from module_federation.sharing.reachability import ReachablePackages
from module_federation.sharing.share_slice import ShareSlice
from module_federation.sharing.slice import compute_slice, reachable_packages
from module_federation.sharing.usage import ContainerFacts, FederationUse, Usage
from module_federation.util_rules.checks import (
    check_imports,
    check_project,
    check_workspace_targets,
    report_findings,
    warn_of_package_cycles,
)
from module_federation.util_rules.closures import container_closure
from module_federation.util_rules.containers import (
    ContainerKind,
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
from module_federation.util_rules.usages import container_use, usage_of

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
    check_project(container, own.closure, project, packages)
    check_workspace_targets(container, own.closure, installed, packages)
    warn_of_package_cycles(container, own.closure, packages)

    usage = usage_of(own.closure, project, packages)
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
                    container_use(containers.by_address[member], closures[member].closure)
                    for member in federation
                )
                for federation in federations
            )
        ),
        manifest_lines=_manifest_lines(project, packages),
    )
    report_findings(container, computed)
    reachable = reachable_packages(usage, installed.index)
    subset = await digest_subset(DigestSubset(installed.node_modules, PathGlobs(reachable.globs())))
    return ContainerSlice(
        computed,
        await add_prefix(AddPrefix(subset, project.root)),
        _folders(reachable, project),
        FrozenDict(_legal_manifests(own.closure, usage, installed.index, project, packages)),
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


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

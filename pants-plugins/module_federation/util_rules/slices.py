"""What a container shares, and the installed packages that it can reach."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from typing import Iterable

from pants.engine.addresses import Address
from pants.engine.engine_aware import EngineAwareParameter
from pants.engine.fs import Digest, Snapshot
from pants.engine.rules import Get, Rule, collect_rules, rule
from pants.util.frozendict import FrozenDict
from pants.util.logging import LogLevel

from module_federation.engine import concurrently, digest_subset, snapshot
from module_federation.module_graph.closure import Closure
from module_federation.module_graph.graph import ModuleGraph
from module_federation.sharing import policy as sharing_policy
from module_federation.sharing.declared_ranges import ManifestLines
from module_federation.sharing.eager_code import with_initial_keys
from module_federation.sharing.findings import Finding
from module_federation.sharing.install_index import InstallIndex
from module_federation.sharing.legal_manifest import DEPENDENCY_SECTIONS, legal_manifest
from module_federation.sharing.reachability import ReachablePackages
from module_federation.sharing.runtime_shared import (
    Listing,
    RuntimeHost,
    compute_runtime_slice,
    listing,
    with_listed,
)
from module_federation.sharing.share_slice import ShareSlice
from module_federation.sharing.slice import compute_slice, reachable_packages
from module_federation.sharing.usage import ContainerFacts, Usage
from module_federation.util_rules.checks import (
    import_findings,
    outside_packages,
    unknown_remotes,
    untargeted_packages,
    warn_of_package_cycles,
)
from module_federation.util_rules.closures import ContainerClosure, container_closure
from module_federation.util_rules.containers import (
    ContainerKind,
    FederatedContainers,
)
from module_federation.util_rules.imports import module_graph
from module_federation.util_rules.package_mounts import KNOWN
from module_federation.util_rules.package_trees import (
    PackageTrees,
    PackageTreesRequest,
    package_trees,
)
from module_federation.util_rules.packages import WorkspacePackages
from module_federation.util_rules.page_uses import Pages, federation_use
from module_federation.util_rules.policies import RepositoryPolicy
from module_federation.util_rules.projects import (
    InstalledProject,
    NodeProject,
    ProjectRequest,
    installed_project,
    project_of,
)
from module_federation.util_rules.runtime_hosts import (
    doubtful_subset,
    imported_remotes,
    runtime_host,
    say_what_is_skipped,
)
from module_federation.util_rules.usages import usage_of

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
    :param node_modules: the installed packages that it can reach and no others; see
        `PackageTrees`.
    :param installed: the paths of these packages in the project's install index, sorted.
    :param node_modules_folders: the `node_modules` folders of first-party packages that they lie
        in, relative to the build root.
    :param legal_manifests: `package.json` of each first-party package in the bundle, relative to
        the build root → the part of it that a bundler reads, with ranges the runtime understands.
    """

    slice: ShareSlice
    node_modules: FrozenDict[str, Digest]
    installed: tuple[str, ...]
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
    pages: Pages,
) -> ContainerSlice:
    """The graph, the install index and the policy together, for one container."""
    container = containers.by_address[request.address]
    project: NodeProject = await project_of(ProjectRequest(container.package_directory))
    installed: InstalledProject
    own: ContainerClosure
    installed, own = await concurrently(
        installed_project(project), container_closure(request.address)
    )
    federation = await federation_use(request.address, pages)
    warn_of_package_cycles(container, own.closure, packages)
    no_packages = unknown_remotes(container, containers, own.closure, installed, packages)
    facts = ContainerFacts(
        name=container.name,
        kind=_KINDS[container.kind],
        address=container.address.spec,
        project_dir=project.root,
    )

    lines = _manifest_lines(project, packages)
    options = policy.for_container(container)

    def slice_of(usage: Usage) -> ShareSlice:
        return compute_slice(
            facts,
            usage,
            installed.index,
            options,
            federation,
            manifest_lines=lines,
            chains=own.closure.chain_to,
        )

    usage = usage_of(own.closure, project, packages, without=no_packages)
    more: tuple[Finding, ...] = ()
    if container.is_runtime_host:
        host: RuntimeHost = runtime_host(container, facts, installed, options)
        there: Snapshot = await snapshot(await digest_subset(doubtful_subset(host, installed)))
        listed: Listing = listing(host, usage, frozenset(there.files), lines)
        say_what_is_skipped(container, listed)
        computed = compute_runtime_slice(
            host,
            usage,
            listed,
            federation,
            manifest_lines=lines,
            chains=own.closure.chain_to,
        )
        usage = with_listed(usage, listed)
        more = tuple(imported_remotes(container, own.closure))
    else:
        computed = slice_of(usage)
    remotes = frozenset(container.remotes)
    first_party = own.closure.aliases
    left_out = frozenset(module.key for module in computed.shared if not module.import_)
    eager = {module.key for module in computed.shared if module.eager and module.import_}
    if (eager or left_out & first_party.keys()) and not container.is_runtime_host:
        graph: ModuleGraph = await module_graph(container.mode)
        # The code behind keys that are left out is another container's, and so is what it imports.
        bundled = graph.closure(
            own.closure.entries, remotes=remotes, starts=container.starts, left_out=left_out
        )
        computed = slice_of(usage_of(bundled, project, packages, without=no_packages))
        in_entry = graph.closure(
            sorted(first_party[key] for key in eager & first_party.keys()),
            remotes=remotes,
            left_out=frozenset(module.key for module in computed.shared),
        )
        asked_at_once = usage_of(in_entry, project, packages, without=no_packages).at_start()
        computed = with_initial_keys(computed, asked_at_once, installed.index)
    findings = {
        *computed.findings,
        *container.declared,
        *more,
        *import_findings(container, containers, own.closure),
        *no_packages.values(),
        *outside_packages(container, own.closure, project, packages),
        *untargeted_packages(container, own.closure, installed, packages),
    }
    computed = replace(
        computed, findings=tuple(sorted(findings, key=lambda finding: finding.sort_key))
    )
    reachable = reachable_packages(usage, installed.index)
    trees: PackageTrees = await package_trees(
        PackageTreesRequest(project, FrozenDict(reachable.nests()))
    )
    # Before any bundle starts: all containers of a federation are looked at first.
    KNOWN.remember(request.address, trees.by_place)
    return ContainerSlice(
        computed,
        trees.by_place,
        tuple(copy.path for copy in reachable.copies if not copy.is_workspace),
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
    owning = {
        owner.directory for file in closure.files for owner in [packages.owner(file)] if owner
    }
    enclosing = {
        owner.directory: owner
        for directory in owning
        for owner in packages.enclosing(directory)
        # A manifest that is imported is a source file and comes along as it is.
        if owner.directory in project.members and owner.path not in closure.files
    }
    manifests = {}
    for directory, owner in sorted(enclosing.items()):
        legal = legal_manifest(
            json.loads(owner.content), index, project.relative(directory), names=imported
        )
        if directory not in owning:
            # Where a package declares nothing, the bundler asks those in the folders above it, for
            # ranges and for nothing else.
            if not any(section in legal for section in DEPENDENCY_SECTIONS):
                continue
            legal = {key: legal[key] for key in ("name", *DEPENDENCY_SECTIONS) if key in legal}
        manifests[owner.path] = json.dumps(legal, indent=2).encode()
    return manifests


def _manifest_lines(project: NodeProject, packages: WorkspacePackages) -> ManifestLines:
    def line(package_directory: str, section: str, name: str) -> int | None:
        directory = os.path.normpath(os.path.join(project.root, package_directory))
        package = packages.by_directory.get("" if directory == "." else directory)
        return None if package is None else package.line_of(section, name)

    return line


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

"""From usage, installation and policy to what one container shares. A pure function.

Which packages are candidates: those that first-party code of the container imports, and those that
the policy shares and that an installed package, reachable from the container, depends on
(react-router on react-dom): its imports must take the shared copy too. Which keys: each request
that first-party code makes of a shared package, and, where installed packages depend on it too, the
package itself and its known entry points (``subpaths``). Every key of a package gets the same
version, range, flags and scope.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Iterator, Mapping

from module_federation.sharing import slice_findings as say
from module_federation.sharing.copies import Copy, DependencyKind
from module_federation.sharing.declared_ranges import (
    ManifestLines,
    RequiredRange,
    required_range,
)
from module_federation.sharing.entry_points import has_entry_point, is_code
from module_federation.sharing.findings import Finding
from module_federation.sharing.install_index import InstallIndex
from module_federation.sharing.policy import EffectivePolicy, ResolvedOptions
from module_federation.sharing.ranges import legal_for_runtime, parse_range
from module_federation.sharing.reachability import Edge, ReachablePackages
from module_federation.sharing.share_options import ShareOptions
from module_federation.sharing.share_slice import SharedModule, ShareSlice
from module_federation.sharing.usage import (
    ContainerFacts,
    FederationUse,
    Usage,
    UsedRequest,
)

VERSIONLESS = "0.0.0"
"""The version of a first-party package whose ``package.json`` has none.

The runtime's own default is ``0``, which no range but that of a consumer who asks for nothing
accepts; ``0.0.0`` satisfies ``*`` and itself.
"""


@dataclass(frozen=True)
class _Decision:
    """That a package is shared, how, and why."""

    options: ShareOptions
    reason: str


@dataclass(frozen=True)
class _Context:
    """What every step needs."""

    container: ContainerFacts
    index: InstallIndex
    policy: EffectivePolicy
    federation: FederationUse
    reachable: ReachablePackages
    manifest_lines: ManifestLines
    edges: Mapping[str, tuple[Edge, ...]]

    def edges_to(self, package: str) -> tuple[Edge, ...]:
        """The edges that lead from installed packages within reach to a package."""
        return self.edges.get(package, ())


def _no_line(_directory: str, _section: str, _name: str) -> int | None:
    return None


def compute_slice(
    container: ContainerFacts,
    usage: Usage,
    index: InstallIndex,
    policy: EffectivePolicy,
    federation: FederationUse,
    *,
    manifest_lines: ManifestLines = _no_line,
) -> ShareSlice:
    """What ``container`` shares. Nothing is raised: what is wrong is a finding of the slice.

    Args:
        usage: All package imports of the first-party files that the container's bundle can hold.
        index: The container's project.
        policy: Repository policy and the target's own field, already layered.
        federation: The federations around the container, for the ``federated`` rules.
        manifest_lines: Where a first-party ``package.json`` declares something, for findings.
    """
    by_package = usage.by_package()
    reachable = reachable_packages(usage, index)
    edges: dict[str, list[Edge]] = {}
    for edge in reachable.edges:
        if not edge.source.is_workspace:
            edges.setdefault(edge.declaration.name, []).append(edge)
    dependents = frozenset(edges)
    context = _Context(
        container,
        index,
        policy,
        federation,
        reachable,
        manifest_lines,
        {name: tuple(found) for name, found in edges.items()},
    )
    modules: list[SharedModule] = []
    findings: list[Finding] = []
    families: dict[str, list[SharedModule]] = {}
    for package in sorted(set(by_package) | dependents):
        requests = by_package.get(package, ())
        decision = _decide(context, package, requests)
        if decision is None:
            continue
        shared, found = _share(context, package, requests, decision)
        modules += shared
        findings += found
        if decision.options.family and shared:
            families.setdefault(decision.options.family, []).append(shared[0])
    findings += _not_installed(context, by_package)
    findings += say.missing_dependencies(reachable)
    findings += say.unused_entries(container, policy, set(by_package) | dependents)
    for family, members in families.items():
        findings += say.incoherent_family(container, family, members)
    return ShareSlice(
        container.name,
        container.kind.name.lower(),
        tuple(sorted(modules, key=lambda each: each.key)),
        tuple(sorted(set(findings), key=lambda each: each.sort_key)),
    )


def reachable_packages(usage: Usage, index: InstallIndex) -> ReachablePackages:
    """The installed packages that the first-party code of a container can reach."""
    return index.closure(
        (request.importer_package_dir, request.package)
        for request in usage.requests
        if request.workspace_dir is None
    )


def _decide(context: _Context, package: str, requests: tuple[UsedRequest, ...]) -> _Decision | None:
    resolved = context.policy.options_for(package, context.container.kind)
    if resolved.decision is False:
        return None
    if resolved.decision is True:
        return _Decision(resolved.options, f"named in {resolved.places[-1]}")
    # Only what first-party code imports is shared without being named.
    return _decide_by_rules(context, package, requests, resolved) if requests else None


def _decide_by_rules(
    context: _Context, package: str, requests: tuple[UsedRequest, ...], resolved: ResolvedOptions
) -> _Decision | None:
    auto = context.policy.auto
    is_first_party = requests[0].workspace_dir is not None
    rule = auto.first_party if is_first_party else auto.third_party
    if auto.peers != "ignore":
        for edge in context.edges_to(package):
            if edge.declaration.kind is DependencyKind.PEER:
                by_default = ShareOptions(singleton=True if auto.peers == "singleton" else None)
                reason = f"{edge.source.label} names it as a peer dependency"
                return _Decision(resolved.options.over(by_default), reason)
    if rule == "always":
        return _Decision(resolved.options, "the policy shares every package of its kind")
    others = context.federation.others_using(context.container.name, package)
    if rule == "federated" and others:
        return _Decision(resolved.options, f"also imported by {', '.join(others)}")
    return None


def _share(
    context: _Context, package: str, requests: tuple[UsedRequest, ...], decision: _Decision
) -> tuple[list[SharedModule], list[Finding]]:
    options = decision.options
    edges = context.edges_to(package)
    copies = _copies(context, package, requests, edges)
    if not copies:
        return [], []
    copy = copies[0]
    version = copy.version or (VERSIONLESS if copy.is_workspace else None)
    keys = dict(_keys(package, requests, edges, copy, options))
    if not keys:
        return [], []
    findings: list[Finding] = []
    wanted = RequiredRange(None, ())
    if len(copies) == 1:
        wanted = required_range(
            context.index,
            context.container,
            copy,
            version,
            requests,
            edges,
            context.manifest_lines,
        )
        findings += wanted.findings
    else:
        findings.append(
            say.two_copies(context.container, context.reachable, package, copies, requests, options)
        )
        version = None
    brings_a_copy = options.import_ is not False
    module = SharedModule(
        key=package,
        package=package,
        version=(options.version or version) if brings_a_copy else None,
        required_version=_required_version(options, version, wanted.text),
        singleton=bool(options.singleton),
        strict_version=bool(options.strict_version),
        eager=bool(options.eager),
        scope=options.scope or "default",
        import_=brings_a_copy,
        package_path=copy.path if len(copies) == 1 else None,
        is_requested=False,
        reason=decision.reason,
        used_by=(),
    )
    by_installed = tuple(sorted({edge.source.label for edge in edges}))
    modules = []
    for key, is_requested in keys.items():
        folders = {each.importer_package_dir for each in requests if each.request == key}
        used_by = (*sorted(folders), *by_installed)
        modules.append(replace(module, key=key, is_requested=is_requested, used_by=used_by))
    return modules, findings


def _required_version(
    options: ShareOptions, version: str | None, computed: str | None
) -> str | bool | None:
    if options.required_version is False:
        return False
    if isinstance(options.required_version, str):
        wanted = parse_range(options.required_version)
        return legal_for_runtime(wanted, [version] if version else [])
    return computed


def _copies(
    context: _Context, package: str, requests: tuple[UsedRequest, ...], edges: tuple[Edge, ...]
) -> tuple[Copy, ...]:
    """Every copy that an import of ``package`` inside the container can lead to, by path."""
    found: dict[str, Copy] = {edge.target.path: edge.target for edge in edges}
    for request in requests:
        if request.workspace_dir is not None:
            copy = context.index.copies.get(request.workspace_dir)
        else:
            copy = context.index.resolve(request.importer_package_dir, package)
        if copy is not None:
            found[copy.path] = copy
    return tuple(found[path] for path in sorted(found))


def _keys(
    package: str,
    requests: tuple[UsedRequest, ...],
    edges: tuple[Edge, ...],
    copy: Copy,
    options: ShareOptions,
) -> Iterator[tuple[str, bool]]:
    """Each key of a package, and whether first-party code asks for it."""
    asked = {each.request for each in requests}
    requested = {request for request in asked if is_code(copy, package, request)}
    yield from ((key, True) for key in sorted(requested))
    if not edges or not (options.singleton or options.share is True):
        return
    known = [package, *(f"{package}/{each}" for each in options.subpaths or ())]
    for key in known:
        exists = key == package or has_entry_point(copy, key[len(package) + 1 :])
        if exists and key not in requested:
            yield key, False


def _not_installed(
    context: _Context, by_package: dict[str, tuple[UsedRequest, ...]]
) -> Iterator[Finding]:
    for package, requests in by_package.items():
        directories: set[str] = set()
        for request in requests:
            directory = request.importer_package_dir
            if request.workspace_dir is None and directory not in directories:
                directories.add(directory)
                if context.index.resolve(directory, package) is None:
                    yield say.not_installed(context.container, request)

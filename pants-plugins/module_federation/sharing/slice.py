"""From usage, installation and policy to what one container shares. A pure function.

Which packages are candidates: those that first-party code of the container imports, and those that
the policy shares and that an installed package, reachable from the container, depends on
(react-router on react-dom): its imports must take the shared copy too. Which keys: each request
that first-party code makes of a shared package, and, where installed packages depend on it too, the
package itself and its known entry points (``subpaths``); with ``entry_points``, none but these.
Every key of a package gets the same version, range, flags and scope.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Iterator, Sequence

from module_federation.sharing import slice_findings as say
from module_federation.sharing import slice_misuse as misuse
from module_federation.sharing.bundler_lookup import looked_up_copies
from module_federation.sharing.copies import Copy, DependencyKind
from module_federation.sharing.declared_ranges import (
    ManifestLines,
    RequiredRange,
    origin_order,
    required_range,
)
from module_federation.sharing.entry_points import has_entry_point, is_code
from module_federation.sharing.findings import Finding
from module_federation.sharing.install_index import InstallIndex
from module_federation.sharing.name_lists import first_of
from module_federation.sharing.plan.members import KeyFacts
from module_federation.sharing.policy import EffectivePolicy, ResolvedOptions
from module_federation.sharing.ranges import legal_for_runtime, parse_range
from module_federation.sharing.reachability import Edge
from module_federation.sharing.share_options import ShareOptions
from module_federation.sharing.share_slice import (
    PrivatePackage,
    SharedCopy,
    SharedModule,
    ShareSlice,
)
from module_federation.sharing.slice_context import Chains, SliceContext, reachable_packages
from module_federation.sharing.slice_facts import (
    build_of,
    importers,
    policy_origin,
    requests_of,
    stateful_because,
    version_origin,
)
from module_federation.sharing.usage import (
    ContainerFacts,
    FederationUse,
    Usage,
    UsedRequest,
)

__all__ = ["VERSIONLESS", "compute_slice", "reachable_packages"]

_RANGE_FINDINGS = ("empty-intersection", "installed-outside-range")

VERSIONLESS = "0.0.0"
"""The version of a first-party package whose ``package.json`` has none.

The runtime's own default is ``0``, which no range but that of a consumer who asks for nothing
accepts; ``0.0.0`` satisfies ``*`` and itself.
"""


@dataclass(frozen=True)
class _Decision:
    """That a package is shared, how, and why; ``resolved`` is what the policy says."""

    options: ShareOptions
    reason: str
    resolved: ResolvedOptions


def _no_line(_directory: str, _section: str, _name: str) -> int | None:
    return None


def _only_itself(file: str) -> tuple[str, ...]:
    return (file,)


def compute_slice(
    container: ContainerFacts,
    usage: Usage,
    index: InstallIndex,
    policy: EffectivePolicy,
    federation: FederationUse,
    *,
    manifest_lines: ManifestLines = _no_line,
    chains: Chains = _only_itself,
) -> ShareSlice:
    """What ``container`` shares. Nothing is raised: what is wrong is a finding of the slice.

    Args:
        usage: All package imports of the first-party files that the container's bundle can hold.
        index: The container's project.
        policy: Repository policy and the target's own field, already layered.
        federation: The federations around the container, for the ``federated`` rules.
        manifest_lines: Where a first-party ``package.json`` declares something, for findings.
        chains: How a first-party file is reached, for findings and reports.
    """
    by_package = usage.by_package()
    context = SliceContext.of(container, usage, index, policy, federation, manifest_lines, chains)
    modules: list[SharedModule] = []
    private: list[PrivatePackage] = []
    findings: list[Finding] = []
    families = misuse.Families(context)
    for package in sorted(set(by_package) | set(context.edges)):
        requests = by_package.get(package, ())
        resolved = context.options_for(package)
        decision = _decide(context, package, requests, resolved)
        if decision is None:
            alone = _private(context, package, requests, resolved)
            private += alone
            for each in alone:
                findings += misuse.private_state(context, each, requests)
            families.left_out(package, requests, resolved)
            continue
        shared, found = _share(context, package, requests, decision)
        modules += shared
        findings += found
        if not shared:
            # None of the entry points that may be shared is asked for.
            private += _private(context, package, requests, resolved)
        else:
            families.shared(shared[0], resolved)
            findings += misuse.shared_state(context, shared[0], requests)
    findings += families.findings()
    findings += misuse.bypassed_shares(context, usage, {each.package for each in modules})
    findings += _not_installed(context, by_package)
    findings += say.missing_dependencies(context.reachable)
    findings += say.unused_entries(container, policy, set(by_package) | set(context.edges))
    about = {_about(container, each) for each in findings}
    return ShareSlice(
        container.name,
        container.kind.name.lower(),
        tuple(sorted(modules, key=lambda each: each.key)),
        tuple(sorted(about, key=lambda each: each.sort_key)),
        tuple(private),
    )


def _about(container: ContainerFacts, finding: Finding) -> Finding:
    """Every finding of a slice is about its container, if about others too."""
    return replace(
        finding, target=container.address, containers=(container.name, *finding.containers)
    )


def _decide(
    context: SliceContext,
    package: str,
    requests: tuple[UsedRequest, ...],
    resolved: ResolvedOptions,
) -> _Decision | None:
    if resolved.decision is False:
        return None
    if resolved.decision is True:
        return _Decision(resolved.options, f"named in {resolved.places[-1]}", resolved)
    # Only what first-party code imports is shared without being named.
    return _decide_by_rules(context, package, requests, resolved) if requests else None


def _decide_by_rules(
    context: SliceContext,
    package: str,
    requests: tuple[UsedRequest, ...],
    resolved: ResolvedOptions,
) -> _Decision | None:
    auto = context.policy.auto
    is_first_party = requests[0].workspace_dir is not None
    rule = auto.first_party if is_first_party else auto.third_party
    if auto.peers != "ignore":
        for edge in context.edges_to(package):
            if edge.declaration.kind is DependencyKind.PEER:
                by_default = ShareOptions(singleton=True if auto.peers == "singleton" else None)
                reason = f"{edge.source.label} names it as a peer dependency"
                return _Decision(resolved.options.over(by_default), reason, resolved)
    if rule == "always":
        reason = "the policy shares every package of its kind"
        return _Decision(resolved.options, reason, resolved)
    others = context.others_using(package)
    if rule == "federated" and others:
        reason = f"also imported by {first_of(others)}"
        return _Decision(resolved.options, reason, resolved)
    return None


def _share(
    context: SliceContext, package: str, requests: tuple[UsedRequest, ...], decision: _Decision
) -> tuple[list[SharedModule], list[Finding]]:
    options = decision.options
    edges = context.edges_to(package)
    copies = context.copies_for(requests, edges)
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
        findings += [
            finding
            for finding in wanted.findings
            # A range of the policy's own takes the place of what is declared.
            if options.required_version is None or finding.code not in _RANGE_FINDINGS
        ]
    else:
        findings.append(
            say.two_copies(
                context.container,
                context.reachable,
                package,
                copies,
                requests,
                options,
                context.copy_for,
            )
        )
        version = None
    brings_a_copy = options.import_ is not False
    origins = wanted.origins
    if options.required_version is not None:
        text = options.required_version
        origins = (policy_origin(text if isinstance(text, str) else "*", decision.resolved),)
    package_module = SharedModule(
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
        at_start=False,
        is_initial=False,
        reason=decision.reason,
        used_by=(),
        copies=(),
        facts=KeyFacts(
            package,
            origins=origins,
            version_origin=_version_origin(context, copies, decision) if brings_a_copy else None,
            stateful_because=stateful_because(context, package, decision.resolved),
            build=build_of(context.container, copies) if brings_a_copy else None,
        ),
    )
    modules = [
        _module(context, package_module, key, is_requested, requests, edges)
        for key, is_requested in keys.items()
    ]
    return modules, findings


def _module(
    context: SliceContext,
    module: SharedModule,
    key: str,
    is_requested: bool,
    requests: tuple[UsedRequest, ...],
    edges: tuple[Edge, ...],
) -> SharedModule:
    """One key of a package, given what holds for all its keys."""
    own = tuple(requests_of(requests, key))
    folders = sorted({each.importer_package_dir for each in own})
    facts = replace(module.facts, importers=importers(context, own, edges))
    copies: tuple[SharedCopy, ...] = ()
    if module.required_version is None or module.package_path is None:
        copies = looked_up_copies(context, module.package, own, edges)
    if module.required_version is None:
        origins = {each.origin for copy in copies for each in copy.requests if each.origin}
        facts = replace(facts, origins=tuple(sorted(origins, key=origin_order)))
    return replace(
        module,
        key=key,
        is_requested=is_requested,
        at_start=any(not each.deferred for each in own)
        or (not is_requested and module.package in context.started),
        used_by=(*folders, *sorted({edge.source.label for edge in edges})),
        copies=copies,
        facts=facts,
    )


def _version_origin(context: SliceContext, copies: Sequence[Copy], decision: _Decision) -> str:
    if decision.options.version is None:
        return version_origin(context.container, copies)
    return f"{decision.options.version}, named in {decision.resolved.said_at['version']}"


def _required_version(
    options: ShareOptions, version: str | None, computed: str | None
) -> str | bool | None:
    if options.required_version is False:
        return False
    if isinstance(options.required_version, str):
        wanted = parse_range(options.required_version)
        return legal_for_runtime(wanted, [version] if version else [])
    return computed


def _keys(
    package: str,
    requests: tuple[UsedRequest, ...],
    edges: tuple[Edge, ...],
    copy: Copy,
    options: ShareOptions,
) -> Iterator[tuple[str, bool]]:
    """Each key of a package, and whether first-party code asks for it."""
    asked = {each.request for each in requests}
    only = None
    known = [package, *(f"{package}/{each}" for each in options.subpaths or ())]
    if options.entry_points is not None:
        only = {package if each == "." else f"{package}/{each}" for each in options.entry_points}
        known = sorted(only)
    requested = {
        request
        for request in asked
        if is_code(copy, package, request) and (only is None or request in only)
    }
    yield from ((key, True) for key in sorted(requested))
    if not edges or not (options.singleton or options.share is True):
        return
    for key in known:
        exists = key == package or has_entry_point(copy, key[len(package) + 1 :])
        if exists and key not in requested:
            yield key, False


def _private(
    context: SliceContext,
    package: str,
    requests: tuple[UsedRequest, ...],
    resolved: ResolvedOptions,
) -> list[PrivatePackage]:
    """What becomes of a package that is not shared; styles and images alone make none."""
    code = [each for each in requests if is_code(context.copy_for(each), package, each.request)]
    copies = context.copies_for(code)
    if not copies:
        return []
    versions = {
        copy.version or (VERSIONLESS if copy.is_workspace else "unknown") for copy in copies
    }
    return [
        PrivatePackage(
            package,
            tuple(sorted(versions)),
            stateful_because(context, package, resolved),
            importers(context, code),
        )
    ]


def _not_installed(
    context: SliceContext, by_package: dict[str, tuple[UsedRequest, ...]]
) -> Iterator[Finding]:
    for package, requests in by_package.items():
        directories: set[str] = set()
        for request in requests:
            directory = request.importer_package_dir
            if request.workspace_dir is None and directory not in directories:
                directories.add(directory)
                if context.index.resolve(directory, package) is None:
                    yield say.not_installed(context.container, request)

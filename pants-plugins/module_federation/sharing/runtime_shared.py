"""What a runtime host shares: a host without the federation plugin, Backstage's way.

Its application starts the federation runtime itself and hands over a list of modules. So the list
is not made of what the application's own code imports, but of what the policy names, as far as it
is installed: every package that a preset, the policy file or the target's ``shared`` field shares
by its exact name with hosts, and of those that a pattern names the ones that the application
imports. The automatic rules share nothing here.

A default that is not installed is left out, as Backstage's command line leaves it out
(``@backstage/cli`` 0.36.6, ``createRuntimeSharedDependenciesEntryPoint``). Presets and the policy
file, which is for all applications of a repository, give defaults; what the host's own target asks
for must be there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import AbstractSet, Iterable, Iterator

from module_federation.sharing.copies import Copy
from module_federation.sharing.declared_ranges import (
    ManifestLines,
    nearest_declaration,
    required_range,
)
from module_federation.sharing.entry_points import has_entry_point
from module_federation.sharing.finding_codes import FINDING_CODES
from module_federation.sharing.findings import Finding
from module_federation.sharing.install_index import InstallIndex
from module_federation.sharing.policy import AutoRules, EffectivePolicy, ResolvedOptions
from module_federation.sharing.share_options import Place
from module_federation.sharing.share_slice import PrivatePackage, SharedModule, ShareSlice
from module_federation.sharing.slice import VERSIONLESS, compute_slice
from module_federation.sharing.slice_context import Chains
from module_federation.sharing.usage import ContainerFacts, FederationUse, Usage, UsedRequest

_NOTHING_BY_ITSELF = AutoRules("never", "never", "ignore")
_PRESET = "preset "
_TARGET = "the `shared` field of "
# What a request for a folder or file of a package without `exports` can end in, for bundlers.
_ENDINGS = ("", ".js", ".cjs", ".mjs", ".json", "/package.json", "/index.js", "/index.cjs")


@dataclass(frozen=True)
class RuntimeHost:
    """The container whose list is made.

    Attributes:
        package_dir: The folder of its package, relative to the project: modules are found from
            there.
    """

    facts: ContainerFacts
    package_dir: str
    index: InstallIndex
    policy: EffectivePolicy

    @property
    def manifest(self) -> str:
        """Its ``package.json``, relative to the repository."""
        return self.facts.file(self.package_dir, "package.json")

    def options_for(self, package: str) -> ResolvedOptions:
        """What the policy says about a package in this host."""
        return self.policy.options_for(package, self.facts.kind)

    def copy_of(self, package: str) -> Copy | None:
        """The copy that the list leads to."""
        return self.index.resolve(self.package_dir, package)


@dataclass(frozen=True)
class Listing:
    """What the policy wants to have in the list.

    Attributes:
        requests: One for each module, as if the host's package imported it.
        findings: What somebody has asked for and is not there.
        skipped: Defaults that are not installed, as they would be imported.
    """

    requests: tuple[UsedRequest, ...]
    findings: tuple[Finding, ...]
    skipped: tuple[str, ...]


def doubtful_files(host: RuntimeHost) -> tuple[str, ...]:
    """The files, relative to the project, of which one must exist for each entry point that no
    ``exports`` answers for."""
    return tuple(
        f"{copy.path}/{point}{ending}"
        for package, resolved in _named(host)
        for copy in [host.copy_of(package)]
        if copy is not None and copy.exports is None
        for point in _points(resolved)
        if point != "."
        for ending in _ENDINGS
    )


def listing(
    host: RuntimeHost, own: Usage, existing: AbstractSet[str], lines: ManifestLines
) -> Listing:
    """What the policy wants to have in a host's list, held against what is installed.

    Args:
        own: What the application's own code imports.
        existing: Those of ``doubtful_files`` that are there.
    """
    requests: list[UsedRequest] = []
    findings: list[Finding] = []
    skipped: list[str] = []
    imported = {each.package for each in own.requests}
    for package, resolved in _named(host):
        place = resolved.said_at["share"]
        copy = host.copy_of(package)
        if copy is not None and copy.is_workspace:
            # Its sources are in the bundle only where the application imports them.
            if package not in imported and _is_asked_for_here(place):
                findings.append(_not_imported(host, package, place))
            continue
        if copy is None:
            if _is_asked_for_here(place):
                findings.append(_not_installed(host, package, place))
            else:
                skipped += _requests(package, resolved)
            continue
        line = _declared_at(host, package, lines)
        for request in _requests(package, resolved):
            point = request[len(package) + 1 :]
            if not point or _is_there(copy, point, existing):
                requests.append(
                    UsedRequest(package, request, host.manifest, line, host.package_dir, None, True)
                )
            elif resolved.options.entry_points is None:
                # An entry point that installed packages may ask for, in some versions.
                continue
            elif resolved.said_at["entry_points"].file.startswith(_PRESET):
                skipped.append(request)
            else:
                findings.append(_no_entry_point(host, copy, request, resolved))
    return Listing(tuple(requests), tuple(findings), tuple(skipped))


def with_listed(own: Usage, listed: Listing) -> Usage:
    """What a runtime host's bundle asks for: its own code, and the list."""
    return replace(own, requests=(*own.requests, *listed.requests))


def compute_runtime_slice(
    host: RuntimeHost,
    own: Usage,
    listed: Listing,
    federation: FederationUse,
    *,
    manifest_lines: ManifestLines,
    chains: Chains,
) -> ShareSlice:
    """What a runtime host shares; like ``compute_slice``, nothing is raised.

    Every module is provided and none is asked for: the application uses its own copies. The
    application can hand over no share scope but ``default``, and each module in one version: that
    which the host's own package gets.
    """
    computed = compute_slice(
        host.facts,
        with_listed(own, listed),
        host.index,
        replace(host.policy, auto=_NOTHING_BY_ITSELF),
        federation,
        manifest_lines=manifest_lines,
        chains=chains,
    )
    modules = tuple(_listed_modules(host, computed.shared, manifest_lines))
    said = {*_spoken_to(host, own, listed, computed.findings), *listed.findings}
    findings = tuple(
        replace(each, target=host.facts.address, containers=(host.facts.name,))
        if each.target is None
        else each
        for each in sorted(said, key=lambda each: each.sort_key)
    )
    private = {each.name: each for each in computed.private}
    private.update(_kept(host, own, computed.shared, {each.package for each in modules}))
    return replace(
        computed,
        shared=modules,
        findings=findings,
        private=tuple(private[name] for name in sorted(private)),
    )


def _named(host: RuntimeHost) -> Iterator[tuple[str, ResolvedOptions]]:
    """Packages that an entry shares by their exact names, with all that is said about them."""
    names = {
        entry.pattern for layer in host.policy.layers for entry in layer.entries if entry.is_exact
    }
    for name in sorted(names):
        resolved = host.options_for(name)
        if resolved.decision is True and resolved.options.import_ is not False:
            yield name, resolved


def _points(resolved: ResolvedOptions) -> tuple[str, ...]:
    """The package's entry points that are shared, ``.`` for itself."""
    options = resolved.options
    return options.entry_points or (".", *(options.subpaths or ()))


def _requests(package: str, resolved: ResolvedOptions) -> tuple[str, ...]:
    return tuple(
        package if point == "." else f"{package}/{point}" for point in sorted(_points(resolved))
    )


def _is_there(copy: Copy, point: str, existing: AbstractSet[str]) -> bool:
    if copy.exports is not None:
        return has_entry_point(copy, point)
    return any(f"{copy.path}/{point}{ending}" in existing for ending in _ENDINGS)


def _is_asked_for_here(place: Place) -> bool:
    return place.file.startswith(_TARGET)


def _declared_at(host: RuntimeHost, package: str, lines: ManifestLines) -> int:
    declared = nearest_declaration(host.index, host.package_dir, package)
    if declared is None:
        return 1
    owner, declaration = declared
    return lines(owner.path, declaration.kind.value, package) or 1


def _listed_modules(
    host: RuntimeHost, modules: Iterable[SharedModule], lines: ManifestLines
) -> Iterator[SharedModule]:
    for module in modules:
        copy = host.copy_of(module.package)
        # What only installed packages would ask for, or cannot be found from here, is in no list.
        if not module.is_requested or not module.import_ or copy is None:
            continue
        resolved = host.options_for(module.package)
        version = resolved.options.version or copy.version or VERSIONLESS
        required = module.required_version
        if required is None:
            request = UsedRequest(module.package, module.key, host.manifest, 1, host.package_dir)
            required = required_range(
                host.index, host.facts, copy, version, (request,), (), lines
            ).text
        ways = tuple(way for way in module.facts.importers if not _is_listing(host, way))
        yield replace(
            module,
            version=version,
            required_version=f"^{version}" if required is None else required,
            scope="default",
            package_path=copy.path,
            copies=(),
            facts=replace(
                module.facts,
                importers=ways or (f"the list of shared modules of {host.facts.address}",),
            ),
        )


def _kept(
    host: RuntimeHost, own: Usage, modules: Iterable[SharedModule], listed: AbstractSet[str]
) -> Iterator[tuple[str, PrivatePackage]]:
    """Packages that the policy shares, but that the list can't have: the application has a copy of
    its own all the same."""
    requests = own.by_package()
    for module in modules:
        name = module.package
        copies = (
            host.index.resolve(each.importer_package_dir, name) for each in requests.get(name, ())
        )
        versions = {copy.version or VERSIONLESS for copy in copies if copy is not None}
        if versions and name not in listed:
            because, ways = module.facts.stateful_because, module.facts.importers
            yield name, PrivatePackage(name, tuple(sorted(versions)), because, ways)


def _is_listing(host: RuntimeHost, way: str) -> bool:
    return way.split(" → ")[0].rpartition(":")[0] == host.manifest


def _spoken_to(
    host: RuntimeHost, own: Usage, listed: Listing, findings: Iterable[Finding]
) -> Iterator[Finding]:
    """The findings of the slice, without what is no import of the application's own code."""
    missing = {each.package for each in listed.findings}
    for finding in findings:
        if finding.code == "unused-shared-entry" and finding.package in missing:
            continue
        if finding.code == "undeclared-dependency" and finding.file == host.manifest:
            real = _first_import(host, own, finding.package)
            if real is None:
                continue
            finding = replace(finding, file=real.importer_file, line=real.line)
        yield finding


def _first_import(host: RuntimeHost, own: Usage, package: str | None) -> UsedRequest | None:
    found = (
        each
        for each in own.by_package().get(package or "", ())
        if each.importer_package_dir == host.package_dir
    )
    return next(found, None)


def _error(message: str, place: Place, remedy: str, package: str) -> Finding:
    is_file = place.line is not None
    return Finding(
        "not-installed",
        FINDING_CODES["not-installed"].severity,
        message,
        place.file if is_file else None,
        place.line if is_file else None,
        () if is_file else (f"asked for in {place}",),
        remedy,
        package=package,
    )


def _not_installed(host: RuntimeHost, package: str, place: Place) -> Finding:
    return _error(
        f"{package} is to be in the list of shared modules of {host.facts.address}, but it is not "
        f"installed for {host.manifest}.",
        place,
        f"Add {package} to `dependencies` in {host.manifest} and update the lockfile, or keep it "
        f'out of hosts: `[packages."{package}".hosts]` with `share = false`.',
        package,
    )


def _not_imported(host: RuntimeHost, package: str, place: Place) -> Finding:
    return _error(
        f"{package} is to be in the list of shared modules of {host.facts.address}. It is a "
        "workspace package, and the application does not import it, so its files are not in the "
        "bundle.",
        place,
        f'Import it somewhere in the application (`import "{package}";`), or keep it out of hosts: '
        f'`[packages."{package}".hosts]` with `share = false`.',
        package,
    )


def _no_entry_point(
    host: RuntimeHost, copy: Copy, request: str, resolved: ResolvedOptions
) -> Finding:
    return _error(
        f"`{request}` is to be in the list of shared modules of {host.facts.address}, but "
        f"{copy.label} has no such entry point.",
        resolved.said_at["entry_points"],
        "Correct `entry_points`, or install a version that has it.",
        copy.install_name,
    )

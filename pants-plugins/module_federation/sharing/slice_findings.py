"""The findings of a share slice, worded for the person who has to act on them."""

from __future__ import annotations

from typing import AbstractSet, Callable, Iterator, Optional, Sequence

from module_federation.sharing.copies import Copy, DependencyKind
from module_federation.sharing.findings import Finding, Severity
from module_federation.sharing.policy import EffectivePolicy
from module_federation.sharing.reachability import ReachablePackages
from module_federation.sharing.share_options import ShareOptions
from module_federation.sharing.usage import ContainerFacts, UsedRequest


def two_copies(
    container: ContainerFacts,
    reachable: ReachablePackages,
    package: str,
    copies: Sequence[Copy],
    requests: Sequence[UsedRequest],
    options: ShareOptions,
    copy_for: Callable[[UsedRequest], Optional[Copy]],
) -> Finding:
    """Several copies of one package can get into one bundle.

    Explicit versions and ranges would then be wrong for all but one of them, so the key has none.
    For a singleton that is an error: only one of the copies can be the one.

    Args:
        copy_for: The copy that a first-party import leads to.
    """
    first = requests[0] if requests else None
    return Finding(
        "two-copies",
        Severity.ERROR if options.singleton else Severity.WARNING,
        f"{container.name} can reach {len(copies)} copies of {package}: "
        f"{', '.join(f'{copy.label} in {copy.path}' for copy in copies)}.",
        first.importer_file if first else None,
        first.line if first else None,
        tuple(
            _way_to(reachable, copy, [each for each in requests if copy_for(each) == copy])
            for copy in copies
        ),
        f"Let all of them ask for ranges of {package} that have a version in common and install "
        "again, or force one version with an override or a resolution in the root `package.json`.",
        package=package,
    )


def _way_to(reachable: ReachablePackages, copy: Copy, requests: Sequence[UsedRequest]) -> str:
    chain = reachable.chain_to(copy.path)
    if chain:
        return f"{copy.path}: {', then '.join(chain)}"
    importer = next(iter(requests), None)
    imported = f"imported in {importer.importer_file}:{importer.line}" if importer else "imported"
    return f"{copy.path}: {copy.label}, {imported}"


def not_installed(container: ContainerFacts, request: UsedRequest) -> Finding:
    """First-party code imports a package that is not there."""
    manifest = container.file(request.importer_package_dir, "package.json")
    return Finding(
        "not-installed",
        Severity.ERROR,
        f"`{request.request}` is imported, but {request.package} is not installed for {manifest}.",
        request.importer_file,
        request.line,
        (),
        f"Add {request.package} to `dependencies` in {manifest} and update the lockfile, or "
        "correct the import.",
        package=request.package,
    )


def missing_dependencies(reachable: ReachablePackages) -> Iterator[Finding]:
    """Installed packages that require what is not installed."""
    for missing in reachable.missing:
        declaration = missing.declaration
        is_peer = declaration.kind is DependencyKind.PEER
        yield Finding(
            "missing-peer" if is_peer else "missing-dependency",
            Severity.INFO if is_peer else Severity.WARNING,
            f"{missing.source.label} requires {declaration.name}@{declaration.specifier} "
            f"({declaration.kind.value}), which is not installed.",
            None,
            None,
            reachable.chain_to(missing.source.path),
            f"Add {declaration.name} to the `package.json` of the package that uses "
            f"{missing.source.name}."
            if is_peer
            else "Install again; if that does not help, the lockfile is incomplete: make it anew.",
            package=declaration.name,
        )


def unused_entries(
    container: ContainerFacts, policy: EffectivePolicy, used: AbstractSet[str]
) -> Iterator[Finding]:
    """Packages that the target's own ``shared`` field names and the container never uses."""
    for entry in policy.target_entries:
        if not any(entry.matches(package) for package in used):
            yield Finding(
                "unused-shared-entry",
                Severity.WARNING,
                f"The `shared` field of {container.address} names `{entry.pattern}`, which nothing "
                "in this container imports.",
                remedy="Remove the entry, or correct the name.",
                package=entry.pattern if entry.is_exact else None,
            )

"""The range a container has to ask for: what its own packages declare, taken together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Iterator, Optional

from module_federation.sharing.copies import Copy, Declaration
from module_federation.sharing.findings import Finding, Severity
from module_federation.sharing.install_index import InstallIndex
from module_federation.sharing.plan.members import RangeOrigin
from module_federation.sharing.ranges import Range, intersect, legal_for_runtime
from module_federation.sharing.reachability import Edge
from module_federation.sharing.specifiers import Specifier, SpecifierKind, normalise
from module_federation.sharing.usage import ContainerFacts, UsedRequest

ManifestLines = Callable[[str, str, str], Optional[int]]
"""(folder of a package relative to the project, section, name) → line in its ``package.json``."""


@dataclass(frozen=True)
class Wish:
    """One package's declared range for another: where it stands, and what it means."""

    origin: RangeOrigin
    specifier: Specifier


@dataclass(frozen=True)
class RequiredRange:
    """The range to ask for, in the runtime's dialect (None: leave it to the bundler's lookup).

    ``origins`` are what it is made of.
    """

    text: str | None
    findings: tuple[Finding, ...]
    origins: tuple[RangeOrigin, ...] = ()


def nearest_declaration(
    index: InstallIndex, package_dir: str, name: str
) -> tuple[Copy, Declaration] | None:
    """Which package declares ``name`` for code in ``package_dir``: it, or one in a folder above.

    The bundlers walk up the same way (Rspack's and webpack's ``ConsumeSharedPlugin``).
    """
    while True:
        copy = index.copies.get(package_dir)
        declaration = copy.declared(name) if copy else None
        if copy and declaration:
            return copy, declaration
        if not package_dir:
            return None
        package_dir = package_dir.rpartition("/")[0]


def required_range(
    index: InstallIndex,
    container: ContainerFacts,
    copy: Copy,
    version: str | None,
    requests: tuple[UsedRequest, ...],
    edges: tuple[Edge, ...],
    manifest_lines: ManifestLines,
) -> RequiredRange:
    """What the container's first-party code requires of ``copy``.

    The intersection of what the importing workspace packages declare; where no first-party code
    imports it, of what the installed packages that do declare. A first-party importer that declares
    nothing, nor a package in a folder above it, is a finding; its wish is ``^<version>`` if nobody
    else declares anything.

    Args:
        copy: The one copy that all importers get.
        version: Its version.
        requests: First-party imports of it.
        edges: Edges from installed packages to it, used where there are no ``requests``.
    """
    wishes: list[Wish] = []
    findings: list[Finding] = []
    origins: list[RangeOrigin] = []
    name = requests[0].package if requests else copy.install_name
    for directory, first in _first_by_directory(requests).items():
        if first.workspace_dir == directory:
            # A package that imports itself by its own name declares nothing, and need not.
            own = container.file(directory, "package.json")
            origins.append(RangeOrigin(_of_version(version), directory, own, None, "version"))
            continue
        found = nearest_declaration(index, directory, name)
        if found is None:
            findings.append(_undeclared(container, directory, name, copy, first))
            origins.append(
                RangeOrigin(
                    _of_version(version), directory, first.importer_file, first.line, "undeclared"
                )
            )
            continue
        owner, declaration = found
        wishes.append(
            Wish(
                first_party_origin(container, owner, declaration, manifest_lines),
                _normalised(index, name, declaration, version),
            )
        )
    if not requests:
        wishes += [
            Wish(installed_origin(edge), _normalised(index, name, edge.declaration, version))
            for edge in edges
        ]
    wanted, more = _together(copy, version, wishes)
    text = legal_for_runtime(wanted, [version] if version else []) if wanted else None
    # Whoever declares nothing asks for what is there, but only if nobody says more.
    said = tuple(sorted({wish.origin for wish in wishes}, key=origin_order)) or tuple(origins)
    return RequiredRange(text, (*findings, *more, *_adjusted(name, wishes)), said)


def first_party_origin(
    container: ContainerFacts, owner: Copy, declaration: Declaration, lines: ManifestLines
) -> RangeOrigin:
    """Where a workspace package declares a range."""
    return RangeOrigin(
        declaration.specifier,
        owner.path or "the root package",
        container.file(owner.path, "package.json"),
        lines(owner.path, declaration.kind.value, declaration.name),
        declaration.kind.value,
    )


def installed_origin(edge: Edge) -> RangeOrigin:
    """That an installed package declares a range; there is no file that a person could edit."""
    return RangeOrigin(
        edge.declaration.specifier, edge.source.label, kind=edge.declaration.kind.value
    )


def origin_order(origin: RangeOrigin) -> tuple[str, int, str, str, str]:
    """Origins in the order of files and lines."""
    return (origin.file or "", origin.line or 0, origin.owner, origin.kind, origin.text)


def _of_version(version: str | None) -> str:
    return f"^{version}" if version else "*"


def _first_by_directory(requests: tuple[UsedRequest, ...]) -> dict[str, UsedRequest]:
    first: dict[str, UsedRequest] = {}
    for request in requests:
        first.setdefault(request.importer_package_dir, request)
    return dict(sorted(first.items()))


def _normalised(
    index: InstallIndex, name: str, declaration: Declaration, version: str | None
) -> Specifier:
    return normalise(
        declaration.specifier, installed_version=version, name=name, catalogs=index.catalogs
    )


def _together(
    copy: Copy, version: str | None, wishes: list[Wish]
) -> tuple[Range | None, Iterator[Finding]]:
    if not wishes:
        return normalise("latest", installed_version=version).range, iter(())
    wanted = intersect([wish.specifier.range for wish in wishes])
    chain = tuple(sorted({str(wish.origin) for wish in wishes}))
    blamed = next((wish for wish in wishes if wish.origin.file), wishes[0])
    if wanted.is_empty:
        finding = Finding(
            "empty-intersection",
            Severity.ERROR,
            f"No version of {copy.install_name} satisfies all that is asked of it; "
            f"{copy.label} is installed.",
            blamed.origin.file,
            blamed.origin.line,
            chain,
            "Let these `package.json` files ask for ranges that have a version in common.",
            package=copy.install_name,
        )
        return None, iter((finding,))
    if version is not None and not wanted.contains(version):
        wrong = next(
            (wish for wish in wishes if not wish.specifier.range.contains(version)), blamed
        )
        finding = Finding(
            "installed-outside-range",
            Severity.WARNING,
            f"{copy.label} is installed, but that is not what is asked for; the page will say so "
            "at run time.",
            wrong.origin.file,
            wrong.origin.line,
            chain,
            f"Ask for a range that {version} is in, or install another version (look for an "
            "override or a resolution in the root `package.json`).",
            package=copy.install_name,
        )
        return wanted, iter((finding,))
    return wanted, iter(())


def _undeclared(
    container: ContainerFacts, directory: str, name: str, copy: Copy, first: UsedRequest
) -> Finding:
    manifest = container.file(directory, "package.json")
    text = _of_version(copy.version)
    return Finding(
        "undeclared-dependency",
        Severity.WARNING,
        f"`{first.request}` is imported, but {manifest} does not declare {name}: it is found only "
        "because another package has it installed.",
        first.importer_file,
        first.line,
        (),
        f'Add `"{name}": "{text}"` to `dependencies` in {manifest}.',
        package=name,
    )


def _adjusted(name: str, wishes: list[Wish]) -> Iterator[Finding]:
    for wish in wishes:
        specifier = wish.specifier
        legal = legal_for_runtime(specifier.range)
        unread = specifier.kind in (SpecifierKind.UNKNOWN, SpecifierKind.TAG)
        rewritten = specifier.kind is SpecifierKind.RANGE and legal != specifier.range.text.strip()
        if not wish.origin.file or not (unread or rewritten):
            continue
        yield Finding(
            "range-adjusted",
            Severity.WARNING if specifier.kind is SpecifierKind.UNKNOWN else Severity.INFO,
            f"`{wish.origin.text}` for {name} would match nothing in a browser; "
            f"`{legal}` is asked for instead.",
            wish.origin.file,
            wish.origin.line,
            (),
            f"Write `{legal}` to see in the file what is asked for.",
            package=name,
        )

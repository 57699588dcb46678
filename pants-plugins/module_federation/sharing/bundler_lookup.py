"""What a bundler finds out by itself about a shared key that has no explicit version or range.

It takes the version from the ``package.json`` of each copy, and the range from that of the package
that imports it or of a folder above. Source: Rspack 2.3.2, ``crates/rspack_plugin_mf``,
``ConsumeSharedPlugin`` (``get_required_version_from_description_file``), seen in builds.
"""

from __future__ import annotations

from typing import Sequence

from module_federation.sharing.copies import Copy, Declaration, DependencyKind
from module_federation.sharing.declared_ranges import first_party_origin, origin_order
from module_federation.sharing.legal_manifest import legal_range
from module_federation.sharing.plan.members import RangeOrigin
from module_federation.sharing.reachability import Edge
from module_federation.sharing.share_slice import CopyRequest, SharedCopy
from module_federation.sharing.slice_context import SliceContext
from module_federation.sharing.usage import UsedRequest

_ANYTHING = "*"
"""What Rspack asks for where no ``package.json`` says more."""


def looked_up_copies(
    context: SliceContext, package: str, requests: Sequence[UsedRequest], edges: Sequence[Edge]
) -> tuple[SharedCopy, ...]:
    """The copies that imports of one key lead to, each with the ranges that it is asked for with.

    Args:
        requests: First-party imports of the key.
        edges: Edges from installed packages to the package: they may ask for the key.
    """
    copies: dict[str, Copy] = {}
    found: dict[str, set[CopyRequest]] = {}
    importers = {(each.importer_package_dir, context.copy_for(each)) for each in requests}
    importers |= {(edge.source.path, edge.target) for edge in edges}
    for folder, copy in importers:
        if copy is not None:
            copies[copy.path] = copy
            found.setdefault(copy.path, set()).add(_looked_up(context, folder, package))
    return tuple(
        SharedCopy(
            copies[path].version,
            path,
            tuple(sorted(found[path], key=_request_order)),
        )
        for path in sorted(copies)
    )


def _looked_up(context: SliceContext, folder: str, package: str) -> CopyRequest:
    while True:
        copy = context.index.copies.get(folder)
        if copy is not None:
            if copy.name == package:
                # A package that imports itself by its own name.
                return CopyRequest(_ANYTHING, None)
            declaration = _declared(copy, package)
            if declaration is not None:
                return _request(context, copy, declaration)
        if not folder:
            return CopyRequest(_ANYTHING, None)
        folder = folder.rpartition("/")[0]


def _declared(copy: Copy, name: str) -> Declaration | None:
    """The section that counts for the bundler; another order than npm's."""
    sections = {
        DependencyKind.OPTIONAL: copy.optional_dependencies,
        DependencyKind.DEPENDENCY: copy.dependencies,
        DependencyKind.PEER: copy.peer_dependencies,
        DependencyKind.DEV: copy.dev_dependencies,
    }
    for kind, section in sections.items():
        if name in section:
            return Declaration(name, section[name], kind, True)
    return None


def _request(context: SliceContext, owner: Copy, declaration: Declaration) -> CopyRequest:
    raw = declaration.specifier
    if not owner.is_workspace:
        return CopyRequest(raw, RangeOrigin(raw, owner.label, kind=declaration.kind.value))
    return CopyRequest(
        # The bundler is given a manifest in which each range is legal.
        legal_range(context.index, owner.path, declaration.name, raw),
        first_party_origin(context.container, owner, declaration, context.manifest_lines),
    )


def _request_order(request: CopyRequest) -> tuple[str, tuple[str, int, str, str, str]]:
    origin = request.origin
    return (
        request.required_version,
        ("", 0, "", "", "") if origin is None else origin_order(origin),
    )

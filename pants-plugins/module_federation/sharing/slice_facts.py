"""Where what is shared comes from: who imports it, which copy it is, why it is stateful."""

from __future__ import annotations

from typing import Iterator, Sequence

from module_federation.sharing.copies import Copy, DependencyKind
from module_federation.sharing.plan.members import RangeOrigin
from module_federation.sharing.policy import ResolvedOptions
from module_federation.sharing.reachability import Edge
from module_federation.sharing.slice_context import SliceContext
from module_federation.sharing.usage import ContainerFacts, UsedRequest

MAX_IMPORTERS = 3
"""So many ways to a package are worth a reader's time."""


def stateful_because(context: SliceContext, package: str, resolved: ResolvedOptions) -> str | None:
    """Why two copies of a package in one page would be wrong; None when nothing says so.

    A package that an installed one, within reach, names as a peer dependency is meant to be the one
    that its user has: there must be one. So it is when the policy makes it a singleton. What
    workspace packages name as peers does not count: many name all that they import.
    """
    for edge in context.edges_to(package):
        if edge.declaration.kind is DependencyKind.PEER:
            return f"{edge.source.label} names it as a peer dependency"
    if resolved.options.singleton:
        return f"{resolved.said_at['singleton']} makes it a singleton"
    return None


def importers(
    context: SliceContext, requests: Sequence[UsedRequest], edges: Sequence[Edge] = ()
) -> tuple[str, ...]:
    """The shortest ways from an entry to an import of a package, first-party importers first.

    One text for each, e.g. ``apps/cart/src/Cart.tsx → libs/ui/src/Button.tsx:3``, or with the
    installed packages on the way, ``apps/cart/src/Cart.tsx:2 → react-router@7.18.5``.
    """
    ways = {_way_of(context, each) for each in requests}
    shortest = sorted(ways, key=lambda way: (len(way), way))[:MAX_IMPORTERS]
    if len(shortest) < MAX_IMPORTERS:
        more = {_way_of_installed(context, edge.source) for edge in edges}
        shortest += sorted(more, key=lambda way: (len(way), way))[: MAX_IMPORTERS - len(shortest)]
    return tuple(" → ".join(way) for way in shortest)


def _way_of(context: SliceContext, request: UsedRequest) -> tuple[str, ...]:
    chain = context.chains(request.importer_file)
    return (*chain[:-1], f"{request.importer_file}:{request.line}")


def _way_of_installed(context: SliceContext, source: Copy) -> tuple[str, ...]:
    labels = []
    copy = source
    parents = context.reachable.parents
    while copy.path in parents:
        labels.append(copy.label)
        copy = parents[copy.path].source
    labels.append(copy.label)
    first = context.roots.get(copy.path)
    start = () if first is None else _way_of(context, first)
    return (*start, *reversed(labels))


def version_origin(container: ContainerFacts, copies: Sequence[Copy]) -> str:
    """Where the provided versions come from, e.g. ``react@19.2.0 in node_modules/react``."""
    return ", ".join(
        f"{copy.label} in {container.file(copy.path, '') or 'the root package'}" for copy in copies
    )


def build_of(container: ContainerFacts, copies: Sequence[Copy]) -> str | None:
    """What tells copies of one version apart: where they are installed, and for workspace packages
    the project. None for several copies, which no one value can stand for."""
    if len(copies) != 1:
        return None
    (copy,) = copies
    path = "" if copy.is_workspace else copy.path
    return container.file(path, "") or "."


def policy_origin(text: str, resolved: ResolvedOptions) -> RangeOrigin:
    """That the policy says which range to ask for."""
    place = resolved.said_at["required_version"]
    is_file = place.line is not None and not place.file.startswith("preset ")
    return RangeOrigin(
        text,
        place.file,
        place.file if is_file else None,
        place.line if is_file else None,
        "required_version",
    )


def requests_of(requests: Sequence[UsedRequest], key: str) -> Iterator[UsedRequest]:
    """Those of the requests for a package that ask for one key."""
    return (each for each in requests if each.request == key)

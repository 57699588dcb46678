"""The ranges of a federation as sets of versions: which of them are in each other's way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import combinations
from typing import Iterable, Sequence

from module_federation.sharing.plan.finders.view import Ask
from module_federation.sharing.plan.members import RangeOrigin
from module_federation.sharing.specifiers import Specifier, normalise
from module_federation.sharing.version_sets import ANY_RELEASE, Version, VersionSet

_MAX_TRIPLES = 24
"""Among so many different sets all triples are tried; among more, only pairs."""


@dataclass(frozen=True)
class RangeEdge:
    """One place that says which versions of a package are wanted, and the versions.

    ``containers`` are those whose range it is a part of, in the order of the plan.
    """

    origin: RangeOrigin
    versions: VersionSet
    containers: tuple[str, ...]

    def admits(self, version: str) -> bool:
        """npm's ``satisfies``; False for what is no version."""
        parsed = Version.parse(version)
        return parsed is not None and parsed in self.versions

    def __str__(self) -> str:
        shown = self.containers[0] if self.containers else self.origin.owner
        more = f" and {len(self.containers) - 1} more" if len(self.containers) > 1 else ""
        return f"{self.origin}, for {shown}{more}"


@lru_cache(maxsize=16384)
def specifier(text: str, version: str | None) -> Specifier:
    """What a text in a ``package.json`` stands for, where ``version`` is installed for it."""
    return normalise(text, installed_version=version)


def wanted_by(origin: RangeOrigin, installed: str | None) -> VersionSet:
    """The versions that one place wants, by npm's rules."""
    return specifier(origin.text, installed).range.versions


def installed_version(ask: Ask) -> str | None:
    """The version of the container's own copy."""
    if ask.consume.fallback is not None:
        return ask.consume.fallback
    own = (each.version for each in ask.member.container.provides if each.key == ask.key)
    return next(own, None)


def origins_of(ask: Ask) -> tuple[RangeOrigin, ...]:
    """The places that a request's range is made of; the range itself where none is known."""
    if ask.facts.origins:
        return ask.facts.origins
    if isinstance(ask.required, str):
        return (RangeOrigin(ask.required, ask.member.label, kind="share scope"),)
    return ()


def range_edges(asks: Iterable[Ask]) -> tuple[RangeEdge, ...]:
    """Every place that requests are made of, once, in the order in which they are met."""
    found: dict[tuple[RangeOrigin, VersionSet], dict[str, None]] = {}
    for ask in asks:
        version = installed_version(ask)
        for origin in origins_of(ask):
            edge = (origin, wanted_by(origin, version))
            found.setdefault(edge, {})[ask.container] = None
    return tuple(
        RangeEdge(origin, versions, tuple(containers))
        for (origin, versions), containers in found.items()
    )


def offenders(edges: Iterable[RangeEdge], version: str) -> tuple[RangeEdge, ...]:
    """Those that do not admit a version."""
    return tuple(each for each in edges if not each.admits(version))


def smallest_conflict(
    edges: Sequence[RangeEdge], containers: Iterable[str] = ()
) -> tuple[RangeEdge, ...]:
    """The smallest set of edges that no version satisfies together; () when one satisfies all.

    Exact where two or three edges are enough (three: among up to 24 different sets of versions).
    Above that minimal: without any one of its edges a version satisfies the others.

    Args:
        edges: Equal sets of versions are taken once, by the first edge that has them.
        containers: Of several smallest sets, one with an edge of these containers comes first.
    """
    preferred = frozenset(containers)
    different: dict[VersionSet, RangeEdge] = {}
    for edge in sorted(edges, key=lambda each: preferred.isdisjoint(each.containers)):
        different.setdefault(edge.versions, edge)
    candidates = tuple(different.values())
    sizes = (1, 2, 3) if len(candidates) <= _MAX_TRIPLES else (1, 2)
    for size in sizes:
        for some in combinations(candidates, size):
            if _common(some).is_empty:
                return some
    return _reduced(candidates)


def _common(edges: Iterable[RangeEdge]) -> VersionSet:
    sets = [each.versions for each in edges]
    return reduce(VersionSet.__and__, sets) if sets else ANY_RELEASE


def _reduced(edges: tuple[RangeEdge, ...]) -> tuple[RangeEdge, ...]:
    """A conflict without the edges that it does not need, the last ones dropped first."""
    if not edges or not _common(edges).is_empty:
        return ()
    kept = list(edges)
    for edge in reversed(edges):
        without = [each for each in kept if each is not edge]
        if _common(without).is_empty:
            kept = without
    return tuple(kept)

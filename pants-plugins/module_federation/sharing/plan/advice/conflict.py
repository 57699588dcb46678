"""Why a package's versions cannot be met, and which change would solve it.

Every change that is proposed was tried: the federation as it would be was planned again, and has
no such problem left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import AbstractSet, Callable, Dict, Iterable, Sequence, Tuple

from module_federation.sharing.plan.advice.changes import (
    Change,
    apply_changes,
    change_to,
    only_package,
)
from module_federation.sharing.plan.advice.edges import (
    RangeEdge,
    installed_version,
    offenders,
    origins_of,
    range_edges,
    smallest_conflict,
    wanted_by,
)
from module_federation.sharing.plan.finders.outcomes import failures, is_sound
from module_federation.sharing.plan.finders.view import Ask, PlanView
from module_federation.sharing.plan.finders.wording import first_few, listed
from module_federation.sharing.plan.members import Member, RangeOrigin
from module_federation.sharing.plan.model import KeyPlan
from module_federation.sharing.version_sets import Version

Planner = Callable[[Sequence[Member], AbstractSet[str]], Tuple[KeyPlan, ...]]
"""(members, keys) → the plans of these keys."""

_MAX_RAISED = 3
_MAX_LOWER = 3


@dataclass(frozen=True)
class Advice:
    """``chain``: which ranges are in each other's way. ``remedy``: what to do about it."""

    chain: tuple[str, ...]
    remedy: str


class Adviser:
    """Finds conflicts and tries changes, each once for a package and version."""

    def __init__(self, view: PlanView, plan: Planner) -> None:
        self._view = view
        self._plan = plan
        self._edges: Dict[str, Tuple[RangeEdge, ...]] = {}
        self._slim: Dict[str, Tuple[Member, ...]] = {}
        self._solutions: Dict[Tuple[str, str], str] = {}

    def advise(self, package: str, version: str, containers: Iterable[str]) -> Advice:
        """What to say where some containers cannot do with the version that they get.

        Args:
            version: The version that these containers get.
        """
        edges = self._edges_of(package)
        involved = frozenset(containers)
        mine = [each for each in edges if not involved.isdisjoint(each.containers)]
        conflict = smallest_conflict(edges, involved)
        if conflict:
            chain = _in_the_way(conflict)
        else:
            wrong = offenders(mine, version)
            chain = first_few(f"{version} is not in this range: {each}" for each in wrong)
        return Advice(chain, self._solution(package, version))

    def advise_one_copy(self, package: str, version: str) -> Advice:
        """What to say where a page uses several copies; ``version`` is the highest of them."""
        conflict = smallest_conflict(self._edges_of(package))
        return Advice(_in_the_way(conflict), self._solution(package, version))

    def blamed(self, ask: Ask, version: str) -> tuple[RangeOrigin, ...]:
        """The places of a request's range that do not admit a version."""
        parsed, installed = Version.parse(version), installed_version(ask)
        return tuple(
            each
            for each in origins_of(ask)
            if parsed is None or parsed not in wanted_by(each, installed)
        )

    def _asks(self, package: str) -> tuple[Ask, ...]:
        plans = self._view.packages[package]
        return tuple(ask for plan in plans for ask in self._view.asks[plan.key])

    def _edges_of(self, package: str) -> tuple[RangeEdge, ...]:
        if package not in self._edges:
            self._edges[package] = range_edges(self._asks(package))
        return self._edges[package]

    def _solution(self, package: str, version: str) -> str:
        found = self._solutions.get((package, version))
        if found is None:
            found = self._solutions[package, version] = self._find_solution(package, version)
        return found

    def _find_solution(self, package: str, version: str) -> str:
        edges = self._edges_of(package)
        wrong = offenders(edges, version)
        raised = [change_to(each.origin, version) for each in wrong]
        changes = tuple(dict.fromkeys(each for each in raised if each is not None))
        behind = self._behind(package, version, edges)
        # With two ranges that do not admit the version, to change one of them is not enough.
        single = changes or behind
        single = single if len(single) <= (_MAX_RAISED if not changes else 1) else ()
        found = next((each for each in single if self._solves(package, (each,))), None)
        found = found or self._lowered(package, version)
        if found is not None:
            return f"{_sentence(str(found))}{'' if found.is_policy else ' and install again'}."
        alone = "No single change of a range solves it"
        for together in (changes, tuple(dict.fromkeys((*changes, *behind)))):
            if len(together) > 1 and self._solves(package, together):
                listing = "; ".join(first_few(map(str, together)))
                install = " Then install again." if any(not c.is_policy for c in together) else ""
                return f"{alone}. These {len(together)} together do: {listing}.{install}"
        fixed = [each for each, change in zip(wrong, raised) if change is None]
        if fixed:
            who = listed(f"{each.origin.owner} (`{each.origin.text}`)" for each in fixed)
            return (
                f"{alone} in your own files. Update what asks for it, {who}, to a release that "
                f"admits {version}, or install a version of {package} that all ranges admit."
            )
        return (
            f"{alone}. Install the same version of {package} for all of these containers, in the "
            "ranges of all of them, or give those that need another one a share scope of their own."
        )

    def _behind(self, package: str, version: str, edges: Iterable[RangeEdge]) -> tuple[Change, ...]:
        """Changes that would have ``version`` installed where another one is, though it fits."""
        others = {
            ask.container
            for ask in self._asks(package)
            if installed_version(ask) not in (None, version)
        }
        found = (
            change_to(each.origin, version)
            for each in edges
            if each.admits(version) and not others.isdisjoint(each.containers)
        )
        return tuple(dict.fromkeys(each for each in found if each is not None))

    def _lowered(self, package: str, version: str) -> Change | None:
        """One change at a provider of ``version`` after which everybody gets what they need."""
        providers = {
            container
            for plan in self._view.packages[package]
            for provided, containers in plan.provides
            if provided == version
            for container in containers
        }
        others = {
            each
            for plan in self._view.packages[package]
            for each, _ in plan.provides
            if each != version and Version.parse(each) is not None
        }
        edges = self._edges_of(package)
        tried = 0
        for lower in sorted(others, key=_by_version, reverse=True):
            for edge in edges:
                if providers.isdisjoint(edge.containers):
                    continue
                change = change_to(edge.origin, lower)
                if change is None or not self._may_help(package, edge, lower):
                    continue
                tried += 1
                if self._solves(package, (change,)):
                    return change
                if tried == _MAX_LOWER:
                    return None
        return None

    def _may_help(self, package: str, changed: RangeEdge, lower: str) -> bool:
        """Whether everybody else admits the highest version that is left; quickly told."""
        left = {lower}
        for plan in self._view.packages[package]:
            for version, containers in plan.provides:
                if not set(containers) <= set(changed.containers):
                    left.add(version)
        highest = max((each for each in left if Version.parse(each)), key=_by_version)
        return all(each is changed or each.admits(highest) for each in self._edges_of(package))

    def _solves(self, package: str, changes: Sequence[Change]) -> bool:
        if package not in self._slim:
            keys = frozenset(plan.key for plan in self._view.packages[package])
            self._slim[package] = only_package(self._view.members, keys)
        members = apply_changes(self._slim[package], self._asks(package), changes)
        return members is not None and self._is_solved(package, members)

    def _is_solved(self, package: str, members: Sequence[Member]) -> bool:
        keys = frozenset(plan.key for plan in self._view.packages[package])
        view = PlanView(members, self._view.host, self._plan(members, keys), self._view.policy)
        return is_sound(view, package, failures(self._view, package))


def _in_the_way(conflict: Sequence[RangeEdge]) -> tuple[str, ...]:
    if not conflict:
        return ()
    ranges = [f"`{each.origin.text}` of {each.origin.place}" for each in conflict]
    if len(ranges) == 1:
        return (f"no version at all is in {ranges[0]}",)
    several = "both" if len(ranges) == 2 else f"all {len(ranges)} of"
    return (f"no version is in {several} {listed(ranges, 8)}",)


def _by_version(text: str) -> tuple[object, ...]:
    version = Version.parse(text)
    assert version is not None
    # A prerelease comes before its release.
    return (version.triple, version.prerelease is None, version.prerelease or ())


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"

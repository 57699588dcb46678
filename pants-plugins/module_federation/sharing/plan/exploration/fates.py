"""What can come of the requests for one key, container by container."""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Dict, List, Tuple

from module_federation.sharing.negotiation import (
    Consume,
    Failure,
    LoadShare,
    LoadShareSync,
    Outcome,
    Step,
)
from module_federation.sharing.plan.exploration.classes import (
    PLACEHOLDER,
    Reach,
    Role,
    numbered_looks,
)
from module_federation.sharing.plan.exploration.collapse import (
    MAX_ARRIVALS,
    arriving_together,
    explore_quotient,
    full_arrival,
)
from module_federation.sharing.plan.exploration.explore import (
    Exploration,
    Explorer,
    Played,
    looks_of,
)
from module_federation.sharing.plan.exploration.providers import Providers, sole_provider
from module_federation.sharing.plan.exploration.quotient import Quotient, quotient
from module_federation.sharing.plan.exploration.traces import Retold
from module_federation.sharing.plan.model import Possibility, Proof


@dataclass(frozen=True)
class Fates:
    """What can come of each request for the key ``PLACEHOLDER``.

    Attributes:
        possibilities: (container, index of its consume) → possibilities, the shortest trace first.
    """

    possibilities: Mapping[Tuple[str, int], Tuple[Possibility, ...]]
    proof: Proof
    states: int


def every_order(reached: Reach, roles: Mapping[str, Role], limit: int) -> Fates:
    """Every order of every container's events, whatever the key is like."""
    together = arriving_together(roles)
    orders = itertools.permutations(together)
    arrivals = list(itertools.islice(orders, MAX_ARRIVALS))
    is_all = next(orders, None) is None
    exploration = Explorer(roles, reached.host, limit=limit, arrivals=arrivals).explore()
    is_complete = exploration.is_complete and is_all
    return Fates(
        {
            asked: _sorted([_merged(same) for same in _alike(played)])
            for asked, played in exploration.played.items()
        },
        Proof.ENUMERATED if is_complete else Proof.BOUNDED,
        exploration.states,
    )


def _alike(all_played: Tuple[Played, ...]) -> List[List[Played]]:
    alike: Dict[Hashable, List[Played]] = {}
    for played in all_played:
        alike.setdefault(looks_of(played.outcome), []).append(played)
    return list(alike.values())


def _merged(same: List[Played]) -> Possibility:
    shortest = min(same, key=lambda each: len(each.steps))
    providers = {each.outcome.copy.container for each in same if each.outcome.copy}
    arrival = shortest.arrival if len(shortest.arrival) > 1 else ()
    return _possibility(shortest.outcome, tuple(sorted(providers)), shortest.steps, arrival)


def _sorted(possibilities: List[Possibility]) -> Tuple[Possibility, ...]:
    return tuple(sorted(possibilities, key=lambda each: len(each.trace)))


def _possibility(
    outcome: Outcome, providers: Tuple[str, ...], trace: Tuple[Step, ...], arrival: Tuple[str, ...]
) -> Possibility:
    return Possibility(
        outcome.copy.version if outcome.copy else None,
        providers,
        outcome.is_private,
        outcome.warnings,
        outcome.failure,
        trace,
        arrival,
    )


def by_class(
    reached: Reach,
    roles: Mapping[str, Role],
    versions: Mapping[str, Tuple[str, ...]],
    scope: str,
    limit: int,
) -> Fates:
    """One container for each class; see ``collapse``."""
    whole = quotient(reached, roles, {}, numbered_looks(roles))
    exploration = explore_quotient(reached, whole, scope, limit)
    told = _ByClass(reached, roles, versions, scope, limit, whole, exploration)
    found = {
        (name, index): told.possibilities(name, index)
        for name, role in roles.items()
        for index in range(len(role.consumes))
    }
    return Fates(found, Proof.ENUMERATED if told.is_complete else Proof.BOUNDED, told.states)


class _ByClass:
    """What is known of the classes, told of their members."""

    def __init__(
        self,
        reached: Reach,
        roles: Mapping[str, Role],
        versions: Mapping[str, Tuple[str, ...]],
        scope: str,
        limit: int,
        whole: Quotient,
        exploration: Exploration,
    ) -> None:
        self._reached = reached
        self._roles = roles
        self._versions = versions
        self._scope = scope
        self._limit = limit
        self._whole = whole
        self.is_complete = exploration.is_complete
        self.states = exploration.states
        self._played = {
            asked: sorted(
                (min(same, key=lambda each: len(each.steps)) for same in _alike(played)),
                key=lambda each: len(each.steps),
            )
            for asked, played in exploration.played.items()
        }
        self._providers: Dict[str, Providers] = {}
        self._sole = {
            version: sole_provider(reached, roles, version, names)
            for version, names in versions.items()
        }
        self._arrivals: Dict[Tuple[str, ...], Tuple[str, ...]] = {}

    def possibilities(self, name: str, index: int) -> Tuple[Possibility, ...]:
        """What can come of one request of one container."""
        star = self._whole.representatives[self._whole.classes[name]]
        return tuple(
            self._told(name, index, star, played) for played in self._played.get((star, index), ())
        )

    def _told(self, name: str, index: int, star: str, played: Played) -> Possibility:
        retold = Retold(self._reached, self._roles, self._whole, played.steps, name)
        names = {**retold.names, star: name}
        outcome = played.outcome
        warnings = tuple(_renamed(each, names) for each in outcome.warnings)
        failure = outcome.failure
        if failure is not None:
            failure = Failure(failure.code, _renamed(failure.message, names, star))
        return _possibility(
            replace(outcome, warnings=warnings, failure=failure),
            self._providers_of(name, index, outcome),
            retold.steps,
            self._arrival(played.arrival),
        )

    def _providers_of(self, name: str, index: int, outcome: Outcome) -> Tuple[str, ...]:
        if outcome.copy is None:
            return ()
        if outcome.is_private:
            return (name,)
        version = outcome.copy.version
        sole = self._sole[version]
        if sole is not None:
            return (sole,)
        if version not in self._providers:
            self._providers[version] = Providers(
                self._reached,
                self._roles,
                self._whole,
                self._scope,
                version,
                self._versions[version],
                self._limit,
            )
            self.is_complete = self.is_complete and self._providers[version].is_complete
            self.states += self._providers[version].states
        return self._providers[version].of(name, index, looks_of(outcome))

    def _arrival(self, arrival: Tuple[str, ...]) -> Tuple[str, ...]:
        if len(arrival) < 2:
            return ()
        if arrival not in self._arrivals:
            self._arrivals[arrival] = full_arrival(self._roles, self._whole, arrival)
        return self._arrivals[arrival]


def _renamed(message: str, names: Mapping[str, str], subject: str | None = None) -> str:
    """A message with other containers in it."""
    for before, after in names.items():
        if before != after:
            for pattern in (" from {} of shared ", "requirement of {} which"):
                message = message.replace(pattern.format(before), pattern.format(after))
    if subject is not None and message.startswith(f"{subject} has no copy"):
        message = names[subject] + message[len(subject) :]
    return message


class WithKey:
    """Possibilities of ``PLACEHOLDER`` as those of a key."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._consumes: Dict[Consume, Consume] = {}

    def __call__(self, possibility: Possibility) -> Possibility:
        """One of them."""
        failure = possibility.failure
        return Possibility(
            possibility.version,
            possibility.providers,
            possibility.is_private,
            tuple(each.replace(PLACEHOLDER, self._key) for each in possibility.warnings),
            failure and Failure(failure.code, failure.message.replace(PLACEHOLDER, self._key)),
            tuple(map(self._step, possibility.trace)),
            possibility.arrival,
        )

    def _step(self, step: Step) -> Step:
        if isinstance(step, LoadShare):
            return LoadShare(step.container, self._consume(step.consume))
        if isinstance(step, LoadShareSync):
            return LoadShareSync(step.container, self._consume(step.consume))
        return step

    def _consume(self, consume: Consume) -> Consume:
        if consume not in self._consumes:
            self._consumes[consume] = replace(consume, key=self._key)
        return self._consumes[consume]

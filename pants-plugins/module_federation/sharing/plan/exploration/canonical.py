"""Explorations of one shape are made once: names are replaced by their rank."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Callable, Tuple

from module_federation.sharing.negotiation import Failure, LoadRemote, Outcome, Step
from module_federation.sharing.negotiation.choice import is_greater_name
from module_federation.sharing.plan.exploration.classes import Request, Role
from module_federation.sharing.plan.exploration.explore import Exploration, Played

_RANK = re.compile("\1([0-9]{6})")


@dataclass(frozen=True)
class Shape:
    """What an exploration of a regular key depends on, with ranks for names.

    Attributes:
        members_of: For each role, how many containers it stands for.
        marks: For each role, its mark; see ``ScopeView``.
    """

    roles: Tuple[Role, ...]
    host: str
    scope: str
    arrivals: Tuple[Tuple[str, ...], ...]
    members_of: Tuple[int, ...]
    version: str | None
    marks: Tuple[Hashable, ...]
    limit: int


Explore = Callable[[Shape], Exploration]


def ranked(names: Sequence[str]) -> Mapping[str, str]:
    """Names that stand to each other as the given ones do for the runtime, but say no more."""
    ordered: list[str] = []
    for name in sorted(names):
        position = len(ordered)
        while position and is_greater_name(ordered[position - 1], name):
            position -= 1
        ordered.insert(position, name)
    return {name: rank_name(rank) for rank, name in enumerate(ordered)}


def rank_name(rank: int) -> str:
    """A name whose place among all such names is its rank."""
    return f"\1{rank:06d}"


def renamed_role(role: Role, names: Mapping[str, str]) -> Role:
    """A role with other names in it."""
    remotes = tuple(replace(each, name=names[each.name]) for each in role.container.remotes)
    return Role(
        replace(role.container, name=names[role.name], remotes=remotes),
        role.consumes,
        tuple(Request(each.index, _renamed_step(each.step, names)) for each in role.start),
        tuple(Request(each.index, _renamed_step(each.step, names)) for each in role.later),
        tuple(_renamed_step(each, names) for each in role.initializations),
    )


def with_names(exploration: Exploration, names: Mapping[str, str]) -> Exploration:
    """An exploration of a shape as one of containers; ``names`` says which rank is whose."""
    known = {rank: name for name, rank in names.items()}
    return Exploration(
        {
            (known[asker], index): tuple(_renamed_played(each, known) for each in played)
            for (asker, index), played in exploration.played.items()
        },
        exploration.states,
        exploration.is_complete,
    )


def _renamed_played(played: Played, names: Mapping[str, str]) -> Played:
    outcome = played.outcome
    copy, failure = outcome.copy, outcome.failure
    return Played(
        Outcome(
            copy and copy._replace(container=names[copy.container]),
            outcome.is_private,
            failure and Failure(failure.code, _renamed_text(failure.message, names)),
            tuple(_renamed_text(each, names) for each in outcome.warnings),
        ),
        tuple(_renamed_step(each, names) for each in played.steps),
        tuple(names[each] for each in played.arrival),
    )


def _renamed_step(step: Step, names: Mapping[str, str]) -> Step:
    if isinstance(step, LoadRemote):
        return LoadRemote(names[step.container], names[step.remote])
    return replace(step, container=names[step.container])


def _renamed_text(text: str, names: Mapping[str, str]) -> str:
    return _RANK.sub(lambda match: names[match[0]], text)


@lru_cache(maxsize=512)
def explored(explore: Explore, shape: Shape) -> Exploration:
    """What ``explore`` makes of a shape, remembered."""
    return explore(shape)

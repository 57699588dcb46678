"""One container for all that cannot be told apart; why that is right is said in ``collapse``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Tuple

from module_federation.sharing.negotiation import Remote, Strategy
from module_federation.sharing.negotiation.choice import is_greater_name
from module_federation.sharing.plan.exploration.classes import Reach, Role, partition


@dataclass(frozen=True)
class Quotient:
    """A federation in which one container stands for each class.

    Attributes:
        looks: Name → what it provides and asks for, as a number.
        classes: Name → class, for all containers that matter.
        members: Class → names, in the order of the federation's members.
        roles: The containers that stand for the classes, by name.
        representatives: Class → the name of the container that stands for it.
    """

    looks: Mapping[str, int]
    classes: Mapping[str, int]
    members: Mapping[int, Tuple[str, ...]]
    roles: Mapping[str, Role]
    representatives: Mapping[int, str]


def quotient(
    reached: Reach,
    roles: Mapping[str, Role],
    marks: Mapping[str, Hashable],
    looks: Mapping[str, int],
) -> Quotient:
    """One container for each class; ``marks`` keeps those apart that are marked differently.

    ``looks`` are the ``numbered_looks`` of the roles. The greatest name stands for its class: in a
    ``version-first`` page it is the one that wins. It loads whatever one of its class loads.
    """
    host = reached.host
    classes = partition(
        roles,
        looks,
        reached.parents,
        lambda name: (name == host, marks.get(name)),
        _telling_remotes(reached, roles, marks, looks),
    )
    members: dict[int, list[str]] = {}
    for name in roles:
        members.setdefault(classes[name], []).append(name)
    greatest = {number: _greatest(names) for number, names in members.items()}
    remotes: dict[int, dict[int, Remote]] = {number: {} for number in members}
    for name, role in roles.items():
        for remote in role.container.remotes:
            if classes[remote.name] != classes[name]:
                remotes[classes[name]].setdefault(classes[remote.name], remote)
    chosen = {
        name: _with_remotes(roles[name], remotes[number], greatest)
        for number, name in greatest.items()
    }
    return Quotient(
        looks,
        classes,
        {number: tuple(names) for number, names in members.items()},
        {name: chosen[name] for name in roles if name in chosen},
        greatest,
    )


def _telling_remotes(
    reached: Reach,
    roles: Mapping[str, Role],
    marks: Mapping[str, Hashable],
    looks: Mapping[str, int],
) -> dict[str, list[str]]:
    """The remotes of each container that tell it from others of its looks and loaders.

    A ``version-first`` one registers the shares of its remotes, unless the host has done so before
    anybody is loaded. One that asks as soon as it is loaded cannot ask after what only its own
    remotes do, if there are not many whom the host loads that do the same.
    """
    versions = {each.version for role in roles.values() for each in role.container.provides}
    direct = {each.name for each in roles[reached.host].container.remotes}
    counts = Counter((looks[name], marks.get(name)) for name in roles if name in direct)
    waiting = [
        name
        for name, role in roles.items()
        if not role.is_silent and counts[looks[name], marks.get(name)] < len(versions) + 3
    ]
    leading: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in leading:
            leading.add(name)
            waiting.extend(each for each in reached.parents[name] if each in roles)
    found = {}
    for name, role in roles.items():
        is_ahead = role.container.strategy is Strategy.VERSION_FIRST
        found[name] = [
            each.name
            for each in role.container.remotes
            if (is_ahead and each.name not in reached.initialized_by_host)
            or (role.start and each.name in leading)
        ]
    return found


def _greatest(names: Iterable[str]) -> str:
    greatest, *others = names
    for name in others:
        greatest = name if is_greater_name(name, greatest) else greatest
    return greatest


def _with_remotes(
    role: Role, remotes: Mapping[int, Remote], representatives: Mapping[int, str]
) -> Role:
    named = tuple(replace(each, name=representatives[number]) for number, each in remotes.items())
    return replace(role, container=replace(role.container, remotes=named))

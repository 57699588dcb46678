"""What a page loads once, what it loads twice, and what sharing saves.

All of it is counted for a page in which every container is loaded and asks for everything, and each
request has its most usual outcome (the first of its possibilities).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Iterable, List, Tuple

from module_federation.sharing.plan.members import Member
from module_federation.sharing.plan.model import FederationPlan, KeyPlan


@dataclass(frozen=True)
class LoadedCopy:
    """One copy of a shared module that the page loads.

    Attributes:
        providers: The containers whose copy it can be.
        users: The containers that use it, in the order of the federation's members.
        bytes: Its size; None when unknown.
    """

    version: str
    is_private: bool
    providers: tuple[str, ...]
    users: tuple[str, ...]
    bytes: int | None


@dataclass(frozen=True)
class KeySizes:
    """What becomes of one share key.

    Attributes:
        copies: The copies that the page loads, the one with most users first.
        own: Size of each container's own copy, where a container that asks has one: what each
            would load if nothing were shared. None for an unknown size.
    """

    key: str
    copies: tuple[LoadedCopy, ...]
    own: tuple[int | None, ...]


@dataclass(frozen=True)
class Totals:
    """Numbers of copies, and bytes as far as they are known.

    ``shared`` counts one copy of each key, ``duplicated`` the others, ``saved`` what is not loaded
    because another container's copy serves. ``unknown`` is the number of loaded copies of unknown
    size.
    """

    shared_copies: int
    duplicated_copies: int
    saved_copies: int
    shared_bytes: int
    duplicated_bytes: int
    saved_bytes: int
    unknown: int


def key_sizes(plan: FederationPlan) -> tuple[KeySizes, ...]:
    """What becomes of every share key, in the order of the plan's keys."""
    members = {each.name: each for each in plan.members}
    return tuple(_of_key(key, members) for key in plan.keys)


def totals(sizes: Iterable[KeySizes]) -> Totals:
    """The sums over all keys."""
    shared: List[LoadedCopy] = []
    duplicated: List[LoadedCopy] = []
    own: List[int | None] = []
    for each in sizes:
        shared += each.copies[:1]
        duplicated += each.copies[1:]
        own += each.own
    loaded = [*shared, *duplicated]
    return Totals(
        len(shared),
        len(duplicated),
        max(0, len(own) - len(loaded)),
        sum(each.bytes or 0 for each in shared),
        sum(each.bytes or 0 for each in duplicated),
        max(0, sum(each or 0 for each in own) - sum(each.bytes or 0 for each in loaded)),
        sum(each.bytes is None for each in loaded),
    )


def _of_key(key: KeyPlan, members: Dict[str, Member]) -> KeySizes:
    users: Dict[Tuple[bool, str, str], Dict[str, None]] = {}
    providers: Dict[Tuple[bool, str, str], Tuple[str, ...]] = {}
    askers: Dict[str, None] = {}
    for consumer in key.consumers:
        askers[consumer.container] = None
        usual = consumer.possibilities[0] if consumer.possibilities else None
        if usual is None or usual.version is None:
            continue
        owner = consumer.container if usual.is_private else ""
        copy = (usual.is_private, usual.version, owner)
        users.setdefault(copy, {})[consumer.container] = None
        providers.setdefault(copy, (owner,) if usual.is_private else usual.providers)
    copies = [
        LoadedCopy(
            version,
            is_private,
            providers[is_private, version, owner],
            tuple(names),
            _largest(members, providers[is_private, version, owner], key.key),
        )
        for (is_private, version, owner), names in users.items()
    ]
    copies.sort(key=lambda each: (each.is_private, -len(each.users), each.version, each.providers))
    own = tuple(
        _size(members[name], key.key)
        for name in askers
        if name in members and _has_own(members[name], key.key)
    )
    return KeySizes(key.key, tuple(copies), own)


def _has_own(member: Member, key: str) -> bool:
    return any(each.key == key for each in member.container.provides) or any(
        each.key == key and each.fallback is not None for each in member.container.consumes
    )


def _size(member: Member, key: str) -> int | None:
    facts = member.facts.get(key)
    return None if facts is None else facts.size


def _largest(members: Dict[str, Member], names: Iterable[str], key: str) -> int | None:
    known = (_size(members[name], key) for name in names if name in members)
    return max((each for each in known if each is not None), default=None)

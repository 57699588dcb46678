"""What can come of every request for a shared module: the plan of each share key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import AbstractSet, Dict, List, Tuple

from module_federation.sharing.negotiation import Consume, Provide
from module_federation.sharing.plan.exploration.classes import Reach, Role, is_possible, reach, role
from module_federation.sharing.plan.exploration.collapse import only_scope, relevant
from module_federation.sharing.plan.exploration.fates import (
    Fates,
    WithKey,
    by_class,
    every_order,
)
from module_federation.sharing.plan.exploration.one_version import one_version
from module_federation.sharing.plan.exploration.providers import version_of
from module_federation.sharing.plan.members import Member
from module_federation.sharing.plan.model import ConsumerPlan, KeyPlan, Possibility, Proof

LIMIT = 2_000
"""So many moments of a page are looked at for one key, if it is not too large."""

MANY_IN_CIRCLES = 6
"""With more containers, not every order is tried if ``version-first`` ones load each other."""

_Shares = Dict[str, Tuple[List[Provide], List[Consume]]]


def plan_keys(
    members: Sequence[Member],
    host: str,
    *,
    only: AbstractSet[str] | None = None,
    limit: int = LIMIT,
) -> tuple[KeyPlan, ...]:
    """The plan of every share key that the federation knows, or of some, sorted by key.

    Taken into account are the members that the host can load, and theirs (``classes.reach`` says
    which are left out, and ``reserved_keys`` which keys). Each key is planned alone: keys do not
    influence each other (``negotiation``), but that requests for one make share scopes ready for
    the others, too.

    What is enumerated: all orders of the events that ``explore`` lists, with all orders in which
    entries arrive. What is collapsed, and why that loses nothing: see ``one_version`` (nothing to
    choose from), ``collapse`` (containers that cannot be told apart), ``explore`` (loads that only
    let somebody act). A key outside these conditions (several share scopes, options that a bundle
    leaves out, requests without an asynchronous boundary in remotes) is played with all containers.

    ``Proof.BOUNDED``, so that there may be more than what was found: more than ``limit`` moments of
    the page, for many containers fewer; more than ``MAX_ARRIVALS`` orders of arrival; or more than
    a few ``version-first`` containers that load each other in a circle: they are collapsed as if
    nobody waited for ever, which is wrong for some orders.

    Outcomes that differ in nothing but the names of containers in a message are one possibility:
    its message is that of its trace. (A copy's "from" is whoever loaded it first.)

    Not covered: remotes that cannot be reached (plan without them), runtime plugins, and all
    else that ``negotiation`` does not model; a request that is made again after it failed; two
    requests for one key in one container, both without an asynchronous boundary, of which the
    second is played as if entries had arrived in between; what happens while a remote waits for its
    own remotes between its arrival and its requests.

    Raises:
        ValueError: no member is named like the host.
    """
    reached = reach(members, host)
    reserved = reserved_keys(reached.members.values())
    return tuple(
        _plan_key(reached, key, shares, limit)
        for key, shares in sorted(_by_key(reached).items())
        if key not in reserved and (only is None or key in only)
    )


def reserved_keys(members: Iterable[Member]) -> dict[str, tuple[str, ...]]:
    """Keys that ``plan_keys`` leaves out → the containers to blame, both sorted.

    The key itself, a version or a share scope is a name that every JavaScript object inherits, such
    as ``constructor``.
    """
    found: dict[str, set[str]] = {}
    for member in members:
        container = replace(member.container, remotes=())
        if is_possible(container):
            continue
        alone = replace(container, provides=(), consumes=())
        keys = [
            *(
                each.key
                for each in container.provides
                if not is_possible(replace(alone, provides=(each,)))
            ),
            *(
                each.key
                for each in container.consumes
                if not is_possible(replace(alone, consumes=(each,)))
            ),
        ]
        for key in keys:
            found.setdefault(key, set()).add(member.name)
    return {key: tuple(sorted(found[key])) for key in sorted(found)}


def _by_key(reached: Reach) -> dict[str, _Shares]:
    found: dict[str, _Shares] = {}
    for name, member in reached.members.items():
        own: dict[str, tuple[list[Provide], list[Consume]]] = {}
        for provide in member.container.provides:
            if provide.key not in own:
                own[provide.key] = ([], [])
            own[provide.key][0].append(provide)
        # An application without a bundle consumes nothing.
        for consume in member.container.consumes if member.container.is_bundle else ():
            if consume.key not in own:
                own[consume.key] = ([], [])
            own[consume.key][1].append(consume)
        for key, shares in own.items():
            if key not in found:
                found[key] = {}
            found[key][name] = shares
    return found


def _plan_key(reached: Reach, key: str, shares: _Shares, limit: int) -> KeyPlan:
    package, provides = _package(reached, key, shares), _provides(shares)
    settled = one_version(reached, key, shares)
    if settled is not None:
        consumers = _consumers(shares, settled)
        return KeyPlan(key, package, provides, consumers, Proof.ONE_VERSION, 0)
    fates = _fates(reached, key, shares, limit)
    with_key = WithKey(key)
    possibilities = {
        asked: tuple(map(with_key, found)) for asked, found in fates.possibilities.items()
    }
    consumers = _consumers(shares, possibilities)
    return KeyPlan(key, package, provides, consumers, fates.proof, fates.states)


def _consumers(
    shares: _Shares, possibilities: Mapping[Tuple[str, int], Tuple[Possibility, ...]]
) -> Tuple[ConsumerPlan, ...]:
    return tuple(
        ConsumerPlan(name, consume, possibilities.get((name, index), ()))
        for name, (_, consumes) in shares.items()
        for index, consume in enumerate(consumes)
    )


def play_key(
    reached: Reach, key: str, with_all_containers: bool = False, limit: int = LIMIT
) -> Fates:
    """What playing a key gives, with one container for each class wherever that is right.

    ``with_all_containers``: without that, and however long it takes, which is for comparisons.
    """
    shares = _by_key(reached)[key]
    if with_all_containers:
        roles = _roles(reached, key, shares, set(reached.members))
        return every_order(reached, roles, 1_000_000)
    return _fates(reached, key, shares, limit)


def _fates(reached: Reach, key: str, shares: _Shares, limit: int) -> Fates:
    has_several = len(shares.get(reached.host, ((), ()))[0]) > 1
    roles = _roles(reached, key, shares, {reached.host} if has_several else frozenset())
    if not reached.has_waits_in_circles:
        roles = relevant(roles, reached.parents)
    scope = only_scope(reached, roles)
    is_too_large = reached.has_waits_in_circles and len(roles) > MANY_IN_CIRCLES
    if scope is None or (reached.has_waits_in_circles and not is_too_large):
        return every_order(reached, _roles(reached, key, shares, set(reached.members)), limit)
    versions: dict[str, list[str]] = {}
    for name, each in roles.items():
        for provide in each.container.provides:
            versions.setdefault(version_of(provide), []).append(name)
    provided = {version: tuple(names) for version, names in versions.items()}
    fates = by_class(reached, roles, provided, scope, limit)
    return replace(fates, proof=Proof.BOUNDED) if is_too_large else fates


def _roles(
    reached: Reach, key: str, shares: _Shares, with_other_keys: AbstractSet[str]
) -> dict[str, Role]:
    roles = {}
    for name, member in reached.members.items():
        provides, consumes = shares.get(name, ((), ()))
        roles[name] = role(member, key, provides, consumes, name in with_other_keys)
    return roles


def _provides(shares: _Shares) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: dict[str, dict[str, None]] = {}
    for name, (provides, _) in shares.items():
        for provide in provides:
            found.setdefault(version_of(provide), {})[name] = None
    return tuple(
        (version, tuple(sorted(found[version]))) for version in sorted(found, key=_ascending)
    )


def _ascending(version: str) -> tuple[object, ...]:
    """Releases and prereleases by number, after them what is no version, by text."""
    core, _, prerelease = version.partition("+")[0].partition("-")
    numbers = core.split(".")
    if len(numbers) != 3 or not all(each.isdigit() and each.isascii() for each in numbers):
        return (1, (), 0, (), version)
    parts = tuple(
        (0, int(each), "") if each.isdigit() and each.isascii() else (1, 0, each)
        for each in prerelease.split(".")
    )
    return (0, tuple(map(int, numbers)), 0 if prerelease else 1, parts, version)


def _package(reached: Reach, key: str, shares: _Shares) -> str:
    for name in shares:
        facts = reached.members[name].facts.get(key)
        if facts is not None:
            return facts.package
    parts = key.split("/")
    return "/".join(parts[: 2 if key.startswith("@") else 1])

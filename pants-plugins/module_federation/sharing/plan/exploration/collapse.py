"""One container for all that cannot be told apart: how hundreds of containers are planned.

A key is *regular* where everything happens in one share scope, nothing but the host asks without an
asynchronous boundary, a container's copies are told apart by what it says itself, and no
``version-first`` containers load each other in a circle. That is what bundlers make of ordinary
configurations. For a regular key the following holds (and is compared with brute force in
``tests/unit/sharing/plan``):

* Every container that acts shares one share scope object with the host. What a request gives, as a
  version, depends on nothing but the versions in there, their order, and which of them are loaded.
  So two moments that agree in these, and in who has been loaded, have one future (``ScopeView``).
* Whose copy stands for a version only matters for whose copy it is. A version is replaced by an
  equal one of a greater name, never by another version.
* Containers of one class (``classes.partition``) ask for the same. When a second one is loaded, its
  version is registered already; whatever it asks for, the first one could ask for again. So one
  container that can make each request as often as its class has members stands for all of them.
  A request that is repeated at once gives the same and changes nothing. So members of a class may
  be loaded at the same time, and what only one of them loads can be loaded then: what they load
  themselves need not be the same, but for ``quotient`` (``_telling_remotes``).
* A request changes something by loading a version. A class with more members than there are
  versions always has one left that has not asked yet, so that its requests need not be counted.
  Where the host loads such a class, a request by anybody who asks for the same need not be
  followed: another one can make it, and leaves more to be done.
* Of the orders in which entries arrive, those matter in which different versions come first.
"""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from typing import Tuple

from module_federation.sharing.negotiation import (
    Consume,
    LoadShareSync,
    PageState,
    Strategy,
)
from module_federation.sharing.negotiation.choice import Share
from module_federation.sharing.negotiation.model import UNVERSIONED
from module_federation.sharing.plan.exploration.canonical import (
    Shape,
    explored,
    rank_name,
    ranked,
    renamed_role,
    with_names,
)
from module_federation.sharing.plan.exploration.classes import (
    PLACEHOLDER,
    Reach,
    Role,
    looks_for_others,
)
from module_federation.sharing.plan.exploration.explore import Exploration, Explorer
from module_federation.sharing.plan.exploration.quotient import Quotient

MAX_ARRIVALS = 120


def only_scope(reached: Reach, roles: Mapping[str, Role]) -> str | None:
    """The share scope of a key for which containers of one class may stand for each other.

    None if the key is not regular, but for circles; see above.
    """
    scopes: set[object] = set()
    for role in roles.values():
        if not _is_regular(role, role.name == reached.host):
            return None
        container = role.container
        scopes.add(container.scope)
        scopes.update(each.scope for each in container.provides)
        scopes.update(each.scope for each in container.remotes)
        scopes.update(
            each.scopes[0] if len(each.scopes) == 1 else each.scopes for each in container.consumes
        )
    (scope, *others) = scopes
    return None if others or not isinstance(scope, str) else scope


def _is_regular(role: Role, is_host: bool) -> bool:
    provides = role.container.provides
    asks_at_once = any(isinstance(each.step, LoadShareSync) for each in role.start)
    if asks_at_once and (not is_host or len(provides) > 1):
        return False
    if len({each.version or UNVERSIONED for each in provides}) < len(provides):
        return False
    return len(provides) < 2 or all(map(_is_explicit, role.consumes))


def _is_explicit(consume: Consume) -> bool:
    return None not in (consume.required, consume.singleton, consume.strict)


def relevant(roles: Mapping[str, Role], parents: Mapping[str, Iterable[str]]) -> dict[str, Role]:
    """The containers that have to do with a key, and those that lead to them."""
    kept: set[str] = set()
    waiting = [name for name, role in roles.items() if not role.is_silent]
    while waiting:
        name = waiting.pop()
        if name not in kept:
            kept.add(name)
            waiting.extend(parents[name])
    return {name: _with_remotes_in(role, kept) for name, role in roles.items() if name in kept}


def _with_remotes_in(role: Role, kept: set[str]) -> Role:
    remotes = tuple(each for each in role.container.remotes if each.name in kept)
    if len(remotes) == len(role.container.remotes):
        return role
    return replace(role, container=replace(role.container, remotes=remotes))


class ScopeView:
    """What a moment of a regular key is, besides who has been loaded.

    With a ``version``, it is also told by the mark of the container whose copy stands for it.
    """

    def __init__(
        self, host: str, scope: str, version: str | None, marks: Mapping[str, Hashable]
    ) -> None:
        self._host = host
        self._scope = scope
        self._version = version
        self._marks = marks

    def __call__(self, page: PageState) -> Hashable:
        scope_id = page.scope_maps[self._host].get(self._scope)
        if scope_id is None:
            return ()
        shares = page.shares
        versions = page.scopes[scope_id].get(PLACEHOLDER, {})
        return tuple(
            (version, self._looks(version, shares[share_id]))
            for version, share_id in versions.items()
        )

    def is_decided(self, page: PageState) -> bool:
        """Whether the copy of ``version`` is for ever another one than that of mark ``it``.

        Source: ``register`` in ``initializeSharing``; see ``PageDraft.register_own``.
        """
        scope_id = page.scope_maps[self._host].get(self._scope)
        versions = {} if scope_id is None else page.scopes[scope_id].get(PLACEHOLDER, {})
        if self._version is None or self._version not in versions:
            return False
        share = page.shares[versions[self._version]]
        if share.lib is not None:
            return self._marks.get(share.lib.container) != "it"
        mark = self._marks.get(share.copy.container)
        gives_way = not share.eager and share.strategy is not Strategy.LOADED_FIRST
        return mark == "greater" or (mark != "it" and not gives_way)

    def _looks(self, version: str, share: Share) -> Hashable:
        looks = (share.loaded, share.loading is None, share.lib is None)
        if version != self._version:
            return looks
        holder = share.copy.container
        lib = None if share.lib is None else self._marks.get(share.lib.container)
        return (*looks, self._marks.get(holder), share.eager, share.strategy, lib)


def explore_quotient(
    reached: Reach,
    whole: Quotient,
    scope: str,
    limit: int,
    version: str | None = None,
    marks: Mapping[str, Hashable] | None = None,
    ties_last: bool = False,
) -> Exploration:
    """Plays a regular key; ``version`` and ``marks`` as for ``ScopeView``.

    ``ties_last``: who of two equal versions arrives first matters too, since one may not give way.
    """
    marks = marks or {}
    arrivals, is_complete = _arrivals(whole.roles, marks if version and ties_last else {})
    names = _ranks(whole.roles, marks) if version else ranked(tuple(whole.roles))
    ordered = sorted(whole.roles.values(), key=lambda each: names[each.name])
    # More requests than there are versions to load make no difference.
    most = 2 + len(
        {each.version for role in whole.roles.values() for each in role.container.provides}
    )
    shape = Shape(
        tuple(renamed_role(each, names) for each in ordered),
        names[reached.host],
        scope,
        tuple(tuple(names[each] for each in arrival) for arrival in arrivals),
        tuple(min(most, len(whole.members[whole.classes[each.name]])) for each in ordered),
        version,
        tuple(marks.get(each.name) for each in ordered),
        limit,
    )
    exploration = with_names(explored(_explore, shape), names)
    return exploration if is_complete else replace(exploration, is_complete=False)


def _ranks(roles: Mapping[str, Role], marks: Mapping[str, Hashable]) -> dict[str, str]:
    """Ranks where, of the names, nothing counts but what the marks say.

    Roles that look alike in several keys get the same rank, so that the keys have one shape.
    """
    order = {None: 0, "smaller": 1, "it": 2, "greater": 3}

    def looks(role: Role) -> tuple[object, ...]:
        container = role.container
        mark = order[marks.get(role.name)]  # type: ignore[index]
        return (mark, repr((container.provides, container.consumes)), len(container.remotes))

    ordered = sorted(roles.values(), key=looks)
    return {role.name: rank_name(position) for position, role in enumerate(ordered)}


def _explore(shape: Shape) -> Exploration:
    names = [each.name for each in shape.roles]
    view = ScopeView(shape.host, shape.scope, shape.version, dict(zip(names, shape.marks)))
    explorer = Explorer(
        {each.name: each for each in shape.roles},
        shape.host,
        is_regular=True,
        limit=shape.limit,
        arrivals=shape.arrivals,
        view=view,
        members_of=dict(zip(names, shape.members_of)),
        doubles=_doubles(shape),
        is_over=None if shape.version is None else view.is_decided,
    )
    return explorer.explore()


def _doubles(shape: Shape) -> dict[str, str]:
    """See ``Explorer``: for each container one of its looks and mark, or none."""
    versions = {each.version for role in shape.roles for each in role.container.provides}
    (host,) = (each for each in shape.roles if each.name == shape.host)
    direct = {each.name for each in host.container.remotes}
    found: dict[Hashable, str] = {}
    looks = {
        role.name: (mark, looks_for_others(role)) for role, mark in zip(shape.roles, shape.marks)
    }
    for role, count in zip(shape.roles, shape.members_of):
        if role.name in direct and count > 1 + len(versions):
            found.setdefault(looks[role.name], role.name)
    return {
        name: found[each]
        for name, each in looks.items()
        if each in found and found[each] != name and name != shape.host
    }


def block(role: Role, marks: Mapping[str, Hashable]) -> Hashable:
    """Containers of one block may as well arrive together."""
    versions = tuple(each.version for each in role.container.provides)
    return (versions, repr(marks.get(role.name)))


def _arrivals(
    roles: Mapping[str, Role], marks: Mapping[str, Hashable]
) -> tuple[list[tuple[str, ...]], bool]:
    together = arriving_together(roles)
    silent = [name for name in together if not roles[name].container.provides]
    blocks: dict[Hashable, list[str]] = {}
    for name in together:
        if roles[name].container.provides:
            blocks.setdefault(block(roles[name], marks), []).append(name)
    orders = itertools.permutations(blocks.values())
    arrivals = [
        (*silent, *itertools.chain.from_iterable(order))
        for order in itertools.islice(orders, MAX_ARRIVALS)
    ]
    return arrivals, next(orders, None) is None


def arriving_together(roles: Mapping[str, Role]) -> tuple[str, ...]:
    """The remotes of ``version-first`` containers: these load them without being asked."""
    return tuple(
        dict.fromkeys(
            remote.name
            for role in roles.values()
            if role.container.strategy is Strategy.VERSION_FIRST
            for remote in role.container.remotes
        )
    )


def full_arrival(
    roles: Mapping[str, Role], whole: Quotient, arrival: Tuple[str, ...]
) -> Tuple[str, ...]:
    """An order of arrival of the containers that stand for the others, as one of all."""
    rank = {whole.classes[name]: position for position, name in enumerate(arrival)}
    together = arriving_together(roles)
    return tuple(sorted(together, key=lambda name: rank.get(whole.classes[name], len(rank))))

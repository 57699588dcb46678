"""Whose copy it can be: of equal versions, names and the order of loading decide."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import cmp_to_key
from typing import Dict, FrozenSet, List, Set, Tuple

from module_federation.sharing.negotiation import (
    Container,
    LoadShareSync,
    Provide,
    Strategy,
)
from module_federation.sharing.negotiation.choice import is_greater_name
from module_federation.sharing.negotiation.model import UNVERSIONED
from module_federation.sharing.plan.exploration.classes import Reach, Role
from module_federation.sharing.plan.exploration.collapse import explore_quotient
from module_federation.sharing.plan.exploration.explore import looks_of
from module_federation.sharing.plan.exploration.quotient import Quotient, quotient

_Fate = Tuple[int, int, Hashable]
"""(class of a consumer, index of its consume, how its outcome looks)."""


def sole_provider(
    reached: Reach, roles: Mapping[str, Role], version: str, providers: Tuple[str, ...]
) -> str | None:
    """The container whose copy of a version it always is; None when that depends.

    * The only one that provides it.
    * The host, if its copy is registered from the start and nothing can replace it: it is eager or
      loaded, or the host is ``loaded-first``.
    * The greatest name, if a ``version-first`` host registers all of them before anything is
      loaded, and each of them gives way to a greater name.

    Source: ``register`` in ``initializeSharing`` of ``@module-federation/runtime-core`` 2.9.2; see
    ``PageDraft.register_own``.
    """
    containers = {name: roles[name].container for name in providers}
    copies = {
        name: (container, each)
        for name, container in containers.items()
        for each in container.provides
        if version_of(each) == version
    }
    host = roles[reached.host]
    first = host.container.provides[0] if host.container.provides else None
    if first is not None and version_of(first) != version:
        first = None
    asks_at_once = any(isinstance(each.step, LoadShareSync) for each in host.start)
    return _sole(reached, copies, first, asks_at_once)


def _sole(
    reached: Reach,
    copies: Mapping[str, Tuple[Container, Provide]],
    host_copy: Provide | None,
    asks_at_once: bool,
) -> str | None:
    if len(copies) == 1:
        return next(iter(copies))
    if host_copy is not None and not _gives_way(reached.members[reached.host].container, host_copy):
        return reached.host
    if asks_at_once or not reached.initialized_by_host.issuperset(copies):
        return None
    if not all(_gives_way(*copy) for copy in copies.values()):
        return None
    greatest, *others = copies
    for name in others:
        greatest = name if is_greater_name(name, greatest) else greatest
    return greatest


def equal_providers(reached: Reach, provides: Mapping[str, Provide]) -> Tuple[str, ...] | None:
    """Whose copy of a key's only version it can be, the same for all consumers; None if unknown.

    Either there is a ``sole_provider``, or nobody gives way and nothing is initialised before it is
    asked for: then it is the first to be loaded, which can be anybody who is not loaded by another
    one that provides it.
    """
    members = reached.members
    copies = {name: (members[name].container, each) for name, each in provides.items()}
    sole = _sole(reached, copies, provides.get(reached.host), False)
    if sole is not None:
        return (sole,)
    if any(_gives_way(*copy) for copy in copies.values()):
        return None
    if any(
        member.container.strategy is Strategy.VERSION_FIRST and member.container.remotes
        for member in members.values()
    ):
        return None
    found: Set[str] = set()
    seen = {reached.host}
    waiting = [reached.host]
    while waiting:
        for remote in members[waiting.pop()].container.remotes:
            if remote.name in provides:
                found.add(remote.name)
            elif remote.name not in seen:
                seen.add(remote.name)
                waiting.append(remote.name)
    return tuple(sorted(found))


def version_of(provide: Provide) -> str:
    """The version under which the runtime registers it."""
    return UNVERSIONED if provide.version is None else provide.version


def _gives_way(container: Container, provide: Provide) -> bool:
    return (
        container.strategy is not Strategy.LOADED_FIRST and not provide.eager and not provide.loaded
    )


class Providers:
    """The possible providers of one version of a regular key, found by playing.

    For one of them, all that matters of the others is whether their name is smaller or greater: so
    each container that provides the version is tried with the others in two groups. Of those that
    are of one class and have the same classes in either group, one is tried.
    """

    def __init__(
        self,
        reached: Reach,
        roles: Mapping[str, Role],
        whole: Quotient,
        scope: str,
        version: str,
        names: Tuple[str, ...],
        limit: int,
    ) -> None:
        self._whole = whole
        self._names = names
        self._fates: Dict[str, FrozenSet[Tuple[Hashable, _Fate]]] = {}
        self.is_complete = True
        self.states = 0
        gives_way = {
            _gives_way(roles[name].container, each)
            for name in names
            for each in roles[name].container.provides
            if version_of(each) == version
        }
        self._below: Dict[str, Set[str]] = {}
        for name in names:
            for loader in _asking_loaders(reached, roles, name):
                self._below.setdefault(loader, set()).add(name)
        # Where nobody gives way, names do not matter.
        self._is_by_name = True in gives_way
        tried: Dict[Hashable, FrozenSet[Tuple[Hashable, _Fate]]] = {}
        for name, kind in self._kinds().items():
            if kind not in tried:
                marks = {each: self._relation(each, name) for each in names}
                marked = quotient(reached, roles, marks, whole.looks)
                exploration = explore_quotient(
                    reached, marked, scope, limit, version, marks, False in gives_way
                )
                self.is_complete = self.is_complete and exploration.is_complete
                self.states += exploration.states
                fates: Set[Tuple[Hashable, _Fate]] = set()
                for (consumer, index), all_played in exploration.played.items():
                    for played in all_played:
                        copy = played.outcome.copy
                        if copy is not None and copy.container == name:
                            fate = (whole.classes[consumer], index, looks_of(played.outcome))
                            fates.add((marks.get(consumer), fate))
                tried[kind] = frozenset(fates)
            self._fates[name] = tried[kind]
        self._answers: Dict[Hashable, Tuple[str, ...]] = {}

    def _kinds(self) -> Dict[str, Hashable]:
        """Each provider, with what it has in common with those for which it can be tried."""
        classes = self._whole.classes
        if not self._is_by_name:
            return {name: classes[name] for name in self._names}
        ascending = sorted(self._names, key=cmp_to_key(_compare_names))
        kinds: Dict[str, List[Hashable]] = {name: [classes[name]] for name in self._names}
        for order in (ascending, ascending[::-1]):
            passed: FrozenSet[int] = frozenset()
            for name in order:
                kinds[name].append(passed)
                if classes[name] not in passed:
                    passed |= {classes[name]}
        return {name: tuple(kind) for name, kind in kinds.items()}

    def of(self, consumer: str, index: int, looks: Hashable) -> Tuple[str, ...]:
        """The containers whose copy it can be when a request comes to an outcome."""
        found = self._of_class(consumer, (self._whole.classes[consumer], index, looks))
        below = self._below.get(consumer)
        return tuple(each for each in found if each not in below) if below else found

    def _of_class(self, consumer: str, fate: _Fate) -> Tuple[str, ...]:
        """The providers for one of a class, some of which it may have to load itself."""
        if consumer not in self._fates:
            return self._of_others(fate, None)
        if self._is_by_name:
            return tuple(
                sorted(
                    name
                    for name, fates in self._fates.items()
                    if (self._relation(consumer, name), fate) in fates
                )
            )
        others = self._of_others(fate, "smaller")
        is_own = ("it", fate) in self._fates[consumer]
        if is_own == (consumer in others):
            return others
        if is_own:
            return tuple(sorted((*others, consumer)))
        return tuple(name for name in others if name != consumer)

    def _of_others(self, fate: _Fate, relation: str | None) -> Tuple[str, ...]:
        """The providers for a consumer that stands to all of them in one relation."""
        if (fate, relation) not in self._answers:
            self._answers[fate, relation] = tuple(
                sorted(name for name, fates in self._fates.items() if (relation, fate) in fates)
            )
        return self._answers[fate, relation]

    def _relation(self, name: str, provider: str) -> str:
        if name == provider:
            return "it"
        return "greater" if self._is_by_name and is_greater_name(name, provider) else "smaller"


def _asking_loaders(reached: Reach, roles: Mapping[str, Role], name: str) -> List[str]:
    """Those without which a container cannot be loaded, and that ask as soon as they are loaded.

    They never get its copy, though others of their class may. (A ``version-first`` one does, whose
    remotes' shares are registered before it asks; and so may all, if the host is such a one.)
    """
    if name in reached.initialized_by_host:
        return []
    above = _above(reached, roles, name, None)
    return [
        each
        for each in above
        if each != reached.host
        and roles[each].start
        and reached.host not in _above(reached, roles, name, each)
        and name not in _initialized_by(roles, each)
    ]


def _initialized_by(roles: Mapping[str, Role], name: str) -> Set[str]:
    """The containers whose shares are registered as soon as one is loaded."""
    found = {name}
    waiting = [name]
    while waiting:
        container = roles[waiting.pop()].container
        for remote in container.remotes if container.strategy is Strategy.VERSION_FIRST else ():
            if remote.name not in found:
                found.add(remote.name)
                waiting.append(remote.name)
    return found


def _above(
    reached: Reach, roles: Mapping[str, Role], name: str, without: str | None
) -> Dict[str, None]:
    """Those by way of which a container can be loaded, if one of them is not there."""
    found: Dict[str, None] = {}
    waiting = [name]
    while waiting:
        for parent in reached.parents[waiting.pop()]:
            if parent in roles and parent not in found and parent != without:
                found[parent] = None
                waiting.append(parent)
    return found


def _compare_names(left: str, right: str) -> int:
    return is_greater_name(left, right) - is_greater_name(right, left)

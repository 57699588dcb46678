"""A planned federation as the finders look at it: every question of a container, with its facts."""

from __future__ import annotations

import dataclasses
from typing import AbstractSet, Iterable, Mapping, NamedTuple, Sequence, Tuple

from module_federation.sharing.finding_policy import AS_USUAL, FindingPolicy
from module_federation.sharing.negotiation import (
    Consume,
    Container,
    Federation,
    FederationError,
    Provide,
)
from module_federation.sharing.negotiation.model import scope_names
from module_federation.sharing.plan.members import KeyFacts, Member
from module_federation.sharing.plan.model import ConsumerPlan, KeyPlan, Possibility

Covered = AbstractSet[Tuple[str, str]]
"""(container, package) pairs about which something worse is said already."""


class Ask(NamedTuple):
    """One container's request for one key, what can come of it, and what is known about it.

    ``required`` and ``singleton`` are what counts at run time: where a bundle names neither, its
    own provide does (``getTargetSharedOptions`` of runtime-core).
    """

    member: Member
    container: str
    key: str
    package: str
    consume: Consume
    possibilities: tuple[Possibility, ...]
    facts: KeyFacts
    required: str | bool | None
    singleton: bool


class PlanView:
    """Members and their planned keys, indexed. Nothing of it is to be changed.

    Attributes:
        host: The host's container name.
        members: Those that the host can reach: itself first, the others by name.
        keys: Their plans.
        policy: Decides which problems are told together: silenced ones and others never are.
        asks: Key → its requests, in the order of the members.
        packages: Package → the plans of its keys.
        scopes: The names of all share scopes that anybody uses.
        notable: The requests that can fail, warn, or have several outcomes, in the order of asks.
    """

    def __init__(
        self,
        members: Sequence[Member],
        host: str,
        keys: Sequence[KeyPlan],
        policy: FindingPolicy = AS_USUAL,
    ) -> None:
        self.host = host
        self.members = reachable(members, host)
        self.keys = tuple(keys)
        self.policy = policy
        self.by_name: Mapping[str, Member] = {each.name: each for each in self.members}
        self.asks: Mapping[str, tuple[Ask, ...]] = {
            plan.key: tuple(self._ask(plan, consumer) for consumer in plan.consumers)
            for plan in self.keys
        }
        self.notable = tuple(
            ask
            for ask in self.all_asks()
            if len(ask.possibilities) != 1
            or ask.possibilities[0].failure is not None
            or ask.possibilities[0].warnings
        )
        self.packages: Mapping[str, tuple[KeyPlan, ...]] = _by_package(self.keys)
        self._certain = frozenset(
            (member.name, facts.package)
            for member in self.members
            for key, facts in member.facts.items()
            if key in member.certain
        )
        self.scopes = frozenset(_scopes(self.members))
        self._stateful = dict(self._stateful_reasons())
        self._parents = _parents(self.by_name, host)
        self._by_key = {each.name: _by_key(each.container) for each in self.members}

    def all_asks(self) -> Iterable[Ask]:
        """Every request, by key and then in the order of the members."""
        return (ask for asks in self.asks.values() for ask in asks)

    def _ask(self, plan: KeyPlan, consumer: ConsumerPlan) -> Ask:
        member, consume = self.by_name[consumer.container], consumer.consume
        facts = member.facts.get(plan.key)
        required, singleton = consume.required, consume.singleton
        if required is None or singleton is None:
            own = [each for each in member.container.provides if each.key == plan.key]
            if own and required is None:
                required = (
                    own[-1].required if own[-1].required is not None else f"^{own[-1].version}"
                )
            if own and singleton is None:
                singleton = own[-1].singleton
        return Ask(
            member,
            consumer.container,
            plan.key,
            plan.package,
            consume,
            consumer.possibilities,
            facts if facts is not None else KeyFacts(plan.package),
            required,
            bool(singleton),
        )

    def is_certain(self, ask: Ask) -> bool:
        """Whether the container is certain to ask for some key of the package."""
        return ask.key in ask.member.certain or (ask.container, ask.package) in self._certain

    def _stateful_reasons(self) -> Iterable[tuple[str, str]]:
        """Package → why it is stateful, the reasons that count last first."""
        for ask in self.all_asks():
            if ask.singleton:
                yield ask.package, f"{ask.container} shares it as a singleton"
        for member in reversed(self.members):
            for facts in member.facts.values():
                if facts.stateful_because:
                    yield facts.package, facts.stateful_because

    def stateful_because(self, package: str) -> str | None:
        """Why two copies of a package would be wrong; None when nothing says so."""
        return self._stateful.get(package)

    def origin_of(self, container: str, key: str, version: str) -> str:
        """``acme__shell provides 19.3.1 (react@19.3.1 in node_modules/react)``."""
        facts = self.by_name[container].facts.get(key) if container in self.by_name else None
        origin = f" ({facts.version_origin})" if facts and facts.version_origin else ""
        return f"{container} provides {version}{origin}"

    def federation_of(self, key: str, names: AbstractSet[str] | None = None) -> Federation:
        """The reachable containers, or some of them, as if nothing but ``key`` were shared."""
        known = self.by_name.keys() if names is None else names
        return Federation(
            tuple(
                dataclasses.replace(
                    each.container,
                    provides=tuple(provides),
                    consumes=tuple(consumes),
                    remotes=tuple(
                        remote for remote in each.container.remotes if remote.name in known
                    ),
                )
                for each in self.members
                if each.name in known
                for provides, consumes in (self._by_key[each.name].get(key, ((), ())),)
            )
        )

    def path_to(self, container: str) -> tuple[str, ...]:
        """The containers by way of which the host loads one, both ends included."""
        path = [container]
        while path[-1] != self.host:
            path.append(self._parents[path[-1]])
        return tuple(reversed(path))


def _by_key(container: Container) -> Mapping[str, tuple[list[Provide], list[Consume]]]:
    found: dict[str, tuple[list[Provide], list[Consume]]] = {}
    for provide in container.provides:
        found.setdefault(provide.key, ([], []))[0].append(provide)
    for consume in container.consumes:
        found.setdefault(consume.key, ([], []))[1].append(consume)
    return found


def _scopes(members: Iterable[Member]) -> Iterable[str]:
    for member in members:
        container = member.container
        yield from scope_names(container.scope)
        for provide in container.provides:
            yield provide.scope
        for consume in container.consumes:
            yield from consume.scopes
        for remote in container.remotes:
            yield from scope_names(remote.scope)


def _by_package(keys: Iterable[KeyPlan]) -> Mapping[str, tuple[KeyPlan, ...]]:
    found: dict[str, list[KeyPlan]] = {}
    for plan in keys:
        found.setdefault(plan.package, []).append(plan)
    return {name: tuple(plans) for name, plans in found.items()}


def _parents(by_name: Mapping[str, Member], host: str) -> Mapping[str, str]:
    """Each container that the host can reach, and the first one by which it is loaded."""
    found = {host: host}
    queue = [host]
    for name in queue:
        for remote in by_name[name].container.remotes:
            if remote.name in by_name and remote.name not in found:
                found[remote.name] = name
                queue.append(remote.name)
    return found


def reachable(members: Sequence[Member], host: str) -> tuple[Member, ...]:
    """The members that the host can load: itself first, the others by name.

    Raises:
        FederationError: Two members have one name, or none has the host's.
    """
    by_name: dict[str, Member] = {}
    for member in members:
        other = by_name.setdefault(member.name, member)
        if other is not member:
            raise FederationError(
                f"Two containers are named {member.name!r}, {other.label} and {member.label}: the "
                "page takes them for one. Rename one of them."
            )
    if host not in by_name:
        known = ", ".join(sorted(by_name)) or "none"
        raise FederationError(f"No container is named {host!r}; there are {known}.")
    found = _parents(by_name, host)
    others = sorted(name for name in found if name != host)
    return (by_name[host], *(by_name[name] for name in others))

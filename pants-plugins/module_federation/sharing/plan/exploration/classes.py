"""What one share key asks of each container, and which containers cannot be told apart for it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from module_federation.sharing.negotiation import (
    Consume,
    Container,
    Federation,
    FederationError,
    Initialize,
    LoadShare,
    LoadShareSync,
    Provide,
    Step,
    Strategy,
)
from module_federation.sharing.plan.members import Member

PLACEHOLDER = "\0"
"""Stands for the share key while a key is planned: keys of one shape are planned once."""


@dataclass(frozen=True)
class Reach:
    """The containers that a page can load, by name, in the order of the members.

    Attributes:
        host: The name of the host, which is one of them.
        members: Name → member. The container's remotes are those that the page can load.
        parents: Name → the names of the containers that load it.
        loaders: Name → the container that loads it first on the shortest way from the host.
        scope: The share scope, if all hand over and take the same one, and there are no circles.
        initialized_by_host: Whose shares are registered as soon as the host asks for anything: the
            host itself and, where it is ``version-first``, its remotes, theirs, and so on.
        has_waits_in_circles: Whether ``version-first`` containers load each other: then they can
            wait for each other for ever.
    """

    host: str
    members: Mapping[str, Member]
    parents: Mapping[str, tuple[str, ...]]
    loaders: Mapping[str, str]
    scope: str | None
    initialized_by_host: frozenset[str]
    has_waits_in_circles: bool


@dataclass(frozen=True)
class Request:
    """One step by which a container asks for the key; ``index`` is that of its consume."""

    index: int
    step: Step


@dataclass(frozen=True)
class Role:
    """One container, as far as one key is concerned; the key is called ``PLACEHOLDER``.

    Attributes:
        container: Without all other keys, and with no remotes but those that matter for the key.
        consumes: What it asks for, in the container's order.
        start: What it does as soon as it starts or is loaded, in this order.
        later: What it may ask for at any later time.
        initializations: What it does for other keys at any later time.
    """

    container: Container
    consumes: tuple[Consume, ...]
    start: tuple[Request, ...] = ()
    later: tuple[Request, ...] = ()
    initializations: tuple[Step, ...] = ()

    @property
    def name(self) -> str:
        """The container's name."""
        return self.container.name

    @property
    def is_silent(self) -> bool:
        """Whether it neither provides the key nor asks for it."""
        return not self.container.provides and not self.consumes


def reach(members: Sequence[Member], host: str) -> Reach:
    """The containers that can be loaded from the host.

    Left out: members that nothing leads to, a second member of a name, and remotes that are no
    members, that have no entry (an application that starts the runtime itself), or that are handed
    a share scope without a usable name.

    Raises:
        ValueError: no member is named like the host.
    """
    by_name: dict[str, Member] = {}
    for member in members:
        by_name.setdefault(member.name, member)
    if host not in by_name:
        raise ValueError(f"No member is named {host!r}; there are {', '.join(by_name) or 'none'}.")
    found = {host: _with_loadable_remotes(by_name[host], by_name)}
    loaders: dict[str, str] = {}
    waiting = [host]
    for name in waiting:
        for remote in found[name].container.remotes:
            if remote.name not in found:
                found[remote.name] = _with_loadable_remotes(by_name[remote.name], by_name)
                loaders[remote.name] = name
                waiting.append(remote.name)
    ordered = {name: found[name] for name in by_name if name in found}
    parents: dict[str, list[str]] = {name: [] for name in ordered}
    for name, member in ordered.items():
        for remote in member.container.remotes:
            parents[remote.name].append(name)
    has_circle = _has_circle(ordered)
    return Reach(
        host,
        ordered,
        {name: tuple(dict.fromkeys(each)) for name, each in parents.items()},
        loaders,
        None if has_circle else _only_scope(ordered.values()),
        frozenset(_initialized(ordered, host)),
        has_circle,
    )


def _only_scope(members: Iterable[Member]) -> str | None:
    scopes: set[object] = set()
    for member in members:
        scopes.add(member.container.scope)
        scopes.update(each.scope for each in member.container.remotes)
    scope = next(iter(scopes)) if len(scopes) == 1 else None
    return scope if isinstance(scope, str) else None


def _with_loadable_remotes(member: Member, members: Mapping[str, Member]) -> Member:
    remotes = tuple(
        remote
        for remote in member.container.remotes
        if remote.name in members and _is_possible(member.container, members[remote.name].container)
    )
    if len(remotes) == len(member.container.remotes):
        return member
    return replace(member, container=replace(member.container, remotes=remotes))


def _is_possible(container: Container, loaded: Container) -> bool:
    remotes = tuple(each for each in container.remotes if each.name == loaded.name)
    bare = replace(container, provides=(), consumes=(), remotes=remotes)
    others = (
        () if bare.name == loaded.name else (replace(loaded, provides=(), consumes=(), remotes=()),)
    )
    return is_possible(bare, *others)


def is_possible(*containers: Container) -> bool:
    """Whether the runtime's model takes these containers for a federation."""
    try:
        Federation(containers)
    except FederationError:
        return False
    return True


def _is_version_first(container: Container) -> bool:
    return container.strategy is Strategy.VERSION_FIRST


def _initialized(members: Mapping[str, Member], host: str) -> set[str]:
    found, waiting = {host}, [host]
    if not members[host].container.is_bundle:
        return found
    while waiting:
        container = members[waiting.pop()].container
        for remote in container.remotes if _is_version_first(container) else ():
            if remote.name not in found:
                found.add(remote.name)
                waiting.append(remote.name)
    return found


def _has_circle(members: Mapping[str, Member]) -> bool:
    """Whether there is a circle of ``version-first`` containers: those left by taking leaves."""
    edges = {
        name: {
            remote.name
            for remote in member.container.remotes
            if _is_version_first(members[remote.name].container)
        }
        for name, member in members.items()
        if _is_version_first(member.container)
    }
    parents: dict[str, list[str]] = {name: [] for name in edges}
    for name, targets in edges.items():
        for target in targets:
            parents[target].append(name)
    leaves = [name for name, targets in edges.items() if not targets]
    left = len(edges)
    while leaves:
        left -= 1
        leaf = leaves.pop()
        for parent in parents[leaf]:
            edges[parent].discard(leaf)
            if not edges[parent]:
                leaves.append(parent)
    return left > 0


def role(
    member: Member,
    key: str,
    provides: Iterable[Provide],
    consumes: Iterable[Consume],
    with_other_keys: bool = True,
) -> Role:
    """What a container does for one key, of which these are its provides and consumes.

    Requests ``with_other_keys`` count as initializations of their share scopes.
    """
    consumes = tuple(replace(each, key=PLACEHOLDER) for each in consumes)
    container = replace(
        member.container,
        provides=tuple(replace(each, key=PLACEHOLDER) for each in provides),
        consumes=consumes,
    )
    if not container.is_bundle:
        return Role(container, ())
    at_start, later = _initializations(member, key) if with_other_keys else ((), ())
    name = container.name
    start = [Request(-1, each) for each in at_start]
    kind: type[LoadShare] | type[LoadShareSync] = (
        LoadShareSync if key in member.initial else LoadShare
    )
    asked = [Request(index, kind(name, consume)) for index, consume in enumerate(consumes)]
    if key in member.initial:
        return Role(container, consumes, (*asked, *start), (), later)
    if key in member.at_start:
        return Role(container, consumes, (*start, *asked), (), later)
    return Role(container, consumes, tuple(start), tuple(asked), later)


def _initializations(member: Member, key: str) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """What requests for other keys do to a key: they make their share scopes ready."""
    at_start: dict[Step, None] = {}
    later: dict[Step, None] = {}
    for consume in member.container.consumes:
        if consume.key == key:
            continue
        is_sync = consume.key in member.initial
        # A list of scopes counts as one name: see ``load_share_sync``.
        scopes = (",".join(consume.scopes),) if is_sync else consume.scopes
        into = at_start if is_sync or consume.key in member.at_start else later
        into[Initialize(member.name, scopes)] = None
    return tuple(at_start), tuple(each for each in later if each not in at_start)


def numbered_looks(roles: Mapping[str, Role]) -> dict[str, int]:
    """Name → a number that those have in common that provide and ask for the same alike."""
    return _numbered({name: looks_for_others(role) for name, role in roles.items()})


def partition(
    roles: Mapping[str, Role],
    looks: Mapping[str, int],
    parents: Mapping[str, Iterable[str]],
    mark: Callable[[str], Hashable],
    told_by: Mapping[str, Iterable[str]],
) -> dict[str, int]:
    """Name → class, such that containers of one class cannot be told apart but by name.

    They provide and ask for the same, in the same way and at the same time, carry the same
    ``mark``, and whatever class loads one of them does so for all: the coarsest such partition,
    found by refinement. Of what they load themselves, the remotes that they are ``told_by`` are of
    the same classes. Classes are numbered by their first member.
    """
    colours: dict[str, int] = _numbered({name: (mark(name), looks[name]) for name in roles})
    count = 0
    while len(set(colours.values())) > count:
        count = len(set(colours.values()))
        colours = _numbered(
            {
                name: (
                    colours[name],
                    frozenset(colours[each] for each in told_by[name]),
                    frozenset(colours[each] for each in parents[name] if each in colours),
                )
                for name in roles
            }
        )
    return colours


def _numbered(values: Mapping[str, Hashable]) -> dict[str, int]:
    numbers: dict[Hashable, int] = {}
    return {name: numbers.setdefault(value, len(numbers)) for name, value in values.items()}


def looks_for_others(role: Role) -> Hashable:
    """What a container provides and asks for, how and when, whatever its name and its remotes."""
    container = role.container
    return (
        container.provides,
        container.consumes,
        tuple((each.index, type(each.step), _scopes(each.step)) for each in role.start),
        tuple(_scopes(each) for each in role.initializations),
        container.strategy,
        container.scope,
        container.is_bundle,
    )


def _scopes(step: Step) -> tuple[str, ...]:
    return step.scopes if isinstance(step, Initialize) else ()

"""Load orders of a federation, played from an empty page on, as frames that a page can replay.

A frame says what happened and what came of it. Whoever shows frame n shows what the frames up to n
add up to: nothing that a container got is ever taken away from it again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import AbstractSet, Dict, Iterable, Iterator, List, Sequence, Tuple

from module_federation.sharing.findings import Finding
from module_federation.sharing.negotiation import (
    Consume,
    Container,
    Failure,
    Federation,
    FederationError,
    Initialize,
    LoadRemote,
    LoadShare,
    LoadShareSync,
    Outcome,
    PageState,
    Step,
    perform,
    start,
)
from module_federation.sharing.plan.members import Member
from module_federation.sharing.plan.model import FederationPlan, KeyPlan, Possibility

MAX_VISITED = 48
"""So many containers are visited in one load order; of more, those that stand for the others."""

MAX_FINDING_REPLAYS = 60
"""So many load orders of findings are replayed, those of the most severe findings first; fewer in
federations of more than a hundred containers, where each takes longer to play."""

# A step copies what is registered, and loading a remote looks at all others: with several keys in
# one federation the second is done once for all of them, and the first stays cheap.
_KEYS_AT_ONCE = 10


@dataclass(frozen=True)
class Get:
    """What one request of a frame got."""

    key: str
    consume: Consume
    outcome: Outcome


@dataclass(frozen=True)
class Frame:
    """One thing that happens.

    Attributes:
        does: ``starts``, ``loads`` (``remote``), ``asks``, ``asks-at-once`` or ``initializes``.
        arrives: Containers whose entry has arrived in this frame, sorted.
        failure: Why ``remote`` could not be loaded.
    """

    does: str
    container: str
    remote: str | None = None
    arrives: tuple[str, ...] = ()
    gets: tuple[Get, ...] = ()
    failure: Failure | None = None


@dataclass(frozen=True)
class Replay:
    """One load order.

    Attributes:
        about: ``declared``, ``reverse`` or ``finding``.
        frames: In the order of time.
        findings: Positions, in the plan's findings, of those that the order shows.
        keys: The share keys that were played.
        is_whole: Every container that can be loaded is.
    """

    about: str
    frames: tuple[Frame, ...]
    findings: tuple[int, ...] = ()
    keys: tuple[str, ...] = ()
    is_whole: bool = True


def replays(plan: FederationPlan, stand_ins: Sequence[str]) -> tuple[Replay, ...]:
    """The declared load order, the reverse one, and those that the findings speak of.

    Args:
        stand_ins: Names of containers that stand for all, the most important first: in a
            federation of more than ``MAX_VISITED`` containers only they, and not more than that,
            are loaded in the first two orders. The others are still there to be registered.

    A federation that the runtime cannot hold (two containers of one name) has none.
    """
    try:
        theatre = _Theatre(plan, stand_ins)
        orders = [theatre.tour("declared"), theatre.tour("reverse")]
    except FederationError:
        return ()
    if orders[0].frames == orders[1].frames:
        del orders[1]
    return (*orders, *theatre.of_findings())


class _Theatre:
    """Plays load orders of one plan."""

    def __init__(self, plan: FederationPlan, stand_ins: Sequence[str]) -> None:
        self._plan = plan
        self._members: Dict[str, Member] = {each.name: each for each in plan.members}
        self._keys = [each.key for each in plan.keys]
        loadable = _loadable(self._members, plan.host)
        self._is_whole = len(loadable) <= MAX_VISITED
        self._visited = (
            frozenset(loadable)
            if self._is_whole
            else _with_ways(
                self._members, plan.host, [each for each in stand_ins if each in loadable]
            )
        )

    def tour(self, about: str) -> Replay:
        """Every visited container is loaded and asks, depth first, later requests at the end."""
        stops = list(self._stops(self._plan.host, is_reversed=about == "reverse", seen=set()))
        visits = [
            *(visit for stop in stops for visit in stop),
            *((name, None, False) for name in _asking_later(self._members, stops)),
        ]
        gets: List[List[Get]] = [[] for _ in visits]
        arrives: List[Tuple[str, ...]] = [() for _ in visits]
        failures: List[Failure | None] = [None for _ in visits]
        for chunk in range(0, len(self._keys), _KEYS_AT_ONCE) or (0,):
            keys = frozenset(self._keys[chunk : chunk + _KEYS_AT_ONCE])
            state = start(self._federation(keys))
            for number, visit in enumerate(visits):
                before = state.arrived
                for step in _steps_of(self._members[visit[0]], visit, keys):
                    state, outcome = perform(state, step)
                    if isinstance(step, (LoadShare, LoadShareSync)):
                        gets[number].append(Get(step.consume.key, step.consume, outcome))
                    elif isinstance(step, LoadRemote):
                        failures[number] = outcome.failure
                if chunk == 0:
                    arrives[number] = tuple(sorted(state.arrived - before))
        frames = [
            Frame(
                _deed(visit, self._plan.host),
                visit[0],
                visit[1],
                arrives[number],
                tuple(gets[number]),
                failures[number],
            )
            for number, visit in enumerate(visits)
            if visit[1] is not None or gets[number] or visit[0] == self._plan.host
        ]
        return Replay(about, tuple(frames), (), tuple(self._keys), self._is_whole)

    def of_findings(self) -> Iterator[Replay]:
        """The shortest load order to each finding that has one, each order once."""
        found: Dict[Tuple[str, Tuple[Step, ...]], List[int]] = {}
        order = sorted(
            range(len(self._plan.findings)),
            key=lambda index: (
                self._plan.findings[index].silenced_because is not None,
                _SEVERITIES.index(self._plan.findings[index].severity.value),
                index,
            ),
        )
        for index in order:
            shown = _shown_by(self._plan, self._plan.findings[index])
            if shown is not None:
                found.setdefault((shown[0].key, shown[1].trace), []).append(index)
        most = min(MAX_FINDING_REPLAYS, max(12, 100 * MAX_FINDING_REPLAYS // len(self._members)))
        empty_pages: Dict[str, PageState] = {}
        for (key, trace), findings in list(found.items())[:most]:
            if key not in empty_pages:
                empty_pages[key] = start(self._federation(frozenset((key,))))
            frames = tuple(_frames(empty_pages[key], key, trace))
            yield Replay("finding", frames, tuple(findings), (key,), is_whole=False)

    def _federation(self, keys: AbstractSet[str]) -> Federation:
        """All containers, as if nothing but some keys were shared; see ``Federation.by_key``."""
        return Federation(
            tuple(_cut(member.container, keys, self._members) for member in self._members.values())
        )

    def _stops(
        self, name: str, *, is_reversed: bool, seen: set[str]
    ) -> Iterator[list[tuple[str, str | None, bool]]]:
        seen.add(name)
        if name == self._plan.host:
            yield [(name, None, True)]
        remotes = [each.name for each in self._members[name].container.remotes]
        for remote in reversed(remotes) if is_reversed else remotes:
            if remote in self._visited and remote not in seen:
                yield [(name, remote, False), (remote, None, True)]
                yield from self._stops(remote, is_reversed=is_reversed, seen=seen)


def _frames(state: PageState, key: str, trace: Iterable[Step]) -> Iterator[Frame]:
    for step in trace:
        before = state.arrived
        state, outcome = perform(state, step)
        arrives = tuple(sorted(state.arrived - before))
        if isinstance(step, LoadRemote):
            yield Frame("loads", step.container, step.remote, arrives, failure=outcome.failure)
        elif isinstance(step, Initialize):
            yield Frame("initializes", step.container, None, arrives, failure=outcome.failure)
        else:
            does = "asks-at-once" if isinstance(step, LoadShareSync) else "asks"
            yield Frame(does, step.container, None, arrives, (Get(key, step.consume, outcome),))


_Visit = Tuple[str, "str | None", bool]
_SEVERITIES = ("error", "warning", "info")


def _steps_of(member: Member, visit: _Visit, keys: AbstractSet[str]) -> Iterator[Step]:
    name, remote, is_first = visit
    if remote is not None:
        yield LoadRemote(name, remote)
        return
    if not member.container.is_bundle:
        if is_first:
            yield Initialize(name)
        return
    asked = [each for each in member.container.consumes if each.key in keys]
    if not is_first:
        yield from (LoadShare(name, each) for each in asked if not _is_early(member, each))
        return
    yield from (LoadShareSync(name, each) for each in asked if each.key in member.initial)
    # Asking for a key that is not played here makes its share scopes ready all the same.
    early = (each for each in member.container.consumes if _is_early(member, each))
    scopes = tuple({scope: 0 for each in early for scope in each.scopes})
    if scopes:
        yield Initialize(name, scopes)
    yield from (
        LoadShare(name, each)
        for each in asked
        if each.key in member.at_start and each.key not in member.initial
    )


def _is_early(member: Member, consume: Consume) -> bool:
    return consume.key in member.at_start or consume.key in member.initial


def _asking_later(members: Dict[str, Member], stops: list[list[_Visit]]) -> Iterator[str]:
    for stop in stops:
        member = members[stop[-1][0]]
        if any(not _is_early(member, each) for each in member.container.consumes):
            yield member.name


def _deed(visit: _Visit, host: str) -> str:
    if visit[1] is not None:
        return "loads"
    return "starts" if visit[2] and visit[0] == host else "asks"


def _loadable(members: Dict[str, Member], host: str) -> list[str]:
    found = {host: 0}
    waiting = [host]
    for name in waiting:
        for remote in members[name].container.remotes:
            if remote.name in members and remote.name not in found:
                found[remote.name] = 0
                waiting.append(remote.name)
    return waiting


def _with_ways(members: Dict[str, Member], host: str, names: Sequence[str]) -> frozenset[str]:
    """As many of the names as may be visited, with the containers that load them."""
    loader: Dict[str, str] = {}
    for name in _loadable(members, host):
        for remote in members[name].container.remotes:
            loader.setdefault(remote.name, name)
    visited = {host}
    for name in names:
        way: List[str] = []
        while name not in visited and name not in way:
            way.append(name)
            name = loader[name]
        if len(visited) + len(way) <= MAX_VISITED:
            visited.update(way)
    return frozenset(visited)


def _cut(container: Container, keys: AbstractSet[str], members: Dict[str, Member]) -> Container:
    return replace(
        container,
        provides=tuple(each for each in container.provides if each.key in keys),
        consumes=tuple(each for each in container.consumes if each.key in keys),
        remotes=tuple(each for each in container.remotes if each.name in members),
    )


def _shown_by(plan: FederationPlan, finding: Finding) -> tuple[KeyPlan, Possibility] | None:
    """The possibility that a finding speaks of: the worst for the containers that it names."""
    if finding.package is None:
        return None
    candidates = [
        (_badness(one, rank), key, one)
        for key in plan.keys
        if key.package == finding.package
        for consumer in key.consumers
        if not finding.containers or consumer.container in finding.containers
        for rank, one in enumerate(consumer.possibilities)
        if one.trace
    ]
    if not candidates:
        return None
    badness, key, one = max(candidates, key=lambda each: each[0])
    return None if badness == (0, 0, 0, 0) else (key, one)


def _badness(one: Possibility, rank: int) -> tuple[int, int, int, int]:
    """Failures, then warnings, then private copies, then whatever is not the usual outcome."""
    return (int(one.failure is not None), int(bool(one.warnings)), int(one.is_private), rank)

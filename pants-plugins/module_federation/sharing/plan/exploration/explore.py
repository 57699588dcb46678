"""Plays every order of events that matters for one share key, and notes what can come of it.

Events are what a page does of its own accord:

* the host starts: its ``initial`` requests at once, then those that it makes ``at_start``;
* a container that is loaded imports a module of a remote; when that remote has not been loaded
  before, its ``at_start`` requests follow directly (the runtime needs no more than microtasks from
  the entry's arrival to them, so nothing comes in between);
* a container that is loaded makes one of its later requests, once each;
* it requests other keys, which makes share scopes ready for this one as well.

Entries that are on their way together arrive in every order.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Callable, Dict, List, NamedTuple, Optional, Tuple

from module_federation.sharing.negotiation import (
    Federation,
    LoadRemote,
    Outcome,
    PageState,
    Step,
    perform,
    start,
)
from module_federation.sharing.plan.exploration.classes import Request, Role

View = Callable[[PageState], Hashable]
"""What two moments must have in common to have one future."""


@dataclass(frozen=True)
class Played:
    """One outcome of one request, and a shortest one of the ways to it that were played.

    Attributes:
        arrival: The order in which entries arrive, of those where it can matter.
    """

    outcome: Outcome
    steps: tuple[Step, ...]
    arrival: tuple[str, ...]


@dataclass(frozen=True)
class Exploration:
    """All outcomes found: (container, index of its consume) → what can come of it.

    ``states`` so many moments of the page were looked at; ``is_complete`` unless there are more.
    """

    played: Mapping[tuple[str, int], tuple[Played, ...]]
    states: int
    is_complete: bool


class _Trail(NamedTuple):
    """The way to a moment, backwards. A free step changed nothing: it only let somebody act.

    A free load comes with the requests that the remote makes at its start, which are free as well.
    """

    before: Optional["_Trail"]  # noqa: UP037
    step: Step
    is_free: bool


class _Moment(NamedTuple):
    page: PageState
    loaded: frozenset[str]
    used: Tuple[Tuple[Tuple[str, int], int], ...]
    arrival: Tuple[str, ...]
    trail: Optional[_Trail]


class Explorer:
    """The orders of one key in one federation.

    Attributes:
        roles: All containers that take part, the host among them.
        view: See ``View``; by default all that the page has registered and loaded.
        members_of: Name → how many containers it stands for: so often it can make each request.
        doubles: Name → a container that stands for many, that the host loads, and that asks for the
            same: whatever a request of the first changes, a request of the second changes too.
        is_over: Whether nothing that happens from a moment on is of interest.
        arrivals: The orders of arrival to try; each names all remotes whose order can matter.
        is_regular: The key is regular (see ``collapse``): nothing happens when a remote is loaded
            again, and a request that changes nothing is the same at all moments of one view.
    """

    def __init__(
        self,
        roles: Mapping[str, Role],
        host: str,
        *,
        limit: int,
        arrivals: Sequence[tuple[str, ...]],
        view: View = PageState.identity,
        members_of: Mapping[str, int] | None = None,
        doubles: Mapping[str, str] | None = None,
        is_over: Callable[[PageState], bool] | None = None,
        is_regular: bool = False,
    ) -> None:
        self._is_regular = is_regular
        self._idle: set[Hashable] = set()
        self._not_free: set[Hashable] = set()
        self._roles = roles
        self._host = host
        self._limit = limit
        self._arrivals = arrivals
        self._view = view
        self._members_of = members_of or {}
        self._found: Dict[Tuple[str, int], Dict[Hashable, Tuple[int, Outcome, _Moment, Step]]] = {}
        self._queue: List[Tuple[int, int, _Moment]] = []
        self._known: set[Hashable] = set()
        self._seen: set[Hashable] = set()
        self._count = itertools.count()
        self._versions = len(
            {each.version for role in roles.values() for each in role.container.provides}
        )
        self._doubles = doubles or {}
        self._is_over = is_over

    def explore(self) -> Exploration:
        """Plays everything, breadth first."""
        containers = tuple(role.container for role in self._roles.values())
        for arrival in self._arrivals:
            page = start(Federation(containers, arrival))
            moment = _Moment(page, frozenset((self._host,)), (), arrival, None)
            self._push(self._begin(moment, self._host))
        states = 0
        # A step takes the longer, and leads to the more others, the more containers there are.
        most = max(8, min(self._limit, self._limit * 128 // len(self._roles) ** 2))
        while self._queue and states < (self._limit if self._is_regular else most):
            _, _, moment = heapq.heappop(self._queue)
            states += 1
            self._play(moment)
        played = {
            asked: tuple(
                Played(outcome, _steps(moment.trail, step), moment.arrival)
                for _, outcome, moment, step in outcomes.values()
            )
            for asked, outcomes in self._found.items()
        }
        return Exploration(played, states, not self._queue)

    def _push(self, moment: _Moment) -> None:
        if self._is_over is not None and self._is_over(moment.page):
            return
        key = (self._view(moment.page), moment.loaded, moment.used, _left(moment))
        if key in self._known:
            return
        self._known.add(key)
        moment = self._with_free_loads(moment)
        key = (self._view(moment.page), moment.loaded, moment.used, _left(moment))
        if key not in self._seen:
            self._seen.add(key)
            cost = len(_steps(moment.trail, None))
            heapq.heappush(self._queue, (cost, next(self._count), moment))

    def _with_free_loads(self, moment: _Moment) -> _Moment:
        """Loads every remote whose loading changes nothing but what can be done afterwards.

        Whatever can be done without such a load can be done after it too, so that no other order
        need be tried.
        """
        before, left = self._view(moment.page), _left(moment)
        is_growing = True
        while is_growing:
            is_growing = False
            for name in self._roles:
                if name not in moment.loaded:
                    continue
                for remote in self._roles[name].container.remotes:
                    if remote.name in moment.loaded or not self._can_be_free(remote.name):
                        continue
                    tried = (before, left, name, remote.name)
                    if tried in self._not_free:
                        continue
                    step = LoadRemote(name, remote.name)
                    page, outcome = perform(moment.page, step)
                    trail = _Trail(moment.trail, step, True)
                    loaded = moment.loaded | {remote.name}
                    following = moment._replace(page=page, loaded=loaded, trail=trail)
                    if outcome.failure is None:
                        following = self._begin(following, remote.name, True)
                        if self._view(following.page) == before:
                            moment = following
                            is_growing = True
                            continue
                    if self._is_regular:
                        self._not_free.add(tried)
        return moment

    def _can_be_free(self, name: str) -> bool:
        """Whether others of its class can still be loaded later, if it matters when that is."""
        return not self._roles[name].start or self._is_plenty(name)

    def _is_plenty(self, name: str) -> bool:
        """Whether a container stands for so many that they need not be counted.

        A request that changes something loads a version: there are no more of them than versions.
        """
        return self._members_of.get(name, 1) > self._versions + 1

    def _play(self, moment: _Moment) -> None:
        view = self._view(moment.page)
        for name, role in self._roles.items():
            if name not in moment.loaded:
                continue
            for request in self._requests(moment, role):
                is_idle = (view, name, request.index)
                if is_idle in self._idle:
                    continue
                following = self._ask(moment, name, request)
                if self._doubles.get(name) in moment.loaded:
                    continue
                if self._is_changed(moment, following):
                    self._push(self._counted(following, name, request))
                elif self._is_regular:
                    self._idle.add(is_idle)
            for step in role.initializations:
                page, _ = perform(moment.page, step)
                following = moment._replace(page=page, trail=_Trail(moment.trail, step, False))
                if self._is_changed(moment, following):
                    self._push(following)
            for remote in role.container.remotes:
                if not self._is_regular or remote.name not in moment.loaded:
                    self._load(moment, LoadRemote(name, remote.name))

    def _requests(self, moment: _Moment, role: Role) -> Iterable[Request]:
        used = dict(moment.used)
        members = self._members_of.get(role.name, 1)
        for request in role.later:
            if used.get((role.name, request.index), 0) < members:
                yield request
        for request in role.start if members > 1 else ():
            if request.index >= 0 and used.get((role.name, request.index), 1) < members:
                yield request

    def _counted(self, moment: _Moment, name: str, request: Request) -> _Moment:
        """Notes that a request was made, unless its container can make it often enough anyway."""
        if self._is_plenty(name):
            return moment
        used = dict(moment.used)
        asked = (name, request.index)
        first = 1 if request in self._roles[name].start else 0
        used[asked] = used.get(asked, first) + 1
        return moment._replace(used=tuple(sorted(used.items())))

    def _is_changed(self, before: _Moment, after: _Moment) -> bool:
        return self._view(before.page) != self._view(after.page)

    def _load(self, moment: _Moment, step: LoadRemote) -> None:
        page, outcome = perform(moment.page, step)
        is_new = step.remote not in moment.loaded
        if outcome.failure is not None and is_new:
            for index in range(len(self._roles[step.remote].consumes)):
                self._note(moment, (step.remote, index), step, outcome)
        following = moment._replace(page=page, trail=_Trail(moment.trail, step, False))
        if outcome.failure is not None or not is_new:
            if self._is_changed(moment, following):
                self._push(following)
            return
        following = self._begin(
            following._replace(loaded=following.loaded | {step.remote}), step.remote
        )
        role = self._roles[step.remote]
        enables = role.later or role.initializations or role.container.remotes
        if enables or self._is_changed(moment, following):
            self._push(following)

    def _begin(self, moment: _Moment, name: str, is_free: bool = False) -> _Moment:
        for request in self._roles[name].start:
            moment = self._ask(moment, name, request, is_free)
        return moment

    def _ask(self, moment: _Moment, name: str, request: Request, is_free: bool = False) -> _Moment:
        page, outcome = perform(moment.page, request.step)
        if request.index >= 0:
            self._note(moment, (name, request.index), request.step, outcome)
        trail = _Trail(moment.trail, request.step, is_free)
        return moment._replace(page=page, trail=trail)

    def _note(self, moment: _Moment, asked: tuple[str, int], step: Step, outcome: Outcome) -> None:
        known = self._found.setdefault(asked, {})
        provider = outcome.copy.container if outcome.copy else None
        looks = (*looks_of(outcome), provider)
        cost = len(_steps(moment.trail, step))
        if looks not in known or cost < known[looks][0]:
            known[looks] = (cost, outcome, moment, step)


def looks_of(outcome: Outcome) -> tuple[Hashable, ...]:
    """What tells outcomes apart for people: not the names of containers in a message.

    Those depend on who happened to load something first, and there may be hundreds.
    """
    return (
        outcome.copy.version if outcome.copy else None,
        outcome.is_private,
        tuple(_without_names(each) for each in outcome.warnings),
        outcome.failure.code if outcome.failure else None,
    )


def _without_names(warning: str) -> str:
    head, _, rest = warning.partition(" from ")
    return head + warning[warning.rfind(" which needs ") :] if rest else warning


def _left(moment: _Moment) -> tuple[str, ...]:
    left = tuple(each for each in moment.arrival if each not in moment.page.arrived)
    return left if len(left) > 1 else ()


def _steps(trail: _Trail | None, last: Step | None) -> tuple[Step, ...]:
    """The steps of a way, without the free ones that nothing depends on."""
    steps = [] if last is None else [last]
    needed = {last.container} if last is not None else set()
    while trail is not None:
        step = trail.step
        actor = step.remote if isinstance(step, LoadRemote) else step.container
        if not trail.is_free or actor in needed:
            steps.append(step)
            needed.add(step.container)
        trail = trail.before
    return tuple(reversed(steps))

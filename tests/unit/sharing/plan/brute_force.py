"""Every order of events of a small federation, played one by one, without any short cut.

This is the definition that the plan is held against. It shares no code with it but the model of the
runtime: no container is left out or taken for another, every entry arrives in every order, and a
moment is only skipped when the very same moment was there before.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Dict, FrozenSet, List, Set, Tuple

from module_federation.sharing.negotiation import (
    Federation,
    Initialize,
    LoadRemote,
    LoadShare,
    LoadShareSync,
    Outcome,
    PageState,
    Step,
    Strategy,
    perform,
    start,
)
from module_federation.sharing.plan.members import Member

Fate = Tuple[object, ...]
"""(container, consume, version, private, warnings, failure code): names in warnings left out."""
Fates = Dict[Fate, FrozenSet[str]]
"""Each fate, with the containers whose copy it can be."""

_Asked = FrozenSet[Tuple[str, int]]


def brute_force(members: Sequence[Member], key: str) -> Fates:
    """All that can come of all requests for a key; the first member is the host."""
    found: dict[Fate, set[str]] = {}
    containers = tuple(each.container for each in members)
    # Nobody else has several entries on their way at once.
    together = {
        remote.name
        for container in containers
        if container.strategy is Strategy.VERSION_FIRST
        for remote in container.remotes
    }
    for arrival in itertools.permutations(sorted(together)):
        _Page(members, key, found).play(start(Federation(containers, arrival)))
    return {fate: frozenset(providers) for fate, providers in found.items()}


class _Page:
    def __init__(self, members: Sequence[Member], key: str, found: dict[Fate, set[str]]) -> None:
        self.members = {each.name: each for each in members}
        self.host = members[0].name
        self.key = key
        self.found = found
        self.seen: Set[Tuple[object, ...]] = set()
        self.waiting: List[Tuple[PageState, FrozenSet[str], _Asked]] = []

    def play(self, page: PageState) -> None:
        self.begin(page, frozenset(), frozenset(), self.host)
        while self.waiting:
            page, loaded, asked = self.waiting.pop()
            for name in loaded:
                member = self.members[name]
                for step, index in self.later(member):
                    if (name, index) not in asked:
                        following = self.ask(page, step, index)
                        done = asked | {(name, index)} if index >= 0 else asked
                        self.push(following, loaded, done)
                for remote in member.container.remotes:
                    following, outcome = perform(page, LoadRemote(name, remote.name))
                    if outcome.failure is not None:
                        if remote.name not in loaded:
                            for index, _ in self.consumes(self.members[remote.name]):
                                self.note(remote.name, index, outcome)
                        self.push(following, loaded, asked)
                    elif remote.name in loaded:
                        self.push(following, loaded, asked)
                    else:
                        self.begin(following, loaded, asked, remote.name)

    def push(self, page: PageState, loaded: FrozenSet[str], asked: _Asked) -> None:
        moment = (page.identity(), loaded, asked)
        if moment not in self.seen:
            self.seen.add(moment)
            self.waiting.append((page, loaded, asked))

    def begin(self, page: PageState, loaded: FrozenSet[str], asked: _Asked, name: str) -> None:
        for step, index in self.first(self.members[name]):
            page = self.ask(page, step, index)
        self.push(page, loaded | {name}, asked)

    def ask(self, page: PageState, step: Step, index: int) -> PageState:
        page, outcome = perform(page, step)
        if index >= 0:
            self.note(step.container, index, outcome)
        return page

    def note(self, name: str, index: int, outcome: Outcome) -> None:
        fate = (
            name,
            index,
            outcome.copy.version if outcome.copy else None,
            outcome.is_private,
            tuple(map(nameless, outcome.warnings)),
            outcome.failure.code if outcome.failure else None,
        )
        providers = self.found.setdefault(fate, set())
        if outcome.copy:
            providers.add(outcome.copy.container)

    def consumes(self, member: Member) -> Iterator[Tuple[int, Step]]:
        if member.container.is_bundle:
            own = [each for each in member.container.consumes if each.key == self.key]
            for index, consume in enumerate(own):
                if self.key in member.initial:
                    yield index, LoadShareSync(member.name, consume)
                else:
                    yield index, LoadShare(member.name, consume)

    def first(self, member: Member) -> Iterator[Tuple[Step, int]]:
        if self.key in member.initial:
            yield from ((step, index) for index, step in self.consumes(member))
        yield from ((step, -1) for step in self.other_keys(member, True))
        if self.key in member.at_start and self.key not in member.initial:
            yield from ((step, index) for index, step in self.consumes(member))

    def later(self, member: Member) -> Iterator[Tuple[Step, int]]:
        if self.key not in member.initial | member.at_start:
            yield from ((step, index) for index, step in self.consumes(member))
        yield from ((step, -1) for step in self.other_keys(member, False))

    def other_keys(self, member: Member, is_first: bool) -> Iterator[Step]:
        if not member.container.is_bundle:
            return
        for consume in member.container.consumes:
            is_initial = consume.key in member.initial
            is_at_start = is_initial or consume.key in member.at_start
            if consume.key != self.key and is_at_start == is_first:
                scopes = (",".join(consume.scopes),) if is_initial else consume.scopes
                yield Initialize(member.name, scopes)


def nameless(warning: str) -> str:
    """A warning without the names of containers: who loaded something first is in there."""
    version, _, rest = warning.partition(" from ")
    return f"{version} … {rest.rpartition(' which needs ')[2]}"

"""Circles of remotes: what hangs in some order of events, and what the finding says of it."""

from __future__ import annotations

import itertools
from typing import Tuple

import pytest
from hypothesis import given, seed
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from module_federation.sharing.negotiation import (
    Container,
    FailureCode,
    Federation,
    Initialize,
    LoadRemote,
    Remote,
    Step,
    Strategy,
    perform,
    start,
)
from module_federation.sharing.plan.finders.deadlock_findings import deadlocks
from module_federation.sharing.plan.finders.view import PlanView
from module_federation.sharing.plan.members import Member
from unit.sharing.plan.plan_federations import FUZZ
from unit.sharing.version_texts import SEED

VERSION_FIRST, LOADED_FIRST = Strategy.VERSION_FIRST, Strategy.LOADED_FIRST


def container(name: str, *remotes: str, strategy: Strategy = VERSION_FIRST) -> Container:
    """A container that shares nothing."""
    return Container(name, strategy, remotes=tuple(map(Remote, remotes)))


def is_found(containers: Tuple[Container, ...]) -> bool:
    """Whether the plan tells of a deadlock."""
    members = [Member(each, "remote", each.name) for each in containers]
    return any(deadlocks(PlanView(members, containers[0].name, ())))


def can_hang(containers: Tuple[Container, ...]) -> bool:
    """Whether any order of loads, requests and arrivals hangs, played one by one."""
    by_name = {each.name: each for each in containers}
    together = {
        remote.name
        for each in containers
        if each.strategy is VERSION_FIRST
        for remote in each.remotes
    }
    for arrival in itertools.permutations(sorted(together)):
        waiting = [(start(Federation(containers, arrival)), frozenset((containers[0].name,)))]
        seen = set()
        while waiting:
            page, loaded = waiting.pop()
            for name in loaded:
                loads = [LoadRemote(name, each.name) for each in by_name[name].remotes]
                steps: Tuple[Step, ...] = (Initialize(name), *loads)
                for step in steps:
                    following, outcome = perform(page, step)
                    if outcome.failure and outcome.failure.code is FailureCode.HANGS:
                        return True
                    more = loaded | {step.remote} if isinstance(step, LoadRemote) else loaded
                    moment = (following.identity(), more)
                    if moment not in seen:
                        seen.add(moment)
                        waiting.append((following, more))
    return False


@st.composite
def circular(draw: DrawFn) -> Tuple[Container, ...]:
    """Federations in which containers often load each other."""
    names = ("host", "a", "b", "c", "d")[: draw(st.integers(3, 5))]
    found = []
    for name in names:
        others = [each for each in names if each != name]
        most = len(others) if name == "host" else 2
        remotes = draw(st.lists(st.sampled_from(others), max_size=most, unique=True))
        strategy = draw(st.sampled_from((VERSION_FIRST,) * 5 + (LOADED_FIRST,)))
        found.append(container(name, *remotes, strategy=strategy))
    return tuple(found)


@pytest.mark.parametrize(
    ("containers", "expected"),
    [
        pytest.param(
            (
                container("host", "a", "c"),
                container("a", "b"),
                container("b", "c"),
                container("c", "b"),
            ),
            True,
            id="it takes one from outside the circle that arrives between two of it",
        ),
        pytest.param((container("host", "a"), container("a", "host")), False, id="back to host"),
        pytest.param(
            (
                container("host", "a", "b", strategy=LOADED_FIRST),
                container("a", "b", strategy=LOADED_FIRST),
                container("b", "a", strategy=LOADED_FIRST),
            ),
            False,
            id="loaded-first waits for nobody",
        ),
    ],
)
def test_circles(containers: Tuple[Container, ...], expected: bool) -> None:
    assert can_hang(containers) is expected
    assert is_found(containers) is expected


@seed(SEED)
@FUZZ
@given(circular())
def test_a_deadlock_is_found_where_some_order_hangs(containers: Tuple[Container, ...]) -> None:
    members = [Member(each, "remote", each.name) for each in containers]
    reached = tuple(each.container for each in PlanView(members, "host", ()).members)
    assert is_found(containers) is can_hang(reached)

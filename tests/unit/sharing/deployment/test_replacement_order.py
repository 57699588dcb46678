from __future__ import annotations

from itertools import combinations, permutations
from typing import AbstractSet, Callable, Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from module_federation.sharing.deployment.replacement_order import (
    Groups,
    fewest_together,
    single_steps,
)

Holds = Callable[[AbstractSet[str]], bool]
_NAMES = ("a", "b", "c", "d", "e")


@st.composite
def problems(draw: DrawFn) -> tuple[tuple[str, ...], Holds]:
    """A few names, and for each set of them whether it holds; sometimes hardly any do."""
    names = _NAMES[: draw(st.integers(0, len(_NAMES)))]
    sets = [
        frozenset(group) for size in range(len(names) + 1) for group in combinations(names, size)
    ]
    share = draw(st.sampled_from((3, 5, 8)))
    sound = {each for each in sets if draw(st.integers(0, 9)) < share}
    return names, lambda state: frozenset(state) in sound


def _all_groups(names: Sequence[str]) -> Iterator[Groups]:
    """Every way to deploy ``names`` in steps."""
    if not names:
        yield ()
        return
    for size in range(1, len(names) + 1):
        for first in combinations(names, size):
            rest = [each for each in names if each not in first]
            for others in _all_groups(rest):
                yield (first, *others)


def _is_sound(steps: Groups, holds: Holds) -> bool:
    state: set[str] = set()
    for step in steps:
        state.update(step)
        if not holds(state):
            return False
    return True


def _cost(steps: Groups) -> tuple[int, int, Groups]:
    largest = max((len(step) for step in steps), default=0)
    return largest, sum(len(step) for step in steps if len(step) > 1), steps


@given(problems())
def test_single_steps_against_all_orders(problem: tuple[tuple[str, ...], Holds]) -> None:
    names, holds = problem
    orders = (order for order in permutations(names))
    expected = next(
        (each for each in orders if _is_sound(tuple((name,) for name in each), holds)), None
    )
    found = single_steps(names, holds)
    assert found.order == expected
    assert found.is_complete


@given(problems())
def test_fewest_together_against_all_groupings(problem: tuple[tuple[str, ...], Holds]) -> None:
    names, holds = problem
    sound = [steps for steps in _all_groups(names) if _is_sound(steps, holds)]
    assert fewest_together(names, holds) == min(sound, key=_cost, default=None)


@given(problems())
def test_where_it_ends_can_be_reached(problem: tuple[tuple[str, ...], Holds]) -> None:
    names, holds = problem
    found = single_steps(names, holds)
    if found.order is None:
        reached = single_steps(found.furthest, holds)
        assert reached.order is not None
        assert set(found.furthest) != set(names)


@given(problems(), st.integers(0, 20))
def test_a_limit_never_makes_it_wrong(problem: tuple[tuple[str, ...], Holds], limit: int) -> None:
    names, holds = problem
    found, exact = single_steps(names, holds, limit), single_steps(names, holds)
    assert found.states <= limit or found.order is not None
    if found.order is not None or found.is_complete:
        assert found.order == exact.order


def test_no_state_is_asked_for_twice() -> None:
    asked: list[AbstractSet[str]] = []

    def holds(state: AbstractSet[str]) -> bool:
        asked.append(state)
        return len(state) < 9

    names = [f"c{number}" for number in range(9)]
    found = single_steps(names, holds)
    assert found.order is None
    assert len(asked) == len(set(map(frozenset, asked))) == 2**9 - 1


@pytest.mark.parametrize("count", [12, 40])
def test_an_order_that_is_free_costs_one_question_a_step(count: int) -> None:
    names = [f"c{number:02}" for number in range(count)]
    found = single_steps(names[::-1], lambda _: True)
    assert found.order == tuple(names)
    assert found.states == count


def test_too_many_to_decide() -> None:
    names = [f"c{number:02}" for number in range(20)]
    found = single_steps(names, lambda state: len(state) < 20, limit=500)
    assert found.order is None
    assert not found.is_complete
    assert found.states == 500

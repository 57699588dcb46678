"""In which order a set of things can be replaced, one by one, so that every state in between holds.

Nothing here knows what is replaced: a state is the set of names that have been, and whether it
holds is asked of a function. ``deployment`` asks the federation plan.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import combinations
from typing import AbstractSet, Callable, FrozenSet, Sequence, Tuple

Holds = Callable[[AbstractSet[str]], bool]
Groups = Tuple[Tuple[str, ...], ...]

MAX_EXACT = 12
"""So many things have at most 4,096 states, which can all be asked for."""

MAX_STATES = 2**MAX_EXACT


@dataclass(frozen=True)
class SingleSteps:
    """What the search for an order of single replacements found.

    Attributes:
        order: The first order in the alphabet of names in which all states hold; None if none was
            found.
        is_complete: Whether all states that single replacements can reach were asked for, so that
            no order exists if none was found.
        states: So many states were asked for.
        furthest: What had been replaced in a state that can be reached and from which no single
            replacement leads on: the largest, and of those the first; () when nothing could be
            replaced at all, or an order was found.
    """

    order: tuple[str, ...] | None
    is_complete: bool
    states: int
    furthest: tuple[str, ...] = ()


def single_steps(names: Sequence[str], holds: Holds, limit: int = MAX_STATES) -> SingleSteps:
    """Looks for an order of single replacements, depth first, no state twice.

    The first state (nothing replaced) is where one is, and is not asked for; the last one is.
    All orders are equally long, so going deep first finds one with the fewest questions, and since
    no state is tried twice it proves as much as going broad first.

    Args:
        names: What is to be replaced.
        holds: Whether the state with these names replaced holds.
        limit: Ask for at most so many states.
    """
    ordered = sorted(set(names))
    everything = frozenset(ordered)
    answers: dict[FrozenSet[str], bool] = {frozenset(): True}
    path: list[str] = []
    furthest: FrozenSet[str] = frozenset()
    # For each state on the path, the names that are still to be tried from it.
    pending = [list(reversed(ordered))]
    while pending:
        state = frozenset(path)
        if state == everything:
            return SingleSteps(tuple(path), True, len(answers) - 1)
        if (-len(state), sorted(state)) < (-len(furthest), sorted(furthest)):
            furthest = state
        if not pending[-1]:
            pending.pop()
            if path:
                path.pop()
            continue
        name = pending[-1].pop()
        following = state | {name}
        if following in answers:
            continue
        if len(answers) > limit:
            return SingleSteps(None, False, len(answers) - 1, tuple(sorted(furthest)))
        answers[following] = holds(following)
        if answers[following]:
            path.append(name)
            pending.append([each for each in reversed(ordered) if each not in following])
    return SingleSteps(None, True, len(answers) - 1, tuple(sorted(furthest)))


def fewest_together(names: Sequence[str], holds: Holds) -> Groups | None:
    """An order of steps, each replacing one or several at once, with as little at once as can be.

    First the largest group is as small as possible, then as few names as possible are in groups
    of several, then the order is the first in the alphabet. None when not even everything at once
    holds.

    Args:
        names: At most ``MAX_EXACT`` of them.
        holds: Whether the state with these names replaced holds.
    """
    ordered = sorted(set(names))
    if not ordered:
        return ()
    everything = frozenset(ordered)
    answers: dict[FrozenSet[str], bool] = {}

    def asked(state: FrozenSet[str]) -> bool:
        if state not in answers:
            answers[state] = holds(state)
        return answers[state]

    if not asked(everything):
        return None
    for size in range(1, len(ordered) + 1):
        found = _cheapest(ordered, everything, asked, size)
        if found is not None:
            return found
    return (tuple(ordered),)


def _cheapest(
    ordered: Sequence[str],
    everything: FrozenSet[str],
    holds: Callable[[FrozenSet[str]], bool],
    size: int,
) -> Groups | None:
    """The best order with groups of at most ``size``: Dijkstra over the states that hold."""
    queue: list[tuple[int, Groups, FrozenSet[str]]] = [(0, (), frozenset())]
    done: set[FrozenSet[str]] = set()
    while queue:
        cost, steps, state = heapq.heappop(queue)
        if state in done:
            continue
        done.add(state)
        if state == everything:
            return steps
        rest = [each for each in ordered if each not in state]
        for count in range(1, min(size, len(rest)) + 1):
            for group in combinations(rest, count):
                following = state | frozenset(group)
                if following not in done and holds(following):
                    price = count if count > 1 else 0
                    heapq.heappush(queue, (cost + price, (*steps, group), following))
    return None

"""Remotes that wait for each other for ever.

A ``version-first`` container initialises its remotes before it is ready itself. Where they are in a
circle it depends on who is imported first whether that ends. Source of the rule:
``initializeSharing`` of ``@module-federation/runtime-core`` 2.9.2.
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import Iterator, List, Mapping, Sequence, Tuple

from module_federation.sharing.finding_codes import FINDING_CODES
from module_federation.sharing.findings import Finding
from module_federation.sharing.negotiation import (
    FailureCode,
    Federation,
    Initialize,
    LoadRemote,
    Step,
    Strategy,
    play,
)
from module_federation.sharing.plan.finders.view import PlanView
from module_federation.sharing.plan.finders.wording import listed, way, who

_MAX_ENTRIES = 8
_MAX_PERMUTED = 5
_MAX_PLAYED = 256


def deadlocks(view: PlanView) -> Iterator[Finding]:
    """``deadlock``, once for each circle that was seen to hang.

    Played: from the host straight to each container of the circle (the first eight), with entries
    of the circle, and of what leads to it, that arrive in every order; where they are more than
    five, in the order of their names, each of the first eight in turn first and last, and
    back; of very many only the names' order and back.
    """
    for circle in _circles(view):
        trace = _hanging(view, circle)
        if trace is None:
            continue
        first = view.by_name[circle[0]]
        ring = (*circle, circle[0])
        yield Finding(
            "deadlock",
            FINDING_CODES["deadlock"].severity,
            f"{listed(circle, 8)} load each other and are all `version-first`: each waits at its "
            "start until the others are ready, which can last for ever.",
            None,
            None,
            (
                *(f"{one} has the remote {other}" for one, other in zip(ring, ring[1:])),
                f"a load order that hangs: {way(trace)}",
            ),
            f"Set `share_strategy` of {who(first)} to `loaded-first`, so that it waits for no "
            "remote at its start, or remove one of the remotes.",
            first.label,
            circle,
        )


def _hanging(view: PlanView, circle: Sequence[str]) -> Tuple[Step, ...] | None:
    """A load order after which something waits for ever. What is shared does not matter."""
    leading = _leading_to(view, circle)
    containers = tuple(
        dataclasses.replace(
            each.container,
            provides=(),
            consumes=(),
            remotes=tuple(one for one in each.container.remotes if one.name in leading),
        )
        for each in view.members
        if each.name in leading
    )
    host = view.by_name[view.host]
    # A host that asks for something at its start makes its share scope ready before all else.
    begin: Tuple[Step, ...] = (Initialize(host.name),) if host.at_start or host.initial else ()
    arrivals = _arrivals(sorted(leading - {host.name} | set(circle)))
    for entry in circle[:_MAX_ENTRIES]:
        path = view.path_to(entry)
        steps = (*begin, *(LoadRemote(one, other) for one, other in zip(path, path[1:])))
        for arrival in arrivals:
            for step, outcome in zip(steps, play(Federation(containers, arrival), steps)):
                if outcome.failure is not None and outcome.failure.code is FailureCode.HANGS:
                    return steps[: steps.index(step) + 1]
    return None


def _leading_to(view: PlanView, circle: Sequence[str]) -> frozenset[str]:
    """The containers by way of which one of a circle can be loaded, itself included."""
    parents: dict[str, List[str]] = {}
    for member in view.members:
        for remote in member.container.remotes:
            parents.setdefault(remote.name, []).append(member.name)
    found = dict.fromkeys((view.host, *circle))
    waiting = list(found)
    for name in waiting:
        for parent in parents.get(name, ()):
            if parent not in found:
                found[parent] = None
                waiting.append(parent)
    return frozenset(found)


def _arrivals(names: Sequence[str]) -> Sequence[Tuple[str, ...]]:
    if len(names) <= _MAX_PERMUTED:
        return tuple(itertools.permutations(names))
    forth, back = tuple(names), tuple(reversed(names))
    orders: dict[Tuple[str, ...], None] = {forth: None, back: None}
    for order in (forth, back):
        for name in names[:_MAX_ENTRIES]:
            others = tuple(each for each in order if each != name)
            orders[(name, *others)] = None
            orders[(*others, name)] = None
    # A page takes the longer to play, the more containers there are.
    return tuple(orders)[: max(2, _MAX_PLAYED // len(names))]


def _circles(view: PlanView) -> Iterator[tuple[str, ...]]:
    """A shortest circle of ``version-first`` remotes for each container that is in one."""
    edges: Mapping[str, List[str]] = {
        member.name: [
            each.name
            for each in member.container.remotes
            if each.name in view.by_name
            and view.by_name[each.name].container.strategy is Strategy.VERSION_FIRST
        ]
        for member in view.members
        if member.container.strategy is Strategy.VERSION_FIRST
    }
    seen: set[str] = set()
    for start in edges:
        circle = () if start in seen else _circle(edges, start)
        if circle:
            seen.update(circle)
            yield circle


def _circle(edges: Mapping[str, List[str]], start: str) -> tuple[str, ...]:
    parents = {start: start}
    queue = [start]
    for name in queue:
        for remote in edges.get(name, ()):
            if remote == start:
                path = [name]
                while path[-1] != start:
                    path.append(parents[path[-1]])
                return tuple(reversed(path))
            if remote not in parents:
                parents[remote] = name
                queue.append(remote)
    return ()

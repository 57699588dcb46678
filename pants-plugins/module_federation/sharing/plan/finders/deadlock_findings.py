"""Remotes that wait for each other for ever.

A ``version-first`` container initialises its remotes before it is ready itself. Where they are in a
circle it depends on who is imported first whether that ends. Source of the rule:
``initializeSharing`` of ``@module-federation/runtime-core`` 2.9.2.
"""

from __future__ import annotations

import dataclasses
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


def deadlocks(view: PlanView) -> Iterator[Finding]:
    """``deadlock``, once for each circle that was seen to hang.

    Played: from the host straight to each container of the circle (the first eight), with entries
    that arrive in either order.
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
    containers = tuple(
        dataclasses.replace(
            each.container,
            provides=(),
            consumes=(),
            remotes=tuple(one for one in each.container.remotes if one.name in view.by_name),
        )
        for each in view.members
    )
    host = view.by_name[view.host]
    # A host that asks for something at its start makes its share scope ready before all else.
    begin: Tuple[Step, ...] = (Initialize(host.name),) if host.at_start or host.initial else ()
    for entry in circle[:_MAX_ENTRIES]:
        path = view.path_to(entry)
        steps = (*begin, *(LoadRemote(one, other) for one, other in zip(path, path[1:])))
        for arrival in (tuple(circle), tuple(reversed(circle))):
            for step, outcome in zip(steps, play(Federation(containers, arrival), steps)):
                if outcome.failure is not None and outcome.failure.code is FailureCode.HANGS:
                    return steps[: steps.index(step) + 1]
    return None


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

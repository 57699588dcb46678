"""Whether one page can come to use two copies of a shared module, shown by playing it.

What the plan says of each request does not tell which outcomes can meet in one page: a consumer
may get 18 in one page and 19 in another, and everybody the same in both. So pages are played to
their end: the shortest way to an outcome first, then everybody else's request. A pair of copies
that is found this way exists; a pair that needs a stranger order than these is not found.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Iterable, Iterator, Sequence

from module_federation.sharing.negotiation import (
    Consume,
    Copy,
    Federation,
    LoadRemote,
    LoadShare,
    LoadShareSync,
    Outcome,
    Step,
    play,
)
from module_federation.sharing.plan.finders.view import Ask, Covered, PlanView
from module_federation.sharing.plan.model import KeyPlan, Possibility

_MAX_PAGES = 8
_PROVIDERS = 2


@dataclass(frozen=True)
class LivePage:
    """A page that uses several copies.

    Attributes:
        copies: Each copy with the containers that use it, and whether it is one's own that nobody
            else learns of; in the order in which they came to be used.
        trace: The steps until the second copy is used.
    """

    copies: tuple[tuple[Copy, tuple[str, ...], bool], ...]
    trace: tuple[Step, ...]


def page_with_copies(
    view: PlanView, plan: KeyPlan, without: Covered = frozenset()
) -> LivePage | None:
    """A page in which two copies of a key are used; None when none was found.

    Args:
        without: Requests that are not looked at, as (container, package).
    """
    asks = tuple(
        each for each in view.asks[plan.key] if (each.container, each.package) not in without
    )
    if not _may_differ(view, asks):
        return None
    some = _representatives(asks)
    starts = _starts(asks)
    small = _few(view, plan, some, starts)
    # Those that are left out of the small federation could be in the way.
    whole: Federation | None = None
    for index, start in enumerate(starts):
        for backwards in (False, True):
            steps = tuple(_to_the_end(view, plan.key, asks, start, some[:: -1 if backwards else 1]))
            arrival = tuple(sorted((each.name for each in view.members), reverse=backwards))
            found = _page(dataclasses.replace(small, arrival=arrival), steps)
            if found is None:
                continue
            if whole is None:
                whole = view.federation_of(plan.key)
            if _differ(dataclasses.replace(whole, arrival=arrival), found.trace):
                return found
        if index + 1 == _MAX_PAGES:
            break
    return None


def _may_differ(view: PlanView, asks: Sequence[Ask]) -> bool:
    """Whether there can be two copies at all; most keys are told apart here."""
    versions = set()
    for ask in asks:
        for each in ask.possibilities:
            if each.is_private:
                return True
            if each.version is not None:
                versions.add(each.version)
    # Within one scope a version is one copy once it is loaded.
    return (
        len(versions) > 1
        or len(view.scopes) > 1
        or any(ask.key in ask.member.initial for ask in asks)
    )


def _representatives(asks: Iterable[Ask]) -> tuple[Ask, ...]:
    """Two of each kind of request: those that ask alike and may get the same."""
    kinds: dict[tuple[object, ...], list[Ask]] = {}
    for ask in asks:
        kinds.setdefault(_kind(ask), []).append(ask)
    return tuple(ask for some in kinds.values() for ask in some[:2])


def _kind(ask: Ask) -> tuple[object, ...]:
    return (
        dataclasses.replace(ask.consume, key=""),
        ask.key in ask.member.at_start,
        ask.key in ask.member.initial,
        frozenset((each.version, each.is_private) for each in ask.possibilities),
    )


def _starts(asks: Iterable[Ask]) -> tuple[tuple[Step, ...], ...]:
    """The shortest way to each outcome, and no way at all."""
    shortest: dict[tuple[str | None, bool], tuple[Step, ...]] = {}
    for ask in asks:
        for each in ask.possibilities:
            outcome = (each.version, each.is_private)
            if each.failure is None and _is_shorter(each, shortest.get(outcome)):
                shortest[outcome] = each.trace
    return ((), *(trace for trace in shortest.values() if trace))


def _is_shorter(possibility: Possibility, known: tuple[Step, ...] | None) -> bool:
    return known is None or len(possibility.trace) < len(known)


def _few(
    view: PlanView, plan: KeyPlan, asks: Iterable[Ask], starts: Iterable[tuple[Step, ...]]
) -> Federation:
    """The federation of those that matter: who asks, who is loaded, and some who provide."""
    names = {view.host, *(ask.container for ask in asks)}
    for trace in starts:
        names |= {step.container for step in trace}
        names |= {step.remote for step in trace if isinstance(step, LoadRemote)}
    for _, containers in plan.provides:
        names |= {*containers[:_PROVIDERS], max(containers, default=view.host)}
    names = {each for name in names for each in view.path_to(name)}
    return view.federation_of(plan.key, names)


def _to_the_end(
    view: PlanView, key: str, known: Iterable[Ask], start: Sequence[Step], asks: Sequence[Ask]
) -> Iterator[Step]:
    """``start``, then everything that makes the requests ``asks`` possible, and these.

    ``known`` are all requests that are made where a container is loaded on the way.
    """
    loaded = {(each.container, each.remote) for each in start if isinstance(each, LoadRemote)}
    done = {
        (each.container, each.consume)
        for each in start
        if isinstance(each, (LoadShare, LoadShareSync))
    }
    by_container: dict[str, list[Ask]] = {}
    for ask in known:
        by_container.setdefault(ask.container, []).append(ask)

    def at_once(container: str) -> Iterator[Step]:
        for ask in by_container.get(container, ()):
            is_wanted = key in ask.member.initial or key in ask.member.at_start
            if is_wanted and (container, ask.consume) not in done:
                done.add((container, ask.consume))
                yield _request(ask)

    if not start:
        yield from at_once(view.host)
    yield from start
    for ask in asks:
        path = view.path_to(ask.container)
        for host, remote in zip(path, path[1:]):
            if (host, remote) not in loaded:
                loaded.add((host, remote))
                yield LoadRemote(host, remote)
                yield from at_once(remote)
        if (ask.container, ask.consume) not in done:
            done.add((ask.container, ask.consume))
            yield _request(ask)


def _request(ask: Ask) -> Step:
    consume: Consume = ask.consume
    if ask.key in ask.member.initial:
        return LoadShareSync(ask.container, consume)
    return LoadShare(ask.container, consume)


def _page(federation: Federation, steps: Sequence[Step]) -> LivePage | None:
    used: dict[Copy, tuple[list[str], bool]] = {}
    end = 0
    for index, (step, outcome) in enumerate(zip(steps, play(federation, steps)), start=1):
        copy = _used(step, outcome)
        if copy is None:
            continue
        used.setdefault(copy, ([], outcome.is_private))[0].append(step.container)
        if len(used) == 2 and not end:
            end = index
    if len(used) < 2:
        return None
    copies = ((copy, tuple(users), private) for copy, (users, private) in used.items())
    return LivePage(tuple(copies), _needed(federation, tuple(steps[:end])))


def _needed(federation: Federation, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The steps without those after which there would be two copies as well."""
    kept = list(steps)
    for step in reversed(steps):
        fewer = [each for each in kept if each is not step]
        if _is_page(fewer, steps[0].container) and _differ(federation, fewer):
            kept = fewer
    return tuple(kept)


def _is_page(steps: Sequence[Step], host: str) -> bool:
    """Whether everybody who does something has been loaded."""
    loaded = {host}
    for step in steps:
        if step.container not in loaded:
            return False
        if isinstance(step, LoadRemote):
            loaded.add(step.remote)
    return True


def _differ(federation: Federation, steps: Sequence[Step]) -> bool:
    """Whether a page uses two copies."""
    outcomes = play(federation, steps)
    return len({_used(step, outcome) for step, outcome in zip(steps, outcomes)} - {None}) > 1


def _used(step: Step, outcome: Outcome) -> Copy | None:
    return outcome.copy if isinstance(step, (LoadShare, LoadShareSync)) else None

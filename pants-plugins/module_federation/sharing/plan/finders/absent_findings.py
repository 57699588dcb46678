"""Providers that may be missing: a remote can be down, and what only it provides with it."""

from __future__ import annotations

from typing import Dict, Iterable, Iterator, Mapping, Tuple

from module_federation.sharing.findings import Finding
from module_federation.sharing.negotiation import FailureCode
from module_federation.sharing.plan.advice.conflict import Planner
from module_federation.sharing.plan.finders.problems import (
    Group,
    Problem,
    finding,
    grouped,
    provided,
)
from module_federation.sharing.plan.finders.view import Ask, Covered, PlanView
from module_federation.sharing.plan.finders.wording import first_few, question, who
from module_federation.sharing.plan.model import ConsumerPlan
from module_federation.sharing.runtime_semver import satisfy


def absent_providers(
    view: PlanView, plan: Planner, covered: Covered = frozenset()
) -> Iterable[Finding]:
    """``absent-provider``: without one remote, a consumer with no copy of its own gets none.

    Found by planning the federation without that remote. A consumer that can only be reached by
    way of it is not there then, and needs nothing.
    """
    problems = (
        each
        for each in _problems(view, plan)
        if (each.ask.container, each.ask.package) not in covered
    )
    return [_finding(view, group) for group in grouped(view, problems)]


def _problems(view: PlanView, plan: Planner) -> Iterator[Problem]:
    without: Dict[Tuple[str, str], Mapping[Tuple[str, int], ConsumerPlan]] = {}
    for key, asks in view.asks.items():
        counts: Dict[str, int] = {}
        for ask in asks:
            index = counts[ask.container] = counts.get(ask.container, -1) + 1
            if ask.consume.fallback is not None or _host_provides(view, ask):
                continue
            for name in _providers(view, ask):
                if (key, name) not in without:
                    without[key, name] = _planned_without(view, plan, key, name)
                left = without[key, name].get((ask.container, index))
                if left is not None and _fails(left):
                    yield Problem("absent-provider", ask, (name,))


def _host_provides(view: PlanView, ask: Ask) -> bool:
    """Whether the host, which is never down, brings along what fits."""
    return any(
        each.key == ask.key
        and each.scope in ask.consume.scopes
        and (
            ask.singleton
            or not isinstance(ask.required, str)
            or satisfy(each.version or "0", ask.required)
        )
        for each in view.by_name[view.host].container.provides
    )


def _providers(view: PlanView, ask: Ask) -> Tuple[str, ...]:
    found = {name for each in ask.possibilities for name in each.providers}
    return tuple(sorted(found - {view.host, ask.container}))


def _planned_without(
    view: PlanView, plan: Planner, key: str, name: str
) -> Mapping[Tuple[str, int], ConsumerPlan]:
    members = tuple(each for each in view.members if each.name != name)
    counts: Dict[str, int] = {}
    found = {}
    for key_plan in plan(members, frozenset((key,))):
        for each in key_plan.consumers:
            index = counts[each.container] = counts.get(each.container, -1) + 1
            found[each.container, index] = each
    return found


def _fails(consumer: ConsumerPlan) -> bool:
    return any(
        each.failure is not None and each.failure.code is FailureCode.NO_PROVIDER
        for each in consumer.possibilities
    )


def _finding(view: PlanView, group: Group) -> Finding:
    (name,) = group.cause
    remote = view.by_name[str(name)]
    versions = dict.fromkeys(
        each.version
        for ask in group.asks
        for each in ask.possibilities
        if each.version and remote.name in each.providers
    )
    message = (
        f"{group.names} {group.verb('needs', 'need')} {group.subject} and "
        f"{group.verb('brings', 'bring')} no copy along (`import: false`). Only the remote "
        f"{who(remote)} provides it: while that cannot be reached, the import fails."
    )
    chain = (
        *first_few(line for ask in group.asks for line in question(ask)),
        *provided(view, group, versions),
    )
    remedy = (
        f"Let {who(view.by_name[view.host])}, which opens the page, provide {group.package}, or "
        f"let {group.containers[0]} bring along a copy: remove `import = false`."
    )
    return finding(group, message, chain, remedy, others=(remote.name,))

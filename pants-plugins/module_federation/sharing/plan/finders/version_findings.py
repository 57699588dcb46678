"""Singletons whose version does not fit: what the page warns of, or throws.

Source of the rules: ``@module-federation/runtime-core`` 2.9.2, ``getRegisteredShare``.
"""

from __future__ import annotations

from typing import Iterable, Iterator

from module_federation.sharing.findings import Finding
from module_federation.sharing.plan.advice.conflict import Adviser
from module_federation.sharing.plan.finders.outcomes import offered, unfit
from module_federation.sharing.plan.finders.problems import (
    Group,
    Problem,
    finding,
    grouped,
    provided,
    providers,
)
from module_federation.sharing.plan.finders.view import Covered, PlanView
from module_federation.sharing.plan.finders.wording import asked, first_few, listed, question, way


def singleton_problems(view: PlanView) -> Iterator[Problem]:
    """Each request for a singleton that may get a version that does not fit."""
    for ask in view.notable:
        bad = unfit(ask)
        if not bad:
            continue
        throws = any(each.failure for each in bad)
        versions = tuple(sorted({offered(each) for each in bad}))
        always = len(bad) == len(ask.possibilities)
        code = "strict-singleton" if throws else "unsatisfied-singleton"
        yield Problem(code, ask, (ask.required, versions, always))


def singleton_findings(
    view: PlanView, adviser: Adviser, covered: Covered = frozenset()
) -> Iterable[Finding]:
    """``unsatisfied-singleton`` and ``strict-singleton``."""
    problems = (
        each
        for each in singleton_problems(view)
        if (each.ask.container, each.ask.package) not in covered
    )
    return [_finding(view, adviser, group) for group in grouped(view, problems)]


def _finding(view: PlanView, adviser: Adviser, group: Group) -> Finding:
    _, bad, always = group.cause
    assert isinstance(bad, tuple)
    first = group.asks[0]
    owners = providers(view, first.key, bad)
    example = next(each for each in unfit(first) if offered(each) in bad)
    source = f" from {listed(owners)}" if owners else ""
    sometimes = "" if always else " in some load orders"
    throws = group.code == "strict-singleton"
    message = (
        f"{group.names} {group.verb('asks', 'ask')} for {group.subject} {asked(first.required)}, "
        f"but {group.verb('gets', 'get')} {listed(bad)}{source}{sometimes}: "
        f"{group.package} is a singleton, so the page has one version for all, fitting or not. "
        + ("It is strict, so the import throws." if throws else "The page only logs a warning.")
    )
    advice = adviser.advise(group.package, bad[-1], group.containers)
    chain = (
        *first_few(line for ask in group.asks for line in question(ask)),
        *provided(view, group, bad),
        f"a load order that shows it: {way(example.trace)}",
        *advice.chain,
    )
    return finding(
        group, message, chain, advice.remedy, others=owners, blamed=adviser.blamed(first, bad[-1])
    )

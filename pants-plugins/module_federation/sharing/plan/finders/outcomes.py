"""What can be bad about an outcome, as questions to a request's possibilities."""

from __future__ import annotations

import re
from typing import AbstractSet, Tuple

from module_federation.sharing.negotiation import FailureCode
from module_federation.sharing.plan.finders.live_copies import page_with_copies
from module_federation.sharing.plan.finders.view import Ask, PlanView
from module_federation.sharing.plan.model import Possibility

_OFFERED = re.compile(r"Version (\S+) from ")


def failing(ask: Ask, code: FailureCode) -> tuple[Possibility, ...]:
    """The possibilities that fail in one way."""
    return tuple(each for each in ask.possibilities if each.failure and each.failure.code is code)


def unfit(ask: Ask) -> tuple[Possibility, ...]:
    """The possibilities in which a singleton's version does not fit: logged, or thrown."""
    return tuple(
        each
        for each in ask.possibilities
        if each.warnings
        or (each.failure and each.failure.code is FailureCode.UNSATISFIED_SINGLETON)
    )


def offered(possibility: Possibility) -> str:
    """The version that the runtime chose, also where it then threw.

    Source of the message: ``getRegisteredShare`` of ``@module-federation/runtime-core`` 2.9.2.
    """
    if possibility.version is not None:
        return possibility.version
    found = _OFFERED.match(possibility.failure.message) if possibility.failure else None
    return found[1] if found else "an unknown version"


Failures = AbstractSet[Tuple[str, str, FailureCode]]
"""(container, key, how its request may fail)."""


def failures(view: PlanView, package: str) -> Failures:
    """How requests for a package may fail, unfit singletons aside."""
    return frozenset(
        (ask.container, ask.key, each.failure.code)
        for plan in view.packages.get(package, ())
        for ask in view.asks[plan.key]
        for each in ask.possibilities
        if each.failure and each.failure.code is not FailureCode.UNSATISFIED_SINGLETON
    )


def is_sound(view: PlanView, package: str, known: Failures = frozenset()) -> bool:
    """Whether every version of a package fits, nothing fails, and no page needs two copies.

    Two copies only count for a package that is stateful.

    Args:
        known: Failures that do not count, since other things than versions are their cause.
    """
    if failures(view, package) - known:
        return False
    is_stateful = view.stateful_because(package) is not None
    return not any(
        any(unfit(ask) for ask in view.asks[plan.key])
        or (is_stateful and page_with_copies(view, plan) is not None)
        for plan in view.packages.get(package, ())
    )

"""Which errors of a federation are new, compared with another state of it.

Findings cannot be compared by their words: these name versions, and one finding may stand for many
containers. What is compared is what they are about: each container that has a part in an error,
with what the plan says can come of its requests.
"""

from __future__ import annotations

from collections import defaultdict
from typing import FrozenSet, Iterator, Mapping, Set, Tuple

from module_federation.sharing.findings import Finding
from module_federation.sharing.plan.model import ConsumerPlan, FederationPlan

_Part = Tuple[str, str, str, str]
"""Code, package, container, and what can come of its requests (empty: nothing bad)."""

Trouble = FrozenSet[_Part]


def trouble(plan: FederationPlan) -> Trouble:
    """What all errors of a plan are about."""
    ills = _ills(plan)
    return frozenset(part for error in plan.errors for part in _parts(error, ills))


def errors_besides(plan: FederationPlan, known: Trouble) -> tuple[Finding, ...]:
    """The errors of a plan that are about more than is known.

    A container that had no part in such an error is something new, and so is one that only had
    the blame, and now gets what does not fit. Another version that does not fit either is not.
    """
    ills = _ills(plan)
    return tuple(error for error in plan.errors if not known.issuperset(_parts(error, ills)))


def _parts(error: Finding, ills: Mapping[tuple[str, str], Set[str]]) -> Iterator[_Part]:
    package = error.package or ""
    for name in error.containers or (error.target or error.place,):
        for ill in ills.get((package, name)) or ("",):
            yield error.code, package, name, ill


def _ills(plan: FederationPlan) -> Mapping[tuple[str, str], Set[str]]:
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for key in plan.keys:
        for consumer in key.consumers:
            found[key.package, consumer.container].update(_ills_of(consumer))
    return found


def _ills_of(consumer: ConsumerPlan) -> Iterator[str]:
    for each in consumer.possibilities:
        if each.failure is not None:
            yield each.failure.code.name
        if each.warnings:
            yield "warning"
        if each.is_private:
            yield "private"
    if len(consumer.versions) > 1:
        yield "several versions"

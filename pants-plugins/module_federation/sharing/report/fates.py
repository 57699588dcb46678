"""What becomes of requests for shared modules, and which containers fare alike."""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, List

from module_federation.sharing.plan.model import ConsumerPlan, KeyPlan

FATES = ("fails", "warns", "varies", "private", "fits")
"""What becomes of a request in all load orders together, worst first."""


def fate(consumer: ConsumerPlan) -> str:
    """One of ``FATES``; ``fits`` means one version in every order, with nothing said."""
    possibilities = consumer.possibilities
    if any(each.failure is not None for each in possibilities):
        return "fails"
    if any(each.warnings for each in possibilities):
        return "warns"
    if len(consumer.versions) > 1:
        return "varies"
    return "private" if any(each.is_private for each in possibilities) else "fits"


def consumer_groups(key: KeyPlan) -> list[list[ConsumerPlan]]:
    """Consumers of equal request and equal fate together; texts name the first of each group."""
    groups: Dict[object, List[ConsumerPlan]] = {}
    for consumer in key.consumers:
        groups.setdefault(_identity(consumer), []).append(consumer)
    return list(groups.values())


def _identity(consumer: ConsumerPlan) -> object:
    """What two consumers must have in common to be shown as one.

    A private copy is always the consumer's own. The trace to a possibility names the consumer, and
    so may a warning.
    """
    name = consumer.container
    return (
        consumer.consume,
        tuple(
            replace(
                each,
                providers=() if each.is_private else each.providers,
                warnings=tuple(_anonymous(text, name) for text in each.warnings),
                failure=None
                if each.failure is None
                else replace(each.failure, message=_anonymous(each.failure.message, name)),
                trace=(),
            )
            for each in consumer.possibilities
        ),
    )


def _anonymous(text: str, name: str) -> str:
    return text.replace(f" of {name} which ", " of  which ").replace(f"{name} ", " ")

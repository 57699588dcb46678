"""Problems of single requests, put together to findings: one for each thing that is wrong.

A finder says what is wrong with one request for one key. ``react`` and ``react/jsx-runtime`` have
the same fate, and so may have hundreds of containers: what has one code, package and cause is one
finding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable, NamedTuple, Sequence

from module_federation.sharing.finding_codes import FINDING_CODES
from module_federation.sharing.findings import Finding, Severity
from module_federation.sharing.plan.finders.view import Ask, PlanView
from module_federation.sharing.plan.finders.wording import (
    first_few,
    importers,
    listed,
    place_of,
    who,
)
from module_federation.sharing.plan.members import RangeOrigin

_MILDER = {
    Severity.ERROR: Severity.WARNING,
    Severity.WARNING: Severity.INFO,
    Severity.INFO: Severity.INFO,
}


class Problem(NamedTuple):
    """``cause`` is hashable: what makes two problems of one code and package the same."""

    code: str
    ask: Ask
    cause: tuple[object, ...]


@dataclass(frozen=True)
class Group:
    """Problems with one code, package and cause.

    Attributes:
        asks: The first request of each container, in the order of the plan.
        keys: All share keys that it is about, sorted.
        is_certain: Every one of the containers is certain to ask; else none is.
    """

    code: str
    package: str
    cause: tuple[object, ...]
    asks: tuple[Ask, ...]
    keys: tuple[str, ...]
    is_certain: bool

    @property
    def containers(self) -> tuple[str, ...]:
        """The containers that ask."""
        return tuple(each.container for each in self.asks)

    @property
    def names(self) -> str:
        """The containers that ask, in a sentence: the first one with its target."""
        names = (who(self.asks[0].member), *self.containers[1:])
        return listed(names)

    @property
    def subject(self) -> str:
        """What it is about: the package, or those of its keys that it is about."""
        return listed(self.keys)

    def verb(self, one: str, several: str) -> str:
        """The form of a verb that fits ``names``."""
        return one if len(self.asks) == 1 else several


def grouped(view: PlanView, problems: Iterable[Problem]) -> tuple[Group, ...]:
    """Groups in the order of their first problem."""
    found: dict[tuple[object, ...], list[Problem]] = {}
    for each in problems:
        ask = each.ask
        identity = (
            each.code,
            ask.package,
            each.cause,
            view.is_certain(ask),
            # What one target has silenced must not hide what is wrong with others.
            view.policy.silenced_because(each.code, ask.package, (ask.container,)),
        )
        found.setdefault(identity, []).append(each)
    return tuple(_group(view, problems) for problems in found.values())


def _group(view: PlanView, problems: Sequence[Problem]) -> Group:
    first = problems[0]
    asks: dict[str, Ask] = {}
    for each in problems:
        asks.setdefault(each.ask.container, each.ask)
    order = [each.name for each in view.members] if len(asks) > 1 else list(asks)
    return Group(
        first.code,
        first.ask.package,
        first.cause,
        tuple(asks[name] for name in order if name in asks),
        tuple(sorted({each.ask.key for each in problems})),
        view.is_certain(first.ask),
    )


def covered_by(findings: Iterable[Finding]) -> frozenset[tuple[str, str]]:
    """The (container, package) pairs that errors are about."""
    return frozenset(
        (container, each.package)
        for each in findings
        if each.severity is Severity.ERROR and each.package is not None
        for container in each.containers
    )


def finding(
    group: Group,
    message: str,
    chain: Iterable[str],
    remedy: str,
    *,
    others: Iterable[str] = (),
    blamed: Sequence[RangeOrigin] = (),
) -> Finding:
    """A group as a finding, with the importers of its first container at the end of the chain.

    Args:
        others: Containers that have a part in it besides those that ask.
        blamed: The places to blame before any other of the first container's range.
    """
    first = group.asks[0]
    severity = FINDING_CODES[group.code].severity
    steps = [*chain, *importers(first)]
    if not group.is_certain:
        # The bundle has the key only if an installed package's own code asks for it.
        severity = _MILDER[severity]
        steps.append(
            "a bound: no first-party code imports it there, but an installed package may ask for it"
        )
    file, line = place_of(first, blamed)
    return Finding(
        group.code,
        severity,
        message,
        file,
        line,
        tuple(dict.fromkeys(steps)),
        remedy,
        first.member.label,
        tuple(dict.fromkeys((*group.containers, *others))),
        group.package,
    )


def provided(view: PlanView, group: Group, versions: Iterable[str]) -> tuple[str, ...]:
    """A line for each provider of one of ``versions``, and how many were left out."""
    lines = []
    for plan in view.packages[group.package]:
        if plan.key != group.asks[0].key:
            continue
        by_version = dict(plan.provides)
        for version in versions:
            for container in by_version.get(version, ()):
                lines.append(view.origin_of(container, plan.key, version))
    return first_few(lines, 2)


def providers(view: PlanView, key: str, versions: Iterable[str]) -> tuple[str, ...]:
    """The containers that provide one of ``versions`` of a key, without repetition."""
    wanted = frozenset(versions)
    found = (
        container
        for ask in view.asks[key][:1]
        for plan in view.packages[ask.package]
        if plan.key == key
        for version, containers in plan.provides
        if version in wanted
        for container in containers
    )
    return tuple(dict.fromkeys(found))

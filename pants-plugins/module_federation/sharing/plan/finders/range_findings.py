"""Ranges that the runtime reads otherwise than npm does, or cannot satisfy at all.

Source of the rules: ``satisfy`` of ``@module-federation/runtime-core`` 2.9.2 against npm's
``semver`` 7.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Iterable, Iterator, Tuple

from module_federation.sharing.findings import Finding
from module_federation.sharing.plan.advice.edges import installed_version, specifier
from module_federation.sharing.plan.finders.problems import (
    Group,
    Problem,
    finding,
    grouped,
    provided,
    providers,
)
from module_federation.sharing.plan.finders.view import Covered, PlanView
from module_federation.sharing.plan.finders.wording import first_few, listed, question
from module_federation.sharing.ranges import (
    RangeError,
    legal_for_runtime,
    parse_range,
    runtime_releases,
)
from module_federation.sharing.runtime_semver import compile_range, satisfy


def unreadable_ranges(view: PlanView) -> Iterable[Finding]:
    """``unreadable-range``: no version at all satisfies what is asked for."""
    problems = (
        Problem("unreadable-range", ask, (ask.required, ask.singleton, bool(ask.consume.strict)))
        for ask in view.all_asks()
        if isinstance(ask.required, str) and not can_be_satisfied(ask.required)
    )
    return [_unreadable(group) for group in grouped(view, problems)]


@lru_cache(maxsize=8192)
def can_be_satisfied(text: str) -> bool:
    """Whether the runtime finds any version, release or prerelease, in a range."""
    if runtime_releases(text):
        return True
    # Prereleases count below the bounds too: `>1.0.0 <1.0.1` has 1.0.1-rc in it.
    return any(
        satisfy(version, text)
        for alternative in compile_range(text)
        for bound in alternative
        for core in (f"{bound.major}.{bound.minor}.{bound.patch}",)
        for version in (bound.version, f"{core}-0", f"{core}-zz")
    )


def _unreadable(group: Group) -> Finding:
    required, singleton, strict = group.cause
    ask = group.asks[0]
    if not singleton:
        effect = "it never shares and always loads a copy of its own"
        if ask.consume.fallback is None:
            effect = "the import always fails, since it brings no copy along"
    else:
        effect = "the import always throws" if strict else "the page always warns"
    message = (
        f"{group.names} {group.verb('asks', 'ask')} for {group.subject} `{required}`, which no "
        f"version satisfies by the rules of the federation runtime: {effect}."
    )
    version = installed_version(ask) or next(
        (each.version for each in ask.possibilities if each.version), None
    )
    better = legal_for_runtime(
        specifier(str(required), version).range, [version] if version else []
    )
    remedy = (
        f"Ask for `{better}` instead: in the `package.json` named above, or as `required_version` "
        "in the policy file."
    )
    chain = first_few(line for each in group.asks for line in question(each))
    return finding(group, message, chain, remedy)


def range_differences(view: PlanView, covered: Covered = frozenset()) -> Iterable[Finding]:
    """``range-read-differently``, for the versions that the federation provides."""
    problems = (
        each for each in _different(view) if (each.ask.container, each.ask.package) not in covered
    )
    return [_read_differently(view, group) for group in grouped(view, problems)]


def _different(view: PlanView) -> Iterator[Problem]:
    for plan in view.keys:
        versions = tuple(version for version, _ in plan.provides)
        for ask in view.asks[plan.key]:
            if isinstance(ask.required, str):
                differing = differing_versions(ask.required, versions)
                if differing:
                    yield Problem("range-read-differently", ask, (ask.required, differing))


@lru_cache(maxsize=65536)
def differing_versions(text: str, versions: Tuple[str, ...]) -> Tuple[Tuple[str, bool], ...]:
    """Those of ``versions`` that only one of npm and the runtime finds in a range.

    Each with whether npm does. None for a text that npm refuses.
    """
    try:
        wanted = parse_range(text)
    except RangeError:
        return ()
    return tuple(
        (each, wanted.contains(each))
        for each in versions
        if wanted.contains(each) != satisfy(each, text)
    )


def _read_differently(view: PlanView, group: Group) -> Finding:
    required, differing = group.cause
    assert isinstance(differing, tuple)
    ask = group.asks[0]
    refused = [version for version, by_npm in differing if by_npm]
    taken = [version for version, by_npm in differing if not by_npm]
    parts = []
    if refused:
        parts.append(f"npm finds {listed(refused)} in it, the page does not")
    if taken:
        parts.append(f"the page takes {listed(taken)} for it, npm would not")
    versions = [version for version, _ in differing]
    owners = providers(view, ask.key, versions)
    message = (
        f"{group.names} {group.verb('asks', 'ask')} for {group.subject} `{required}`, which the "
        f"federation runtime does not read as npm does: {'; '.join(parts)}."
    )
    chain = (
        *first_few(line for each in group.asks for line in question(each)),
        *provided(view, group, versions),
    )
    remedy = (
        f"Write a range that names the versions themselves, such as `{required} || {refused[0]}`."
        if refused
        else f"Provide a release instead of {listed(taken)}, or write a range that admits it for "
        f"npm too: `{required} || {taken[0]}`."
    )
    return finding(group, message, chain, remedy, others=owners)

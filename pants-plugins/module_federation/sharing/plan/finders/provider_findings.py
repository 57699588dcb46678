"""Requests that fail: nobody provides, it comes too late, or it never comes.

Source of the rules: ``@module-federation/runtime-core`` 2.9.2, ``loadShare`` (RUNTIME-012) and
``loadShareSync`` (RUNTIME-006).
"""

from __future__ import annotations

from typing import Iterable, Iterator

from module_federation.sharing.findings import Finding
from module_federation.sharing.negotiation import FailureCode
from module_federation.sharing.plan.finders.outcomes import failing
from module_federation.sharing.plan.finders.problems import (
    Group,
    Problem,
    finding,
    grouped,
    provided,
    providers,
)
from module_federation.sharing.plan.finders.view import Ask, Covered, PlanView
from module_federation.sharing.plan.finders.wording import (
    asked,
    first_few,
    listed,
    question,
    way,
    who,
)
from module_federation.sharing.runtime_semver import satisfy

_NOBODY, _UNFIT, _LATE = "nobody", "unfit", "late"
_CODES = (
    ("missing-provider", FailureCode.NO_PROVIDER),
    ("eager-consumption", FailureCode.NOT_EAGER),
    ("missing-range", FailureCode.NO_RANGE),
)


def provider_findings(view: PlanView, covered: Covered = frozenset()) -> Iterable[Finding]:
    """``missing-provider``, ``eager-consumption``, ``missing-range``."""
    tell = {
        "missing-provider": _missing_provider,
        "eager-consumption": _eager,
        "missing-range": _missing_range,
    }
    return [tell[group.code](view, group) for group in grouped(view, _problems(view, covered))]


def _problems(view: PlanView, covered: Covered) -> Iterator[Problem]:
    for ask in view.notable:
        if (ask.container, ask.package) in covered:
            continue
        for code, failure in _CODES:
            bad = failing(ask, failure)
            if not bad:
                continue
            cause: tuple[object, ...] = ()
            if code == "missing-provider":
                cause = (ask.required, _why_missing(view, ask), _versions(view, ask))
            yield Problem(code, ask, cause)


def _why_missing(view: PlanView, ask: Ask) -> str:
    versions = _versions(view, ask)
    if not versions:
        return _NOBODY
    required = ask.required
    fits = (
        ask.singleton
        or not isinstance(required, str)
        or any(satisfy(version, required) for version in versions)
    )
    return _LATE if fits else _UNFIT


def _versions(view: PlanView, ask: Ask) -> tuple[str, ...]:
    plan = next(each for each in view.packages[ask.package] if each.key == ask.key)
    return tuple(version for version, _ in plan.provides)


def _missing_provider(view: PlanView, group: Group) -> Finding:
    _, why, versions = group.cause
    assert isinstance(versions, tuple)
    first = group.asks[0]
    owners = providers(view, first.key, versions)
    wants = (
        f"{group.names} {group.verb('needs', 'need')} {group.subject} and "
        f"{group.verb('brings', 'bring')} no copy along (`import: false`)"
    )
    host = view.by_name[view.host]
    if why == _NOBODY:
        message = f"{wants}, but no container of the page provides it."
        remedy = (
            f"Let {who(host)} share {group.package}, or let {listed(group.containers)} bring "
            "along a copy: remove `import = false`."
        )
    elif why == _UNFIT:
        message = (
            f"{wants}, but none of the versions that are provided fits "
            f"{asked(first.required)}: {listed(versions)}."
        )
        remedy = (
            f"Ask for a range that {versions[-1]} is in, let {who(host)} provide a version that "
            "fits, or remove `import = false`."
        )
    else:
        # In another scope, or by a remote that is loaded later.
        message = (
            f"{wants}. {_when(first)} nobody has provided a version that fits when it is asked "
            f"for: {listed(owners)} {'does' if len(owners) == 1 else 'do'} so later."
        )
        remedy = (
            f"Let {who(host)} provide {group.package}: what the host shares is there from the "
            "start. Or remove `import = false`."
        )
    example = failing(first, FailureCode.NO_PROVIDER)[0]
    chain = (
        *first_few(line for ask in group.asks for line in question(ask)),
        *provided(view, group, versions),
        f"a load order that shows it: {way(example.trace)}",
    )
    return finding(group, message, chain, remedy, others=owners)


def _when(ask: Ask) -> str:
    return "In some load orders" if any(each.version for each in ask.possibilities) else "Always"


def _eager(view: PlanView, group: Group) -> Finding:
    first = group.asks[0]
    example = failing(first, FailureCode.NOT_EAGER)[0]
    message = (
        f"{group.names} {group.verb('needs', 'need')} {group.subject} before anything can be "
        "loaded: the code that asks for it is not behind an `import()`, and no copy of it is "
        'eager. The page stops with "Shared module is not available for eager consumption".'
    )
    remedy = (
        "Move that code into a module of its own and load it by `import()` from the entry, or set "
        f"`eager = true` for {group.package} in the policy file, for this container only."
    )
    chain = (
        *first_few(line for ask in group.asks for line in question(ask)),
        f"a load order that shows it: {way(example.trace)}",
    )
    return finding(group, message, chain, remedy)


def _missing_range(view: PlanView, group: Group) -> Finding:
    first = group.asks[0]
    example = failing(first, FailureCode.NO_RANGE)[0]
    message = (
        f"{group.names} {group.verb('asks', 'ask')} for {group.subject} without naming a range, "
        "and not as a singleton: the runtime's check of the range throws a TypeError."
    )
    remedy = (
        f"Declare {group.package} in the `package.json` that imports it, or set "
        "`required_version` for it in the policy file (false asks for any version)."
    )
    chain = (
        *provided(view, group, _versions(view, first)),
        f"a load order that shows it: {way(example.trace)}",
    )
    return finding(group, message, chain, remedy)

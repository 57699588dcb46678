"""Short ways to write down members of a federation."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Dict, Tuple

from module_federation.sharing.finding_policy import AS_USUAL, FindingPolicy
from module_federation.sharing.findings import Finding
from module_federation.sharing.negotiation import (
    Consume,
    Container,
    Provide,
    Remote,
    Strategy,
)
from module_federation.sharing.plan.members import KeyFacts, Member, RangeOrigin
from module_federation.sharing.plan.model import FederationPlan
from module_federation.sharing.plan.planner import plan_federation

Shared = Tuple[Tuple[Provide, ...], Tuple[Consume, ...], Dict[str, KeyFacts]]


def share(
    key: str,
    version: str | None,
    required: str | bool | None = None,
    *,
    package: str | None = None,
    line: int = 10,
    file: str | None = None,
    text: str | None = None,
    kind: str = "dependencies",
    owner: str = "apps",
    origins: Sequence[RangeOrigin] | None = None,
    singleton: bool = False,
    strict: bool = False,
    eager: bool = False,
    scope: str = "default",
    import_: bool = True,
    consumes: bool = True,
    provides: bool = True,
    **facts: Any,
) -> Shared:
    """One shared key: provided as ``version``, asked for as ``required`` (``^version``)."""
    wanted = f"^{version}" if required is None else required
    provided: tuple[Provide, ...] = ()
    if import_ and provides:
        provided = (Provide(key, version, scope, wanted, singleton, strict, eager),)
    fallback = version if import_ else None
    asked: tuple[Consume, ...] = ()
    if consumes:
        asked = (Consume(key, wanted, singleton, strict, eager, (scope,), fallback),)
    if origins is None:
        shown = text if text is not None else str(wanted)
        origins = (RangeOrigin(shown, owner, file, line if file else None, kind),) if file else ()
    name = package or key
    return provided, asked, {key: KeyFacts(name, tuple(origins), **facts)}


def member(
    name: str,
    *shares: Shared,
    kind: str = "remote",
    label: str | None = None,
    remotes: Sequence[str] = (),
    strategy: Strategy = Strategy.VERSION_FIRST,
    later: Iterable[str] = (),
    unsure: Sequence[str] = (),
    initial: Sequence[str] = (),
    **others: Any,
) -> Member:
    """A container. Its keys are asked for at its start, except for those named in ``later``."""
    facts: dict[str, KeyFacts] = {}
    provides: tuple[Provide, ...] = ()
    consumes: tuple[Consume, ...] = ()
    for provided, asked, known in shares:
        provides += provided
        consumes += asked
        facts.update(known)
    keys = {each.key for each in consumes}
    return Member(
        Container(name, strategy, provides, consumes, tuple(map(Remote, remotes))),
        kind,
        label or f"apps/{name}:{kind}",
        facts=facts,
        at_start=frozenset(keys - set(later)),
        initial=frozenset(initial),
        certain=frozenset(keys - set(unsure)),
        **others,
    )


def host(name: str, *shares: Shared, **others: Any) -> Member:
    return member(name, *shares, kind="host", **others)


def plan(members: Sequence[Member], policy: FindingPolicy = AS_USUAL) -> FederationPlan:
    """The plan of the first member as host, which loads all others unless it names remotes."""
    first, *rest = members
    if not first.container.remotes:
        remotes = tuple(Remote(each.name) for each in rest)
        first = dataclasses.replace(
            first, container=dataclasses.replace(first.container, remotes=remotes)
        )
    return plan_federation((first, *rest), first.name, policy)


def codes(found: FederationPlan | Sequence[Finding]) -> list[str]:
    findings = found.findings if isinstance(found, FederationPlan) else found
    return [each.code for each in findings]


def only(found: FederationPlan, code: str) -> Finding:
    """The one finding of a code."""
    (finding,) = [each for each in found.findings if each.code == code]
    return finding


def file_of(name: str) -> Mapping[str, Any]:
    """The ``package.json`` of a container, as arguments for ``share``."""
    return {"file": f"apps/{name}/package.json", "owner": f"apps/{name}"}

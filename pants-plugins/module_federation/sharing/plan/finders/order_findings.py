"""Outcomes that depend on what nobody decided: the load order, a name, another team's version."""

from __future__ import annotations

from typing import Iterable, Iterator, Tuple

from module_federation.sharing.finding_codes import FINDING_CODES
from module_federation.sharing.findings import Finding
from module_federation.sharing.negotiation import Provide
from module_federation.sharing.plan.finders.problems import (
    Group,
    Problem,
    finding,
    grouped,
    provided,
    providers,
)
from module_federation.sharing.plan.finders.view import Ask, Covered, PlanView
from module_federation.sharing.plan.finders.wording import first_few, listed, question, way, who
from module_federation.sharing.plan.model import KeyPlan, Proof


def order_findings(view: PlanView, covered: Covered = frozenset()) -> Iterable[Finding]:
    """``remote-takes-over`` and ``order-dependent-version``.

    Of a host that may get a remote's version only the first is said.
    """
    problems = (
        each for each in _problems(view) if (each.ask.container, each.ask.package) not in covered
    )
    return [
        _takes_over(view, group)
        if group.code == "remote-takes-over"
        else _order_dependent(view, group)
        for group in grouped(view, problems)
    ]


def _problems(view: PlanView) -> Iterator[Problem]:
    hosts = (ask for ask in view.all_asks() if ask.member is view.members[0])
    others = (ask for ask in view.notable if ask.member is not view.members[0])
    for ask in (*hosts, *others):
        versions = _versions(ask)
        foreign = _foreign(view, ask)
        if foreign:
            own = tuple(each.version for each in _own(ask))
            yield Problem("remote-takes-over", ask, (own, foreign))
        elif len(versions) > 1:
            yield Problem("order-dependent-version", ask, (tuple(sorted(versions)),))


def _versions(ask: Ask) -> tuple[str, ...]:
    found = (each.version for each in ask.possibilities if each.version is not None)
    return tuple(dict.fromkeys(found))


def _own(ask: Ask) -> Iterator[Provide]:
    return (each for each in ask.member.container.provides if each.key == ask.key)


def _foreign(view: PlanView, ask: Ask) -> tuple[str, ...]:
    """Versions that a host gets and that it does not bring along, though it brings another one."""
    if ask.container != view.host:
        return ()
    own = {each.version for each in _own(ask)}
    if not own:
        return ()
    return tuple(
        sorted(
            {
                each.version
                for each in ask.possibilities
                if each.version is not None and not each.is_private and each.version not in own
            }
        )
    )


def _takes_over(view: PlanView, group: Group) -> Finding:
    own, foreign = group.cause
    assert isinstance(own, tuple)
    assert isinstance(foreign, tuple)
    ask = group.asks[0]
    owners = providers(view, ask.key, foreign)
    example = next(each for each in ask.possibilities if each.version in foreign)
    sometimes = "" if set(_versions(ask)) <= set(foreign) else " in some load orders"
    message = (
        f"The host {who(ask.member)} brings {group.subject} {listed(map(str, own))} along, but "
        f"gets {listed(foreign)} from {listed(owners)}{sometimes}: a remote decides which version "
        "the host runs with."
    )
    chain = (
        *question(ask),
        *provided(view, group, (*map(str, own), *foreign)),
        f"a load order that shows it: {way(example.trace)}",
    )
    remedy = (
        f"Install {group.package} {foreign[-1]} for the host too, so that it is tested with what "
        f"it gets, or keep {listed(owners)} at {listed(map(str, own))}."
    )
    return finding(group, message, chain, remedy, others=owners)


def _order_dependent(view: PlanView, group: Group) -> Finding:
    (versions,) = group.cause
    assert isinstance(versions, tuple)
    ask = group.asks[0]
    owners = providers(view, ask.key, versions)
    message = (
        f"{group.names} {group.verb('gets', 'get')} {group.subject} "
        f"{listed(versions).replace(' and ', ' or ')}: which one depends on the order in which the "
        "page loads its remotes."
    )
    ways = []
    for version in _versions(ask):
        example = next(each for each in ask.possibilities if each.version == version)
        own = " (its own)" if example.is_private else ""
        ways.append(f"{version}{own}: {way(example.trace)}")
    chain = (*question(ask), *provided(view, group, versions), *first_few(ways))
    remedy = (
        f"Install one version of {group.package} for all of these containers: the same range in "
        "each `package.json`, or an override in the root one."
    )
    return finding(group, message, chain, remedy, others=owners)


def name_findings(view: PlanView, covered: Covered = frozenset()) -> Iterable[Finding]:
    """``name-decides-provider``: of equal versions, the copy of the greater name is used.

    Said only where the copies are known to differ: installed from different projects, or built for
    different modes. Source of the rule: ``register`` in ``initializeSharing``.
    """
    problems = (
        Problem("name-decides-provider", each, (version, containers))
        for plan in view.keys
        for version, containers in _different_copies(view, plan)
        for each in view.asks[plan.key]
        if (each.container, each.package) not in covered and _may_get(each, version)
    )
    return [_name_decides(view, group) for group in grouped(view, problems)]


def _different_copies(view: PlanView, plan: KeyPlan) -> Iterator[Tuple[str, Tuple[str, ...]]]:
    for version, containers in plan.provides:
        if len(containers) < 2:
            continue
        builds, modes = set(), set()
        for name in containers:
            member = view.by_name[name]
            facts = member.facts.get(plan.key)
            builds.add(facts.build if facts else None)
            modes.add(member.mode)
        if len(builds - {None}) > 1 or len(modes - {None}) > 1:
            yield version, containers


def _may_get(ask: Ask, version: str) -> bool:
    return any(
        each.version == version and not each.is_private and each.failure is None
        for each in ask.possibilities
    )


def _name_decides(view: PlanView, group: Group) -> Finding:
    version, containers = group.cause
    assert isinstance(version, str)
    assert isinstance(containers, tuple)
    ask = group.asks[0]
    gets = next(each for each in ask.possibilities if each.version == version)
    all_of = "both" if len(containers) == 2 else "all"
    message = (
        f"{listed(containers)} {all_of} provide {group.subject} {version}, but not the same copy "
        f"of it. {group.names} {group.verb('uses', 'use')} that of {listed(gets.providers)}: "
        "between equal versions the greater container name wins, so renaming a container changes "
        "what runs."
    )
    chain = tuple(
        view.origin_of(name, ask.key, version) + _build(view, name, ask.key) for name in containers
    )
    remedy = (
        f"Install {group.package} for these containers from one project, and build them all for "
        "one mode; or let only one of them provide it (`import = false` for the others)."
    )
    return finding(group, message, first_few(chain), remedy, others=containers)


def _build(view: PlanView, container: str, key: str) -> str:
    member = view.by_name[container]
    facts = member.facts.get(key)
    build = f", build {facts.build}" if facts and facts.build else ""
    return f"{build}, {member.mode}" if member.mode else build


def unchecked_orders(view: PlanView) -> Iterable[Finding]:
    """``unchecked-orders``, once for the whole federation."""
    bounded = [plan for plan in view.keys if plan.proof is Proof.BOUNDED]
    if not bounded:
        return ()
    host = view.by_name[view.host]
    states = sum(plan.states for plan in bounded)
    return (
        Finding(
            "unchecked-orders",
            FINDING_CODES["unchecked-orders"].severity,
            f"There are too many load orders of {listed(plan.key for plan in bounded)} to try them "
            f"all: {states:,} load states were played, and others may have other outcomes.",
            remedy="Let the containers provide fewer different versions: the number of orders "
            "grows with every one.",
            target=host.label,
            containers=(host.name,),
            package=bounded[0].package if len({plan.package for plan in bounded}) == 1 else None,
        ),
    )

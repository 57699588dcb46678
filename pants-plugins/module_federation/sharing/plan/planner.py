"""From members to the federation plan: every key planned, everything that is wrong found."""

from __future__ import annotations

import dataclasses
from typing import AbstractSet, Iterator, List, Sequence

from module_federation.sharing.finding_policy import AS_USUAL, FindingPolicy
from module_federation.sharing.findings import Finding, Severity
from module_federation.sharing.plan.advice.conflict import Adviser
from module_federation.sharing.plan.collector import paused_collector
from module_federation.sharing.plan.finders.absent_findings import absent_providers
from module_federation.sharing.plan.finders.agreement_findings import (
    mixed_modes,
    singleton_disagreements,
)
from module_federation.sharing.plan.finders.copy_findings import copy_findings
from module_federation.sharing.plan.finders.deadlock_findings import deadlocks
from module_federation.sharing.plan.finders.order_findings import (
    name_findings,
    order_findings,
    unchecked_orders,
)
from module_federation.sharing.plan.finders.problems import covered_by
from module_federation.sharing.plan.finders.provider_findings import provider_findings
from module_federation.sharing.plan.finders.range_findings import (
    range_differences,
    unreadable_ranges,
)
from module_federation.sharing.plan.finders.reference_findings import (
    reference_findings,
    reserved_names,
)
from module_federation.sharing.plan.finders.version_findings import singleton_findings
from module_federation.sharing.plan.finders.view import PlanView, reachable
from module_federation.sharing.plan.keys import plan_keys, reserved_keys
from module_federation.sharing.plan.members import Member
from module_federation.sharing.plan.model import FederationPlan, KeyPlan


def plan_federation(
    members: Sequence[Member], host: str, policy: FindingPolicy = AS_USUAL
) -> FederationPlan:
    """The plan of a host and everything it can load.

    Args:
        members: The host's and others'. Those that the host cannot reach are left out.
        host: The host's container name.
        policy: Severities and silences, those of targets included.

    Raises:
        FederationError: Two members have one name, or none has the host's.
    """
    with paused_collector():
        reached = reachable(members, host)
        keys = plan_keys(reached, host)
        view = PlanView(reached, host, keys, policy)
        found = [*_of_members(view), *find_all(view)]
        found = _without_what_errors_say(found)
        findings = policy.apply(sorted(dict.fromkeys(found), key=_order))
        return FederationPlan(host, view.members, keys, findings)


def find_all(view: PlanView) -> List[Finding]:
    """Everything that is wrong with a federation as a whole.

    An error hides what is milder about the same container and package: it has the same cause.
    """

    def plan_again(changed: Sequence[Member], only: AbstractSet[str]) -> tuple[KeyPlan, ...]:
        return plan_keys(changed, view.host, only=only)

    adviser = Adviser(view, plan_again)
    errors = [*unreadable_ranges(view)]
    covered = covered_by(errors)
    errors += singleton_findings(view, adviser, covered)
    errors += provider_findings(view, covered)
    errors += deadlocks(view)
    errors += copy_findings(view, adviser, covered)
    covered = covered_by(errors)
    mixed = mixed_modes(view)
    # Which copy is used is beside the point where none of the other mode should be.
    met = frozenset(
        (name, package) for each in mixed for name in each.containers for package in view.packages
    )
    return [
        *errors,
        *mixed,
        *absent_providers(view, plan_again, covered),
        *order_findings(view, covered),
        *name_findings(view, covered | met),
        *singleton_disagreements(view, covered),
        *range_differences(view, covered),
        *reference_findings(view),
        *reserved_names(view, reserved_keys(view.members)),
        *unchecked_orders(view),
    ]


def _of_members(view: PlanView) -> Iterator[Finding]:
    for member in view.members:
        for each in member.findings:
            yield dataclasses.replace(
                each,
                target=each.target or member.label,
                containers=each.containers or (member.name,),
            )


_SAID_BY = {"stateful-not-singleton": "stateful-loaded-twice"}
"""What a container's own findings say less of than an error about the federation."""


def _without_what_errors_say(findings: Sequence[Finding]) -> List[Finding]:
    said = {
        (each.code, each.package, container)
        for each in findings
        if each.severity is Severity.ERROR
        for container in each.containers
    }
    return [
        each
        for each in findings
        if not each.containers
        or (_SAID_BY.get(each.code, ""), each.package, each.containers[0]) not in said
    ]


def _order(finding: Finding) -> tuple[object, ...]:
    return (*finding.sort_key, finding.target or "", finding.containers)

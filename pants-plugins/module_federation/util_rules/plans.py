"""The federation plan of each page, and whether a container may be built by it."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Iterable, Mapping

from pants.engine.addresses import Address
from pants.engine.engine_aware import EngineAwareParameter
from pants.engine.rules import Get, Rule, collect_rules, rule
from pants.util.logging import LogLevel

from module_federation.engine import concurrently
from module_federation.errors import ModuleFederationError
from module_federation.options import PlanErrors
from module_federation.sharing.finding_policy import Silence, target_silences, unused_silences
from module_federation.sharing.findings import Finding, Severity
from module_federation.sharing.plan.from_contracts import member_from_contract
from module_federation.sharing.plan.from_slices import member_from_slice
from module_federation.sharing.plan.members import Member, RemoteUse
from module_federation.sharing.plan.model import FederationPlan
from module_federation.sharing.plan.planner import plan_federation
from module_federation.subsystem import ModuleFederation
from module_federation.util_rules.closures import ContainerClosure, container_closure
from module_federation.util_rules.containers import (
    ContainerKind,
    FederatedContainer,
    FederatedContainers,
)
from module_federation.util_rules.external_remotes import ExternalRemote
from module_federation.util_rules.federations import external_reachable, reachable
from module_federation.util_rules.page_uses import Pages
from module_federation.util_rules.policies import RepositoryPolicy
from module_federation.util_rules.slices import ContainerSlice, container_slice

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class PagePlanRequest(EngineAwareParameter):
    """The federation plan of the page that one container opens: a host, as a rule."""

    address: Address

    def debug_hint(self) -> str:
        return self.address.spec


@dataclass(frozen=True)
class PagePlan:
    """
    :param address: the container that opens the page.
    """

    address: Address
    plan: FederationPlan


@dataclass(frozen=True)
class ApprovalRequest(EngineAwareParameter):
    """Whether one container may be built."""

    address: Address

    def debug_hint(self) -> str:
        return self.address.spec


@dataclass(frozen=True)
class Approval:
    """The container may be built: no plan says otherwise, or an option says to warn only."""

    plans: tuple[PagePlan, ...]


def page_plan(address: Address) -> Get:
    """The address of a container that opens a page → `PagePlan`."""
    return Get(PagePlan, PagePlanRequest(address))


def approval(address: Address) -> Get:
    """A container's address → `Approval`, or an error that says why it can't be built."""
    return Get(Approval, ApprovalRequest(address))


def pages_of(address: Address, pages: Pages) -> tuple[Address, ...]:
    """The hosts that can load a container, itself included; a container that no host loads is
    planned as if it opened a page by itself."""
    return pages.with_container(address) or (address,)


@rule(desc="Plan a federation", level=LogLevel.DEBUG)
async def plan_page(
    request: PagePlanRequest, containers: FederatedContainers, policy: RepositoryPolicy
) -> PagePlan:
    """Puts the slices of all containers of a page together, and the contracts of those that are
    built elsewhere."""
    addresses = reachable(request.address, containers)
    slices: tuple[ContainerSlice, ...] = await concurrently(
        container_slice(address) for address in addresses
    )
    # They are known by now: slices are made of them.
    closures: tuple[ContainerClosure, ...] = await concurrently(
        container_closure(address) for address in addresses
    )
    built_here = [containers.by_address[address] for address in addresses]
    members = [
        _member(container, containers, shared, closure)
        for container, shared, closure in zip(built_here, slices, closures)
    ]
    members += [
        _external_member(remote, containers)
        for remote in external_reachable(request.address, containers)
    ]
    silences = tuple(silence for container in built_here for silence in _silences(container))
    opener = containers.by_address[request.address]
    plan = plan_federation(members, opener.name, policy.findings.with_silences(silences))
    if opener.kind is ContainerKind.REMOTE:
        plan = replace(plan, findings=tuple(_left_to_the_page(each) for each in plan.findings))
    return PagePlan(request.address, plan)


def _left_to_the_page(finding: Finding) -> Finding:
    """A finding about a remote that no host of the repository loads: what the pages provide that do
    load it, such as a Backstage app of another repository, is not known here."""
    if finding.code != "missing-provider" or finding.silenced_because is not None:
        return finding
    return replace(finding, severity=Severity.INFO)


def _member(
    container: FederatedContainer,
    containers: FederatedContainers,
    shared: ContainerSlice,
    closure: ContainerClosure,
) -> Member:
    return member_from_slice(
        shared.slice,
        label=container.address.spec,
        kind=container.kind.value,
        mode=container.mode.value,
        strategy=container.share_strategy.value if container.share_strategy else None,
        remotes={alias: remote.name for alias, remote in containers.remotes_of(container).items()},
        exposes=tuple(container.exposes),
        uses=tuple(
            RemoteUse(use.alias, use.expose, use.importer, use.line)
            for use in closure.closure.remotes
        ),
        is_bundle=not container.is_runtime_host,
    )


def _external_member(remote: ExternalRemote, containers: FederatedContainers) -> Member:
    member = member_from_contract(remote.contract, remote.address.spec)
    return replace(member, kind="external")


def _silences(container: FederatedContainer) -> tuple[Silence, ...]:
    return target_silences(
        dict(container.silenced_findings), container.address.spec, container.name
    )


@rule(desc="Approve a container", level=LogLevel.DEBUG)
async def approve_container(
    request: ApprovalRequest,
    containers: FederatedContainers,
    pages: Pages,
    module_federation: ModuleFederation,
) -> Approval:
    """Holds a container against the plans of all pages that can load it."""
    plans: tuple[PagePlan, ...] = await concurrently(
        page_plan(address) for address in pages_of(request.address, pages)
    )
    container = containers.by_address[request.address]
    concerned = findings_about(container, plans)
    errors = [str(finding) for finding in concerned if finding.is_error]
    if errors and module_federation.plan_errors is PlanErrors.REFUSE:
        raise ModuleFederationError(
            f"{container.label} can't be bundled:\n\n" + "\n\n".join(errors) + "\n",
            remedy="do what each error above says. `docs/findings.md` explains them, and "
            'how to tone one down or silence it; `[module-federation].plan_errors = "warn"` '
            "bundles all the same.",
        )
    heard = [str(finding) for finding in concerned if _is_heard(finding)]
    if heard:
        logger.warning(f"Sharing in {container.address}:\n" + "\n".join(heard))
    return Approval(plans)


def findings_about(container: FederatedContainer, plans: Iterable[PagePlan]) -> tuple[Finding, ...]:
    """What the plans of some pages have found in which a container has a part, each once.

    For the container that opens a page, that is all that was found about the page as a whole; what
    is wrong with one remote alone stops that remote.

    :param plans: of all pages that can load the container, lest a silence seems to be unused.
    """
    found: dict[Finding, None] = {}
    for page in plans:
        opens = page.address == container.address
        own = _own_findings(page.plan)
        for finding in page.plan.findings:
            is_of_page = (finding.code, finding.message, finding.place) not in own
            if container.name in finding.containers or (opens and is_of_page):
                found[finding] = None
    found.update(dict.fromkeys(unused_silences(_silences(container), tuple(found))))
    return tuple(sorted(found, key=lambda finding: finding.sort_key))


def _own_findings(plan: FederationPlan) -> frozenset[tuple[str, str, str]]:
    """What was found about each member before it was planned with others: code, message, place."""
    return frozenset(
        (finding.code, finding.message, finding.place)
        for member in plan.members
        for finding in member.findings
    )


def _is_heard(finding: Finding) -> bool:
    return finding.severity is not Severity.INFO and finding.silenced_because is None


def with_sizes(member: Member, sizes: Mapping[str, int]) -> Member:
    """A member whose facts know what each shared key weighs.

    :param sizes: share key → bytes that its copy adds to a page; what the bundle does not hold
        weighs nothing.
    """
    facts = {key: replace(known, size=sizes.get(key, 0)) for key, known in member.facts.items()}
    return replace(member, facts=MappingProxyType(facts))


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

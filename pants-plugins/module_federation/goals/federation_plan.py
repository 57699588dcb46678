"""`pants federation-plan`: who provides what to whom in a page, as text, JSON or an HTML page."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from typing import Iterable

from pants.engine.addresses import Address
from pants.engine.console import Console
from pants.engine.engine_aware import EngineAwareParameter
from pants.engine.goal import Goal, GoalSubsystem, Outputting
from pants.engine.rules import Get, Rule, collect_rules, goal_rule, rule
from pants.engine.target import FilteredTargets
from pants.option.option_types import EnumOption, IntOption
from pants.util.logging import LogLevel
from pants.util.strutil import help_text, softwrap

from module_federation.engine import concurrently
from module_federation.fields.federation import (
    ContainerNameField,
)
from module_federation.options import PlanFormat, PlanSizes
from module_federation.sharing.contract.model import Contract
from module_federation.sharing.plan.from_contracts import member_from_contract
from module_federation.sharing.plan.model import FederationPlan
from module_federation.sharing.report.html import plan_page as html_page
from module_federation.sharing.report.plan_json import plan_document
from module_federation.sharing.report.text import plan_text
from module_federation.util_rules.bundle import Bundle, bundle
from module_federation.util_rules.containers import FederatedContainers
from module_federation.util_rules.federations import reachable
from module_federation.util_rules.page_uses import Pages
from module_federation.util_rules.plans import PagePlan, page_plan, pages_of, with_sizes


class FederationPlanSubsystem(GoalSubsystem, Outputting):
    """The options of the goal."""

    name = "federation-plan"
    help = help_text(
        """
        Show what the containers of each page share: who provides which version, who gets whose
        copy in which order of loading, and what is wrong with it.

        Hosts are planned with all that they can load; a remote stands for the hosts that load it.
        """
    )

    format = EnumOption(
        default=PlanFormat.TEXT,
        help=softwrap(
            """
            `text` is a table for a terminal, `json` a documented, versioned document (see
            `docs/plan.md`), `html` one self-contained page to look at and to pass on.

            Example: `./pants federation-plan --format=html --output-file=plan.html ::`
            """
        ),
    )
    sizes = EnumOption(
        default=PlanSizes.AUTO,
        help=softwrap(
            """
            Tell how many bytes are shared and how many are loaded twice. The containers are
            bundled for it, where that is not in the cache yet. `auto` does so for `html` only;
            the others are `always` and `never`.

            Example: `--sizes=always`
            """
        ),
    )
    width = IntOption(
        default=100,
        help=softwrap(
            """
            The columns that the text may take.

            Example: `--width=140`
            """
        ),
    )

    @property
    def wants_sizes(self) -> bool:
        """Whether containers have to be bundled."""
        if self.sizes is PlanSizes.AUTO:
            return self.format is PlanFormat.HTML
        return self.sizes is PlanSizes.ALWAYS


class FederationPlanGoal(Goal):
    """What the goal ends in."""

    subsystem_cls = FederationPlanSubsystem
    environment_behavior = Goal.EnvironmentBehavior.LOCAL_ONLY


@dataclass(frozen=True)
class WeighedPlanRequest(EngineAwareParameter):
    """The plan of a page, with the sizes of what its bundles hold."""

    address: Address

    def debug_hint(self) -> str:
        return self.address.spec


@dataclass(frozen=True)
class WeighedPlan:
    """A plan whose members know their sizes."""

    plan: FederationPlan


def weighed_plan(address: Address) -> Get:
    """The address of a container that opens a page → `WeighedPlan`."""
    return Get(WeighedPlan, WeighedPlanRequest(address))


@rule(desc="Weigh what a page shares", level=LogLevel.DEBUG)
async def weigh_plan(request: WeighedPlanRequest, containers: FederatedContainers) -> WeighedPlan:
    """Bundles the containers of a page and adds what their contracts say about sizes."""
    page: PagePlan = await page_plan(request.address)
    addresses = reachable(request.address, containers)
    bundles: tuple[Bundle, ...] = await concurrently(bundle(address) for address in addresses)
    sizes = {each.contract.name: _sizes(each.contract) for each in bundles}
    members = tuple(with_sizes(member, sizes.get(member.name, {})) for member in page.plan.members)
    return WeighedPlan(replace(page.plan, members=members))


def _sizes(contract: Contract) -> dict[str, int]:
    facts = member_from_contract(contract, contract.name).facts
    return {key: known.size for key, known in facts.items() if known.size is not None}


@goal_rule
async def federation_plan(
    console: Console,
    subsystem: FederationPlanSubsystem,
    targets: FilteredTargets,
    containers: FederatedContainers,
    all_pages: Pages,
) -> FederationPlanGoal:
    """Plans the pages of the targets asked for, and writes the plans in one of three forms."""
    asked = sorted(target.address for target in targets if target.has_field(ContainerNameField))
    pages = sorted({page for address in asked for page in pages_of(address, all_pages)})
    if not pages:
        console.print_stderr(
            "There is no `federated_host` or `federated_remote` among these targets."
        )
        return FederationPlanGoal(exit_code=0)
    if subsystem.wants_sizes:
        weighed: tuple[WeighedPlan, ...] = await concurrently(weighed_plan(page) for page in pages)
        plans = [each.plan for each in weighed]
    else:
        planned: tuple[PagePlan, ...] = await concurrently(page_plan(page) for page in pages)
        plans = [each.plan for each in planned]
    text = written(plans, subsystem.format, subsystem.width)
    _make_folder(subsystem.output_file)
    with subsystem.output(console) as write:
        write(text)
    return FederationPlanGoal(exit_code=0)


def written(plans: Iterable[FederationPlan], form: PlanFormat, width: int) -> str:
    """Plans in one of the three forms; several as one text, one JSON list, or one page."""
    if form is PlanFormat.TEXT:
        return "\n".join(plan_text(plan, width=width) for plan in plans)
    documents = [plan_document(plan) for plan in plans]
    if form is PlanFormat.HTML:
        return html_page(documents)
    return json.dumps(documents, indent=2, ensure_ascii=False) + "\n"


def _make_folder(output_file: str | None) -> None:
    folder = os.path.dirname(output_file or "")
    if folder:
        os.makedirs(folder, exist_ok=True)


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

"""`pants check`: what is wrong with how containers share, without building them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable, Union

from pants.core.goals.check import CheckRequest, CheckResult, CheckResults
from pants.core.util_rules.environments import EnvironmentField
from pants.engine.rules import Rule, collect_rules, rule
from pants.engine.target import FieldSet
from pants.engine.unions import UnionRule
from pants.util.logging import LogLevel

from module_federation.engine import concurrently
from module_federation.fields.federation import (
    ContainerNameField,
    ExposesField,
)
from module_federation.sharing.findings import Finding, Severity
from module_federation.sharing.report.finding_text import by_severity, count_text
from module_federation.util_rules.containers import FederatedContainers
from module_federation.util_rules.page_uses import Pages
from module_federation.util_rules.plans import PagePlan, findings_about, page_plan, pages_of

TOOL_NAME = "federation"


@dataclass(frozen=True)
class FederationFieldSet(FieldSet):
    """What can be checked: hosts and remotes."""

    required_fields = (ContainerNameField, ExposesField)

    environment: EnvironmentField


class FederationCheckRequest(CheckRequest[FederationFieldSet]):
    """The sharing of some hosts and remotes, against everything that meets them in a page."""

    field_set_type = FederationFieldSet
    tool_name = TOOL_NAME


@rule(desc="Check what containers share", level=LogLevel.DEBUG)
async def check_federations(
    request: FederationCheckRequest, containers: FederatedContainers, all_pages: Pages
) -> CheckResults:
    """Reports what the plans of all pages say about the containers that are asked for."""
    addresses = sorted(field_set.address for field_set in request.field_sets)
    pages = sorted({page for address in addresses for page in pages_of(address, all_pages)})
    plans: tuple[PagePlan, ...] = await concurrently(page_plan(page) for page in pages)
    found: dict[Finding, None] = {}
    for address in addresses:
        found.update(dict.fromkeys(findings_about(containers.by_address[address], plans)))
    findings = sorted(found, key=lambda finding: finding.sort_key)
    if not addresses:
        return CheckResults((), checker_name=TOOL_NAME)
    return CheckResults(
        [
            CheckResult(
                exit_code=1 if any(finding.is_error for finding in findings) else 0,
                stdout=report(findings),
                stderr="",
            )
        ],
        checker_name=TOOL_NAME,
    )


def report(findings: Iterable[Finding]) -> str:
    """The findings that a person should hear of, errors first, and a line that counts them."""
    heard = by_severity(
        finding
        for finding in findings
        if finding.severity is not Severity.INFO and finding.silenced_because is None
    )
    if not heard:
        return ""
    return "\n\n".join([*map(str, heard), count_text(heard)]) + "\n"


def rules() -> Iterable[Union[Rule, UnionRule]]:
    """The rules of this module."""
    return (*collect_rules(), UnionRule(CheckRequest, FederationCheckRequest))

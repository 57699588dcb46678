"""Federations that nothing is wrong with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Union

from pants.testutil.rule_runner import QueryRule

from module_federation.sharing.findings import Finding, Severity
from module_federation.util_rules.plans import PagePlan, PagePlanRequest
from rules import small_shop
from rules.runner import address, federation_runner

_ROOT = Path(__file__).parents[2]
_STOREFRONT = "examples/storefront"


@dataclass(frozen=True)
class Repository:
    """A repository and the host in it."""

    files: Mapping[str, Union[str, bytes]]
    host: str
    policy: str = ""


def _storefront() -> dict[str, bytes]:
    return {
        str(file.relative_to(_ROOT)): file.read_bytes()
        for file in sorted((_ROOT / _STOREFRONT).rglob("*"))
        if file.is_file() and "node_modules" not in file.parts
    }


CLEAN = {
    "small shop": Repository(small_shop.files(), f"{small_shop.SHELL}:host"),
    "storefront": Repository(
        _storefront(), f"{_STOREFRONT}/apps/shell:host", f"{_STOREFRONT}/sharing.toml"
    ),
}


def findings_in(repository: Repository) -> tuple[Finding, ...]:
    """What the plan of the host's page has found, apart from what is only worth knowing."""
    options = [f"--module-federation-policy-file={repository.policy}"] if repository.policy else []
    runner = federation_runner(
        repository.files, options=options, queries=[QueryRule(PagePlan, [PagePlanRequest])]
    )
    plan = runner.request(PagePlan, [PagePlanRequest(address(repository.host))]).plan
    return tuple(each for each in plan.findings if each.severity is not Severity.INFO)

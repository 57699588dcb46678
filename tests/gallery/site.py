"""Plans and builds a described federation with the real rules and the real bundler."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Optional

import pytest
from pants.core.goals.package import Package
from pants.engine.internals.scheduler import ExecutionError
from pants.testutil.rule_runner import QueryRule, RuleRunner

from gallery.description import Description
from gallery.elsewhere import QUERIES, Elsewhere, build_elsewhere
from gallery.repository import POLICY, repository_files
from module_federation.sharing.contract.reader import read_contract
from module_federation.sharing.contract.writer import CONTRACT_FILE
from module_federation.sharing.findings import Finding
from module_federation.sharing.plan.from_contracts import member_from_contract
from module_federation.sharing.plan.members import Member
from module_federation.sharing.plan.model import FederationPlan
from module_federation.util_rules.containers import FederatedContainers
from module_federation.util_rules.plans import PagePlan, PagePlanRequest, findings_about
from rules.runner import ENVIRONMENT, address, federation_runner

_OPTIONS = (f"--module-federation-policy-file={POLICY}",)


@dataclass(frozen=True)
class Site:
    """A federation in a repository of its own; what is asked for is made once.

    :param files: the repository, path → content.
    :param elsewhere: container → how somebody else builds it, instead of the plugin.
    """

    description: Description
    files: Mapping[str, str]
    runner: RuleRunner
    elsewhere: Mapping[str, Elsewhere] = field(default_factory=dict)

    @cached_property
    def page(self) -> PagePlan:
        """The plan of the host's page."""
        request = PagePlanRequest(address(self.description.host.address))
        return self.runner.request(PagePlan, [request])

    @property
    def plan(self) -> FederationPlan:
        """The plan itself."""
        return self.page.plan

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What `pants check ::` has to say."""
        containers = self.runner.request(FederatedContainers, [])
        found: dict[Finding, None] = {}
        for app in self.description.apps:
            container = containers.by_address[address(app.address)]
            found.update(dict.fromkeys(findings_about(container, [self.page])))
        return tuple(found)

    @cached_property
    def members(self) -> Mapping[str, Member]:
        """Container → what the plan knows of it."""
        return {member.name: member for member in self.plan.members}

    @cached_property
    def read_members(self) -> Mapping[str, Member]:
        """Container → what its contract says of it."""
        members = {}
        for app in self.description.apps:
            path = self.dist / app.output / CONTRACT_FILE
            contract = read_contract(path.read_bytes(), path.name)
            members[app.name] = member_from_contract(contract, app.address)
        return members

    @cached_property
    def dist(self) -> Path:
        """The folder that holds all containers, packaged whatever their plan says."""
        self._package(*_OPTIONS, "--module-federation-plan-errors=warn")
        dist = Path(self.runner.build_root, "dist")
        for name, how in self.elsewhere.items():
            build_elsewhere(self.runner, self.description.app(name), how, dist)
        return dist

    def refusal(self) -> str:
        """What `package` says when it refuses."""
        with pytest.raises(ExecutionError) as caught:
            self._package(*_OPTIONS)
        return "\n".join(str(each) for each in caught.value.wrapped_exceptions)

    def _package(self, *options: str) -> None:
        result = self.runner.run_goal_rule(
            Package, args=["::"], global_args=options, env_inherit=set(ENVIRONMENT)
        )
        assert result.exit_code == 0, result.stderr


def site_of(description: Description, elsewhere: Optional[Mapping[str, Elsewhere]] = None) -> Site:
    """An engine on the repository of a federation, where nothing is built yet."""
    files = repository_files(description)
    runner = federation_runner(
        files, options=_OPTIONS, queries=[QueryRule(PagePlan, [PagePlanRequest]), *QUERIES]
    )
    return Site(description, files, runner, elsewhere or {})

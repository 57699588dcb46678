"""What `package` says at its end about why containers were built again.

Each container is explained by itself, and those of one cause are told of together. Only a listener
hears of all that one call of Pants packages; it is how Pants' own `[stats].log` is made.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Iterable, Union

from pants.core.util_rules.distdir import DistDir
from pants.engine.internals.scheduler import Workunit
from pants.engine.rules import Rule, collect_rules, rule
from pants.engine.streaming_workunit_handler import (
    StreamingWorkunitContext,
    WorkunitsCallback,
    WorkunitsCallbackFactory,
    WorkunitsCallbackFactoryRequest,
)
from pants.engine.unions import UnionRule

from module_federation.rebuilds.compare import Explanation
from module_federation.rebuilds.text import report
from module_federation.subsystem import ModuleFederation
from module_federation.util_rules.rebuilds import EXPLANATION

logger = logging.getLogger(__name__)

_GOAL = "package"
_GOAL_RULE = "pants.core.goals.package.package_asset"


class RebuildReport(WorkunitsCallback):
    """Collects the explanations of one call, and logs them when it ends."""

    def __init__(self, dist: str) -> None:
        self._dist = dist
        # The engine begins a rule anew when something changes below it: the last word counts.
        self._explanations: dict[str, Explanation] = {}

    @property
    def can_finish_async(self) -> bool:
        """What is logged later would reach pantsd's log only."""
        return False

    def __call__(
        self,
        *,
        started_workunits: tuple[Workunit, ...],
        completed_workunits: tuple[Workunit, ...],
        finished: bool,
        context: StreamingWorkunitContext,
    ) -> None:
        """Takes what has completed since the last call."""
        for workunit in completed_workunits:
            found = workunit.get("metadata", {}).get(EXPLANATION)
            if found is not None:
                self._explanations[found.target] = found
        # With `--loop`, the goal ends more than once.
        if any(workunit["name"] == _GOAL_RULE for workunit in completed_workunits):
            self._report()
        # Tests package containers too (`runtime_package_dependencies`), and write none to `dist`.
        if finished and _GOAL in context.run_tracker.goals:
            self._report()

    def _report(self) -> None:
        if self._explanations:
            told = report(self._explanations.values(), self._dist)
            logger.info(f"Since the last build in {self._dist}:\n{told}")
            self._explanations.clear()


@dataclass(frozen=True)
class RebuildReportRequest:
    """Pants asks for a listener by this type, once for each call."""


@rule
async def listen_to_explanations(
    _: RebuildReportRequest, module_federation: ModuleFederation, dist: DistDir
) -> WorkunitsCallbackFactory:
    """Listens only where somebody wants to be told."""
    listens = module_federation.explain_rebuilds
    return WorkunitsCallbackFactory(lambda: RebuildReport(str(dist.relpath)) if listens else None)


def rules() -> Iterable[Union[Rule, UnionRule]]:
    """The rules of this module."""
    return (
        *collect_rules(),
        UnionRule(WorkunitsCallbackFactoryRequest, RebuildReportRequest),
    )

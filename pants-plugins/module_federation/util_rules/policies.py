"""The repository's sharing policy, read once."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any, Iterable, Mapping

from pants.engine.fs import DigestContents, GlobMatchErrorBehavior, PathGlobs
from pants.engine.rules import Rule, collect_rules, rule
from pants.util.logging import LogLevel

from module_federation.engine import get_contents, matching_digest
from module_federation.sharing.finding_policy import FindingPolicy
from module_federation.sharing.policy import (
    EffectivePolicy,
    PolicyLayer,
    effective_policy,
    parse_policy,
    target_layer,
)
from module_federation.subsystem import ModuleFederation
from module_federation.util_rules.containers import FederatedContainer


@dataclass(frozen=True)
class RepositoryPolicy:
    """
    :param layer: what `[module-federation].policy_file` says; `None` where the option is not set.
    """

    layer: PolicyLayer | None

    @property
    def findings(self) -> FindingPolicy:
        """What it says about findings."""
        return effective_policy(self.layer).findings

    def for_container(self, container: FederatedContainer) -> EffectivePolicy:
        """The policy with the container's own `presets` and `shared` fields."""
        target = None
        if container.shared or container.presets is not None:
            target = target_layer(
                _plain(container.shared), container.address.spec, container.presets
            )
        return effective_policy(self.layer, target)


@rule(desc="Read the sharing policy", level=LogLevel.DEBUG)
async def read_repository_policy(module_federation: ModuleFederation) -> RepositoryPolicy:
    """Reads the policy file that an option names."""
    path = module_federation.policy_file
    if path is None:
        return RepositoryPolicy(None)
    contents: DigestContents = await get_contents(
        await matching_digest(
            PathGlobs(
                [os.path.normpath(path)],
                glob_match_error_behavior=GlobMatchErrorBehavior.error,
                description_of_origin="the option `[module-federation].policy_file`",
            )
        )
    )
    return RepositoryPolicy(parse_policy(contents[0].content, contents[0].path))


def _plain(frozen: Mapping[str, Any]) -> dict[str, Any]:
    """A deeply frozen mapping as ordinary dicts and lists, which is what the reader checks for."""
    plain: dict[str, Any] = json.loads(json.dumps(frozen, default=_thaw))
    return plain


def _thaw(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    return repr(value)


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

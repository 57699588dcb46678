"""`pants run` of a host: the packaged host and its remotes on one local address."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Iterable, Union

from pants.core.goals.run import RestartableField, RunFieldSet, RunInSandboxBehavior, RunRequest
from pants.engine.fs import AddPrefix, CreateDigest, FileContent, MergeDigests
from pants.engine.rules import Rule, collect_rules, rule
from pants.engine.unions import UnionRule
from pants.util.logging import LogLevel

from module_federation.engine import add_prefix, concurrently, create_digest, merge_digests
from module_federation.fields.federation import (
    ContainerNameField,
)
from module_federation.fields.host import (
    EntryPointField,
)
from module_federation.goals.package import PackagedContainer, packaged_container
from module_federation.util_rules import tools
from module_federation.util_rules.containers import FederatedContainers
from module_federation.util_rules.federations import reachable
from module_federation.util_rules.nodejs import NodeRuntime
from module_federation.util_rules.tools import ServerTool

_SITE = "site.json"
_OUTPUTS = "dist"


@dataclass(frozen=True)
class FederatedHostRunFieldSet(RunFieldSet):
    """What can be run: hosts."""

    required_fields = (ContainerNameField, EntryPointField)
    run_in_sandbox_behavior = RunInSandboxBehavior.NOT_SUPPORTED

    restartable: RestartableField


@rule(desc="Prepare the local server", level=LogLevel.DEBUG)
async def serve_host(
    field_set: FederatedHostRunFieldSet,
    containers: FederatedContainers,
    tool: ServerTool,
    node: NodeRuntime,
) -> RunRequest:
    """Packages a host with all that it can load, and puts a static server in front."""
    packaged: tuple[PackagedContainer, ...] = await concurrently(
        packaged_container(address) for address in reachable(field_set.address, containers)
    )
    host = containers.by_address[field_set.address]
    site = {
        "title": field_set.address.spec,
        "root": _OUTPUTS,
        "host": f"{_OUTPUTS}/{host.output_path}",
    }
    outputs, listing, server = await concurrently(
        merge_digests(MergeDigests(container.digest for container in packaged)),
        create_digest(CreateDigest([FileContent(_SITE, json.dumps(site).encode())])),
        add_prefix(AddPrefix(tool.digest, tools.MOUNT)),
    )
    below = await add_prefix(AddPrefix(outputs, _OUTPUTS))
    return RunRequest(
        digest=await merge_digests(MergeDigests([below, listing, server])),
        args=(node.node, f"{{chroot}}/{tools.MOUNT}/serve.mjs", f"{{chroot}}/{_SITE}"),
    )


def rules() -> Iterable[Union[Rule, UnionRule]]:
    """The rules of this module."""
    return (*collect_rules(), *FederatedHostRunFieldSet.rules())

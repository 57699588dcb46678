"""The Node.js and npm that run everything JavaScript."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Iterable, Mapping

from pants.core.util_rules.system_binaries import BinaryPathRequest, BinaryPaths, BinaryPathTest
from pants.engine.env_vars import EnvironmentVars, EnvironmentVarsRequest
from pants.engine.fs import CreateDigest
from pants.engine.process import Process, ProcessCacheScope
from pants.engine.rules import Rule, collect_rules, rule
from pants.util.frozendict import FrozenDict
from pants.util.logging import LogLevel
from pants.util.strutil import bullet_list

from module_federation import bundler_files
from module_federation.engine import (
    concurrently,
    create_digest,
    environment_vars,
    execute_or_raise,
    find_binary,
)
from module_federation.errors import ModuleFederationError
from module_federation.subsystem import ModuleFederation

#: What Rspack 2 runs on: `engines.node` of @rspack/core 2.2.9.
SUPPORTED = "^20.19.0 || >=22.12.0"


@dataclass(frozen=True)
class NodeRuntime:
    """A Node.js that is new enough, with its npm.

    :param node: absolute path of the program.
    :param version: such as `20.20.2`.
    :param npm_cli: absolute path of `npm-cli.js`; never the `npm` script, which would look for a
        `node` of its own.
    :param npm_version: such as `11.19.1`.
    """

    node: str
    version: str
    npm_cli: str
    npm_version: str

    def argv(self, script: str, *args: str, flags: Iterable[str] = ()) -> tuple[str, ...]:
        """The command that runs a script of ours."""
        return (self.node, *flags, script, *args)

    def env(self) -> Mapping[str, str]:
        """Variables every process gets: a path alone would not tell one Node.js from the next, so
        that a cache could hand out what another version made."""
        return FrozenDict({"MF_NODE_VERSION": self.version})


def is_supported(version: str) -> bool:
    """Whether a version of Node.js, such as `20.20.2`, lies in `SUPPORTED`."""
    major, minor = (int(part) for part in version.split(".")[:2])
    return (major == 20 and minor >= 19) or (major, minor) >= (22, 12)


@rule(desc="Find Node.js", level=LogLevel.DEBUG)
async def find_node_runtime(module_federation: ModuleFederation) -> NodeRuntime:
    """Takes the first Node.js on the search path that is new enough and has npm."""
    user: EnvironmentVars = await environment_vars(EnvironmentVarsRequest(["PATH"]))
    search_path = [
        folder
        for entry in module_federation.node_search_paths
        for folder in (user.get("PATH", "").split(os.pathsep) if entry == "<PATH>" else [entry])
        if folder
    ]
    found: BinaryPaths = await find_binary(
        BinaryPathRequest(
            binary_name="node", search_path=search_path, test=BinaryPathTest(args=["--version"])
        )
    )
    script = await create_digest(CreateDigest([bundler_files.content("probe.mjs")]))
    results = await concurrently(
        execute_or_raise(
            Process(
                (binary.path, "probe.mjs", binary.path),
                description=f"Ask {binary.path} for its version",
                level=LogLevel.DEBUG,
                input_digest=script,
                # The fingerprint changes when another Node.js is put at the same path.
                env={"MF_NODE_FINGERPRINT": binary.fingerprint},
                cache_scope=ProcessCacheScope.PER_RESTART_SUCCESSFUL,
            )
        )
        for binary in found.paths
    )
    rejected = []
    for binary, result in zip(found.paths, results):
        facts = json.loads(result.stdout)
        if not is_supported(facts["version"]):
            rejected.append(f"{binary.path} is version {facts['version']}")
        elif facts["npmCli"] is None:
            rejected.append(f"{binary.path} has no npm beside it")
        else:
            return NodeRuntime(
                node=binary.path,
                version=facts["version"],
                npm_cli=facts["npmCli"],
                npm_version=facts["npmVersion"],
            )
    seen = f" Found, but of no use:\n{bullet_list(rejected)}" if rejected else ""
    raise ModuleFederationError(
        f"There is no Node.js {SUPPORTED} with npm in `[module-federation].node_search_paths`."
        f"{seen}",
        remedy="install one, or add its folder to `[module-federation].node_search_paths`. The "
        "`./pants` launcher of this plugin's repository brings one along.",
    )


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

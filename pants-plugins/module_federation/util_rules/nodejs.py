"""The Node.js and npm that run everything JavaScript."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Iterable, Mapping

from pants.core.util_rules.environments import EnvironmentTarget
from pants.core.util_rules.system_binaries import (
    BinaryPathRequest,
    BinaryPaths,
    BinaryPathTest,
)
from pants.engine.env_vars import EnvironmentVars, EnvironmentVarsRequest
from pants.engine.fs import CreateDigest
from pants.engine.internals.native_engine import ProcessExecutionEnvironment
from pants.engine.process import FallibleProcessResult, Process, ProcessResult
from pants.engine.rules import Rule, collect_rules, rule
from pants.util.frozendict import FrozenDict
from pants.util.logging import LogLevel
from pants.util.strutil import bullet_list

from module_federation import bundler_files
from module_federation.engine import (
    create_digest,
    environment_vars,
    execute_or_raise,
    find_binary,
)
from module_federation.errors import ModuleFederationError
from module_federation.subsystem import ModuleFederation

#: What Rspack 2 runs on: `engines.node` of @rspack/core 2.2.9.
SUPPORTED = "^20.19.0 || >=22.12.0"

# A named cache with links to Node.js and npm, and its folder in the sandbox.
_LINKS_CACHE = "module_federation_node"
_LINKS = "__node"


@dataclass(frozen=True)
class NodeRuntime:
    """A Node.js that is new enough, with its npm.

    A process runs it with `argv`, `caches` and `env`: then nothing of its cache key depends on the
    folder that Node.js has on this machine.

    :param node: absolute path of the program.
    :param version: such as `20.20.2`.
    :param npm_version: such as `11.19.1`.
    :param program: what runs a script: a path in a sandbox with `caches`, or `node` where processes
        have no named caches.
    :param npm: path of `npm-cli.js`, likewise; never the `npm` script, which would look for a
        `node` of its own.
    """

    node: str
    version: str
    npm_version: str
    program: str
    npm: str

    def argv(self, script: str, *args: str, flags: Iterable[str] = ()) -> tuple[str, ...]:
        """The command that runs a script of ours."""
        return (self.program, *flags, script, *args)

    @property
    def caches(self) -> Mapping[str, str]:
        """The named caches that `argv` needs, with their folders in the sandbox."""
        linked = self.program != self.node
        return FrozenDict({_LINKS_CACHE: _LINKS} if linked else {})

    def env(self) -> Mapping[str, str]:
        """Variables every process gets: a path alone would not tell one Node.js from the next, so
        that a cache could hand out what another version made."""
        return FrozenDict({"MF_NODE_VERSION": self.version})


def is_supported(version: str) -> bool:
    """Whether a version of Node.js, such as `20.20.2`, lies in `SUPPORTED`."""
    major, minor = (int(part) for part in version.split(".")[:2])
    return (major == 20 and minor >= 19) or (major, minor) >= (22, 12)


def was_killed(result: FallibleProcessResult) -> bool:
    """Whether a signal ended a process: minus its number to Pants, 128 more to a shell."""
    return result.exit_code < 0 or result.exit_code > 128


@rule(desc="Find Node.js", level=LogLevel.DEBUG)
async def find_node_runtime(
    options: ModuleFederation.EnvironmentAware,
    environment: EnvironmentTarget,
    executed_in: ProcessExecutionEnvironment,
) -> NodeRuntime:
    """Takes the first Node.js on the search path that is new enough and has npm.

    All of it happens where processes run: with remote execution, on the worker.
    """
    there: EnvironmentVars = await environment_vars(EnvironmentVarsRequest(["PATH"]))
    search_path = [
        folder
        for entry in options.node_search_paths
        for folder in (there.get("PATH", "").split(os.pathsep) if entry == "<PATH>" else [entry])
        if folder
    ]
    found: BinaryPaths = await find_binary(
        BinaryPathRequest(
            binary_name="node", search_path=search_path, test=BinaryPathTest(args=["--version"])
        )
    )
    script = await create_digest(CreateDigest([bundler_files.content("probe.mjs")]))

    # An image or a worker has its Node.js at one place, and may have no named caches.
    linked = not executed_in.remote_execution and executed_in.docker_image is None
    caches = {_LINKS_CACHE: _LINKS} if linked else {}
    rejected = []
    for binary in found.paths:
        # One after the other, for it is nearly always the first.
        result: ProcessResult = await execute_or_raise(
            Process(
                (binary.path, "probe.mjs", binary.path, *caches.values()),
                description=f"Ask {binary.path} for its version",
                level=LogLevel.DEBUG,
                input_digest=script,
                append_only_caches=caches,
                # The fingerprint changes when another Node.js is put at the same path.
                env={"MF_NODE_FINGERPRINT": binary.fingerprint},
                cache_scope=environment.executable_search_path_cache_scope(),
            )
        )
        facts = json.loads(result.stdout)
        if not is_supported(facts["version"]):
            rejected.append(f"{binary.path} is version {facts['version']}")
        elif facts["npmCli"] is None:
            rejected.append(f"{binary.path} has no npm beside it")
        else:
            return NodeRuntime(
                node=binary.path,
                version=facts["version"],
                npm_version=facts["npmVersion"],
                program=f"{_LINKS}/{facts['nodeLink']}" if linked else binary.path,
                npm=f"{_LINKS}/{facts['npmLink']}/bin/npm-cli.js" if linked else facts["npmCli"],
            )
    seen = f" Found, but of no use:\n{bullet_list(rejected)}" if rejected else ""
    what = f"There is no Node.js {SUPPORTED} with npm in `[module-federation].node_search_paths`"
    if executed_in.remote_execution:
        folders = ", ".join(search_path) or "no folders, since its processes get no `PATH`"
        raise ModuleFederationError(
            f"{what} on the worker of the remote execution ({folders}).{seen}",
            remedy="install one there, and set `[module-federation].node_search_paths` to its "
            "folder; see `docs/remote-execution.md`.",
        )
    raise ModuleFederationError(
        f"{what}.{seen}",
        remedy="install one, or add its folder to `[module-federation].node_search_paths`. The "
        "`./pants` launcher of this plugin's repository brings one along.",
    )


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

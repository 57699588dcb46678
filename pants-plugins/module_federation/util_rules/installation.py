"""One frozen installation per project."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Iterable

from pants.engine.engine_aware import EngineAwareParameter
from pants.engine.env_vars import EnvironmentVars, EnvironmentVarsRequest
from pants.engine.fs import Digest, DigestContents, DigestSubset, MergeDigests, PathGlobs
from pants.engine.process import FallibleProcessResult, Process
from pants.engine.rules import Get, Rule, collect_rules, rule
from pants.util.logging import LogLevel

from module_federation import bundler_files
from module_federation.engine import (
    create_digest,
    digest_subset,
    environment_vars,
    execute,
    get_contents,
    merge_digests,
)
from module_federation.errors import ModuleFederationError
from module_federation.subsystem import ModuleFederation
from module_federation.util_rules.nodejs import NodeRuntime

INDEX_FILE = "install-index.json"
_SCRIPTS = "__install"


@dataclass(frozen=True)
class InstallRequest(EngineAwareParameter):
    """
    :param digest: what decides the installation and nothing else, so that no edit of a source file
        can repeat it: the lockfile, the manifests of all members, `.npmrc`; paths relative to the
        project.
    :param origin: the project as messages name it.
    :param member_directories: folders of workspace packages, relative to the project, in which the
        package manager may put copies that could not be hoisted.
    """

    digest: Digest
    origin: str
    member_directories: tuple[str, ...]

    def debug_hint(self) -> str:
        return self.origin


@dataclass(frozen=True)
class Installation:
    """
    :param node_modules: every `node_modules` folder at its place below the project.
    :param index: `install-index.json` alone; see `sharing.install_index`.
    """

    node_modules: Digest
    index: Digest


def install(request: InstallRequest) -> Get:
    """Installs a project → `Installation`."""
    return Get(Installation, InstallRequest, request)


@rule(desc="Install packages", level=LogLevel.DEBUG)
async def install_project(
    request: InstallRequest, node: NodeRuntime, module_federation: ModuleFederation
) -> Installation:
    """Runs the package manager on a lockfile, and reads what it installed."""
    scripts = await create_digest(bundler_files.contents(bundler_files.INSTALL, folder=_SCRIPTS))
    input_digest = await merge_digests(MergeDigests([request.digest, scripts]))
    passed_on: EnvironmentVars = await environment_vars(
        EnvironmentVarsRequest(module_federation.extra_env_vars)
    )
    folders = tuple(
        os.path.join(directory, "node_modules") for directory in ("", *request.member_directories)
    )
    flags = ["--allow-scripts"] if module_federation.allow_install_scripts else []
    result: FallibleProcessResult = await execute(
        Process(
            node.argv(f"{_SCRIPTS}/install.mjs", node.npm_cli, *flags),
            description=f"Install the packages of {request.origin}",
            level=LogLevel.INFO,
            input_digest=input_digest,
            env={**passed_on, **node.env(), "MF_NPM_VERSION": node.npm_version},
            append_only_caches={"module_federation_npm": "__npm_cache"},
            output_directories=folders,
            output_files=(INDEX_FILE,),
            # A remote cache is asked before a local installation starts.
            remote_cache_speculation_delay_millis=1000,
        )
    )
    if result.exit_code != 0:
        raise _explain_failure(request.origin, result)
    index = await digest_subset(DigestSubset(result.output_digest, PathGlobs([INDEX_FILE])))
    node_modules = await digest_subset(
        DigestSubset(result.output_digest, PathGlobs([f"{folder}/**" for folder in folders]))
    )
    return Installation(node_modules, index)


async def index_bytes(installation: Installation) -> bytes:
    """The content of the install index."""
    contents: DigestContents = await get_contents(installation.index)
    return contents[0].content


def _explain_failure(origin: str, result: FallibleProcessResult) -> ModuleFederationError:
    output = _said(result)
    lockfile = os.path.join(origin, "package-lock.json")
    if "in sync" in output:
        return ModuleFederationError(
            f"`npm ci` finds the lockfile out of step with the `package.json` files:\n{output}",
            file=lockfile,
            remedy=f"run `npm install --package-lock-only` in `{origin}` and commit the result.",
        )
    return ModuleFederationError(
        f"npm could not install the packages of `{origin}`:\n{output}",
        file=lockfile,
        remedy="see npm's own message above. Registries and their keys belong into a `.npmrc` "
        "beside the lockfile; environment variables it names into "
        "`[module-federation].extra_env_vars`.",
    )


def _said(result: FallibleProcessResult) -> str:
    """What npm says of a failure, without its prefixes, its usage and its log in the sandbox."""
    lines = []
    for line in (
        *result.stdout.decode(errors="replace").splitlines(),
        *result.stderr.decode(errors="replace").splitlines(),
    ):
        text = re.sub(r"^npm (?:error|ERR!) ?", "", line).rstrip()
        if text.startswith("Clean install a project"):
            break
        if not text.startswith(("A complete log of this run", "path /", "code E")):
            lines.append(text)
    return "\n".join(lines).strip()


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

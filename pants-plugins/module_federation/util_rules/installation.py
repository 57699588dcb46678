"""One frozen installation per project."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Iterable, Mapping

from pants.engine.engine_aware import EngineAwareParameter
from pants.engine.env_vars import EnvironmentVars, EnvironmentVarsRequest
from pants.engine.fs import (
    EMPTY_DIGEST,
    CreateDigest,
    Digest,
    DigestContents,
    DigestSubset,
    FileContent,
    MergeDigests,
    PathGlobs,
)
from pants.engine.process import FallibleProcessResult, Process
from pants.engine.rules import Get, Rule, collect_rules, rule
from pants.util.frozendict import FrozenDict
from pants.util.logging import LogLevel

from module_federation import bundler_files
from module_federation.engine import (
    REMOTE_CACHE_HEAD_START,
    concurrently,
    create_digest,
    digest_subset,
    environment_vars,
    execute,
    get_contents,
    merge_digests,
)
from module_federation.errors import ModuleFederationError
from module_federation.package_managers.failures import explain
from module_federation.package_managers.model import NPM, ManagerKind, PackageManager
from module_federation.subsystem import ModuleFederation
from module_federation.util_rules import packs
from module_federation.util_rules.nodejs import NodeRuntime
from module_federation.util_rules.package_managers import (
    MOUNT,
    PackageManagerProgram,
    PackageManagerRequest,
    package_manager_program,
)
from module_federation.util_rules.packs import (
    PackedFiles,
    UnpackedFiles,
    lost_outputs,
    unpacked_files,
)

INDEX_FILE = "install-index.json"
_SCRIPTS = "__install"
_REQUEST = f"{_SCRIPTS}/request.json"
#: Folder in the sandbox for each named cache of downloads; `bundler/install` uses them.
_CACHES = {
    ManagerKind.NPM: {},
    ManagerKind.PNPM: {"module_federation_pnpm": "__pnpm_cache"},
    ManagerKind.YARN_CLASSIC: {"module_federation_yarn_classic": "__yarn_classic_cache"},
    ManagerKind.YARN: {"module_federation_yarn": "__yarn_cache"},
}
_NO_CATALOGS: FrozenDict[str, FrozenDict[str, str]] = FrozenDict()


@dataclass(frozen=True)
class InstallRequest(EngineAwareParameter):
    """
    :param digest: what decides the installation and nothing else, so that no edit of a source file
        can repeat it: the lockfile, the manifests of all members, settings files, patches; paths
        relative to the project.
    :param origin: the project as messages name it.
    :param member_directories: folders of workspace packages, relative to the project, in which the
        package manager may put copies that could not be hoisted.
    :param manager: the package manager that the lockfile belongs to.
    :param catalogs: what `catalog:` specifiers stand for, which the index has to say.
    :param names_registry: whether the settings of pnpm or Yarn name a registry; if not, they are
        handed npm's.
    :param unused: names of packages that are taken away again after the installation.
    """

    digest: Digest
    origin: str
    member_directories: tuple[str, ...]
    manager: PackageManager = NPM
    catalogs: FrozenDict[str, FrozenDict[str, str]] = _NO_CATALOGS
    names_registry: bool = False
    unused: tuple[str, ...] = ()

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


async def _mounted_program(request: InstallRequest, node: NodeRuntime) -> Mapping[str, Digest]:
    """The package manager itself, unless it is checked in or comes with Node.js."""
    manager = request.manager
    of_node = manager == PackageManager(ManagerKind.NPM, node.npm_version)
    if manager.version is None or manager.release is not None or of_node:
        return {}
    npmrc = await digest_subset(DigestSubset(request.digest, PathGlobs([".npmrc"])))
    program: PackageManagerProgram = await package_manager_program(
        PackageManagerRequest(manager, npmrc, request.origin)
    )
    return {MOUNT: program.digest}


def _order(
    request: InstallRequest, mounted: Mapping[str, Digest], allow_scripts: bool
) -> dict[str, object]:
    """What `bundler/install.mjs` reads; the format is described there."""
    manager = request.manager
    return {
        "manager": {"kind": manager.kind.value, "version": manager.version},
        "release": manager.release,
        "mount": next(iter(mounted), None),
        "allowScripts": allow_scripts,
        "namesRegistry": request.names_registry,
        "members": request.member_directories,
        "catalogs": {name: dict(entries) for name, entries in request.catalogs.items()},
        "unused": request.unused,
    }


@rule(desc="Install packages", level=LogLevel.DEBUG)
async def install_project(
    request: InstallRequest,
    node: NodeRuntime,
    module_federation: ModuleFederation,
    environment: ModuleFederation.EnvironmentAware,
) -> Installation:
    """Runs the package manager on a lockfile, and reads what it installed."""
    scripts = await create_digest(bundler_files.contents(bundler_files.INSTALL, folder=_SCRIPTS))
    mounted = await _mounted_program(request, node)
    order = _order(request, mounted, module_federation.allow_install_scripts)
    order_file = await create_digest(
        CreateDigest([FileContent(_REQUEST, json.dumps(order, sort_keys=True).encode())])
    )
    passed_on: EnvironmentVars = await environment_vars(
        EnvironmentVarsRequest(environment.extra_env_vars)
    )
    folders = tuple(
        os.path.join(directory, "node_modules") for directory in ("", *request.member_directories)
    )
    result: FallibleProcessResult = await execute(
        Process(
            node.argv(f"{_SCRIPTS}/install.mjs", node.npm, _REQUEST),
            description=f"Install the packages of {request.origin}",
            level=LogLevel.INFO,
            input_digest=await merge_digests(MergeDigests([request.digest, scripts, order_file])),
            immutable_input_digests=mounted,
            env={**passed_on, **node.env(), "MF_NPM_VERSION": node.npm_version},
            append_only_caches={
                **node.caches,
                "module_federation_npm": "__npm_cache",
                **_CACHES[request.manager.kind],
            },
            output_directories=(*folders, packs.FOLDER),
            output_files=(INDEX_FILE, packs.NAMES),
            # A remote cache is asked before a local installation starts.
            remote_cache_speculation_delay_millis=REMOTE_CACHE_HEAD_START,
        )
    )
    if result.exit_code != 0:
        raise _explain_failure(request, result)
    index = await digest_subset(DigestSubset(result.output_digest, PathGlobs([INDEX_FILE])))
    if index == EMPTY_DIGEST:
        raise lost_outputs(request.origin)
    unpacked: UnpackedFiles
    large, unpacked = await concurrently(
        digest_subset(
            DigestSubset(result.output_digest, PathGlobs([f"{folder}/**" for folder in folders]))
        ),
        unpacked_files(PackedFiles(result.output_digest, request.origin)),
    )
    node_modules = await merge_digests(MergeDigests([large, unpacked.digest]))
    return Installation(node_modules, index)


async def index_bytes(installation: Installation) -> bytes:
    """The content of the install index."""
    contents: DigestContents = await get_contents(installation.index)
    return contents[0].content


def _explain_failure(
    request: InstallRequest, result: FallibleProcessResult
) -> ModuleFederationError:
    output = "\n".join(stream.decode(errors="replace") for stream in (result.stdout, result.stderr))
    problem, remedy = explain(request.manager, output, request.origin)
    lockfile = request.manager.kind.lockfile
    return ModuleFederationError(
        problem,
        file=os.path.normpath(os.path.join(request.origin, lockfile)),
        remedy=remedy,
    )


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

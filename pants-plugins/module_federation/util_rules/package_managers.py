"""The package manager that a project asks for, fetched from the npm registry and checked.

Corepack would look versions up and keep what it finds in a place of its own. Here npm, which comes
with Node.js, downloads the one release that a project names, and nothing is run before its hash is
the one that the `packageManager` field or the plugin's own table states.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Iterable

from pants.engine.engine_aware import EngineAwareParameter
from pants.engine.env_vars import EnvironmentVars, EnvironmentVarsRequest
from pants.engine.fs import CreateDigest, Digest, FileContent, MergeDigests, RemovePrefix
from pants.engine.process import FallibleProcessResult, Process
from pants.engine.rules import Get, Rule, collect_rules, rule
from pants.util.logging import LogLevel

from module_federation import bundler_files
from module_federation.engine import (
    REMOTE_CACHE_HEAD_START,
    create_digest,
    environment_vars,
    execute,
    merge_digests,
    remove_prefix,
)
from module_federation.errors import ModuleFederationError
from module_federation.package_managers.failures import tidied
from module_federation.package_managers.model import ManagerKind, PackageManager
from module_federation.package_managers.releases import (
    NATIVE_PNPM,
    integrity,
    native_packages,
    newest,
)
from module_federation.subsystem import ModuleFederation
from module_federation.util_rules.nodejs import NodeRuntime

#: Where a process finds its package manager: an immutable input of this name.
MOUNT = "__manager"

_SCRIPTS = "__fetch"
_ORDER = f"{_SCRIPTS}/order.json"
_OUTPUT = "__fetched"


@dataclass(frozen=True)
class PackageManagerRequest(EngineAwareParameter):
    """
    :param manager: what to fetch; its version is known.
    :param npmrc: the project's `.npmrc`, if it has one: how to reach the registry.
    :param origin: the project as messages name it.
    """

    manager: PackageManager
    npmrc: Digest
    origin: str

    def debug_hint(self) -> str:
        return f"{self.manager.label} for {self.origin}"


@dataclass(frozen=True)
class PackageManagerProgram:
    """A package manager; mount it as `MOUNT`.

    :param digest: `node_modules` with the program, and `entry.json`, which says where it is.
    """

    digest: Digest


def package_manager_program(request: PackageManagerRequest) -> Get:
    """Fetches a package manager → `PackageManagerProgram`."""
    return Get(PackageManagerProgram, PackageManagerRequest, request)


@rule(desc="Fetch a package manager", level=LogLevel.DEBUG)
async def fetch_package_manager(
    request: PackageManagerRequest,
    node: NodeRuntime,
    environment: ModuleFederation.EnvironmentAware,
) -> PackageManagerProgram:
    """Downloads one release with npm and checks its hash."""
    manager = request.manager
    order = json.dumps(_order(manager, request.origin), sort_keys=True)
    scripts = await create_digest(bundler_files.contents(bundler_files.FETCH, folder=_SCRIPTS))
    order_file = await create_digest(CreateDigest([FileContent(_ORDER, order.encode())]))
    passed_on: EnvironmentVars = await environment_vars(
        EnvironmentVarsRequest(environment.extra_env_vars)
    )
    result: FallibleProcessResult = await execute(
        Process(
            node.argv(f"{_SCRIPTS}/fetch_manager.mjs", node.npm, _ORDER),
            description=f"Fetch {manager.label}",
            level=LogLevel.INFO,
            input_digest=await merge_digests(MergeDigests([request.npmrc, scripts, order_file])),
            env={**passed_on, **node.env(), "MF_NPM_VERSION": node.npm_version},
            append_only_caches={**node.caches, "module_federation_npm": "__npm_cache"},
            output_directories=(_OUTPUT,),
            remote_cache_speculation_delay_millis=REMOTE_CACHE_HEAD_START,
        )
    )
    if result.exit_code != 0:
        raise _explain_failure(request, result)
    return PackageManagerProgram(await remove_prefix(RemovePrefix(result.output_digest, _OUTPUT)))


def _order(manager: PackageManager, origin: str) -> dict[str, object]:
    """What the process is to fetch, and by which hashes to know it."""
    assert manager.version is not None
    known = integrity(manager.kind, manager.version)
    if known is None and manager.pinned_hash is None:
        raise _not_pinned(manager, origin)
    expected: list[dict[str, str | None]] = []
    if known is not None:
        expected.append({"integrity": known})
    if manager.pinned_hash is not None:
        expected.append(
            {
                "algorithm": manager.pinned_hash.algorithm,
                "hexadecimal": manager.pinned_hash.hexadecimal,
                # Corepack 0.32 hashes the npm package's tarball, but of Yarn 2 and newer the one
                # file that it runs, which it takes from elsewhere (`corepackUtils.ts`, `download`).
                "file": "bin/yarn.js" if manager.kind is ManagerKind.YARN else None,
            }
        )
    order: dict[str, object] = {
        "package": manager.kind.npm_package,
        "version": manager.version,
        "expected": expected,
        "program": manager.kind.command,
    }
    if manager.kind is ManagerKind.PNPM and int(manager.version.split(".")[0]) >= NATIVE_PNPM:
        order["native"] = dict(native_packages(manager.kind, manager.version))
    return order


def _manifest_of(origin: str) -> str:
    return "package.json" if origin == "." else os.path.join(origin, "package.json")


def _not_pinned(manager: PackageManager, origin: str) -> ModuleFederationError:
    name, version = manager.kind.command, manager.version
    return ModuleFederationError(
        f"`packageManager` asks for {name}@{version}, whose hash this plugin does not know.",
        file=_manifest_of(origin),
        remedy=f"write the hash into the field, `{name}@{version}+sha512.<hash>`: "
        f"`corepack use {name}@{version}` does. Or take a version that the plugin knows, such as "
        f"{newest(manager.kind)}.",
    )


def _explain_failure(
    request: PackageManagerRequest, result: FallibleProcessResult
) -> ModuleFederationError:
    output = tidied((result.stdout + result.stderr).decode(errors="replace"))
    manager = request.manager
    if "hash-mismatch:" in output:
        return ModuleFederationError(
            f"{manager.label} as the registry serves it is not the one that is pinned: "
            f"{output.split('hash-mismatch:')[1].strip()}",
            file=_manifest_of(request.origin),
            remedy="correct the hash in the `packageManager` field (`corepack use "
            f"{manager.kind.command}@{manager.version}` writes it). If it is right, the registry "
            "serves something else under this name: do not use it.",
        )
    if "no-native-program:" in output:
        return ModuleFederationError(
            f"{manager.label} is a native program, and the plugin knows no hash of it for "
            f"{output.split('no-native-program:')[1].strip()}.",
            file=_manifest_of(request.origin),
            remedy="let the `packageManager` field name another version of pnpm; each one before "
            f"{NATIVE_PNPM} runs on every platform.",
        )
    return ModuleFederationError(
        f"npm could not fetch {manager.label}:\n{output}",
        file=_manifest_of(request.origin),
        remedy="see npm's own message above. A registry of your own and its key belong into a "
        "`.npmrc` beside the lockfile, for Yarn too; or check the release in and name it with "
        "`yarnPath`.",
    )


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

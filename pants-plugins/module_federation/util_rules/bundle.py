"""One container's bundle: a run of the bundler on the smallest possible input."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, replace
from typing import Any, Iterable, Mapping

from pants.engine.addresses import Address
from pants.engine.engine_aware import EngineAwareParameter
from pants.engine.fs import (
    CreateDigest,
    Digest,
    FileContent,
    MergeDigests,
    PathGlobs,
    SymlinkEntry,
)
from pants.engine.internals.native_engine import IntrinsicError
from pants.engine.process import FallibleProcessResult, Process
from pants.engine.rules import Get, Rule, collect_rules, rule
from pants.option.global_options import KeepSandboxes
from pants.util.logging import LogLevel

from module_federation import file_types
from module_federation.engine import (
    REMOTE_CACHE_HEAD_START,
    concurrently,
    create_digest,
    execute,
    literally,
    matching_digest,
    merge_digests,
)
from module_federation.errors import ModuleFederationError
from module_federation.module_graph.closure import Closure
from module_federation.module_graph.settings import bundler_resolve, webpack_resolve
from module_federation.options import Bundler
from module_federation.sharing.contract.model import Contract
from module_federation.util_rules import tools
from module_federation.util_rules.closures import ContainerClosure, container_closure
from module_federation.util_rules.containers import (
    ContainerKind,
    FederatedContainer,
    FederatedContainers,
)
from module_federation.util_rules.contracts import (
    OUTPUT,
    TRUTH,
    DescribedBundle,
    EmittedBundle,
    described_bundle,
)
from module_federation.util_rules.nodejs import NodeRuntime, was_killed
from module_federation.util_rules.package_mounts import (
    KNOWN,
    MOUNT,
    mounted_as_one,
    mounted_one_by_one,
    packages_tree,
)
from module_federation.util_rules.remote_entries import RemoteEntry, remote_entries
from module_federation.util_rules.runtime_hosts import runtime_files, runtime_options
from module_federation.util_rules.slices import ContainerSlice, container_slice
from module_federation.util_rules.tools import BundlerTool, bundler_tool

logger = logging.getLogger(__name__)

_REQUEST = "__mf/container.json"
_ASYNC_BOUNDARY = "__mf/host.js"
# The exit status of `build.mjs` for code that it emitted itself and can't read.
_NOT_UNDERSTOOD = 2
# Material UI 4 writes its styles into the page; Backstage's own sheets must come before them.
_JSS = "style[data-jss]"
_REMOTE_URLS = "@pants-module-federation/remote-urls"

# Files are reached through links into a folder that is shared by all sandboxes; without these,
# Node.js would see the shared folder's own path, which differs from machine to machine.
_NODE_FLAGS = ("--preserve-symlinks", "--preserve-symlinks-main")


@dataclass(frozen=True)
class BundleRequest(EngineAwareParameter):
    """The bundle of one `federated_host` or `federated_remote`."""

    address: Address

    def debug_hint(self) -> str:
        return self.address.spec


@dataclass(frozen=True)
class EmitRequest(EngineAwareParameter):
    """What the bundle process makes of one `federated_host` or `federated_remote`."""

    address: Address

    def debug_hint(self) -> str:
        return self.address.spec


@dataclass(frozen=True)
class Bundle:
    """
    :param digest: `remoteEntry.js`, manifest, contract, `static/…`, at the root.
    :param contract: what it provides, asks for, exposes and loads, read out of the emitted code.
    """

    digest: Digest
    contract: Contract


def bundle(address: Address) -> Get:
    """A container's address → `Bundle`."""
    return Get(Bundle, BundleRequest(address))


def emitted_bundle(address: Address) -> Get:
    """A container's address → `EmittedBundle`."""
    return Get(EmittedBundle, EmitRequest(address))


@rule(desc="Bundle a container", level=LogLevel.DEBUG)
async def bundle_container(request: BundleRequest) -> Bundle:
    """Builds the container, and says truly what came of it."""
    described: DescribedBundle = await described_bundle(await emitted_bundle(request.address))
    return Bundle(described.digest, described.contract)


@rule(desc="Build a container", level=LogLevel.DEBUG)
async def emit_bundle(
    request: EmitRequest,
    containers: FederatedContainers,
    node: NodeRuntime,
    keep_sandboxes: KeepSandboxes,
) -> EmittedBundle:
    """Runs the bundler on a container's sources, its packages and its slice."""
    container = containers.by_address[request.address]
    closure: ContainerClosure
    shared: ContainerSlice
    tool: BundlerTool
    closure, shared, tool = await concurrently(
        container_closure(request.address),
        container_slice(request.address),
        bundler_tool(container.bundler),
    )
    sources, generated = await concurrently(
        matching_digest(PathGlobs(literally(closure.source_files))),
        create_digest(
            CreateDigest(
                [
                    *_control_files(container, containers, closure, shared),
                    *_node_modules_links(shared.node_modules_folders),
                ]
            )
        ),
    )
    if KNOWN.are_many_with(shared.node_modules):
        mounted = mounted_as_one(await packages_tree(shared.node_modules))
    else:
        mounted = mounted_one_by_one(shared.node_modules)
    process = Process(
        node.argv(f"{tools.MOUNT}/build.mjs", "-cp", _REQUEST, "bundle", flags=_NODE_FLAGS),
        description=f"Bundle {request.address}",
        level=LogLevel.INFO,
        input_digest=await merge_digests(MergeDigests([sources, closure.extra_sources, generated])),
        immutable_input_digests={tools.MOUNT: tool.digest, **mounted},
        env=node.env(),
        append_only_caches={**node.caches, "module_federation_minified": "__minified"},
        output_directories=(OUTPUT,),
        output_files=(TRUTH,),
        # A remote cache is asked before a local build starts.
        remote_cache_speculation_delay_millis=REMOTE_CACHE_HEAD_START,
    )
    pooled = _can_be_pooled(container, node, keep_sandboxes)
    result: FallibleProcessResult
    try:
        result = await execute(replace(process, use_nailgun=(tools.MOUNT,) if pooled else ()))
    except IntrinsicError as error:
        if not pooled:
            raise
        # A process that stays answers nothing but success.
        result = await execute(process)
        if result.exit_code == 0:
            logger.info(
                f"{request.address} was bundled by a process of its own, since the bundler that "
                "stays ended over it. That is normal where an import names a loader: see "
                f"docs/bundlers.md, `Bundlers that stay`. ({error})"
            )
    output = result.stderr.decode(errors="replace").strip()
    if result.exit_code == _NOT_UNDERSTOOD:
        raise ModuleFederationError(
            f"What the bundle of {container.label} shares can't be read: {output}.",
            remedy="this is a fault of the plugin, or of a tool in "
            "`[module-federation].bundler_directory` that does not fit it.",
        )
    if was_killed(result):
        raise ModuleFederationError(
            f"The bundler was killed while it bundled {container.label} (exit status "
            f"{result.exit_code}).\n{output}",
            remedy="-9 or 137 is what a machine does that has run out of memory (its log says so); "
            "fewer bundles at once need less, by `[GLOBAL].process_execution_local_parallelism`. "
            "Anything else is a crash of the bundler's own, such as over a source that is nested "
            "too deep.",
        )
    if result.exit_code != 0:
        raise ModuleFederationError(
            f"The bundler refuses {container.label}:\n\n{output}\n",
            remedy="see the bundler's own messages above; paths are relative to the build root.",
        )
    if result.stdout:
        logger.warning(
            f"Bundling {request.address}:\n{result.stdout.decode(errors='replace').strip()}"
        )
    inputs = (sources, closure.extra_sources, generated, tool.origin)
    return EmittedBundle(
        container,
        shared.slice,
        result.output_digest,
        (
            *(digest.fingerprint for digest in inputs),
            *(f"{tree.fingerprint} {place}" for place, tree in shared.node_modules.items()),
        ),
        result.metadata,
    )


def _can_be_pooled(
    container: FederatedContainer, node: NodeRuntime, keep_sandboxes: KeepSandboxes
) -> bool:
    """Whether a process may bundle a container that stays for others (`bundler/lib/pooled.mjs`).

    Only where Pants runs processes itself, as those with named caches are. It keeps no sandbox of a
    process that stays (2.17.1, `pe_nailgun`).
    """
    return (
        container.bundler is Bundler.RSPACK
        and not container.is_runtime_host
        and bool(node.caches)
        and keep_sandboxes is not KeepSandboxes.always
    )


def _control_files(
    container: FederatedContainer,
    containers: FederatedContainers,
    closure: ContainerClosure,
    shared: ContainerSlice,
) -> Iterable[FileContent]:
    """What the process is told, and the modules that are generated for it."""
    yield FileContent(
        _REQUEST,
        _to_bytes(
            bundle_options(
                container,
                remotes=remote_entries(container, containers),
                shared=shared.slice.to_shared_config(),
                closure=closure.closure,
            )
        ),
    )
    yield from (
        FileContent(path, content) for path, content in sorted(shared.legal_manifests.items())
    )
    if container.is_runtime_host:
        yield from runtime_files(container, shared.slice, _ASYNC_BOUNDARY)
    elif container.entry_point is not None:
        yield FileContent(_ASYNC_BOUNDARY, f'import("../{container.entry_point}");\n'.encode())


def bundle_options(
    container: FederatedContainer,
    *,
    remotes: Iterable[RemoteEntry],
    shared: Mapping[str, Any],
    closure: Closure,
) -> dict[str, Any]:
    """The request that `bundler/build.mjs` reads. Paths are relative to the sandbox.

    :param shared: the federation plugin's `shared` option.
    :param closure: its aliases make the bundler resolve first-party names as the graph did.
    """
    remotes = list(remotes)
    host = container.kind is ContainerKind.HOST
    return {
        "bundler": container.bundler.value,
        "name": container.name,
        "mode": container.mode.value,
        "sourceMaps": container.source_maps.value,
        "publicPath": container.public_path,
        "packageDirectory": container.package_directory,
        "entryPoint": _ASYNC_BOUNDARY if host else None,
        "html": container.html,
        "defaultHtml": f"{tools.MOUNT}/template.html",
        "title": container.package_name,
        "exposes": dict(container.exposes),
        "remotes": {
            remote.alias: {"name": remote.name, "entry": remote.entry} for remote in remotes
        },
        "runtimePlugins": [_REMOTE_URLS] if remotes else [],
        "shared": shared,
        "splitChunks": container.split_chunks.value,
        "stylesBefore": _JSS if container.backstage_role is not None else None,
        "shareStrategy": container.share_strategy.value if container.share_strategy else None,
        "runtimeHost": runtime_options(container, shared) if container.is_runtime_host else None,
        # No version of anything changes with it: it only keeps the plugin from asking the CI.
        "buildVersion": "1.0.0",
        "resolve": _resolve(container),
        "assetExtensions": list(file_types.ASSETS),
        "aliases": {
            **_exact(closure.aliases),
            f"{_REMOTE_URLS}$": f"{tools.MOUNT}/runtime/remote_urls.js",
        },
        "aliasesByDependency": _exact_tables(closure.aliases_by_dependency),
        "packageAliases": _exact_tables(closure.path_aliases),
        "outputDirectory": OUTPUT,
        "truthFile": TRUTH,
    }


def _resolve(container: FederatedContainer) -> dict[str, Any]:
    if container.bundler is Bundler.WEBPACK:
        return webpack_resolve(container.mode.value)
    return bundler_resolve()


def _exact(aliases: Mapping[str, str]) -> dict[str, str]:
    """In the bundler's language, `$` keeps an alias from holding for longer requests too."""
    return {f"{request}$": file for request, file in aliases.items()}


def _exact_tables(tables: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    return {key: _exact(aliases) for key, aliases in tables.items()}


def _node_modules_links(folders: Iterable[str]) -> Iterable[SymlinkEntry]:
    """A link from each place where a `node_modules` folder belongs to where it is mounted; the
    mount repeats the repository's layout."""
    for folder in folders:
        up = "../" * folder.count("/")
        yield SymlinkEntry(folder, f"{up}{MOUNT}/{folder}")


def _to_bytes(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, indent=2, sort_keys=True).encode()


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

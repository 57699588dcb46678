"""Why a container was built again: what it is made from now, held against what it was made from.

Nothing of this runs unless `[module-federation].explain_rebuilds` is on.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Iterable, Mapping

from pants.base.build_root import BuildRoot
from pants.core.util_rules.distdir import DistDir
from pants.engine.addresses import Address
from pants.engine.engine_aware import EngineAwareParameter, EngineAwareReturnType
from pants.engine.fs import (
    CreateDigest,
    Digest,
    DigestEntries,
    FileContent,
    FileEntry,
    PathGlobs,
    SymlinkEntry,
)
from pants.engine.internals.session import RunId
from pants.engine.process import ProcessResultMetadata
from pants.engine.rules import Get, Rule, _uncacheable_rule, collect_rules, rule
from pants.util.frozendict import FrozenDict
from pants.util.logging import LogLevel

from module_federation.engine import (
    concurrently,
    create_digest,
    get_entries,
    literally,
    matching_digest,
)
from module_federation.rebuilds.compare import Explanation, Origin, explain
from module_federation.rebuilds.record import BuildRecord, Part, Value, record_json
from module_federation.sharing.contract.writer import CONTRACT_FILE, contract_json
from module_federation.util_rules.bundle import Bundle, bundle, emitted_bundle
from module_federation.util_rules.closures import ContainerClosure, container_closure
from module_federation.util_rules.containers import FederatedContainer, FederatedContainers
from module_federation.util_rules.contracts import EmittedBundle
from module_federation.util_rules.nodejs import NodeRuntime
from module_federation.util_rules.package_forms import public_files
from module_federation.util_rules.package_trees import PackageFiles, package_files
from module_federation.util_rules.projects import (
    InstalledProject,
    NodeProject,
    ProjectRequest,
    installed_project,
    project_of,
)
from module_federation.util_rules.remote_entries import remote_entries
from module_federation.util_rules.slices import ContainerSlice, container_slice
from module_federation.util_rules.tools import BundlerTool, bundler_tool

#: Below `dist`: beside the containers' folders, and in none that is put on a server.
RECORDS = ".module-federation/builds"

#: Under this name the explanation is in the metadata of a workunit.
EXPLANATION = "module_federation_explanation"

_ORIGINS = {
    ProcessResultMetadata.Source.RAN: Origin.RAN,
    ProcessResultMetadata.Source.HIT_LOCALLY: Origin.LOCAL_CACHE,
    ProcessResultMetadata.Source.HIT_REMOTELY: Origin.REMOTE_CACHE,
    ProcessResultMetadata.Source.MEMOIZED: Origin.KNOWN,
}


@dataclass(frozen=True)
class InstalledContents:
    """What the installed packages of a project hold.

    :param fingerprints: path in the project's install index → SHA-256 over the package's files,
        those of packages inside it left out.
    """

    fingerprints: FrozenDict[str, str]


@dataclass(frozen=True)
class RecordBuildRequest(EngineAwareParameter):
    """What one container is made from."""

    address: Address

    def debug_hint(self) -> str:
        return self.address.spec


@dataclass(frozen=True)
class RecordedBuild:
    """
    :param digest: the record's file at its place below `dist`.
    :param process: whether the bundle process ran, or where its result came from.
    """

    record: BuildRecord
    digest: Digest
    process: ProcessResultMetadata | None = field(compare=False)


@dataclass(frozen=True)
class ExplainBuildRequest(EngineAwareParameter):
    """Why one container is built."""

    address: Address

    def debug_hint(self) -> str:
        return self.address.spec


@dataclass(frozen=True)
class ExplainedBuild(EngineAwareReturnType):
    """The explanation goes to whoever listens to workunits: `goals.rebuild_report` does."""

    explanation: Explanation

    def metadata(self) -> dict[str, Any]:
        return {EXPLANATION: self.explanation}


def recorded_build(address: Address) -> Get:
    """A container's address → `RecordedBuild`."""
    return Get(RecordedBuild, RecordBuildRequest(address))


def explained_build(address: Address) -> Get:
    """A container's address → `ExplainedBuild`."""
    return Get(ExplainedBuild, ExplainBuildRequest(address))


def _installed_contents(project: NodeProject) -> Get:
    return Get(InstalledContents, NodeProject, project)


def record_path(container: FederatedContainer) -> str:
    """Where a container's record lies, relative to `dist`."""
    return f"{RECORDS}/{container.output_path}.json"


@rule(desc="Fingerprint installed packages", level=LogLevel.DEBUG)
async def fingerprint_packages(project: NodeProject) -> InstalledContents:
    """Tells the files of a project's installed packages apart, without reading one."""
    files: PackageFiles = await package_files(project)
    texts = {
        package: "".join(f"{each.path} {_entry_text(each)}\n" for each in entries)
        for package, entries in files.by_package.items()
    }
    return InstalledContents(
        FrozenDict({package: _sha256(text.encode()) for package, text in texts.items()})
    )


def _entry_text(entry: object) -> str:
    if isinstance(entry, FileEntry):
        return f"{entry.file_digest.fingerprint} {entry.is_executable}"
    return f"-> {entry.target}" if isinstance(entry, SymlinkEntry) else ""


def _fingerprints(entries: DigestEntries) -> dict[str, Value]:
    return {entry.path: _entry_text(entry) for entry in entries}


@rule(desc="Record what a container is made from", level=LogLevel.DEBUG)
async def record_build(
    request: RecordBuildRequest, containers: FederatedContainers, node: NodeRuntime
) -> RecordedBuild:
    """Gathers the inputs of a bundle by name; all of them are known by now."""
    container = containers.by_address[request.address]
    project: NodeProject = await project_of(ProjectRequest(container.package_directory))
    built: Bundle
    emitted: EmittedBundle
    closure: ContainerClosure
    shared: ContainerSlice
    installed: InstalledProject
    contents: InstalledContents
    tool: BundlerTool
    built, emitted, closure, shared, installed, contents, tool = await concurrently(
        bundle(request.address),
        emitted_bundle(request.address),
        container_closure(request.address),
        container_slice(request.address),
        installed_project(project),
        _installed_contents(project),
        bundler_tool(container.bundler),
    )
    sources, extra = await concurrently(
        get_entries(await matching_digest(PathGlobs(literally(closure.source_files)))),
        get_entries(closure.extra_sources),
    )
    public: dict[str, Value] = {}
    if container.public_directory is not None:
        copied = await matching_digest(public_files(container.public_directory))
        public = _fingerprints(await get_entries(copied))
    record = BuildRecord(
        target=request.address.spec,
        contract=_sha256(contract_json(built.contract).encode()),
        inputs=built.contract.inputs_digest or "",
        parts={
            Part.SOURCES: {**_fingerprints(extra), **_fingerprints(sources)},
            Part.PUBLIC: public,
            Part.MANIFESTS: {
                path: _sha256(content) for path, content in shared.legal_manifests.items()
            },
            Part.PACKAGES: {
                path: installed.index.copies[path].version or "" for path in shared.installed
            },
            Part.CONTENTS: {path: contents.fingerprints.get(path, "") for path in shared.installed},
            Part.SHARED: {
                key: _as_json(config) for key, config in shared.slice.to_shared_config().items()
            },
            Part.OPTIONS: _options(container, containers),
            Part.IMPORTS: dict(closure.closure.aliases),
            Part.TOOLS: {"Node.js": node.version, **built.contract.tools},
            Part.SCRIPTS: {"bundler": tool.origin.fingerprint},
        },
    )
    file = FileContent(record_path(container), record_json(record).encode())
    return RecordedBuild(record, await create_digest(CreateDigest([file])), emitted.process)


def _options(container: FederatedContainer, containers: FederatedContainers) -> dict[str, Value]:
    """What BUILD files and options say about a container, by the fields' names, and
    the name in its `package.json`."""
    given: dict[str, object] = {
        "container_name": container.name,
        "mode": container.mode.value,
        "bundler": container.bundler.value,
        "source_maps": container.source_maps.value,
        "public_path": container.public_path,
        "entry_point": container.entry_point,
        "host_style": container.style.value,
        "html": container.html,
        "package name": container.package_name,
        "share_strategy": container.share_strategy.value if container.share_strategy else None,
        "split_chunks": container.split_chunks.value,
        "package_form": container.package_form.value,
        "remotes_list": container.lists_remotes,
        "output_path": container.output_path,
    }
    remotes: dict[str, Value] = {
        f"remotes, {remote.alias}": {
            "name": remote.name,
            "address": remote.entry,
            **dict.fromkeys(remote.exposes, "exposed"),
        }
        for remote in remote_entries(container, containers)
    }
    return {
        **{name: json.dumps(value) for name, value in given.items() if value is not None},
        "exposes": dict(container.exposes),
        **remotes,
    }


def _as_json(options: Mapping[str, object]) -> dict[str, str]:
    return {name: json.dumps(value, ensure_ascii=False) for name, value in options.items()}


# The answer depends on what is in `dist`, of which the engine knows nothing.
@_uncacheable_rule(desc="Explain a build", level=LogLevel.DEBUG)
async def explain_build(
    request: ExplainBuildRequest,
    containers: FederatedContainers,
    dist: DistDir,
    build_root: BuildRoot,
    run: RunId,
) -> ExplainedBuild:
    """Reads what is recorded in `dist`, before `package` writes to it."""
    container = containers.by_address[request.address]
    recorded: RecordedBuild = await recorded_build(request.address)
    folder = build_root.pathlib_path / dist.relpath
    contract = _content(folder / container.served_path / CONTRACT_FILE)
    origin = Origin.KNOWN
    if recorded.process is not None:
        origin = _ORIGINS[recorded.process.source(run)]
    return ExplainedBuild(
        explain(
            recorded.record,
            origin,
            _content(folder / record_path(container)),
            None if contract is None else _sha256(contract),
        )
    )


def _content(path: Path) -> bytes | None:
    """What a file of `dist` holds; whatever keeps it from being read, there is none."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

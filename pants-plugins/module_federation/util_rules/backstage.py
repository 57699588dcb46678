"""What a Backstage package exposes by itself: its `exports`, looked into."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import Iterable

from pants.engine.addresses import Address
from pants.engine.engine_aware import EngineAwareParameter
from pants.engine.fs import (
    CreateDigest,
    DigestContents,
    FileContent,
    GlobMatchErrorBehavior,
    MergeDigests,
    PathGlobs,
)
from pants.engine.process import Process, ProcessResult
from pants.engine.rules import Get, Rule, collect_rules, rule
from pants.util.frozendict import FrozenDict
from pants.util.logging import LogLevel

from module_federation import file_types
from module_federation.backstage.features import Unread, Verdict, default_export
from module_federation.backstage.module_exports import FileExports, parse_exports
from module_federation.backstage.mounts import Remote, exposed, mount_findings, read_mounts
from module_federation.backstage.roles import RoleError, check_remote, role_of
from module_federation.engine import (
    REMOTE_CACHE_HEAD_START,
    concurrently,
    create_digest,
    execute_or_raise,
    get_contents,
    literally,
    matching_digest,
    merge_digests,
)
from module_federation.errors import ModuleFederationError
from module_federation.module_graph.imports import ImportKind
from module_federation.module_graph.package_json import PackageManifest
from module_federation.module_graph.resolution import Resolution
from module_federation.module_graph.settings import Dependency, resolution_rules
from module_federation.options import Mode
from module_federation.sharing.findings import Finding, Severity
from module_federation.util_rules import tools
from module_federation.util_rules.imports import ImportResolver, import_resolver
from module_federation.util_rules.nodejs import NodeRuntime
from module_federation.util_rules.packages import WorkspacePackages
from module_federation.util_rules.tools import ImportParserTool
from module_federation.util_rules.web_sources import WebSources

logger = logging.getLogger(__name__)

_LIST = "__mf/files.json"
_EXPORTS = "__mf/exports.json"


@dataclass(frozen=True)
class BackstageExposesRequest(EngineAwareParameter):
    """A remote in a Backstage package that has no `exposes` of its own.

    :param directory: folder of its `package.json`.
    """

    address: Address
    container_name: str
    directory: str
    mode: Mode

    def debug_hint(self) -> str:
        return self.address.spec


@dataclass(frozen=True)
class BackstageExposes:
    """
    :param exposes: exposed module → its file.
    :param findings: one for each entry of `exports` that is left out or in doubt.
    """

    exposes: FrozenDict[str, str]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class ReadExportsRequest:
    """Files to look into, sorted."""

    files: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class ReadExports:
    """What stands behind the exported names of some files."""

    files: tuple[FileExports, ...]


def backstage_exposes(request: BackstageExposesRequest) -> Get:
    """A remote without `exposes` → `BackstageExposes`."""
    return Get(BackstageExposes, BackstageExposesRequest, request)


def _read_exports(files: tuple[str, ...]) -> Get:
    return Get(ReadExports, ReadExportsRequest(files))


@rule(desc="Read exports", level=LogLevel.DEBUG)
async def read_exports(
    request: ReadExportsRequest, tool: ImportParserTool, node: NodeRuntime
) -> ReadExports:
    """Looks into a few files, in one process."""
    sources, listing = await concurrently(
        matching_digest(
            PathGlobs(
                literally(request.files), glob_match_error_behavior=GlobMatchErrorBehavior.ignore
            )
        ),
        create_digest(CreateDigest([FileContent(_LIST, json.dumps(request.files).encode())])),
    )
    result: ProcessResult = await execute_or_raise(
        Process(
            node.argv(f"{tools.MOUNT}/exports.mjs", _LIST, _EXPORTS),
            description=f"Read the exports of {', '.join(request.files)}",
            level=LogLevel.DEBUG,
            input_digest=await merge_digests(MergeDigests([sources, listing])),
            immutable_input_digests={tools.MOUNT: tool.digest},
            env=node.env(),
            append_only_caches=node.caches,
            output_files=(_EXPORTS,),
            # A remote cache is asked before a local process starts.
            remote_cache_speculation_delay_millis=REMOTE_CACHE_HEAD_START,
        )
    )
    contents: DigestContents = await get_contents(result.output_digest)
    return ReadExports(parse_exports(contents[0].content))


@rule(desc="Find what a Backstage package exposes", level=LogLevel.DEBUG)
async def find_backstage_exposes(
    request: BackstageExposesRequest, packages: WorkspacePackages, web_sources: WebSources
) -> BackstageExposes:
    """Follows the default export of each entry of `exports` to what makes it."""
    package = packages.by_directory[request.directory]
    role = _role(package, request.address)
    resolver: ImportResolver = await import_resolver(request.mode)

    def resolve(importer: str, specifier: str) -> Resolution:
        return resolver.resolver.resolve(importer, specifier, ImportKind.STATIC)

    mounts = read_mounts(
        package.exports if package.has_exports else None,
        package.directory,
        conditions=resolution_rules(request.mode.value)[Dependency.ESM].conditions,
        files=web_sources.owners.keys(),
        scripts=file_types.SCRIPTS,
    )
    entries = sorted({mount.file for mount in mounts if mount.file is not None})
    known: dict[str, FileExports] = {}
    while True:
        verdicts: dict[str, Verdict] = {
            file: default_export(file, known, resolve) for file in entries
        }
        unread = {each.file for each in verdicts.values() if isinstance(each, Unread)}
        if not unread:
            break
        found: ReadExports = await _read_exports(tuple(sorted(unread)))
        known.update((file.path, file) for file in found.files)
    remote = Remote(
        package=package.name or request.container_name,
        role=role,
        manifest=package.path,
        lines={mount.name: package.line_of("exports", mount.name) for mount in mounts},
        target=request.address.spec,
        container=request.container_name,
    )
    findings = tuple(mount_findings(mounts, verdicts, remote))
    for finding in findings:
        # Reports leave these out, but what is left out of a bundle should be heard of once.
        if finding.severity is Severity.INFO:
            logger.info(f"{finding.place}: {finding.message} {finding.remedy}".strip())
    return BackstageExposes(FrozenDict(exposed(mounts, verdicts)), findings)


def _role(package: PackageManifest, address: Address) -> str:
    try:
        role = role_of(package.backstage)
        assert role is not None, "only Backstage packages are asked about"
        check_remote(role)
    except RoleError as error:
        line = package.line_of("backstage", "role") or package.line_of("backstage")
        raise ModuleFederationError(
            error.problem, target=address, file=package.path, line=line, remedy=error.remedy
        ) from error
    return role


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

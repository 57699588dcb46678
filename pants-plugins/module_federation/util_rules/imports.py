"""What every source file imports: one cached parse, then pure resolution.

Files are dealt into buckets by a hash of their path, and each bucket is one process: cached over
restarts of pantsd, and small enough that an edit parses little again. Most edits touch no import,
and parse nothing. What the buckets import is resolved bucket by bucket in memory, for the same
reason.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import Iterable

from pants.engine.fs import (
    CreateDigest,
    Digest,
    DigestContents,
    FileContent,
    GlobMatchErrorBehavior,
    MergeDigests,
    PathGlobs,
)
from pants.engine.process import FallibleProcessResult, Process
from pants.engine.rules import Get, Rule, collect_rules, rule
from pants.util.frozendict import FrozenDict
from pants.util.logging import LogLevel

from module_federation import file_types
from module_federation.engine import (
    REMOTE_CACHE_HEAD_START,
    concurrently,
    create_digest,
    execute,
    get_contents,
    literally,
    matching_digest,
    merge_digests,
)
from module_federation.errors import ModuleFederationError
from module_federation.module_graph.edits import carried_over
from module_federation.module_graph.graph import ModuleGraph, ResolvedFile, resolve_file
from module_federation.module_graph.imports import ParsedFile, parse_output
from module_federation.module_graph.package_json import PackageManifest
from module_federation.module_graph.resolver import Resolver
from module_federation.module_graph.tsconfig import load_tsconfigs
from module_federation.options import Mode
from module_federation.util_rules import tools
from module_federation.util_rules.nodejs import NodeRuntime, was_killed
from module_federation.util_rules.packages import WorkspacePackages
from module_federation.util_rules.tools import ImportParserTool
from module_federation.util_rules.typescript_settings import TypeScriptSettings
from module_federation.util_rules.web_sources import WebSources

#: Between this many files and half as many go into one process. Measured in `benchmarks/parse`:
#: below, starting Node.js dominates; above, an edit of an import parses too much again.
BUCKET_SIZE = 512

#: What the compiler makes files with JSX import.
JSX_RUNTIME = {
    Mode.PRODUCTION: "react/jsx-runtime",
    Mode.DEVELOPMENT: "react/jsx-dev-runtime",
}

_FILES = "__mf/files.json"
_IMPORTS = "__mf/imports.json"


@dataclass(frozen=True)
class SourceBucket:
    """Files that are parsed together, sorted."""

    files: tuple[str, ...]


@dataclass(frozen=True)
class ParsedBucket:
    """The imports of a bucket's files as they are written."""

    files: tuple[ParsedFile, ...]


@dataclass(frozen=True)
class ResolverInputs:
    """All that decides where an import leads, without the imports themselves.

    Equal inputs let the engine keep the resolver, and with it every resolved bucket.
    """

    files: frozenset[str]
    packages: tuple[PackageManifest, ...]
    tsconfigs: FrozenDict[str, bytes]


@dataclass(frozen=True)
class ResolveBucketRequest:
    """A bucket resolved for one mode, which decides between conditional exports."""

    bucket: SourceBucket
    mode: Mode


@dataclass(frozen=True)
class ResolvedBucket:
    """A bucket's files with what their imports mean."""

    files: tuple[ResolvedFile, ...]


@dataclass(frozen=True)
class ModuleGraphRequest:
    """All sources of the repository, resolved for one mode."""

    mode: Mode


@dataclass(frozen=True, eq=False)
class ImportResolver:
    """The resolver for one mode."""

    resolver: Resolver


class _KnownFiles:
    """The files as they were last parsed, for as long as pantsd runs.

    It changes no answer, only whether a process is needed for it: see `module_graph.edits`. What is
    carried over is in no cache of processes, so that the next pantsd parses that bucket once.
    """

    def __init__(self) -> None:
        self._tools: tuple[str, str] = ("", "")
        self._files: dict[str, tuple[bytes, ParsedFile]] = {}

    def recall(
        self, tools_used: tuple[str, str], texts: DigestContents
    ) -> tuple[ParsedFile, ...] | None:
        """What the files import, if that follows from what they imported before.

        :param tools_used: what identifies the parser and the Node.js that runs it.
        """
        if tools_used != self._tools:
            return None
        found = []
        for text in texts:
            known = self._files.get(text.path)
            parsed = known and carried_over(known[0], text.content, known[1])
            if parsed is None:
                return None
            found.append((text, parsed))
        for text, parsed in found:
            self._files[text.path] = (text.content, parsed)
        return tuple(parsed for _, parsed in found)

    def remember(
        self, tools_used: tuple[str, str], texts: DigestContents, parsed: Iterable[ParsedFile]
    ) -> None:
        """Keeps what the parser said of the files."""
        if tools_used != self._tools:
            self._tools, self._files = tools_used, {}
        contents = {text.path: text.content for text in texts}
        for file in parsed:
            if file.path in contents:
                self._files[file.path] = (contents[file.path], file)


_KNOWN = _KnownFiles()


def module_graph(mode: Mode) -> Get:
    """All sources and their imports → `ModuleGraph`."""
    return Get(ModuleGraph, ModuleGraphRequest(mode))


def _parsed(bucket: SourceBucket) -> Get:
    return Get(ParsedBucket, SourceBucket, bucket)


def import_resolver(mode: Mode) -> Get:
    """What decides where the imports of all sources lead → `ImportResolver`."""
    return Get(ImportResolver, ModuleGraphRequest(mode))


def _resolved(bucket: SourceBucket, mode: Mode) -> Get:
    return Get(ResolvedBucket, ResolveBucketRequest(bucket, mode))


def buckets(files: Iterable[str]) -> tuple[SourceBucket, ...]:
    """Deals files into buckets of at most about `BUCKET_SIZE`.

    The number of buckets is a power of two, so that it changes seldom, and a file's bucket depends
    on nothing but its path and that number.
    """
    parsed = [file for file in files if file.endswith(file_types.PARSED)]
    count = 1
    while len(parsed) > count * BUCKET_SIZE:
        count *= 2
    dealt: list[list[str]] = [[] for _ in range(count)]
    for file in parsed:
        dealt[zlib.crc32(file.encode()) % count].append(file)
    return tuple(SourceBucket(tuple(sorted(bucket))) for bucket in dealt if bucket)


@rule(desc="Read imports", level=LogLevel.DEBUG)
async def parse_bucket(
    bucket: SourceBucket, tool: ImportParserTool, node: NodeRuntime
) -> ParsedBucket:
    """Reads the imports of a bucket's files in one process, or in none after a harmless edit."""
    sources, listing = await concurrently(
        matching_digest(
            PathGlobs(
                literally(bucket.files), glob_match_error_behavior=GlobMatchErrorBehavior.ignore
            )
        ),
        create_digest(CreateDigest([FileContent(_FILES, json.dumps(bucket.files).encode())])),
    )
    texts: DigestContents = await get_contents(sources)
    tools_used = (tool.digest.fingerprint, node.version)
    known = _KNOWN.recall(tools_used, texts)
    if known is not None:
        return ParsedBucket(known)
    input_digest = await merge_digests(MergeDigests([sources, listing]))
    result: FallibleProcessResult = await execute(_parse_process(bucket, input_digest, tool, node))
    if was_killed(result):
        # One file was too much for the parser and took all others down with it. Parsed each in a
        # process of its own, it stands alone.
        result = await execute(_parse_process(bucket, input_digest, tool, node, "--each-apart"))
    if result.exit_code != 0:
        raise ModuleFederationError(
            f"The import parser failed:\n{result.stderr.decode(errors='replace').strip()}",
            remedy="this is a defect of the plugin: please report it with this message.",
        )
    contents: DigestContents = await get_contents(result.output_digest)
    parsed = parse_output(contents[0].content)
    _KNOWN.remember(tools_used, texts, parsed)
    return ParsedBucket(parsed)


def _parse_process(
    bucket: SourceBucket,
    input_digest: Digest,
    tool: ImportParserTool,
    node: NodeRuntime,
    *flags: str,
) -> Process:
    return Process(
        node.argv(f"{tools.MOUNT}/parse.mjs", _FILES, _IMPORTS, *flags),
        description=f"Read the imports of {len(bucket.files)} files",
        level=LogLevel.DEBUG,
        input_digest=input_digest,
        immutable_input_digests={tools.MOUNT: tool.digest},
        env=node.env(),
        append_only_caches=node.caches,
        output_files=(_IMPORTS,),
        # A remote cache is asked before a local process starts.
        remote_cache_speculation_delay_millis=REMOTE_CACHE_HEAD_START,
    )


@rule(desc="Gather what imports can lead to", level=LogLevel.DEBUG)
async def gather_resolver_inputs(
    web_sources: WebSources, packages: WorkspacePackages, typescript: TypeScriptSettings
) -> ResolverInputs:
    """Collects the repository's files, packages and TypeScript settings."""
    manifests = packages.by_directory.values()
    return ResolverInputs(
        files=frozenset((*web_sources.files, *(manifest.path for manifest in manifests))),
        packages=tuple(manifests),
        tsconfigs=typescript.contents,
    )


@rule(desc="Prepare to resolve imports", level=LogLevel.DEBUG)
async def prepare_resolver(request: ModuleGraphRequest, inputs: ResolverInputs) -> ImportResolver:
    """Makes the resolver that all buckets of one mode use."""
    return ImportResolver(
        Resolver(
            files=inputs.files,
            packages=inputs.packages,
            tsconfigs=load_tsconfigs(inputs.tsconfigs),
            mode=request.mode.value,
        )
    )


@rule(desc="Resolve imports", level=LogLevel.DEBUG)
async def resolve_bucket(request: ResolveBucketRequest) -> ResolvedBucket:
    """Finds out what the imports of a bucket's files mean."""
    parsed: ParsedBucket = await _parsed(request.bucket)
    prepared: ImportResolver = await import_resolver(request.mode)
    return ResolvedBucket(
        tuple(
            resolve_file(file, prepared.resolver, jsx_runtime=JSX_RUNTIME[request.mode])
            for file in parsed.files
        )
    )


@rule(desc="Build the module graph", level=LogLevel.DEBUG)
async def build_module_graph(
    request: ModuleGraphRequest, web_sources: WebSources, tool: ImportParserTool, node: NodeRuntime
) -> ModuleGraph:
    """Puts all buckets together.

    Each bucket asks for the parser and Node.js. Asked for here, also where there is no bucket, they
    are found while the sources' targets are.
    """
    del tool, node
    resolved: tuple[ResolvedBucket, ...] = await concurrently(
        _resolved(bucket, request.mode) for bucket in buckets(web_sources.files)
    )
    return ModuleGraph.from_resolved(file for bucket in resolved for file in bucket.files)


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

"""Installed files that came in packs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Iterable

from pants.engine.engine_aware import EngineAwareParameter
from pants.engine.fs import (
    EMPTY_DIGEST,
    CreateDigest,
    Digest,
    DigestContents,
    DigestEntries,
    DigestSubset,
    FileEntry,
    MergeDigests,
    PathGlobs,
    RemovePrefix,
)
from pants.engine.process import Process, ProcessResult
from pants.engine.rules import Get, Rule, collect_rules, rule
from pants.option.global_options import CacheContentBehavior, GlobalOptions
from pants.util.logging import LogLevel

from module_federation import bundler_files
from module_federation.engine import (
    REMOTE_CACHE_HEAD_START,
    SHORT_REMOTE_CACHE_HEAD_START,
    concurrently,
    create_digest,
    digest_subset,
    execute_or_raise,
    get_contents,
    get_entries,
    merge_digests,
    remove_prefix,
)
from module_federation.errors import ModuleFederationError
from module_federation.util_rules.nodejs import NodeRuntime

#: The folder of packs that `bundler/install.mjs` leaves, and the file with their names.
FOLDER = "__packs"
NAMES = "packs.json"
_SCRIPTS = "__unpack"
_PACK = "files.pack"
_UNPACKED = "__unpacked"


@dataclass(frozen=True)
class PackedFiles(EngineAwareParameter):
    """
    :param digest: packs in `FOLDER`, their names in `NAMES`, and other files.
    :param origin: what they are of, for messages.
    """

    digest: Digest
    origin: str

    def debug_hint(self) -> str:
        return self.origin


@dataclass(frozen=True)
class UnpackedFiles:
    """
    :param digest: all files of the packs at their places, without the packs and without others.
    """

    digest: Digest


def unpacked_files(packed: PackedFiles) -> Get:
    """Packs → `UnpackedFiles`."""
    return Get(UnpackedFiles, PackedFiles, packed)


@rule(desc="Unpack files", level=LogLevel.DEBUG)
async def unpack_files(
    packed: PackedFiles, node: NodeRuntime, options: GlobalOptions
) -> UnpackedFiles:
    """Unpacks each pack in a process of its own: another version of one package changes one."""
    listed, subset = await concurrently(
        digest_subset(DigestSubset(packed.digest, PathGlobs([glob])))
        for glob in (NAMES, f"{FOLDER}/*")
    )
    names: DigestContents
    entries: DigestEntries
    names, entries = await concurrently(get_contents(listed), get_entries(subset))
    packs = [entry for entry in entries if isinstance(entry, FileEntry)]
    expected = [f"{FOLDER}/{name}" for file in names for name in json.loads(file.content)]
    if not names or [pack.path for pack in packs] != expected:
        raise lost_outputs(packed.origin)
    scripts = await create_digest(bundler_files.contents(bundler_files.UNPACK))
    inputs = await concurrently(
        create_digest(CreateDigest([FileEntry(_PACK, pack.file_digest)])) for pack in packs
    )
    # Only with this setting does a hit wait for all files of the result.
    sooner = options.cache_content_behavior is CacheContentBehavior.fetch
    head_start = SHORT_REMOTE_CACHE_HEAD_START if sooner else REMOTE_CACHE_HEAD_START
    results: tuple[ProcessResult, ...] = await concurrently(
        execute_or_raise(
            Process(
                node.argv(f"{_SCRIPTS}/unpack.mjs", _PACK, _UNPACKED),
                description=f"Unpack {pack.path} of {packed.origin}",
                level=LogLevel.DEBUG,
                input_digest=digest,
                immutable_input_digests={_SCRIPTS: scripts},
                env=node.env(),
                append_only_caches=node.caches,
                output_directories=(_UNPACKED,),
                remote_cache_speculation_delay_millis=head_start,
            )
        )
        for pack, digest in zip(packs, inputs)
    )
    trees = await concurrently(
        remove_prefix(RemovePrefix(result.output_digest, _UNPACKED)) for result in results
    )
    # Each pack has files.
    if EMPTY_DIGEST in trees:
        raise lost_outputs(packed.origin)
    return UnpackedFiles(await merge_digests(MergeDigests(trees)))


def lost_outputs(origin: str) -> ModuleFederationError:
    """A process that ends well writes these files: only a server can have lost them."""
    return ModuleFederationError(
        f"The packages of `{origin}` were installed, but the remote execution server handed back "
        "no file of the installation, or not all.",
        remedy="see `docs/remote-execution.md` for what a server must understand. Once it does, "
        "set `[GLOBAL].process_execution_cache_namespace` to another word, since it may have kept "
        "the empty result.",
    )


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

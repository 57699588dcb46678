"""Installed files that came in packs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable

from pants.engine.engine_aware import EngineAwareParameter
from pants.engine.fs import (
    CreateDigest,
    Digest,
    DigestEntries,
    DigestSubset,
    FileEntry,
    MergeDigests,
    PathGlobs,
    RemovePrefix,
)
from pants.engine.process import Process, ProcessResult
from pants.engine.rules import Get, Rule, collect_rules, rule
from pants.util.logging import LogLevel

from module_federation import bundler_files
from module_federation.engine import (
    SHORT_REMOTE_CACHE_HEAD_START,
    concurrently,
    create_digest,
    digest_subset,
    execute_or_raise,
    get_entries,
    merge_digests,
    remove_prefix,
)
from module_federation.util_rules.nodejs import NodeRuntime

#: The folder of packs that `bundler/install.mjs` leaves.
FOLDER = "__packs"
_SCRIPTS = "__unpack"
_PACK = "files.pack"
_UNPACKED = "__unpacked"


@dataclass(frozen=True)
class PackedFiles(EngineAwareParameter):
    """
    :param digest: packs in `FOLDER`, and other files.
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
async def unpack_files(packed: PackedFiles, node: NodeRuntime) -> UnpackedFiles:
    """Unpacks each pack in a process of its own: another version of one package changes one."""
    subset = await digest_subset(DigestSubset(packed.digest, PathGlobs([f"{FOLDER}/*.pack"])))
    entries: DigestEntries = await get_entries(subset)
    packs = [entry for entry in entries if isinstance(entry, FileEntry)]
    scripts = await create_digest(bundler_files.contents(bundler_files.UNPACK))
    inputs = await concurrently(
        create_digest(CreateDigest([FileEntry(_PACK, pack.file_digest)])) for pack in packs
    )
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
                remote_cache_speculation_delay_millis=SHORT_REMOTE_CACHE_HEAD_START,
            )
        )
        for pack, digest in zip(packs, inputs)
    )
    trees = await concurrently(
        remove_prefix(RemovePrefix(result.output_digest, _UNPACKED)) for result in results
    )
    return UnpackedFiles(await merge_digests(MergeDigests(trees)))


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

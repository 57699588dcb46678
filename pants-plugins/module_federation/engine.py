"""The one seam to Pants' engine.

Rules are written in the call-by-name style of current Pants (`await merge_digests(...)`,
`await concurrently(...)`). On Pants 2.17 to 2.31 each helper below is a plain function that returns
a `Get`; from 2.32 on, where `Get` is gone, this module would re-export the engine's own rules under
the same names, and nothing else in the plugin would change.

Two properties of Pants 2.17's rule parser (`engine/internals/rule_visitor.py`) shape this file:
a helper is followed only if its return annotation is the bare class `Get`, and the arguments of
`Get` must be names of this module.
"""

from __future__ import annotations

import glob
from typing import Iterable

from pants.core.util_rules.source_files import SourceFiles, SourceFilesRequest
from pants.core.util_rules.system_binaries import BinaryPathRequest, BinaryPaths
from pants.engine.addresses import Addresses, UnparsedAddressInputs
from pants.engine.env_vars import EnvironmentVars, EnvironmentVarsRequest
from pants.engine.fs import (
    AddPrefix,
    CreateDigest,
    Digest,
    DigestContents,
    DigestEntries,
    DigestSubset,
    MergeDigests,
    PathGlobs,
    Paths,
    RemovePrefix,
    Snapshot,
)
from pants.engine.process import FallibleProcessResult, Process, ProcessResult
from pants.engine.rules import Get
from pants.engine.rules import MultiGet as concurrently  # noqa: N813
from pants.engine.target import (
    DependenciesRequest,
    ExplicitlyProvidedDependencies,
    Targets,
    WrappedTarget,
    WrappedTargetRequest,
)

#: Milliseconds that a remote cache has before a process starts beside the search. A miss ends the
#: wait at once, so it costs nothing unless the server is slow. With Pants' default
#: `cache_content_behavior`, a hit counts when all its files are here: after 1 s, fresh machines
#: started `npm ci` beside a download that won.
REMOTE_CACHE_HEAD_START = 10_000

#: The same for what this machine does sooner than it downloads as many files.
SHORT_REMOTE_CACHE_HEAD_START = 200

__all__ = [
    "REMOTE_CACHE_HEAD_START",
    "SHORT_REMOTE_CACHE_HEAD_START",
    "add_prefix",
    "concurrently",
    "create_digest",
    "digest_subset",
    "environment_vars",
    "execute",
    "execute_or_raise",
    "explicit_dependencies",
    "find_binary",
    "get_contents",
    "get_entries",
    "literally",
    "matching_digest",
    "matching_paths",
    "merge_digests",
    "remove_prefix",
    "resolve_addresses",
    "resolve_target",
    "resolve_targets",
    "snapshot",
    "source_files",
]


def literally(paths: Iterable[str]) -> list[str]:
    """Paths as globs that match them and nothing else, whatever characters they have: a router's
    `[id].tsx` is a file's name here."""
    return [glob.escape(path) for path in paths]


def create_digest(request: CreateDigest) -> Get:
    """Files and links made from memory → `Digest`."""
    return Get(Digest, CreateDigest, request)


def merge_digests(request: MergeDigests) -> Get:
    """Several trees laid over each other → `Digest`."""
    return Get(Digest, MergeDigests, request)


def add_prefix(request: AddPrefix) -> Get:
    """A tree moved below a folder → `Digest`."""
    return Get(Digest, AddPrefix, request)


def remove_prefix(request: RemovePrefix) -> Get:
    """A folder's content moved to the root → `Digest`."""
    return Get(Digest, RemovePrefix, request)


def digest_subset(request: DigestSubset) -> Get:
    """The files of a tree that match globs → `Digest`."""
    return Get(Digest, DigestSubset, request)


def matching_digest(globs: PathGlobs) -> Get:
    """Files of the repository → `Digest`."""
    return Get(Digest, PathGlobs, globs)


def matching_paths(globs: PathGlobs) -> Get:
    """Names of files of the repository, without reading them → `Paths`."""
    return Get(Paths, PathGlobs, globs)


def get_contents(digest: Digest) -> Get:
    """The files of a digest in memory → `DigestContents`."""
    return Get(DigestContents, Digest, digest)


def get_entries(digest: Digest) -> Get:
    """The names and fingerprints of the files of a digest, without reading them →
    `DigestEntries`."""
    return Get(DigestEntries, Digest, digest)


def snapshot(digest: Digest) -> Get:
    """The names of the files of a digest → `Snapshot`."""
    return Get(Snapshot, Digest, digest)


def execute(process: Process) -> Get:
    """Runs a process that may fail → `FallibleProcessResult`."""
    return Get(FallibleProcessResult, Process, process)


def execute_or_raise(process: Process) -> Get:
    """Runs a process whose failure is a fault of ours → `ProcessResult`."""
    return Get(ProcessResult, Process, process)


def environment_vars(request: EnvironmentVarsRequest) -> Get:
    """Some variables of the user's environment → `EnvironmentVars`."""
    return Get(EnvironmentVars, EnvironmentVarsRequest, request)


def find_binary(request: BinaryPathRequest) -> Get:
    """Where a program is installed → `BinaryPaths`."""
    return Get(BinaryPaths, BinaryPathRequest, request)


def resolve_addresses(inputs: UnparsedAddressInputs) -> Get:
    """Addresses as a user wrote them → `Addresses`."""
    return Get(Addresses, UnparsedAddressInputs, inputs)


def resolve_targets(addresses: Addresses) -> Get:
    """Addresses → `Targets`, generators replaced by what they generate."""
    return Get(Targets, Addresses, addresses)


def resolve_target(request: WrappedTargetRequest) -> Get:
    """One address → `WrappedTarget`, just that target."""
    return Get(WrappedTarget, WrappedTargetRequest, request)


def explicit_dependencies(request: DependenciesRequest) -> Get:
    """What a user wrote into `dependencies` → `ExplicitlyProvidedDependencies`."""
    return Get(ExplicitlyProvidedDependencies, DependenciesRequest, request)


def source_files(request: SourceFilesRequest) -> Get:
    """The sources of some targets, generated ones too → `SourceFiles`."""
    return Get(SourceFiles, SourceFilesRequest, request)

"""`package` leaves in `dist` what is there already.

Pants' own goal (2.17.1, `package_asset` of `core/goals/package.py`) removes the folder of every
target from `dist` and writes it again, in each call. With a hundred containers on ext4 that was
most of a call in which nothing had changed, and every tool that watches `dist` saw all of it
change. The goal has no hook: it hands `Workspace.write_digest` one merged digest and the paths to
clear. So that method is replaced here, for calls in which a path is an `OutputFolder`, which no
package but ours has; all others it passes on.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from pathlib import PurePath
from typing import Callable, Dict, Iterable, List, Optional, Sequence, Tuple

from pants.base.build_environment import get_buildroot
from pants.core.goals.package import BuiltPackageArtifact
from pants.engine.fs import EMPTY_DIGEST, Digest, DigestEntries, FileEntry, Workspace
from pants.util.frozendict import FrozenDict

from module_federation.outputs.folder import OutputFolders, can_be_overwritten
from module_federation.outputs.tree import OutputFile, TreeDigest, tree_digest


@dataclass(frozen=True)
class OutputTree:
    """Something to be written.

    :param digest: it, by path in `dist`.
    :param files: the same, file by file. Links and empty folders are missing here, so that `digest`
        is not that of `files`, and everything is written.
    """

    digest: Digest
    files: FrozenDict[str, OutputFile]


def output_tree(digest: Digest, entries: DigestEntries) -> OutputTree:
    """A digest with what is in it."""
    files = {
        entry.path: OutputFile(
            entry.file_digest.fingerprint,
            entry.file_digest.serialized_bytes_length,
            entry.is_executable,
        )
        for entry in entries
        if isinstance(entry, FileEntry)
    }
    return OutputTree(digest, FrozenDict(files))


NOTHING = OutputTree(EMPTY_DIGEST, FrozenDict())


class OutputFolder(str):
    """The path of a container's folder in `dist`, that knows what belongs there.

    :param inside: what the folder has, and nothing else.
    :param beside: what is to be written along, elsewhere in `dist`.
    """

    inside: OutputTree
    beside: OutputTree

    def __new__(cls, path: str, inside: OutputTree, beside: OutputTree = NOTHING) -> OutputFolder:
        folder = super().__new__(cls, path)
        folder.inside, folder.beside = inside, beside
        return folder

    def artifact(self) -> BuiltPackageArtifact:
        """The folder as `BuiltPackage` names it."""
        return BuiltPackageArtifact(self)


#: A digest, and the paths to clear before it is written.
_Write = Tuple[Digest, Sequence[str]]


class OutputWriter:
    """What takes the place of `Workspace.write_digest`.

    One lives as long as the process, so that pantsd does not read `dist` again and again.

    :param pants: Pants' own method.
    """

    def __init__(self, pants: Callable[..., None]) -> None:
        self._pants = pants
        # A call that was interrupted may still be writing when the next one begins. Each one has
        # to see what the other has made of `dist`.
        self._lock = threading.Lock()
        self._folders = OutputFolders()
        #: The trees that were last written together, and what they make.
        self._merged: Tuple[Tuple[Digest, ...], TreeDigest] = ((), tree_digest({}))

    def write(
        self,
        workspace: Workspace,
        digest: Digest,
        path_prefix: Optional[str],
        clear_paths: Sequence[str],
        side_effecting: bool,
    ) -> None:
        """Writes `digest` below `path_prefix`, and leaves alone every `OutputFolder` among
        `clear_paths` that holds what it should."""
        with self._lock:
            # Pants knows one build root for each process, too: `BuildRoot` is a singleton.
            dist = os.path.join(get_buildroot(), path_prefix or "")
            if side_effecting:
                workspace.side_effected()
            for part, cleared in self._needed(dist, digest, clear_paths):
                self._pants(
                    workspace,
                    part,
                    path_prefix=path_prefix,
                    clear_paths=cleared,
                    side_effecting=side_effecting,
                )

    def _needed(self, dist: str, digest: Digest, clear_paths: Sequence[str]) -> Sequence[_Write]:
        """What has to be written so that `dist` is as it should be."""
        ours = [path for path in clear_paths if isinstance(path, OutputFolder)]
        writes: List[_Write] = []
        for output in ours:
            if not self._folders.holds(os.path.join(dist, output), _inside(output)):
                writes.append((output.inside.digest, (output,)))
            if not self._folders.has(dist, output.beside.files):
                writes.append((output.beside.digest, ()))
        changed = {path for _, cleared in writes for path in cleared}
        unchanged = set(ours).difference(changed)
        if not unchanged or _overlap(dist, clear_paths, ours):
            return [(digest, clear_paths)]
        if len(ours) == len(clear_paths) and self._make(ours, digest):
            return writes
        # What other packages write can't be told apart in the digest. So all of it is written, and
        # what did not change over what is there.
        to_clear = [
            path
            for path in clear_paths
            if path not in unchanged or not can_be_overwritten(os.path.join(dist, path))
        ]
        return [(digest, to_clear)]

    def _make(self, outputs: Sequence[OutputFolder], digest: Digest) -> bool:
        """Whether `digest` is that of the outputs together, and of nothing else."""
        trees = [tree for output in outputs for tree in (output.inside, output.beside)]
        digests = tuple(tree.digest for tree in trees)
        if self._merged[0] != digests:
            files = {path: file for tree in trees for path, file in tree.files.items()}
            self._merged = (digests, tree_digest(files))
        return self._merged[1] == (digest.fingerprint, digest.serialized_bytes_length)


def _inside(output: OutputFolder) -> Dict[str, OutputFile]:
    """What belongs into a folder, by path in it."""
    start = len(output) + 1
    return {path[start:]: file for path, file in output.inside.files.items()}


def _overlap(dist: str, clear_paths: Sequence[str], ours: Iterable[OutputFolder]) -> bool:
    """Whether clearing one path would clear another, or what is written beside another.

    Paths count as one if any file system could take them for one: rather too often, it only costs
    time.
    """

    def place(path: str) -> PurePath:
        return PurePath(os.path.realpath(os.path.join(dist, path)).casefold())

    cleared = [place(path) for path in clear_paths]
    beside = {place(path) for output in ours for path in output.beside.files}
    distinct = set(cleared)
    return len(distinct) < len(cleared) or any(
        not distinct.isdisjoint(path.parents) for path in distinct.union(beside)
    )


def leave_unchanged_outputs() -> None:
    """From now on, in this process, `package` writes only the containers that have changed."""
    pants = Workspace.write_digest
    if pants.__module__ == __name__:
        return
    writer = OutputWriter(pants)

    # `functools.wraps` would give it Pants' module, and a second one would be put around it.
    def write_digest(
        workspace: Workspace,
        digest: Digest,
        *,
        path_prefix: Optional[str] = None,
        clear_paths: Sequence[str] = (),
        side_effecting: bool = True,
    ) -> None:
        if any(isinstance(path, OutputFolder) for path in clear_paths):
            writer.write(workspace, digest, path_prefix, clear_paths, side_effecting)
        else:
            pants(
                workspace,
                digest,
                path_prefix=path_prefix,
                clear_paths=clear_paths,
                side_effecting=side_effecting,
            )

    # A subclass would not do: Pants makes the workspace by itself.
    Workspace.write_digest = write_digest  # type: ignore[assignment,method-assign]

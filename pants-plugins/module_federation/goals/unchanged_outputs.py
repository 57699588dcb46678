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
from pathlib import PurePath
from typing import Callable, Dict, Mapping, Optional, Sequence, Tuple

from pants.base.build_environment import get_buildroot
from pants.core.goals.package import BuiltPackageArtifact
from pants.engine.fs import Digest, DigestEntries, FileEntry, Workspace

from module_federation.outputs.folder import OutputFolders, is_file
from module_federation.outputs.tree import OutputFile, TreeDigest, tree_digest


class OutputFolder(str):
    """The path of a container's folder in `dist`, that knows what belongs there.

    :param digest: everything that is to be written, by path in `dist`.
    :param files: the same, file by file. Links and empty folders are missing here, so that `digest`
        is not that of `files`, and everything is written.
    """

    digest: Digest
    files: Mapping[str, OutputFile]

    def __new__(cls, path: str, digest: Digest, files: Mapping[str, OutputFile]) -> OutputFolder:
        folder = super().__new__(cls, path)
        folder.digest, folder.files = digest, files
        return folder


def output_folder(path: str, digest: Digest, entries: DigestEntries) -> BuiltPackageArtifact:
    """The folder of a container, as `BuiltPackage` names it."""
    files = {
        entry.path: OutputFile(
            entry.file_digest.fingerprint,
            entry.file_digest.serialized_bytes_length,
            entry.is_executable,
        )
        for entry in entries
        if isinstance(entry, FileEntry)
    }
    return BuiltPackageArtifact(OutputFolder(path, digest, files))


class OutputWriter:
    """What takes the place of `Workspace.write_digest`.

    One lives as long as the process, so that pantsd reads no file of `dist` twice.

    :param pants: Pants' own method.
    """

    def __init__(self, pants: Callable[..., None]) -> None:
        self._pants = pants
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
        ours = [path for path in clear_paths if isinstance(path, OutputFolder)]
        dist = os.path.join(get_buildroot(), path_prefix or "")
        changed = [output for output in ours if not self._is_written(dist, output)]
        if len(changed) == len(ours) or _overlap(clear_paths):
            to_write = [(digest, clear_paths)]
        elif len(ours) == len(clear_paths) and self._make(ours, digest):
            to_write = [(output.digest, (output,)) for output in changed]
        else:
            # What other packages write can't be told apart in the digest. So all of it is written,
            # and what did not change over what is there.
            unchanged = set(ours).difference(changed)
            to_write = [(digest, [path for path in clear_paths if path not in unchanged])]
        if side_effecting:
            workspace.side_effected()
        for part, cleared in to_write:
            self._pants(
                workspace,
                part,
                path_prefix=path_prefix,
                clear_paths=cleared,
                side_effecting=side_effecting,
            )

    def _is_written(self, dist: str, output: OutputFolder) -> bool:
        inside: Dict[str, OutputFile] = {}
        for path, file in output.files.items():
            if path.startswith(f"{output}/"):
                inside[path[len(output) + 1 :]] = file
            elif not is_file(os.path.join(dist, path), file):
                return False
        return self._folders.holds(os.path.join(dist, output), inside)

    def _make(self, outputs: Sequence[OutputFolder], digest: Digest) -> bool:
        """Whether `digest` is that of the outputs together, and of nothing else."""
        digests = tuple(output.digest for output in outputs)
        if self._merged[0] != digests:
            files = {path: file for output in outputs for path, file in output.files.items()}
            self._merged = (digests, tree_digest(files))
        return self._merged[1] == (digest.fingerprint, digest.serialized_bytes_length)


def _overlap(paths: Sequence[str]) -> bool:
    """Whether clearing one path would clear another."""
    distinct = {PurePath(path) for path in paths}
    return len(distinct) < len(paths) or any(
        not distinct.isdisjoint(path.parents) for path in distinct
    )


def leave_unchanged_outputs() -> None:
    """From now on, in this process, `package` writes only the containers that have changed."""
    pants = Workspace.write_digest
    if pants.__module__ == __name__:
        return
    writer = OutputWriter(pants)

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

"""Is what lies on disk what should lie there?"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from typing import Dict, Iterator, Mapping, NamedTuple, Optional, Tuple

from module_federation.outputs.tree import OutputFile

#: Seconds. A file that was changed less than this before it was read can change once more without
#: another time of change: file systems count in steps, of up to two seconds. (Git calls such
#: files "racily clean".)
_SETTLED = 2.0

_CHUNK = 1 << 20


class _Read(NamedTuple):
    """
    :param marks: what tells that the file is still the same: device, inode, size, and the times of
        its last modification and change. On most file systems no program can set the last one.
    :param settled: a later change would show in the marks.
    """

    marks: Tuple[int, int, int, int, int]
    sha256: str
    settled: bool


class OutputFolders:
    """Compares folders with what they should hold, and reads no file twice while it stays as it is.

    It remembers what it has read for as long as it lives, and trusts nothing that it has not read.
    """

    def __init__(self) -> None:
        self._modes = _Modes.of_this_process()
        #: Folder → path in it → what was read.
        self._read: Dict[str, Dict[str, _Read]] = {}

    def holds(self, folder: str, files: Mapping[str, OutputFile]) -> bool:
        """Whether `folder` has `files` and nothing else: no other file, folder or link.

        :param folder: its path. It may be missing.
        :param files: by path in the folder, with `/` between names.
        """
        before = self._read.pop(folder, {})
        read: Dict[str, _Read] = {}
        try:
            present = dict(_walk(folder))
            folders = {"", *_folders(files)}
            if present.keys() != {*files, *folders}:
                return False
            if not all(self._modes.fit_folder(present[path]) for path in folders):
                return False
            for path, file in files.items():
                status = present[path]
                if not self._modes.fit_file(status, file) or status.st_size != file.size:
                    return False
                read[path] = _reading(os.path.join(folder, path), status, before.get(path))
                if read[path].sha256 != file.sha256:
                    return False
        except OSError:
            # Whoever writes the folder will say what is wrong with it.
            return False
        self._read[folder] = {path: was for path, was in read.items() if was.settled}
        return True

    def has(self, folder: str, files: Mapping[str, OutputFile]) -> bool:
        """Whether `folder` has `files`, whatever else it has. It reads them each time."""
        try:
            return all(
                self._modes.fit_file(os.lstat(path), file) and _file_sha256(path) == file.sha256
                for path, file in (
                    (os.path.join(folder, name), file) for name, file in files.items()
                )
            )
        except OSError:
            return False


class _Modes(NamedTuple):
    """What Pants gives to files (`materialize_file`, `Permissions::Writable`) and folders, after
    the process's mask."""

    file: int
    program: int
    folder: int

    @classmethod
    def of_this_process(cls) -> _Modes:
        # There is no other way to learn it. What is made in between gets too little, not too much.
        mask = os.umask(0o077)
        os.umask(mask)
        return cls(0o644 & ~mask, 0o755 & ~mask, 0o777 & ~mask)

    def fit_file(self, status: os.stat_result, file: OutputFile) -> bool:
        mode = self.program if file.executable else self.file
        return stat.S_ISREG(status.st_mode) and stat.S_IMODE(status.st_mode) == mode

    def fit_folder(self, status: os.stat_result) -> bool:
        # A bit more (`S_ISGID`) comes from the folder around it.
        return stat.S_ISDIR(status.st_mode) and status.st_mode & 0o777 == self.folder


def can_be_overwritten(folder: str) -> bool:
    """Whether each file in `folder` can be written by this process and has no other name.

    Whoever removes files needs neither: somebody else's can be removed from a folder of one's own,
    and a hard link elsewhere is left alone.
    """
    try:
        return all(
            os.access(os.path.join(folder, path), os.W_OK) and status.st_nlink == 1
            for path, status in _walk(folder)
            if stat.S_ISREG(status.st_mode)
        )
    except OSError:
        return False


def _reading(path: str, status: os.stat_result, before: Optional[_Read]) -> _Read:
    """What is in a file; `before`, if it still is what was read."""
    marks = (
        status.st_dev,
        status.st_ino,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
    )
    if before is not None and before.marks == marks:
        return before
    began = time.time()
    sha256 = _file_sha256(path)
    changed = max(status.st_mtime, status.st_ctime)
    return _Read(marks, sha256, settled=began - changed > _SETTLED)


def _walk(folder: str, prefix: str = "") -> Iterator[Tuple[str, os.stat_result]]:
    """A folder, as `""`, and everything in it: path in it → status. Links are not followed."""
    if not prefix:
        status = os.lstat(folder)
        yield "", status
        if not stat.S_ISDIR(status.st_mode):
            return
    with os.scandir(folder) as entries:
        for entry in entries:
            path = prefix + entry.name
            yield path, entry.stat(follow_symlinks=False)
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(entry.path, f"{path}/")


def _folders(files: Mapping[str, OutputFile]) -> Iterator[str]:
    """The folders on the way to files."""
    for path in files:
        while "/" in path:
            path = path.rpartition("/")[0]
            yield path


def _file_sha256(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for chunk in iter(lambda: file.read(_CHUNK), b""):
            digest.update(chunk)
    return digest.hexdigest()

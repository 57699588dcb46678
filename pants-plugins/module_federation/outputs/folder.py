"""Does a folder hold exactly these files?"""

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
    :param marks: what tells that the file is still the same: inode, size, and the times of its last
        modification and change. No program can set the last one.
    :param settled: a later change would show in the marks.
    """

    marks: Tuple[int, int, int, int]
    sha256: str
    settled: bool


class OutputFolders:
    """Compares folders with what they should hold, and reads no file twice while it stays as it is.

    It remembers what it has read for as long as it lives, and trusts nothing that it has not read.
    """

    def __init__(self) -> None:
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
            if os.path.islink(folder):
                return False
            present = dict(_walk(folder))
            if present.keys() != {*files, *_folders(files)}:
                return False
            for path, file in files.items():
                if not _has_form(present[path], file):
                    return False
                read[path] = _reading(os.path.join(folder, path), present[path], before.get(path))
                if read[path].sha256 != file.sha256:
                    return False
        except OSError:
            # Whoever writes the folder will say what is wrong with it.
            return False
        self._read[folder] = {path: was for path, was in read.items() if was.settled}
        return True


def is_file(path: str, file: OutputFile) -> bool:
    """Whether there is such a file at `path`."""
    try:
        return _has_form(os.lstat(path), file) and _file_sha256(path) == file.sha256
    except OSError:
        return False


def _has_form(status: os.stat_result, file: OutputFile) -> bool:
    return (
        stat.S_ISREG(status.st_mode)
        and status.st_size == file.size
        and bool(status.st_mode & stat.S_IXUSR) == file.executable
    )


def _reading(path: str, status: os.stat_result, before: Optional[_Read]) -> _Read:
    """What is in a file; `before`, if it still is what was read."""
    marks = (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    if before is not None and before.marks == marks:
        return before
    began = time.time()
    sha256 = _file_sha256(path)
    changed = max(status.st_mtime, status.st_ctime)
    return _Read(marks, sha256, settled=began - changed > _SETTLED)


def _walk(folder: str, prefix: str = "") -> Iterator[Tuple[str, os.stat_result]]:
    """Everything in a folder: path in it → status. Links are not followed."""
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

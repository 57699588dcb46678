"""Files by path, and the digest of the tree that they make.

A tree's digest is that of its `Directory` message in the Remote Execution API (version 2), encoded
in its canonical form: entries by name, and no field that has its default. It is how Pants names a
tree (`Digest`), so two trees can be compared without asking the engine.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Dict, Mapping, NamedTuple, Union


@dataclass(frozen=True)
class OutputFile:
    """A regular file.

    :param sha256: of its content, in hexadecimal digits.
    :param size: of its content, in bytes.
    """

    sha256: str
    size: int
    executable: bool = False


class TreeDigest(NamedTuple):
    """What names a tree.

    :param sha256: of the encoded `Directory`, in hexadecimal digits.
    :param size: of the encoded `Directory`, in bytes.
    """

    sha256: str
    size: int


# A folder's entries by name.
_Folder = Dict[str, Union[OutputFile, "_Folder"]]

# Numbers of fields, of `Directory` and of the nodes and digests in it.
_FILES, _DIRECTORIES = 1, 2
_NAME, _DIGEST, _IS_EXECUTABLE = 1, 2, 4
_HASH, _SIZE_BYTES = 1, 2


def tree_digest(files: Mapping[str, OutputFile]) -> TreeDigest:
    """The digest of the tree that consists of `files`, and of the folders on the way to them.

    :param files: by path, with `/` between names.
    """
    root: _Folder = {}
    for path, file in files.items():
        *parents, name = path.split("/")
        folder = root
        for parent in parents:
            inner = folder.setdefault(parent, {})
            assert isinstance(inner, dict), f"{path} lies in a file"
            folder = inner
        folder[name] = file
    return _folder_digest(root)


def _folder_digest(folder: _Folder) -> TreeDigest:
    files = directories = b""
    for name, entry in sorted(folder.items()):
        named = _text(_NAME, name)
        if isinstance(entry, OutputFile):
            digest = _digest(entry.sha256, entry.size)
            executable = _number(_IS_EXECUTABLE, int(entry.executable))
            files += _bytes(_FILES, named + digest + executable)
        else:
            directories += _bytes(_DIRECTORIES, named + _digest(*_folder_digest(entry)))
    encoded = files + directories
    return TreeDigest(hashlib.sha256(encoded).hexdigest(), len(encoded))


# Protocol Buffers' encoding: a field is its number with the kind of value, then the value.


def _digest(sha256: str, size: int) -> bytes:
    return _bytes(_DIGEST, _text(_HASH, sha256) + _number(_SIZE_BYTES, size))


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value) if value else b""


def _varint(value: int) -> bytes:
    """Seven bits in each byte, the lowest first; the eighth says that more follow."""
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)

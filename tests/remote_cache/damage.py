"""Damage to what a server stores."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path
from typing import Callable, Iterator

from remote_cache.server import CacheServer

# Bytes. Small blobs are messages of the protocol: trees, results, commands.
_SMALL = 2_000


def flip(blob: Path) -> None:
    """Changes one bit in the middle."""
    content = bytearray(blob.read_bytes())
    content[len(content) // 2] ^= 1
    rewrite(blob, bytes(content))


def cut(blob: Path) -> None:
    """Takes the second half away."""
    content = blob.read_bytes()
    rewrite(blob, content[: len(content) // 2])


def rewrite(blob: Path, content: bytes) -> None:
    """Puts another file at a blob's place; its other names keep the content."""
    blob.unlink()
    blob.write_bytes(content)


def is_large(blob: Path) -> bool:
    """Whether it is more than a small message of the protocol."""
    return blob.stat().st_size > _SMALL


def is_file_of_result(blob: Path) -> bool:
    """Whether it is large, and no list of files: Pants reads these (messages of type `Tree`, whose
    first field is a message) with the result itself."""
    return is_large(blob) and not blob.read_bytes().startswith(b"\n")


@contextlib.contextmanager
def damaged(
    server: CacheServer,
    kept: Path,
    damage: Callable[[Path], None],
    which: Callable[[Path], bool] = is_large,
) -> Iterator[None]:
    """A storage whose larger blobs, or others, are all damaged, for as long as the block lasts.

    :param kept: where the blobs are kept in the meantime.
    :raises AssertionError: there is no such blob.
    """
    objects = server.storage / "cas/objects"
    shutil.copytree(objects, kept)
    try:
        hit = [blob for blob in server.blobs() if which(blob)]
        assert hit, "there is nothing to damage"
        for blob in hit:
            damage(blob)
        yield
    finally:
        shutil.rmtree(objects)
        shutil.copytree(kept, objects)

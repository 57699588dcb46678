"""Repository paths: relative to the repository's root, POSIX, ``""`` for the root itself."""

from __future__ import annotations


def directory_of(path: str) -> str:
    """The folder that holds `path`; the root's own folder is the root."""
    return path.rpartition("/")[0]


def join(directory: str, relative: str) -> str | None:
    """Walk from `directory` along `relative`, resolving ``.`` and ``..``.

    Returns None when the walk leaves the repository, even if it would come back: a path outside
    has no name in the repository.
    """
    name = relative[2:]
    # The commonest request, a neighbour, needs no walk.
    if relative.startswith("./") and "/" not in name and name not in ("", ".", ".."):
        return f"{directory}/{name}" if directory else name
    parts = directory.split("/") if directory else []
    for part in relative.split("/"):
        if part in ("", "."):
            continue
        if part != "..":
            parts.append(part)
        elif parts:
            parts.pop()
        else:
            return None
    return "/".join(parts)


def is_within(path: str, directory: str) -> bool:
    """Whether `path` is `directory` or lies somewhere below it."""
    return directory == "" or path == directory or path.startswith(f"{directory}/")


def ancestors(directory: str) -> tuple[str, ...]:
    """`directory` and every folder above it, nearest first, ending with the root ``""``."""
    chain = [directory]
    while directory:
        directory = directory_of(directory)
        chain.append(directory)
    return tuple(chain)


def relative_to(path: str, directory: str) -> str:
    """`path` as seen from `directory`, which must be one of its ancestors."""
    return path[len(directory) + 1 :] if directory else path

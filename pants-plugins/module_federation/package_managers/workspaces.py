"""The patterns by which a project lists its workspace packages, as globs for their manifests."""

from __future__ import annotations

import posixpath
import re
from typing import Iterable, Iterator

_BRACES = re.compile(r"\{([^{}]*,[^{}]*)\}")


def leaves_project(pattern: str) -> bool:
    """Whether a pattern names folders that are not below the project."""
    path = pattern.lstrip("!")
    return posixpath.isabs(path) or posixpath.normpath(path).startswith("..")


def manifest_globs(root: str, patterns: Iterable[str]) -> tuple[str, ...]:
    """Globs for the `package.json` files of workspace packages.

    A pattern may have alternatives in braces; one with a `!` before it takes folders away. What
    lies in `node_modules` is never a workspace package.

    Args:
        root: The project's folder, a repository path.
        patterns: As `workspaces` of `package.json` or `packages` of `pnpm-workspace.yaml`.
    """
    globs = []
    for pattern in patterns:
        sign = "!" if pattern.startswith("!") else ""
        for plain in _alternatives(pattern.lstrip("!")):
            globs.append(sign + posixpath.normpath(posixpath.join(root, plain, "package.json")))
    return (*globs, f"!{posixpath.join(root, '**/node_modules/**')}")


def _alternatives(pattern: str) -> Iterator[str]:
    match = _BRACES.search(pattern)
    if match is None:
        yield pattern
        return
    for each in match[1].split(","):
        yield from _alternatives(pattern[: match.start()] + each + pattern[match.end() :])

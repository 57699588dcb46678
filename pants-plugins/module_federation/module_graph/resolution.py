"""What a request turns out to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Union


@dataclass(frozen=True)
class FileModule:
    """A first-party file, by repository path.

    `via_package` is the name of the workspace package a bare request went through. `via_paths` is
    the folder of the ``tsconfig.json`` whose ``paths`` or ``baseUrl`` the request went through. The
    bundler has to be told of both with an alias from `request` (without query) to `path`.
    `crosses_into` is the name of the workspace package that the file belongs to where the importer
    belongs to another one and the request was a path, not that name.
    """

    path: str
    request: str = ""
    via_package: str | None = None
    via_paths: str | None = None
    crosses_into: str | None = None


@dataclass(frozen=True)
class PackageModule:
    """A third-party package: `name`, `subpath` (``"."`` or ``"./x"``), and both as `request`."""

    name: str
    subpath: str
    request: str


@dataclass(frozen=True)
class RemoteModule:
    """What a remote exposes: its `alias` in the container, the `expose` key, and the `request`."""

    alias: str
    expose: str
    request: str


@dataclass(frozen=True)
class Ignored:
    """A request that no file answers, rightly: a URL, a Node.js builtin, a ``browser: false``."""

    reason: str


@dataclass(frozen=True)
class Unresolved:
    """A request that nothing answers: the reason in words, and the paths that were tried."""

    reason: str
    tried: tuple[str, ...] = ()


Resolution = Union[FileModule, PackageModule, RemoteModule, Ignored, Unresolved]

"""Requests as written in an import: their forms, and the package a bare one names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import AbstractSet

_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]+:")
_BAD_NAME = re.compile(r"[\\%:?#*\"'()!~\s\x00-\x1f]")
_EXTERNAL_SCHEMES = ("node:", "data:", "http:", "https:", "blob:")


@dataclass(frozen=True)
class BareRequest:
    """A request for a package: its `name`, and the `subpath` inside it (``"."`` or ``"./x"``)."""

    name: str
    subpath: str


def strip_loaders(specifier: str) -> str:
    """The request without inline loaders: ``!!raw-loader!./x`` asks for ``./x``."""
    return specifier.rpartition("!")[2]


def strip_query(specifier: str) -> str:
    """The request without ``?query`` and ``#fragment``; a leading ``#`` is part of a name."""
    path = specifier.partition("?")[0]
    return path[:1] + path[1:].partition("#")[0]


def is_relative(specifier: str) -> bool:
    """Whether the request starts at the importing file's folder."""
    return specifier in (".", "..") or specifier.startswith(("./", "../"))


def is_external(specifier: str) -> bool:
    """Whether the request is none the bundler looks up among files (``node:``, ``data:``, URLs)."""
    return specifier.startswith(_EXTERNAL_SCHEMES) or specifier.startswith("//")


def has_scheme(specifier: str) -> bool:
    """Whether the request starts with any scheme, such as ``file:`` or a Windows drive."""
    return _SCHEME.match(specifier) is not None or specifier[1:3] in (":\\", ":/")


def split_bare(specifier: str) -> BareRequest | None:
    """Split ``@scope/name/sub/path``; None when it does not begin with a package's name.

    Source: PACKAGE_RESOLVE in Node.js' documentation of ECMAScript modules.
    """
    head, slash, rest = specifier.partition("/")
    if head.startswith("@"):
        second, slash, rest = rest.partition("/")
        if len(head) == 1 or not second or second.startswith("."):
            return None
        head = f"{head}/{second}"
    if not head or head.startswith(".") or _BAD_NAME.search(head):
        return None
    return BareRequest(head, f"./{rest}" if slash and rest else ".")


@dataclass(frozen=True)
class RemoteRequest:
    """A request for what a remote exposes: its `alias` in the container, and the `expose` key."""

    alias: str
    expose: str


def match_remote(specifier: str, aliases: AbstractSet[str]) -> RemoteRequest | None:
    """The remote that `specifier` is served by, if any of a container's `aliases` matches.

    The federation plugin catches a request before any file or package is looked up, when it is an
    alias or begins with an alias and a slash (``ContainerReferencePlugin`` and
    ``ModuleFederationPlugin`` of webpack and Rspack); the longest alias wins here, so that
    ``shop`` and ``shop/cart`` can stand side by side.
    """
    if not aliases:
        return None
    candidate = specifier
    while candidate:
        if candidate in aliases:
            return RemoteRequest(candidate, f".{specifier[len(candidate) :]}")
        candidate = candidate.rpartition("/")[0]
    return None

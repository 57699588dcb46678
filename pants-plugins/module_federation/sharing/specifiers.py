"""What a ``package.json`` says about a dependency, as a range that npm's ``semver`` reads.

Package managers take more than ranges: ``workspace:^``, ``catalog:react18``, ``npm:real@^1``, tags,
files, links, git and tarballs. Left as they are they land in a bundle word for word and match
nothing at run time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Mapping

from module_federation.sharing.javascript import strip
from module_federation.sharing.ranges import Range, RangeError, parse_range
from module_federation.sharing.version_sets import Version

Catalogs = Mapping[str, Mapping[str, str]]
"""Catalog name (``default`` for the unnamed one) → dependency name → specifier."""

_MAX_CATALOG_STEPS = 8
_ALIAS = re.compile(r"npm:((?:@[^/@]+/)?[^/@]+)(?:@(.*))?\Z", re.DOTALL)
_WORKSPACE_ALIAS = re.compile(r"(?:@[^/@]+/)?[^/@^~*]+@(.+)\Z", re.DOTALL)
_PLACE = re.compile(
    r"(?:file|link|portal|patch|git|git\+[a-z]+|github|gitlab|bitbucket|gist|https?|ssh):"
    r"|\.{1,2}(?:/|\Z)|/|~/|[A-Za-z]:[\\/]|[\w.-]+@[\w.-]+:|[\w.-]+/[\w.-]+(?:#|\Z)"
)
_TAG = re.compile(r"[A-Za-z_][\w.-]*\Z")


class SpecifierKind(Enum):
    """Where a dependency's range came from."""

    RANGE = "range"
    WORKSPACE = "workspace"
    CATALOG = "catalog"
    ALIAS = "alias"
    TAG = "tag"
    PLACE = "place"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Specifier:
    """A dependency's specifier after normalisation.

    ``raw`` is the text in ``package.json``; ``range`` what it stands for; ``real_name`` the package
    behind an ``npm:`` alias, else None.
    """

    raw: str
    range: Range
    kind: SpecifierKind
    real_name: str | None = None


def normalise(
    raw: str,
    *,
    installed_version: str | None,
    name: str = "",
    catalogs: Catalogs | None = None,
) -> Specifier:
    """The range a dependency specifier stands for. Every text has an answer.

    Rules: ranges by npm's grammar, the empty text is ``*``; ``workspace:*`` is the exact installed
    version, ``workspace:^`` and ``workspace:~`` put that sign before it, ``workspace:<range>`` and
    ``workspace:<name>@<range>`` are the range (pnpm's and Yarn's rules for publishing);
    ``catalog:<name>`` is looked up; ``npm:<real>@<range>`` is the range; a tag (``latest``,
    ``next``) is ``^<installed>``; files, links, portals, git and tarballs are the exact installed
    version; so is a text that nobody can read (kind ``UNKNOWN``).

    Args:
        raw: The specifier as written.
        installed_version: What is installed for it. None when that has no version, as a linked
            folder may; then there is nothing to compare, and the range is ``*``.
        name: The dependency's name, which a catalog is asked for.
        catalogs: The project's catalogs. A ``catalog:`` that is not in them is ``^<installed>``.
    """
    text = strip(raw)
    if text.startswith("workspace:"):
        return _workspace(raw, text[len("workspace:") :], installed_version)
    if text.startswith("catalog:"):
        return _catalog(raw, name, installed_version, catalogs or {})
    alias = _ALIAS.match(text)
    if alias:
        inner = normalise(alias[2] or "", installed_version=installed_version, name=name)
        return Specifier(raw, inner.range, SpecifierKind.ALIAS, alias[1])
    if not text:
        return Specifier(raw, parse_range("*"), SpecifierKind.RANGE)
    try:
        return Specifier(raw, parse_range(text), SpecifierKind.RANGE)
    except RangeError:
        pass
    if _PLACE.match(text):
        return Specifier(raw, _installed("", installed_version), SpecifierKind.PLACE)
    if _TAG.match(text):
        return Specifier(raw, _installed("^", installed_version), SpecifierKind.TAG)
    return Specifier(raw, _installed("", installed_version), SpecifierKind.UNKNOWN)


def _installed(sign: str, version: str | None) -> Range:
    if version is None or Version.parse(version) is None:
        return parse_range("*")
    return parse_range(f"{sign}{version}")


def _workspace(raw: str, text: str, installed_version: str | None) -> Specifier:
    text = strip(text)
    if text in ("", "*"):
        wanted = _installed("", installed_version)
    elif text in ("^", "~"):
        wanted = _installed(text, installed_version)
    else:
        alias = _WORKSPACE_ALIAS.match(text)
        if alias:
            return _workspace(raw, alias[1], installed_version)
        try:
            wanted = parse_range(text)
        except RangeError:
            # `workspace:../ui` names a folder.
            wanted = _installed("", installed_version)
    return Specifier(raw, wanted, SpecifierKind.WORKSPACE)


def _catalog(raw: str, name: str, installed_version: str | None, catalogs: Catalogs) -> Specifier:
    text = strip(raw)
    for _ in range(_MAX_CATALOG_STEPS):
        if not text.startswith("catalog:"):
            found = normalise(text, installed_version=installed_version, name=name)
            return Specifier(raw, found.range, SpecifierKind.CATALOG, found.real_name)
        catalog = strip(text[len("catalog:") :]) or "default"
        entry = catalogs.get(catalog, {}).get(name)
        if entry is None:
            break
        text = strip(entry)
    return Specifier(raw, _installed("^", installed_version), SpecifierKind.CATALOG)

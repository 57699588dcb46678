"""npm's ranges: combine them, and write them so that the federation runtime understands.

``parse_range`` reads what a ``package.json`` says once ``specifiers.normalise`` has turned
``workspace:``, ``catalog:``, ``npm:``, tags and files into an npm range. ``legal_for_runtime``
gives the text to put into a bundle.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Iterable, Sequence

from module_federation.sharing import runtime_semver
from module_federation.sharing.javascript import MAX_SAFE_INTEGER, strip
from module_federation.sharing.range_grammar import (
    NEVER_TEXT,
    Bound,
    RangeError,
    versions_of,
    versions_of_text,
)
from module_federation.sharing.version_sets import (
    ANY_RELEASE,
    Prerelease,
    PrereleaseInterval,
    ReleaseInterval,
    Triple,
    Version,
    VersionSet,
    parse_prerelease,
    prerelease_text,
    successor,
)

__all__ = [
    "NEVER_TEXT",
    "Range",
    "RangeError",
    "intersect",
    "legal_for_runtime",
    "parse_range",
    "range_text",
    "runtime_differences",
    "runtime_releases",
]


@dataclass(frozen=True)
class Range:
    """A range: the text it was written as, and the versions it stands for by npm's rules."""

    text: str
    versions: VersionSet

    @property
    def is_empty(self) -> bool:
        """Whether no version at all satisfies the range."""
        return self.versions.is_empty

    def contains(self, version: str) -> bool:
        """npm's ``semver.satisfies(version, range)``; False for what is no version."""
        parsed = Version.parse(version)
        return parsed is not None and parsed in self.versions


@lru_cache(maxsize=8192)
def parse_range(text: str) -> Range:
    """Read a range by npm's grammar.

    Hyphens, x-ranges, tildes, carets, ``||``, ``v`` prefixes, white space and builds as npm's
    strict mode takes them.

    Raises:
        RangeError: npm's ``new Range(text)`` would throw.
    """
    return Range(text, versions_of_text(text))


def intersect(ranges: Sequence[Range]) -> Range:
    """The versions that every one of ``ranges`` admits.

    The text is that of the first range that already says it all, else a new one. The intersection
    of no ranges is ``*``.
    """
    if not ranges:
        return Range("*", ANY_RELEASE)
    versions = reduce(VersionSet.__and__, (each.versions for each in ranges))
    for each in ranges:
        if each.versions == versions:
            return Range(each.text, versions)
    return Range(range_text(versions), versions)


def legal_for_runtime(wanted: Range, versions: Iterable[str] = ()) -> str:
    """The text to put into a bundle for ``wanted``.

    The federation runtime reads ranges in its own way (``runtime_semver``). The result stands for
    exactly the same releases there as ``wanted`` does for npm, and is ``wanted.text`` itself when
    that already does. What no text can express is left as it is: the runtime lets prereleases
    into ordinary ranges.

    Args:
        versions: Versions that are installed somewhere. One that ``wanted`` admits and the runtime
            would refuse (``19.0.0-rc.1`` for ``^19.0.0-rc``) is added to the text by itself.
    """
    same = runtime_releases(wanted.text) == wanted.versions.releases
    text = strip(wanted.text) if same else range_text(wanted.versions)
    refused = sorted(
        {each for each in versions if wanted.contains(each)}
        - {each for each in versions if runtime_semver.satisfy(each, text)}
    )
    known = [str(version) for version in map(Version.parse, refused) if version is not None]
    return " || ".join([text, *known])


# A few ranges stand in all manifests of a monorepo, and each container asks for its own.
@lru_cache(maxsize=4096)
def runtime_releases(text: str) -> tuple[ReleaseInterval, ...]:
    """The releases that the federation runtime's ``satisfy`` admits for a range text."""
    sets = (_runtime_alternative(each) for each in runtime_semver.compile_range(text))
    return VersionSet.of(interval for each in sets for interval in each).releases


def runtime_differences(wanted: Range, versions: Iterable[str]) -> tuple[str, ...]:
    """Those of ``versions`` that npm and the runtime judge differently, sorted."""
    text = legal_for_runtime(wanted)
    return tuple(
        sorted(
            {
                each
                for each in versions
                if wanted.contains(each) != runtime_semver.satisfy(each, text)
            }
        )
    )


def range_text(versions: VersionSet) -> str:
    """The shortest usual text for a set; npm reads exactly this set out of it.

    The runtime reads the same releases out of it.
    """
    if versions == ANY_RELEASE:
        return "*"
    used: set[PrereleaseInterval] = set()
    parts: list[tuple[Triple, str]] = []
    for interval in _without_star(versions):
        head = next(
            (
                each
                for each in versions.prereleases
                if each.triple == interval.low and each.high is None
            ),
            None,
        )
        if head:
            used.add(head)
        parts.append((interval.low, _interval_text(interval, head.low if head else None)))
    for each in versions.prereleases:
        if each not in used:
            parts.append((each.triple, _prerelease_interval_text(each)))
    return " || ".join(text for _, text in sorted(parts)) or NEVER_TEXT


def _without_star(versions: VersionSet) -> tuple[ReleaseInterval, ...]:
    """The releases, never as one interval of them all.

    npm reads `*` beside another alternative as `*` alone, which would lose the prereleases.
    """
    if versions.releases != ANY_RELEASE.releases:
        return versions.releases
    zero = (0, 0, 0)
    split = next((each.triple for each in versions.prereleases if each.triple > zero), (0, 0, 1))
    return (ReleaseInterval(zero, split), ReleaseInterval(split, None))


def _triple_text(triple: Triple) -> str:
    return ".".join(map(str, triple))


def _interval_text(interval: ReleaseInterval, head: Prerelease | None) -> str:
    low, high = interval.low, interval.high
    start = _triple_text(low) + (f"-{prerelease_text(head)}" if head else "")
    if high is None:
        return f">={start}"
    major, minor, patch = low
    if head is None and high == (major, minor, patch + 1):
        return start
    if head is None and low == (0, 0, 0):
        return f"<{_triple_text(high)}-0"
    caret = (major + 1, 0, 0) if major else (0, minor + 1, 0) if minor else (0, 0, patch + 1)
    if high == caret:
        return f"^{start}"
    if high == (major, minor + 1, 0):
        return f"~{start}"
    return f">={start} <{_triple_text(high)}-0"


def _prerelease_interval_text(interval: PrereleaseInterval) -> str:
    core = _triple_text(interval.triple)
    low = f"{core}-{prerelease_text(interval.low)}"
    if interval.high is None:
        return f">={low} <{core}"
    if interval.high == successor(interval.low):
        return low
    return f">={low} <{core}-{prerelease_text(interval.high)}"


def _runtime_alternative(
    comparators: runtime_semver.Alternative,
) -> tuple[ReleaseInterval, ...]:
    bounds = []
    for each in comparators:
        triple = (int(each.major), int(each.minor), int(each.patch))
        if max(triple) > MAX_SAFE_INTEGER:
            return ()
        prerelease = parse_prerelease(".".join(each.prerelease)) if each.prerelease else None
        operator = "" if each.operator == "=" else each.operator
        bounds.append(Bound(operator, triple, prerelease))
    return versions_of(bounds).releases if bounds else ANY_RELEASE.releases

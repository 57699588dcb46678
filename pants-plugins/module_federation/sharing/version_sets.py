"""Sets of versions, exactly: what a range stands for, whatever its text.

npm's idea of "a version is in a range" has two halves: releases are ordered and lie between
bounds, and a prerelease only counts where one of the comparators names a prerelease of the very
same three numbers. A ``VersionSet`` keeps the two apart: half-open intervals of releases, and
half-open intervals of prereleases for each triple that admits any. In that form intersection,
emptiness, inclusion and equality are exact and need no search.

Source of the rules: npm ``semver`` 7, ``classes/semver`` (``compare``) and ``classes/range``
(``testSet``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Iterable, Tuple, Union

from module_federation.sharing.javascript import MAX_SAFE_INTEGER, strip

Triple = Tuple[int, int, int]
Identifier = Tuple[int, Union[int, float], str]
"""One prerelease identifier so that tuples of them order as npm orders: (is text, number, text)."""
Prerelease = Tuple[Identifier, ...]

# The lengths are npm's own limits (``internal/re``, ``makeSafeRegex``).
NUMBER = "(?:0|[1-9][0-9]{0,256})"
PRERELEASE_IDENTIFIER = f"(?:[0-9]{{0,256}}[a-zA-Z-][a-zA-Z0-9-]{{0,250}}|{NUMBER})"
PRERELEASE = rf"(?:-({PRERELEASE_IDENTIFIER}(?:\.{PRERELEASE_IDENTIFIER})*))"
BUILD = r"(?:\+[0-9A-Za-z-]{1,250}(?:\.[0-9A-Za-z-]{1,250})*)"

_VERSION = re.compile(rf"v?({NUMBER})\.({NUMBER})\.({NUMBER}){PRERELEASE}?{BUILD}?\Z")
_MAX_LENGTH = 256

LOWEST_PRERELEASE: Prerelease = ((0, 0, ""),)
"""``-0``: no prerelease of the same three numbers is smaller."""


@dataclass(frozen=True)
class Version:
    """One version: its three numbers and, if any, its prerelease as written (no build)."""

    triple: Triple
    prerelease_text: str = ""

    @staticmethod
    @lru_cache(maxsize=8192)
    def parse(text: str) -> Version | None:
        """The version a text stands for, or None if npm's strict grammar refuses it."""
        match = _VERSION.match(strip(text)) if len(text) <= _MAX_LENGTH else None
        if not match:
            return None
        triple = (int(match[1]), int(match[2]), int(match[3]))
        return None if max(triple) > MAX_SAFE_INTEGER else Version(triple, match[4] or "")

    @property
    def prerelease(self) -> Prerelease | None:
        """The prerelease in comparable form; None for a release."""
        return parse_prerelease(self.prerelease_text) if self.prerelease_text else None

    def __str__(self) -> str:
        core = ".".join(map(str, self.triple))
        return f"{core}-{self.prerelease_text}" if self.prerelease_text else core


@lru_cache(maxsize=8192)
def parse_prerelease(text: str) -> Prerelease:
    """Identifiers of ``rc.1`` in comparable form: numbers before texts, numbers by value."""
    return tuple(_identifier(part) for part in text.split("."))


def _identifier(part: str) -> Identifier:
    if not part.isdigit():
        return (1, 0, part)
    number = int(part)
    # npm compares numbers that it cannot hold exactly as doubles.
    return (0, number if number < MAX_SAFE_INTEGER else float(part), "")


def prerelease_text(prerelease: Prerelease) -> str:
    """The text of a comparable prerelease."""
    return ".".join(text if is_text else f"{number:.0f}" for is_text, number, text in prerelease)


def successor(prerelease: Prerelease) -> Prerelease:
    """The smallest prerelease that is greater: ``rc`` is followed by ``rc.0``."""
    return (*prerelease, *LOWEST_PRERELEASE)


@dataclass(frozen=True)
class ReleaseInterval:
    """Releases from ``low`` on and before ``high``; ``high`` None means without end."""

    low: Triple
    high: Triple | None

    def __contains__(self, triple: Triple) -> bool:
        return self.low <= triple and (self.high is None or triple < self.high)


@dataclass(frozen=True)
class PrereleaseInterval:
    """Prereleases of ``triple`` from ``low`` on and before ``high``; None: all that follow."""

    triple: Triple
    low: Prerelease
    high: Prerelease | None

    def __contains__(self, prerelease: Prerelease) -> bool:
        return self.low <= prerelease and (self.high is None or prerelease < self.high)


@dataclass(frozen=True)
class VersionSet:
    """Sorted, disjoint, never touching intervals: equal sets are equal objects."""

    releases: tuple[ReleaseInterval, ...]
    prereleases: tuple[PrereleaseInterval, ...]

    @staticmethod
    def of(
        releases: Iterable[ReleaseInterval], prereleases: Iterable[PrereleaseInterval] = ()
    ) -> VersionSet:
        """The union of intervals that may be empty, overlap, touch and come in any order."""
        return VersionSet(_merge_releases(releases), _merge_prereleases(prereleases))

    def __contains__(self, version: Version) -> bool:
        prerelease = version.prerelease
        if prerelease is None:
            return any(version.triple in interval for interval in self.releases)
        return any(
            interval.triple == version.triple and prerelease in interval
            for interval in self.prereleases
        )

    def __and__(self, other: VersionSet) -> VersionSet:
        releases = (
            ReleaseInterval(max(a.low, b.low), _earlier(a.high, b.high))
            for a in self.releases
            for b in other.releases
        )
        prereleases = (
            PrereleaseInterval(a.triple, max(a.low, b.low), _earlier(a.high, b.high))
            for a in self.prereleases
            for b in other.prereleases
            if a.triple == b.triple
        )
        return VersionSet.of(releases, prereleases)

    def __or__(self, other: VersionSet) -> VersionSet:
        return VersionSet.of(
            (*self.releases, *other.releases), (*self.prereleases, *other.prereleases)
        )

    def __le__(self, other: VersionSet) -> bool:
        """Whether every version of this set is in ``other``."""
        return self & other == self

    @property
    def is_empty(self) -> bool:
        """Whether no version at all, not even a prerelease, is in the set."""
        return not self.releases and not self.prereleases


ANY_RELEASE = VersionSet((ReleaseInterval((0, 0, 0), None),), ())
NOTHING = VersionSet((), ())


def _earlier(a: tuple | None, b: tuple | None) -> tuple | None:  # type: ignore[type-arg]
    if a is None or b is None:
        return b if a is None else a
    return min(a, b)


def _merge_releases(intervals: Iterable[ReleaseInterval]) -> tuple[ReleaseInterval, ...]:
    merged: list[ReleaseInterval] = []
    for interval in sorted(intervals, key=lambda each: each.low):
        if interval.high is not None and interval.high <= interval.low:
            continue
        if merged and (merged[-1].high is None or interval.low <= merged[-1].high):
            last = merged.pop()
            interval = ReleaseInterval(last.low, _later(last.high, interval.high))
        merged.append(interval)
    return tuple(merged)


def _merge_prereleases(intervals: Iterable[PrereleaseInterval]) -> tuple[PrereleaseInterval, ...]:
    merged: list[PrereleaseInterval] = []
    for interval in sorted(intervals, key=lambda each: (each.triple, each.low)):
        if interval.high is not None and interval.high <= interval.low:
            continue
        last = merged[-1] if merged else None
        touches = last is not None and (last.high is None or interval.low <= last.high)
        if last and last.triple == interval.triple and touches:
            merged.pop()
            interval = PrereleaseInterval(last.triple, last.low, _later(last.high, interval.high))
        merged.append(interval)
    return tuple(merged)


def _later(a: tuple | None, b: tuple | None) -> tuple | None:  # type: ignore[type-arg]
    return None if a is None or b is None else max(a, b)

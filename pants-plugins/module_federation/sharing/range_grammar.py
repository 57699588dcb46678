"""npm's range grammar: from a text to the comparators it stands for, and to the set of versions.

Source of the rules: npm ``semver`` 7, ``classes/range`` (``Range.parseRange``, ``parseComparator``,
``hyphenReplace``), strict mode, prereleases not included; 7.8 where 7.x versions differ (``1.x.3``
is refused). ``tests/unit/sharing/test_differential.py`` compares it with the real package.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Iterable, Iterator, Sequence

from module_federation.sharing.javascript import SPACE, split_spaces, strip
from module_federation.sharing.version_sets import (
    ANY_RELEASE,
    BUILD,
    LOWEST_PRERELEASE,
    NOTHING,
    NUMBER,
    PRERELEASE,
    Prerelease,
    PrereleaseInterval,
    ReleaseInterval,
    Triple,
    Version,
    VersionSet,
    successor,
)

NEVER_TEXT = "<0.0.0-0"
"""A range that no version satisfies, in npm's dialect and in the runtime's."""

_WILD = rf"({NUMBER}|[xX*])"
_PARTIAL = rf"[v={SPACE[1:]}*{_WILD}(?:\.{_WILD}(?:\.{_WILD}{PRERELEASE}?{BUILD}?)?)?"
_HYPHEN = re.compile(rf"{SPACE}?({_PARTIAL}){SPACE}-{SPACE}({_PARTIAL}){SPACE}?\Z")
_CARET = re.compile(rf"\^{_PARTIAL}\Z")
_TILDE = re.compile(rf"~>?{_PARTIAL}\Z")
_PLAIN = re.compile(rf"([<>]?=?){SPACE}?{_PARTIAL}\Z")
_FULL = re.compile(rf"([<>]?=?){SPACE}?(v?{NUMBER}\.{NUMBER}\.{NUMBER}{PRERELEASE}?{BUILD}?)\Z")
_STAR = re.compile(rf"[<>]?=?{SPACE}?\*")
_ANY_BUILD = re.compile(r"\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*")
_LOOSE_IDENTIFIER = "(?:[0-9]{0,256}[a-zA-Z-][a-zA-Z0-9-]{0,250}|[0-9]{1,256})"
_LOOSE_VERSION = (
    r"[0-9]{1,256}\.[0-9]{1,256}\.[0-9]{1,256}"
    rf"(?:-?{_LOOSE_IDENTIFIER}(?:\.{_LOOSE_IDENTIFIER})*)?{BUILD}?"
)
_SPACE_AFTER_OPERATOR = re.compile(
    rf"({SPACE}?[<>]?=?){SPACE}?([v={SPACE[1:]}*(?:{_LOOSE_VERSION}|{_PARTIAL}))"
)
_SPACE_AFTER_TILDE = re.compile(rf"~>?{SPACE}")
_SPACE_AFTER_CARET = re.compile(rf"\^{SPACE}")


class RangeError(ValueError):
    """A text that is no npm range."""

    def __init__(self, text: str) -> None:
        super().__init__(f"`{text}` is not a version range that npm understands.")
        self.text = text


@dataclass(frozen=True)
class Bound:
    """``<operator><version>``; an operator is one of ``""``, ``<``, ``<=``, ``>``, ``>=``."""

    operator: str
    triple: Triple
    prerelease: Prerelease | None


@lru_cache(maxsize=8192)
def versions_of_text(text: str) -> VersionSet:
    """The versions a range text stands for.

    Raises:
        RangeError: npm's ``new Range(text)`` would throw.
    """
    collapsed = " ".join(split_spaces(strip(text)))
    alternatives = [_alternative(strip(part), text) for part in collapsed.split("||")]
    # npm reduces a range that has `*` among its alternatives to `*`: prereleases that another
    # alternative names are lost.
    if any(not alternative for alternative in alternatives):
        return ANY_RELEASE
    return reduce(VersionSet.__or__, map(versions_of, alternatives), NOTHING)


def _alternative(text: str, whole: str) -> tuple[Bound, ...]:
    """The comparators of one alternative; none at all stands for ``*``."""
    text = _ANY_BUILD.sub("", text)
    hyphen = _HYPHEN.match(text)
    if hyphen:
        words = split_spaces(_expand_hyphen(hyphen))
    else:
        text = _SPACE_AFTER_OPERATOR.sub(r"\1\2", text)
        text = _SPACE_AFTER_TILDE.sub("~", text)
        text = _SPACE_AFTER_CARET.sub("^", text)
        words = text.split(" ")
    plain = split_spaces(" ".join(_expand(word) for word in words))
    bounds = (_bound(word, whole) for word in plain)
    return tuple(bound for bound in bounds if bound is not None)


def _bound(word: str, whole: str) -> Bound | None:
    if not word:
        return None
    match = _FULL.match(word)
    version = Version.parse(match[2]) if match else None
    if match is None or version is None:
        raise RangeError(whole)
    operator = "" if match[1] == "=" else match[1]
    if operator == ">=" and version == Version((0, 0, 0)):
        return None
    return Bound(operator, version.triple, version.prerelease)


def _is_any(part: str | None) -> bool:
    return part in (None, "x", "X", "*")


def _expand(word: str) -> str:
    """One word (caret, tilde, x-range or comparator) as comparators on full versions."""
    caret, tilde, plain = _CARET.match(word), _TILDE.match(word), _PLAIN.match(word)
    if caret:
        return _expand_caret(*caret.groups())
    if tilde:
        return _expand_tilde(*tilde.groups())
    if plain:
        word = _expand_plain(word, *plain.groups())
    return strip(_STAR.sub("", word, count=1))


def _expand_caret(major: str, minor: str, patch: str, prerelease: str | None) -> str:
    if _is_any(major):
        return ""
    if _is_any(minor):
        return f">={major}.0.0 <{int(major) + 1}.0.0-0"
    if _is_any(patch):
        upper = f"0.{int(minor) + 1}.0" if major == "0" else f"{int(major) + 1}.0.0"
        return f">={major}.{minor}.0 <{upper}-0"
    if major != "0":
        upper = f"{int(major) + 1}.0.0"
    else:
        upper = f"0.{int(minor) + 1}.0" if minor != "0" else f"0.0.{int(patch) + 1}"
    suffix = f"-{prerelease}" if prerelease else ""
    return f">={major}.{minor}.{patch}{suffix} <{upper}-0"


def _expand_tilde(major: str, minor: str, patch: str, prerelease: str | None) -> str:
    if _is_any(major):
        return ""
    if _is_any(minor):
        return f">={major}.0.0 <{int(major) + 1}.0.0-0"
    suffix = f"-{prerelease}" if prerelease and not _is_any(patch) else ""
    low = "0" if _is_any(patch) else patch
    return f">={major}.{minor}.{low}{suffix} <{major}.{int(minor) + 1}.0-0"


def _expand_plain(
    word: str, operator: str, major: str, minor: str, patch: str, prerelease: str | None
) -> str:
    if (_is_any(major) and not _is_any(minor)) or (_is_any(minor) and not _is_any(patch)):
        return word
    if _is_any(major):
        return NEVER_TEXT if operator in ("<", ">") else ""
    if not _is_any(patch):
        return word
    if _is_any(minor):
        first, after = f"{major}.0.0", f"{int(major) + 1}.0.0"
    else:
        first, after = f"{major}.{minor}.0", f"{major}.{int(minor) + 1}.0"
    if operator in ("", "="):
        return f">={first} <{after}-0"
    if operator == ">":
        return f">={after}"
    if operator == ">=":
        return f">={first}"
    return f"<{first}-0" if operator == "<" else f"<{after}-0"


def _expand_hyphen(match: re.Match[str]) -> str:
    low, low_major, low_minor, low_patch, _, high, major, minor, patch, prerelease = match.groups()
    if _is_any(low_major):
        lower = ""
    elif _is_any(low_minor):
        lower = f">={low_major}.0.0"
    elif _is_any(low_patch):
        lower = f">={low_major}.{low_minor}.0"
    else:
        lower = f">={low}"
    if _is_any(major):
        upper = ""
    elif _is_any(minor):
        upper = f"<{int(major) + 1}.0.0-0"
    elif _is_any(patch):
        upper = f"<{major}.{int(minor) + 1}.0-0"
    else:
        upper = f"<={major}.{minor}.{patch}-{prerelease}" if prerelease else f"<={high}"
    return strip(f"{lower} {upper}")


def versions_of(bounds: Sequence[Bound]) -> VersionSet:
    """The set that comparators which must all hold stand for."""
    low: Triple = (0, 0, 0)
    high: Triple | None = None
    for bound in bounds:
        floor, ceiling = _release_bounds(bound)
        low = max(low, floor)
        high = ceiling if high is None else high if ceiling is None else min(high, ceiling)
    triples = {bound.triple for bound in bounds if bound.prerelease is not None}
    prereleases = (interval for triple in triples for interval in _prereleases_of(triple, bounds))
    return VersionSet.of((ReleaseInterval(low, high),), prereleases)


def _release_bounds(bound: Bound) -> tuple[Triple, Triple | None]:
    """The releases one comparator admits: from the first triple on, before the second."""
    major, minor, patch = bound.triple
    after = (major, minor, patch + 1)
    if bound.operator == "":
        # An exact prerelease admits no release: an interval without content.
        return (bound.triple, after if bound.prerelease is None else bound.triple)
    if bound.prerelease is not None:
        # Every prerelease lies before the release of the same three numbers.
        return (bound.triple, None) if ">" in bound.operator else ((0, 0, 0), bound.triple)
    return {
        ">": (after, None),
        ">=": (bound.triple, None),
        "<": ((0, 0, 0), bound.triple),
        "<=": ((0, 0, 0), after),
    }[bound.operator]


def _prereleases_of(triple: Triple, bounds: Iterable[Bound]) -> Iterator[PrereleaseInterval]:
    low: Prerelease = LOWEST_PRERELEASE
    high: Prerelease | None = None
    for bound in bounds:
        above = ">" in bound.operator
        if bound.triple != triple:
            inside = triple > bound.triple if above else triple < bound.triple
            if not bound.operator or not inside:
                return
        elif bound.prerelease is None:
            if above or not bound.operator:
                return
        else:
            closed = not bound.operator or "=" in bound.operator
            after = successor(bound.prerelease)
            if above or not bound.operator:
                low = max(low, bound.prerelease if closed else after)
            if not above:
                end = after if closed else bound.prerelease
                high = end if high is None else min(high, end)
    yield PrereleaseInterval(triple, low, high)

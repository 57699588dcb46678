"""The federation runtime's own version check, which is not npm's.

At run time a page decides with ``satisfy(version, range)`` of ``@module-federation/runtime-core``
whether a provided copy serves a consumer. This module gives the same answer for every pair of
texts, also where the answer is surprising:

* ``>=0``, ``>=0.0.0`` and everything else that comes down to "from zero on" match nothing;
* prereleases are ordinary versions (``19.0.0-rc.1`` satisfies ``>=16``), and of two prereleases
  that begin alike the longer one is the smaller;
* white space after the second and later operators (``>= 1.2 < 2``) makes the range match nothing;
* a version that is not three numbers (``0``, ``1.2``) satisfies nothing.

Source of the rules: ``@module-federation/runtime-core`` 2.9.2, ``dist/utils/semver``: ``satisfy``
and ``parseRange`` of ``index``, the ``parse…`` steps of ``parser``, the grammar of ``constants``,
and ``compare`` of ``compare``. ``tests/unit/sharing/test_runtime_semver.py`` compares the two
on thousands of random pairs in every run.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Tuple, Union

from module_federation.sharing.javascript import (
    SPACE,
    integer_text,
    split_spaces,
    strip,
    to_number,
)

_NUMBER = "(?:0|[1-9][0-9]*)"
_IDENTIFIER = f"(?:{_NUMBER}|[0-9]*[a-zA-Z-][a-zA-Z0-9-]*)"
_PRERELEASE = rf"(?:-({_IDENTIFIER}(?:\.{_IDENTIFIER})*))"
_BUILD = r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)"
_OPERATOR = "((?:[<>])?=?)"
_WILD = rf"({_NUMBER}|[xX*])"
_PARTIAL = rf"[v={SPACE[1:]}*{_WILD}(?:\.{_WILD}(?:\.{_WILD}{_PRERELEASE}?{_BUILD}?)?)?"

_FULL_COMPARATOR = re.compile(
    rf"{_OPERATOR}{SPACE}*v?({_NUMBER})\.({_NUMBER})\.({_NUMBER}){_PRERELEASE}?{_BUILD}?\Z"
)
_HYPHEN = re.compile(rf"{SPACE}*({_PARTIAL}){SPACE}+-{SPACE}+({_PARTIAL}){SPACE}*\Z")
_CARET = re.compile(rf"\^{_PARTIAL}\Z")
_TILDE = re.compile(rf"~>?{_PARTIAL}\Z")
_X_RANGE = re.compile(rf"{_OPERATOR}{SPACE}*{_PARTIAL}\Z")

# The runtime applies each of these to the first match only: that is why a second operator that is
# followed by a space is never joined to its version.
_SPACE_AFTER_OPERATOR = re.compile(rf"({SPACE}*{_OPERATOR}){SPACE}*(?=[v={SPACE[1:]}*[0-9xX*])")
_SPACE_AFTER_TILDE = re.compile(rf"({SPACE}*)~>?{SPACE}+")
_SPACE_AFTER_CARET = re.compile(rf"({SPACE}*)\^{SPACE}+")
_STAR = re.compile(rf"[<>]?=?{SPACE}*\*")
# The dots are wild cards in the runtime too: ``>=0x0x0`` counts as zero.
_FROM_ZERO = re.compile(f"{SPACE}*>={SPACE}*0[^\n\r\u2028\u2029]0[^\n\r\u2028\u2029]0{SPACE}*\\Z")

_Atom = Union[float, str]


@dataclass(frozen=True)
class Comparator:
    """One operator and one full version, as the runtime sees them after its rewriting.

    ``operator`` is one of ``""``, ``=``, ``<``, ``<=``, ``>``, ``>=``. ``major``, ``minor`` and
    ``patch`` are decimal texts without leading zeros. ``prerelease`` is None for a release.
    """

    operator: str
    major: str
    minor: str
    patch: str
    prerelease: tuple[str, ...] | None

    @property
    def version(self) -> str:
        """The version without operator, ``v`` and build."""
        core = f"{self.major}.{self.minor}.{self.patch}"
        return f"{core}-{'.'.join(self.prerelease)}" if self.prerelease else core

    def admits(self, version: Comparator) -> bool:
        """Whether ``version`` (its own operator is ignored) is on the right side of this one.

        Source: ``compare`` in ``utils/semver/compare``.
        """
        if self.operator in ("", "="):
            return self.version == version.version
        if self.operator.endswith("=") and self.version == version.version:
            return True
        order = _compare(self, version)
        return order > 0 if self.operator.startswith("<") else order < 0


Alternative = Tuple[Comparator, ...]
"""Comparators that must all hold. The empty tuple matches every valid version."""


def satisfy(version: str, range_text: str) -> bool:
    """Whether the runtime serves a copy of ``version`` to a consumer that asks for ``range_text``.

    Both are arbitrary texts: nothing is an error, what the runtime cannot read matches nothing.
    """
    parsed = _parse_version(version)
    if parsed is None:
        return False
    return any(
        all(comparator.admits(parsed) for comparator in alternative)
        for alternative in compile_range(range_text)
    )


@lru_cache(maxsize=8192)
def compile_range(range_text: str) -> tuple[Alternative, ...]:
    """The alternatives of a range that can match anything at all, in the order of the text.

    Alternatives that the runtime cannot read, and those that come down to nothing but "from zero
    on", are left out, because they never match.
    """
    compiled = (_compile_alternative(part) for part in range_text.split("||"))
    return tuple(alternative for alternative in compiled if alternative is not None)


@lru_cache(maxsize=8192)
def _parse_version(version: str) -> Comparator | None:
    return _parse_comparator(version) if version else None


def _parse_comparator(text: str) -> Comparator | None:
    match = _FULL_COMPARATOR.match(text)
    if not match:
        return None
    operator, major, minor, patch, prerelease = match.groups()
    return Comparator(
        operator, major, minor, patch, tuple(prerelease.split(".")) if prerelease else None
    )


def _compile_alternative(text: str) -> Alternative | None:
    text = strip(text)
    if text in ("", "*", "x"):
        return ()
    trimmed = _trim_operators(_rewrite_hyphen(text))
    if not strip(trimmed):
        return ()
    rewritten = " ".join(_rewrite_token(token) for token in trimmed.split(" "))
    if not strip(rewritten):
        return ()
    tokens = [_FROM_ZERO.sub("", token) for token in split_spaces(rewritten)]
    tokens = [token for token in tokens if token]
    if not tokens:
        return None
    comparators = [_parse_comparator(token) for token in tokens]
    readable = tuple(comparator for comparator in comparators if comparator is not None)
    return readable if len(readable) == len(comparators) else None


def _trim_operators(text: str) -> str:
    text = _SPACE_AFTER_OPERATOR.sub(r"\1", text, count=1)
    text = _SPACE_AFTER_TILDE.sub(r"\1~", text, count=1)
    text = _SPACE_AFTER_CARET.sub(r"\1^", text, count=1)
    return " ".join(split_spaces(text))


def _is_any(part: str | None) -> bool:
    return part in (None, "", "x", "X", "*")


def _next(part: str) -> str:
    return integer_text(float(part) + 1)


def _rewrite_hyphen(text: str) -> str:
    match = _HYPHEN.match(text)
    if not match:
        return text
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
        upper = f"<{_next(major)}.0.0-0"
    elif _is_any(patch):
        upper = f"<{major}.{_next(minor)}.0-0"
    elif prerelease:
        upper = f"<={major}.{minor}.{patch}-{prerelease}"
    else:
        upper = f"<={high}"
    return strip(f"{lower} {upper}")


def _rewrite_token(token: str) -> str:
    """Carets, tildes and wild cards of one word as plain comparators.

    Source: ``parseComparatorString`` in ``utils/semver/index``.
    """
    token = strip(token)
    caret, tilde = _CARET.match(token), _TILDE.match(token)
    if caret:
        token = _expand_caret(*caret.groups())
    elif tilde:
        token = _expand_tilde(*tilde.groups())
    words = (_rewrite_x_range(word) for word in split_spaces(token))
    return _STAR.sub("", strip(" ".join(words)), count=1)


def _expand_caret(major: str, minor: str, patch: str, prerelease: str | None) -> str:
    if _is_any(major):
        return ""
    if _is_any(minor):
        return f">={major}.0.0 <{_next(major)}.0.0-0"
    if _is_any(patch):
        upper = f"{major}.{_next(minor)}.0" if major == "0" else f"{_next(major)}.0.0"
        return f">={major}.{minor}.0 <{upper}-0"
    if major != "0":
        upper = f"{_next(major)}.0.0"
    elif minor != "0":
        upper = f"0.{_next(minor)}.0"
    else:
        upper = f"0.0.{_next(patch)}"
    suffix = f"-{prerelease}" if prerelease else ""
    return f">={major}.{minor}.{patch}{suffix} <{upper}-0"


def _expand_tilde(major: str, minor: str, patch: str, prerelease: str | None) -> str:
    if _is_any(major):
        return ""
    if _is_any(minor):
        return f">={major}.0.0 <{_next(major)}.0.0-0"
    lower = "0" if _is_any(patch) else patch
    suffix = f"-{prerelease}" if prerelease and not _is_any(patch) else ""
    return f">={major}.{minor}.{lower}{suffix} <{major}.{_next(minor)}.0-0"


def _rewrite_x_range(word: str) -> str:
    match = _X_RANGE.match(strip(word))
    if not match:
        return strip(word)
    operator, major, minor, patch, _ = match.groups()
    if _is_any(major):
        return "<0.0.0-0" if operator in ("<", ">") else "*"
    any_minor = _is_any(minor)
    if not any_minor and not _is_any(patch):
        return match[0]
    after = f"{_next(major)}.0.0" if any_minor else f"{major}.{_next(minor)}.0"
    first = f"{major}.0.0" if any_minor else f"{major}.{minor}.0"
    if operator in ("", "="):
        return f">={first} <{after}-0"
    if operator == ">":
        return f">={after}"
    if operator == ">=":
        return f">={first}"
    return f"<{first}-0" if operator == "<" else f"<{after}-0"


def _compare(bound: Comparator, version: Comparator) -> int:
    """Positive when ``bound`` is greater. Source: ``compareVersion`` in ``compare``."""
    return (
        _compare_atoms(bound.major, version.major)
        or _compare_atoms(bound.minor, version.minor)
        or _compare_atoms(bound.patch, version.patch)
        or _compare_prereleases(bound.prerelease, version.prerelease)
    )


def _compare_atoms(left_text: str, right_text: str) -> int:
    left, right = _atom(left_text), _atom(right_text)
    if _is_greater(left, right):
        return 1
    # JavaScript's strict equality: a number never equals a text.
    return 0 if isinstance(left, str) == isinstance(right, str) and left == right else -1


def _atom(text: str) -> _Atom:
    """JavaScript's ``Number(text) || text``: zero and what is no number stay text."""
    number = to_number(text)
    return text if math.isnan(number) or number == 0 else number


def _is_greater(left: _Atom, right: _Atom) -> bool:
    """JavaScript's ``left > right``: two texts by characters, all else as numbers, NaN is False."""
    if isinstance(left, str) and isinstance(right, str):
        return left > right
    left_number = to_number(left) if isinstance(left, str) else left
    right_number = to_number(right) if isinstance(right, str) else right
    return left_number > right_number


def _compare_prereleases(bound: tuple[str, ...] | None, version: tuple[str, ...] | None) -> int:
    if bound is None or version is None:
        return (bound is None and version is not None) - (bound is not None and version is None)
    for left, right in zip(bound, version):
        if left != right:
            return _compare_atoms(left, right)
    # The longer of two prereleases that begin alike counts as the smaller one.
    return (len(bound) < len(version)) - (len(bound) > len(version))

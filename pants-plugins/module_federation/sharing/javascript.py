"""The few places where JavaScript text and numbers differ from Python's.

Both semver dialects that this package models (npm's ``semver`` and the federation runtime's own)
are string programs written in JavaScript. Their results on odd input follow from ECMAScript's idea
of white space, of ``Number(text)`` and of ``String(number)``, so these are modelled here once.
Source of the rules: ECMA-262, ``WhiteSpace`` and ``LineTerminator`` (12.2, 12.3),
``StringToNumber`` (7.1.4.1.1) and ``Number::toString`` (6.1.6.1.20).
"""

from __future__ import annotations

import math
import re

SPACE_CHARACTERS = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""Every character that ECMAScript's ``\\s`` matches and that ``String.prototype.trim`` removes."""

SPACE = f"[{SPACE_CHARACTERS}]"
"""``SPACE_CHARACTERS`` as a regular expression class."""

MAX_SAFE_INTEGER = 2**53 - 1

_SPACES = re.compile(f"{SPACE}+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\Z")
_INFINITE = re.compile(r"([+-]?)Infinity\Z")
_RADIX = re.compile(r"0(?:[xX]([0-9a-fA-F]+)|[oO]([0-7]+)|[bB]([01]+))\Z")


def strip(text: str) -> str:
    """``text.trim()``."""
    return text.strip(SPACE_CHARACTERS)


def split_spaces(text: str) -> list[str]:
    """``text.split(/\\s+/)``: an empty text gives one empty piece."""
    return _SPACES.split(text)


def to_number(text: str) -> float:
    """``Number(text)`` for a text without white space; ``nan`` where JavaScript says ``NaN``."""
    if not text:
        return 0.0
    if _DECIMAL.match(text):
        return float(text)
    infinite = _INFINITE.match(text)
    if infinite:
        return -math.inf if infinite[1] == "-" else math.inf
    radix = _RADIX.match(text)
    if not radix:
        return math.nan
    for digits, base in zip(radix.groups(), (16, 8, 2)):
        if digits is not None:
            try:
                return float(int(digits, base))
            except OverflowError:
                return math.inf
    return math.nan


def integer_text(number: float) -> str:
    """``String(number)`` for a number that is whole, not negative, or infinite."""
    if math.isinf(number):
        return "Infinity"
    if number <= MAX_SAFE_INTEGER:
        return str(int(number))
    # repr() gives the shortest digits that read back as the same double, as JavaScript does.
    mantissa, _, exponent = f"{number!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    if fraction == "0":
        fraction = ""
    power = len(whole) - 1 + int(exponent or 0)
    digits = (whole + fraction).rstrip("0")
    if power < 21:
        return digits.ljust(power + 1, "0")
    point = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{point}e+{power}"

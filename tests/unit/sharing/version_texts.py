"""Random versions and ranges: half of them well formed, half of them broken in plausible ways."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator

PAIRS = int(os.environ.get("MF_FUZZ_PAIRS", "4000"))
"""How many random pairs one run compares. The slow suite sets 100000."""

SEED = int(os.environ.get("MF_FUZZ_SEED", "20260801"))

_NUMBERS = ("0", "0", "1", "1", "2", "3", "9", "10", "11", "17", "18", "19", "99", "100")
_ODD_NUMBERS = (
    "00", "01", "9007199254740990", "9007199254740991", "9007199254740992", "9007199254740993",
    "99999999999999999999", "999999999999999999999", "123456789012345678901234", "", "-1", "1e3",
    "1" * 310, "7" * 260,
)  # fmt: skip
_IDENTIFIERS = (
    "0", "1", "2", "10", "alpha", "beta", "rc", "canary", "next", "x", "a", "B", "-", "--", "0a",
    "1e3", "1e-2", "0x10", "0b11", "0o17", "-1", "Infinity", "-Infinity", "NaN", "9e999", "00a",
    "9007199254740991", "9007199254740993", "18446744073709551616", "0e0", "-0", "v", "0x", "e1",
)  # fmt: skip
_ODD_IDENTIFIERS = ("", "01", "00", "a_b", "é", " ")
_OPERATORS = ("", "", "", "=", ">", ">=", "<", "<=", "^", "^", "~", "~>")
_ODD_OPERATORS = ("==", "=>", "<>", "^^", "~~", ">>", "^~", "~=", "^=", "!", "@", "=v", "v", "^v")
_SPACES = ("", "", "", "", "", " ", " ", "  ", "\t", "\u00a0", "\n", "\u2003", "\ufeff", "\x1f")
_WORDS = (
    "latest", "workspace:*", "workspace:^", "catalog:", "npm:x@^1", "*", "x", "X", "", "^", ">",
    "-", "*1.2.3", "1.2.3*", "1.*.3", ">=0.0.0", ">=0", ">=0x0x0", ">=0-0-0", ">0", "<0", "|",
    "1.2.3.4", "x.x.x", "*.1", "<*", ">x", "=*", "~x", "^*", "v*", "^0.0.0", "~0.0.0", "0.0.0",
    "<0.0.0-0", "git+ssh:a/b.git", "file:../a", "<=0.0.0", ">=0.0.0-0", "1.2.3beta", "01.2.3",
    "1.2.3+a+b",
)  # fmt: skip

Random = random.Random


def _some(rng: Random, choices: tuple[str, ...], odd: tuple[str, ...], oddness: float) -> str:
    return rng.choice(odd if rng.random() < oddness else choices)


def prerelease(rng: Random, oddness: float = 0.0) -> str:
    return ".".join(
        _some(rng, _IDENTIFIERS, _ODD_IDENTIFIERS, oddness) for _ in range(rng.randint(1, 3))
    )


def version(rng: Random, oddness: float = 0.0) -> str:
    """A version; with ``oddness`` 0 it is well formed and without build or ``v``."""
    numbers = [_some(rng, _NUMBERS, _ODD_NUMBERS, oddness / 4) for _ in range(3)]
    if rng.random() < oddness / 2:
        numbers = numbers[: rng.randint(0, 3)] + ["4"] * rng.randint(0, 1)
    text = ".".join(numbers)
    if rng.random() < 0.4:
        text += "-" + prerelease(rng, oddness / 4)
    if rng.random() < oddness:
        text += rng.choice(("+build", "+1.x-2", "+", "+é", "+a+b"))
    if rng.random() < oddness / 2:
        text = rng.choice(("v", "=", " ", ">=", "=v", "v ", "\u00a0", "<")) + text
    return text + (rng.choice(_SPACES) if rng.random() < oddness / 3 else "")


def partial(rng: Random, oddness: float) -> str:
    """A version, or one with wild cards or missing parts."""
    if rng.random() < 0.5:
        return version(rng, oddness)
    parts = [
        rng.choice(("x", "X", "*"))
        if rng.random() < 0.25
        else _some(rng, _NUMBERS, _ODD_NUMBERS, oddness / 4)
        for _ in range(rng.randint(1, 3))
    ]
    return ".".join(parts) + ("-" + prerelease(rng) if rng.random() < oddness / 3 else "")


def _comparator(rng: Random, oddness: float) -> str:
    if rng.random() < oddness / 3:
        return rng.choice(_WORDS)
    operator = _some(rng, _OPERATORS, _ODD_OPERATORS, oddness / 4)
    space = rng.choice(_SPACES) if rng.random() < oddness else ""
    return operator + space + partial(rng, oddness)


def _alternative(rng: Random, oddness: float) -> str:
    if rng.random() < 0.15:
        gap = rng.choice(_SPACES) or " "
        return f"{partial(rng, oddness)}{gap}-{gap}{partial(rng, oddness)}"
    return " ".join(_comparator(rng, oddness) for _ in range(rng.choice((1, 1, 1, 2, 2, 3))))


def version_range(rng: Random, oddness: float = 0.0) -> str:
    """A range; with ``oddness`` 0 one that npm reads."""
    bar = rng.choice((" || ", "||", " ||", "|| ")) if oddness else " || "
    return bar.join(_alternative(rng, oddness) for _ in range(rng.choice((1, 1, 1, 2, 3))))


def near(rng: Random, range_text: str) -> str:
    """A version made of the numbers and identifiers of a range: bounds are where errors live."""
    cleaned = "".join(each if each.isalnum() or each in ".-" else " " for each in range_text)
    words = [word for word in cleaned.split() if word[0].isdigit()] or ["1.2.3"]
    core, _, rest = rng.choice(words).partition("-")
    numbers = [part if part.isdigit() else "0" for part in core.split(".")][:3]
    numbers += ["0"] * (3 - len(numbers))
    if rng.random() < 0.4:
        place = rng.randrange(3)
        numbers[place] = str(max(0, int(numbers[place]) + rng.choice((-1, 1))))
    if rest and rng.random() < 0.6:
        rest = rng.choice((rest, f"{rest}.0", rest.split(".")[0], prerelease(rng)))
    elif rng.random() < 0.2:
        rest = prerelease(rng)
    else:
        rest = ""
    return ".".join(numbers) + (f"-{rest}" if rest else "")


def pairs(count: int, seed: int) -> list[tuple[str, str]]:
    """Version and range pairs, the same for the same seed."""
    rng = random.Random(seed)
    made: list[tuple[str, str]] = []
    for index in range(count):
        oddness = (0.0, 0.0, 0.3, 0.8)[index % 4]
        text = version_range(rng, oddness)
        made.append((near(rng, text) if rng.random() < 0.6 else version(rng, oddness), text))
    return made


def shrink(
    pair: tuple[str, str], failing: Callable[[list[tuple[str, str]]], list[bool]]
) -> tuple[str, str]:
    """The shortest pair, by dropping characters, about which model and oracle still disagree.

    ``failing`` judges a whole list at once, because each call starts a Node process.
    """
    while True:
        candidates = sorted(_shorter(pair), key=lambda each: sum(map(len, each)))
        worse = (each for each, fails in zip(candidates, failing(candidates)) if fails)
        smallest = next(worse, None)
        if smallest is None:
            return pair
        pair = smallest


def _shorter(pair: tuple[str, str]) -> set[tuple[str, str]]:
    version_text, range_text = pair
    shorter = {(cut, range_text) for cut in _cuts(version_text)}
    return shorter | {(version_text, cut) for cut in _cuts(range_text)}


def _cuts(text: str) -> Iterator[str]:
    for width in (64, 16, 8, 4, 2, 1):
        for start in range(len(text) - width + 1):
            yield text[:start] + text[start + width :]

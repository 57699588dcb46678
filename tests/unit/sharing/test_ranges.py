"""Range algebra, and texts that mean the same to npm and to the federation runtime."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from module_federation.sharing.ranges import (
    NEVER_TEXT,
    RangeError,
    intersect,
    legal_for_runtime,
    parse_range,
    range_text,
    runtime_differences,
)
from module_federation.sharing.runtime_semver import satisfy
from module_federation.sharing.version_sets import VersionSet
from unit.sharing.version_texts import near, version_range

SEEDS = st.integers(min_value=0, max_value=2**32)


def _readable_range(rng: random.Random) -> str:
    while True:
        text = version_range(rng)
        try:
            parse_range(text)
        except RangeError:
            continue
        return text


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        pytest.param("^1.2.3", ["1.2.3", "1.9.9"], ["1.2.2", "2.0.0", "1.3.0-rc"], id="caret"),
        pytest.param("^0.2.3", ["0.2.3"], ["0.3.0"], id="caret below one"),
        pytest.param("^0.0.3", ["0.0.3"], ["0.0.4"], id="caret far below one"),
        pytest.param("~1.2", ["1.2.0", "1.2.9"], ["1.3.0"], id="tilde"),
        pytest.param("1.x", ["1.0.0", "1.9.0"], ["2.0.0"], id="x-range"),
        pytest.param("1.2 - 2", ["1.2.0", "2.9.9"], ["3.0.0"], id="hyphen"),
        pytest.param("^17 || ^18", ["17.0.0", "18.3.1"], ["19.0.0"], id="or"),
        pytest.param(">= 1 < 3", ["2.0.0"], ["3.0.0"], id="loose spaces"),
        pytest.param("v1.2.3", ["1.2.3"], ["1.2.4"], id="v prefix"),
        pytest.param("^19.0.0-rc", ["19.0.0-rc.1", "19.1.0"], ["19.1.0-rc"], id="prerelease"),
        pytest.param("* || ^1.0.0-rc", ["2.0.0"], ["1.0.0-rc"], id="any swallows the rest"),
        pytest.param(">=0.0.0", ["0.0.0", "9.9.9"], ["1.0.0-rc"], id="from zero on"),
    ],
)
def test_contains(text: str, inside: list[str], outside: list[str]) -> None:
    wanted = parse_range(text)
    assert [each for each in inside if not wanted.contains(each)] == []
    assert [each for each in outside if wanted.contains(each)] == []


@pytest.mark.parametrize("text", ["latest", "workspace:*", "1.2.3.4", "^", ">", "1.x.3", "a || 1"])
def test_what_npm_cannot_read_is_an_error_with_the_text(text: str) -> None:
    with pytest.raises(RangeError, match="is not a version range") as raised:
        parse_range(text)
    assert raised.value.text == text


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param(["^18.2.0", "^18.0.0"], "^18.2.0", id="the narrower text is kept"),
        pytest.param(["^18.2.0", ">=16", "*"], "^18.2.0", id="of three"),
        pytest.param(["^17.2 || ^19", ">=17.3"], "^17.3.0 || ^19.0.0", id="a new text"),
        pytest.param([">=1.2.0 <1.4", "~1.3.1"], "~1.3.1", id="a tilde"),
        pytest.param([">=1", "<=1.0.0"], "1.0.0", id="exactly one version"),
        pytest.param(["^1", "^2"], NEVER_TEXT, id="nothing"),
        pytest.param([], "*", id="of no ranges"),
    ],
)
def test_intersection_text(texts: list[str], expected: str) -> None:
    both = intersect([parse_range(text) for text in texts])
    assert both.text == expected
    assert both.is_empty is (expected == NEVER_TEXT)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("^18.2.0", "^18.2.0", id="the user's own text is kept"),
        pytest.param("17.x || 18.x", "17.x || 18.x", id="x-ranges are kept"),
        pytest.param(">=0", "*", id="from zero on"),
        pytest.param(">=0.0.0", "*", id="from zero on in full"),
        pytest.param(">=0 <2", ">=0 <2", id="from zero on with an end"),
        pytest.param(">= 1.2.0 < 2.0.0", "^1.2.0", id="spaces"),
        pytest.param(">= 1.2.0 < 3.0.0", ">=1.2.0 <3.0.0-0", id="spaces, no caret"),
        pytest.param("^1 ^1.2 || >=0", "*", id="any in disguise"),
        pytest.param("<0.0.0-0", "<0.0.0-0", id="nothing"),
    ],
)
def test_legal_text(text: str, expected: str) -> None:
    assert legal_for_runtime(parse_range(text)) == expected


def test_an_installed_prerelease_that_the_runtime_would_refuse_is_named() -> None:
    wanted = parse_range("^19.0.0-rc")
    assert runtime_differences(wanted, ["19.0.0-rc.1", "19.0.0"]) == ("19.0.0-rc.1",)
    text = legal_for_runtime(wanted, ["19.0.0-rc.1", "19.0.0"])
    assert text == "^19.0.0-rc || 19.0.0-rc.1"
    assert satisfy("19.0.0-rc.1", text)


@given(SEEDS)
def test_an_intersection_is_what_all_admit(seed: int) -> None:
    rng = random.Random(seed)
    texts = [_readable_range(rng) for _ in range(rng.randint(1, 3))]
    ranges = [parse_range(text) for text in texts]
    both = intersect(ranges)
    assert all(both.versions <= each.versions for each in ranges)
    for _ in range(20):
        version = near(rng, rng.choice(texts))
        assert both.contains(version) is all(each.contains(version) for each in ranges)


@given(SEEDS)
def test_a_text_made_for_a_set_stands_for_that_set(seed: int) -> None:
    rng = random.Random(seed)
    versions = (
        parse_range(_readable_range(rng)).versions & parse_range(_readable_range(rng)).versions
    )
    text = range_text(versions)
    assert parse_range(text).versions == versions
    assert legal_for_runtime(parse_range(text)) == text


@given(SEEDS)
def test_a_legal_text_means_the_same_to_the_runtime(seed: int) -> None:
    rng = random.Random(seed)
    written = _readable_range(rng)
    wanted = parse_range(written)
    text = legal_for_runtime(wanted)
    for _ in range(20):
        release = near(rng, written).partition("-")[0]
        assert satisfy(release, text) is wanted.contains(release), (release, text)


@given(SEEDS)
def test_sets_form_a_lattice(seed: int) -> None:
    rng = random.Random(seed)
    a, b = (parse_range(_readable_range(rng)).versions for _ in range(2))
    assert a & b == b & a
    assert a | b == b | a
    assert a & (a | b) == a
    assert a | (a & b) == a
    assert (a & b).is_empty is ((a & b) == VersionSet((), ()))

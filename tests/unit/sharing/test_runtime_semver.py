"""The cases in which the federation runtime surprises people; the oracle test has the rest."""

from __future__ import annotations

import pytest

from module_federation.sharing.runtime_semver import compile_range, satisfy


@pytest.mark.parametrize(
    ("version", "range_text", "expected"),
    [
        pytest.param("18.3.1", "^18.2.0", True, id="a caret"),
        pytest.param("19.0.0", "^18.2.0", False, id="a caret ends before the next major"),
        pytest.param("1.0.0", ">=0", False, id="from zero on matches nothing"),
        pytest.param("1.0.0", ">=0.0.0", False, id="from zero on, in full, matches nothing"),
        pytest.param("1.0.0", ">=0.0.0 <2", True, id="from zero on is dropped beside another"),
        pytest.param("1.0.0", ">=0x0x0 <2", True, id="its dots are wild cards"),
        pytest.param("19.0.0-rc.1", ">=16", True, id="a prerelease is an ordinary version"),
        pytest.param("2.0.0-rc", "<2.0.0", True, id="a prerelease is less than its release"),
        pytest.param("19.0.0-rc.1", "^19.0.0-rc", False, id="the longer prerelease is smaller"),
        pytest.param("19.0.0-rc", "^19.0.0-rc", True, id="an equal prerelease"),
        pytest.param("1.0.0-1e3", ">=1.0.0-999", True, id="identifiers are JavaScript numbers"),
        pytest.param("1.0.0-0x10", ">1.0.0-15", True, id="hexadecimal ones too"),
        pytest.param("0", "*", False, id="no version at all, even for any"),
        pytest.param("1.2", "1.2", False, id="two numbers are no version"),
        pytest.param("1.2.3", "", True, id="an empty range is any"),
        pytest.param("1.2.3", "a || ", True, id="an empty alternative is any"),
        pytest.param("1.2.3", "workspace:*", False, id="a workspace protocol"),
        pytest.param("1.2.3", "catalog:", False, id="a catalog"),
        pytest.param("1.2.3", "latest", False, id="a tag"),
        pytest.param("1.2.3", ">= 1.2.3", True, id="a space after the first operator"),
        pytest.param("1.2.3", ">= 1.2.3 < 2", False, id="a space after the second operator"),
        pytest.param("1.2.3", "1.2 - 1.3", True, id="a hyphen"),
        pytest.param("1.4.0", "1.2 - 1.3", False, id="a hyphen's end"),
        pytest.param("1.2.3+build", "=1.2.3", True, id="a build is ignored"),
        pytest.param("1.5.0", "1.x.3", True, id="a number after a wild card is ignored"),
        pytest.param("", "*", False, id="no text"),
    ],
)
def test_satisfy(version: str, range_text: str, expected: bool) -> None:
    assert satisfy(version, range_text) is expected


def test_an_unreadable_alternative_is_left_out() -> None:
    assert [len(each) for each in compile_range("^1 || nonsense || >=0 || *")] == [2, 0]

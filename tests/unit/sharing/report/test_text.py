from __future__ import annotations

import re
from pathlib import Path
from typing import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from module_federation.sharing.findings import Finding, Severity
from module_federation.sharing.negotiation import FailureCode
from module_federation.sharing.plan.model import FederationPlan
from module_federation.sharing.report.finding_text import count_text
from module_federation.sharing.report.terminal import clean, paragraph, some_of
from module_federation.sharing.report.text import MAX_OUTCOMES, plan_text
from unit.sharing.report.text_plans import fine, gets, key, large, plan, shop

_GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("width", [80, 100, 140])
@pytest.mark.parametrize("make", [shop, fine, large], ids=["shop", "fine", "large"])
def test_golden(make: Callable[[], FederationPlan], width: int) -> None:
    """To renew after a wanted change: write the texts that differ into the files."""
    expected = (_GOLDEN / f"{make.__name__}_{width}.txt").read_text()
    assert plan_text(make(), width=width) == expected


@pytest.mark.parametrize("width", [60, 80, 100, 140, 200])
@pytest.mark.parametrize("make", [shop, fine, large], ids=["shop", "fine", "large"])
def test_no_line_is_wider(make: Callable[[], FederationPlan], width: int) -> None:
    assert all(len(line) <= width for line in plan_text(make(), width=width).splitlines())


def test_colours_only_add_to_the_text() -> None:
    coloured = plan_text(shop(), colour=True)
    assert "\x1b[31;1mFAIL\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plan_text(shop())


def test_the_worst_outcome_comes_first() -> None:
    text = plan_text(shop())
    rows = [line for line in text.splitlines() if line.startswith(("FAIL ", "warn "))]
    assert [row.split()[0] for row in rows] == ["FAIL", "warn"]
    assert rows[0].split()[1] == "react-dom/client"


def test_many_outcomes_are_counted() -> None:
    names = [f"r{number}" for number in range(9)]
    consumers = [(who, [gets(f"{index}.0.0", who)]) for index, who in enumerate(names)]
    text = plan_text(plan(names, [key("x", "x", consumers)]))
    assert f"{len(names) - MAX_OUTCOMES} more outcomes" in text
    assert "3 containers" in text


@pytest.mark.parametrize("code", list(FailureCode), ids=lambda code: code.name)
def test_every_failure_has_words(code: FailureCode) -> None:
    text = plan_text(plan(["a"], [key("x", "x", [("a", [gets(None, fails=code)])])]))
    assert re.search(r"^FAIL  x +\w", text, re.MULTILINE)


def test_names_cannot_command_a_terminal() -> None:
    evil = "\x1b]0;owned\x07\x9b31m\u202e\r\nok"
    findings = [Finding(evil, Severity.ERROR, evil, evil, 1, (evil,), evil, evil, (evil,), evil)]
    text = plan_text(plan([evil], [key(evil, evil, [(evil, [gets(evil, evil)])])], findings))
    assert text.replace("\n", "").isprintable()
    assert "\\u001b" in text


@given(st.text())
def test_clean_text_is_one_printable_line(text: str) -> None:
    assert len(clean(text).splitlines()) <= 1
    assert clean(clean(text)) == clean(text)


@given(st.lists(st.text("abc", min_size=1), max_size=9), st.integers(8, 40))
def test_some_names_fit(names: list[str], width: int) -> None:
    text = some_of(names, width)
    assert len(text) <= width
    rest = re.search(r" \+(\d+)$", text)
    shown = text[: rest.start()].split(", ") if rest else text.split(", ")
    assert not names or len(shown) + (int(rest[1]) if rest else 0) == len(names)


def test_long_paths_are_not_broken() -> None:
    path = f"apps/{'deep/' * 30}package.json:12"
    assert any(path in line for line in paragraph(f"See {path} there.", 60))


@pytest.mark.parametrize(
    ("severities", "expected"),
    [
        ([], "no errors"),
        ([Severity.ERROR], "1 error"),
        ([Severity.ERROR, Severity.ERROR, Severity.WARNING], "2 errors, 1 warning"),
        ([Severity.INFO, Severity.INFO], "no errors, 2 notes"),
    ],
    ids=["none", "one", "several", "notes"],
)
def test_counts(severities: list[Severity], expected: str) -> None:
    assert count_text(Finding("x", each, "m") for each in severities) == expected


def test_a_silenced_error_stops_nothing() -> None:
    finding = Finding("x", Severity.ERROR, "m", silenced_because="We know.")
    text = plan_text(plan(["a", "b"], [], [finding]))
    assert "Fits: no errors, 1 silenced" in text
    assert "We know." in text

"""The two models against the two real packages, on random pairs: no difference is allowed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from module_federation.sharing.ranges import RangeError, parse_range
from module_federation.sharing.runtime_semver import satisfy
from unit.sharing.oracle import Answer, Oracle
from unit.sharing.version_texts import PAIRS, SEED, pairs, shrink


def _npm_satisfies(version: str, range_text: str) -> bool:
    try:
        return parse_range(range_text).contains(version)
    except RangeError:
        return False


def _npm_reads(_version: str, range_text: str) -> bool:
    try:
        parse_range(range_text)
    except RangeError:
        return False
    return True


@pytest.mark.parametrize(
    ("model", "truth"),
    [
        pytest.param(satisfy, lambda answer: answer.runtime, id="the runtime's satisfy"),
        pytest.param(_npm_satisfies, lambda answer: answer.npm, id="npm's satisfies"),
        pytest.param(_npm_reads, lambda answer: answer.npm_reads_range, id="npm's validRange"),
    ],
)
def test_model_agrees_with_the_real_package(
    oracle: Oracle, model: Callable[[str, str], bool], truth: Callable[[Answer], bool]
) -> None:
    def differs(tried: list[tuple[str, str]]) -> list[bool]:
        return [model(*pair) != truth(answer) for pair, answer in zip(tried, oracle.ask(tried))]

    tried = pairs(PAIRS, SEED)
    wrong = [pair for pair, is_wrong in zip(tried, differs(tried)) if is_wrong]
    if wrong:
        smallest = shrink(min(wrong, key=lambda pair: sum(map(len, pair))), differs)
        pytest.fail(
            f"{len(wrong)} of {len(tried)} pairs differ; the smallest is {smallest!r}, for which "
            f"the model says {model(*smallest)}; one as found: {wrong[0]!r}"
        )


def test_the_random_pairs_are_worth_asking(oracle: Oracle) -> None:
    answers = oracle.ask(pairs(PAIRS, SEED))
    for share in (
        sum(answer.runtime for answer in answers) / len(answers),
        sum(answer.npm for answer in answers) / len(answers),
        sum(answer.npm_reads_range for answer in answers) / len(answers),
    ):
        assert 0.1 < share < 0.9

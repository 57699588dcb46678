"""Numbers in the place of hashes that are not final yet."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

import module_federation

MODULE = Path(module_federation.__file__).parent / "bundler/lib/preliminary_hashes.mjs"
ONE, TWO = "0123abcd", "fedc9876"
PROGRAM = """
import { readFileSync } from "node:fs";
const { PreliminaryHashes } = await import(process.argv[1]);
const { known, text, minified } = JSON.parse(readFileSync(0, "utf8"));
const numbered = new PreliminaryHashes(known).numbered(text);
const restored = numbered.restored(minified ?? numbered.text);
process.stdout.write(JSON.stringify({ text: numbered.text, restored }));
"""


def numbered(text: str, **more: Any) -> dict[str, Any]:
    """What the module makes of a text; `restored` is the way back from `minified`, or from that."""
    request = {"known": [ONE, TWO, "too-long-for-a-hash"], "text": text, **more}
    result = subprocess.run(
        ["node", "--input-type=module", "-e", PROGRAM, str(MODULE)],
        input=json.dumps(request),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f'"a.{ONE}.js"', '"a.0a000000.js"', id="one"),
        pytest.param(f"{TWO} {ONE} {TWO}", "0a000000 0a000001 0a000000", id="in the text's order"),
        pytest.param(f"ffff{ONE}{TWO}0", "ffff0a0000000a0000010", id="in a row of digits"),
        pytest.param(f"#0a00 {ONE}", "#0a00 0a010000", id="the text has the usual mark"),
        pytest.param(f"0a00{ONE[4:]} {ONE}", f"0a00{ONE[4:]} 0a010000", id="like a number"),
    ],
)
def test_numbers_take_the_place_of_hashes(text: str, expected: str) -> None:
    assert numbered(text) == {"text": expected, "restored": text}


@pytest.mark.parametrize("text", ["", "plain", "0123abce", "0123ABCD"])
def test_a_text_without_hashes_stays(text: str) -> None:
    assert numbered(text) == {"text": text, "restored": text}


def test_no_hash_is_known() -> None:
    assert numbered(ONE, known=[])["text"] == ONE


def test_a_number_that_a_minifier_has_made_is_left_alone() -> None:
    """Of `"#0a0" + "0ffff"`, which has no mark before it is folded."""
    made = numbered(ONE, minified="0a000000,#0a00ffff")
    assert made["restored"] == f"{ONE},#0a00ffff"

"""Numbers in the place of ids that a chunk's text has from its container."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

import module_federation

MODULE = Path(module_federation.__file__).parent / "bundler/lib/own_ids.mjs"
PROGRAM = """
import { readFileSync } from "node:fs";
const { withoutOwnIds } = await import(process.argv[1]);
const { text, minified } = JSON.parse(readFileSync(0, "utf8"));
const own = withoutOwnIds(text);
let restored;
try { restored = own.restored(minified ?? own.text); } catch (error) { restored = error.message; }
process.stdout.write(JSON.stringify({ text: own.text, changed: own.changed, restored }));
"""


def chunk(body: str, *, container: str = "rspackChunkone", id: int = 6) -> str:
    """A chunk as Rspack writes it."""
    return f'"use strict";\n(globalThis["{container}"] ||= []).push([[{id}], {{\n{body}}}]);'


def without_own_ids(text: str, **more: str) -> dict[str, Any]:
    """What the module makes of a text; `restored` is the way back from `minified`, or from that."""
    result = subprocess.run(
        ["node", "--input-type=module", "-e", PROGRAM, str(MODULE)],
        input=json.dumps({"text": text, **more}),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


NAMES = "(__unused_rspack_module, __webpack_exports__, __webpack_require__)"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("149(module) {\n},\n", "9900011(module) {\n},\n", id="a module"),
        pytest.param(f"149{NAMES} {{\n", f"9900011{NAMES} {{\n", id="parameters that are unused"),
        pytest.param(
            "7(module, exports, __webpack_require__) {\n__webpack_require__(8);\n"
            "__webpack_require__(7);\n",
            "9900011(module, exports, __webpack_require__) {\n__webpack_require__(9900021);\n"
            "__webpack_require__(9900011);\n",
            id="what it loads",
        ),
        pytest.param(
            "__webpack_require__.e(6).then(__webpack_require__.bind(__webpack_require__, 6))",
            "__webpack_require__.e(9900001).then("
            "__webpack_require__.bind(__webpack_require__, 9900001))",
            id="a chunk and a module of the same number",
        ),
        pytest.param(
            "__webpack_require__.t.bind(__webpack_require__, 12, 23)",
            "__webpack_require__.t.bind(__webpack_require__, 9900011, 23)",
            id="what follows an id is none",
        ),
    ],
)
def test_numbers_take_the_place_of_ids(body: str, expected: str) -> None:
    text = chunk(body)
    assert without_own_ids(text) == {
        "text": chunk(expected, container="rspackChunk99", id=9900001),
        "changed": True,
        "restored": text,
    }


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("149(value) {\n", id="somebody's own method"),
        pytest.param("  149(module) {\n", id="indented"),
        pytest.param("f(149); a[149]; require(149);\n", id="other calls"),
        pytest.param("__webpack_require__.t(react, 4)\n", id="a mode"),
        pytest.param('__webpack_require__("./a.js")\n', id="an id that is a path"),
    ],
)
def test_no_ids(body: str) -> None:
    assert without_own_ids(chunk(body))["text"] == chunk(
        body, container="rspackChunk99", id=9900001
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("149(module) {\n},\n", id="no chunk"),
        pytest.param(f"var x;\n{chunk('')}", id="something before it"),
        pytest.param(chunk("", container="größe"), id="a name that is written in two ways"),
        pytest.param(chunk("", container='a\\"b'), id="a name with quotes"),
        pytest.param(chunk("").replace("[[6]", "[[6, 7]"), id="several chunks"),
    ],
)
def test_other_texts_stay(text: str) -> None:
    assert without_own_ids(text) == {"text": text, "changed": False, "restored": text}


def test_more_modules_than_numbers() -> None:
    text = chunk("".join(f"__webpack_require__({number});\n" for number in range(10_001)))
    assert without_own_ids(text) == {"text": text, "changed": False, "restored": text}


def test_a_text_with_such_numbers_of_its_own() -> None:
    text = chunk('"9900011 rspackChunk98"; __webpack_require__(5);\n')
    own = without_own_ids(text)
    assert "__webpack_require__(9700011)" in own["text"]
    assert own["restored"] == text


def test_numbers_that_are_all_taken() -> None:
    text = chunk(" ".join(f"{mark}00001" for mark in range(10, 100)))
    assert without_own_ids(text) == {"text": text, "changed": False, "restored": text}


def test_a_string_comes_back() -> None:
    text = chunk("`\n149(module) {\n__webpack_require__(149)`;\n")
    assert without_own_ids(text)["restored"] == text


def test_a_number_that_a_minifier_has_made_is_left_alone() -> None:
    minified = "(globalThis.rspackChunk99||=[]).push([[9900001],{9900011(n){n(9900991)}}]);"
    own = without_own_ids(chunk("149(module) {\n},\n"), minified=minified)
    assert own["restored"] == "(globalThis.rspackChunkone||=[]).push([[6],{149(n){n(9900991)}}]);"


@pytest.mark.parametrize(
    "minified",
    [
        pytest.param("(globalThis.rspackChunk99||=[]).push([[0x971061],{}]);", id="another form"),
        pytest.param('(globalThis["rspack"+"Chunk99"]).push([[9900001],{}]);', id="another name"),
    ],
)
def test_a_minifier_that_writes_numbers_in_its_own_way(minified: str) -> None:
    """An error, and no file with the wrong ids."""
    own = without_own_ids(chunk("149(module) {\n},\n"), minified=minified)
    assert own["restored"] == "A minimized chunk has other numbers than before."

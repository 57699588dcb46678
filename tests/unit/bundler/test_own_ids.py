"""Numbers in the place of ids that a chunk's text has from its container."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

import module_federation
from unit.bundler.small_federation import Bundler

MODULE = Path(module_federation.__file__).parent / "bundler/lib/own_ids.mjs"
PROGRAM = """
import { readFileSync } from "node:fs";
const { withoutOwnIds } = await import(process.argv[1]);
const { text, minified } = JSON.parse(readFileSync(0, "utf8"));
const own = withoutOwnIds(text);
let restored;
try { restored = own.restored(minified ?? own.text); } catch (error) { restored = error.message; }
process.stdout.write(JSON.stringify({ text: own.text, restored }));
"""
LIST = "rspackChunk99_73120946"
NAMES = "(__unused_rspack_module, __webpack_exports__, __webpack_require__)"


def number(place: int, first: int = 99) -> str:
    """The number that stands for the id that comes at this place."""
    return f"{first}.73120946{place:04}1"


def chunk(body: str, *, container: str = "rspackChunkone", own: str = "6") -> str:
    """A chunk as Rspack writes it."""
    return f'"use strict";\n(globalThis["{container}"] ||= []).push([[{own}], {{\n{body}}}]);'


def numbered_chunk(body: str) -> str:
    """The same, with numbers in the place of its own id and its container."""
    return chunk(body, container=LIST, own=number(0))


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


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("149(module) {\n},\n", f"{number(1)}(module) {{\n}},\n", id="a module"),
        pytest.param(f"149{NAMES} {{\n", f"{number(1)}{NAMES} {{\n", id="unused parameters"),
        pytest.param(
            f"7{NAMES} {{\n__webpack_require__(8);\n__webpack_require__(7);\n",
            f"{number(1)}{NAMES} {{\n__webpack_require__({number(2)});\n"
            f"__webpack_require__({number(1)});\n",
            id="what it loads",
        ),
        pytest.param(
            "__webpack_require__.e(6).then(__webpack_require__.bind(__webpack_require__, 6))",
            f"__webpack_require__.e({number(0)}).then("
            f"__webpack_require__.bind(__webpack_require__, {number(1)}))",
            id="a chunk and a module of the same number",
        ),
        pytest.param(
            "__webpack_require__.t.bind(__webpack_require__, 12, 23)",
            f"__webpack_require__.t.bind(__webpack_require__, {number(1)}, 23)",
            id="what follows an id is none",
        ),
    ],
)
def test_numbers_take_the_place_of_ids(body: str, expected: str) -> None:
    text = chunk(body)
    expected = numbered_chunk(expected)
    assert without_own_ids(text) == {"text": expected, "restored": text}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("149(value) {\n", id="somebody's own method"),
        pytest.param("  149(module) {\n", id="indented"),
        pytest.param("f(149); a[149]; require(149);\n", id="other calls"),
        pytest.param("my__webpack_require__(149); $__webpack_require__(149);\n", id="other names"),
        pytest.param("o.__webpack_require__(149); o.__webpack_require__.e(149);\n", id="methods"),
        pytest.param("__webpack_require__.t(react, 4)\n", id="a mode"),
        pytest.param('__webpack_require__("./a.js")\n', id="an id that is a path"),
    ],
)
def test_no_ids(body: str) -> None:
    assert without_own_ids(chunk(body))["text"] == numbered_chunk(body)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("149(module) {\n},\n", id="no chunk"),
        pytest.param(f"var x;\n{chunk('')}", id="something before it"),
        pytest.param(chunk("", container="größe"), id="a name that is written in two ways"),
        pytest.param(chunk("", container='a\\"b'), id="a name with quotes"),
        pytest.param(chunk("", own="6, 7"), id="several chunks"),
        pytest.param(chunk("__nested_webpack_require_12__(149);\n"), id="a bundle in the bundle"),
        pytest.param(
            chunk("".join(f"__webpack_require__({module});\n" for module in range(10_001))),
            id="more modules than numbers",
        ),
        pytest.param(
            chunk(" ".join(number(0, first) for first in range(10, 100))), id="numbers all taken"
        ),
    ],
)
def test_other_texts_stay(text: str) -> None:
    assert without_own_ids(text) == {"text": text, "restored": text}


def test_a_text_with_such_numbers_of_its_own() -> None:
    text = chunk(f'{number(1)}; "rspackChunk98_73120946"; __webpack_require__(5);\n')
    own = without_own_ids(text)
    assert f"__webpack_require__({number(1, 97)})" in own["text"]
    assert own["restored"] == text


def test_a_string_comes_back() -> None:
    text = chunk("`\n149(module) {\n__webpack_require__(149)`;\n")
    assert without_own_ids(text)["restored"] == text


@pytest.mark.parametrize(
    "minified",
    [
        pytest.param(f"(globalThis.{LIST}||=[]).push([[0x971061],{{}}]);", id="another number"),
        pytest.param(f'globalThis["rspack"+"Chunk99"].push([[{number(0)}],{{}}]);', id="a name"),
    ],
)
def test_a_minifier_that_writes_numbers_in_its_own_way(minified: str) -> None:
    """An error, and no file with the wrong ids."""
    own = without_own_ids(chunk("149(module) {\n},\n"), minified=minified)
    assert own["restored"] == "A minimized chunk has other numbers than before."


# Runs a chunk's module, as it is and as it is minified with numbers in the place of ids.
RUN = """
import { readFileSync } from "node:fs";
import vm from "node:vm";
import { rspack } from "@rspack/core";
const { withoutOwnIds } = await import(process.argv[1]);
const text = readFileSync(0, "utf8");
const options = { compress: { passes: 2 }, mangle: true };
const { minify } = rspack.experiments.swc;
function run(code) {
  const context = vm.createContext({});
  vm.runInContext(code, context);
  const [[[chunk], modules]] = context.rspackChunkone;
  const exports = {};
  const load = (id) => `module ${id}`;
  load.e = (id) => `chunk ${id}`;
  load.t = function (id, mode) { return `${this === load} ${id} ${mode}`; };
  const module = { exports };
  modules[149](module, exports, load);
  const own = (key, value) => (typeof value === "bigint" ? `${value}n` : value);
  return JSON.stringify({ chunk, ids: Object.keys(modules), exports: module.exports }, own);
}
const own = withoutOwnIds(text);
const minified = (await minify(own.text, options)).code;
const [before, after] = [run(text), run(own.restored(minified))];
const result = { changed: own.text !== text, before, after };
process.stdout.write(JSON.stringify(result), () => process.exit());
"""


@pytest.mark.parametrize(
    "expression",
    [
        pytest.param("[1000, 0x970feb, 9_900_011, 99e5 + 11, 1e21]", id="integers"),
        pytest.param('["99" + "00011", "99.7312" + "09460001", 0x970febn]', id="made of parts"),
        pytest.param("[9.900001e6, 99.7312, 99.731209460000991, 1 / 3]", id="fractions"),
        pytest.param("[__webpack_require__(149), __webpack_require__(1000)]", id="modules"),
        pytest.param("[__webpack_require__.e(6), __webpack_require__.e(149)]", id="chunks"),
        pytest.param("__webpack_require__.bind(__webpack_require__, 150)()", id="later"),
        pytest.param(
            "__webpack_require__.t.bind(__webpack_require__, 150, 23)()", id="with a mode"
        ),
        pytest.param(
            "((my__webpack_require__) => my__webpack_require__(149))((x) => x + 1)", id="own name"
        ),
        pytest.param(
            "({ __webpack_require__: (x) => x + 1 }).__webpack_require__(149)", id="method"
        ),
        pytest.param('"__webpack_require__(149)" + `\n149(module) {\n`', id="text"),
        pytest.param("Object.keys({ 149(module) {}, 6: 1 })", id="names of properties"),
    ],
)
def test_code_means_the_same_after_the_real_minimizer(bundler: Bundler, expression: str) -> None:
    text = chunk(
        "149(module, exports, __webpack_require__) {\n"
        f"module.exports = {expression};\n}},\n"
        "1000(module) {\nmodule.exports = 1;\n},\n"
    )
    script = str(bundler.folder / "lib/own_ids.mjs")
    result = subprocess.run(
        ["node", "--input-type=module", "-e", RUN, script],
        cwd=bundler.folder,
        input=text,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    outcome = json.loads(result.stdout)
    assert outcome["changed"]
    assert outcome["after"] == outcome["before"]
    assert json.loads(outcome["before"])["ids"] == ["149", "1000"]

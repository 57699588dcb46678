"""The federation's runtime apart from the rest of an entry."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

import module_federation

MODULE = Path(module_federation.__file__).parent / "bundler/lib/federation_runtime.mjs"
PROGRAM = """
import { readFileSync } from "node:fs";
const { runtimeApart } = await import(process.argv[1]);
const { entry, parts } = JSON.parse(readFileSync(0, "utf8"));
const apart = runtimeApart(entry);
let joined = null;
try { joined = parts && apart.joined(...parts); } catch (error) { joined = error.message; }
process.stdout.write(JSON.stringify(apart && { ...apart, joined }));
"""
PARAMETERS = "(__unused_rspack_module, __unused_rspack___webpack_exports__, __webpack_require__)"
COMMENT = ";// CONCATENATED MODULE: @module-federation/runtime/rspack.js!=!data:text/javascript,"
MARK = "federation_runtime_0"
MINIFIED = "(globalThis.federationRuntime||=[]).push([[0],{1(){}}])"


def runtime(name: str, build: str | None = None) -> str:
    """The runtime's module behind its id, as Rspack writes it."""
    return (
        f"{PARAMETERS} {{\nfunction getBuilderId() {{\n"
        f'\treturn  true ? "{build or name}:1.0.0" : 0;\n}}\n'
        f"const own = [{{\n}},\n{{}}];\n\n"
        f"{COMMENT}const%20name%20%3D%20{name}\n\n"
        f'const __module_federation_container_name__ = "{name}";\n'
        f'const other = "{name}";\n}}'
    )


def entry(
    name: str = "shop",
    *,
    module: str | None = None,
    more: str = "",
    own: str = "1",
    strict: str = '"use strict";\n',
) -> str:
    """An entry with that module, and one before and behind it."""
    return (
        f"var {name};\n(() => {{\n{strict}var __webpack_modules__ = ({{\n"
        f"7{PARAMETERS} {{\n{more}\n}},\n{own}{module or runtime(name)},\n"
        "0(module) {\n},\n\n});\n// The module cache\nrun();\n})();\n"
    )


def taken_apart(text: str, *parts: str) -> Any:
    """What the module makes of an entry; `joined` is what it makes of minified parts."""
    result = subprocess.run(
        ["node", "--input-type=module", "-e", PROGRAM, str(MODULE)],
        input=json.dumps({"entry": text, "parts": parts or None}),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return json.loads(result.stdout)


def chunk(module: str, own: str = "1") -> str:
    """The runtime's part, before it is minified."""
    start = '"use strict";\n(globalThis["federationRuntime"] ||= []).push([[0], {'
    return f"{start}\n{own}{module}\n}}]);"


def without_comment(module: str) -> str:
    """The module without what the comment repeats."""
    begin, _, rest = module.partition(COMMENT)
    return begin[:-1] + "\n" + rest.partition("\n")[2]


@pytest.mark.parametrize("own", ["1", "1234"])
def test_two_parts(own: str) -> None:
    apart = taken_apart(entry("shop", own=own))
    assert apart["rest"] == entry("shop", own=own).replace(runtime("shop"), f":{MARK}")
    # Other strings may be anybody's.
    expected = without_comment(runtime("shop")).replace('"shop:', f'"{MARK}:')
    expected = expected.replace('name__ = "shop"', f'name__ = "{MARK}"')
    assert apart["runtime"] == chunk(expected, own)
    assert 'const other = "shop"' in apart["runtime"]


def test_the_same_runtime_in_every_container() -> None:
    one, other = taken_apart(entry("shop")), taken_apart(entry("cart2_", more="f();"))
    other["runtime"] = other["runtime"].replace('"cart2_"', '"shop"')
    assert one["runtime"] == other["runtime"]
    assert one["rest"] != other["rest"]


def test_a_strict_module_in_an_entry_that_is_not() -> None:
    strict = runtime("shop").replace(" {\n", ' {\n"use strict";\n', 1)
    apart = taken_apart(
        entry(module=strict, strict=""), f"f({{1:{MARK}}})", MINIFIED.replace("{}", "{g()}")
    )
    assert apart["runtime"] == taken_apart(entry())["runtime"]
    assert apart["joined"] == 'f({1(){"use strict";g()}})'


def test_a_runtime_that_the_minimizer_refused() -> None:
    """It has said why: nothing is thrown that would hide it."""
    apart = taken_apart(entry())
    again = taken_apart(entry(), apart["rest"], apart["runtime"])
    assert again["joined"] == entry().replace(runtime("shop"), without_comment(runtime("shop")))


@pytest.mark.parametrize("end", [";", ""])
@pytest.mark.parametrize("strict", ['"use strict";', ""])
def test_minified_parts_are_joined(strict: str, end: str) -> None:
    rest = f"var shop;(()=>{{var e={{7(){{}},1:{MARK},0(e){{}}}};run()}})();"
    code = f'(e,t,r){{let o="{MARK}:1.0.0",$="$&$1{MARK}"}}'
    minified = f"{strict}(globalThis.federationRuntime||=[]).push([[0],{{1{code}}}]){end}"
    joined = taken_apart(entry("shop"), rest, minified)["joined"]
    assert joined == rest.replace(f":{MARK}", code.replace(MARK, "shop"))


@pytest.mark.parametrize(
    ("rest", "minified"),
    [
        pytest.param("({1:0})", MINIFIED, id="lost"),
        pytest.param(f"({{1:{MARK},2:{MARK}}})", MINIFIED, id="twice"),
        pytest.param(f"({{1:{MARK}}})", MINIFIED.replace("Runtime", ""), id="another list"),
        pytest.param(f"({{1:{MARK}}})", MINIFIED.replace("1(){}", ""), id="empty"),
    ],
)
def test_parts_that_do_not_fit(rest: str, minified: str) -> None:
    """An error, and no script with half an entry."""
    joined = taken_apart(entry("shop"), rest, minified)["joined"]
    assert joined == "The federation's runtime is not where it was in a minimized entry."


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param(entry(module="(module) {\n}"), id="no runtime"),
        pytest.param(entry(strict=""), id="nothing is strict"),
        pytest.param(entry(more=f"f(`\n{COMMENT}\n`);"), id="a text that looks like it"),
        pytest.param(entry(module=runtime("größe")), id="a name that is written in two ways"),
        pytest.param(entry(module=runtime("a-b")), id="a name with a dash"),
        pytest.param(entry(module=runtime("shop", "cart")), id="two names"),
        pytest.param(entry(module=runtime("")), id="no name"),
        pytest.param(runtime("shop"), id="no table"),
        pytest.param(entry().replace("\n},\n", "\n  },\n"), id="no end"),
        pytest.param(
            entry(more=" ".join(f"federation_runtime_{number}" for number in range(100))),
            id="names all taken",
        ),
    ],
)
def test_other_entries_stay_whole(text: str) -> None:
    assert taken_apart(text) is None


def test_an_entry_with_such_a_name_of_its_own() -> None:
    assert ":federation_runtime_1," in taken_apart(entry(more=f"{MARK};"))["rest"]

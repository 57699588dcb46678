"""The import parser on files that nobody writes: none may end the batch, or change an answer."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Callable, Dict

import pytest

from unit.module_graph.oracle import Node

# Ways to nest, each with the levels as parameter.
NESTED: Dict[str, Callable[[int], str]] = {
    "array.ts": lambda n: "x=" + "[" * n + "]" * n,
    "arrow.ts": lambda n: "a=>" * n + "1",
    "assignment.ts": lambda n: "a=" * n + "1",
    "block.ts": lambda n: "{" * n + "}" * n,
    "choice.ts": lambda n: "a?b:" * n + "c",
    "class.ts": lambda n: "class A extends " + "class extends " * n + "B" + "{}" * (n + 1),
    "else.ts": lambda n: "if(a){}" + "else if(a){}" * n,
    "function.ts": lambda n: "function f(){" * n + "}" * n,
    "if.ts": lambda n: "if(a)" * n + ";",
    "jsx.tsx": lambda n: "x=" + "<a>" * n + "</a>" * n,
    "label.ts": lambda n: "".join(f"l{level}:" for level in range(n)) + ";",
    "namespace.ts": lambda n: "namespace A" + ".B" * n + "{}",
    "object.ts": lambda n: "x=" + "{a:" * n + "b" + "}" * n,
    "parenthesis.js": lambda n: "(" * n + "1" + ")" * n,
    "sum.ts": lambda n: "require(" + "a+" * n + "1)",
    "template.ts": lambda n: "`${" * n + "1" + "}`" * n,
    "type.ts": lambda n: "type A=" + "B<" * n + "C" + ">" * n,
    "type_array.ts": lambda n: "type A=B" + "[]" * n,
    "type_choice.ts": lambda n: "type A=" + "B extends C?D:" * n + "E",
    "unary.ts": lambda n: "!" * n + "1",
    "unclosed.ts": lambda n: "(" * n,
}


def test_no_depth_ends_the_batch(node: Node, tmp_path: Path) -> None:
    sources = {name: nested(100_000) for name, nested in NESTED.items()}
    files = node.parse({**sources, "good.ts": 'import "x";'}, tmp_path)
    assert set(files) == {*NESTED, "good.ts"}
    assert [found.specifier for found in files["good.ts"].imports] == ["x"]
    for name in NESTED:
        error = files[name].error
        assert error is not None, name
        assert "nested too deeply" in error.message, name


def test_usual_depths_are_parsed(node: Node, tmp_path: Path) -> None:
    sources = {name: nested(300) for name, nested in NESTED.items() if name != "unclosed.ts"}
    files = node.parse(sources, tmp_path)
    assert {name: file.error for name, file in files.items() if file.error is not None} == {}


@pytest.mark.parametrize("name", ["else.ts", "sum.ts", "if.ts"])
def test_deep_files_are_parsed_apart(node: Node, tmp_path: Path, name: str) -> None:
    source = f'import "x";\n{NESTED[name](8_000)};\nrequire("y");'
    (file,) = node.parse({name: source}, tmp_path).values()
    assert file.error is None
    assert [found.specifier for found in file.imports] == ["x", "y"]


def test_brackets_in_strings_do_not_end_every_answer(node: Node, tmp_path: Path) -> None:
    # The closing brackets in the strings hide from a look at the text how deep this is.
    sources = {"bad.js": 'f(")",' * 50_000, "good.js": 'import "x";'}
    with pytest.raises(subprocess.CalledProcessError) as caught:
        node.parse(sources, tmp_path)
    assert caught.value.returncode < 0
    files = node.parse(sources, tmp_path, "--each-apart")
    assert [found.specifier for found in files["good.js"].imports] == ["x"]
    assert files["bad.js"].error is not None


@pytest.mark.parametrize(
    ("name", "source"),
    [
        pytest.param("a.tsx", "x = 1 <" + "/**/" * 40_000 + "y", id="comments behind a bracket"),
        pytest.param("a.ts", "/* " + "export/*" * 100_000 + "*/", id="unclosed exports"),
        pytest.param("a.tsx", "/* " + "< " * 100_000 + "...key" * 50_000 + "*/", id="spreads"),
    ],
)
def test_reading_takes_no_more_than_its_time(
    node: Node, tmp_path: Path, name: str, source: str
) -> None:
    (tmp_path / name).write_text(source)
    (tmp_path / "list.json").write_text(f'["{name}"]')
    command = ["node", str(node.folder / "parse.mjs"), "list.json", "out.json"]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=20)


# Ends of statements of every kind, which the shortcut of `scripts.mjs` must tell from broken ones.
STATEMENTS = """import a, { type B } from "x";
import type { C } from "y"; export * as d from "z";
if (a) { b(); } else if (c) d(); else { e; }
for (const f of g) { h(`${f}; ${{}}`); } for (;;) { break; }
do { i++; } while (i < 3); while (i) { i--; } label: { break label; }
switch (j) { case 1: k(); default: { l(); } } try { m(); } catch {} finally { n(); }
@decorated({ a: 1 }) export class O<T extends {}> extends P { #q = 1; static { r(); }
get s() { return {}; } }
export abstract class U { abstract v(): void; declare w: {}; }
export const x = async <T,>(y: T) => { await import("./lazy"); return y as {}; },
z = function* () { yield {}; };
type A1 = { [K in keyof T]?: T[K] extends () => infer R ? R : {} }; interface B1 { a: string; }
declare module "m" { export const c1: {}; } declare global { var d1: {}; } enum E1 { A, B = "}" }
namespace F1.G1 { export type H1 = {}; } export default { a: [1, { b: /[;}]/ }] } satisfies {};
export { x as y, type A1 }; export type { B1 }; new URL("./u.png", import.meta.url); // }
const i1 = <div a={{ b: 1 }}>text; }</div>, j1 = <></>; /* ; */ const k1 = a < b / c;
"""


def test_the_shortcut_changes_no_answer(node: Node, tmp_path: Path) -> None:
    # A file that ends in a comment is parsed the long way.
    places = [match.end() for match in re.finditer(r"\w+|[^\w\s]", STATEMENTS)]
    texts = [*(STATEMENTS[:place] for place in places), *STATEMENTS.splitlines()]
    texts += ["if (a) // ;", "if (a) /* } */", "do {} // }", "if (a)\r// ;", "else;", "", ";"]
    short = {f"short{number}.tsx": text for number, text in enumerate(texts)}
    long = {f"long{number}.tsx": f"{text}\n//" for number, text in enumerate(texts)}
    files = node.parse({**short, **long}, tmp_path)
    valid = 0
    for number, text in enumerate(texts):
        one, other = files[f"short{number}.tsx"], files[f"long{number}.tsx"]
        assert (one.error is None) == (other.error is None), text
        if one.error is None:
            valid += 1
            assert (one.imports, one.jsx) == (other.imports, other.jsx), text
    assert 20 < valid < len(texts)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("x = <a {...b} key='c'/>;", True, id="key behind a spread"),
        pytest.param("x = <a {...b} c='d' key={e}>f</a>;", True, id="more between"),
        pytest.param("x = <a key='c' {...b}/>;", False, id="key before it"),
        pytest.param("x = <a {...b}/>; f({ ...c, key: 1 });", False, id="no attribute"),
        pytest.param("x = <a {...b}><c key='d'/></a>;", False, id="another element's key"),
    ],
)
def test_tells_create_element(node: Node, tmp_path: Path, source: str, expected: bool) -> None:
    (file,) = node.parse({"a.tsx": source}, tmp_path).values()
    assert file.jsx
    assert file.jsx_create_element is expected

"""Edits after which a file is not parsed again: never wrongly, and often enough to be worth it."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import List, Tuple

import pytest

from module_federation.module_graph.edits import carried_over
from module_federation.module_graph.imports import Import, ImportKind, ParsedFile
from unit.module_graph.oracle import Node

EDITS = int(os.environ.get("MF_FUZZ_EDITS", "1500"))

SCRIPT = """\
import React, { useState } from "react";
import {
  type Line,
  total,
} from "./totals";
import type { Shop } from "@shop/types";
export * from "./all";

const Lazy = React.lazy(() => import("./Lazy"));
const logo = new URL("./logo.svg", import.meta.url);
/* a comment that says
   import "nothing"
*/
const text = `a template with
  import "nothing" and ${total(1)} in it`;

export function Cart({ lines }: { lines: Line[] }) {
  const [open, setOpen] = useState(false);
  const label = "it's open";
  const match = /["'`]/.test(label);
  if (open && lines.length > 1) {
    setOpen(!open);
  }
  try {
    require("./optional");
  } catch (error) {
    console.log(error);
  }
  return (
    <section className="cart">
      <h1>Don't panic</h1>
      {lines.map((line) => (
        <Row key={line.sku} {...line} />
      ))}
      <img src={logo.href} alt="" />
    </section>
  );
}
export { Lazy } from "./Lazy";
"""

#: Most files are like this: it is where edits are carried over.
PLAIN_SCRIPT = """\
import { useState } from "react";
import type { Line } from "./line";

export function Row({ line }: { line: Line }) {
  const [open, setOpen] = useState(false);
  const label = "it's open";
  const note = `a template
    of ${label} lines`;
  /* a comment that
     goes on */
  const big = line.price > 100 && line.price < 200;
  return (
    <li className="row">
      <b>Don't panic</b>
      {open ? <i>{note}</i> : null}
      <button onClick={() => setOpen(!open)} />
    </li>
  );
}
"""
PLAIN_TYPES = """\
import { round } from "./round";

export const SHIPPING = 490;
const match = /["'`]/;

export function total(prices: number[]): number {
  let sum = 0;
  for (const price of prices) {
    sum += price / 100;
  }
  return round(sum, match.test("a") ? 1 : 2);
}
"""
PLAIN_STYLE = """\
@import "./base.css";

.cart {
  color: red;
  margin: 0 auto;
}
/* a note */
.cart > .row { padding: 0 }
.quote::before { content: "it's"; }
"""

STYLE = """\
@import "./base.css";
@import url("./print.css") print;
/* url(nothing.png) */
.cart {
  color: red;
  background: url("./plus.svg") no-repeat,
    url(./minus.svg);
}
.cart > .row { composes: a b from "./rows.css"; }
.quote::before { content: "it's"; }
"""

#: Lines that random edits put in: harmless ones, and all that could go wrong.
SCRIPT_POOL = tuple(
    r"""

  const a = 1;
  console.log(a, b);
  foo({ a: [1, 2] });
  // a note
  // don't import it
import "new";
  total, } from "other";
  type total,
  extra,
  `
  /*
  */
  const s = "a
  'x'
  {
  }
  (
  )
  <b>
  </b>
  <Row {...line} key={1} />
  import("x");
  import(
  "./y"
  + "z"
  require(
  require("q");
  try {
  } catch {
  /'/.test(a);
  a / b > c;
export const v = 1;
export {
} from "w";
  Don't do it
  <p>Hi</p>
  return 1 < 2;
  new URL(
  "./u", import.meta.url);
/** @jsxImportSource preact */
  `${a}`
  x ${
  open("http://a"); } {
  <a href="http://x" />
  // the import below
  new SharedWorker(
  new Channel(
  folder,
  "./locales",
  navigator.serviceWorker.register(
  import("./pages/" + name() +
  ".tsx")
  require.context(
  \u0069
""".splitlines()
)
STYLE_POOL = tuple(
    """
  color: blue;
.a { color: red }
  background: url(x.png);
}
.b {
/*
*/
  content: "a
  content: 'b';
@import "late.css";
  composes: c
    from "./d.css";
  url(
  y.png)
  margin: 0 auto;
.c > .d { margin: 0 }
  ,
  // no comment
  background: image-set(
  "./b.png" 2x
  var(--a) 1x,
  )
  background: src("./c.png");
  BACKGROUND: URL(x.png);
""".splitlines()
)

Edit = Tuple[str, str]


def random_edits(base: str, pool: Tuple[str, ...], count: int, seed: int) -> List[Edit]:
    """Pairs of a text and the same text with one run of lines replaced."""
    chance = random.Random(seed)
    edits = []
    for _ in range(count):
        lines = base.splitlines()
        # A second edit before the first makes the state that is edited unlike the base's.
        for _ in range(chance.choice((0, 0, 1))):
            lines.insert(chance.randrange(len(lines)), chance.choice(pool))
        before = "\n".join(lines)
        start = chance.randrange(len(lines))
        length = chance.choice((0, 0, 1, 1, 1, 2))
        new = [chance.choice(pool) for _ in range(chance.choice((0, 1, 1, 1, 2)))]
        if chance.random() < 0.3 and start < len(lines):
            new = [lines[start].replace("a", "aa"), *new]
        lines[start : start + length] = new
        edits.append((before, "\n".join(lines)))
    return edits


@pytest.mark.parametrize(
    ("ending", "base", "pool"),
    [
        pytest.param("tsx", SCRIPT, SCRIPT_POOL, id="scripts"),
        pytest.param("css", STYLE, STYLE_POOL, id="stylesheets"),
        pytest.param("module.css", STYLE, STYLE_POOL, id="CSS modules"),
        pytest.param("tsx", PLAIN_SCRIPT, SCRIPT_POOL, id="scripts with imports at the top only"),
        pytest.param("ts", PLAIN_TYPES, SCRIPT_POOL, id="scripts without JSX"),
        pytest.param("css", PLAIN_STYLE, STYLE_POOL, id="stylesheets with imports at the top"),
    ],
)
def test_it_never_differs_from_the_parser(
    node: Node, tmp_path: Path, ending: str, base: str, pool: Tuple[str, ...]
) -> None:
    edits = random_edits(base, pool, EDITS, seed=int(os.environ.get("MF_FUZZ_SEED", "1")))
    sources = {}
    for number, (before, after) in enumerate(edits):
        sources[f"{number}/before/a.{ending}"] = before
        sources[f"{number}/after/a.{ending}"] = after
    parsed = node.parse(sources, tmp_path)

    carried = 0
    for number, (before, after) in enumerate(edits):
        was = parsed[f"{number}/before/a.{ending}"]
        expected = parsed[f"{number}/after/a.{ending}"]
        found = carried_over(before.encode(), after.encode(), was)
        if found is None or before == after:
            continue
        if expected.error is not None:
            # No program: the bundler says so.
            continue
        carried += 1
        assert answer(found) == answer(expected), difference(before, after)
    if base.startswith(("import { ", '@import "./base.css";\n\n')):
        assert carried > EDITS // 100


def answer(file: ParsedFile) -> Tuple[object, ...]:
    return (
        file.imports,
        file.jsx,
        file.jsx_create_element,
        file.jsx_import_source,
        file.jsx_runtime,
    )


def difference(before: str, after: str) -> str:
    return f"--- before\n{before}\n--- after\n{after}"


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        pytest.param("a.css", ".a { background: image-set(\n  var(--a) 1x,\n  var(--b) 2x); }\n",
                     '.a { background: image-set(\n  var(--a) 1x,\n  "./b.png" 2x); }\n',
                     id="image-set over several lines"),
        pytest.param("a.ts", "\nrequire.context(\n  folder,\n);\n",
                     '\nrequire.context(\n  "./locales",\n);\n', id="require.context"),
        pytest.param("a.ts", '\nimport("./pages/" + name() +\n ".tsx");\n',
                     '\nimport("./pages/" + name() +\n ".js");\n', id="a sum behind a call"),
        pytest.param("a.ts", '\nnew SharedWorker(\n new URL("./w", import.meta.url));\n',
                     '\nnew Channel(\n new URL("./w", import.meta.url));\n', id="a worker no more"),
        pytest.param("a.ts", 'import {\n  // the import below\n  a,\n  type B } from "x";\n',
                     'import {\n  // the import below\n  type B } from "x";\n',
                     id="a value member less"),
        pytest.param("a.ts", '\nconst t = `\nx {\nrequire("./x")\n}`;\n',
                     '\nconst t = `\nx ${\nrequire("./x")\n}`;\n', id="a hole in a template"),
    ],
)  # fmt: skip
def test_edits_that_once_fooled_it(
    node: Node, tmp_path: Path, name: str, before: str, after: str
) -> None:
    parsed = node.parse({f"before/{name}": before, f"after/{name}": after}, tmp_path)
    was, expected = parsed[f"before/{name}"], parsed[f"after/{name}"]
    assert answer(was) != answer(expected)
    assert carried_over(before.encode(), after.encode(), was) is None


KNOWN = ParsedFile("a.tsx", (Import("react", ImportKind.STATIC, 1, 22),), jsx=True)
TEXT = """\
import { useState } from "react";
const a = 1;
const b = 2;

export const C = () => {
  const label = `hello`;
  return <p className="x">hello</p>;
};
export const D = () => <p />;
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("const a = 1;", "const a = 42;", id="a number"),
        pytest.param("const b = 2;", 'const b = "two";', id="a string"),
        pytest.param("const b = 2;\n", "const b = 2;\nconst c = a + b;\n", id="a new line"),
        pytest.param("const b = 2;\n", "", id="a line less"),
        pytest.param(">hello<", ">good morning<", id="text in JSX"),
        pytest.param('className="x"', 'className="y z"', id="an attribute"),
        pytest.param("<p />;\n", "<p />;\nexport const v = 1;\n", id="a new export at the end"),
    ],
)
def test_common_edits_are_carried_over(old: str, new: str) -> None:
    after = TEXT.replace(old, new)
    assert after != TEXT
    found = carried_over(TEXT.encode(), after.encode(), KNOWN)
    assert found is not None
    assert found == KNOWN


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param('"react"', '"preact"', id="a specifier"),
        pytest.param("const a = 1;", 'import "b";', id="a new import"),
        pytest.param("const a = 1;", "const a = `;", id="a template"),
        pytest.param("const a = 1;", "const a = '", id="an open string"),
        pytest.param("const a = 1;", "/* const a = 1;", id="an open comment"),
        pytest.param("const a = 1;", "const a = [", id="an open bracket"),
        pytest.param("const a = 1;", "const a = <b>1</b>;", id="new tags"),
    ],
)
def test_edits_that_may_matter_are_not(old: str, new: str) -> None:
    assert carried_over(TEXT.encode(), TEXT.replace(old, new).encode(), KNOWN) is None


def test_what_is_no_text_is_parsed() -> None:
    assert carried_over(TEXT.encode(), TEXT.encode() + b"\xff", KNOWN) is None

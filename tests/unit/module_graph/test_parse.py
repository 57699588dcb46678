"""The import parser, `parse.mjs`, on source text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from module_federation.module_graph.imports import Import, ImportKind, SyntaxProblem
from unit.module_graph.oracle import Node

S = ImportKind.STATIC
R = ImportKind.REEXPORT
T = ImportKind.TYPE
D = ImportKind.DYNAMIC
Q = ImportKind.REQUIRE
C = ImportKind.CSS_IMPORT
U = ImportKind.CSS_URL

# name → (source, [(kind, specifier), …] in source order). One Node process parses them all.
CASES: dict[str, tuple[str, list[tuple[ImportKind, str]]]] = {
    "default.ts": ('import a from "x";', [(S, "x")]),
    "named.ts": ('import { a, type B } from "x";', [(S, "x")]),
    "namespace.ts": ('import * as a from "x";', [(S, "x")]),
    "side_effect.ts": ('import "x";', [(S, "x")]),
    "empty_braces.ts": ('import {} from "x";', [(S, "x")]),
    "type_import.ts": ('import type A from "x";', [(T, "x")]),
    "type_braces.ts": ('import type { A } from "x";', [(T, "x")]),
    "type_empty.ts": ('import type {} from "x";', [(T, "x")]),
    "all_inline_types.ts": ('import { type A, type B } from "x";', [(T, "x")]),
    "named_type.ts": ('import type from "x";', [(S, "x")]),
    "unused.ts": ('import { Unused } from "x";', [(S, "x")]),
    "json.ts": ('import a from "./a.json" with { type: "json" };', [(S, "./a.json")]),
    "export_all.ts": ('export * from "x";', [(R, "x")]),
    "export_all_as.ts": ('export * as a from "x";', [(R, "x")]),
    "export_named.ts": ('export { a, type B } from "x";', [(R, "x")]),
    "export_type.ts": ('export type { A } from "x";', [(T, "x")]),
    "export_all_types.ts": ('export type * from "x";', [(T, "x")]),
    "export_inline_types.ts": ('export { type A } from "x";', [(T, "x")]),
    "export_empty.ts": ('export {} from "x";', [(R, "x")]),
    "export_empty_comment.ts": ('export { /* none */ } from "x";', [(R, "x")]),
    "export_local.ts": ("const a = 1; export { a }; export {};", []),
    "dynamic.ts": ('import("x");', [(D, "x")]),
    "dynamic_template.ts": ("import(`x`);", [(D, "x")]),
    "dynamic_escape.ts": ('import("\\x78");', [(D, "x")]),
    "dynamic_comment.ts": ('import(/* webpackChunkName: "c" */ "x");', [(D, "x")]),
    "dynamic_ignored.ts": ('import(/* webpackIgnore: true */ "x");', []),
    "dynamic_ignored_rspack.ts": ('import(/* rspackIgnore: true */ "x");', []),
    "dynamic_choice.ts": ('import(a ? "x" : "y");', [(D, "x"), (D, "y")]),
    "dynamic_sum.ts": ('import("x/" + "y");', [(D, "x/y")]),
    "dynamic_variable.ts": ("import(name);", []),
    "dynamic_attributes.ts": ('import("x", { with: { type: "json" } });', [(D, "x")]),
    "type_query.ts": ('type A = import("x").A; let b: typeof import("y");', []),
    "import_equals.ts": ('import a = require("x");', [(Q, "x")]),
    "import_equals_export.ts": ('export import a = require("x");', [(Q, "x")]),
    "import_equals_type.ts": ('import type a = require("x");', [(T, "x")]),
    "import_equals_namespace.ts": ("namespace N { export const b = 1 } import a = N.b;", []),
    "declare_module.ts": ('declare module "m" { import a from "x"; }', []),
    "comment.ts": ('// import "x"\n/* require("y") */', []),
    "string.ts": ('const a = \'import "x"; require("y")\';', []),
    "require.js": ('const a = require("x");', [(Q, "x")]),
    "require_nested.cjs": ('function f() { return require("x").y; }', [(Q, "x")]),
    "require_resolve.js": ('require.resolve("x");', [(ImportKind.REQUIRE_RESOLVE, "x")]),
    "require_parameter.js": (
        '(function (require) { require("x"); })(r); require("y");',
        [(Q, "y")],
    ),
    "require_own.mjs": (
        'import { createRequire } from "m"; const require = createRequire(a); require("x");',
        [(S, "m")],
    ),
    "require_method.js": ('a.require("x"); require(); require("x", 1);', []),
    "url.ts": ('new URL("./a.png", import.meta.url);', [(ImportKind.URL, "./a.png")]),
    "url_template.ts": ("new URL(`./a.png`, import.meta.url);", [(ImportKind.URL, "./a.png")]),
    "url_other_base.ts": ('new URL("./a.png", location.href); new URL("./b.png");', []),
    "url_ignored.ts": ('new URL(/* webpackIgnore: true */ "./a.png", import.meta.url);', []),
    "worker.ts": (
        'new Worker(new URL("./w.ts", import.meta.url), { type: "module" });',
        [(ImportKind.WORKER, "./w.ts")],
    ),
    "shared_worker.ts": (
        'new SharedWorker(new URL("./w.ts", import.meta.url));',
        [(ImportKind.WORKER, "./w.ts")],
    ),
    "service_worker.ts": (
        'navigator.serviceWorker.register(new URL("./w.ts", import.meta.url));',
        [(ImportKind.WORKER, "./w.ts")],
    ),
    "worker_string.ts": ('new Worker("./w.js");', []),
    "generic_arrow.tsx": ("const f = <T,>(a: T) => a;", []),
    "module.mts": ('import "x"; export {};', [(S, "x")]),
    "commonjs.cts": ('import a = require("x"); export = a;', [(Q, "x")]),
    "types.d.ts": ('import { A } from "x"; export * from "y";', [(T, "x"), (T, "y")]),
    "shebang.js": ('#!/usr/bin/env node\nimport "x";', [(S, "x")]),
    "bom.ts": ('\ufeffimport "x";', [(S, "x")]),
    "empty.ts": ("", []),
    "top_level_await.ts": ('await import("x");', [(D, "x")]),
    "sloppy.js": ('if (a) return; with (b) {} require("x");', [(Q, "x")]),
    "decorators.ts": ('import { d } from "x"; @d class A { @d accessor b = 1 }', [(S, "x")]),
    "enum.ts": ('const enum E { A } import "x";', [(S, "x")]),
    "crlf.ts": ('import "x";\r\nimport "y";', [(S, "x"), (S, "y")]),
    "data.json": ('{"import": "x"}', []),
    "picture.svg": ('<svg><image href="x"/></svg>', []),
    "import.css": ("@import \"a.css\"; @IMPORT 'b.css' screen;", [(C, "a.css"), (C, "b.css")]),
    "import_url.css": (
        '@import url(a.css) layer(x); @import url( "b.css" ) supports(display: grid) print;',
        [(C, "a.css"), (C, "b.css")],
    ),
    "import_remote.css": ('@import url(https://a.b/c.css); @import "//a.b/c.css";', []),
    "url.css": (".a { background: url(a.png), url('b.png') }", [(U, "a.png"), (U, "b.png")]),
    "url_escape.css": (r".a { background: url(a\ b.png) }", [(U, "a b.png")]),
    "url_skipped.css": (".a { a: url(data:x); b: url(#f); c: url(http://a/b); d: url() }", []),
    "url_query.css": (".a { src: url(a.eot?#iefix) }", [(U, "a.eot?#iefix")]),
    "url_variable.css": (":root { --a: url(a.png) }", [(U, "a.png")]),
    "url_comment.css": ("/* url(a.png) @import 'x' */ .a { content: 'url(b.png)' }", []),
    "image_set.css": (
        '.a { b: image-set("a.png" 1x, url(b.png) type("image/png")); }',
        [(U, "a.png"), (U, "b.png")],
    ),
    "namespace.css": ("@namespace svg url(a.svg);", []),
    "nested.css": (".a { .b & { mask: url(a.svg) } }", [(U, "a.svg")]),
    "unclosed.css": (".a { mask: url(a.svg)", [(U, "a.svg")]),
    "composes.module.css": ('.a { composes: b c from "./b.css"; }', [(C, "./b.css")]),
    "composes_global.module.css": (".a { composes: b from global; composes: c; }", []),
    "composes.css": ('.a { composes: b from "./b.css"; }', []),
    "value.module.css": ('@value a, b from "./b.css"; @value c: "d";', [(C, "./b.css")]),
    "icss.module.css": (':import("./b.css") { a: b }', [(C, "./b.css")]),
}


@pytest.fixture(scope="module")
def parsed(node: Node, tmp_path_factory: pytest.TempPathFactory) -> Any:
    sources = {name: source for name, (source, _) in CASES.items()}
    return node.parse(sources, tmp_path_factory.mktemp("parse"))


@pytest.mark.parametrize("name", CASES)
def test_finds_imports(parsed: Any, name: str) -> None:
    file = parsed[name]
    assert file.error is None
    assert [(found.kind, found.specifier) for found in file.imports] == CASES[name][1]


def test_tells_where(node: Node, tmp_path: Path) -> None:
    source = '\n/* ü𝒳 */ import "x";\r\n  require("y");\rimport("z");'
    (file,) = node.parse({"a.ts": source}, tmp_path).values()
    assert file.imports == (
        Import("x", ImportKind.STATIC, 2, 18),
        Import("y", ImportKind.REQUIRE, 3, 11),
        Import("z", ImportKind.DYNAMIC, 4, 8),
    )


def test_requests_in_try_are_optional(node: Node, tmp_path: Path) -> None:
    source = """
        try { require("a"); import("b"); (() => require("c"))() } catch { require("d") }
        import("e");
    """
    (file,) = node.parse({"a.js": source}, tmp_path).values()
    assert {found.specifier: found.optional for found in file.imports} == {
        "a": True,
        "b": True,
        "c": False,
        "d": False,
        "e": False,
    }


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("import(`./p/${a}.tsx`);", ("./p/", ".tsx"), id="template"),
        pytest.param("import(`./p/${a}/${b}`);", ("./p/", ""), id="two holes"),
        pytest.param('import("./p/" + a + ".tsx");', ("./p/", ".tsx"), id="sum"),
        pytest.param("require(`./p/${a}`);", ("./p/", ""), id="require"),
        pytest.param('require.context("./p", true, /x/);', ("./p/", ""), id="require.context"),
        pytest.param(
            'import.meta.webpackContext("./p/");', ("./p/", ""), id="import.meta.webpackContext"
        ),
    ],
)
def test_requests_with_holes(
    node: Node, tmp_path: Path, source: str, expected: tuple[str, str]
) -> None:
    (file,) = node.parse({"a.js": source}, tmp_path).values()
    assert [(found.kind, found.specifier, found.suffix) for found in file.imports] == [
        (ImportKind.CONTEXT, *expected)
    ]


@pytest.mark.parametrize(
    ("name", "source", "expected"),
    [
        pytest.param("a.tsx", "const a = <b/>;", True, id="self-closing"),
        pytest.param("a.tsx", "const a = <></>;", True, id="fragment"),
        pytest.param("a.jsx", "const a = <b>c</b>;", True, id="jsx"),
        pytest.param("a.js", "const a = <b>c< /b>;", True, id="js"),
        pytest.param("a.tsx", "const a = <b>{c}< /* d */ /b>;", True, id="comment in a tag"),
        pytest.param("a.tsx", 'const a = "<b/>"; // <c/>', False, id="string and comment"),
        pytest.param("a.tsx", "const a = <T,>(b: T) => 1 < 2 / 3 > 4;", False, id="comparison"),
        pytest.param("a.ts", "const a = <string>b; // </b>", False, id="type assertion"),
        pytest.param("a.tsx", "", False, id="empty"),
    ],
)
def test_tells_jsx(node: Node, tmp_path: Path, name: str, source: str, expected: bool) -> None:
    (file,) = node.parse({name: source}, tmp_path).values()
    assert file.error is None
    assert file.jsx is expected


def test_reads_jsx_pragmas(node: Node, tmp_path: Path) -> None:
    files = node.parse(
        {
            "a.tsx": "/** @jsxImportSource preact */ const a = <b/>;",
            "b.tsx": "/* @jsxRuntime classic */ const a = <b/>;",
            "c.tsx": 'const a = <b/>, c = "@jsxImportSource x";',
        },
        tmp_path,
    )
    assert [files[name].jsx_import_source for name in ("a.tsx", "b.tsx", "c.tsx")] == [
        "preact",
        None,
        None,
    ]
    assert files["b.tsx"].jsx_runtime == "classic"


def test_one_bad_file_does_not_stop_the_others(node: Node, tmp_path: Path) -> None:
    files = node.parse(
        {
            "bad.ts": 'import "x";\nconst = 1;',
            "missing.ts": None,
            "latin1.ts": b'const a = "\xe9";',
            "latin1.css": b"/* \xe9 */",
            "deep.js": "require" + "(" * 100_000,
            "flow.js": "// @flow\ntype A = {| a: ?string |};",
            "good.ts": 'import "y";',
        },
        tmp_path,
    )
    assert [found.specifier for found in files["good.ts"].imports] == ["y"]
    assert files["good.ts"].error is None
    error = files["bad.ts"].error
    assert isinstance(error, SyntaxProblem)
    assert (error.line, error.column) == (2, 7)
    assert files["missing.ts"].error is not None
    for name in ("latin1.ts", "latin1.css"):
        assert files[name].error == SyntaxProblem("The file is not valid UTF-8.", 1, 1)
    for name in ("deep.js", "flow.js"):
        assert files[name].error is not None


def test_output_is_the_same_for_any_order(node: Node, tmp_path: Path) -> None:
    sources = {f"{name}.ts": f'import "{name}";' for name in ("b", "a", "__proto__", "1")}
    first = node.parse_raw(sources, tmp_path / "one")
    second = node.parse_raw(dict(reversed(list(sources.items()))), tmp_path / "two")
    assert first == second
    assert set(json.loads(first)["files"]) == set(sources)

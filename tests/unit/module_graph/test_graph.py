from __future__ import annotations

from typing import Dict, List, Tuple, Union

import pytest

from module_federation.module_graph.closure import PackageUse, Problem, RemoteUse
from module_federation.module_graph.graph import ModuleGraph, resolve_file
from module_federation.module_graph.imports import (
    Import,
    ImportKind,
    ParsedFile,
    ParseOutputError,
    SyntaxProblem,
    parse_output,
)
from module_federation.module_graph.package_json import PackageManifest
from module_federation.module_graph.resolver import Resolver
from module_federation.module_graph.tsconfig import load_tsconfigs

Imports = Dict[str, List[Union[str, Tuple[str, ImportKind]]]]


def graph_of(
    sources: Imports,
    *,
    packages: dict[str, str] | None = None,
    others: tuple[str, ...] = (),
    tsconfigs: dict[str, bytes] | None = None,
    errors: tuple[str, ...] = (),
    jsx: tuple[str, ...] = (),
) -> ModuleGraph:
    """A graph of files given with their requests, one per line."""
    manifests = [
        PackageManifest.parse(path, text.encode()) for path, text in (packages or {}).items()
    ]
    resolver = Resolver({*sources, *others}, manifests, load_tsconfigs(tsconfigs or {}))
    resolved = []
    for path, requests in sources.items():
        imports = []
        for line, request in enumerate(requests, start=1):
            specifier, kind = (request, ImportKind.STATIC) if isinstance(request, str) else request
            imports.append(Import(specifier, kind, line, 8))
        error = SyntaxProblem("Unexpected token", 3, 4) if path in errors else None
        parsed = ParsedFile(path, tuple(imports), jsx=path in jsx, error=error)
        resolved.append(resolve_file(parsed, resolver, jsx_runtime="react/jsx-runtime"))
    return ModuleGraph.from_resolved(resolved)


def test_follows_files_in_circles() -> None:
    graph = graph_of({"a.ts": ["./b"], "b.ts": ["./c"], "c.ts": ["./a"], "d.ts": ["./a"]})
    assert graph.closure(["a.ts"]).files == ("a.ts", "b.ts", "c.ts")
    assert graph.closure(["d.ts", "a.ts"]).files == ("a.ts", "b.ts", "c.ts", "d.ts")


def test_graphs_of_equal_files_are_equal() -> None:
    sources: Imports = {"a.ts": ["./b"], "b.ts": []}
    one, same, other = graph_of(sources), graph_of(sources), graph_of({**sources, "b.ts": ["./a"]})
    assert one == same
    assert hash(one) == hash(same)
    assert one != other
    assert one != "a.ts"


def test_chains_are_shortest() -> None:
    graph = graph_of(
        {"a.ts": ["./b", "./d"], "b.ts": ["./c"], "c.ts": ["./d"], "d.ts": ["./e"], "e.ts": []}
    )
    closure = graph.closure(["a.ts"])
    assert closure.chain_to("e.ts") == ("a.ts", "d.ts", "e.ts")
    assert closure.chain_to("a.ts") == ("a.ts",)
    assert closure.chain_to("z.ts") == ()


def test_assets_are_leaves() -> None:
    graph = graph_of(
        {"a.ts": ["./a.css", "./data.json"], "a.css": [("./logo.svg", ImportKind.CSS_URL)]},
        others=("logo.svg", "data.json"),
    )
    assert graph.closure(["a.ts"]).files == ("a.css", "a.ts", "data.json", "logo.svg")


def test_types_have_no_part_in_a_bundle() -> None:
    graph = graph_of(
        {
            "a.ts": [
                ("./t", ImportKind.TYPE),
                ("react", ImportKind.TYPE),
                ("./no", ImportKind.TYPE),
            ],
            "t.ts": [],
        }
    )
    assert graph.closure(["a.ts"]).files == ("a.ts",)
    assert graph.closure(["a.ts"]).packages == ()
    with_types = graph.closure(["a.ts"], include_types=True)
    assert with_types.files == ("a.ts", "t.ts")
    assert [use.name for use in with_types.packages] == ["react"]
    assert with_types.problems == ()


def test_packages_are_used_by_someone_somewhere() -> None:
    graph = graph_of({"a.ts": ["./b", "react", "react", "react-dom/client"], "b.ts": ["react"]})
    assert graph.closure(["a.ts"]).packages == (
        PackageUse("react", ".", "react", "a.ts", 2),
        PackageUse("react", ".", "react", "b.ts", 1),
        PackageUse("react-dom", "./client", "react-dom/client", "a.ts", 4),
    )


def test_jsx_needs_its_runtime() -> None:
    graph = graph_of({"a.tsx": [], "b.ts": []}, jsx=("a.tsx",))
    (use,) = graph.closure(["a.tsx", "b.ts"]).packages
    assert (use.request, use.subpath, use.importer) == (
        "react/jsx-runtime",
        "./jsx-runtime",
        "a.tsx",
    )
    assert [item.implicit for item in graph.direct("a.tsx")] == [True]


@pytest.mark.parametrize(
    ("parsed", "runtime", "expected"),
    [
        pytest.param(
            ParsedFile("a.tsx", jsx=True),
            "react/jsx-dev-runtime",
            ["react/jsx-dev-runtime"],
            id="development",
        ),
        pytest.param(ParsedFile("a.tsx", jsx=True), None, [], id="none"),
        pytest.param(
            ParsedFile("a.tsx", jsx=True, jsx_runtime="classic"),
            "react/jsx-runtime",
            [],
            id="classic",
        ),
        pytest.param(
            ParsedFile("a.tsx", jsx=True, jsx_import_source="@emotion/react"),
            "react/jsx-runtime",
            ["@emotion/react/jsx-runtime"],
            id="pragma",
        ),
        pytest.param(
            ParsedFile("a.tsx", jsx=True, jsx_create_element=True),
            "react/jsx-runtime",
            ["react/jsx-runtime", "react"],
            id="createElement",
        ),
        pytest.param(
            ParsedFile(
                "a.tsx", jsx=True, jsx_create_element=True, jsx_import_source="@emotion/react"
            ),
            "react/jsx-runtime",
            ["@emotion/react/jsx-runtime", "@emotion/react"],
            id="createElement with pragma",
        ),
    ],
)
def test_jsx_runtime(parsed: ParsedFile, runtime: str | None, expected: list[str]) -> None:
    resolved = resolve_file(parsed, Resolver({"a.tsx"}, []), jsx_runtime=runtime)
    assert [item.found.specifier for item in resolved.imports] == expected


def test_aliases_for_the_bundler() -> None:
    graph = graph_of(
        {
            "app/a.ts": [
                "@x/ui",
                ("@x/ui", ImportKind.REQUIRE),
                "~/b",
                ("@x/ui/t", ImportKind.TYPE),
            ],
            "app/b.ts": [],
            "ui/esm.ts": [],
            "ui/cjs.ts": [],
            "ui/t.ts": [],
        },
        packages={
            "app/package.json": '{"name": "app"}',
            "ui/package.json": """{"name": "@x/ui", "exports": {
                ".": {"require": "./cjs.ts", "import": "./esm.ts"},
                "./t": "./t.ts"
            }}""",
        },
        tsconfigs={"app/tsconfig.json": b'{"compilerOptions": {"paths": {"~/*": ["./*"]}}}'},
    )
    closure = graph.closure(["app/a.ts"])
    assert closure.aliases == {"@x/ui": "ui/esm.ts"}
    assert closure.aliases_by_dependency == {"commonjs": {"@x/ui": "ui/cjs.ts"}}
    assert closure.path_aliases == {"app": {"~/b": "app/b.ts"}}
    assert [(use.package, use.file, use.line) for use in closure.first_party_requests] == [
        ("@x/ui", "ui/cjs.ts", 2),
        ("@x/ui", "ui/esm.ts", 1),
    ]


def test_a_remotes_code_is_never_entered() -> None:
    sources: Imports = {
        "shell/a.ts": [("cart/Page", ImportKind.DYNAMIC), ("./b?cart", ImportKind.STATIC)],
        "shell/b.ts": ["react", "cart"],
        "cart/Page.ts": ["left-pad"],
    }
    packages = {"cart/package.json": '{"name": "cart"}', "shell/package.json": '{"name": "shell"}'}
    graph = graph_of(sources, packages=packages)
    host = graph.closure(["shell/a.ts"], remotes={"cart"})
    assert host.files == ("shell/a.ts", "shell/b.ts")
    assert host.remotes == (
        RemoteUse("cart", ".", "cart", "shell/b.ts", 2),
        RemoteUse("cart", "./Page", "cart/Page", "shell/a.ts", 1),
    )
    assert host.problems == ()
    # The same graph serves a container that has no such remote.
    other = graph.closure(["shell/a.ts"])
    assert "cart/Page.ts" in other.files
    assert [problem.specifier for problem in other.problems] == ["cart"]


def test_problems_say_where() -> None:
    graph = graph_of({"a.ts": ["./b", "./gone"], "b.ts": []}, errors=("b.ts",))
    missing, syntax = graph.closure(["a.ts"]).problems
    assert isinstance(missing, Problem)
    assert str(missing).startswith(
        "a.ts:2:8: `./gone` cannot be resolved: there is no such file (tried gone, "
    )
    assert str(syntax) == "b.ts:3:4: Unexpected token"
    assert len(graph.problems("a.ts")) == 1
    assert graph.problems("unknown.ts") == ()


def test_closure_does_not_depend_on_order() -> None:
    sources: Imports = {"a.ts": ["./b", "./c"], "b.ts": ["x"], "c.ts": ["y", "./b"]}
    one = graph_of(sources).closure(["a.ts", "c.ts"])
    two = graph_of(dict(reversed(list(sources.items())))).closure(["c.ts", "a.ts", "a.ts"])
    assert one == two


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"", "cannot be read", id="empty"),
        pytest.param(b"[]", "cannot be read", id="array"),
        pytest.param(b'{"version": 2, "files": {}}', "version 2", id="version"),
        pytest.param(b'{"version": 1, "files": {"a": {}}}', "cannot be read", id="no fields"),
        pytest.param(
            b'{"version": 1, "files": {"a": {"error": null, "jsx": false, "imports":'
            b' [{"kind": "x", "specifier": "", "line": 1, "column": 1}]}}}',
            "cannot be read",
            id="kind",
        ),
    ],
)
def test_parse_output_refuses(content: bytes, expected: str) -> None:
    with pytest.raises(ParseOutputError, match=expected):
        parse_output(content)

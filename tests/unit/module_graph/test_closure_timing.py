"""When a container asks for what it reaches, and how it gets into other packages."""

from __future__ import annotations

import pytest

from module_federation.module_graph.closure import CrossingUse
from module_federation.module_graph.imports import ImportKind
from unit.module_graph.test_graph import Imports, graph_of

LIBRARY = {
    "app/package.json": '{"name": "@x/app"}',
    "store/package.json": '{"name": "@x/store", "exports": "./index.ts"}',
}


@pytest.mark.parametrize(
    ("kind", "is_deferred"),
    [
        (ImportKind.STATIC, False),
        (ImportKind.REEXPORT, False),
        (ImportKind.REQUIRE, False),
        (ImportKind.DYNAMIC, True),
        (ImportKind.WORKER, True),
    ],
    ids=lambda value: value.value if isinstance(value, ImportKind) else "",
)
def test_what_is_behind_an_import_call_comes_later(kind: ImportKind, is_deferred: bool) -> None:
    graph = graph_of({"a.ts": [("./b", kind)], "b.ts": ["react"]})
    (use,) = graph.closure(["a.ts"]).packages
    assert use.deferred is is_deferred
    direct = graph_of({"a.ts": [("react", kind)]}).closure(["a.ts"]).packages
    assert [each.deferred for each in direct] == [is_deferred]


def test_a_folder_of_modules_comes_later() -> None:
    graph = graph_of(
        {"a.ts": [("./pages/", ImportKind.CONTEXT)], "pages/home.ts": ["react", "@x/ui"]},
        packages={"ui/package.json": '{"name": "@x/ui", "exports": "./i.ts"}'},
        others=("ui/i.ts",),
    )
    closure = graph.closure(["a.ts"])
    assert [use.deferred for use in closure.packages] == [True]
    assert [use.deferred for use in closure.first_party_requests] == [True]


def test_one_way_at_the_start_is_enough() -> None:
    sources: Imports = {
        "a.ts": [("./later", ImportKind.DYNAMIC), "./now"],
        "later.ts": ["./shared", "dayjs"],
        "now.ts": ["./shared"],
        "shared.ts": [("react", ImportKind.DYNAMIC), "react"],
    }
    deferred = {use.name: use.deferred for use in graph_of(sources).closure(["a.ts"]).packages}
    assert deferred == {"dayjs": True, "react": False}


def test_only_some_entries_run_at_the_start() -> None:
    graph = graph_of({"main.ts": ["react"], "exposed.ts": ["dayjs"]})
    entries = ["exposed.ts", "main.ts"]
    at_once = graph.closure(entries, starts=frozenset(["main.ts"])).packages
    assert {use.name: use.deferred for use in at_once} == {"dayjs": True, "react": False}
    assert not any(use.deferred for use in graph.closure(entries).packages)
    assert graph.closure(entries).entries == ("exposed.ts", "main.ts")


def test_paths_that_cross_into_another_package() -> None:
    graph = graph_of(
        {
            "app/a.ts": [
                "../store/cart",
                "@x/store",
                "~store/cart",
                "./b",
                ("../store/types", ImportKind.TYPE),
            ],
            "app/b.ts": [],
            "store/index.ts": ["./cart"],
            "store/cart.ts": [],
            "store/types.ts": [],
        },
        packages=LIBRARY,
        tsconfigs={"app/tsconfig.json": b'{"compilerOptions": {"paths": {"~*": ["../*"]}}}'},
    )
    closure = graph.closure(["app/a.ts"])
    assert closure.crossings == (
        CrossingUse("@x/store", "../store/cart", "store/cart.ts", "app/a.ts", 1),
        CrossingUse("@x/store", "~store/cart", "store/cart.ts", "app/a.ts", 3),
    )


def test_code_that_is_left_out_is_not_followed() -> None:
    graph = graph_of(
        {"app/a.ts": ["@x/store", "./b"], "app/b.ts": [], "store/index.ts": ["dayjs"]},
        packages=LIBRARY,
    )
    closure = graph.closure(["app/a.ts"], left_out={"@x/store"})
    assert closure.files == ("app/a.ts", "app/b.ts")
    assert [use.request for use in closure.first_party_requests] == ["@x/store"]
    assert closure.packages == ()

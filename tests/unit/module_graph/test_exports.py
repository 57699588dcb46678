from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from module_federation.module_graph.exports import ExportsError, resolve_exports, resolve_imports

ESM = frozenset(("import", "browser"))


@pytest.mark.parametrize(
    ("exports", "subpath", "expected"),
    [
        pytest.param("./a.js", ".", "./a.js", id="string"),
        pytest.param({".": "./a.js"}, ".", "./a.js", id="main"),
        pytest.param({"import": "./a.js", "default": "./b.js"}, ".", "./a.js", id="conditions"),
        pytest.param({"require": "./a.js", "default": "./b.js"}, ".", "./b.js", id="default"),
        pytest.param({"default": "./b.js", "import": "./a.js"}, ".", "./b.js", id="order counts"),
        pytest.param(
            {"browser": {"require": "./a.js"}, "import": "./b.js"}, ".", "./b.js", id="nested"
        ),
        pytest.param({"./a": "./src/a.ts"}, "./a", "./src/a.ts", id="subpath"),
        pytest.param({"./*": "./src/*.ts"}, "./a/b", "./src/a/b.ts", id="pattern"),
        pytest.param({"./*.css": "./c/*/*.css"}, "./a.css", "./c/a/a.css", id="two stars"),
        pytest.param({"./*": "./x/*", "./a/*": "./y/*"}, "./a/b", "./y/b", id="longest"),
        pytest.param({"./a*": "./x/*", "./a*b": "./y/*"}, "./acb", "./y/c", id="longest tail"),
        pytest.param({"./a": "./x", "./*": "./y/*"}, "./a", "./x", id="exact first"),
        pytest.param({"./lib/": "./src/"}, "./lib/a.js", "./src/a.js", id="folder"),
        pytest.param(["../a", "./b.js"], ".", "./b.js", id="array skips invalid"),
        pytest.param([{"require": "./a"}, "./b.js"], ".", "./b.js", id="array skips no match"),
        pytest.param({"./__proto__": "./p.js"}, "./__proto__", "./p.js", id="prototype name"),
    ],
)
def test_exports(exports: Any, subpath: str, expected: str) -> None:
    assert resolve_exports(exports, subpath, ESM) == expected


@pytest.mark.parametrize(
    ("exports", "subpath", "expected"),
    [
        pytest.param({".": "./a.js"}, "./b", "no entry for `./b`", id="not exported"),
        pytest.param("./a.js", "./b", "no entry for `./b`", id="main only"),
        pytest.param(None, ".", "no entry", id="null"),
        pytest.param({"./a/*": None, "./*": "./x/*"}, "./a/b", "no entry", id="excluded"),
        pytest.param({"import": None, "default": "./a"}, ".", "no entry", id="null condition"),
        pytest.param({"require": "./a"}, ".", "no entry", id="no condition"),
        pytest.param([], ".", "no entry", id="empty array"),
        pytest.param({".": "./a", "import": "./b"}, ".", "mixes", id="mixed"),
        pytest.param("a.js", ".", "does not start with `./`", id="bare"),
        pytest.param("../a.js", ".", "does not start with `./`", id="parent"),
        pytest.param("/a.js", ".", "does not start with `./`", id="absolute"),
        pytest.param("./../a.js", ".", "leaves the package", id="dots"),
        pytest.param("./a/%2e%2E/b", ".", "leaves the package", id="encoded dots"),
        pytest.param("./node_modules/a", ".", "leaves the package", id="node_modules"),
        pytest.param({"./*": "./x/*"}, "./../a", "may stand for", id="dots in the match"),
        pytest.param({"./*": "./*"}, "./node_modules/a", "may stand for", id="match enters"),
        pytest.param({"./*": "./*"}, "./a/", "is a folder", id="trailing slash"),
        pytest.param({"0": "./a"}, ".", "is a number", id="number"),
        pytest.param({".": 1}, ".", "is not a target", id="wrong type"),
    ],
)
def test_exports_refuses(exports: Any, subpath: str, expected: str) -> None:
    with pytest.raises(ExportsError) as caught:
        resolve_exports(exports, subpath, ESM)
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("imports", "request_", "expected"),
    [
        pytest.param({"#a": "./a.js"}, "#a", "./a.js", id="file"),
        pytest.param({"#a": "pkg/sub"}, "#a", "pkg/sub", id="package"),
        pytest.param({"#a/*": "./src/*.ts"}, "#a/b", "./src/b.ts", id="pattern"),
        pytest.param({"#a": {"import": "./x", "default": "./y"}}, "#a", "./x", id="conditions"),
    ],
)
def test_imports(imports: Any, request_: str, expected: str) -> None:
    assert resolve_imports(imports, request_, ESM) == expected


@pytest.mark.parametrize(
    ("imports", "request_"),
    [
        ({}, "#a"),
        (None, "#a"),
        ({"#a": "../x"}, "#a"),
        ({"#a": "node:fs"}, "#a"),
        ({"#": "./a"}, "#"),
    ],
)
def test_imports_refuses(imports: Any, request_: str) -> None:
    with pytest.raises(ExportsError):
        resolve_imports(imports, request_, ESM)


PIECES = st.sampled_from(
    ["./", "../", "a", "*", "/", "node_modules", "%2e", "\\", ".", "#", "import", "default", ""]
)
TEXT = st.lists(PIECES, max_size=5).map("".join)
TARGETS = st.recursive(
    TEXT | st.none() | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


@given(TARGETS, TEXT)
def test_never_leaves_the_package(exports: Any, subpath: str) -> None:
    try:
        target = resolve_exports(exports, f"./{subpath}", ESM)
    except ExportsError:
        return
    assert target.startswith("./")
    assert not {"..", "node_modules"} & set(target[2:].split("/"))

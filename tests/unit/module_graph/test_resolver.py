from __future__ import annotations

import json
import time
from typing import Any, Tuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from module_federation.module_graph.imports import ImportKind
from module_federation.module_graph.package_json import PackageManifest
from module_federation.module_graph.resolution import (
    FileModule,
    Ignored,
    PackageModule,
    RemoteModule,
    Resolution,
    Unresolved,
)
from module_federation.module_graph.resolver import DuplicatePackageError, Resolver
from module_federation.module_graph.tsconfig import load_tsconfigs

FILES = frozenset(
    [
        "apps/cart/src/App.tsx",
        "apps/cart/src/App.css",
        "apps/cart/src/logo.svg",
        "apps/cart/src/util/index.ts",
        "apps/cart/src/util.ts",
        "apps/cart/src/esm.mts",
        "apps/cart/src/data.json",
        "apps/cart/src/types.d.ts",
        "apps/cart/src/a#b.ts",
        "apps/cart/src/__proto__.ts",
        "apps/cart/src/both.js",
        "apps/cart/src/both.ts",
        "apps/cart/src/pages/Home.tsx",
        "apps/cart/src/pages/deep/Page.tsx",
        "apps/cart/src/pages/home.css",
        "libs/ui/src/index.ts",
        "libs/ui/src/Button.tsx",
        "libs/ui/src/theme.css",
        "libs/ui/src/cjs.cjs",
        "libs/ui/src/server.ts",
        "libs/ui/src/client.ts",
        "libs/plain/index.js",
        "libs/plain/lib/a.js",
        "libs/main/src/m.ts",
        "libs/main/src/b.ts",
        "outside.ts",
    ]
)


def manifest(directory: str, **fields: Any) -> PackageManifest:
    return PackageManifest.parse(f"{directory}/package.json", json.dumps(fields).encode())


PACKAGES = [
    manifest("apps/cart", name="@shop/cart", imports={"#util": "./src/util.ts", "#ui": "@shop/ui"}),
    manifest(
        "libs/ui",
        name="@shop/ui",
        browser={"./src/server.ts": "./src/client.ts", "fs": False, "./src/none.ts": False},
        exports={
            ".": {"require": "./src/cjs.cjs", "default": "./src/index.ts"},
            "./theme.css": "./src/theme.css",
            "./*": "./src/*.tsx",
            "./internal/*": None,
        },
    ),
    manifest("libs/plain", name="plain"),
    manifest("libs/main", name="main", main="./lib/m.js", module="src/m"),
]
TSCONFIGS = load_tsconfigs(
    {
        "apps/cart/tsconfig.json": b"""{"compilerOptions": {
            "paths": {"~/*": ["./src/*"], "plain": ["./src/util"]}
        }}""",
        "tsconfig.json": b'{"compilerOptions": {"baseUrl": "."}}',
    }
)
APP = "apps/cart/src/App.tsx"
STYLE = "apps/cart/src/App.css"


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    return Resolver(FILES, PACKAGES, TSCONFIGS)


@pytest.mark.parametrize(
    ("specifier", "path"),
    [
        pytest.param("./App", APP, id="extension"),
        pytest.param("./util", "apps/cart/src/util.ts", id="file before folder"),
        pytest.param("./util/", "apps/cart/src/util/index.ts", id="folder"),
        pytest.param("./esm.mjs", "apps/cart/src/esm.mts", id="mjs for mts"),
        pytest.param("./App.js", APP, id="js for tsx"),
        pytest.param("./both.js", "apps/cart/src/both.ts", id="js for ts before js"),
        pytest.param("./logo.svg?url", "apps/cart/src/logo.svg", id="query"),
        pytest.param("./logo.svg#part", "apps/cart/src/logo.svg", id="fragment"),
        pytest.param("!!raw-loader!./App", APP, id="inline loader"),
        pytest.param("./data", "apps/cart/src/data.json", id="json"),
        pytest.param("./__proto__", "apps/cart/src/__proto__.ts", id="prototype name"),
        pytest.param("././/util/../util", "apps/cart/src/util.ts", id="untidy"),
        pytest.param("../../../outside", "outside.ts", id="another package's file"),
    ],
)
def test_relative(resolver: Resolver, specifier: str, path: str) -> None:
    assert resolver.resolve(APP, specifier, ImportKind.STATIC) == FileModule(path)


@pytest.mark.parametrize(
    ("specifier", "kind", "path"),
    [
        pytest.param("@shop/ui", ImportKind.STATIC, "libs/ui/src/index.ts", id="import"),
        pytest.param("@shop/ui", ImportKind.REQUIRE, "libs/ui/src/cjs.cjs", id="require"),
        pytest.param("@shop/ui/Button", ImportKind.DYNAMIC, "libs/ui/src/Button.tsx", id="pattern"),
        pytest.param(
            "@shop/ui/theme.css", ImportKind.CSS_IMPORT, "libs/ui/src/theme.css", id="css"
        ),
        pytest.param("main", ImportKind.STATIC, "libs/main/src/m.ts", id="module before main"),
        pytest.param("plain/lib/a", ImportKind.STATIC, "libs/plain/lib/a.js", id="subpath"),
        pytest.param(
            "@shop/cart/src/util", ImportKind.STATIC, "apps/cart/src/util.ts", id="itself"
        ),
    ],
)
def test_first_party(resolver: Resolver, specifier: str, kind: ImportKind, path: str) -> None:
    name = "/".join(specifier.split("/")[: 2 if specifier.startswith("@") else 1])
    found = resolver.resolve(APP, specifier, kind)
    assert found == FileModule(path, request=specifier, via_package=name)


def test_internal_imports(resolver: Resolver) -> None:
    assert resolver.resolve(APP, "#util", ImportKind.STATIC) == FileModule("apps/cart/src/util.ts")
    assert resolver.resolve(APP, "#ui", ImportKind.STATIC) == FileModule(
        "libs/ui/src/index.ts", request="@shop/ui", via_package="@shop/ui"
    )
    missing = resolver.resolve(APP, "#none", ImportKind.STATIC)
    assert isinstance(missing, Unresolved)
    assert "apps/cart/package.json" in missing.reason


def test_paths_of_the_nearest_tsconfig(resolver: Resolver) -> None:
    util = FileModule("apps/cart/src/util.ts", request="~/util", via_paths="apps/cart")
    assert resolver.resolve(APP, "~/util", ImportKind.STATIC) == util
    # `paths` come before packages, but only where they apply.
    inside = resolver.resolve(APP, "plain", ImportKind.STATIC)
    assert inside == FileModule("apps/cart/src/util.ts", request="plain", via_paths="apps/cart")
    outside = resolver.resolve("libs/ui/src/index.ts", "plain", ImportKind.STATIC)
    assert outside == FileModule("libs/plain/index.js", request="plain", via_package="plain")
    # The repository's own tsconfig.json does not reach into packages.
    ui = resolver.resolve("libs/ui/src/index.ts", "libs/plain", ImportKind.STATIC)
    assert ui == PackageModule("libs", "./plain", "libs/plain")


@pytest.mark.parametrize(
    ("specifier", "expected"),
    [
        pytest.param("react", PackageModule("react", ".", "react"), id="plain"),
        pytest.param(
            "react-dom/client",
            PackageModule("react-dom", "./client", "react-dom/client"),
            id="subpath",
        ),
        pytest.param("@a/b/c/d", PackageModule("@a/b", "./c/d", "@a/b/c/d"), id="scoped"),
        pytest.param("pkg/a.css?x", PackageModule("pkg", "./a.css", "pkg/a.css"), id="query"),
        pytest.param("events/", PackageModule("events", ".", "events/"), id="slash"),
        pytest.param(
            "constructor", PackageModule("constructor", ".", "constructor"), id="prototype"
        ),
    ],
)
def test_third_party(resolver: Resolver, specifier: str, expected: PackageModule) -> None:
    assert resolver.resolve(APP, specifier, ImportKind.STATIC) == expected


def test_browser_field(resolver: Resolver) -> None:
    ui = "libs/ui/src/index.ts"
    assert resolver.resolve(ui, "./server", ImportKind.STATIC) == FileModule(
        "libs/ui/src/client.ts"
    )
    assert isinstance(resolver.resolve(ui, "fs", ImportKind.STATIC), Ignored)
    assert isinstance(resolver.resolve(ui, "./none", ImportKind.STATIC), Ignored)
    assert resolver.resolve(ui, "./server", ImportKind.URL) == FileModule("libs/ui/src/server.ts")


@pytest.mark.parametrize(
    ("importer", "specifier", "kind"),
    [
        pytest.param(APP, "node:fs", ImportKind.STATIC, id="node"),
        pytest.param(APP, "data:text/javascript,1", ImportKind.STATIC, id="data"),
        pytest.param(APP, "https://a.b/c.js", ImportKind.STATIC, id="https"),
        pytest.param(STYLE, "#icon", ImportKind.CSS_URL, id="fragment"),
        pytest.param(STYLE, "//a.b/c.png", ImportKind.CSS_URL, id="no scheme"),
    ],
)
def test_ignored(resolver: Resolver, importer: str, specifier: str, kind: ImportKind) -> None:
    assert isinstance(resolver.resolve(importer, specifier, kind), Ignored)


@pytest.mark.parametrize(
    ("importer", "specifier", "kind", "path"),
    [
        pytest.param(STYLE, "logo.svg", ImportKind.CSS_URL, "apps/cart/src/logo.svg", id="css url"),
        pytest.param(
            STYLE, "pages/home.css", ImportKind.CSS_IMPORT, "apps/cart/src/pages/home.css", id="css"
        ),
        pytest.param(APP, "logo.svg", ImportKind.URL, "apps/cart/src/logo.svg", id="new URL"),
        pytest.param(APP, "util", ImportKind.WORKER, "apps/cart/src/util.ts", id="worker"),
    ],
)
def test_relative_first(
    resolver: Resolver, importer: str, specifier: str, kind: ImportKind, path: str
) -> None:
    assert resolver.resolve(importer, specifier, kind) == FileModule(path)


def test_tilde_in_style_sheets_is_a_package(resolver: Resolver) -> None:
    found = resolver.resolve(STYLE, "~@fontsource/inter/400.css", ImportKind.CSS_IMPORT)
    assert found == PackageModule("@fontsource/inter", "./400.css", "@fontsource/inter/400.css")


@pytest.mark.parametrize(
    ("specifier", "reason"),
    [
        pytest.param("./nope", "no such file", id="missing"),
        pytest.param("../../../../x", "out of the repository", id="above the repository"),
        pytest.param("../../../../repo/outside", "out of the repository", id="out and back"),
        pytest.param("/etc/passwd", "absolute", id="absolute"),
        pytest.param("C:\\x", "separated by `/`", id="windows"),
        pytest.param("C:/x", "no way to load", id="drive"),
        pytest.param("file:///x", "no way to load", id="file address"),
        pytest.param(".\\util", "separated by `/`", id="backslash"),
        pytest.param("", "empty", id="empty"),
        pytest.param("@scope", "package's name", id="scope only"),
        pytest.param("@/x", "package's name", id="empty scope"),
        pytest.param(".hidden", "package's name", id="dot"),
        pytest.param("./a\0b", "not a path", id="nul"),
        pytest.param("@shop/ui/internal/x", "no entry for `./internal/x`", id="excluded"),
        pytest.param("@shop/ui/Nope", "no such file", id="exported but missing"),
        pytest.param("plain/../ui/src/index", "out of the package", id="out of the package"),
    ],
)
def test_unresolved(specifier: str, reason: str) -> None:
    found = Resolver(FILES, PACKAGES).resolve(APP, specifier, ImportKind.STATIC)
    assert isinstance(found, Unresolved)
    assert reason in found.reason


def test_unresolved_says_what_was_tried(resolver: Resolver) -> None:
    found = resolver.resolve(APP, "./nope", ImportKind.STATIC)
    assert isinstance(found, Unresolved)
    assert found.tried[:3] == tuple(f"apps/cart/src/nope{end}" for end in ("", ".tsx", ".ts"))
    assert len(found.tried) == len(set(found.tried))


def test_type_imports_see_declarations(resolver: Resolver) -> None:
    found = resolver.resolve(APP, "./types", ImportKind.TYPE)
    assert found == FileModule("apps/cart/src/types.d.ts")
    assert isinstance(resolver.resolve(APP, "./types", ImportKind.STATIC), Unresolved)


@pytest.mark.parametrize(
    ("specifier", "expected"),
    [
        ("cart", RemoteModule("cart", ".", "cart")),
        ("cart/Page", RemoteModule("cart", "./Page", "cart/Page")),
        ("cart/deep/Page", RemoteModule("cart", "./deep/Page", "cart/deep/Page")),
        ("@shop/ui/Button", RemoteModule("@shop/ui", "./Button", "@shop/ui/Button")),
        ("cartoon", PackageModule("cartoon", ".", "cartoon")),
    ],
)
def test_remotes_come_first(specifier: str, expected: Any) -> None:
    resolver = Resolver(FILES, PACKAGES, TSCONFIGS, remotes={"cart", "@shop/ui"})
    assert resolver.resolve(APP, specifier, ImportKind.DYNAMIC) == expected


def test_context(resolver: Resolver) -> None:
    def paths(prefix: str, suffix: str) -> list[str]:
        found = resolver.context(APP, prefix, suffix)
        return [item.path for item in found if isinstance(item, FileModule)]

    pages = "apps/cart/src/pages"
    assert paths("./pages/", ".tsx") == [f"{pages}/Home.tsx", f"{pages}/deep/Page.tsx"]
    assert paths("./pages/H", "") == [f"{pages}/Home.tsx"]
    assert APP not in paths("./", "")
    assert isinstance(resolver.context(APP, "../../../../", "")[0], Unresolved)


OUT_OF_PACKAGE = (Unresolved("the path leads out of the package"),)


@pytest.mark.parametrize(
    ("prefix", "suffix", "expected"),
    [
        pytest.param("plain/lib/", ".js", (FileModule("libs/plain/lib/a.js"),), id="first-party"),
        pytest.param(
            "plain/",
            "",
            (FileModule("libs/plain/index.js"), FileModule("libs/plain/lib/a.js")),
            id="a whole package",
        ),
        pytest.param(
            "plain/../main/", "", (Unresolved("the path leads out of the package"),), id="out"
        ),
        pytest.param(
            "@shop/ui/",
            ".tsx",
            (Unresolved("libs/ui/package.json: `exports` cannot answer a whole folder"),),
            id="exports",
        ),
        pytest.param("lodash/f", ".js", (PackageModule("lodash", ".", "lodash"),), id="installed"),
        pytest.param("lodash", "", (), id="no folder"),
        pytest.param("@shop/", "", (), id="half a name"),
    ],
)
def test_context_of_a_package(
    resolver: Resolver, prefix: str, suffix: str, expected: Tuple[Resolution, ...]
) -> None:
    assert resolver.context(APP, prefix, suffix) == expected


def test_two_packages_of_one_name() -> None:
    with pytest.raises(DuplicatePackageError, match=r"a/package\.json and b/package\.json: both"):
        Resolver(FILES, [manifest("b", name="x"), manifest("a", name="x")])


PIECES = st.sampled_from(
    ["./", "../", "/", ".", "..", "a", "src", "@shop/ui", "plain", "main", "~", "#", "?", "!", "\\",
     "\0", "%2e", ":", "node:", "*", " ", "\ud800", "libs/", "util", "apps", "cart", ".js"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=7).map("".join), st.sampled_from(ImportKind))
def test_never_fails_and_stays_among_the_files(specifier: str, kind: ImportKind) -> None:
    resolver = Resolver(FILES, PACKAGES, TSCONFIGS)
    for importer in (APP, "outside.ts", "libs/ui/src/index.ts"):
        found = resolver.resolve(importer, specifier, kind)
        if isinstance(found, FileModule):
            assert found.path in FILES
        for item in resolver.context(importer, specifier, ""):
            assert not isinstance(item, FileModule) or item.path in FILES


def test_forty_thousand_resolutions_are_quick() -> None:
    files = frozenset(f"pkg{i // 100}/src/file{i}.ts" for i in range(5000))
    packages = [manifest(f"pkg{i}", name=f"@x/pkg{i}") for i in range(50)]
    resolver = Resolver(files, packages)
    requests = [
        (
            f"pkg{i // 100}/src/file{i}.ts",
            f"../../pkg{(i * 7 + k) % 50}/src/file{((i * 7 + k) % 50) * 100 + k}",
        )
        for i in range(5000)
        for k in range(8)
    ]
    start = time.process_time()
    found = [
        resolver.resolve(importer, request, ImportKind.STATIC) for importer, request in requests
    ]
    spent = time.process_time() - start
    assert all(isinstance(item, FileModule) for item in found)
    # Budget: 0.3 s on a quiet machine; a busy one gets some more.
    assert spent < 1.0

"""Bundles: what is in them, that they are the same everywhere, and what stops them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Mapping

import pytest
from pants.engine.fs import Digest, DigestContents, Snapshot
from pants.testutil.rule_runner import RuleRunner

from module_federation import bundler_files
from module_federation.goals.package import PackagedContainer, PackagedContainerRequest
from module_federation.util_rules.bundle import Bundle, BundleRequest
from module_federation.util_rules.slices import ContainerSlice, ContainerSliceRequest
from rules import small_shop
from rules.runner import address, federation_runner, message_of
from rules.small_shop import CART, SHELL, UI

HOST = f"{SHELL}:host"
REMOTE = f"{CART}:remote"

with_both_bundlers = pytest.mark.parametrize("bundler", ["rspack", "webpack"])


def bundle(runner: RuleRunner, spec: str) -> dict[str, bytes]:
    """File → content of one container's bundle."""
    made = runner.request(Bundle, [BundleRequest(address(spec))])
    return {file.path: file.content for file in runner.request(DigestContents, [made.digest])}


def bundles(
    changes: Mapping[str, str | None] | None = None, *options: str
) -> dict[str, dict[str, bytes]]:
    runner = federation_runner(small_shop.files(changes), options=options)
    return {spec: bundle(runner, spec) for spec in (HOST, REMOTE)}


def option(bundler: str) -> str:
    return f"--module-federation-bundler={bundler}"


@with_both_bundlers
def test_a_remote(bundler: str) -> None:
    files = bundles(None, option(bundler))[REMOTE]
    assert {"remoteEntry.js", "mf-manifest.json"} < set(files)
    assert "mf-stats.json" not in files
    assert all(
        name.startswith("static/")
        for name in set(files) - {"remoteEntry.js", "mf-contract.json", "mf-manifest.json"}
    )
    manifest = json.loads(files["mf-manifest.json"])
    assert manifest["name"] == "shop__cart"
    assert [item["name"] for item in manifest["exposes"]] == ["Cart"]
    assert manifest["metaData"]["publicPath"] == "auto"
    assert any(name.endswith(".css") for name in files)
    assert any(name.endswith(".svg") for name in files)


@with_both_bundlers
def test_a_host(bundler: str) -> None:
    files = bundles(None, option(bundler))[HOST]
    assert {"index.html", "mf-manifest.json"} < set(files)
    html = files["index.html"].decode()
    (script,) = [name for name in files if name.startswith("static/js/main.")]
    assert f'src="{script}"' in html
    assert "<title>@shop/shell</title>" in html
    manifest = json.loads(files["mf-manifest.json"])
    assert {remote["entry"] for remote in manifest["remotes"]} == {
        "../../shop.apps.cart/remote/mf-manifest.json"
    }


def test_a_target_has_its_own_bundler() -> None:
    build = small_shop.BUILD_FILES[f"{CART}/BUILD"]
    runner = federation_runner(
        small_shop.files(
            {f"{CART}/BUILD": build.replace("exposes=", 'bundler="webpack", exposes=')}
        )
    )
    tools = {
        spec: runner.request(Bundle, [BundleRequest(address(spec))]).contract.tools
        for spec in (HOST, REMOTE)
    }
    assert {spec: "webpack" in names for spec, names in tools.items()} == {
        HOST: False,
        REMOTE: True,
    }
    assert {spec: "@rspack/core" in names for spec, names in tools.items()} == {
        HOST: True,
        REMOTE: False,
    }


@with_both_bundlers
def test_an_own_page(bundler: str) -> None:
    page = (
        "<!doctype html><html><head><title>Ours</title></head>"
        '<body><main id="root"></main></body></html>'
    )
    files = bundles(
        {
            f"{SHELL}/index.html": page,
            f"{SHELL}/BUILD": small_shop.BUILD_FILES[f"{SHELL}/BUILD"].replace(
                "remotes=", 'html="index.html", remotes='
            ),
        },
        option(bundler),
    )[HOST]
    html = files["index.html"].decode()
    assert "<title>Ours</title>" in html
    assert '<main id="root">' in html
    assert "static/js/main." in html


def test_unreached_sources_and_packages_are_no_inputs() -> None:
    """`cart` alone imports `clsx`; nobody imports `unused.ts`."""
    made = bundles()
    assert not any(b"NeverReached" in content for content in made[REMOTE].values())
    runner = federation_runner(small_shop.files())

    def packages(spec: str) -> set[str]:
        found = runner.request(ContainerSlice, [ContainerSliceRequest(address(spec))])
        return {place.split("node_modules/")[1] for place in found.node_modules}

    assert packages(REMOTE) == {"clsx", "react"}
    assert packages(HOST) == {"react", "react-dom", "scheduler"}


def test_containers_share_one_tree_for_each_package() -> None:
    """So Pants lays `react` out once, though the two can reach different packages."""
    runner = federation_runner(small_shop.files())

    def trees(spec: str) -> Mapping[str, Digest]:
        asked = ContainerSliceRequest(address(spec))
        return runner.request(ContainerSlice, [asked]).node_modules

    remote, host = trees(REMOTE), trees(HOST)
    (common,) = remote.keys() & host.keys()
    assert common == "shop/node_modules/react"
    assert remote[common] == host[common]
    assert "package.json" in runner.request(Snapshot, [remote[common]]).files


@with_both_bundlers
def test_development_mode(bundler: str) -> None:
    files = bundles(None, "--module-federation-mode=development", option(bundler))[REMOTE]
    manifest = json.loads(files["mf-manifest.json"])
    assert "react/jsx-dev-runtime" in {item["name"] for item in manifest["shared"]}
    assert any(
        b'fileName: "shop/apps/cart/src/Cart.tsx"' in each for each in files.values()
    ) or any(b'fileName: \\"shop/apps/cart/src/Cart.tsx\\"' in each for each in files.values())
    assert not any(b"pants-sandbox" in each for each in files.values())


@pytest.mark.parametrize(
    ("source_maps", "made", "named"),
    [
        pytest.param("off", False, False, id="off"),
        pytest.param("hidden", True, False, id="hidden"),
        pytest.param("on", True, True, id="on"),
    ],
)
@with_both_bundlers
def test_source_maps(source_maps: str, made: bool, named: bool, bundler: str) -> None:
    build = small_shop.BUILD_FILES[f"{CART}/BUILD"]
    changes = {f"{CART}/BUILD": build.replace("exposes=", f'source_maps="{source_maps}", exposes=')}
    files = bundle(federation_runner(small_shop.files(changes), options=[option(bundler)]), REMOTE)
    assert any(name.endswith(".map") for name in files) is made
    scripts = [content for name, content in files.items() if name.endswith(".js")]
    assert any(b"//# sourceMappingURL" in content for content in scripts) is named


@with_both_bundlers
def test_the_same_bytes_in_every_directory(tmp_path: Path, bundler: str) -> None:
    """Two caches, two sandbox folders of different length, source maps and manifests included."""

    def build(name: str) -> dict[str, dict[str, bytes]]:
        folder = tmp_path / name
        folder.mkdir(parents=True)
        runner = federation_runner(
            small_shop.files(
                {
                    path: content.replace('="host"', '="host", source_maps="on"').replace(
                        '="remote"', '="remote", source_maps="on"'
                    )
                    for path, content in small_shop.BUILD_FILES.items()
                }
            ),
            options=[option(bundler)],
            bootstrap_args=[
                f"--local-store-dir={folder}/store",
                f"--named-caches-dir={folder}/named",
                f"--local-execution-root-dir={folder}",
            ],
        )
        return {spec: bundle(runner, spec) for spec in (HOST, REMOTE)}

    one, two = build("a"), build("another/folder-with-a-longer-name")
    assert one == two
    for files in one.values():
        assert any(name.endswith(".map") for name in files)
        for name, content in files.items():
            assert str(tmp_path).encode() not in content, name


def test_minified_chunks_are_found_again_in_another_sandbox(tmp_path: Path) -> None:
    """In a named cache. Its folder's name makes the sources ones that no process has seen yet; what
    is added for the second build is no code."""

    def build(addition: str) -> dict[str, bytes]:
        cart = f"{small_shop.SOURCES[f'{CART}/src/Cart.tsx']}\nexport const at = '{tmp_path}';\n"
        runner = federation_runner(
            small_shop.files({f"{CART}/src/Cart.tsx": f"{cart}{addition}"}),
            bootstrap_args=[f"--named-caches-dir={tmp_path}"],
        )
        files = bundle(runner, REMOTE)
        # Says what the sources were.
        del files["mf-contract.json"]
        return files

    def kept() -> dict[str, tuple[int, int]]:
        """What is put there again is another file."""
        files = (tmp_path / "module_federation_minified").glob("?" * 64)
        return {file.name: (file.stat().st_ino, file.stat().st_mtime_ns) for file in files}

    files = build("")
    first = kept()
    large = {name for name, text in files.items() if name.endswith(".js") and len(text) > 2000}
    assert len(first) >= len(large) >= 2
    assert build("\n\n") == files
    assert kept() == first


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        pytest.param(
            {f"{CART}/src/Cart.tsx": "export default function Cart() {\n  return <div>;\n}\n"},
            [f"{CART}/src/Cart.tsx:3:1", "<div>", "The bundler refuses", REMOTE],
            id="a source that does not compile",
        ),
        pytest.param(
            {f"{CART}/src/Cart.tsx": 'export * from "./missing";\n'},
            [f"{CART}/src/Cart.tsx:1:", "`./missing` leads nowhere", "tried", REMOTE],
            id="an import that leads nowhere",
        ),
        pytest.param(
            {f"{UI}/src/index.tsx": 'export * from "./missing";\nexport const Button = null;\n'},
            [f"reached through {CART}/src/Cart.tsx → {UI}/src/index.tsx"],
            id="how the file was reached",
        ),
        pytest.param(
            {f"{CART}/src/Cart.tsx": 'import "left-pad";\n'},
            [f"{CART}/src/Cart.tsx:1", "left-pad", "not installed"],
            id="a package that is not installed",
        ),
        pytest.param(
            {f"{UI}/BUILD": None},
            [f"{CART}/src/Cart.tsx:", "`@shop/ui`", "no targets", f"`{UI}/BUILD`", "web_sources()"],
            id="a workspace package without targets",
        ),
        pytest.param(
            {f"{CART}/src/Cart.tsx": 'import { nope } from "./types";\nexport default nope;\n'},
            [f"{CART}/src/Cart.tsx:2:", "nope"],
            id="an export that does not exist, as the bundler says it",
        ),
    ],
)
@with_both_bundlers
def test_errors_in_a_remote(
    changes: Mapping[str, str | None], parts: list[str], bundler: str
) -> None:
    message = message_of(
        federation_runner(small_shop.files(changes), options=[option(bundler)]),
        PackagedContainer,
        PackagedContainerRequest(address(REMOTE)),
    )
    for part in parts:
        assert part in message
    assert "pants-sandbox" not in message


def test_other_versions_of_the_tools() -> None:
    """From a copy of the plugin's own two files, with the plugin's settings."""
    lock = {
        f"3rdparty/bundler/{name}": bundler_files.content(name).content
        for name in ("package.json", "package-lock.json")
    }
    options = ["--module-federation-bundler-directory=3rdparty/bundler"]
    runner = federation_runner({**small_shop.files(), **lock}, options=options)
    assert bundle(runner, REMOTE) == bundle(federation_runner(small_shop.files()), REMOTE)


def test_a_source_that_kills_the_bundler() -> None:
    """What is nested this deep is too much for its compiler."""
    deep = {f"{CART}/src/Cart.tsx": "export default " + "[" * 60_000}
    message = message_of(
        federation_runner(small_shop.files(deep)),
        PackagedContainer,
        PackagedContainerRequest(address(REMOTE)),
    )
    assert f"The bundler was killed while it bundled `federated_remote` target {REMOTE}" in message
    assert "To fix it: " in message


def test_what_is_wrong_with_the_host_does_not_stop_a_remote() -> None:
    runner = federation_runner(
        small_shop.files({f"{SHELL}/src/index.tsx": 'import "./missing";\n'})
    )
    assert "remoteEntry.js" in bundle(runner, REMOTE)
    assert "`./missing` leads nowhere" in message_of(
        runner, PackagedContainer, PackagedContainerRequest(address(HOST))
    )


def test_an_expose_that_the_remote_does_not_have() -> None:
    runner = federation_runner(
        small_shop.files({f"{SHELL}/src/index.tsx": 'import("cart/Basket");\n'})
    )
    message = message_of(runner, PackagedContainer, PackagedContainerRequest(address(HOST)))
    assert f"{SHELL}/src/index.tsx:1: error: `cart/Basket` is not there" in message
    assert "exposes `cart/Cart`" in message


def test_a_cycle_of_workspace_packages_is_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    """Two packages may import each other, as modules may; npm links them all the same."""
    files = bundles(
        {
            f"{UI}/src/index.tsx": 'export { total } from "@shop/cart/total";\n'
            "export const Button = () => null;\n",
            f"{CART}/src/total.ts": 'import { Button } from "@shop/ui";\n'
            "export const total = () => typeof Button;\n",
            f"{CART}/package.json": small_shop.manifest(
                "@shop/cart",
                exports={"./total": "./src/total.ts"},
                dependencies={"@shop/ui": "*", "clsx": "^2.0.0", "react": "^19.0.0"},
            ),
        }
    )
    assert "remoteEntry.js" in files[REMOTE]
    (warning,) = {text for text in caplog.messages if REMOTE in text and "in a circle" in text}
    assert warning.startswith(f"{CART}/src/Cart.tsx:3: workspace packages import each other")
    assert f"{UI}/src/index.tsx:1 imports `@shop/cart/total`" in warning
    assert "To fix it" in warning


@with_both_bundlers
def test_names_that_would_be_patterns(bundler: str) -> None:
    files = bundles(
        {
            f"{CART}/src/Cart.tsx": 'export { default } from "./[id]";\n',
            f"{CART}/src/[id].tsx": 'export default function Page() { return "a page"; }\n',
        },
        option(bundler),
    )
    assert any(b"a page" in content for content in files[REMOTE].values())

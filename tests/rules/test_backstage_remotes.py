"""Remotes in packages with a `backstage.role`: what they expose, and why not the rest."""

from __future__ import annotations

from typing import Mapping

import pytest

from module_federation.util_rules.containers import FederatedContainer, FederatedContainers
from rules import small_plugin
from rules.runner import federation_runner, message_of
from rules.small_plugin import PLUGIN, ROLE
from rules.small_shop import CART


def plugin(files: Mapping[str, str]) -> FederatedContainer:
    found = federation_runner(files).request(FederatedContainers, [])
    (remote,) = [each for each in found if each.address.spec == f"{CART}:remote"]
    return remote


def error(files: Mapping[str, str]) -> str:
    return message_of(federation_runner(files), FederatedContainers)


def codes(remote: FederatedContainer) -> list[tuple[str, int | None]]:
    return [(finding.code, finding.line) for finding in remote.declared]


def test_only_features_are_exposed_and_the_rest_is_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    remote = plugin(
        small_plugin.files(
            {
                f"{CART}/src/index.ts": "export { cartRouteRef } from './routes';",
                f"{CART}/src/alpha/index.ts": "export { cart as default } from '../plugin';",
                f"{CART}/src/plugin.tsx": "import { cart as plugin } from './make';\n"
                "export { plugin as cart };",
                f"{CART}/src/make.ts": PLUGIN.replace("export default", "export const cart ="),
                f"{CART}/src/alpha/deep.ts": PLUGIN,
                f"{CART}/src/util.ts": "export const format = (value: number) => `${value}`;",
                f"{CART}/src/outside.ts": 'export { default } from "a-published-plugin/alpha";',
            },
            exports={
                ".": "./src/index.ts",
                "./alpha": "./src/alpha/index.ts",
                "./alpha/deep/er": "./src/alpha/deep.ts",
                "./util": "./src/util.ts",
                "./outside": "./src/outside.ts",
                "./styles.css": "./src/plugin.css",
                "./gone": "./src/gone.ts",
                "./all/*": "./src/*.ts",
                "./package.json": "./package.json",
            },
        )
    )
    assert dict(remote.exposes) == {
        ".": f"{CART}/src/index.ts",
        "./alpha": f"{CART}/src/alpha/index.ts",
        "./alpha/deep/er": f"{CART}/src/alpha/deep.ts",
        "./outside": f"{CART}/src/outside.ts",
    }
    assert codes(remote) == [
        ("mount-undecided", 15),
        ("mount-left-out", 22),
        ("broken-mount", 21),
        ("mount-undecided", 19),
        ("mount-left-out", 20),
        ("mount-left-out", 18),
    ]
    main, _, gone, outside, styles, util = (finding.message for finding in remote.declared)
    assert "a Backstage app loads it for nothing" in main
    assert f"leads to {CART}/src/gone.ts, which does not exist" in gone
    assert "comes from the package `a-published-plugin/alpha`" in outside
    assert "which is no script" in styles
    assert f"`./util` of @shop/cart is not exposed: {'its default export is no Backstage'}" in util
    assert f"{CART}/src/util.ts has no default export" in util
    assert f"{CART}/package.json:18: `./util` of @shop/cart is not exposed" in caplog.text
    assert "package.json` of" not in caplog.text


def test_without_exports_it_is_the_index() -> None:
    remote = plugin(small_plugin.files({f"{CART}/src/index.ts": PLUGIN}))
    assert dict(remote.exposes) == {".": f"{CART}/src/index.ts"}
    assert remote.declared == ()
    assert remote.backstage_role == "frontend-plugin"


def test_a_container_of_several_plugins() -> None:
    remote = plugin(
        small_plugin.files(
            {
                f"{CART}/src/one.ts": 'export { default } from "@shop/ui";',
                f"{CART}/src/two.ts": 'import plugin from "@shop/ui";\nexport default plugin;',
                "shop/libs/ui/src/index.tsx": PLUGIN,
            },
            backstage={"role": "frontend-dynamic-container"},
            exports={"./one": "./src/one.ts", "./two": "./src/two.ts"},
        )
    )
    assert sorted(remote.exposes) == ["./one", "./two"]
    assert remote.declared == ()


def test_a_remote_that_no_app_takes_anything_from() -> None:
    remote = plugin(small_plugin.files({f"{CART}/src/index.ts": "export const a = 1;"}))
    assert codes(remote) == [("no-backstage-feature", None)]


def test_exposes_of_the_target_override_all() -> None:
    remote = plugin(
        small_plugin.files(
            remote='exposes={"./Cart": "src/Cart.tsx"}', backstage={"role": "backend-plugin"}
        )
    )
    assert dict(remote.exposes) == {"./Cart": f"{CART}/src/Cart.tsx"}
    assert remote.declared == ()


@pytest.mark.parametrize(
    ("backstage", "parts"),
    [
        pytest.param({}, ["without a `role`", '"role": "frontend-plugin"'], id="no role"),
        pytest.param({"role": "fronted-plugin"}, ["did you mean `frontend-plugin`"], id="a slip"),
        pytest.param(
            {"role": "backend-plugin"}, ["runs in Node.js", "can't be a remote"], id="a backend"
        ),
        pytest.param({"role": "frontend"}, ["application", "`federated_host`"], id="an app"),
    ],
)
def test_roles(backstage: object, parts: list[str]) -> None:
    message = error(small_plugin.files(backstage=backstage))
    for part in [f"{CART}/package.json:", f"{CART}:remote", *parts]:
        assert part in message


@pytest.mark.parametrize(
    ("remote", "path", "served"),
    [
        pytest.param("", "shop.apps.cart/remote", "shop.apps.cart/remote", id="a folder"),
        pytest.param(
            'package_form="dynamic-plugin"',
            "dynamic-plugins/shop-cart",
            "dynamic-plugins/shop-cart/dist",
            id="a dynamic plugin",
        ),
        pytest.param(
            'package_form="bundle", output_path="out/x"', "out/x", "out/x/dist", id="somewhere else"
        ),
    ],
)
def test_folders(remote: str, path: str, served: str) -> None:
    found = plugin(small_plugin.files(remote=remote))
    assert (found.output_path, found.served_path) == (path, served)
    assert found.public_directory == f"{CART}/public"
    assert found.split_chunks.value == "by-package"


def test_a_public_directory_is_inside_of_the_package() -> None:
    message = error(small_plugin.files(remote='public_directory="../other"'))
    assert "public_directory" in message
    assert "'../other'" in message


def test_the_role_is_that_of_the_manifest() -> None:
    assert ROLE["role"] == plugin(small_plugin.files()).backstage_role

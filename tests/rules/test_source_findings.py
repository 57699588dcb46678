"""What is wrong with a container's sources: findings of its slice, all of them at once."""

from __future__ import annotations

from typing import Mapping

import pytest
from pants.testutil.rule_runner import RuleRunner

from module_federation.goals.package import PackagedContainer, PackagedContainerRequest
from module_federation.sharing.findings import Finding
from module_federation.util_rules.slices import ContainerSlice, ContainerSliceRequest
from rules import small_shop
from rules.runner import address, federation_runner, message_of
from rules.small_shop import CART, SHELL, UI

HOST = f"{SHELL}:host"
REMOTE = f"{CART}:remote"
INDEX = f"{SHELL}/src/index.tsx"


def runner_with(changes: Mapping[str, str | None], *options: str) -> RuleRunner:
    return federation_runner(small_shop.files(changes), options=options)


def findings(runner: RuleRunner, spec: str) -> tuple[Finding, ...]:
    """What is found about one container."""
    return runner.request(ContainerSlice, [ContainerSliceRequest(address(spec))]).slice.findings


def only(changes: Mapping[str, str | None], spec: str, *options: str) -> Finding:
    (finding,) = findings(runner_with(changes, *options), spec)
    return finding


def test_a_container_with_several_mistakes_still_has_a_slice() -> None:
    runner = runner_with(
        {
            INDEX: 'import "./gone";\nimport "left-pad";\nimport("cart/Basket");\n'
            'import "@shop/ui";\nimport("crat/Cart");\n',
            f"{UI}/src/index.tsx": 'export * from "./missing";\n',
        }
    )
    found = findings(runner, HOST)
    assert [(each.code, each.place) for each in found] == [
        ("unresolved-import", f"{INDEX}:1:8"),
        ("not-installed", f"{INDEX}:2"),
        ("unknown-expose", f"{INDEX}:3"),
        ("unknown-remote", f"{INDEX}:5"),
        ("unresolved-import", f"{UI}/src/index.tsx:1:15"),
    ]
    for each in found:
        assert (each.target, each.containers) == (HOST, ("shop__shell",))
        assert each.is_error
    message = message_of(runner, PackagedContainer, PackagedContainerRequest(address(HOST)))
    assert message.startswith(f"`federated_host` target {HOST} can't be bundled:\n\n")
    assert [message.count(f"[{each.code}]") for each in found] == [2, 1, 1, 1, 2]
    assert message.count("To fix it: ") == 1


def test_an_import_that_leads_nowhere() -> None:
    finding = only({f"{UI}/src/index.tsx": 'export * from "./missing";\n'}, REMOTE)
    assert finding.message.startswith("`./missing` leads nowhere: there is no such file (tried ")
    assert finding.chain == (f"reached through {CART}/src/Cart.tsx → {UI}/src/index.tsx",)
    assert "`web_sources`" in finding.remedy


def test_an_expose_that_is_not_there() -> None:
    finding = only({INDEX: 'import("cart/Card");\n'}, HOST)
    assert finding.message == (
        f"`cart/Card` is not there: `federated_remote` target {REMOTE} exposes `cart/Cart`."
    )
    assert finding.remedy.startswith("Did you mean `cart/Cart`?")


@pytest.mark.parametrize(
    ("request_", "remedy"),
    [
        pytest.param("crat/Cart", "Did you mean `cart/Cart`?", id="close to a declared remote"),
        pytest.param(
            "shop__cart/Cart",
            f'add `"shop__cart": "{REMOTE}"` to `remotes`',
            id="the name of a container",
        ),
    ],
)
def test_a_remote_that_is_not_declared(request_: str, remedy: str) -> None:
    finding = only({INDEX: f'import("{request_}");\n'}, HOST)
    assert finding.code == "unknown-remote"
    assert f"`{request_}`" in finding.message
    assert "(its remotes: `cart`)" in finding.message
    assert remedy in finding.remedy


def test_a_remote_that_only_another_container_declares() -> None:
    finding = only(
        {
            f"{UI}/BUILD": small_shop.BUILD_FILES[f"{UI}/BUILD"]
            + 'federated_remote(name="remote", exposes={"./B": "src/index.tsx"})\n',
            f"{UI}/src/index.tsx": 'export const cart = () => import("cart/Cart");\n',
        },
        f"{UI}:remote",
    )
    assert (finding.code, finding.place) == ("unknown-remote", f"{UI}/src/index.tsx:1")
    assert "(its remotes: none)" in finding.message
    assert f'add `"cart": "{REMOTE}"` to `remotes`' in finding.remedy


def test_a_package_that_is_merely_missing() -> None:
    assert only({INDEX: 'import "left-pad";\n'}, HOST).code == "not-installed"


def test_a_package_that_is_declared_is_no_remote() -> None:
    """Even if its name is close to a remote's: the lockfile is to blame."""
    manifest = small_shop.manifest(
        "@shop/shell",
        dependencies={"@shop/ui": "*", "react": "^19.0.0", "react-dom": "^19.0.0"},
        peerDependencies={"carta": "*"},
        peerDependenciesMeta={"carta": {"optional": True}},
    )
    finding = only({INDEX: 'import "carta";\n', f"{SHELL}/package.json": manifest}, HOST)
    assert finding.code == "not-installed"


def test_a_shared_package_that_is_reached_by_a_path() -> None:
    finding = only(
        {
            f"{CART}/src/Cart.tsx": 'export { Button as default } from "../../../libs/ui/src";\n',
            "sharing.toml": '[packages."@shop/ui"]\nsingleton = true\n',
        },
        REMOTE,
        "--module-federation-policy-file=sharing.toml",
    )
    assert (finding.code, finding.place) == ("bypassed-share", f"{CART}/src/Cart.tsx:1")
    assert f"{UI}/package.json" in finding.remedy


def test_a_package_of_another_workspace() -> None:
    other = "elsewhere/lib"
    found = findings(
        runner_with(
            {
                f"{CART}/src/Cart.tsx": 'export { x as default } from "@elsewhere/lib";\n'
                'import "./gone";\n',
                f"{other}/BUILD": 'package_json(name="package")\nweb_sources()\n',
                f"{other}/package.json": small_shop.manifest(
                    "@elsewhere/lib", exports="./index.ts"
                ),
                f"{other}/index.ts": "export const x = 1;\n",
            }
        ),
        REMOTE,
    )
    codes = {each.code: each for each in found}
    assert set(codes) == {"not-installed", "unresolved-import"}
    assert codes["not-installed"].file == f"{other}/package.json"
    assert "not one of the workspaces of `shop`" in codes["not-installed"].message

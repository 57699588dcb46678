"""Hosts and remotes: defaults, and what is refused."""

from __future__ import annotations

from typing import Mapping

import pytest

from module_federation.util_rules.containers import FederatedContainer, FederatedContainers
from rules import small_shop
from rules.runner import address, federation_runner, message_of
from rules.small_shop import CART, SHELL


def containers(changes: Mapping[str, str | None] | None = None) -> dict[str, FederatedContainer]:
    runner = federation_runner(small_shop.files(changes))
    found = runner.request(FederatedContainers, [])
    return {container.address.spec: container for container in found}


def error(changes: Mapping[str, str | None]) -> str:
    return message_of(federation_runner(small_shop.files(changes)), FederatedContainers)


def cart(declaration: str) -> dict[str, str]:
    return {f"{CART}/BUILD": f'package_json(name="package")\nweb_sources()\n{declaration}\n'}


def shell(declaration: str) -> dict[str, str]:
    return {f"{SHELL}/BUILD": f'package_json(name="package")\nweb_sources()\n{declaration}\n'}


def test_defaults() -> None:
    found = containers()
    host, remote = found[f"{SHELL}:host"], found[f"{CART}:remote"]
    assert host.name == "shop__shell"
    assert host.entry_point == f"{SHELL}/src/index.tsx"
    assert not host.exposes
    assert host.output_path == "shop.apps.shell/host"
    assert dict(host.remotes) == {"cart": address(f"{CART}:remote")}
    assert remote.name == "shop__cart"
    assert remote.entry_point is None
    assert dict(remote.exposes) == {"./Cart": f"{CART}/src/Cart.tsx"}
    assert remote.public_path == "auto"
    assert remote.mode.value == "production"


def test_remotes_as_a_list_go_by_their_container_name() -> None:
    found = containers(shell(f'federated_host(name="host", remotes=["{CART}:remote"])'))
    assert dict(found[f"{SHELL}:host"].remotes) == {"shop__cart": address(f"{CART}:remote")}


def test_relative_addresses_of_remotes() -> None:
    found = containers(
        shell(
            'federated_host(name="host", remotes={"own": ":extra"})\n'
            'federated_remote(name="extra", container_name="x", exposes={"./A": "src/index.tsx"})'
        )
    )
    assert dict(found[f"{SHELL}:host"].remotes) == {"own": address(f"{SHELL}:extra")}


@pytest.mark.parametrize(
    ("exports", "exposes"),
    [
        pytest.param("./src/Cart.tsx", {".": "src/Cart.tsx"}, id="a string is the main module"),
        pytest.param(
            {
                ".": "./src/Cart.tsx",
                "./types": "./src/types.ts",
                "./package.json": "./package.json",
            },
            {".": "src/Cart.tsx", "./types": "src/types.ts"},
            id="subpaths that lead to scripts",
        ),
        pytest.param(
            {"./Cart": {"types": "./src/types.ts", "import": "./src/Cart.tsx"}},
            {"./Cart": "src/Cart.tsx"},
            id="conditions as the bundler takes them",
        ),
        pytest.param(
            {"import": "./src/Cart.tsx"}, {".": "src/Cart.tsx"}, id="conditions of the main module"
        ),
    ],
)
def test_exposes_come_from_exports(exports: object, exposes: Mapping[str, str]) -> None:
    found = containers(
        {
            **cart('federated_remote(name="remote")'),
            f"{CART}/package.json": small_shop.manifest("@shop/cart", exports=exports),
        }
    )
    expected = {name: f"{CART}/{file}" for name, file in exposes.items()}
    assert dict(found[f"{CART}:remote"].exposes) == expected


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        pytest.param(
            cart('federated_remote(name="remote")'),
            [f"{CART}/package.json:", "exposes nothing", f"{CART}:remote", "To fix it", "exposes="],
            id="nothing to expose",
        ),
        pytest.param(
            cart('federated_remote(name="remote", exposes={"./Cart": "src/cart.tsx"})'),
            [f"{CART}/src/cart.tsx:", "'./Cart'", f"{CART}:remote", f"* {CART}/src/Cart.tsx"],
            id="a missing expose, with the file that could be meant",
        ),
        pytest.param(
            shell('federated_host(name="host", entry_point="src/start.tsx")'),
            [f"{SHELL}/src/start.tsx:", "`entry_point`", f"{SHELL}:host", f"{SHELL}/src/index.tsx"],
            id="a missing entry point",
        ),
        pytest.param(
            {
                **shell('federated_host(name="host")'),
                f"{SHELL}/src/index.tsx": None,
                f"{SHELL}/src/app.tsx": "",
            },
            [f"{SHELL}/BUILD:", "src/index.tsx", 'entry_point="src/app.tsx"'],
            id="no conventional entry point",
        ),
        pytest.param(
            shell('federated_host(name="host", container_name="shop__cart")'),
            [
                "2 containers have the name `shop__cart`",
                f"* {CART}:remote",
                f"* {SHELL}:host",
                "container_name=",
            ],
            id="two containers with one name",
        ),
        pytest.param(
            shell('federated_host(name="host", container_name="my-shell")'),
            ["'my-shell'", f"{SHELL}:host", 'container_name="my_shell"'],
            id="a name that is no identifier",
        ),
        pytest.param(
            shell('federated_host(name="host", html="src/page.html")'),
            [f"{SHELL}/src/page.html:", "`html`", "does not exist", f"{SHELL}:host"],
            id="a page that does not exist",
        ),
        pytest.param(
            shell('federated_host(name="host", container_name="history")'),
            ["'history'", "belongs to the browser", 'container_name="_history"'],
            id="a name that the browser has itself",
        ),
        pytest.param(
            shell(f'federated_host(name="host", remotes={{"cart": "{CART}:remot"}})'),
            [f"{CART}:remot", "`remotes`", f"{SHELL}:host"],
            id="a remote that does not exist",
        ),
        pytest.param(
            shell(f'federated_host(name="host", remotes={{"cart": "{CART}:package"}})'),
            [
                f"{SHELL}/BUILD:",
                f"{CART}:package",
                "no `federated_remote`",
                f"* {CART}:remote",
            ],
            id="a remote that is no container",
        ),
        pytest.param(
            shell('federated_host(name="host", remotes={"a": "nowhere/at:all"})'),
            ["nowhere/at", "`remotes`", f"{SHELL}:host"],
            id="a remote in a folder that does not exist",
        ),
        pytest.param(
            {
                **cart(""),
                "lone/BUILD": 'federated_remote(name="r", exposes={"./A": "a.ts"})',
                "shop/apps/shell/BUILD": "",
            },
            ["lone/BUILD:", "`package_json`", "lone:r"],
            id="a container without a package",
        ),
        pytest.param(
            {
                **cart(
                    'federated_remote(name="remote", exposes={"./Cart": "src/Cart.tsx"}, '
                    'output_path="shop.apps.shell/host/remotes")'
                )
            },
            [f"* {CART}:remote", f"* {SHELL}:host", "dist/shop.apps.shell/host/remotes"],
            id="one output folder inside another",
        ),
        pytest.param(
            shell('federated_host(name="host", html="../../../../secret.html")'),
            ["'html'", "../../../../secret.html", f"{SHELL}:host"],
            id="a page outside of the package",
        ),
        pytest.param(
            {"empty/BUILD": "web_sources()"},
            ["`web_sources` target empty:empty has no file", "To fix it", "sources="],
            id="web_sources without files",
        ),
    ],
)
def test_errors(changes: Mapping[str, str | None], parts: list[str]) -> None:
    message = error(changes)
    for part in parts:
        assert part in message

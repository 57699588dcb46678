"""What `package` writes for a Backstage remote."""

from __future__ import annotations

import json
from typing import Mapping

import pytest
from pants.engine.fs import Digest, DigestContents
from pants.testutil.rule_runner import QueryRule

from module_federation.goals.package import PackagedContainer, PackagedContainerRequest
from module_federation.util_rules.containers import FederatedContainers
from module_federation.util_rules.remote_entries import remote_entries
from rules import small_plugin
from rules.runner import address, federation_runner, message_of
from rules.small_shop import CART, SHELL

POLICY = "--module-federation-policy-file=sharing.toml"
PRESET = {"sharing.toml": 'presets = ["backstage"]\n'}


def packaged(files: Mapping[str, str]) -> dict[str, bytes]:
    """Path below `dist` → content."""
    runner = federation_runner(
        {**files, **PRESET}, options=[POLICY], queries=[QueryRule(DigestContents, [Digest])]
    )
    request = PackagedContainerRequest(address(f"{CART}:remote"))
    digest = runner.request(PackagedContainer, [request]).digest
    return {file.path: file.content for file in runner.request(DigestContents, [digest])}


def test_a_dynamic_plugin() -> None:
    files = packaged(
        small_plugin.files(
            {
                f"{CART}/public/logo.svg": "<svg/>",
                f"{CART}/public/index.html": "<html/>",
                f"{CART}/README.md": "# Cart",
            },
            remote='package_form="dynamic-plugin"',
            scripts={"build": "x"},
            configSchema={"type": "object", "properties": {"cart": {"type": "string"}}},
        )
    )
    root = "dynamic-plugins/shop-cart"
    assert json.loads(files.pop(f"{root}/package.json")) == {
        "name": "@shop/cart",
        "version": "1.0.0",
        "main": "dist/remoteEntry.js",
        "backstage": {"role": "frontend-plugin", "pluginId": "cart"},
        "configSchema": "dist/.config-schema.json",
    }
    schema = json.loads(files.pop(f"{root}/dist/.config-schema.json"))
    assert schema == {
        "backstageConfigSchemaVersion": 1,
        "schemas": [
            {
                "packageName": "@shop/cart",
                "path": "package.json",
                "value": {
                    "$schema": "http://json-schema.org/draft-07/schema#",
                    "type": "object",
                    "properties": {"cart": {"type": "string"}},
                },
            }
        ],
    }
    assert files.pop(f"{root}/dist/logo.svg") == b"<svg/>"
    # Nothing but what an app loads: no entry of the application's own, no runtime chunk.
    names = {path.rsplit("/", 1)[1].split(".")[0] for path in files if "/static/js/" in path}
    assert "main" not in names
    assert "runtime" not in names
    assert {"__federation_expose_default_export", "npm"} <= names
    vendor = [path for path in files if "/npm.vendor." in path]
    assert len(vendor) == 1
    assert not [path for path in files if "/npm.react." in path], "the app brings React"
    entry = files[f"{root}/dist/remoteEntry.js"].decode()
    assert "document.head.querySelector(" in entry
    assert "style[data-jss]" in entry
    manifest = json.loads(files[f"{root}/dist/mf-manifest.json"])
    assert [each["name"] for each in manifest["exposes"]] == ["."]
    contract = json.loads(files[f"{root}/dist/mf-contract.json"])
    assert contract["name"] == "shop__cart"
    (scope,) = contract["shareScopes"]
    assert [each["key"] for each in scope["consumes"]] == ["react"]
    assert scope["provides"] == []


def test_a_bundle_to_hand_on() -> None:
    files = packaged(
        small_plugin.files(
            {
                f"{CART}/README.md": "# Cart",
                f"{CART}/LICENSE": "MIT",
                f"{CART}/docs/use.md": "Use it.",
                f"{CART}/config.json": '{"type": "object"}',
            },
            remote='package_form="bundle"',
            files=["dist", "src", "docs"],
            scripts={"build": "x"},
            license="MIT",
            keywords=["backstage"],
            peerDependencies={"react": "^18.0.0", "@shop/ui": "workspace:^"},
            configSchema="config.json",
        )
    )
    root = "dynamic-plugins/shop-cart"
    beside = {path: files[path] for path in files if "/dist/" not in path}
    assert json.loads(beside.pop(f"{root}/package.json")) == {
        "name": "@shop/cart",
        "version": "1.0.0",
        "private": True,
        "license": "MIT",
        "keywords": ["backstage"],
        "peerDependencies": {"react": "^18.0.0"},
        "files": ["dist", "docs"],
        "main": "dist/remoteEntry.js",
        "backstage": {"role": "frontend-plugin", "pluginId": "cart"},
        "configSchema": "dist/.config-schema.json",
    }
    assert beside == {
        f"{root}/.bundle-output": b"",
        f"{root}/.gitignore": b"*\n",
        f"{root}/LICENSE": b"MIT",
        f"{root}/README.md": b"# Cart",
        f"{root}/docs/use.md": b"Use it.",
    }
    schema = json.loads(files[f"{root}/dist/.config-schema.json"])
    assert schema["schemas"][0]["path"] == "config.json"


@pytest.mark.parametrize("bundler", ["rspack", "webpack"])
@pytest.mark.parametrize(
    ("split", "named"),
    [("automatic", False), ("by-package", True)],
)
def test_chunks(bundler: str, split: str, named: bool) -> None:
    files = packaged(
        small_plugin.files(remote=f'bundler="{bundler}", split_chunks="{split}"'),
    )
    vendor = [path for path in files if path.rsplit("/", 1)[1].startswith("npm.vendor.")]
    assert len(vendor) == int(named)
    assert not [path for path in files if "/npm.react." in path], "the app brings React"
    manifest = json.loads(files["shop.apps.cart/remote/mf-manifest.json"])
    (expose,) = manifest["exposes"]
    sync = [f"shop.apps.cart/remote/{file}" for file in expose["assets"]["js"]["sync"]]
    assert set(vendor) < set(sync) <= set(files)


def test_a_host_finds_it_in_its_package() -> None:
    runner = federation_runner(
        {**small_plugin.files(remote='package_form="dynamic-plugin"'), **PRESET}, options=[POLICY]
    )
    containers = runner.request(FederatedContainers, [])
    host = containers.by_address[address(f"{SHELL}:host")]
    (entry,) = remote_entries(host, containers)
    assert entry.entry == "../../dynamic-plugins/shop-cart/dist/mf-manifest.json"


def test_a_plugin_whose_app_is_in_another_repository() -> None:
    files = packaged(
        small_plugin.files({f"{SHELL}/BUILD": 'package_json(name="package")\nweb_sources()\n'})
    )
    assert "shop.apps.cart/remote/remoteEntry.js" in files


@pytest.mark.parametrize(
    ("files", "parts"),
    [
        pytest.param(
            small_plugin.files({f"{CART}/public/remoteEntry.js": "1"}),
            [f"{CART}/public/remoteEntry.js", "take the place", "`public_directory`"],
            id="a public file in the place of the bundle's",
        ),
        pytest.param(
            small_plugin.files(
                remote='package_form="dynamic-plugin"', backstage={"role": "web-library"}
            ),
            [f"{CART}/package.json:", "`web-library`", "would skip it", "`frontend-plugin`"],
            id="a role that the backend skips",
        ),
        pytest.param(
            small_plugin.files(remote='package_form="dynamic-plugin"', configSchema="schema.json"),
            [f"{CART}/package.json:", "schema.json, which does not exist"],
            id="a schema that is not there",
        ),
        pytest.param(
            small_plugin.files(
                {f"{CART}/schema.json": "{"},
                remote='package_form="dynamic-plugin"',
                configSchema="schema.json",
            ),
            [f"{CART}/package.json:", "schema.json, which is no JSON"],
            id="a schema that is no JSON",
        ),
        pytest.param(
            small_plugin.files(remote='package_form="bundle"', configSchema={"type": "string"}),
            [f"{CART}/package.json:", "no JSON schema of an object"],
            id="a schema of something else",
        ),
    ],
)
def test_errors(files: Mapping[str, str], parts: list[str]) -> None:
    runner = federation_runner({**files, **PRESET}, options=[POLICY])
    request = PackagedContainerRequest(address(f"{CART}:remote"))
    message = message_of(runner, PackagedContainer, request)
    for part in [*parts, f"{CART}:remote"]:
        assert part in message

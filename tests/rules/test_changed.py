"""Which containers a change of a file reaches, as `--changed-since` asks for it: no git, no
installation. What really changes is compared in `end_to_end/test_incremental.py`."""

from __future__ import annotations

from typing import Mapping

import pytest
from pants.engine.target import AllTargets
from pants.testutil.rule_runner import QueryRule
from pants.vcs import changed
from pants.vcs.changed import ChangedAddresses, ChangedRequest, DependentsOption

from rules import small_shop
from rules.runner import federation_runner
from rules.small_shop import CART, SHELL, UI

HOST = f"{SHELL}:host"
REMOTE = f"{CART}:remote"
EXTERNAL = "reviews/contract.json"

CONTRACT_BUILD = (
    'federated_external_remote(name="reviews", contract="contract.json", '
    'entry="https://reviews.example.com/mf-manifest.json")\n'
)
MANIFEST = """{"id": "reviews", "name": "reviews", "metaData": {"name": "reviews",
"remoteEntry": {"name": "remoteEntry.js"}, "publicPath": "auto", "globalName": "reviews"},
"shared": [], "remotes": [], "exposes": []}"""


def reached(file: str, changes: Mapping[str, str | None] | None = None, *options: str) -> set[str]:
    """The containers that depend on the owners of a file."""
    runner = federation_runner(
        small_shop.files(changes),
        options=options,
        queries=[*changed.rules(), QueryRule(ChangedAddresses, [ChangedRequest])],
    )
    found = runner.request(ChangedAddresses, [ChangedRequest((file,), DependentsOption.TRANSITIVE)])
    return {address.spec for address in found if address.spec in (HOST, REMOTE)}


@pytest.mark.parametrize(
    ("file", "changes", "expected"),
    [
        pytest.param(f"{CART}/src/types.ts", {}, {HOST, REMOTE}, id="a type"),
        pytest.param(f"{UI}/src/theme.css", {}, {HOST, REMOTE}, id="a stylesheet"),
        pytest.param(f"{UI}/src/plus.svg", {}, {HOST, REMOTE}, id="an image"),
        pytest.param(f"{CART}/src/unused.ts", {}, set(), id="a source that nothing imports"),
        pytest.param(f"{SHELL}/src/index.tsx", {}, {HOST}, id="the host's entry"),
        pytest.param(f"{CART}/BUILD", {}, {HOST, REMOTE}, id="a BUILD file"),
        pytest.param(f"{SHELL}/BUILD", {}, {HOST}, id="the host's BUILD file"),
        pytest.param(f"{CART}/package.json", {}, {HOST, REMOTE}, id="package.json"),
        pytest.param(f"{UI}/package.json", {}, {HOST, REMOTE}, id="a library's package.json"),
        pytest.param("shop/package.json", {}, {HOST, REMOTE}, id="the workspace's package.json"),
        pytest.param("shop/package-lock.json", {}, {HOST, REMOTE}, id="the lockfile"),
        pytest.param("shop/.npmrc", {"shop/.npmrc": ""}, {HOST, REMOTE}, id="npm's settings"),
        pytest.param("shop/.npmrc", {}, {HOST, REMOTE}, id="npm's settings, deleted"),
        pytest.param("pants.toml", {"pants.toml": ""}, {HOST, REMOTE}, id="pants.toml"),
        pytest.param(
            f"{SHELL}/tsconfig.json", {f"{SHELL}/tsconfig.json": "{}"}, {HOST}, id="tsconfig.json"
        ),
        pytest.param(f"{SHELL}/tsconfig.json", {}, {HOST}, id="tsconfig.json, deleted"),
        pytest.param(
            "config/tsconfig.base.json",
            {
                f"{SHELL}/tsconfig.json": '{"extends": "../../../config/tsconfig.base.json"}',
                "config/tsconfig.base.json": "{}",
            },
            {HOST},
            id="what tsconfig.json extends",
        ),
        pytest.param(
            "config/[base].json",
            {
                f"{SHELL}/tsconfig.json": '{"extends": "../../../config/[base]"}',
                "config/[base].json": '{"extends": "./more/paths.json"}',
                "config/more/paths.json": "{}",
            },
            {HOST},
            id="what tsconfig.json extends under another name",
        ),
        pytest.param(
            "config/more/paths.json",
            {
                f"{SHELL}/tsconfig.json": '{"extends": "../../../config/base.json"}',
                "config/base.json": '{"extends": "./more/paths.json"}',
                "config/more/paths.json": "{}",
            },
            {HOST},
            id="what that extends",
        ),
        pytest.param(
            "config/other.json",
            {
                f"{SHELL}/tsconfig.json": '{"extends": "../../../config/base.json"}',
                "config/base.json": "{}",
                "config/other.json": "{}",
            },
            set(),
            id="a file beside what tsconfig.json extends",
        ),
        pytest.param(
            f"{SHELL}/index.html",
            {
                f"{SHELL}/BUILD": small_shop.BUILD_FILES[f"{SHELL}/BUILD"].replace(
                    'name="host"', 'name="host", html="index.html"'
                ),
                f"{SHELL}/index.html": "<head></head>",
            },
            {HOST},
            id="the host's page",
        ),
        pytest.param(
            f"{CART}/assets/icons/robots.txt",
            {
                f"{CART}/BUILD": small_shop.BUILD_FILES[f"{CART}/BUILD"].replace(
                    'name="remote"', 'name="remote", public_directory="assets"'
                ),
                f"{CART}/assets/icons/robots.txt": "",
            },
            {HOST, REMOTE},
            id="a public file",
        ),
        pytest.param(
            EXTERNAL,
            {
                EXTERNAL: MANIFEST,
                "reviews/BUILD": CONTRACT_BUILD,
                f"{SHELL}/BUILD": small_shop.BUILD_FILES[f"{SHELL}/BUILD"].replace(
                    "remotes={", 'remotes={"reviews": "reviews:reviews", '
                ),
            },
            {HOST},
            id="the contract of a remote of another repository",
        ),
        pytest.param("README.md", {"README.md": ""}, set(), id="documentation"),
    ],
)
def test_a_file(file: str, changes: Mapping[str, str | None], expected: set[str]) -> None:
    assert reached(file, changes) == expected


def test_the_policy() -> None:
    changes = {"build/sharing.toml": ""}
    option = "--module-federation-policy-file=build/sharing.toml"
    assert reached("build/sharing.toml", changes, option) == {HOST, REMOTE}
    assert reached("build/sharing.toml", changes) == set()


def test_no_settings_where_no_build_file_counts() -> None:
    changes = {
        "elsewhere/package-lock.json": "{}",
        "elsewhere/tsconfig.json": "{}",
        "elsewhere/base.json": "{}",
        f"{CART}/tsconfig.json": '{"extends": "../../../elsewhere/base.json"}',
    }
    options = ["--build-ignore=['/elsewhere/']"]
    runner = federation_runner(small_shop.files(changes), options=options)
    folders = {target.address.spec_path for target in runner.request(AllTargets, [])}
    assert SHELL in folders
    assert "elsewhere" not in folders


def test_settings_are_targets_by_themselves() -> None:
    changes = {
        "pants.toml": "",
        f"{CART}/tsconfig.json": "{}",
        "docs/tsconfig.json": '{"extends": "../config/base.json"}',
        "config/base.json": "{}",
        "tools/package-lock.json": "{}",
        "tools/webpack/package.json": "{}",
    }
    options = ["--module-federation-bundler-directory=./tools"]
    runner = federation_runner(small_shop.files(changes), options=options)
    targets = runner.request(AllTargets, [])
    named = {target.address: target.address.target_name for target in targets}
    settings = {address.spec for address, name in named.items() if name.startswith("_")}
    packages = ("shop", SHELL, CART, UI)
    assert settings == {
        "//:_module_federation_settings",
        "tools:_module_federation_settings",
        "tools/webpack:_module_federation_settings",
        "shop:_node_project",
        "tools:_node_project",
        "tools/webpack:_typescript_settings",
        "docs:_typescript_settings",
        "config:_extended_typescript_settings",
        *(f"{folder}:_typescript_settings" for folder in packages),
    }

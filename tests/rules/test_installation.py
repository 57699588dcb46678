"""One frozen, hermetic installation per project."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Mapping

import pytest
from pants.engine.fs import Snapshot

from module_federation.util_rules.nodejs import NodeRuntime, is_supported
from module_federation.util_rules.projects import InstalledProject, NodeProject, ProjectRequest
from rules import small_shop
from rules.runner import federation_runner, message_of
from rules.small_shop import CART, SHELL, UI

PROJECT = NodeProject("shop", tuple(sorted(("shop", SHELL, CART, UI))))


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("18.20.0", False),
        ("20.18.3", False),
        ("20.19.0", True),
        ("20.20.2", True),
        ("21.7.0", False),
        ("22.11.0", False),
        ("22.12.0", True),
        ("24.0.0", True),
        ("100.0.0", True),
    ],
)
def test_supported_versions_of_node(version: str, expected: bool) -> None:
    assert is_supported(version) is expected


def test_node_is_found_with_its_npm() -> None:
    node = federation_runner({}).request(NodeRuntime, [])
    assert Path(node.node).is_absolute()
    assert Path(node.npm).name == "npm-cli.js"
    # Commands are the same on every machine.
    assert not any(Path(part).is_absolute() for part in (*node.argv("script.mjs"), node.npm))
    assert dict(node.env()) == {"MF_NODE_VERSION": node.version}


def test_no_node(tmp_path: Path) -> None:
    old = tmp_path / "node"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    runner = federation_runner(
        {}, options=[f"--module-federation-node-search-paths=['{tmp_path}']"]
    )
    message = message_of(runner, NodeRuntime)
    assert "There is no Node.js ^20.19.0 || >=22.12.0 with npm" in message
    assert "To fix it: install one" in message


def test_a_node_that_is_too_old_is_named(tmp_path: Path) -> None:
    old = tmp_path / "node"
    # Answers both `--version` and the probe, as Node.js 18 would.
    old.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo v18.0.0 || '
        """echo '{"version": "18.0.0", "npmCli": "/npm-cli.js", "npmVersion": "9.0.0"}'\n"""
    )
    old.chmod(0o755)
    runner = federation_runner(
        {}, options=[f"--module-federation-node-search-paths=['{tmp_path}']"]
    )
    assert f"{old} is version 18.0.0" in message_of(runner, NodeRuntime)


def test_the_project_of_a_workspace_package() -> None:
    runner = federation_runner(small_shop.files())
    assert runner.request(NodeProject, [ProjectRequest(CART)]) == PROJECT


def test_the_workspace_root_needs_no_target() -> None:
    runner = federation_runner(small_shop.files({"shop/BUILD": None}))
    assert runner.request(NodeProject, [ProjectRequest(CART)]) == PROJECT


def test_workspaces_in_their_object_form() -> None:
    runner = federation_runner(
        small_shop.files(
            {
                "shop/package.json": small_shop.manifest(
                    "shop", workspaces={"packages": ["apps/*", "libs/*"]}
                )
            }
        )
    )
    assert runner.request(NodeProject, [ProjectRequest(CART)]) == PROJECT


def test_everything_is_installed_and_indexed() -> None:
    runner = federation_runner(small_shop.files())
    installed = runner.request(InstalledProject, [PROJECT])
    files = runner.request(Snapshot, [installed.node_modules]).files
    assert "node_modules/react/index.js" in files
    assert "node_modules/clsx/package.json" in files
    assert all(file.startswith("node_modules/") for file in files)
    versions = {copy.path: copy.version for copy in installed.index.copies.values()}
    assert versions["node_modules/react"] == "19.3.1"
    assert versions["libs/ui"] == "1.0.0"
    assert installed.index.links["node_modules/@shop/ui"] == "libs/ui"
    assert installed.index.package_manager.startswith("npm@")


def test_what_no_bundler_loads_is_left_out() -> None:
    """`clsx` ships types and a readme beside its code."""
    runner = federation_runner(small_shop.files())
    installed = runner.request(InstalledProject, [PROJECT])
    files = runner.request(Snapshot, [installed.node_modules]).files
    clsx = {Path(file).name for file in files if file.startswith("node_modules/clsx/")}
    assert {"package.json", "license", "clsx.mjs", "clsx.js"} <= clsx
    assert not [name for name in clsx if name.endswith((".d.ts", ".d.mts", ".md"))]


def test_nothing_of_the_user_reaches_npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `.npmrc` in the home folder would send npm to another registry, and would fail it."""
    (tmp_path / ".npmrc").write_text("registry=http://127.0.0.1:9/\nignore-scripts=false\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    runner = federation_runner(small_shop.files(), isolated=True)
    installed = runner.request(InstalledProject, [PROJECT])
    assert "node_modules/react" in installed.index.copies


def scripted(allowed: bool) -> list[str]:
    """What is left behind by a project whose own package has an install script."""
    manifest = small_shop.manifest(
        "shop",
        scripts={"postinstall": "mkdir -p node_modules/ran"},
    )
    lock = {
        "name": "shop",
        "version": "1.0.0",
        "lockfileVersion": 3,
        "requires": True,
        "packages": {"": {"name": "shop", "version": "1.0.0", "hasInstallScript": True}},
    }
    runner = federation_runner(
        {
            "shop/BUILD": 'package_json(name="package")',
            "shop/package.json": manifest,
            "shop/package-lock.json": json.dumps(lock),
        },
        options=[f"--module-federation-allow-install-scripts={allowed}"],
    )
    installed = runner.request(InstalledProject, [NodeProject("shop", ("shop",))])
    return list(runner.request(Snapshot, [installed.node_modules]).dirs)


def test_install_scripts_are_off() -> None:
    assert "node_modules/ran" not in scripted(False)


def test_install_scripts_on_request() -> None:
    assert "node_modules/ran" in scripted(True)


def broken_lock(change: str) -> Mapping[str, str]:
    return {"shop/package-lock.json": change}


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        pytest.param(
            broken_lock('{\n  "name": "shop",\n  oops\n}'),
            [
                "shop/package-lock.json:3:",
                "not readable as JSON",
                "npm install --package-lock-only",
            ],
            id="no JSON",
        ),
        pytest.param(
            broken_lock("[]"),
            ["shop/package-lock.json:", "`lockfileVersion` is None"],
            id="no object",
        ),
        pytest.param(
            broken_lock('{"lockfileVersion": 1}'),
            ["shop/package-lock.json:", "`lockfileVersion` is 1", "npm 7 or newer"],
            id="an old version",
        ),
        pytest.param(
            {
                f"{CART}/package.json": small_shop.manifest(
                    "@shop/cart",
                    dependencies={"@shop/ui": "*", "clsx": "^1.0.0", "react": "^19.0.0"},
                )
            },
            ["shop/package-lock.json:", "out of step", "clsx", "npm install --package-lock-only"],
            id="out of step with package.json",
        ),
    ],
)
def test_lockfiles_that_cannot_be_used(changes: Mapping[str, str], parts: list[str]) -> None:
    runner = federation_runner(small_shop.files(changes))
    message = message_of(runner, InstalledProject, PROJECT)
    for part in parts:
        assert part in message
    # npm's usage and the sandbox's paths help nobody.
    assert "Clean install a project" not in message
    assert "sandbox" not in message


@pytest.mark.parametrize("pattern", ["../../*", "/etc", "libs/../../other"])
def test_workspaces_outside_of_the_project(pattern: str) -> None:
    manifest = small_shop.manifest("shop", workspaces=["apps/*", pattern])
    runner = federation_runner(small_shop.files({"shop/package.json": manifest}))
    message = message_of(runner, NodeProject, ProjectRequest(CART))
    line = next(n for n, text in enumerate(manifest.splitlines(), 1) if pattern in text)
    assert message.startswith(f"shop/package.json:{line}: `workspaces` has {pattern!r}")


def test_no_lockfile() -> None:
    runner = federation_runner(small_shop.files({"shop/package-lock.json": None}))
    message = message_of(runner, NodeProject, ProjectRequest(CART))
    assert message.startswith(f"{CART}/package.json: No lockfile (`package-lock.json`, ")
    assert "run `npm install --package-lock-only` in `shop`" in message


def test_the_lockfile_of_a_package_manager_that_is_not_supported() -> None:
    runner = federation_runner(
        small_shop.files({"shop/package-lock.json": None, "shop/bun.lock": ""})
    )
    message = message_of(runner, NodeProject, ProjectRequest(CART))
    assert message.startswith("shop/bun.lock: This is a lockfile of Bun")

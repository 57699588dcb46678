"""Projects that no package manager can install, and what is said of them."""

from __future__ import annotations

import json
from typing import Mapping

import pytest

from module_federation.util_rules.projects import InstalledProject, NodeProject, ProjectRequest
from rules import mixed_workspace
from rules.mixed_installs import (
    EVERY,
    lockfile_of,
    project_of,
    root_manifest,
    runner_of,
)
from rules.mixed_workspace import (
    ROOT,
    SHELL,
)
from rules.runner import message_of

RELOCK = {
    "npm": "npm install --package-lock-only",
    "pnpm": "pnpm install --lockfile-only",
    "yarn-classic": "yarn install",
    "yarn": "yarn install --mode=update-lockfile",
}


@EVERY
def test_a_lockfile_that_is_out_of_step(manager: str) -> None:
    manifest = mixed_workspace.manifests(manager)[f"{SHELL}/package.json"]
    manifest["dependencies"]["clsx"] = "^1.0.0"
    runner = runner_of(manager, {f"{SHELL}/package.json": json.dumps(manifest)})
    message = message_of(runner, InstalledProject, project_of(runner))
    assert message.startswith(f"{lockfile_of(manager)}: `{'npm ci' if manager == 'npm' else ''}")
    assert "finds the lockfile out of step with the `package.json` files" in message
    assert "clsx" in message
    assert f"To fix it: run `{RELOCK[manager]}` in `{ROOT}` and commit the result." in message
    for noise in ("sandbox", "Clean install a project", "YN0000", "Progress"):
        assert noise not in message


@EVERY
def test_a_package_that_does_not_exist(manager: str) -> None:
    """Whatever else goes wrong, the package manager's own words are passed on."""
    lockfile = str(mixed_workspace.files(manager)[lockfile_of(manager)])
    broken = lockfile.replace("clsx-2.1.1", "clsx-0.0.404").replace("2.1.1", "0.0.404")
    runner = runner_of(manager, {lockfile_of(manager): broken})
    message = message_of(runner, InstalledProject, project_of(runner))
    assert message.startswith(f"{lockfile_of(manager)}: ")
    assert "clsx" in message
    assert "sandbox" not in message


@pytest.mark.parametrize(
    ("manager", "changes", "parts"),
    [
        pytest.param(
            "yarn",
            {
                f"{ROOT}/package-lock.json": "{}",
                f"{ROOT}/package.json": root_manifest("yarn", packageManager=None),
            },
            ["`package-lock.json` and `yarn.lock` lie beside each other", "`packageManager`"],
            id="two lockfiles",
        ),
        pytest.param(
            "yarn",
            {f"{ROOT}/package.json": root_manifest("yarn", packageManager="pnpm@10.34.9")},
            ["there is no `pnpm-lock.yaml`", "only `yarn.lock`", "pnpm install --lockfile-only"],
            id="the lockfile of another one",
        ),
        pytest.param(
            "yarn",
            {f"{ROOT}/package.json": root_manifest("yarn", packageManager="bun@1.2.3")},
            ["only npm, pnpm and Yarn are supported"],
            id="a package manager that is not supported",
        ),
        pytest.param(
            "pnpm",
            {f"{ROOT}/pnpm-workspace.yaml": "packages: [../other]\n"},
            [f"{ROOT}/pnpm-workspace.yaml:1: ", "'../other', which is not below"],
            id="a workspace outside",
        ),
        pytest.param(
            "pnpm",
            {f"{ROOT}/pnpm-workspace.yaml": "packages:\n  - a\n - b\n"},
            [f"{ROOT}/pnpm-workspace.yaml:3: ", "not readable as YAML"],
            id="broken YAML",
        ),
    ],
)
def test_projects_that_cannot_be_read(
    manager: str, changes: Mapping[str, str | bytes | None], parts: list[str]
) -> None:
    message = message_of(runner_of(manager, changes), NodeProject, ProjectRequest(SHELL))
    for part in parts:
        assert part in message


@pytest.mark.parametrize(
    ("manager", "changes", "parts"),
    [
        pytest.param(
            "pnpm",
            {f"{ROOT}/patches/is-odd@3.0.1.patch": None},
            [f"{ROOT}/patches/is-odd@3.0.1.patch: This file is not found", "restore it"],
            id="a patch that is missing",
        ),
        pytest.param(
            "yarn",
            {f"{ROOT}/.yarn/patches/is-odd.patch": None},
            [
                f"{ROOT}/.yarn/patches/is-odd.patch: This file is not found",
                'pants_ignore.add = ["!.yarn/"]',
            ],
            id="a patch that Pants does not see",
        ),
        pytest.param(
            "pnpm",
            {f"{ROOT}/package.json": root_manifest("pnpm", packageManager="pnpm@10.34.9999")},
            [f"{ROOT}/package.json: ", "pnpm@10.34.9999, whose hash", "corepack use"],
            id="a version without a hash",
        ),
        pytest.param(
            "pnpm",
            {
                f"{ROOT}/package.json": root_manifest(
                    "pnpm", packageManager=f"pnpm@10.34.9999+sha512.{'0' * 128}"
                )
            },
            [f"{ROOT}/package.json: npm could not fetch pnpm 10.34.9999", "pnpm@10.34.9999"],
            id="a version that does not exist",
        ),
        pytest.param(
            "pnpm",
            {
                f"{ROOT}/package.json": root_manifest(
                    "pnpm", packageManager=f"pnpm@10.34.9+sha256.{'0' * 64}"
                )
            },
            [f"{ROOT}/package.json: ", "is not the one that is pinned", "0" * 64],
            id="another hash",
        ),
        pytest.param(
            "yarn",
            {
                f"{ROOT}/package.json": root_manifest(
                    "yarn", packageManager=f"yarn@4.13.0+sha512.{'0' * 128}"
                )
            },
            [f"{ROOT}/package.json: ", "is not the one that is pinned", "bin/yarn.js"],
            id="another hash of Yarn 4",
        ),
        pytest.param(
            "pnpm",
            {f"{ROOT}/pnpm-lock.yaml": "lockfileVersion: '6.0'\n"},
            [f"{ROOT}/pnpm-lock.yaml: ", "6.0, which pnpm 10.34.9 does not read"],
            id="a lockfile that is too old",
        ),
        pytest.param(
            "pnpm",
            {f"{ROOT}/pnpm-lock.yaml": "a: 1\n<<<<<<< HEAD\n"},
            [f"{ROOT}/pnpm-lock.yaml:2: ", "merge conflict"],
            id="a merge conflict",
        ),
        pytest.param(
            "yarn",
            {f"{ROOT}/yarn.lock": "# yarn lockfile v1\n"},
            [f"{ROOT}/yarn.lock: ", "written by Yarn 1, and Yarn 4.13.0"],
            id="a lockfile of Yarn 1",
        ),
    ],
)
def test_projects_that_cannot_be_installed(
    manager: str, changes: Mapping[str, str | bytes | None], parts: list[str]
) -> None:
    runner = runner_of(manager, changes)
    message = message_of(runner, InstalledProject, project_of(runner))
    for part in parts:
        assert part in message
    assert "To fix it: " in message
    assert "sandbox" not in message

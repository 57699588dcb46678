"""Which package manager installs, in which version, and where it comes from."""

from __future__ import annotations

from typing import Dict

import pytest
from pants.engine.fs import (
    EMPTY_DIGEST,
    DigestContents,
)

from module_federation.util_rules.nodejs import NodeRuntime
from module_federation.util_rules.package_managers import (
    PackageManagerProgram,
    PackageManagerRequest,
)
from rules import mixed_workspace
from rules.mixed_installs import (
    EVERY,
    found,
    installed,
    installed_by,
    project_of,
    root_manifest,
    runner_of,
)
from rules.mixed_workspace import (
    OLDER,
    ROOT,
    SHELL,
    UI,
    VINTAGE,
)

MEMBERS = (ROOT, SHELL, VINTAGE, UI)


@EVERY
def test_the_project(manager: str) -> None:
    project = project_of(runner_of(manager))
    pin = mixed_workspace.PINS[manager].split("@")[1].split("+")[0]
    assert (project.root, project.members) == (ROOT, MEMBERS)
    assert (project.manager.kind.value, project.manager.version) == (manager, pin)


@EVERY
def test_the_pinned_version_installs(manager: str) -> None:
    name, _, version = mixed_workspace.PINS[manager].partition("@")
    assert installed(manager).index.package_manager == f"{name}@{version.split('+')[0]}"


@pytest.mark.parametrize(
    ("manager", "version"),
    [
        ("pnpm", "10.34.9"),
        ("pnpm-8", "8.15.9"),
        ("yarn-classic", "1.22.22"),
        ("yarn", "4.13.0"),
        ("yarn-3", "3.8.7"),
        ("npm", None),
    ],
)
def test_without_the_field_the_lockfile_decides(manager: str, version: str | None) -> None:
    changes = {f"{ROOT}/package.json": root_manifest(manager, packageManager=None)}
    project = project_of(runner_of(manager, changes))
    kind = manager if manager not in OLDER else manager.split("-")[0]
    assert (project.manager.kind.value, project.manager.version) == (kind, version)


@pytest.mark.parametrize("manager", OLDER)
def test_the_oldest_release_installs_the_same(manager: str) -> None:
    runner = runner_of(manager)
    made = installed_by(runner)
    assert made.index.package_manager == mixed_workspace.PINS[manager]
    ways = {
        ("apps/shell", "react"): "react@19.3.1",
        ("apps/vintage", "react"): "react@18.3.1",
        ("apps/shell", "old-number"): "is-number@6.0.0",
        ("apps/shell", "is-even", "is-odd", "is-number", "kind-of"): "kind-of@6.0.3",
        ("apps/shell", "@mix/ui"): "@mix/ui@1.0.0",
        ("apps/shell", "use-sync-external-store", "react"): "react@19.3.1",
        ("apps/vintage", "use-sync-external-store", "react"): "react@18.3.1",
    }
    assert {way: found(made.index, *way).label for way in ways} == ways
    assert {*found(made.index, "apps/shell", "is-even").dependencies} == {"clsx", "is-odd"}
    patched = f"{found(made.index, 'apps/shell', 'is-odd').path}/index.js"
    contents = {
        file.path: file.content for file in runner.request(DigestContents, [made.node_modules])
    }
    assert b"// patched" in contents[patched]


def test_a_newer_pnpm_is_a_native_program() -> None:
    changes = {f"{ROOT}/package.json": root_manifest("pnpm", packageManager="pnpm@12.21.0")}
    index = installed_by(runner_of("pnpm", changes)).index
    assert index.package_manager == "pnpm@12.21.0"
    assert index.copies == installed("pnpm").index.copies


def test_a_checked_in_yarn_is_the_one_that_runs() -> None:
    """`yarnPath` wins over `packageManager`, as it does in Yarn itself."""
    fetched = runner_of("yarn").request(
        PackageManagerProgram,
        [PackageManagerRequest(project_of(runner_of("yarn")).manager, EMPTY_DIGEST, ROOT)],
    )
    contents = runner_of("yarn").request(DigestContents, [fetched.digest])
    (program,) = [file.content for file in contents if file.path.endswith("bin/yarn.js")]
    settings = mixed_workspace.files("yarn")[f"{ROOT}/.yarnrc.yml"]
    release = ".yarn/releases/yarn-4.13.0.cjs"
    changes: Dict[str, str | bytes | None] = {
        f"{ROOT}/package.json": root_manifest("yarn", packageManager="yarn@4.0.2"),
        f"{ROOT}/.yarnrc.yml": f"{settings!s}yarnPath: {release}\n",
        f"{ROOT}/{release}": program,
    }
    runner = runner_of("yarn", changes)
    assert project_of(runner).manager.release == release
    index = installed_by(runner).index
    assert index.package_manager == "yarn@4.13.0"
    assert index.copies == installed("yarn").index.copies


def test_the_npm_of_node_is_not_fetched() -> None:
    node = runner_of("npm").request(NodeRuntime, [])
    pin = f"npm@{node.npm_version}"
    runner = runner_of("npm", {f"{ROOT}/package.json": root_manifest("npm", packageManager=pin)})
    assert installed_by(runner).index.package_manager == pin

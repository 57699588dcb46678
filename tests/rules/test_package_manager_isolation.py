"""What an installation depends on, what it sees of the machine, and what it leaves."""

from __future__ import annotations

import json
import os
from typing import Mapping

import pytest
from pants.engine.fs import (
    DigestContents,
    DigestEntries,
    Snapshot,
    SymlinkEntry,
)

from module_federation.util_rules.installation import InstallRequest
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
    ROOT,
    SHELL,
    UI,
)


@EVERY
def test_nothing_is_left_of_the_package_manager_and_the_machine(manager: str) -> None:
    runner = runner_of(manager)
    made = installed_by(runner)
    for entry in runner.request(DigestEntries, [made.node_modules]):
        folder, _, name = entry.path.rpartition("/")
        if name.startswith("."):
            assert not folder.endswith("node_modules"), f"{entry.path} is the package manager's"
        if isinstance(entry, SymlinkEntry):
            target = os.path.normpath(os.path.join(folder, entry.target))
            assert not os.path.isabs(entry.target), entry
            assert not target.startswith(".."), entry
    for file in runner.request(DigestContents, [made.node_modules]):
        assert b"pants-sandbox" not in file.content, file.path


@EVERY
def test_another_machine_and_user_get_the_same_bytes(
    manager: str,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Settings in this user's home folder would send each of them to a registry that is not
    there."""
    home = tmp_path_factory.mktemp("home")
    nowhere = "http://127.0.0.1:9/"
    (home / ".npmrc").write_text(f"registry={nowhere}\n")
    (home / ".yarnrc").write_text(f'registry "{nowhere}"\n')
    (home / ".yarnrc.yml").write_text(f'npmRegistryServer: "{nowhere}"\n')
    (home / ".config/pnpm").mkdir(parents=True)
    (home / ".config/pnpm/rc").write_text(f"registry={nowhere}\n")
    monkeypatch.setenv("HOME", str(home))
    for name in ("npm_config_registry", "YARN_REGISTRY", "YARN_NPM_REGISTRY_SERVER"):
        monkeypatch.setenv(name, nowhere)
    again = installed_by(runner_of(manager, isolated=True))
    first = installed(manager)
    assert again.index.fingerprint == first.index.fingerprint
    assert again.node_modules == first.node_modules


#: Files that decide an installation, beside lockfile and manifests, with an edit of each.
SETTINGS = {
    "npm": {".npmrc": "fund=false\n"},
    "pnpm": {
        ".npmrc": "fund=false\n",
        "pnpm-workspace.yaml": "packages: [apps/*, libs/*]\n",
        "patches/is-odd@3.0.1.patch": "",
        ".pnpmfile.cjs": "module.exports = {};\n",
    },
    "yarn-classic": {".npmrc": "fund=false\n", ".yarnrc": "network-timeout 1000\n"},
    "yarn": {
        ".npmrc": "fund=false\n",
        ".yarnrc.yml": "nmHoistingLimits: workspaces\n",
        ".yarn/patches/is-odd.patch": "",
    },
}


def inputs_with(manager: str, changes: Mapping[str, str]) -> InstallRequest:
    """What an installation would be made from; nothing is installed."""
    runner = runner_of(manager, changes)
    return runner.request(InstallRequest, [project_of(runner)])


@EVERY
def test_what_repeats_an_installation(manager: str) -> None:
    before = inputs_with(manager, {})
    sources = {
        f"{SHELL}/src/index.js": "export const changed = 1;\n",
        f"{SHELL}/src/new.js": "export const added = 1;\n",
        f"{ROOT}/README.md": "# New\n",
        f"{ROOT}/patches/of-nobody.patch": "",
        f"{ROOT}/.yarn/patches/of-nobody.patch": "",
        f"{ROOT}/.yarn/install-state.gz": "",
        f"{ROOT}/tsconfig.json": "{}",
    }
    assert inputs_with(manager, sources) == before
    manifest = json.dumps({"name": "@mix/ui", "version": "2.0.0"})
    for path, content in {
        **{f"{ROOT}/{name}": content for name, content in SETTINGS[manager].items()},
        f"{UI}/package.json": manifest,
    }.items():
        assert inputs_with(manager, {path: content}) != before, path


# A lockfile of Yarn 1 without addresses, as it is here, makes it ask the registry each time.
@pytest.mark.parametrize("manager", ["npm", "pnpm", "yarn"])
def test_what_was_downloaded_once_is_not_asked_for_again(manager: str) -> None:
    installed(manager)
    nowhere = "http://127.0.0.1:9"
    offline = [f"{name}={nowhere}" for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY")]
    runner = runner_of(
        manager,
        options=[f"--module-federation-extra-env-vars={offline}"],
        isolated=True,
    )
    assert installed_by(runner).index == installed(manager).index


#: Leaves a file beside `is-number` as the application sees it.
_SCRIPT = (
    "node -e \"const found = require.resolve('is-number', { paths: ['apps/shell'] });"
    "require('fs').writeFileSync(require('path').join(found, '../ran.txt'), '')\""
)


@EVERY
@pytest.mark.parametrize("allowed", [False, True])
def test_install_scripts(manager: str, allowed: bool) -> None:
    changes = {f"{ROOT}/package.json": root_manifest(manager, scripts={"postinstall": _SCRIPT})}
    runner = runner_of(
        manager, changes, options=[f"--module-federation-allow-install-scripts={allowed}"]
    )
    made = installed_by(runner)
    place = found(made.index, "apps/shell", "is-number").path
    files = runner.request(Snapshot, [made.node_modules]).files
    assert f"{place}/index.js" in files
    assert (f"{place}/ran.txt" in files) is allowed

"""The same workspace, installed with npm, pnpm, Yarn 1 and Yarn 4."""

from __future__ import annotations

import json
import os
from typing import Any, Callable, Dict, Mapping

import pytest
from pants.engine.fs import (
    EMPTY_DIGEST,
    DigestContents,
    DigestEntries,
    Snapshot,
    SymlinkEntry,
)
from pants.testutil.rule_runner import RuleRunner

from module_federation.sharing.copies import Copy
from module_federation.sharing.install_index import InstallIndex
from module_federation.util_rules.bundle import Bundle, BundleRequest
from module_federation.util_rules.installation import InstallRequest
from module_federation.util_rules.nodejs import NodeRuntime
from module_federation.util_rules.package_managers import (
    PackageManagerProgram,
    PackageManagerRequest,
)
from module_federation.util_rules.projects import InstalledProject, NodeProject, ProjectRequest
from module_federation.util_rules.slices import ContainerSlice, ContainerSliceRequest
from rules import mixed_workspace
from rules.mixed_workspace import LOCKFILES, MANAGERS, MODERN, ROOT, SHELL, UI, VINTAGE
from rules.runner import address, federation_runner, message_of

MEMBERS = (ROOT, SHELL, VINTAGE, UI)
#: Pants leaves out folders that begin with a dot.
SEE_YARN = "--pants-ignore=+['!.yarn/']"
EVERY = pytest.mark.parametrize("manager", MANAGERS)


def runner_of(
    manager: str, changes: Mapping[str, str | bytes | None] | None = None, **options: Any
) -> RuleRunner:
    """An engine on the workspace as one package manager knows it."""
    return federation_runner(
        mixed_workspace.files(manager, changes), bootstrap_args=[SEE_YARN], **options
    )


def project_of(runner: RuleRunner) -> NodeProject:
    return runner.request(NodeProject, [ProjectRequest(SHELL)])


def installed_by(runner: RuleRunner) -> InstalledProject:
    return runner.request(InstalledProject, [project_of(runner)])


@pytest.fixture(scope="module")
def installed() -> Callable[[str], InstalledProject]:
    """The workspace as one package manager installs it."""
    made: Dict[str, InstalledProject] = {}

    def of(manager: str) -> InstalledProject:
        if manager not in made:
            made[manager] = installed_by(runner_of(manager))
        return made[manager]

    return of


def found(index: InstallIndex, start: str, *names: str) -> Copy:
    """The copy at the end of a way: from a folder, one name after the other."""
    copy = index.copies[start]
    for name in names:
        step = index.resolve(copy.path, name)
        assert step is not None, f"{name} is not to be found from {copy.label}"
        copy = step
    return copy


@EVERY
def test_the_project(manager: str) -> None:
    project = project_of(runner_of(manager))
    pin = mixed_workspace.PINS[manager].split("@")[1].split("+")[0]
    assert (project.root, project.members) == (ROOT, MEMBERS)
    assert (project.manager.kind.value, project.manager.version) == (manager, pin)


@EVERY
def test_the_pinned_version_installs(
    manager: str, installed: Callable[[str], InstalledProject]
) -> None:
    name, _, version = mixed_workspace.PINS[manager].partition("@")
    assert installed(manager).index.package_manager == f"{name}@{version.split('+')[0]}"


@EVERY
@pytest.mark.parametrize(
    ("way", "expected"),
    [
        pytest.param(("apps/shell", "react"), "react@19.3.1", id="a range or a catalog"),
        pytest.param(("apps/vintage", "react"), "react@18.3.1", id="another catalog"),
        pytest.param(("apps/shell", "old-number"), "is-number@6.0.0", id="an alias"),
        pytest.param(("apps/shell", "is-number"), "is-number@7.0.0", id="one of three versions"),
        pytest.param(("apps/vintage", "is-number"), "is-number@6.0.0", id="another of them"),
        pytest.param(("apps/shell", "is-even", "is-odd"), "is-odd@0.1.2", id="a nested one"),
        pytest.param(
            ("apps/shell", "is-even", "is-odd", "is-number"), "is-number@3.0.0", id="the third"
        ),
        pytest.param(
            ("apps/shell", "is-even", "is-odd", "is-number", "kind-of"),
            "kind-of@6.0.3",
            id="an override",
        ),
        pytest.param(("apps/shell", "@mix/ui"), "@mix/ui@1.0.0", id="a workspace package"),
        pytest.param(("apps/shell", "@mix/ui", "clsx"), "clsx@2.1.1", id="what that one needs"),
        pytest.param(("libs/ui", "react"), "react@19.3.1", id="its peer"),
        pytest.param(
            ("apps/shell", "use-sync-external-store", "react"), "react@19.3.1", id="a peer"
        ),
    ],
)
def test_who_gets_what(
    manager: str,
    way: tuple[str, ...],
    expected: str,
    installed: Callable[[str], InstalledProject],
) -> None:
    assert found(installed(manager).index, *way).label == expected


@EVERY
def test_the_peer_of_a_package_that_two_applications_share(
    manager: str, installed: Callable[[str], InstalledProject]
) -> None:
    """npm and Yarn 1 keep one copy of a package whose peer fits both versions of it; which React
    that one gets is an accident of the layout. pnpm and Yarn 4 give each application its own."""
    index = installed(manager).index
    expected = "react@18.3.1" if manager in MODERN else "react@19.3.1"
    assert found(index, "apps/vintage", "use-sync-external-store", "react").label == expected
    if manager in MODERN:
        store = found(index, "apps/vintage", "use-sync-external-store")
        assert index.resolve(store.path, "react") == index.resolve("apps/vintage", "react")


@EVERY
def test_workspace_packages_are_links(
    manager: str, installed: Callable[[str], InstalledProject]
) -> None:
    index = installed(manager).index
    for start in ("apps/shell", "apps/vintage"):
        assert found(index, start, "@mix/ui").path == "libs/ui"
    if manager == "pnpm":
        assert found(index, "apps/shell", "ui-again").path == "libs/ui"
    workspace = [copy.path for copy in index.copies.values() if copy.is_workspace]
    assert workspace == ["", "apps/shell", "apps/vintage", "libs/ui"]


@EVERY
def test_catalogs_are_in_the_index(
    manager: str, installed: Callable[[str], InstalledProject]
) -> None:
    expected = {"default": {"react": "^19.0.0"}, "vintage": {"react": "^18.0.0"}}
    assert installed(manager).index.catalogs == (expected if manager in MODERN else {})


@EVERY
def test_added_dependencies_are_in_the_index(
    manager: str, installed: Callable[[str], InstalledProject]
) -> None:
    index = installed(manager).index
    package = found(index, "apps/shell", "is-even")
    extra = {"clsx"} if manager in MODERN else set()
    assert {*package.dependencies} == {"is-odd"} | extra
    assert extra <= {copy.name for copy in index.closure([package]).copies}


@EVERY
def test_patches_are_applied(manager: str) -> None:
    runner = runner_of(manager)
    made = installed_by(runner)
    place = found(made.index, "apps/shell", "is-odd").path
    contents = runner.request(DigestContents, [made.node_modules])
    (source,) = [file.content for file in contents if file.path == f"{place}/index.js"]
    assert (b"// patched" in source) is (manager in MODERN)


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
    installed: Callable[[str], InstalledProject],
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


def slice_of(manager: str) -> tuple[Dict[str, Any], set[str]]:
    """What the container shares, and the files of its packages without their places."""
    runner = runner_of(
        manager,
        {"sharing.toml": '[auto]\nthird_party = "always"\n'},
        options=["--module-federation-policy-file=sharing.toml"],
    )
    made = runner.request(ContainerSlice, [ContainerSliceRequest(address(f"{SHELL}:host"))])
    files = runner.request(Snapshot, [made.node_modules]).files
    return made.slice.to_shared_config(), {file.rpartition("node_modules/")[2] for file in files}


def test_the_share_slice_is_the_same() -> None:
    shared, files = slice_of("npm")
    packages = "clsx is-even is-number is-odd old-number react use-sync-external-store"
    assert {key.split("/")[0] for key in shared} == {*packages.split()}
    assert shared["react"]["requiredVersion"] == "^19.0.0"
    assert shared["old-number"]["version"] == "6.0.0"
    for manager in MANAGERS[1:]:
        assert slice_of(manager) == (shared, files), manager


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
def test_what_was_downloaded_once_is_not_asked_for_again(
    manager: str, installed: Callable[[str], InstalledProject]
) -> None:
    installed(manager)
    nowhere = "http://127.0.0.1:9"
    offline = [f"{name}={nowhere}" for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY")]
    runner = runner_of(
        manager,
        options=[f"--module-federation-extra-env-vars={offline}"],
        isolated=True,
    )
    assert installed_by(runner).index == installed(manager).index


def root_manifest(manager: str, **fields: Any) -> str:
    """The root `package.json` with other fields; `None` takes one out."""
    data = {**mixed_workspace.manifests(manager)[f"{ROOT}/package.json"], **fields}
    return json.dumps({key: value for key, value in data.items() if value is not None}, indent=2)


@pytest.mark.parametrize(
    ("manager", "version"),
    [("pnpm", "10.34.9"), ("yarn-classic", "1.22.22"), ("yarn", "4.13.0"), ("npm", None)],
)
def test_without_the_field_the_lockfile_decides(manager: str, version: str | None) -> None:
    changes = {f"{ROOT}/package.json": root_manifest(manager, packageManager=None)}
    project = project_of(runner_of(manager, changes))
    assert (project.manager.kind.value, project.manager.version) == (manager, version)


def test_a_newer_pnpm_is_a_native_program(installed: Callable[[str], InstalledProject]) -> None:
    changes = {f"{ROOT}/package.json": root_manifest("pnpm", packageManager="pnpm@12.21.0")}
    index = installed_by(runner_of("pnpm", changes)).index
    assert index.package_manager == "pnpm@12.21.0"
    assert index.copies == installed("pnpm").index.copies


def test_a_checked_in_yarn_is_the_one_that_runs(
    installed: Callable[[str], InstalledProject],
) -> None:
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


@pytest.mark.parametrize("manager", MODERN)
def test_a_container_is_bundled(manager: str) -> None:
    """The application gets the React that it asks for, and no other one."""
    runner = runner_of(manager)
    made = runner.request(Bundle, [BundleRequest(address(f"{SHELL}:host"))])
    scripts = {
        file.path: file.content
        for file in runner.request(DigestContents, [made.digest])
        if file.path.endswith(".js")
    }
    assert any(b"19.3.1" in content for content in scripts.values())
    assert not any(b"18.3.1" in content for content in scripts.values())


def lockfile_of(manager: str) -> str:
    return f"{ROOT}/{LOCKFILES[manager]}"


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


RELOCK = {
    "npm": "npm install --package-lock-only",
    "pnpm": "pnpm install --lockfile-only",
    "yarn-classic": "yarn install",
    "yarn": "yarn install --mode=update-lockfile",
}


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

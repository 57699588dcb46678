"""Settings files, workspace patterns, and what is said of a failed installation."""

from __future__ import annotations

import fnmatch
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from module_federation.module_graph.package_json import PackageManifest
from module_federation.package_managers.failures import explain
from module_federation.package_managers.model import (
    ManagerKind,
    PackageManager,
    ProjectFileError,
)
from module_federation.package_managers.settings import (
    WorkspaceSettings,
    named_files,
    read_pnpm_workspace,
    read_settings,
    read_yarn_classic_settings,
    read_yarn_settings,
)
from module_federation.package_managers.workspaces import leaves_project, manifest_globs

PNPM = b"""\
# Where the packages are
packages:
  - "apps/*"
  - '!**/test/**'
catalog:
  react: ^19.0.0
  number: 1.10
catalogs:
  old: {react: ^18.0.0}
patchedDependencies:
  b@1.0.0: patches/b.patch
  a@1.0.0: patches/a.patch
"""


def test_pnpm_workspace() -> None:
    assert read_pnpm_workspace(PNPM, "pnpm-workspace.yaml") == WorkspaceSettings(
        packages=("apps/*", "!**/test/**"),
        packages_line=2,
        catalogs={
            "default": {"number": "1.10", "react": "^19.0.0"},
            "old": {"react": "^18.0.0"},
        },
        files=("patches/a.patch", "patches/b.patch"),
    )


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", WorkspaceSettings()),
        (b"# nothing\n", WorkspaceSettings()),
        (b"registry: https://example.com\n", WorkspaceSettings(names_registry=True)),
        (b"packages: []\n", WorkspaceSettings(packages=(), packages_line=1)),
        (b"patchedDependencies: [1]\n", WorkspaceSettings()),
    ],
)
def test_other_pnpm_settings(content: bytes, expected: WorkspaceSettings) -> None:
    assert read_pnpm_workspace(content, "f") == expected


def test_yarn_settings() -> None:
    content = b"""\
nodeLinker: pnp
yarnPath: ./.yarn/releases/yarn-4.9.1.cjs
npmRegistryServer: "https://npm.example.com"
plugins:
  - .yarn/plugins/a.cjs
  - path: .yarn/plugins/b.cjs
    spec: "@yarnpkg/plugin-b"
catalog:
  react: ^19.0.0
"""
    assert read_yarn_settings(content, ".yarnrc.yml") == WorkspaceSettings(
        catalogs={"default": {"react": "^19.0.0"}},
        files=(".yarn/plugins/a.cjs", ".yarn/plugins/b.cjs"),
        release=".yarn/releases/yarn-4.9.1.cjs",
        names_registry=True,
    )


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", WorkspaceSettings()),
        (
            b'# a comment\nyarn-path ".yarn/releases/yarn-1.22.22.cjs"\n',
            WorkspaceSettings(release=".yarn/releases/yarn-1.22.22.cjs"),
        ),
        (b'registry "https://npm.example.com/"\n', WorkspaceSettings(names_registry=True)),
        (b"registry https://npm.example.com/\r\n", WorkspaceSettings(names_registry=True)),
        (b'"@own:registry" "https://npm.example.com/"\n', WorkspaceSettings()),
    ],
)
def test_yarn_classic_settings(content: bytes, expected: WorkspaceSettings) -> None:
    assert read_yarn_classic_settings(content, ".yarnrc") == expected


def test_each_reads_its_own_settings() -> None:
    files = {"pnpm-workspace.yaml": PNPM, ".yarnrc.yml": b"yarnPath: y.cjs\n", ".npmrc": b""}
    assert read_settings(ManagerKind.YARN, files, "shop").release == "y.cjs"
    assert read_settings(ManagerKind.PNPM, files, "shop").release is None
    assert read_settings(ManagerKind.NPM, files, "shop") == WorkspaceSettings()


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        (b"packages:\n  - a\n - b\n", 3, "not readable as YAML"),
        (b"a: &x [*y]\n", 1, "not readable as YAML"),
        pytest.param(b"[" * 2000, None, "not readable as YAML", id="very deep"),
        (b"\xff", None, "not UTF-8"),
        (b"- a\n", 1, "not a YAML mapping"),
        (b"a: 1\npackages: apps\n", 2, "`packages` must be a list"),
        (b"packages: [[a]]\n", 1, "`packages` must be a list"),
        (b"catalog: [a]\n", 1, "`catalog` must be a mapping"),
        (b"x: 1\ncatalogs: {a: b}\n", 2, "`catalogs` must be names"),
        (b"catalogs: [a]\n", 1, "`catalogs` must be names"),
    ],
)
def test_settings_that_cannot_be_read(content: bytes, line: int | None, says: str) -> None:
    with pytest.raises(ProjectFileError) as raised:
        read_settings(ManagerKind.PNPM, {"pnpm-workspace.yaml": content}, "shop")
    assert says in raised.value.problem
    assert raised.value.file == "shop/pnpm-workspace.yaml"
    assert line is None or raised.value.line == line


@pytest.mark.parametrize("path", ["../yarn.cjs", "/opt/yarn.cjs", "a/../../yarn.cjs"])
def test_a_release_outside_of_the_project(path: str) -> None:
    with pytest.raises(ProjectFileError, match="not below this file's folder"):
        read_yarn_settings(f"yarnPath: {path}\n".encode(), ".yarnrc.yml")


@given(st.binary(max_size=200) | st.text("-:[]{}&*!|>'\"#\n a1").map(str.encode))
def test_any_settings_are_read_or_refused(content: bytes) -> None:
    for kind, name in (
        (ManagerKind.PNPM, "pnpm-workspace.yaml"),
        (ManagerKind.YARN, ".yarnrc.yml"),
        (ManagerKind.YARN_CLASSIC, ".yarnrc"),
    ):
        refused: ProjectFileError | None = None
        settings: WorkspaceSettings | None = None
        try:
            settings = read_settings(kind, {name: content}, "")
        except ProjectFileError as error:
            refused = error
        assert (settings is None) is (refused is not None)


def package(directory: str, **fields: object) -> PackageManifest:
    path = f"{directory}/package.json" if directory else "package.json"
    return PackageManifest.parse(path, json.dumps(fields).encode())


def test_named_files() -> None:
    root = package(
        "shop",
        resolutions={
            "a@npm:^1": "patch:a@npm%3A1.0.0#~/.yarn/patches/a.patch",
            "b": "patch:b@npm%3A1.0.0#./patches/b.patch::version=1.0.0&hash=abc",
            "c": "patch:c@npm%3A1.0.0#optional!builtin<compat/typescript>",
            "d": "patch:d@npm%3A1.0.0#~builtin<compat/fsevents>",
            "e": "^1.0.0",
        },
        pnpm={"patchedDependencies": {"f@1.0.0": "patches/f.patch"}},
    )
    member = package(
        "shop/libs/ui",
        dependencies={
            "g": "patch:g@npm%3A1.0.0#./g.patch&~/second.patch",
            "h": "file:vendor/h.tgz",
            "i": "file:../i",
            "j": "file:../../../j.tgz",
        },
    )
    found = named_files([member, root], "shop")
    assert [name for name in found if "builtin" not in name] == [
        ".yarn/patches/a.patch",
        "libs/ui/g.patch",
        "libs/ui/vendor/h.tgz",
        "patches/b.patch",
        "patches/f.patch",
        "second.patch",
    ]
    assert not [name for name in found if "builtin" in name]


@pytest.mark.parametrize(
    ("pattern", "folder", "expected"),
    [
        ("apps/*", "shop/apps/cart", True),
        ("{apps,libs}/*", "shop/libs/ui", True),
        ("{apps,{libs,more}}/*", "shop/more/ui", True),
        ("./apps/*", "shop/apps/cart", True),
        ("apps/*/", "shop/apps/cart", True),
        (".", "shop", True),
        ("{apps}/*", "shop/apps/cart", False),
        ("libs/*", "shop/apps/cart", False),
    ],
)
def test_workspace_patterns(pattern: str, folder: str, expected: bool) -> None:
    globs = manifest_globs("shop", [pattern])
    assert any(fnmatch.fnmatchcase(f"{folder}/package.json", each) for each in globs) is expected


def test_patterns_that_take_away() -> None:
    assert manifest_globs("", ["apps/*", "!apps/{a,b}"]) == (
        "apps/*/package.json",
        "!apps/a/package.json",
        "!apps/b/package.json",
        "!**/node_modules/**",
    )


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("../x", True), ("/x", True), ("a/../../x", True), ("a/../b", False), ("!../x", True)],
)
def test_patterns_outside_of_the_project(pattern: str, expected: bool) -> None:
    assert leaves_project(pattern) is expected


@pytest.mark.parametrize(
    ("kind", "output", "in_step", "problem"),
    [
        pytest.param(
            ManagerKind.NPM,
            "npm error code EUSAGE\nnpm error\nnpm error `npm ci` can only install packages when "
            "your package.json and package-lock.json are in sync.\nnpm error\n"
            "npm error Missing: clsx@1.0.0 from lock file\nnpm error\n"
            "npm error Clean install a project\nnpm error\nnpm error Usage:\n",
            False,
            "`npm ci` finds the lockfile out of step with the `package.json` files:\n"
            "`npm ci` can only install packages when your package.json and package-lock.json are "
            "in sync.\n\nMissing: clsx@1.0.0 from lock file",
            id="npm",
        ),
        pytest.param(
            ManagerKind.PNPM,
            ' ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with "frozen-lockfile" because '
            "pnpm-lock.yaml is not up to date with <ROOT>/any/pants-sandbox-aB1/package.json\n",
            False,
            "`pnpm install --frozen-lockfile` finds the lockfile out of step with the "
            "`package.json` files:\nERR_PNPM_OUTDATED_LOCKFILE  Cannot install with "
            '"frozen-lockfile" because pnpm-lock.yaml is not up to date with <ROOT>package.json',
            id="pnpm",
        ),
        pytest.param(
            ManagerKind.YARN_CLASSIC,
            "yarn install v1.22.22\n[1/4] Resolving packages...\nDone in 1.0s.\n"
            "lockfile-out-of-step:\nmissing from the lockfile: clsx@^1.0.0\n",
            False,
            "`yarn install --frozen-lockfile` finds the lockfile out of step with the "
            "`package.json` files:\nmissing from the lockfile: clsx@^1.0.0",
            id="Yarn 1",
        ),
        pytest.param(
            ManagerKind.YARN,
            "➤ YN0000: · Yarn 4.13.0\n➤ YN0000: ┌ Resolution step\n➤ YN0000: └ Completed in 1s\n"
            "➤ YN0028: │ The lockfile would have been modified by this install, which is "
            "explicitly forbidden.\n➤ YN0000: └ Completed\n➤ YN0000: · Failed with errors in 1s\n",
            False,
            "`yarn install --immutable` finds the lockfile out of step with the `package.json` "
            "files:\nYarn 4.13.0\nResolution step\nYN0028: │ The lockfile would have been "
            "modified by this install, which is explicitly forbidden.",
            id="Yarn",
        ),
        pytest.param(
            ManagerKind.PNPM,
            "Scope: all 4 workspace projects\n ERR_PNPM_FETCH_404  GET clsx: Not Found - 404\n",
            True,
            "pnpm 1.0.0 could not install the packages of `shop`:\n"
            "ERR_PNPM_FETCH_404  GET clsx: Not Found - 404",
            id="something else",
        ),
    ],
)
def test_failures(kind: ManagerKind, output: str, in_step: bool, problem: str) -> None:
    explanation = explain(PackageManager(kind, "1.0.0"), output, "shop")
    assert explanation.problem == problem
    assert (f"run `{kind.relock}` in `shop`" in explanation.remedy) is not in_step

"""Installed packages, each as a tree of its own: which files come along."""

from __future__ import annotations

import pytest
from pants.engine.fs import CreateDigest, Digest, DigestEntries, FileContent, SymlinkEntry
from pants.engine.rules import Get, QueryRule, rule
from pants.testutil.rule_runner import RuleRunner
from pants.util.frozendict import FrozenDict

from module_federation.util_rules import package_trees
from module_federation.util_rules.package_trees import PackageTrees, PackageTreesRequest
from module_federation.util_rules.projects import InstalledProject, NodeProject
from unit.sharing.installs import index, package, workspace

A, B = "node_modules/a", "node_modules/a/node_modules/b"
#: Inside `b`, which need not be reached for it.
C = "node_modules/a/node_modules/b/node_modules/c"
MEMBERS = "libs/ui/node_modules/[d]"
INSTALLED = index(
    workspace("", "shop"),
    workspace("libs/ui", "ui"),
    *(package(path) for path in (A, B, C, MEMBERS, "node_modules/@s/e")),
    links={"node_modules/ui": "libs/ui"},
)
FILES = (
    *(f"{path}/package.json" for path in (A, B, C, MEMBERS, "node_modules/@s/e")),
    f"{A}/lib/index.js",
    # Has no package.json, so it is a part of `a`.
    f"{A}/node_modules/plain/index.js",
    f"{B}/index.js",
    "node_modules/stray.js",
)
LINKS = (
    SymlinkEntry("node_modules/ui", "../libs/ui"),
    SymlinkEntry("node_modules/.bin/a", "../a/lib/index.js"),
    SymlinkEntry(f"{A}/node_modules/.bin/b", "../b/index.js"),
    SymlinkEntry(f"{A}/main.js", "lib/index.js"),
)


@rule
async def install(project: NodeProject) -> InstalledProject:
    """An installation that no package manager has to make."""
    files = [FileContent(path, path.encode()) for path in FILES]
    digest = await Get(Digest, CreateDigest([*files, *LINKS]))
    return InstalledProject(project, digest, INSTALLED)


@pytest.fixture
def runner() -> RuleRunner:
    """An engine with that installation."""
    return RuleRunner(
        rules=[
            *package_trees.rules(),
            install,
            QueryRule(PackageTrees, [PackageTreesRequest]),
            QueryRule(DigestEntries, [Digest]),
        ]
    )


def trees(runner: RuleRunner, root: str, **nests: tuple[str, ...]) -> dict[str, set[str]]:
    """Place → files and links of the packages."""
    project = NodeProject(root, (root,))
    request = PackageTreesRequest(
        project, FrozenDict({packages[0]: packages for packages in nests.values()})
    )
    found = runner.request(PackageTrees, [request]).by_place
    return {
        place: {entry.path for entry in runner.request(DigestEntries, [digest])}
        for place, digest in found.items()
    }


OWN = {"package.json", "lib/index.js", "main.js", "node_modules/plain/index.js"}


@pytest.mark.parametrize(
    ("packages", "inside"),
    [
        pytest.param((A,), set(), id="alone"),
        pytest.param(
            (A, B), {"node_modules/b/package.json", "node_modules/b/index.js"}, id="one inside"
        ),
        pytest.param((A, C), {"node_modules/b/node_modules/c/package.json"}, id="the innermost"),
    ],
)
def test_files(runner: RuleRunner, packages: tuple[str, ...], inside: set[str]) -> None:
    assert trees(runner, "shop", a=packages) == {f"shop/{A}": OWN | inside}


@pytest.mark.parametrize("root", ["", "shop"])
def test_places(runner: RuleRunner, root: str) -> None:
    found = trees(runner, root, one=(MEMBERS,), two=("node_modules/@s/e",))
    prefix = f"{root}/" if root else ""
    assert found == {
        f"{prefix}{MEMBERS}": {"package.json"},
        f"{prefix}node_modules/@s/e": {"package.json"},
    }

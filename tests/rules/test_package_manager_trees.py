"""What each package manager's installation holds: the same copies for the same people."""

from __future__ import annotations

from typing import Any, Dict

import pytest
from pants.engine.fs import (
    DigestContents,
    Snapshot,
)

from module_federation.util_rules.bundle import Bundle, BundleRequest
from module_federation.util_rules.slices import ContainerSlice, ContainerSliceRequest
from rules.mixed_installs import (
    EVERY,
    found,
    installed,
    installed_by,
    runner_of,
)
from rules.mixed_workspace import (
    MANAGERS,
    MODERN,
    SHELL,
)
from rules.runner import address


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
) -> None:
    assert found(installed(manager).index, *way).label == expected


@EVERY
def test_the_peer_of_a_package_that_two_applications_share(manager: str) -> None:
    """npm and Yarn 1 keep one copy of a package whose peer fits both versions of it; which React
    that one gets is an accident of the layout. pnpm and Yarn 4 give each application its own."""
    index = installed(manager).index
    expected = "react@18.3.1" if manager in MODERN else "react@19.3.1"
    assert found(index, "apps/vintage", "use-sync-external-store", "react").label == expected
    if manager in MODERN:
        store = found(index, "apps/vintage", "use-sync-external-store")
        assert index.resolve(store.path, "react") == index.resolve("apps/vintage", "react")


@EVERY
def test_workspace_packages_are_links(manager: str) -> None:
    index = installed(manager).index
    for start in ("apps/shell", "apps/vintage"):
        assert found(index, start, "@mix/ui").path == "libs/ui"
    if manager == "pnpm":
        assert found(index, "apps/shell", "ui-again").path == "libs/ui"
    workspace = [copy.path for copy in index.copies.values() if copy.is_workspace]
    assert workspace == ["", "apps/shell", "apps/vintage", "libs/ui"]


@EVERY
def test_catalogs_are_in_the_index(manager: str) -> None:
    expected = {"default": {"react": "^19.0.0"}, "vintage": {"react": "^18.0.0"}}
    assert installed(manager).index.catalogs == (expected if manager in MODERN else {})


@EVERY
def test_added_dependencies_are_in_the_index(manager: str) -> None:
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


def slice_of(manager: str) -> tuple[Dict[str, Any], set[str]]:
    """What the container shares, and the files of its packages without their places."""
    runner = runner_of(
        manager,
        {"sharing.toml": '[auto]\nthird_party = "always"\n'},
        options=["--module-federation-policy-file=sharing.toml"],
    )
    made = runner.request(ContainerSlice, [ContainerSliceRequest(address(f"{SHELL}:host"))])
    files = {
        f"{place}/{file}".rpartition("node_modules/")[2]
        for place, content in made.node_modules.items()
        for file in runner.request(Snapshot, [content]).files
    }
    return made.slice.to_shared_config(), files


def test_the_share_slice_is_the_same() -> None:
    shared, files = slice_of("npm")
    packages = "clsx is-even is-number is-odd old-number react use-sync-external-store"
    assert {key.split("/")[0] for key in shared} == {*packages.split()}
    assert shared["react"]["requiredVersion"] == "^19.0.0"
    assert shared["old-number"]["version"] == "6.0.0"
    for manager in MANAGERS[1:]:
        assert slice_of(manager) == (shared, files), manager


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

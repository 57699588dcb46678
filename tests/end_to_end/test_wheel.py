"""The plugin as others install it: a wheel, in a repository that has nothing else of this one."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest
from pants.version import VERSION

from end_to_end.pants_repository import OURS, PantsRepository, environment
from rules import small_shop

_NAME = "pants_module_federation-*.whl"


def find_wheel() -> Path:
    """The wheel that Pants put beside the test; without Pants around, it is called to make one."""
    for wheel in OURS.glob(_NAME):
        return wheel
    subprocess.run(
        [str(OURS / "pants"), "package", "pants-plugins:wheel"],
        cwd=OURS,
        env=environment(),
        check=True,
    )
    return max(OURS.glob(f"dist/{_NAME}"), key=lambda wheel: wheel.stat().st_mtime)


@pytest.fixture(scope="module")
def wheel() -> Path:
    return find_wheel()


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return Parser().parsestr(archive.read(name).decode())


@pytest.fixture
def repository(tmp_path: Path, wheel: Path) -> PantsRepository:
    """A workspace, its BUILD files and a `pants.toml`. Pants itself is started by our launcher,
    from where it is, since it installs Pants without reaching beyond the package index."""
    # Pants keeps what it resolved by the path it found it at, so a new wheel needs a new one.
    wheels = tmp_path / hashlib.sha256(wheel.read_bytes()).hexdigest()
    wheels.mkdir()
    shutil.copy(wheel, wheels)
    repository = PantsRepository(tmp_path / "repository", OURS / "pants")
    repository.write(
        {
            **small_shop.files(),
            "pants.toml": f"""
                [GLOBAL]
                pants_version = "{VERSION}"
                plugins = ["pants-module-federation"]
                backend_packages = ["module_federation"]
                local_execution_root_dir = "{tmp_path}"

                [python-repos]
                find_links = ["{wheels}"]
            """,
        }
    )
    return repository


def test_a_federation_in_another_repository(repository: PantsRepository) -> None:
    # The launcher has no plugins of its own in mind then, and adds no other wheels.
    repository.succeed("--no-pantsd", "package", "::", PANTS_PLUGINS="+[]", PIP_FIND_LINKS="")
    files = repository.dist()
    host, remote = "shop.apps.shell/host", "shop.apps.cart/remote"
    assert {
        f"{host}/index.html",
        f"{host}/mf-manifest.json",
        f"{host}/federation.json",
        f"{remote}/remoteEntry.js",
        f"{remote}/mf-manifest.json",
    } < set(files)
    assert {"/".join(name.split("/")[:2]) for name in files} == {host, remote}
    (listed,) = json.loads(files[f"{host}/federation.json"])["remotes"]
    assert (listed["name"], listed["exposes"]) == ("shop__cart", ["./Cart"])
    shared = json.loads(files[f"{remote}/mf-manifest.json"])["shared"]
    assert "react" in {item["name"] for item in shared}


def test_the_wheel_says_what_it_needs(metadata: Message) -> None:
    requirements = metadata.get_all("Requires-Dist", [])
    assert [text for text in requirements if text.startswith("tomli")]
    assert not [text for text in requirements if "pants" in text]
    # All that it imports and that Pants does not bring along.
    assert len(requirements) == 1
    assert sorted(metadata["Requires-Python"].split(",")) == ["<3.10", ">=3.7"]


def test_the_wheel_says_what_it_is(metadata: Message) -> None:
    assert metadata["Name"] == "pants-module-federation"
    assert metadata["License"] == "Apache-2.0"
    for field in ("Version", "Summary", "Author", "Keywords", "Classifier"):
        assert metadata[field]
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert str(metadata.get_payload()).lstrip().startswith("# ")


def test_everything_is_in_the_wheel(wheel: Path) -> None:
    package = OURS / "pants-plugins/module_federation"
    with zipfile.ZipFile(wheel) as archive:
        packed = {
            name[len("module_federation/") :]: archive.read(name)
            for name in archive.namelist()
            if name.startswith("module_federation/")
        }
    ours = {
        str(path.relative_to(package)): path.read_bytes()
        for path in package.rglob("*")
        if path.is_file()
        and path.name != "BUILD"
        and not {"__pycache__", "node_modules"} & {*path.parts}
    }
    assert packed == ours

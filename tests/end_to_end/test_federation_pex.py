"""The `federation` command as deploy pipelines get it: one file, on the storefront's contracts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Mapping

import pytest

from end_to_end.pants_repository import OURS, environment
from end_to_end.test_wheel import find_wheel

_FOLDERS = {
    "shell": "examples.storefront.apps.shell/host",
    "account": "examples.storefront.apps.account/remote",
    "cart": "examples.storefront.apps.cart/remote",
    "catalog": "examples.storefront.apps.catalog/remote",
}
_PEX = "pants-plugins/federation.pex"
_CONTRACT = "mf-contract.json"
_REMOTES = ("account", "cart", "catalog")


@pytest.fixture(scope="module")
def packaged() -> Path:
    """What Pants put beside the test; without Pants around, it is called to make it."""
    if (OURS / _PEX).is_file():
        return OURS
    targets = ["pants-plugins:federation", "examples/storefront::"]
    subprocess.run(
        [str(OURS / "pants"), "package", *targets], cwd=OURS, env=environment(), check=True
    )
    return OURS / "dist"


@dataclass(frozen=True)
class Pipeline:
    """A folder as a deploy pipeline has it: ``live`` is deployed, ``next`` shall be."""

    root: Path
    pex: Path
    pex_root: Path

    def federation(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The command, with nothing of the tests' own environment but the interpreter."""
        return subprocess.run(
            [sys.executable, str(self.pex), *arguments],
            cwd=self.root,
            env={"PATH": os.defpath, "PEX_ROOT": str(self.pex_root)},
            capture_output=True,
            text=True,
            check=False,
        )

    def on_live(self, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        live = ["--host", "live/shell", "--remotes", *(f"live/{each}" for each in _REMOTES)]
        return self.federation(command, *live, *arguments)

    def contract(self, name: str) -> Any:
        return json.loads((self.root / "live" / name / _CONTRACT).read_text())

    def candidate(self, name: str, react: str, required: str) -> str:
        """The deployed container with another React, and the ranges that go with it."""
        document = self.contract(name)
        for scope in document["shareScopes"]:
            for kind in ("provides", "consumes"):
                for each in scope[kind]:
                    if each["key"].split("/")[0] in ("react", "react-dom"):
                        _set(each, {"version": react, "fallback": react, "required": required})
        path = self.root / "next" / name / _CONTRACT
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document))
        return path.relative_to(self.root).as_posix()


def _set(entry: dict[str, Any], values: Mapping[str, str]) -> None:
    """Changes what is there, and is known."""
    for name, value in values.items():
        if entry.get(name) is not None:
            entry[name] = value


@pytest.fixture(scope="module")
def pex_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the PEX unpacks itself, once for all tests."""
    return tmp_path_factory.mktemp("pex_root")


@pytest.fixture
def pipeline(tmp_path: Path, packaged: Path, pex_root: Path) -> Pipeline:
    for name, folder in _FOLDERS.items():
        live = tmp_path / "live" / name
        live.mkdir(parents=True)
        (live / _CONTRACT).write_bytes((packaged / folder / _CONTRACT).read_bytes())
    return Pipeline(tmp_path, packaged / _PEX, pex_root)


def test_it_holds_no_pants_and_nothing_for_one_platform(packaged: Path) -> None:
    with zipfile.ZipFile(packaged / _PEX) as archive:
        names = archive.namelist()
        info = json.loads(archive.read("PEX-INFO"))
    wheels = {name.split("/")[1] for name in names if name.startswith(".deps/")}
    assert [wheel.split("-")[0] for wheel in wheels if wheel] == ["tomli"]
    assert all(wheel.endswith("-none-any.whl") for wheel in wheels if wheel)
    assert not any("/pants/" in f"/{name}" for name in names)
    assert "module_federation/engine.py" not in names
    assert info["interpreter_constraints"] == ["CPython<3.12,>=3.9"]


def test_its_version_is_that_of_the_wheel(pipeline: Pipeline) -> None:
    answer = pipeline.federation("--version")
    version = find_wheel().name.split("-")[1]
    assert (answer.returncode, answer.stdout) == (0, f"federation {version}\n")


def test_the_wheel_brings_it_as_a_script() -> None:
    with zipfile.ZipFile(find_wheel()) as archive:
        (name,) = (each for each in archive.namelist() if each.endswith("/entry_points.txt"))
        scripts = archive.read(name).decode()
    assert "federation = module_federation.cli.main:main" in scripts


def test_the_storefront_fits(pipeline: Pipeline) -> None:
    answer = pipeline.on_live("check", "--warnings-as-errors")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "Fits: no errors" in answer.stdout
    assert "storefront__cart" in pipeline.on_live("check", "--format", "json").stdout


def test_a_cart_with_an_old_react(pipeline: Pipeline) -> None:
    candidate = pipeline.candidate("cart", "18.3.1", "^18.3.1")
    answer = pipeline.on_live("check", "--candidate", candidate)
    assert answer.returncode == 1
    assert "[unsatisfied-singleton]" in answer.stdout
    assert "next/cart/mf-contract.json" in answer.stdout
    sarif = pipeline.on_live("check", "--candidate", candidate, "--format", "sarif")
    results = json.loads(sarif.stdout)["runs"][0]["results"]
    assert "unsatisfied-singleton" in {each["ruleId"] for each in results}


def test_the_order_of_a_new_react(pipeline: Pipeline) -> None:
    """Whoever takes both versions can go first; who brings the new one goes last."""
    live = next(
        each["version"]
        for scope in pipeline.contract("cart")["shareScopes"]
        for each in scope["provides"]
        if each["key"] == "react"
    )
    both = f"^{live} || ^99.0.0"
    candidates = [pipeline.candidate(name, live, both) for name in _REMOTES]
    candidates.append(pipeline.candidate("shell", "99.0.0", "^99.0.0"))
    answer = pipeline.on_live("order", "--candidate", *candidates, "--format", "json")
    assert (answer.returncode, answer.stderr) == (0, "")
    steps = [f"storefront__{name}" for name in (*_REMOTES, "shell")]
    assert json.loads(answer.stdout)["steps"] == [[name] for name in steps]


def test_all_at_once_or_not_at_all(pipeline: Pipeline) -> None:
    candidates = [pipeline.candidate(name, "99.0.0", "^99.0.0") for name in _FOLDERS]
    answer = pipeline.on_live("order", "--candidate", *candidates)
    assert answer.returncode == 1
    assert "4 of them must go live at the same moment" in " ".join(answer.stdout.split())


def test_the_page_of_the_plan(pipeline: Pipeline) -> None:
    answer = pipeline.on_live("plan", "--format", "html", "--output-file", "plan.html")
    assert answer.returncode == 0
    page = (pipeline.root / "plan.html").read_text()
    assert page.startswith("<!doctype html>") or page.startswith("<!DOCTYPE html>")
    assert "storefront__cart" in page


def test_a_file_that_is_no_contract(pipeline: Pipeline) -> None:
    (pipeline.root / "broken.json").write_text('{\n  "schema": \n}')
    answer = pipeline.on_live("check", "--candidate", "broken.json")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.startswith("federation: error: broken.json:")

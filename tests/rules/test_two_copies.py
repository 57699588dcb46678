"""Two copies of a package in one container: both work, none is mislabelled, and it is reported."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Dict

import pytest
from pants.engine.fs import DigestContents, Snapshot
from pants.testutil.rule_runner import RuleRunner

from module_federation.sharing.findings import Severity
from module_federation.util_rules.bundle import Bundle, BundleRequest
from module_federation.util_rules.slices import ContainerSlice, ContainerSliceRequest
from rules import small_shop
from rules.runner import address, federation_runner
from rules.small_shop import CART, UI

REMOTE = address(f"{CART}:remote")
LOCKFILE = Path(__file__).parent / "lockfiles" / "two_copies.json"


def two_copies_files() -> Dict[str, str]:
    """A shop in which `cart` uses clsx 2, and the library it uses has clsx 1 to itself."""
    return small_shop.files(
        {
            "shop/package-lock.json": LOCKFILE.read_text(),
            "sharing.toml": "[packages.clsx]\n",
            f"{UI}/package.json": small_shop.manifest(
                "@shop/ui",
                exports={".": "./src/index.tsx", "./theme.css": "./src/theme.css"},
                dependencies={"clsx": "^1.0.0", "react": "^19.0.0"},
            ),
            f"{UI}/src/index.tsx": """
                import clsx from "clsx";
                export const Button = ({ label }: { label: string }) =>
                  <button className={clsx("ui")}>{label}</button>;
            """,
        }
    )


@pytest.fixture
def runner() -> RuleRunner:
    """An engine on that shop."""
    return federation_runner(
        two_copies_files(), options=["--module-federation-policy-file=sharing.toml"]
    )


def test_both_copies_are_laid_out(runner: RuleRunner) -> None:
    found = runner.request(ContainerSlice, [ContainerSliceRequest(REMOTE)])
    assert found.node_modules_folders == (f"{UI}/node_modules", "shop/node_modules")
    for place in ("shop/node_modules/clsx", f"{UI}/node_modules/clsx"):
        assert "package.json" in runner.request(Snapshot, [found.node_modules[place]]).files


def test_it_is_reported_and_left_to_the_bundler(runner: RuleRunner) -> None:
    computed = runner.request(ContainerSlice, [ContainerSliceRequest(REMOTE)]).slice
    (finding,) = [found for found in computed.findings if found.code == "two-copies"]
    assert finding.severity is Severity.WARNING
    assert len(finding.chain) == 2
    assert any("1.2.1" in way for way in finding.chain)
    module = computed.module("clsx")
    assert module is not None
    assert (module.version, module.required_version) == (None, None)


def test_each_importer_asks_for_its_own_range(runner: RuleRunner) -> None:
    """Read out of the emitted code: what it provides, and what its two importers ask for."""
    made = runner.request(Bundle, [BundleRequest(REMOTE)])
    files = {file.path: file.content for file in runner.request(DigestContents, [made.digest])}
    entry = files["remoteEntry.js"].decode()
    consumed = re.findall(r'shareKey:"clsx"[^}]*?requiredVersion:"([^"]*)"', entry)
    assert sorted(consumed) == ["^1.0.0", "^2.0.0"]
    provided = re.findall(r'name:"clsx",version:"([^"]*)"', entry)
    assert sorted(provided) == ["1.2.1", "2.1.1"]
    assert json.loads(files["mf-manifest.json"])["name"] == "shop__cart"

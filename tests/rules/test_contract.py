"""After the build: the contract, the corrected manifest, and a slice that lies."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pants.engine.fs import DigestContents
from pants.testutil.rule_runner import RuleRunner

from module_federation.sharing.contract.reader import read_contract, read_contract_or_manifest
from module_federation.sharing.share_slice import SharedModule
from module_federation.util_rules.bundle import Bundle, BundleRequest, EmitRequest
from module_federation.util_rules.contracts import DescribedBundle, EmittedBundle
from rules import small_shop
from rules.runner import address, federation_runner, message_of
from rules.small_shop import CART, SHELL, UI

HOST = f"{SHELL}:host"
REMOTE = f"{CART}:remote"


@pytest.fixture(scope="module", params=["rspack", "webpack"])
def runner(request: Any) -> RuleRunner:
    return federation_runner(
        small_shop.files(), options=[f"--module-federation-bundler={request.param}"]
    )


def bundled(runner: RuleRunner, spec: str) -> tuple[Bundle, dict[str, bytes]]:
    made = runner.request(Bundle, [BundleRequest(address(spec))])
    contents = runner.request(DigestContents, [made.digest])
    return made, {file.path: file.content for file in contents}


@pytest.mark.parametrize("spec", [HOST, REMOTE])
def test_the_contract_lies_in_the_bundle(runner: RuleRunner, spec: str) -> None:
    made, files = bundled(runner, spec)
    assert read_contract(files["mf-contract.json"], spec) == made.contract
    assert (made.contract.target, made.contract.mode) == (spec, "production")


@pytest.mark.parametrize("spec", [HOST, REMOTE])
def test_it_lists_every_file_but_itself(runner: RuleRunner, spec: str) -> None:
    made, files = bundled(runner, spec)
    del files["mf-contract.json"]
    assert {each.path: (each.bytes, each.sha384) for each in made.contract.files} == {
        path: (len(content), base64.b64encode(hashlib.sha384(content).digest()).decode())
        for path, content in files.items()
    }


def test_what_it_says(runner: RuleRunner) -> None:
    host, _ = bundled(runner, HOST)
    remote, _ = bundled(runner, REMOTE)
    assert [each.key for each in host.contract.provides] == [
        "react",
        "react-dom/client",
        "react/jsx-runtime",
    ]
    assert {each.at_start for each in host.contract.consumes} == {True}
    (expose,) = remote.contract.exposes
    assert (expose.name, len(expose.js), len(expose.css)) == ("./Cart", 1, 1)
    (used,) = host.contract.remotes
    assert (used.alias, used.name, used.exposes) == ("cart", "shop__cart", ("./Cart",))


@pytest.mark.parametrize("spec", [HOST, REMOTE])
def test_the_manifest_says_the_same(runner: RuleRunner, spec: str) -> None:
    made, files = bundled(runner, spec)
    told = read_contract_or_manifest(files["mf-manifest.json"], "mf-manifest.json")
    assert [
        (each.key, each.version, each.required, each.singleton, each.chunks)
        for each in told.provides
    ] == [
        (each.key, each.version, each.required, each.singleton, each.chunks)
        for each in made.contract.provides
    ]
    assert {each.name for each in told.exposes} == {each.name for each in made.contract.exposes}


def test_the_digests_follow_what_they_stand_for(runner: RuleRunner) -> None:
    before, _ = bundled(runner, REMOTE)
    source = small_shop.SOURCES[f"{UI}/src/index.tsx"].replace("useState(0)", "useState(1)")
    after, _ = bundled(federation_runner(small_shop.files({f"{UI}/src/index.tsx": source})), REMOTE)
    assert after.contract.slice_digest == before.contract.slice_digest
    assert after.contract.inputs_digest != before.contract.inputs_digest


def lying(emitted: EmittedBundle, **said: Any) -> EmittedBundle:
    """The same bundle, of which the slice says something else about react."""
    modules = tuple(
        replace(module, **said) if module.key == "react" else module
        for module in emitted.slice.shared
    )
    return replace(emitted, slice=replace(emitted.slice, shared=modules))


@pytest.mark.parametrize(
    ("said", "text"),
    [
        pytest.param(
            {"version": "19.2.0"},
            "the bundle provides react 19.3.1, the slice says 19.2.0",
            id="version",
        ),
        pytest.param(
            {"required_version": "^18.0.0"},
            "the bundle asks for react with the range ^19.0.0, the slice says the range ^18.0.0",
            id="range",
        ),
        pytest.param(
            {"singleton": False},
            "the bundle asks for react singleton, the slice says not singleton",
            id="flag",
        ),
        pytest.param(
            {"import_": False, "version": None},
            "the bundle provides react 19.3.1, the slice says that it brings no copy along",
            id="a copy",
        ),
    ],
)
def test_a_slice_that_lies(runner: RuleRunner, said: dict[str, Any], text: str) -> None:
    emitted = runner.request(EmittedBundle, [EmitRequest(address(REMOTE))])
    assert runner.request(DescribedBundle, [emitted]).contract.name == "shop__cart"
    message = message_of(runner, DescribedBundle, lying(emitted, **said))
    assert text in message
    assert REMOTE in message
    assert "To fix it" in message


def test_a_key_that_the_slice_does_not_have(runner: RuleRunner) -> None:
    emitted = runner.request(EmittedBundle, [EmitRequest(address(REMOTE))])
    kept: tuple[SharedModule, ...] = tuple(
        module for module in emitted.slice.shared if module.key != "react"
    )
    message = message_of(
        runner, DescribedBundle, replace(emitted, slice=replace(emitted.slice, shared=kept))
    )
    assert "the bundle provides react 19.3.1, the slice says that it is not shared" in message


def test_imports_of_types_alone_stop_nothing() -> None:
    """The slice has the key, since only the compiler knows that the import is of a type."""
    source = 'import { Config } from "clsx";\nexport default (config: Config) => String(config);\n'
    made, _ = bundled(
        federation_runner(
            small_shop.files({f"{CART}/src/Cart.tsx": source, "sharing.toml": "[packages.clsx]\n"}),
            options=["--module-federation-policy-file=sharing.toml"],
        ),
        REMOTE,
    )
    assert "clsx" not in {each.key for each in made.contract.provides}


def test_two_copies_in_the_manifest() -> None:
    lockfile = Path(__file__).parent / "lockfiles" / "two_copies.json"
    runner = federation_runner(
        small_shop.files(
            {
                "shop/package-lock.json": lockfile.read_text(),
                "sharing.toml": "[packages.clsx]\n",
                f"{UI}/package.json": small_shop.manifest(
                    "@shop/ui",
                    exports={".": "./src/index.tsx", "./theme.css": "./src/theme.css"},
                    dependencies={"clsx": "^1.0.0", "react": "^19.0.0"},
                ),
                f"{UI}/src/index.tsx": 'import clsx from "clsx";\n'
                "export const Button = ({ label }: { label: string }) =>\n"
                '  <button className={clsx("ui")}>{label}</button>;\n',
            }
        ),
        options=["--module-federation-policy-file=sharing.toml"],
    )
    _, files = bundled(runner, REMOTE)
    items = json.loads(files["mf-manifest.json"])["shared"]
    assert [
        (item["version"], item["requiredVersion"]) for item in items if item["name"] == "clsx"
    ] == [("1.2.1", "^1.0.0"), ("2.1.1", "^2.0.0")]

"""What the bundle of a runtime host truly provides: read out of its list, minified or not."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable

import pytest

from module_federation.sharing.runtime_entry import (
    CHUNK_PREFIX,
    GLOBAL,
    chunk_name,
    runtime_entry,
)
from unit.bundler.small_federation import APP, Bundler, SmallContainer, package
from unit.sharing.shared_modules import shared_module

ENTRY = f"{APP}/__mf_shared_dependencies.js"
BOUNDARY = "__mf/start.js"


MODULES = (
    shared_module("a", "1.0.0"),
    shared_module("b", "2.0.0", singleton=False, eager=False, required_version=False),
    shared_module("c", "3.0.0", strict_version=True),
)


def runtime_host(entry: str | None = None, manifest: str = '{"name": "one"}') -> SmallContainer:
    """An application that imports `a` and `b`, of which `b` needs `a`, and not `c`."""
    files = {
        **package("a", "1.0.0"),
        **package("b", "2.0.0"),
        **package("c", "3.0.0"),
        "node_modules/b/index.js": 'exports.copy = ["b 2.0.0", require("a").copy];\n',
        f"{APP}/package.json": manifest,
        f"{APP}/src/main.js": 'import { copy } from "a"; import "b"; console.log("main", copy);\n',
        ENTRY: runtime_entry(MODULES) if entry is None else entry,
        BOUNDARY: f'import(/* webpackChunkName: "application" */ "../{APP}/src/main.js");\n',
    }
    return SmallContainer(
        files,
        shared={},
        remotes={"cart": {"name": "cart_container", "entry": "../cart/mf-manifest.json"}},
        options={
            "entryPoint": BOUNDARY,
            "shareStrategy": None,
            "runtimeHost": {
                "global": GLOBAL,
                "sharedEntry": ENTRY,
                "sharedChunks": CHUNK_PREFIX,
                "chunkNames": {each.key: chunk_name(each.key) for each in MODULES},
                "applicationChunk": "application",
            },
        },
    )


@pytest.fixture(scope="module", params=["rspack", "webpack"])
def bundler(request: Any, bundlers: Callable[[str], Bundler]) -> Bundler:
    return bundlers(request.param)


def plain(chunk: str) -> str:
    return re.sub(r"\.[0-9a-f]{8}\.", ".", chunk)


@pytest.mark.parametrize("mode", ["production", "development"])
@pytest.mark.parametrize(
    "manifest",
    [
        pytest.param('{"name": "one"}', id="any code"),
        pytest.param('{"name": "one", "type": "module"}', id="modules"),
    ],
)
def test_what_is_provided(bundler: Bundler, tmp_path: Path, mode: str, manifest: str) -> None:
    truth = bundler.truth(runtime_host(manifest=manifest), tmp_path, mode)
    for each in truth["provides"]:
        each["chunks"] = [plain(chunk) for chunk in each["chunks"]]
    common = {"scope": "default", "eager": True, "singleton": True, "strict": None, "required": "*"}
    assert truth["provides"] == [
        {**common, "key": "a", "version": "1.0.0", "chunks": ["static/js/shared.a.js"]},
        {
            **common,
            "key": "b",
            "version": "2.0.0",
            "singleton": False,
            "eager": False,
            "required": False,
            "chunks": ["static/js/shared.b.js"],
        },
        {
            **common,
            "key": "c",
            "version": "3.0.0",
            "strict": True,
            "chunks": ["static/js/shared.c.js"],
        },
    ]
    assert truth["consumes"] == truth["exposes"] == []
    assert truth["strategy"] is None
    assert truth["remotes"] == [
        {
            "alias": "cart",
            "name": "cart_container",
            "entry": "../cart/mf-manifest.json",
            "scopes": ["default"],
            "exposes": None,
        }
    ]
    assert not any(name.startswith("@module-federation/") for name in truth["tools"])


@pytest.mark.parametrize("splitting", ["automatic", "by-package"])
def test_each_module_is_in_one_chunk(bundler: Bundler, tmp_path: Path, splitting: str) -> None:
    host = runtime_host()
    options = {**host.options, "splitChunks": splitting}
    bundler.truth(replace(host, options=options), tmp_path, "production")
    scripts = {plain(path.name): path.read_text() for path in tmp_path.glob("out/static/js/*.js")}
    for name, version in (("a", "1.0.0"), ("b", "2.0.0"), ("c", "3.0.0")):
        holders = {script for script, text in scripts.items() if f"{name} {version}" in text}
        assert holders == {f"shared.{name}.js"}
    assert GLOBAL in scripts["main.js"]
    assert not list(tmp_path.glob("out/remoteEntry.js"))
    assert not list(tmp_path.glob("out/mf-manifest.json"))


LIST = f"globalThis[{json.dumps(GLOBAL)}]"
A = '() => import("a")'


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        pytest.param("console.log(1);", "there are 0 lists", id="no list"),
        pytest.param(
            f'{LIST} = {{items: [], version: "v1"}}; {LIST} = {{items: [], version: "v1"}};',
            "there are 2 lists",
            id="two lists",
        ),
        pytest.param(f'{LIST} = {{items: [], version: "v2"}};', "not of version v1", id="v2"),
        pytest.param(
            f'{LIST} = {{items: [{{name: "a", version: "1", lib: 1, shareConfig: {{}}}}], '
            'version: "v1"};',
            "a in the list has no function that loads it",
            id="no function",
        ),
        pytest.param(
            f'{LIST} = {{items: [{{name: "a", version: "1", lib: {A}, '
            'shareConfig: {layer: 1}}], version: "v1"};',
            "a in the list has a property `layer`",
            id="an option that nobody knows",
        ),
        pytest.param(
            f'{LIST} = {{items: [{{name: "a", version: "1", lib: {A}}}], version: "v1"}};',
            "a in the list has no options",
            id="no options",
        ),
    ],
)
def test_what_is_not_understood(
    bundlers: Callable[[str], Bundler], tmp_path: Path, entry: str, said: str
) -> None:
    done = bundlers("rspack").run(runtime_host(entry), tmp_path, "development")
    assert done.returncode == 2
    assert said in done.stderr

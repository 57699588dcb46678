"""The generated list of shared modules, run by Node.js and read as Backstage's packages read it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from module_federation.sharing.runtime_entry import (
    CHUNK_PREFIX,
    GLOBAL,
    GUIDE_GLOBAL,
    chunk_name,
    runtime_entry,
)
from module_federation.sharing.share_slice import SharedModule
from unit.sharing.shared_modules import shared_module

_READ = """
await import("./entry.mjs");
const published = globalThis["__@backstage/module_federation_shared_dependencies__"];
const guide = globalThis["__backstage-module-federation-shared-dependencies__"];
const described = [];
for (const { name, lib } of published.items) {
  described.push([name, await lib() === await guide[name].module(), (await lib()).default]);
}
console.log(JSON.stringify({ published, guide, described, loads: globalThis.loads }));
"""


def published(folder: Path, *modules: SharedModule) -> Any:
    """What a page would see of the list."""
    (folder / "entry.mjs").write_text(runtime_entry(modules))
    (folder / "read.mjs").write_text(_READ)
    for module in modules:
        package = folder / "node_modules" / module.key
        package.mkdir(parents=True)
        (package / "package.json").write_text('{"main": "index.js", "type": "module"}')
        (package / "index.js").write_text(
            f"(globalThis.loads ??= []).push({json.dumps(module.key)});\n"
            f"export default {json.dumps(module.key)};\n"
        )
    done = subprocess.run(
        ["node", "read.mjs"], cwd=folder, capture_output=True, encoding="utf-8", check=True
    )
    return json.loads(done.stdout)


def test_both_globals_have_all_of_it(tmp_path: Path) -> None:
    modules = (
        shared_module("react"),
        shared_module("@mui/material", eager=False, singleton=False, required_version="^5.0.0"),
        shared_module("any", required_version=False, strict_version=True),
    )
    read = published(tmp_path, *modules)
    assert read["published"] == {
        "version": "v1",
        "items": [
            {
                "name": "react",
                "version": "1.2.3",
                "shareConfig": {"singleton": True, "requiredVersion": "*", "eager": True},
            },
            {
                "name": "@mui/material",
                "version": "1.2.3",
                "shareConfig": {"singleton": False, "requiredVersion": "^5.0.0", "eager": False},
            },
            {
                "name": "any",
                "version": "1.2.3",
                "shareConfig": {
                    "singleton": True,
                    "requiredVersion": False,
                    "eager": True,
                    "strictVersion": True,
                },
            },
        ],
    }
    assert read["guide"] == {
        each["name"]: {"version": each["version"], **each["shareConfig"]}
        for each in read["published"]["items"]
    }
    assert read["described"] == [[each.key, True, each.key] for each in modules]
    assert read["loads"] == [each.key for each in modules]


def test_nothing_is_loaded_by_the_list_itself(tmp_path: Path) -> None:
    (tmp_path / "entry.mjs").write_text(runtime_entry([shared_module("not-there")]))
    done = subprocess.run(["node", "entry.mjs"], cwd=tmp_path, capture_output=True)
    assert done.returncode == 0


def test_each_module_is_imported_once() -> None:
    text = runtime_entry([shared_module("react"), shared_module("react-dom")])
    assert text.count("import(") == 2
    assert text.count(GLOBAL) == 2
    assert text.count(GUIDE_GLOBAL) == 1


def test_an_empty_list_is_a_list(tmp_path: Path) -> None:
    assert published(tmp_path) == {
        "published": {"version": "v1", "items": []},
        "guide": {},
        "described": [],
    }


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("react", "shared.react"),
        ("react-dom/client", "shared.react-dom__client"),
        ("@material-ui/core/styles", "shared.material-ui__core__styles"),
        ("odd!~name", "shared.odd__name"),
    ],
)
def test_names_of_chunks(key: str, expected: str) -> None:
    assert chunk_name(key) == expected
    assert expected.startswith(CHUNK_PREFIX)

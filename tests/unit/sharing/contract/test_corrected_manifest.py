"""The manifest's `shared` and `exposes` say what the bundle does; all else stays."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from module_federation.sharing.contract.manifest import corrected_manifest
from module_federation.sharing.contract.model import (
    ContractConsume,
    ContractExpose,
    ContractProvide,
)
from unit.sharing.contract.contracts import CONTRACT
from unit.sharing.contract.manifests import MANIFEST, assets, shared

REACT = ContractProvide(
    "default",
    "react",
    "19.3.1",
    singleton=True,
    required="^19.0.0",
    chunks=("static/css/1.css", "static/js/1.js"),
)
DAYJS = ContractProvide("default", "dayjs", "1.11.13", required=None, chunks=("static/js/2.js",))


def corrected(
    *provides: ContractProvide,
    consumes: tuple[ContractConsume, ...] = (),
    manifest: dict[str, Any] = MANIFEST,
) -> dict[str, Any]:
    contract = replace(CONTRACT, provides=provides, consumes=consumes)
    content = corrected_manifest(json.dumps(manifest).encode(), contract)
    made: dict[str, Any] = json.loads(content)
    return made


def test_the_rest_is_untouched() -> None:
    made = corrected(REACT)
    assert {**made, "shared": None, "exposes": None} == {
        **MANIFEST,
        "shared": None,
        "exposes": None,
    }
    assert list(made) == list(MANIFEST)


def test_an_exposed_module_has_the_files_that_the_code_loads() -> None:
    (item,) = MANIFEST["exposes"]
    manifest = {**MANIFEST, "exposes": [{**item, "assets": assets(later=("static/js/2.js",))}]}
    contract = replace(
        CONTRACT,
        exposes=(ContractExpose("./Cart", ("static/js/2.js", "static/js/1.js"), ("a.css",)),),
    )
    made = json.loads(corrected_manifest(json.dumps(manifest).encode(), contract))
    assert made["exposes"] == [
        {**item, "assets": assets("static/js/1.js", "static/js/2.js", css=("a.css",))}
    ]


def test_an_item_has_the_properties_of_the_bundlers_own() -> None:
    (item,) = corrected(REACT)["shared"]
    own = MANIFEST["shared"][0]
    assert list(item) == list(own)
    assert item == {
        **own,
        "assets": assets("static/js/1.js", css=("static/css/1.css",)),
    }


def test_what_is_loaded_later_is_kept() -> None:
    manifest = {
        **MANIFEST,
        "shared": [
            {
                **shared("react", "19.3.1", "^19.0.0"),
                "assets": assets(later=("static/js/1.js", "static/js/9.js")),
            }
        ],
    }
    (item,) = corrected(REACT, manifest=manifest)["shared"]
    assert item["assets"]["js"] == {"sync": ["static/js/1.js"], "async": ["static/js/9.js"]}


def test_items_appear_and_disappear() -> None:
    vue = replace(REACT, key="vue", version="3.5.0", chunks=())
    made = corrected(vue, REACT)["shared"]
    assert [item["name"] for item in made] == ["react", "vue"]
    assert made[1]["assets"] == assets()
    assert made[1]["id"] == "cart:vue"


def test_one_item_for_every_version() -> None:
    older = replace(DAYJS, version="0.9.0", chunks=("static/js/3.js",))
    ask = ContractConsume(("default",), "dayjs", "^1.0.0", fallback="1.11.13")
    made = corrected(
        DAYJS, older, consumes=(ask, replace(ask, required="^0.9.0", fallback="0.9.0"))
    )
    assert [
        (item["version"], item["requiredVersion"], item["assets"]["js"]["sync"])
        for item in made["shared"]
    ] == [("0.9.0", "^0.9.0", ["static/js/3.js"]), ("1.11.13", "^1.0.0", ["static/js/2.js"])]


@pytest.mark.parametrize(
    ("required", "asked", "said"),
    [
        pytest.param("^1.0.0", ("^1.2.0",), "^1.0.0", id="the copy's own range"),
        pytest.param(False, ("^1.2.0",), "*", id="no range"),
        pytest.param(None, (), "*", id="nobody asks"),
        pytest.param(None, ("^1.2.0",), "^1.2.0", id="one importer's"),
        pytest.param(None, ("^1.0.0", "^1.2.0"), "^1.2.0", id="what all importers accept"),
        pytest.param(None, ("^1.0.0", "catalog:"), "^1.0.0", id="a range that npm does not read"),
    ],
)
def test_the_range(required: str | bool | None, asked: tuple[str, ...], said: str) -> None:
    provide = replace(DAYJS, required=required)
    consumes = tuple(
        ContractConsume(("default",), "dayjs", text, fallback="1.11.13") for text in asked
    )
    (item,) = corrected(provide, consumes=consumes)["shared"]
    assert item["requiredVersion"] == said


def test_a_copy_in_two_scopes_is_listed_once() -> None:
    assert len(corrected(REACT, replace(REACT, scope="other"))["shared"]) == 1

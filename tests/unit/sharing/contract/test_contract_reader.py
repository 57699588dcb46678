"""Contracts and manifests of strangers: one clear error each, with the place."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import pytest

from module_federation.sharing.contract.model import (
    ContractConsume,
    ContractExpose,
    ContractProvide,
    ContractRemote,
)
from module_federation.sharing.contract.reader import (
    MAX_OF_ONE_KEY,
    ContractError,
    read_contract,
    read_contract_or_manifest,
)
from module_federation.sharing.contract.writer import contract_json
from unit.sharing.contract.contracts import CONTRACT
from unit.sharing.contract.manifests import MANIFEST

DOCUMENT = json.loads(contract_json(CONTRACT))
CONTENT = contract_json(CONTRACT).encode()


def changed(*path: str | int, to: Any) -> bytes:
    document = json.loads(CONTENT)
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return json.dumps(document, indent=2).encode()


def test_a_contract_is_read() -> None:
    assert read_contract(CONTENT, "cart.json") == CONTRACT


@pytest.mark.parametrize(
    ("content", "place"),
    [
        pytest.param(changed("name", to=7), "`$.name` is 7, not a text", id="a number for a text"),
        pytest.param(changed("name", to="__proto__"), '`$.name` is "__proto__"', id="name"),
        pytest.param(
            changed("shareScopes", 0, "name", to="constructor"),
            '`$.shareScopes[0].name` is "constructor", which every JavaScript object inherits',
            id="a share scope",
        ),
        pytest.param(
            changed("shareScopes", 0, "provides", 0, "key", to="toString"),
            "`$.shareScopes[0].provides[0].key`",
            id="a share key",
        ),
        pytest.param(
            changed("remotes", 0, "alias", to="__proto__"), "`$.remotes[0].alias`", id="an alias"
        ),
        pytest.param(
            changed("tools", to={"__proto__": "1"}), '`$.tools` has the key "__proto__"', id="tool"
        ),
        pytest.param(
            changed("files", 0, "path", to="static/../../x"),
            "`$.files[0].path`",
            id="a path that leaves the folder",
        ),
        pytest.param(
            changed("exposes", 0, "js", to=["/etc/passwd"]), "`$.exposes[0].js[0]`", id="absolute"
        ),
        pytest.param(
            changed("files", 0, "bytes", to=-1), "not a number of bytes", id="a negative size"
        ),
        pytest.param(changed("files", 0, "bytes", to=True), "not a number of bytes", id="a flag"),
        pytest.param(changed("files", 0, "sha384", to="x"), "not a SHA-384", id="a short digest"),
        pytest.param(changed("version", to=2), "reads version 1", id="a newer version"),
        pytest.param(changed("version", to=True), "reads version 1", id="true is not 1"),
        pytest.param(changed("schema", to="other"), "no contract", id="another schema"),
        pytest.param(
            changed("shareScopes", 0, "provides", 0, "required", to=True),
            "`$.shareScopes[0].provides[0].required`",
            id="true is no range",
        ),
        pytest.param(changed("strategy", to="any"), "not one of version-first", id="a strategy"),
        pytest.param(changed("scopes", to=[]), "`$.scopes` is empty", id="no scope"),
        pytest.param(changed("target", to="x" * 5000), "has 5000 characters", id="a long text"),
        pytest.param(changed("target", to="a\u0000b"), "control character", id="a NUL"),
        pytest.param(changed("target", to="\ud800"), "no valid text", id="half a character"),
        pytest.param(
            changed("files", to=[DOCUMENT["files"][0]] * 2), "twice", id="a file listed twice"
        ),
        pytest.param(changed("exposes", to={}), "`$.exposes` is an object", id="no list"),
        pytest.param(changed("anything", to=float("nan")), "`$.anything` is NaN", id="NaN"),
        pytest.param(changed("anything", to=[1, float("inf")]), "`$.anything[1]`", id="Infinity"),
        pytest.param(
            CONTENT.replace(b'"version": 1', b'"version": 1, "version": 1'),
            "twice",
            id="a key twice",
        ),
        pytest.param(
            changed("anything", to=0).replace(b'"anything": 0', b'"anything": ' + b"9" * 100_000),
            "which is no number",
            id="a number of many digits",
        ),
        pytest.param(
            changed("anything", to=0).replace(b'"anything": 0', b'"anything": 1e999'),
            "which is no number",
            id="a number out of range",
        ),
    ],
)
def test_the_place_is_named(content: bytes, place: str) -> None:
    with pytest.raises(ContractError) as caught:
        read_contract(content, "apps/cart.json")
    error = caught.value
    assert place in error.problem
    assert error.file == "apps/cart.json"
    assert error.line is not None
    assert str(error) == f"apps/cart.json:{error.line}: {error.problem} {error.remedy}"


HOST = replace(CONTRACT, kind="host", style="runtime", strategy=None, consumes=(), exposes=())


def runtime_host(**changes: Any) -> bytes:
    return json.dumps({**json.loads(contract_json(HOST)), **changes}).encode()


def test_a_runtime_host_is_read() -> None:
    assert read_contract(runtime_host(), "shell.json") == HOST
    assert read_contract(runtime_host(strategy="loaded-first"), "").strategy == "loaded-first"
    assert not read_contract(
        runtime_host(style="standard", strategy="loaded-first"), ""
    ).is_runtime_host


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        pytest.param({"kind": "remote"}, "`$.style` is only for hosts", id="a remote"),
        pytest.param({"style": "other"}, "not one of standard", id="another style"),
        pytest.param({"style": "standard"}, "`strategy`", id="a bundle says its strategy"),
        pytest.param(
            {"shareScopes": DOCUMENT["shareScopes"]},
            "no runtime host can",
            id="it asks for a module",
        ),
        pytest.param({"exposes": DOCUMENT["exposes"]}, "no runtime host can", id="it exposes one"),
    ],
)
def test_what_no_runtime_host_is(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(ContractError) as caught:
        read_contract(runtime_host(**changes), "shell.json")
    assert problem in caught.value.problem


def test_the_line_is_that_of_the_value() -> None:
    with pytest.raises(ContractError) as caught:
        read_contract(changed("name", to=7), "cart.json")
    lines = changed("name", to=7).decode().splitlines()
    assert caught.value.line is not None
    assert lines[caught.value.line - 1].strip() == '"name": 7,'


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param(b"", "The file is empty", id="empty"),
        pytest.param(b"\xff\xfe", "not valid UTF-8", id="bytes"),
        pytest.param(b"[]", "not an object", id="a list"),
        pytest.param(b"null", "not an object", id="null"),
        pytest.param(b" " * (16 * 1024 * 1024 + 1), "more than 16 MiB", id="more than 16 MiB"),
        pytest.param(b"[" * 1_000_000, "nested too deeply", id="brackets"),
        pytest.param(b'{"a":' * 100_000, "nested too deeply", id="braces"),
        pytest.param(
            b'{"a":' + b"[" * 900 + b"]" * 900 + b"}", "nested deeper than 32", id="deep, closed"
        ),
        pytest.param(b'"' + b'\\"' * 4_000_000, "not JSON", id="a text without an end"),
    ],
)
def test_hostile_files_end_soon(content: bytes, problem: str) -> None:
    for read in (read_contract, read_contract_or_manifest):
        started = time.monotonic()
        with pytest.raises(ContractError) as caught:
            read(content, "bad.json")
        assert time.monotonic() - started < 10
        assert problem in caught.value.problem


@pytest.mark.parametrize("item", [b"0", b"{}", b'{"a":1}'], ids=lambda item: item.decode())
def test_millions_of_values_end_soon(item: bytes) -> None:
    count = 3_000_000 // (len(item) + 1)
    started = time.monotonic()
    with pytest.raises(ContractError):
        read_contract(b'{"files":[' + b",".join([item] * count) + b"]}", "bad.json")
    assert time.monotonic() - started < 30


def test_a_byte_order_mark_is_read_over() -> None:
    assert read_contract(b"\xef\xbb\xbf" + CONTENT, "cart.json") == CONTRACT


@pytest.mark.parametrize(("part", "verb"), [("provides", "provides"), ("consumes", "asks for")])
def test_a_key_has_only_so_many_versions_and_ranges(part: str, verb: str) -> None:
    document = json.loads(CONTENT)
    entries = document["shareScopes"][0][part]
    what = {"provides": "version", "consumes": "required"}[part]
    entries[:] = [{**entries[0], what: f"1.{number}.0"} for number in range(MAX_OF_ONE_KEY + 1)]
    with pytest.raises(ContractError, match=f"`\\$.shareScopes` {verb} `.*` in 501 ways"):
        read_contract(json.dumps(document).encode(), "a.json")


def test_unknown_properties_are_read_over() -> None:
    assert read_contract(changed("x-note", to={"by": ["us", 1.5, None]}), "c.json") == CONTRACT


def test_a_manifest() -> None:
    contract = read_contract_or_manifest(json.dumps(MANIFEST).encode(), "mf-manifest.json")

    assert not contract.is_complete
    assert (contract.name, contract.kind, contract.strategy) == ("cart", "remote", "version-first")
    assert contract.provides == (
        ContractProvide(
            "default",
            "dayjs",
            "1.11.13",
            singleton=False,
            required="^1.0.0",
            chunks=("static/js/2.js",),
        ),
        ContractProvide(
            "default",
            "react",
            "19.3.1",
            singleton=True,
            required="^19.0.0",
            chunks=("static/js/1.js",),
        ),
    )
    assert contract.consumes == (
        ContractConsume(("default",), "dayjs", "^1.0.0", False, fallback="1.11.13"),
        ContractConsume(("default",), "react", "^19.0.0", True, fallback="19.3.1"),
    )
    assert contract.exposes == (
        ContractExpose("./Cart", ("static/js/cart.js",), ("static/css/cart.css",)),
    )
    assert contract.remotes == (
        ContractRemote(
            "search",
            "acme_search",
            "../search/mf-manifest.json",
            exposes=("./Box", "./Results"),
        ),
    )
    assert (contract.slice_digest, contract.inputs_digest, contract.files) == (None, None, ())


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"shared": None}, id="nothing is said of sharing"),
        pytest.param({"remotes": None, "exposes": None}, id="nor of remotes and exposes"),
        pytest.param(
            {"shared": [{"name": "react", "version": "", "requiredVersion": ""}]},
            id="empty texts for what is not known",
        ),
        pytest.param(
            {"remotes": [{"alias": "a", "federationContainerName": "b", "version": "1.0.0"}]},
            id="a remote by version",
        ),
    ],
)
def test_manifests_of_other_plugins(changes: dict[str, Any]) -> None:
    contract = read_contract_or_manifest(json.dumps({**MANIFEST, **changes}).encode(), "m.json")
    assert contract.name == "cart"


def test_neither_contract_nor_manifest() -> None:
    with pytest.raises(ContractError, match="no contract"):
        read_contract_or_manifest(b'{"name": "cart"}', "package.json")

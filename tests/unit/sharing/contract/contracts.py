"""A contract, random ones, and ways to spoil the files that hold them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from module_federation.sharing.contract.model import (
    Contract,
    ContractConsume,
    ContractExpose,
    ContractFile,
    ContractProvide,
    ContractRemote,
)

CONTRACT = Contract(
    name="cart",
    kind="remote",
    mode="production",
    strategy="version-first",
    scopes=("default",),
    provides=(ContractProvide("default", "react", "19.3.1", chunks=("static/js/1.js",), bytes=9),),
    consumes=(ContractConsume(("default",), "react", "^19.0.0", fallback="19.3.1"),),
    exposes=(ContractExpose("./Cart", ("static/js/cart.js",)),),
    remotes=(ContractRemote("search", "acme_search", "../search/mf-manifest.json"),),
    tools={"@rspack/core": "2.2.9"},
    slice_digest="0" * 64,
    inputs_digest="1" * 64,
    files=(ContractFile("remoteEntry.js", 12, "A" * 64),),
    target="apps/cart:remote",
)
"""One of everything."""

NAMES = st.sampled_from(("default", "first", "then", "a", "@acme/ui", "react-dom/client", "ü", "0"))
VERSIONS = st.sampled_from(("1.2.3", "2.0.0-rc.1", "0", "19.3.1"))
RANGES = st.sampled_from(("^1.0.0", "*", "1.x || >=2", False, None))
FLAGS = st.sampled_from((True, False, None))
PATHS = st.sampled_from(("remoteEntry.js", "static/js/1.ab.js", "static/css/1.ab.css", "ä b.js"))


def tuples(elements: st.SearchStrategy[Any], **said: Any) -> st.SearchStrategy[Any]:
    return st.lists(elements, max_size=3, **said).map(tuple)


SCOPES = st.lists(NAMES, min_size=1, max_size=3).map(tuple)
DIGESTS = st.sampled_from((None, "0" * 64, "0123456789abcdef" * 4))

PROVIDES = st.builds(
    ContractProvide,
    scope=NAMES,
    key=NAMES,
    version=st.none() | VERSIONS,
    eager=st.booleans(),
    singleton=FLAGS,
    strict=FLAGS,
    required=RANGES,
    chunks=tuples(PATHS),
    bytes=st.none() | st.integers(0, 2**53 - 1),
)
CONSUMES = st.builds(
    ContractConsume,
    scopes=SCOPES,
    key=NAMES,
    required=RANGES,
    singleton=FLAGS,
    strict=FLAGS,
    eager=FLAGS,
    fallback=st.none() | VERSIONS,
    initial=st.booleans(),
    at_start=st.booleans(),
    importers=tuples(st.sampled_from(("apps/cart", "react-dom@19.3.1"))),
)
EXPOSES = st.builds(ContractExpose, name=NAMES, js=tuples(PATHS), css=tuples(PATHS))
REMOTES = st.builds(
    ContractRemote,
    alias=NAMES,
    name=NAMES,
    entry=st.sampled_from(("../cart/mf-manifest.json", "https://shop.example/mf-manifest.json")),
    scopes=SCOPES,
    exposes=st.none() | tuples(NAMES),
)
FILES = st.builds(
    ContractFile, path=PATHS, bytes=st.integers(0, 10**9), sha384=st.just("Aa0+/" * 12 + "Aa0+")
)

_BUNDLES = st.builds(
    Contract,
    name=NAMES,
    kind=st.sampled_from(("host", "remote")),
    mode=st.sampled_from((None, "production", "development")),
    strategy=st.sampled_from(("version-first", "loaded-first")),
    scopes=SCOPES,
    provides=tuples(PROVIDES),
    consumes=tuples(CONSUMES),
    exposes=tuples(EXPOSES, unique_by=lambda each: each.name),
    remotes=tuples(REMOTES, unique_by=lambda each: each.alias),
    tools=st.dictionaries(NAMES, VERSIONS, max_size=3),
    slice_digest=DIGESTS,
    inputs_digest=DIGESTS,
    files=tuples(FILES, unique_by=lambda each: each.path),
    target=st.none() | st.just("apps/cart:remote"),
    is_complete=st.booleans(),
)

_RUNTIME_HOSTS = st.builds(
    replace,
    _BUNDLES,
    kind=st.just("host"),
    style=st.just("runtime"),
    strategy=st.sampled_from((None, "version-first", "loaded-first")),
    consumes=st.just(()),
    exposes=st.just(()),
)
CONTRACTS = _BUNDLES | _RUNTIME_HOSTS

SPOILS = st.one_of(
    st.sampled_from(
        (
            None,
            True,
            -1,
            0,
            1.5,
            2**60,
            "",
            "../x",
            "/etc/passwd",
            "a\\b",
            "c:/x",
            "a//b",
            "__proto__",
            "constructor",
            "toString",
            "x\ny",
            "\ud800",
            "x" * 5000,
            [],
            {},
            [[]],
            [None],
            {"__proto__": 1},
            float("nan"),
            float("inf"),
            [1] * 40,
        )
    ),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
        ),
        max_leaves=6,
    ),
)


@st.composite
def spoiled(draw: st.DrawFn, document: Any) -> Any:
    """The document with one value in it replaced, taken away, or put in as well."""
    value = draw(SPOILS)
    goes_deeper: int = draw(st.integers(0, 4))
    if goes_deeper and isinstance(document, dict) and document:
        key = draw(st.sampled_from(sorted(document)))
        return {**document, key: draw(spoiled(document[key]))}
    if goes_deeper and isinstance(document, list) and document:
        place = draw(st.integers(0, len(document) - 1))
        return [*document[:place], draw(spoiled(document[place])), *document[place + 1 :]]
    if isinstance(document, dict):
        how = draw(st.sampled_from(("replace", "remove", "add")))
        if how == "remove" and document:
            gone = draw(st.sampled_from(sorted(document)))
            return {key: each for key, each in document.items() if key != gone}
        if how == "add":
            return {**document, draw(st.text(max_size=12) | st.just("__proto__")): value}
    if isinstance(document, list) and draw(st.booleans()):
        return [*document, value]
    return value

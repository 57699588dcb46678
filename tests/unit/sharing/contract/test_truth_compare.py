"""A bundle against its slice: every difference names both sides."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from module_federation.sharing.contract.model import ContractConsume, ContractProvide
from module_federation.sharing.contract.truth import (
    Truth,
    TruthError,
    absent_keys,
    compare,
    contract_of,
    missing_from_list,
    read_truth,
    slice_digest,
)
from module_federation.sharing.plan.members import KeyFacts
from module_federation.sharing.share_slice import (
    CopyRequest,
    SharedCopy,
    SharedModule,
    ShareSlice,
)

PROVIDE = ContractProvide(
    "default",
    "react",
    "19.2.0",
    singleton=True,
    strict=False,
    required="^19.0.0",
    chunks=("static/js/1.js",),
    bytes=7,
)
CONSUME = ContractConsume(
    ("default",),
    "react",
    "^19.0.0",
    singleton=True,
    strict=False,
    eager=False,
    fallback="19.2.0",
    at_start=True,
)
MODULE = SharedModule(
    key="react",
    package="react",
    version="19.2.0",
    required_version="^19.0.0",
    singleton=True,
    strict_version=False,
    eager=False,
    scope="default",
    import_=True,
    package_path="node_modules/react",
    is_requested=True,
    reason="a test",
    used_by=("apps/cart",),
    at_start=True,
    is_initial=False,
    copies=(),
    facts=KeyFacts("react"),
)
TWO_COPIES = replace(
    MODULE,
    version=None,
    required_version=None,
    package_path=None,
    copies=(
        SharedCopy("19.2.0", "node_modules/react", (CopyRequest("^19.0.0", None),)),
        SharedCopy("18.0.0", "libs/ui/node_modules/react", (CopyRequest("^18.0.0", None),)),
    ),
)


def truth(
    *, provides: tuple[ContractProvide, ...] = (), consumes: tuple[ContractConsume, ...] = ()
) -> Truth:
    return Truth("cart", "version-first", ("default",), provides, consumes, (), (), (), {})


def shared(*modules: SharedModule) -> ShareSlice:
    return ShareSlice("cart", "remote", modules, ())


def differences(told: Truth, *modules: SharedModule) -> list[str]:
    return [str(each) for each in compare(told, shared(*modules))]


@pytest.mark.parametrize(
    ("provide", "module", "said"),
    [
        pytest.param(
            replace(PROVIDE, version="19.3.1"),
            MODULE,
            "the bundle provides react 19.3.1, the slice says 19.2.0",
            id="version",
        ),
        pytest.param(
            replace(PROVIDE, version=None),
            MODULE,
            "the bundle provides react without a version, the slice says 19.2.0",
            id="no version",
        ),
        pytest.param(
            replace(PROVIDE, scope="other"),
            MODULE,
            "the bundle provides react 19.2.0 in the share scope other, the slice says default",
            id="scope",
        ),
        pytest.param(
            replace(PROVIDE, required="^18.0.0"),
            MODULE,
            "the bundle provides react 19.2.0 with the range ^18.0.0, "
            "the slice says the range ^19.0.0",
            id="range",
        ),
        pytest.param(
            PROVIDE,
            replace(MODULE, required_version=False),
            "the bundle provides react 19.2.0 with the range ^19.0.0, the slice says no range",
            id="a range that should not be there",
        ),
        pytest.param(
            replace(PROVIDE, singleton=None),
            MODULE,
            "the bundle provides react 19.2.0 not singleton, the slice says singleton",
            id="singleton",
        ),
        pytest.param(
            replace(PROVIDE, strict=True),
            MODULE,
            "the bundle provides react 19.2.0 strict, the slice says not strict",
            id="strict",
        ),
        pytest.param(
            replace(PROVIDE, eager=True),
            MODULE,
            "the bundle provides react 19.2.0 eager, the slice says not eager",
            id="eager",
        ),
        pytest.param(
            replace(PROVIDE, version="17.0.0"),
            TWO_COPIES,
            "the bundle provides react 17.0.0, the slice says 18.0.0 or 19.2.0",
            id="a third copy",
        ),
        pytest.param(
            PROVIDE,
            replace(MODULE, import_=False, version=None),
            "the bundle provides react 19.2.0, the slice says that it brings no copy along",
            id="a copy that should not be there",
        ),
        pytest.param(
            replace(PROVIDE, key="vue"),
            MODULE,
            "the bundle provides vue 19.2.0, the slice says that it is not shared",
            id="a key that should not be there",
        ),
    ],
)
def test_what_is_provided(provide: ContractProvide, module: SharedModule, said: str) -> None:
    assert differences(truth(provides=(provide,)), module) == [said]


@pytest.mark.parametrize(
    ("consume", "module", "said"),
    [
        pytest.param(
            replace(CONSUME, fallback="19.3.1"),
            MODULE,
            "the bundle asks for react with a copy 19.3.1 of its own, the slice says 19.2.0",
            id="fallback",
        ),
        pytest.param(
            replace(CONSUME, fallback=None),
            MODULE,
            "the bundle asks for react with no copy of its own, the slice says 19.2.0",
            id="no fallback",
        ),
        pytest.param(
            replace(CONSUME, fallback=None),
            TWO_COPIES,
            "the bundle asks for react with no copy of its own, the slice says 18.0.0 or 19.2.0",
            id="no fallback for several copies",
        ),
        pytest.param(
            replace(CONSUME, fallback="17.0.0"),
            replace(TWO_COPIES, required_version="^19.0.0"),
            "the bundle asks for react with a copy 17.0.0 of its own, "
            "the slice says 18.0.0 or 19.2.0",
            id="a third copy",
        ),
        pytest.param(
            replace(CONSUME, required="^18.0.0"),
            TWO_COPIES,
            "the bundle asks for react with the range ^18.0.0, the slice says ^19.0.0",
            id="the range of the other copy",
        ),
        pytest.param(
            CONSUME,
            replace(MODULE, import_=False, version=None),
            "the bundle asks for react with a copy 19.2.0 of its own, "
            "the slice says that it brings no copy along",
            id="a fallback that should not be there",
        ),
        pytest.param(
            replace(CONSUME, scopes=("other", "default")),
            MODULE,
            "the bundle asks for react in the share scope other, default, the slice says default",
            id="scopes",
        ),
        pytest.param(
            replace(CONSUME, required="*"),
            MODULE,
            "the bundle asks for react with the range *, the slice says the range ^19.0.0",
            id="range",
        ),
        pytest.param(
            replace(CONSUME, singleton=False),
            MODULE,
            "the bundle asks for react not singleton, the slice says singleton",
            id="singleton",
        ),
        pytest.param(
            replace(CONSUME, key="vue"),
            MODULE,
            "the bundle asks for vue, the slice says that it is not shared",
            id="a key that should not be there",
        ),
    ],
)
def test_what_is_asked_for(consume: ContractConsume, module: SharedModule, said: str) -> None:
    provides = (PROVIDE,) if module.import_ else ()
    assert differences(truth(provides=provides, consumes=(consume,)), module) == [said]


def test_a_copy_that_is_asked_for_and_not_provided() -> None:
    assert differences(truth(consumes=(CONSUME,)), MODULE) == [
        "the bundle provides no copy of react, the slice says 19.2.0"
    ]


@pytest.mark.parametrize(
    ("told", "module"),
    [
        pytest.param(truth(provides=(PROVIDE,), consumes=(CONSUME,)), MODULE, id="all is equal"),
        pytest.param(
            truth(
                provides=(replace(PROVIDE, required="*"),),
                consumes=(replace(CONSUME, required="*"),),
            ),
            replace(MODULE, required_version=False),
            id="no range",
        ),
        pytest.param(
            truth(
                provides=(
                    replace(PROVIDE, required=None),
                    replace(PROVIDE, version="18.0.0", required=None),
                ),
                consumes=(CONSUME, replace(CONSUME, required="^18.0.0", fallback="18.0.0")),
            ),
            TWO_COPIES,
            id="two copies",
        ),
        pytest.param(
            truth(consumes=(replace(CONSUME, fallback=None),)),
            replace(MODULE, import_=False, version=None),
            id="import: false",
        ),
        pytest.param(truth(), MODULE, id="nothing is left of an import of types"),
    ],
)
def test_no_difference(told: Truth, module: SharedModule) -> None:
    assert differences(told, module) == []


def test_keys_that_are_not_in_the_bundle() -> None:
    maybe = replace(MODULE, key="react/jsx-runtime", is_requested=False)
    assert absent_keys(truth(), shared(MODULE, maybe)) == ("react",)
    assert absent_keys(truth(provides=(PROVIDE,)), shared(MODULE, maybe)) == ()


TRUTH: dict[str, Any] = {
    "version": 1,
    "name": "cart",
    "strategy": "version-first",
    "scopes": ["default"],
    "provides": [
        {
            "scope": "default",
            "key": "react",
            "version": "19.2.0",
            "eager": False,
            "singleton": True,
            "strict": False,
            "required": "^19.0.0",
            "chunks": ["static/js/1.js"],
        }
    ],
    "consumes": [
        {
            "scopes": ["default"],
            "key": "react",
            "required": "^19.0.0",
            "singleton": True,
            "strict": False,
            "eager": False,
            "fallback": "19.2.0",
            "initial": False,
            "atStart": True,
        }
    ],
    "exposes": [{"name": "./Cart", "js": ["static/js/1.js"], "css": []}],
    "remotes": [
        {"alias": "a", "name": "b", "entry": "../b", "scopes": ["default"], "exposes": ["./C"]}
    ],
    "files": [{"path": "static/js/1.js", "bytes": 7, "sha384": "x"}],
    "tools": {"@rspack/core": "2.2.9"},
}


def test_what_the_process_writes_is_read() -> None:
    told = read_truth(json.dumps(TRUTH).encode())
    assert told.provides == (PROVIDE,)
    assert told.consumes == (CONSUME,)
    assert told.exposes[0].js == ("static/js/1.js",)
    assert told.remotes[0].exposes == ("./C",)


def test_what_a_runtime_host_tells_is_read() -> None:
    remotes = [{**TRUTH["remotes"][0], "exposes": None}]
    told = read_truth(json.dumps({**TRUTH, "strategy": None, "remotes": remotes}).encode())
    assert told.strategy is None
    assert told.remotes[0].exposes is None


def test_a_runtime_host_provides_all_of_its_list() -> None:
    other = replace(MODULE, key="react-dom")
    (difference,) = missing_from_list(truth(provides=(PROVIDE,)), shared(MODULE, other))
    assert str(difference) == "the bundle provides no copy of react-dom, the slice says 19.2.0"
    assert missing_from_list(truth(provides=(PROVIDE,)), shared(MODULE)) == ()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"[]", id="a list"),
        pytest.param(json.dumps({**TRUTH, "version": 2}).encode(), id="another version"),
        pytest.param(json.dumps({**TRUTH, "provides": [{}]}).encode(), id="a part is missing"),
        pytest.param(json.dumps({**TRUTH, "files": []}).encode(), id="a chunk is no file"),
    ],
)
def test_anything_else_is_not(content: bytes) -> None:
    with pytest.raises(TruthError):
        read_truth(content)


def test_the_contract_knows_who_asks_and_what_for() -> None:
    told = read_truth(json.dumps(TRUTH).encode())
    made = contract_of(
        told, shared(MODULE), target="apps/cart:remote", mode="production", inputs=("a", "b")
    )
    assert (made.kind, made.target, made.mode) == ("remote", "apps/cart:remote", "production")
    assert made.consumes == (replace(CONSUME, importers=("apps/cart",)),)
    assert made.slice_digest == slice_digest(shared(MODULE))
    assert made.slice_digest != slice_digest(shared(replace(MODULE, version="19.3.1")))
    assert made.inputs_digest is not None
    others = contract_of(told, shared(MODULE), target="a", mode="production", inputs=("ab",))
    assert made.inputs_digest != others.inputs_digest

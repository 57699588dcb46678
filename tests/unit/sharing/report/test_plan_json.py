from __future__ import annotations

import json
import pkgutil
import time
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import jsonschema
import pytest

from module_federation.sharing.findings import Finding, Severity
from module_federation.sharing.negotiation import (
    Consume,
    Container,
    Failure,
    FailureCode,
    LoadRemote,
    LoadShare,
    Provide,
    Remote,
)
from module_federation.sharing.plan.members import KeyFacts, Member, RangeOrigin
from module_federation.sharing.plan.model import (
    ConsumerPlan,
    FederationPlan,
    KeyPlan,
    Possibility,
    Proof,
)
from module_federation.sharing.plan.planner import plan_federation
from module_federation.sharing.report.fates import fate
from module_federation.sharing.report.plan_json import finding_id, plan_document
from unit.sharing.report.sample_federations import clean_storefront, storefront
from unit.sharing.report.uniform_plans import uniform_plan


@pytest.fixture(scope="module")
def schema() -> Any:
    text = pkgutil.get_data("module_federation.sharing.report", "plan.schema.json")
    assert text is not None
    return json.loads(text)


def _small_plan() -> FederationPlan:
    """A host with React 19 and a remote that wants 18; the remote's warning is a finding."""
    host_asks = Consume("react", "^19.0.0", singleton=True, fallback="19.1.0")
    cart_asks = Consume("react", "^18.0.0", singleton=True, fallback="18.3.1")
    warning = (
        "Version 19.1.0 from shell of shared singleton module react does not satisfy the "
        "requirement of cart which needs ^18.0.0)"
    )
    trace = (
        LoadShare("shell", host_asks),
        LoadRemote("shell", "cart"),
        LoadShare("cart", cart_asks),
    )
    shell = Member(
        Container(
            "shell",
            provides=(Provide("react", "19.1.0"),),
            consumes=(host_asks,),
            remotes=(Remote("cart"),),
        ),
        "host",
        "apps/shell:host",
        "production",
        MappingProxyType({"react": KeyFacts("react", size=1000)}),
        frozenset(("react",)),
        remotes=MappingProxyType({"cart": "cart"}),
    )
    cart = Member(
        Container("cart", provides=(Provide("react", "18.3.1"),), consumes=(cart_asks,)),
        "remote",
        "apps/cart:remote",
        facts=MappingProxyType(
            {
                "react": KeyFacts(
                    "react",
                    (RangeOrigin("^18.0.0", "apps/cart", "apps/cart/package.json", 7),),
                    size=900,
                )
            }
        ),
        at_start=frozenset(("react",)),
        exposes=("./Cart",),
    )
    key = KeyPlan(
        "react",
        "react",
        (("18.3.1", ("cart",)), ("19.1.0", ("shell",))),
        (
            ConsumerPlan("shell", host_asks, (Possibility("19.1.0", ("shell",), trace=trace[:1]),)),
            ConsumerPlan(
                "cart",
                cart_asks,
                (Possibility("19.1.0", ("shell",), warnings=(warning,), trace=trace),),
            ),
        ),
        Proof.ENUMERATED,
        5,
    )
    finding = Finding(
        "unsatisfied-singleton",
        Severity.ERROR,
        "It does not fit.",
        "apps/cart/package.json",
        7,
        ("one", "two"),
        "Change it.",
        "apps/cart:remote",
        ("cart", "shell"),
        "react",
    )
    return FederationPlan("shell", (shell, cart), (key,), (finding,))


def test_a_small_plan() -> None:
    plan = _small_plan()
    warning = list(plan.keys[0].consumers[1].possibilities[0].warnings)

    document = plan_document(plan)

    assert document.pop("replays") == [
        {
            "about": "declared",
            "isWhole": True,
            "frames": [
                {
                    "does": "starts",
                    "container": 0,
                    "arrives": [1],
                    "gets": [{"key": 0, "version": "19.1.0", "from": 0}],
                },
                {"does": "loads", "container": 0, "remote": 1},
                {
                    "does": "asks",
                    "container": 1,
                    "gets": [{"key": 0, "version": "19.1.0", "from": 0, "warnings": warning}],
                },
            ],
        },
        {
            "about": "finding",
            "findings": [0],
            "keys": [0],
            "frames": [
                {
                    "does": "asks",
                    "container": 0,
                    "arrives": [1],
                    "gets": [{"key": 0, "version": "19.1.0", "from": 0}],
                },
                {"does": "loads", "container": 0, "remote": 1},
                {
                    "does": "asks",
                    "container": 1,
                    "gets": [{"key": 0, "version": "19.1.0", "from": 0, "warnings": warning}],
                },
            ],
        },
    ]
    assert document == {
        "schema": "mf-federation-plan",
        "version": 1,
        "host": "shell",
        "verdict": {
            "result": "errors",
            "errors": 1,
            "warnings": 0,
            "infos": 0,
            "silenced": 0,
            "proof": "enumerated",
            "states": 5,
        },
        "containers": [
            {
                "name": "shell",
                "label": "apps/shell:host",
                "kind": "host",
                "mode": "production",
                "strategy": "version-first",
                "remotes": [{"container": 1, "alias": "cart"}],
            },
            {
                "name": "cart",
                "label": "apps/cart:remote",
                "kind": "remote",
                "strategy": "version-first",
                "exposes": ["./Cart"],
            },
        ],
        "packages": [{"name": "react", "keys": [0], "fate": "warns"}],
        "keys": [
            {
                "key": "react",
                "package": 0,
                "proof": "enumerated",
                "states": 5,
                "provides": [
                    {"version": "18.3.1", "containers": [1]},
                    {"version": "19.1.0", "containers": [0]},
                ],
                "consumers": [
                    {
                        "containers": [0],
                        "range": "^19.0.0",
                        "singleton": True,
                        "fallback": "19.1.0",
                        "fate": "fits",
                        "possibilities": [
                            {
                                "version": "19.1.0",
                                "providers": [0],
                                "trace": [{"does": "asks", "container": 0}],
                            }
                        ],
                    },
                    {
                        "containers": [1],
                        "range": "^18.0.0",
                        "singleton": True,
                        "fallback": "18.3.1",
                        "fate": "warns",
                        "possibilities": [
                            {
                                "version": "19.1.0",
                                "providers": [0],
                                "warnings": warning,
                                "trace": [
                                    {"does": "asks", "container": 0},
                                    {"does": "loads", "container": 0, "remote": 1},
                                    {"does": "asks", "container": 1},
                                ],
                            }
                        ],
                    },
                ],
                "facts": [
                    {"containers": [0], "bytes": 1000},
                    {
                        "containers": [1],
                        "origins": [
                            {
                                "text": "^18.0.0",
                                "owner": "apps/cart",
                                "file": "apps/cart/package.json",
                                "line": 7,
                            }
                        ],
                        "bytes": 900,
                    },
                ],
            }
        ],
        "findings": [
            {
                "id": finding_id(plan.findings[0]),
                "code": "unsatisfied-singleton",
                "severity": "error",
                "message": "It does not fit.",
                "file": "apps/cart/package.json",
                "line": 7,
                "target": "apps/cart:remote",
                "containers": [1, 0],
                "package": "react",
                "chain": ["one", "two"],
                "remedy": "Change it.",
            }
        ],
        "sizes": {
            "shared": {"copies": 1, "bytes": 1000},
            "duplicated": {"copies": 0, "bytes": 0},
            "saved": {"copies": 1, "bytes": 900},
            "unknownCopies": 0,
            "keys": [
                {
                    "key": 0,
                    "copies": [
                        {"version": "19.1.0", "providers": [0], "users": [0, 1], "bytes": 1000}
                    ],
                }
            ],
        },
    }


@pytest.mark.parametrize(
    "federation", [storefront, clean_storefront], ids=["with conflicts", "clean"]
)
def test_documents_fit_the_schema(schema: Any, federation: Any) -> None:
    document = plan_document(plan_federation(*federation()))

    jsonschema.Draft7Validator.check_schema(schema)
    jsonschema.validate(json.loads(json.dumps(document)), schema)


def test_the_schema_refuses_what_is_not_documented(schema: Any) -> None:
    document = plan_document(_small_plan())
    document["keys"][0]["consumers"][0]["colour"] = "red"

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema)


def test_the_same_plan_gives_the_same_text() -> None:
    texts = {json.dumps(plan_document(plan_federation(*storefront()))) for _ in range(2)}

    assert len(texts) == 1


def test_the_clean_federation_fits() -> None:
    document = plan_document(plan_federation(*clean_storefront()))

    assert document["verdict"]["result"] == "fits"
    assert {each["fate"] for each in document["packages"]} == {"fits"}
    assert document["sizes"]["duplicated"]["copies"] == 0


def test_every_replay_ends_with_what_the_plan_allows() -> None:
    """What a frame got is one of the possibilities of its container."""
    document = plan_document(plan_federation(*storefront()))

    seen = 0
    for replay in document["replays"]:
        for frame in replay["frames"]:
            for got in frame.get("gets", ()):
                seen += 1
                assert _is_possible(document["keys"][got["key"]], frame["container"], got)
    assert seen > 40


def _is_possible(key: dict[str, Any], container: int, got: dict[str, Any]) -> bool:
    return any(
        one.get("version") == got.get("version")
        and bool(one.get("private")) == bool(got.get("private"))
        and (one.get("failure") or {}).get("code") == (got.get("failure") or {}).get("code")
        for consumer in key["consumers"]
        if container in consumer["containers"]
        for one in consumer["possibilities"]
    )


def test_findings_come_most_severe_first_and_silenced_ones_last() -> None:
    plan = _small_plan()
    (error,) = plan.findings
    silenced = replace(error, silenced_because="It is on purpose.")
    info = replace(error, code="loaded-twice", severity=Severity.INFO)
    warning = replace(error, code="two-copies", severity=Severity.WARNING)

    document = plan_document(replace(plan, findings=(silenced, info, warning, error)))

    assert [each["code"] for each in document["findings"]] == [
        "unsatisfied-singleton",
        "two-copies",
        "loaded-twice",
        "unsatisfied-singleton",
    ]
    assert document["findings"][-1]["silencedBecause"] == "It is on purpose."
    assert document["verdict"]["silenced"] == 1
    assert document["verdict"]["errors"] == 1


def test_equal_findings_have_links_of_their_own() -> None:
    plan = _small_plan()

    document = plan_document(replace(plan, findings=plan.findings * 2))

    first, second = (each["id"] for each in document["findings"])
    assert second == f"{first}-2"


_FITS = Possibility("1.0.0", ("a",))


@pytest.mark.parametrize(
    ("possibilities", "expected"),
    [
        pytest.param((_FITS,), "fits", id="one version"),
        pytest.param((_FITS, Possibility("1.0.0", ("b",))), "fits", id="one version, two copies"),
        pytest.param((_FITS, Possibility("2.0.0", ("b",))), "varies", id="two versions"),
        pytest.param((replace(_FITS, is_private=True),), "private", id="an own copy"),
        pytest.param((_FITS, replace(_FITS, warnings=("no",))), "warns", id="a warning once"),
        pytest.param(
            (
                replace(_FITS, warnings=("no",)),
                Possibility(None, (), failure=Failure(FailureCode.NO_PROVIDER, "nobody")),
            ),
            "fails",
            id="a failure counts most",
        ),
    ],
)
def test_fates(possibilities: tuple[Possibility, ...], expected: str) -> None:
    assert fate(ConsumerPlan("a", Consume("k"), possibilities)) == expected


def test_private_copies_are_loaded_again_by_everybody() -> None:
    """Two containers with private copies and two that share: three copies are loaded."""
    asks = Consume("lodash", "^4.0.0", fallback="4.0.0")
    own = Consume("lodash", "^3.0.0", fallback="3.0.0")
    facts = MappingProxyType({"lodash": KeyFacts("lodash", size=10)})
    members = tuple(
        Member(Container(name), "remote", name, facts=facts) for name in ("a", "b", "c", "d")
    )
    members = tuple(
        replace(
            each, container=replace(each.container, consumes=(own if each.name > "b" else asks,))
        )
        for each in members
    )
    shared = Possibility("4.0.0", ("a", "b"))
    key = KeyPlan(
        "lodash",
        "lodash",
        (("4.0.0", ("a", "b")),),
        (
            ConsumerPlan("a", asks, (shared,)),
            ConsumerPlan("b", asks, (shared,)),
            *(
                ConsumerPlan(each, own, (Possibility("3.0.0", (each,), is_private=True),))
                for each in ("c", "d")
            ),
        ),
        Proof.ENUMERATED,
        1,
    )

    document = plan_document(FederationPlan("a", members, (key,), ()))

    assert document["sizes"]["shared"] == {"copies": 1, "bytes": 10}
    assert document["sizes"]["duplicated"] == {"copies": 2, "bytes": 20}
    assert document["sizes"]["saved"] == {"copies": 1, "bytes": 10}
    assert [each["containers"] for each in document["keys"][0]["consumers"]] == [[0, 1], [2, 3]]


def test_many_containers_stay_small_and_fast() -> None:
    plan = uniform_plan(300, 60)

    begun = time.process_time()
    document = plan_document(plan)
    seconds = time.process_time() - begun

    assert len(json.dumps(document, separators=(",", ":"))) < 5_000_000
    # Measured: 2.1 s of one busy core. The allowance is for slower machines.
    assert seconds < 12

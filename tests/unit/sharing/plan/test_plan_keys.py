"""The plan of single keys, case by case."""

from __future__ import annotations

from dataclasses import replace
from typing import Tuple

import pytest
from hypothesis import given, seed
from hypothesis import strategies as st

from module_federation.sharing.negotiation import (
    Consume,
    Container,
    FailureCode,
    Provide,
    Remote,
    Strategy,
)
from module_federation.sharing.plan.keys import plan_keys, reserved_keys
from module_federation.sharing.plan.members import KeyFacts, Member
from module_federation.sharing.plan.model import KeyPlan, Proof
from unit.sharing.plan.brute_force import brute_force
from unit.sharing.plan.plan_federations import FUZZ, KEY, regular
from unit.sharing.plan.test_plan_keys_fuzz import planned
from unit.sharing.version_texts import SEED

VERSION_FIRST, LOADED_FIRST = Strategy.VERSION_FIRST, Strategy.LOADED_FIRST


def member(
    name: str,
    version: str | None,
    required: str | None = None,
    *,
    remotes: Tuple[str, ...] = (),
    strategy: Strategy = VERSION_FIRST,
    key: str = KEY,
    singleton: bool = True,
    strict: bool = False,
    at_start: bool = False,
) -> Member:
    """A container that provides a version, if any, and asks for a range, if any."""
    provides = () if version is None else (Provide(key, version, "default", f"^{version}"),)
    consumes = (
        ()
        if required is None
        else (Consume(key, required, singleton, strict, False, ("default",), version),)
    )
    container = Container(name, strategy, provides, consumes, tuple(map(Remote, remotes)))
    started = frozenset((key,)) if at_start else frozenset()
    return Member(container, "remote", f"apps/{name}", at_start=started)


def plan(*members: Member, limit: int = 2_000) -> KeyPlan:
    (only,) = plan_keys(members, members[0].name, only={KEY}, limit=limit)
    return only


def told(key: KeyPlan) -> dict[str, list[str]]:
    """Consumer → what can come of its request."""
    return {
        each.container: [
            f"{one.version} of {' or '.join(one.providers)}"
            + (" in private" if one.is_private else "")
            + (" with a warning" if one.warnings else "")
            + (f": {one.failure.code.value}" if one.failure else "")
            for one in each.possibilities
        ]
        for each in key.consumers
    }


@pytest.mark.parametrize(
    ("members", "proof", "expected"),
    [
        pytest.param(
            (
                member("host", "18.2.0", "^18.0.0", remotes=("cart", "shop"), at_start=True),
                member("shop", "18.2.0", "^18.0.0"),
                member("cart", "18.2.0", "^18.2.0"),
            ),
            Proof.ONE_VERSION,
            {each: ["18.2.0 of shop"] for each in ("host", "shop", "cart")},
            id="one version: the greatest name wins",
        ),
        pytest.param(
            (
                member("host", None, None, remotes=("cart", "shop"), strategy=LOADED_FIRST),
                member("shop", "18.2.0", "^18.0.0", strategy=LOADED_FIRST),
                member("cart", "18.2.0", "^19.0.0", strategy=LOADED_FIRST),
            ),
            Proof.ONE_VERSION,
            {
                "shop": ["18.2.0 of cart or shop"],
                "cart": ["18.2.0 of cart or shop with a warning"],
            },
            id="one version: whoever is loaded first",
        ),
        pytest.param(
            (
                member("host", "18.2.0", "^18.0.0", remotes=("shop",)),
                member("shop", "19.0.0", "^19.0.0"),
            ),
            Proof.ENUMERATED,
            {"host": ["19.0.0 of shop with a warning"], "shop": ["19.0.0 of shop"]},
            id="version-first: a remote takes over",
        ),
        pytest.param(
            (
                member("host", "18.2.0", "^18.0.0", remotes=("shop",), strategy=LOADED_FIRST),
                member("shop", "19.0.0", "^19.0.0", strategy=LOADED_FIRST),
            ),
            Proof.ENUMERATED,
            {
                "host": ["18.2.0 of host", "19.0.0 of shop with a warning"],
                "shop": ["19.0.0 of shop", "18.2.0 of host with a warning"],
            },
            id="loaded-first: it depends on who asks first",
        ),
        pytest.param(
            (
                member("host", None, None, remotes=("cart", "shop"), strategy=LOADED_FIRST),
                member("shop", "18.2.0", "^18.0.0"),
                member("cart", None, "^18.0.0"),
            ),
            Proof.ENUMERATED,
            {
                "shop": ["18.2.0 of shop"],
                "cart": ["None of : RUNTIME-012", "18.2.0 of shop"],
            },
            id="no copy of its own: it must be loaded after who has one",
        ),
        pytest.param(
            (
                member("host", "18.2.0", "^18.0.0", remotes=("shop",), at_start=True),
                member("shop", "17.0.0", "^17.0.0", singleton=False),
            ),
            Proof.ENUMERATED,
            {"host": ["18.2.0 of host"], "shop": ["17.0.0 of shop"]},
            id="two copies side by side",
        ),
        pytest.param(
            (
                member("host", "18.2.0", "^18.0.0", remotes=("shop",), at_start=True),
                member("shop", "18.2.0", "^17.0.0", strict=True),
            ),
            Proof.ONE_VERSION,
            {"host": ["18.2.0 of shop"], "shop": ["None of : unsatisfied-singleton"]},
            id="one version: strict, and it does not fit",
        ),
    ],
)
def test_what_can_come_of_it(
    members: Tuple[Member, ...], proof: Proof, expected: dict[str, list[str]]
) -> None:
    key = plan(*members)
    assert (told(key), key.proof) == (expected, proof)
    assert planned(members) == brute_force(members, KEY)


@seed(SEED)
@FUZZ
@given(regular(), st.sampled_from(("18.2.0", "19.0.0-rc.1")))
def test_one_version_needs_no_playing(members: Tuple[Member, ...], version: str) -> None:
    """The theorem of ``one_version``, on federations of which most fulfil its conditions."""
    alike = tuple(_with_version(each, version) for each in members)
    assert planned(alike) == brute_force(alike, KEY)


def _with_version(old: Member, version: str) -> Member:
    container = old.container
    provides = tuple(
        replace(each, version=version, required=f"^{version}") for each in container.provides
    )
    consumes = tuple(
        replace(each, fallback=each.fallback and version) for each in container.consumes
    )
    return replace(old, container=replace(container, provides=provides, consumes=consumes))


def test_warnings_are_worded_as_the_runtime_does() -> None:
    host = member("host", "18.2.0", "^18.0.0", remotes=("shop",), at_start=True)
    key = plan(host, member("shop", "18.2.0", "^17.0.0"))
    (possibility,) = key.consumers[1].possibilities
    # It is shop's copy, but the host has loaded it: the runtime takes the host for its owner.
    (warning,) = possibility.warnings
    assert warning == (
        "Version 18.2.0 from host of shared singleton module react does not satisfy the "
        "requirement of host which needs ^17.0.0)"
    )


def test_hundreds_of_containers_are_planned_like_a_few() -> None:
    names = tuple(f"shop{number:03}" for number in range(300))
    host = member("host", "18.2.0", "^18.0.0", remotes=names, strategy=LOADED_FIRST)
    many = [
        member(name, "19.0.0" if number % 2 else "18.3.0", "^18.0.0", strategy=LOADED_FIRST)
        for number, name in enumerate(names)
    ]
    key = plan(host, *many)
    assert key.proof is Proof.ENUMERATED
    assert key.states < 200
    for consumer in key.consumers[1:]:
        trace = consumer.possibilities[0].trace
        assert trace[-1].container == consumer.container
        assert set(consumer.versions) == {"18.2.0", "18.3.0", "19.0.0"}


@pytest.mark.parametrize("at_start", [False, True], ids=["later", "when loaded"])
@pytest.mark.parametrize("strategy", list(Strategy), ids=lambda each: each.value)
def test_remotes_of_remotes_are_planned_like_a_few(strategy: Strategy, at_start: bool) -> None:
    """Containers that load others are one class with those of their kind that load nobody."""
    versions = ("18.2.0", "18.3.1", "19.0.0")
    parents = tuple(f"parent{number:02}" for number in range(24))
    leaves = tuple(f"leaf{number:02}" for number in range(24))
    host = member("host", "18.2.0", "^18.0.0", remotes=parents + leaves, strategy=strategy)
    others = [host]
    for number, (parent, leaf) in enumerate(zip(parents, leaves)):
        below = tuple(f"below{number:02}{letter}" for letter in "ab"[: number % 3])
        for position, name in enumerate((parent, leaf, *below)):
            version = versions[(number + number // 3 * position) % 3]
            required = f"^{version}" if position % 2 else "^18.0.0"
            remotes = below if name is parent else ()
            others.append(
                member(
                    name, version, required, remotes=remotes, strategy=strategy, at_start=at_start
                )
            )
    key = plan(*others)
    assert key.proof is Proof.ENUMERATED
    assert key.states < 1_500
    assert all(each.possibilities for each in key.consumers)


def test_more_moments_than_the_limit_are_said() -> None:
    members = (
        member("host", "18.2.0", "^18.0.0", remotes=("cart", "shop"), strategy=LOADED_FIRST),
        member("shop", "19.0.0", "^19.0.0", strategy=LOADED_FIRST),
        member("cart", "18.3.0", "^18.3.0", strategy=LOADED_FIRST),
    )
    assert plan(*members, limit=1).proof is Proof.BOUNDED
    assert plan(*members).proof is Proof.ENUMERATED


def test_members_that_nothing_leads_to_are_left_out() -> None:
    host = member("host", "18.2.0", "^18.0.0", remotes=("gone",))
    key = plan(host, member("shop", "19.0.0", "^19.0.0"))
    assert key.provides == (("18.2.0", ("host",)),)
    assert told(key) == {"host": ["18.2.0 of host"]}


def test_versions_ascend() -> None:
    remotes = ("a", "b", "c")
    key = plan(
        member("host", "9.0.0", remotes=remotes),
        member("a", "10.0.0"),
        member("b", "10.0.0-rc.1"),
        member("c", "next"),
    )
    assert [version for version, _ in key.provides] == ["9.0.0", "10.0.0-rc.1", "10.0.0", "next"]


def test_the_package_of_a_key_is_what_is_known_of_it() -> None:
    host = member("host", "1.0.0", key="@acme/ui/button")
    assert plan_keys([host], "host")[0].package == "@acme/ui"
    known = replace(host, facts={"@acme/ui/button": KeyFacts("ui-of-acme")})
    assert plan_keys([known], "host")[0].package == "ui-of-acme"


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param(member("shop", "1.0.0", key="constructor"), id="a key"),
        pytest.param(member("shop", "toString", key="constructor"), id="a version too"),
        pytest.param(member("shop", None, "^1.0.0", key="constructor"), id="only asked for"),
    ],
)
def test_reserved_keys_are_left_out_and_listed(odd: Member) -> None:
    host = member("host", "18.2.0", "^18.0.0", remotes=("shop",))
    assert [each.key for each in plan_keys([host, odd], "host")] == [KEY]
    assert reserved_keys([host, odd]) == {"constructor": ("shop",)}


def test_odd_containers_stop_nothing() -> None:
    host = member("host", "18.2.0", "^18.0.0", remotes=("shop", "app"))
    shop = member("shop", "18.2.0", "^18.0.0")
    app = replace(shop, container=replace(shop.container, name="app", is_bundle=False))
    key = plan(host, shop, app, replace(shop, label="a second shop"))
    assert told(key) == {"host": ["18.2.0 of shop"], "shop": ["18.2.0 of shop"]}


def test_there_is_no_page_without_a_host() -> None:
    with pytest.raises(ValueError, match="No member is named 'host'; there are shop"):
        plan_keys([member("shop", "18.2.0")], "host")


def test_a_remote_that_may_be_down() -> None:
    host = member("host", None, "^18.0.0", remotes=("shop", "cart"))
    shop, cart = member("shop", "18.2.0"), member("cart", None, "^18.0.0")
    members = (host, shop, cart)
    assert told(plan(*members)) == {"host": ["18.2.0 of shop"], "cart": ["18.2.0 of shop"]}
    without = plan(member("host", None, "^18.0.0", remotes=("cart",)), cart)
    for consumer in without.consumers:
        assert [each.failure and each.failure.code for each in consumer.possibilities] == [
            FailureCode.NO_PROVIDER
        ]


@pytest.mark.parametrize("count", [3, 40])
def test_remotes_that_load_their_host(count: int) -> None:
    names = tuple(f"shop{number}" for number in range(count))
    host = member("host", "18.2.0", "^18.0.0", remotes=names, at_start=True)
    key = plan(host, *(member(each, "18.2.0", "^18.0.0", remotes=("host",)) for each in names))
    assert key.proof is (Proof.ENUMERATED if count == 3 else Proof.BOUNDED)
    assert {each.versions for each in key.consumers} == {("18.2.0",)}

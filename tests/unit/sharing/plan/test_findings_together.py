"""What is told together, what hides what, and what is told of nobody's fault."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from module_federation.sharing.finding_policy import FindingPolicy, Silence
from module_federation.sharing.findings import Finding, Severity
from module_federation.sharing.negotiation import FederationError, Strategy
from module_federation.sharing.plan.members import Member, RemoteUse
from module_federation.sharing.plan.planner import plan_federation
from module_federation.sharing.share_options import Place
from unit.sharing.plan.members_by_hand import codes, file_of, host, member, only, plan, share


def _shell(version: str = "19.3.1", *keys: str) -> Member:
    shares = [
        share(key, version, package="react", singleton=True, **file_of("shell"))
        for key in keys or ("react",)
    ]
    return host("shell", *shares)


def _old(name: str, version: str = "18.2.0", *keys: str, **others: Any) -> Member:
    shares = [
        share(key, version, package="react", singleton=True, **file_of(name))
        for key in keys or ("react",)
    ]
    return member(name, *shares, **others)


def test_keys_of_a_package_with_one_cause_are_one_finding() -> None:
    keys = ("react", "react/jsx-runtime", "react/jsx-dev-runtime")
    found = only(
        plan((_shell("19.3.1", *keys), _old("cart", "18.2.0", *keys))), "unsatisfied-singleton"
    )
    assert "react, react/jsx-dev-runtime and react/jsx-runtime `^18.2.0`" in found.message
    assert found.package == "react"


def test_many_containers_of_one_fate_are_one_finding() -> None:
    names = [f"team{number:02}" for number in range(40)]
    found = only(plan((_shell(), *(_old(name) for name in names))), "unsatisfied-singleton")
    assert "team00 (apps/team00:remote), team01, team02 and 37 more ask" in found.message
    assert found.containers == (*names, "shell")
    assert sum(step.startswith("apps/team") for step in found.chain) == 5
    assert "… and 35 more like these" in found.chain


def test_other_ranges_are_other_findings() -> None:
    found = plan((_shell(), _old("cart"), _old("shop", "17.0.0")))
    assert codes(found) == ["unsatisfied-singleton", "unsatisfied-singleton"]
    assert [each.containers for each in found.findings] == [("cart", "shell"), ("shop", "shell")]


def test_what_one_target_has_silenced_hides_nothing_of_others() -> None:
    silence = Silence("unsatisfied-singleton", "Known.", Place("BUILD"), "react", "cart", "cart")
    found = plan((_shell(), _old("cart"), _old("shop")), FindingPolicy((), (silence,)))
    silenced, heard = sorted(found.findings, key=lambda each: each.silenced_because is None)
    assert (silenced.containers, silenced.silenced_because) == (("cart", "shell"), "Known.")
    assert (heard.containers, heard.silenced_because) == (("shop", "shell"), None)
    assert found.errors == (heard,)


def test_what_only_installed_packages_may_ask_for_is_milder() -> None:
    found = plan((_shell(), _old("cart", unsure=["react"])))
    finding = only(found, "unsatisfied-singleton")
    assert finding.severity is Severity.WARNING
    assert any(step.startswith("a bound: no first-party code imports it") for step in finding.chain)


def test_one_certain_key_makes_its_package_certain() -> None:
    keys = ("react", "react/jsx-dev-runtime")
    cart = _old("cart", "18.2.0", *keys, unsure=["react/jsx-dev-runtime"])
    finding = only(plan((_shell("19.3.1", *keys), cart)), "unsatisfied-singleton")
    assert finding.severity is Severity.ERROR


def test_severities_of_a_policy_hold() -> None:
    members = (host("shell", share("a", "1.1.0")), member("cart", share("a", "1.2.0")))
    policy = FindingPolicy((("remote-takes-over", Severity.ERROR),))
    assert [each.code for each in plan(members, policy).errors] == ["remote-takes-over"]
    assert plan(members).errors == ()


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        pytest.param(
            (
                host("shell", share("a", "1.0.0", singleton=True)),
                member("cart", share("a", "2.0.0", singleton=True)),
            ),
            ["unsatisfied-singleton"],
            id="the host's own error hides that a remote takes over",
        ),
        pytest.param(
            (
                host("shell", share("a", "1.0.0", ">=0", singleton=True)),
                member("cart", share("a", "1.0.0", singleton=True)),
            ),
            ["unreadable-range"],
            id="a range that cannot be read hides that nothing fits it",
        ),
        pytest.param(
            (
                host("shell", share("a", "1.0.0", "workspace:*", stateful_because="x")),
                member("cart", share("a", "1.0.0")),
            ),
            ["unreadable-range"],
            id="and the private copies that come of it",
        ),
        pytest.param(
            (
                host("shell", share("a", "2.0.0", singleton=True)),
                member("cart", share("a", "1.0.0")),
            ),
            ["stateful-loaded-twice"],
            id="two copies hide the disagreement that they come of",
        ),
        pytest.param(
            (
                host("shell", share("a", "1.0.0", build="one"), mode="production"),
                member("cart", share("a", "1.0.0", build="two"), mode="development"),
            ),
            ["mixed-modes"],
            id="mixed modes hide whose copy it is",
        ),
        pytest.param(
            (
                host("shell", share("a", "1.0.0"), mode="production"),
                member("cart", share("a", "1.0.0"), mode=None),
            ),
            [],
            id="an unknown mode is no other mode",
        ),
        pytest.param(
            (host("shell"), member("cart", private={"a": ("1.0.0",)})),
            [],
            id="one private copy is nobody's second",
        ),
        pytest.param(
            (
                host("shell", share("a", "1.0.0", singleton=True)),
                member("cart", private={"a": ("1.0.0",)}),
            ),
            ["stateful-loaded-twice"],
            id="a private copy beside a shared singleton",
        ),
        pytest.param(
            (
                host("shell", share("a", "1.0.0")),
                member("cart", private={"a": ("1.0.0",)}),
            ),
            ["loaded-twice"],
            id="a private copy beside a shared one without state",
        ),
        pytest.param(
            (
                host("shell"),
                member("cart", share("a", None, "^1.0.0", import_=False)),
                member("one", share("a", "1.0.0")),
                member("two", share("a", "1.0.0")),
            ),
            [],
            id="of two providers one may be down",
        ),
        pytest.param(
            (
                host("shell", remotes=["cart"]),
                member("cart", share("a", "1.0.0"), remotes=["lib"]),
                member("lib", share("a", None, "^1.0.0", import_=False)),
            ),
            [],
            id="who cannot be loaded without the provider needs it not",
        ),
        pytest.param(
            (host("shell"), member("cart", exposes=None, kind="external")),
            [],
            id="unknown exposes say nothing",
        ),
    ],
)  # fmt: skip
def test_precedence(members: tuple[Member, ...], expected: list[str]) -> None:
    assert codes(plan(members)) == expected


def test_a_range_that_is_read_differently_is_not_told_where_an_error_is() -> None:
    members = (
        host("shell", share("a", "2.0.0-rc.2", singleton=True, required="^2.0.0-rc || 2.0.0-rc.2")),
        member("cart", share("a", "2.0.0-rc.1", "^2.0.0-rc || 2.0.0-rc.1", singleton=True)),
    )
    assert codes(plan(members)) == ["unsatisfied-singleton"]


def test_the_findings_of_members_are_told_with_their_target() -> None:
    own = Finding("two-copies", Severity.WARNING, "Two.", package="a")
    cart = dataclasses.replace(member("cart"), findings=(own,))
    (found,) = plan((host("shell"), cart)).findings
    assert (found.target, found.containers) == ("apps/cart:remote", ("cart",))


def test_a_stateful_package_that_is_loaded_twice_is_told_once() -> None:
    own = Finding(
        "stateful-not-singleton", Severity.WARNING, "…", package="a", containers=("cart", "shell")
    )
    cart = member("cart", share("a", "1.0.0"), findings=(own,))
    members = (host("shell", share("a", "2.0.0", stateful_because="x")), cart)
    assert codes(plan(members)) == ["stateful-loaded-twice"]
    members = (host("shell", share("a", "1.0.0", stateful_because="x")), cart)
    assert codes(plan(members)) == ["stateful-not-singleton"]


def test_an_import_that_the_slice_reports_is_reported_once() -> None:
    own = Finding("unknown-expose", Severity.ERROR, "…", file="a.ts", line=4)
    shell = dataclasses.replace(
        host("shell", uses=(RemoteUse("cart", "./No", "a.ts", 4),), findings=(own,)),
        remotes={"cart": "cart"},
    )
    (found,) = plan((shell, member("cart", exposes=("./Yes",)))).findings
    assert found.message == "…"


@pytest.mark.parametrize(
    ("members", "message"),
    [
        pytest.param((member("a"), member("a")), "Two containers are named 'a'", id="one name"),
        pytest.param((member("a"),), "No container is named 'shell'; there are a.", id="no host"),
    ],
)
def test_impossible_federations(members: tuple[Member, ...], message: str) -> None:
    with pytest.raises(FederationError, match=message):
        plan_federation(members, "shell")


def test_containers_that_the_host_cannot_load_are_left_out() -> None:
    shell = host("shell", share("a", "1.0.0", singleton=True), remotes=["cart"])
    found = plan((shell, member("cart"), member("far", share("a", "2.0.0", singleton=True))))
    assert [each.name for each in found.members] == ["shell", "cart"]
    assert codes(found) == []


_NAMES = ("ant", "bee", "cat", "dog")


@st.composite
def _agreeing(draw: st.DrawFn) -> tuple[Member, ...]:
    """Federations in which all versions are equal and satisfied."""
    singleton = draw(st.booleans())
    ranges = st.sampled_from(["^1.2.0", "*", "1.x", ">=1.0.0 <2", "1.2.3"])
    host_shares = draw(st.booleans())
    names = _NAMES[: draw(st.integers(0, 4))]
    strategy = draw(st.sampled_from(Strategy))
    members = []
    for index, name in enumerate(("shell", *names)):
        keys = draw(st.sets(st.sampled_from(["a", "a/sub", "b"])))
        if name == "shell" and not host_shares:
            keys = set()
        shares = [
            share(
                key, "1.2.3", draw(ranges), package=key[0], singleton=singleton,
                strict=draw(st.booleans()), build="one", stateful_because="x",
            )
            for key in sorted(keys)
        ]  # fmt: skip
        # Later containers only: no circles, which can be a deadlock.
        remotes = draw(st.sets(st.sampled_from(names[index:]))) if names[index:] else set()
        if name == "shell":
            remotes = set(names)
        members.append(
            member(
                name, *shares, strategy=strategy, mode="production", remotes=sorted(remotes),
                later=draw(st.sets(st.sampled_from(sorted(keys)))) if keys else (),
                kind="host" if name == "shell" else "remote",
            )
        )  # fmt: skip
    return tuple(members)


@given(_agreeing())
@settings(max_examples=60, deadline=None)
def test_no_finding_where_all_versions_are_equal_and_fit(members: tuple[Member, ...]) -> None:
    assert plan_federation(members, "shell").findings == ()

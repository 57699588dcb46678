from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from module_federation.cli.order_text import order_verdict
from module_federation.sharing.deployment import deployment as module
from module_federation.sharing.deployment.deployment import (
    Deployment,
    DeploymentError,
    OrderOutcome,
    deploy_order,
)
from module_federation.sharing.finding_policy import FindingPolicy, Silence
from module_federation.sharing.findings import Severity
from module_federation.sharing.negotiation import Consume, Container, Provide, Remote
from module_federation.sharing.plan.members import KeyFacts, Member, RemoteUse
from module_federation.sharing.share_options import Place


def member(
    name: str,
    version: str,
    required: str | None = None,
    remotes: Sequence[str] = (),
    **others: object,
) -> Member:
    """A container that provides one version of React, as a singleton, and asks for some range."""
    required = required or f"^{version}"
    shared = Container(
        name,
        provides=(Provide("react", version, singleton=True, strict=False),),
        consumes=(Consume("react", required, singleton=True, strict=False, fallback=version),),
        remotes=tuple(map(Remote, remotes)),
    )
    made = Member(
        shared,
        "host" if remotes else "remote",
        f"{name}@{version}",
        facts={"react": KeyFacts("react")},
        at_start=frozenset({"react"}),
        certain=frozenset({"react"}),
        remotes={each: each for each in remotes},
        exposes=("./App",),
    )
    return replace(made, **others)  # type: ignore[arg-type]


_BOTH = "^18.0.0 || ^19.0.0"
_SHELL = member("shell", "18.3.1", remotes=["cart", "catalog"])
_CART, _CATALOG = member("cart", "18.3.1"), member("catalog", "18.3.1")
_DEPLOYED = (_SHELL, _CART, _CATALOG)
_NEW_SHELL = member("shell", "19.1.0", remotes=["cart", "catalog"])


def test_a_candidate_that_fits() -> None:
    deployment = Deployment("shell", _DEPLOYED, [member("cart", "18.3.1", "^18.2.0")])
    verdict = deployment.verdict({"cart"})
    assert verdict.replaced == ("cart",)
    assert verdict.new_errors == ()
    assert deploy_order(deployment).steps == (("cart",),)


def test_a_candidate_that_does_not_fit() -> None:
    deployment = Deployment("shell", _DEPLOYED, [member("cart", "19.1.0")])
    (error,) = deployment.verdict({"cart"}).new_errors
    assert error.code == "unsatisfied-singleton"
    assert error.package == "react"
    order = deploy_order(deployment)
    assert order.outcome is OrderOutcome.UNFIT
    assert order.steps == ()
    assert [each.code for each in order.errors] == ["unsatisfied-singleton"]


def test_the_remotes_first_then_the_host() -> None:
    """Remotes that take either version go first, though the alphabet would put the host first."""
    deployed = (
        member("app", "18.3.1", remotes=["cart", "catalog"]),
        member("cart", "18.3.1"),
        member("catalog", "18.3.1"),
    )
    candidates = [
        member("app", "19.1.0", remotes=["cart", "catalog"]),
        member("cart", "18.3.1", _BOTH),
        member("catalog", "18.3.1", _BOTH),
    ]
    order = deploy_order(Deployment("app", deployed, candidates))
    assert order.outcome is OrderOutcome.ONE_BY_ONE
    assert order.steps == (("cart",), ("catalog",), ("app",))


def test_two_that_must_go_together() -> None:
    candidates = [_NEW_SHELL, member("cart", "19.1.0"), member("catalog", "18.3.1", _BOTH)]
    order = deploy_order(Deployment("shell", _DEPLOYED, candidates))
    assert order.outcome is OrderOutcome.TOGETHER
    assert order.is_smallest
    assert order.steps == (("catalog",), ("cart", "shell"))
    assert order.together == (("cart", "shell"),)
    assert order.stuck_after == ("catalog",)
    assert [each.candidate for each in order.obstacles] == ["cart", "shell"]
    assert all(each.errors for each in order.obstacles)


def test_an_error_that_is_there_already_does_not_count() -> None:
    deployed = (*_DEPLOYED[:2], member("catalog", "18.3.1", "^17.0.0"))
    deployment = Deployment("shell", deployed, [member("cart", "18.3.1", "^18.2.0")])
    assert deployment.before.errors
    assert deployment.verdict({"cart"}).plan.errors
    assert deployment.new_errors({"cart"}) == ()
    assert deploy_order(deployment).outcome is OrderOutcome.ONE_BY_ONE


def test_another_container_with_the_same_trouble_is_new() -> None:
    deployed = (*_DEPLOYED[:2], member("catalog", "18.3.1", "^17.0.0"))
    deployment = Deployment("shell", deployed, [member("cart", "18.3.1", "^17.0.0")])
    assert [each.code for each in deployment.new_errors({"cart"})] == ["unsatisfied-singleton"]


def test_a_new_remote_goes_before_the_host_that_loads_it() -> None:
    checkout = member("checkout", "18.3.1")
    host = member("shell", "18.3.1", remotes=["cart", "catalog", "checkout"])
    deployment = Deployment("shell", _DEPLOYED, [host, checkout])
    assert deployment.is_addition("checkout")
    assert deploy_order(deployment).steps == (("checkout",), ("shell",))
    (error,) = deployment.new_errors({"shell"})
    assert error.code == "remote-not-deployed"
    assert error.containers == ("shell", "checkout")


def test_a_module_is_there_before_it_is_imported() -> None:
    uses = (RemoteUse("cart", "./Mini"),)
    host = member("app", "18.3.1", remotes=["cart"])
    candidates = [
        replace(host, uses=uses),
        member("cart", "18.3.1", exposes=("./App", "./Mini")),
    ]
    order = deploy_order(Deployment("app", [host, _CART], candidates))
    assert order.steps == (("cart",), ("app",))


def test_a_remote_that_was_not_given_is_unchecked() -> None:
    deployment = Deployment("shell", [_SHELL, _CART], [])
    findings = {each.code: each for each in deployment.before.findings}
    assert findings["remote-not-given"].severity is Severity.WARNING
    assert "catalog" in findings["remote-not-given"].message
    assert [each.name for each in deployment.before.members] == ["shell", "cart"]


def test_a_remote_that_nobody_names_is_checked_all_the_same() -> None:
    deployment = Deployment("shell", [*_DEPLOYED, member("extra", "18.3.1", "^17.0.0")], [])
    codes = {each.code for each in deployment.before.findings}
    assert {"remote-not-loaded", "unsatisfied-singleton"} <= codes


def test_a_remote_that_only_the_next_host_names_is_not_loaded_before() -> None:
    strange = member("strange", "18.3.1", "^17.0.0")
    host = member("shell", "18.3.1", remotes=["cart", "catalog", "strange"])
    deployment = Deployment("shell", [*_DEPLOYED, strange], [host])
    assert deployment.before.findings == ()
    assert [each.code for each in deployment.new_errors({"shell"})] == ["unsatisfied-singleton"]


def test_the_policy_holds_for_every_state() -> None:
    silence = Silence("unsatisfied-singleton", "We know.", Place("sharing.toml", 1))
    policy = FindingPolicy((("remote-not-loaded", Severity.ERROR),), (silence,))
    deployment = Deployment(
        "shell", [*_DEPLOYED, member("extra", "18.3.1")], [member("cart", "19.1.0")], policy
    )
    assert [each.code for each in deployment.before.errors] == ["remote-not-loaded"]
    assert deployment.new_errors({"cart"}) == ()


@pytest.mark.parametrize(
    ("deployed", "candidates", "message"),
    [
        ([_CART], [], "host shell is not among"),
        ([_SHELL, _CART, member("cart", "19.1.0")], [], "both named cart"),
        ([_SHELL, _CART], [_CART, member("cart", "19.1.0")], "both named cart"),
    ],
    ids=["no host", "two deployed", "two candidates"],
)
def test_impossible_deployments(
    deployed: list[Member], candidates: list[Member], message: str
) -> None:
    with pytest.raises(DeploymentError, match=message):
        Deployment("shell", deployed, candidates)


def _everywhere(version: str, count: int) -> list[Member]:
    names = [f"r{number:02}" for number in range(count)]
    return [member("h", version, remotes=names), *(member(name, version) for name in names)]


def test_more_than_can_be_tried_in_groups() -> None:
    """Nothing can go alone, which is proved at once; which groups could is not tried."""
    deployment = Deployment("h", _everywhere("18.3.1", 13), _everywhere("19.1.0", 13))
    order = deploy_order(deployment)
    assert order.outcome is OrderOutcome.TOGETHER
    assert order.steps == (deployment.candidates,)
    assert not order.is_smallest
    assert order.states == 14 + 1
    assert "whether less would do was not tried" in order_verdict(order)


def test_too_many_states_to_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    # The limit is lowered rather than a release made that takes minutes to try.
    monkeypatch.setattr(module, "MAX_STATES", 3)
    deployment = Deployment("h", _everywhere("18.3.1", 6), _everywhere("19.1.0", 6))
    order = deploy_order(deployment)
    assert order.outcome is OrderOutcome.UNDECIDED
    assert order.steps == ()
    assert order_verdict(order).startswith("No order was found in 8 states.")


_STATES = st.tuples(
    st.sampled_from(("18.3.1", "19.1.0")), st.sampled_from(("^18.0.0", "^19.0.0", _BOTH, "*"))
)


@st.composite
def releases(draw: DrawFn) -> tuple[list[Member], list[Member]]:
    """What is deployed, and candidates for some of it; the host may load fewer or more."""
    remotes = ("a", "b", "c")
    deployed_remotes = draw(st.sets(st.sampled_from(remotes)))
    hosts = [
        member("h", *draw(_STATES), remotes=sorted(draw(st.sets(st.sampled_from(remotes)))))
        for _ in range(2)
    ]
    deployed = [hosts[0], *(member(name, *draw(_STATES)) for name in sorted(deployed_remotes))]
    names = draw(st.sets(st.sampled_from(("h", *remotes))))
    candidates = [hosts[1]] if "h" in names else []
    candidates += [member(name, *draw(_STATES)) for name in sorted(names - {"h"})]
    return deployed, candidates


@given(releases())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_against_trying_all_orders(release: tuple[list[Member], list[Member]]) -> None:
    deployed, candidates = release
    names = sorted(each.name for each in candidates)

    def is_sound(replaced: Sequence[str]) -> bool:
        return not Deployment("h", deployed, candidates).verdict(set(replaced)).new_errors

    sound = [
        order
        for order in permutations(names)
        if all(is_sound(order[:count]) for count in range(1, len(order) + 1))
    ]
    found = deploy_order(Deployment("h", deployed, candidates))
    if sound:
        assert found.outcome is OrderOutcome.ONE_BY_ONE
        assert found.steps == tuple((name,) for name in sound[0])
        return
    assert found.outcome is (OrderOutcome.TOGETHER if is_sound(names) else OrderOutcome.UNFIT)
    state: list[str] = []
    for step in found.steps:
        state += step
        assert is_sound(state)


@given(releases())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_order_of_the_input_does_not_matter(
    release: tuple[list[Member], list[Member]],
) -> None:
    deployed, candidates = release
    one = deploy_order(Deployment("h", deployed, candidates))
    assert deploy_order(Deployment("h", deployed[::-1], candidates[::-1])) == one

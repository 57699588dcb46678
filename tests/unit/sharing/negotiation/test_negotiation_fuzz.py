"""Random federations: the model against the real runtime, and what holds for all of them."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, seed, settings

from module_federation.sharing.negotiation import (
    Container,
    Federation,
    FederationError,
    Initialize,
    LoadRemote,
    LoadShare,
    LoadShareSync,
    Step,
    perform,
    play,
    start,
)
from unit.sharing.negotiation.builders import ask, container, provide, single
from unit.sharing.negotiation.federations import FEDERATIONS, scenarios
from unit.sharing.negotiation.real_runtime import RealRuntime, Scenario, play_model
from unit.sharing.version_texts import SEED

_FUZZ = settings(
    max_examples=FEDERATIONS,
    deadline=None,
    database=None,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
)


@seed(SEED)
@_FUZZ
@given(scenarios())
def test_model_agrees_with_the_real_runtime(real_runtime: RealRuntime, scenario: Scenario) -> None:
    assert play_model(scenario) == real_runtime.play(scenario)


@seed(SEED)
@_FUZZ
@given(scenarios())
def test_keys_do_not_influence_each_other(scenario: Scenario) -> None:
    outcomes = play(scenario.federation, scenario.steps)
    for key, federation in scenario.federation.by_key().items():
        alone = play(federation, [_without_other_keys(each, key) for each in scenario.steps])
        for step, outcome, outcome_alone in zip(scenario.steps, outcomes, alone):
            if not isinstance(step, (LoadShare, LoadShareSync)) or step.consume.key == key:
                assert outcome_alone == outcome


def _without_other_keys(step: Step, key: str) -> Step:
    if not isinstance(step, (LoadShare, LoadShareSync)) or step.consume.key == key:
        return step
    scopes = step.consume.scopes
    return Initialize(
        step.container, scopes if isinstance(step, LoadShare) else (",".join(scopes),)
    )


@seed(SEED)
@_FUZZ
@given(scenarios())
def test_a_step_leaves_the_state_before_it_alone(scenario: Scenario) -> None:
    state = start(scenario.federation)
    for step in scenario.steps:
        before = state.identity()
        following, outcome = perform(state, step)
        assert state.identity() == before
        again, same = perform(state, step)
        assert (again.identity(), same) == (following.identity(), outcome)
        state = following


def test_messages_name_the_first_consumer_instead_of_the_provider(
    real_runtime: RealRuntime,
) -> None:
    host = container("host", "18.2.0", remotes=("shop", "cart"))
    steps = (
        LoadShare("host", single("*")),
        LoadShare("cart", single("^17.0.0", strict=True)),
        LoadShare("shop", single("^18.0.0")),
    )
    federation = Federation((host, container("shop", "19.0.0"), container("cart")))
    _, cart, shop = play(federation, steps)
    assert cart.failure is not None
    assert cart.failure.message == (
        "Version 19.0.0 from host of shared singleton module react does not satisfy the "
        "requirement of undefined which needs ^17.0.0)"
    )
    # Even for the one who asks: it is shop that asks for ^18, and shop whose copy it is.
    (warning,) = shop.warnings
    assert warning == (
        "Version 19.0.0 from host of shared singleton module react does not satisfy the "
        "requirement of host which needs ^18.0.0)"
    )
    scenario = Scenario(federation, steps)
    assert play_model(scenario) == real_runtime.play(scenario)


@pytest.mark.parametrize(
    ("containers", "message"),
    [
        pytest.param(
            (container("a"), container("a")), "Two containers are named 'a'", id="two of a name"
        ),
        pytest.param(
            (container("a", remotes=("b",)),), "loads 'b', which is no container", id="no remote"
        ),
        pytest.param(
            (container("a", remotes=("b",)), container("b", is_bundle=False)),
            "'b', which starts the runtime itself",
            id="a remote without an entry",
        ),
        pytest.param(
            (container("a", remotes=("b",)), container("b", scope=())),
            "Container 'b' has a share scope without a name",
            id="no scope",
        ),
        pytest.param(
            (container("a", provide("1.0.0", key="constructor")),),
            "under the name 'constructor'",
            id="a key that every object inherits",
        ),
        pytest.param(
            (container("a", provide("1.0.0", scope="__proto__")),),
            "under the name '__proto__'",
            id="a scope that every object inherits",
        ),
    ],
)
def test_a_federation_that_cannot_be(containers: tuple[Container, ...], message: str) -> None:
    with pytest.raises(FederationError, match=message):
        Federation(containers)


@pytest.mark.parametrize(
    ("step", "message"),
    [
        pytest.param(
            Initialize("b"), "No container is named 'b'; there are a, c", id="no container"
        ),
        pytest.param(LoadRemote("a", "c"), "none of its remotes: it has none", id="no remote"),
        pytest.param(LoadShare("c", ask("*")), "cannot consume", id="no bundle"),
        pytest.param(LoadShareSync("c", ask("*")), "cannot consume", id="no bundle, at once"),
    ],
)
def test_a_step_that_cannot_be(step: Step, message: str) -> None:
    federation = Federation((container("a"), container("c", is_bundle=False)))
    with pytest.raises(FederationError, match=message):
        perform(start(federation), step)

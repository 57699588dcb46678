"""The rules of the negotiation one by one; every case is played on the real runtime too."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from _pytest.mark.structures import ParameterSet

from module_federation.sharing.negotiation import (
    Container,
    Federation,
    Initialize,
    LoadRemote,
    LoadShare,
    LoadShareSync,
    Outcome,
    Remote,
    Step,
    Strategy,
    play,
)
from unit.sharing.negotiation.builders import ask, container, provide, single
from unit.sharing.negotiation.real_runtime import RealRuntime, Scenario, play_model

LOADED_FIRST = Strategy.LOADED_FIRST


@dataclass(frozen=True)
class Case:
    """A load order, and what each step must come to, as ``_told`` puts it."""

    scenario: Scenario
    expected: list[str]


def _case(
    title: str,
    *containers: Container,
    steps: tuple[tuple[Step, str], ...],
    arrival: tuple[str, ...] = (),
    offline: tuple[str, ...] = (),
) -> ParameterSet:
    federation = Federation(containers, arrival, frozenset(offline))
    scenario = Scenario(federation, tuple(step for step, _ in steps))
    return pytest.param(Case(scenario, [told for _, told in steps]), id=title)


def _told(outcome: Outcome) -> str:
    if outcome.failure is not None:
        return outcome.failure.code.value
    if outcome.copy is None:
        return "done"
    told = f"{outcome.copy.container} {outcome.copy.version}"
    if outcome.is_private:
        told += " in private"
    return told + (" with a warning" if outcome.warnings else "")


_HOST_AND_NEWER_REMOTE = (
    container("host", "18.2.0", remotes=("shop",)),
    container("shop", "19.0.0"),
)
_MUTUAL = (
    container("host", "18.2.0", remotes=("cart", "shop")),
    container("cart", remotes=("shop",)),
    container("shop", remotes=("cart",)),
)


@pytest.mark.parametrize(
    "case",
    [
        _case(
            "version-first: a remote's higher version wins over the host, and breaks it",
            *_HOST_AND_NEWER_REMOTE,
            steps=(
                (LoadShare("host", single("^18.0.0")), "shop 19.0.0 with a warning"),
                (LoadShare("shop", single("^19.0.0")), "shop 19.0.0"),
            ),
        ),
        _case(
            "loaded-first: a remote registers when it is first imported, too late to win",
            replace(_HOST_AND_NEWER_REMOTE[0], strategy=LOADED_FIRST),
            _HOST_AND_NEWER_REMOTE[1],
            steps=(
                (LoadShare("host", single("^18.0.0")), "host 18.2.0"),
                (LoadRemote("host", "shop"), "done"),
                (LoadShare("shop", single("^19.0.0")), "host 18.2.0 with a warning"),
            ),
        ),
        _case(
            "equal versions: the greater name wins",
            container("host", "18.2.0", remotes=("shop",)),
            container("shop", "18.2.0"),
            steps=((LoadShare("host", single("^18.0.0")), "shop 18.2.0"),),
        ),
        _case(
            "equal versions: a smaller name does not",
            container("host", "18.2.0", remotes=("cart",)),
            container("cart", "18.2.0"),
            steps=((LoadShare("host", single("^18.0.0")), "host 18.2.0"),),
        ),
        _case(
            "equal versions: an eager one is never replaced",
            container("host", provide("18.2.0", eager=True), remotes=("shop",)),
            container("shop", "18.2.0"),
            steps=((LoadShare("host", single("^18.0.0")), "host 18.2.0"),),
        ),
        _case(
            "equal versions: an eager one does not replace",
            container("host", "18.2.0", remotes=("cart",)),
            container("cart", provide("18.2.0", eager=True)),
            steps=((LoadShare("host", single("^18.0.0")), "host 18.2.0"),),
        ),
        _case(
            "equal versions: one of a loaded-first container is never replaced",
            container("host", "18.2.0", remotes=("shop",), strategy=LOADED_FIRST),
            container("shop", "18.2.0"),
            steps=(
                (Initialize("host"), "done"),
                (LoadRemote("host", "shop"), "done"),
                (LoadShare("shop", single("^18.0.0")), "host 18.2.0"),
            ),
        ),
        _case(
            "version-first: a loaded version does not hold back a higher one registered before",
            container("host", remotes=("cart", "shop")),
            container("cart", "18.3.1"),
            container("shop", "18.2.0"),
            steps=(
                (LoadShare("host", ask("~18.2.0")), "shop 18.2.0"),
                (LoadShare("host", single("^18.0.0")), "cart 18.3.1"),
            ),
        ),
        _case(
            "version-first: a loaded version holds back a higher one registered after it",
            container("host", remotes=("cart", "shop")),
            container("cart", "18.2.0"),
            container("shop", "18.3.1"),
            steps=(
                (LoadShare("host", ask("~18.2.0")), "cart 18.2.0"),
                (LoadShare("host", single("^18.0.0")), "cart 18.2.0"),
            ),
        ),
        _case(
            "loaded-first: a loaded version wins in every order",
            container("host", remotes=("cart", "shop")),
            container("cart", "18.3.1", strategy=LOADED_FIRST),
            container("shop", "18.2.0"),
            steps=(
                (LoadShare("host", ask("~18.2.0")), "shop 18.2.0"),
                (LoadShare("cart", single("^18.0.0")), "shop 18.2.0"),
            ),
        ),
        _case(
            "two hosts without a common scope do not meet",
            container("host", "18.2.0", remotes=("shop",), strategy=LOADED_FIRST),
            container("shop", "18.3.1"),
            container("spare", remotes=("shop",), strategy=LOADED_FIRST),
            steps=(
                (LoadRemote("spare", "shop"), "done"),
                (LoadShare("shop", ask("18.3.1")), "shop 18.3.1"),
                (LoadShare("spare", single("*")), "shop 18.3.1"),
                (LoadShare("host", single("*")), "host 18.2.0"),
            ),
        ),
        _case(
            "a consumer that provides nothing itself is version-first, whatever its container",
            container("host", remotes=("cart", "shop"), strategy=LOADED_FIRST),
            container("cart", "18.2.0"),
            container("shop", "18.3.1"),
            steps=(
                (LoadRemote("host", "shop"), "done"),
                (LoadRemote("host", "cart"), "done"),
                (LoadShare("cart", ask("18.2.0")), "cart 18.2.0"),
                (LoadShare("host", single("*")), "shop 18.3.1"),
            ),
        ),
        _case(
            "a strict singleton that does not fit throws",
            *_HOST_AND_NEWER_REMOTE,
            steps=(
                (LoadShareSync("host", single("^18.0.0")), "RUNTIME-006"),
                (LoadShare("shop", single("^18.3.1", strict=True)), "unsatisfied-singleton"),
            ),
        ),
        _case(
            "what the host has used eagerly stays, and a newer strict remote throws",
            container("host", provide("18.2.0", eager=True), remotes=("shop",)),
            container("shop", "18.3.1"),
            steps=(
                (LoadShareSync("host", single("^18.0.0")), "host 18.2.0"),
                (LoadShare("shop", single("^18.3.1", strict=True)), "unsatisfied-singleton"),
            ),
        ),
        _case(
            "no singleton: each gets what fits, else its own copy; strict means nothing",
            *_HOST_AND_NEWER_REMOTE,
            steps=(
                (LoadShare("host", ask("^18.0.0")), "host 18.2.0"),
                (LoadShare("shop", ask("^19.0.0")), "shop 19.0.0"),
                (LoadShare("shop", ask("^17.0.0", strict=True)), "shop 0.0.1 in private"),
            ),
        ),
        _case(
            "no singleton: the first registered version that fits, not the highest",
            container("host", "19.0.0", remotes=("cart", "shop")),
            container("cart", "18.2.0"),
            container("shop", "18.3.1"),
            steps=((LoadShare("host", ask("^18.0.0")), "cart 18.2.0"),),
        ),
        _case(
            "so the order in which entries arrive decides",
            container("host", "19.0.0", remotes=("cart", "shop")),
            container("cart", "18.2.0"),
            container("shop", "18.3.1"),
            steps=((LoadShare("host", ask("^18.0.0")), "shop 18.3.1"),),
            arrival=("shop", "cart"),
        ),
        _case(
            "import false: nothing provided, or nothing that fits; a singleton takes it anyway",
            container("host", "18.2.0"),
            steps=(
                (LoadShare("host", ask("^18.0.0", key="vue", fallback=None)), "RUNTIME-012"),
                (LoadShare("host", ask("^19.0.0", fallback=None)), "RUNTIME-012"),
                (LoadShare("host", single("^19.0.0")), "host 18.2.0 with a warning"),
            ),
        ),
        _case(
            "ranges are the runtime's: prereleases are ordinary, >=0 and protocols never match",
            container("host", "19.0.0-rc.1"),
            steps=(
                (LoadShare("host", ask(">=16")), "host 19.0.0-rc.1"),
                (LoadShare("host", ask(">=0")), "host 0.0.1 in private"),
                (LoadShare("host", single("workspace:*")), "host 19.0.0-rc.1 with a warning"),
                (LoadShare("host", single("catalog:", strict=True)), "unsatisfied-singleton"),
                (LoadShare("host", ask("workspace:*")), "host 0.0.1 in private"),
            ),
        ),
        _case(
            "an unversioned copy gives way to any other",
            container("host", provide(None), "18.2.0"),
            steps=(
                (LoadShare("host", ask("*")), "host 18.2.0"),
                (LoadShare("host", single(False)), "host 18.2.0"),
            ),
        ),
        _case(
            "an unversioned copy gives way even when it is loaded",
            container("host", provide(None), remotes=("shop",), strategy=LOADED_FIRST),
            container("shop", "18.2.0"),
            steps=(
                (LoadShare("host", ask("*")), "host 0"),
                (LoadRemote("host", "shop"), "done"),
                (LoadShare("shop", single("*")), "shop 18.2.0"),
            ),
        ),
        _case(
            "equal versions: one that is loaded is never replaced",
            container("host", "18.2.0", remotes=(Remote("shop", ("default",)),)),
            container("shop", "18.2.0"),
            steps=(
                (LoadShare("host", single("*")), "host 18.2.0"),
                (LoadRemote("host", "shop"), "done"),
                (LoadShare("shop", single("*")), "host 18.2.0"),
            ),
        ),
        _case(
            "versions that look like array indices come first, whenever they were registered",
            container("host", "next", remotes=("shop",)),
            container("shop", "7"),
            steps=((LoadShare("host", single(False)), "shop 7"),),
        ),
        _case(
            "an unversioned copy satisfies nothing but a star, and that not as a singleton",
            container("host", provide(None)),
            steps=(
                (LoadShare("host", single("*")), "host 0 with a warning"),
                (LoadShare("host", ask("*")), "host 0"),
                (LoadShare("host", ask("x")), "host 0.0.1 in private"),
            ),
        ),
        _case(
            "no range at all: the own provide's, else the runtime stumbles",
            container("host", "18.2.0", remotes=("shop",)),
            container("shop"),
            steps=(
                (LoadRemote("host", "shop"), "done"),
                (LoadShare("shop", ask(None)), "TypeError"),
                (LoadShare("shop", replace(single(False), required=None)), "host 18.2.0"),
                (LoadShare("host", ask(None)), "host 18.2.0"),
            ),
        ),
        _case(
            "the first scope that has the key decides, even when nothing in it fits",
            container("host", provide("17.0.0", scope="old"), "18.2.0"),
            steps=(
                (
                    LoadShare("host", ask("^18.0.0", scopes=("none", "old", "default"))),
                    "host 0.0.1 in private",
                ),
                (LoadShare("host", ask("^18.0.0", scopes=("default", "old"))), "host 18.2.0"),
            ),
        ),
        _case(
            "a host's scope may have another name in the remote",
            container("host", provide("18.2.0", scope="old"), remotes=(Remote("shop", "old"),)),
            container("shop", "19.0.0"),
            steps=(
                (LoadShare("host", ask("*", scopes=("old",))), "shop 19.0.0"),
                (LoadShare("shop", ask("^18.0.0")), "host 18.2.0"),
            ),
        ),
        _case(
            "a remote that is given a list of scopes is never initialised ahead",
            container("host", "18.2.0", remotes=(Remote("shop", ("default",)),)),
            container("shop", "19.0.0"),
            steps=(
                (LoadShare("host", single("*")), "host 18.2.0"),
                (LoadRemote("host", "shop"), "done"),
                (LoadShare("shop", single("*")), "host 18.2.0"),
            ),
        ),
        _case(
            "at once: an eager copy, or one that somebody has loaded",
            container("host", provide("18.2.0", eager=True), remotes=("shop",)),
            container("shop", "18.2.0"),
            steps=(
                (LoadShareSync("shop", single("*")), "RUNTIME-006"),
                (LoadShareSync("host", single("*")), "host 18.2.0"),
                (LoadShareSync("shop", single("*")), "host 18.2.0"),
            ),
        ),
        _case(
            "at once: the own eager copy, where the better one is not eager",
            container("host", provide("18.2.0", eager=True), remotes=("shop",)),
            container("shop", "18.3.1"),
            steps=(
                (LoadRemote("host", "shop"), "done"),
                (LoadShareSync("host", single("^18.0.0")), "host 18.2.0"),
            ),
        ),
        _case(
            "at once: the own copy, once somebody has loaded it, also in a scope without it",
            container("host", remotes=(Remote("shop", "old"),)),
            container("shop", provide("18.2.0", scope="old"), scope="old"),
            steps=(
                (LoadRemote("host", "shop"), "done"),
                (LoadShareSync("shop", ask("*", scopes=("none",))), "RUNTIME-006"),
                (LoadShare("shop", ask("*", scopes=("old",))), "shop 18.2.0"),
                (LoadShareSync("shop", ask("*", scopes=("none",))), "shop 18.2.0"),
            ),
        ),
        _case(
            "version-first remotes bring their own remotes along",
            container("host", remotes=("cart",)),
            container("cart", remotes=("shop",)),
            container("shop", "19.0.0"),
            steps=((LoadShare("host", single("^18.0.0")), "shop 19.0.0 with a warning"),),
        ),
        _case(
            "loaded-first remotes do not",
            container("host", remotes=("cart",)),
            container("cart", remotes=("shop",), strategy=LOADED_FIRST),
            container("shop", "19.0.0"),
            steps=((LoadShare("host", single("^18.0.0")), "host 0.0.1 in private"),),
        ),
        _case(
            "version-first: importing one remote initialises the others",
            container("host", "18.2.0", remotes=("cart", "shop")),
            container("cart"),
            container("shop", "19.0.0"),
            steps=(
                (LoadRemote("host", "cart"), "done"),
                (LoadShare("cart", single("*")), "shop 19.0.0"),
            ),
        ),
        _case(
            "a remote that cannot be loaded is passed over in silence, until it is imported",
            *_HOST_AND_NEWER_REMOTE,
            steps=(
                (LoadShare("host", single("^18.0.0")), "host 18.2.0"),
                (LoadRemote("host", "shop"), "offline"),
            ),
            offline=("shop",),
        ),
        _case(
            "mutual version-first remotes wait for each other for ever when imported first",
            *_MUTUAL,
            steps=(
                (LoadRemote("host", "cart"), "hangs"),
                (LoadShare("host", single("*")), "host 18.2.0"),
                (LoadRemote("host", "shop"), "hangs"),
            ),
        ),
        _case(
            "mutual version-first remotes do not when the host needs a shared module first",
            *_MUTUAL,
            steps=(
                (LoadShare("host", single("*")), "host 18.2.0"),
                (LoadRemote("host", "cart"), "done"),
                (LoadRemote("host", "shop"), "done"),
            ),
        ),
        _case(
            "an application that starts the runtime with its modules loaded keeps them",
            container(
                "host",
                provide("18.2.0", loaded=True),
                remotes=("shop",),
                strategy=None,
                is_bundle=False,
            ),
            container("shop", "19.0.0"),
            steps=(
                (LoadRemote("host", "shop"), "done"),
                (LoadShare("shop", single("^19.0.0")), "host 18.2.0 with a warning"),
                (LoadShare("shop", ask("^19.0.0")), "shop 19.0.0"),
            ),
        ),
    ],
)
def test_who_gets_which_copy(case: Case, real_runtime: RealRuntime) -> None:
    outcomes = play(case.scenario.federation, case.scenario.steps)
    assert [_told(outcome) for outcome in outcomes] == case.expected
    assert play_model(case.scenario) == real_runtime.play(case.scenario)

"""Plays federations with the real federation runtime, many in one Node process, and with the model.

Both answers have the same shape, so that they can be compared with ``==``.
"""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List

from module_federation.sharing.negotiation import (
    Consume,
    Container,
    FailureCode,
    Federation,
    Initialize,
    LoadRemote,
    LoadShare,
    LoadShareSync,
    Outcome,
    PageState,
    Provide,
    Step,
    perform,
    start,
)
from unit.sharing.oracle import NODE_FOLDER

ShareScopes = Dict[str, Dict[str, Dict[str, List[List[Any]]]]]


@dataclass(frozen=True)
class Scenario:
    """A federation and the order in which things are loaded."""

    federation: Federation
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Play:
    """What came of a scenario.

    ``outcomes`` has one row per step: copy, "share" or "fallback", failure code, warnings and
    the text of an unsatisfied strict singleton. ``scopes`` is container → scope → key → rows of
    version, owner, loaded, loading, and the container whose copy consumers get.
    """

    outcomes: list[list[Any]]
    scopes: ShareScopes


class RealRuntime:
    """One Node process that plays any number of scenarios, one after the other."""

    def __init__(self, node_modules: Path) -> None:
        self._process = subprocess.Popen(
            ["node", str(NODE_FOLDER / "negotiation_oracle.cjs"), str(node_modules)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def play(self, scenario: Scenario) -> Play:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(_scenario_json(scenario)) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return Play([_real_outcome(step) for step in answer["steps"]], answer["scopes"])

    def close(self) -> None:
        self._process.communicate(timeout=60)


def play_model(scenario: Scenario) -> Play:
    state = start(scenario.federation)
    outcomes: list[list[Any]] = []
    for step in scenario.steps:
        state, outcome = perform(state, step)
        outcomes.append(_model_outcome(outcome))
    running = state.arrived | {step.container for step in scenario.steps}
    return Play(outcomes, {name: _scopes_of(state, name) for name in running})


def _scopes_of(state: PageState, container: str) -> dict[str, dict[str, list[list[Any]]]]:
    return {
        scope: {
            key: [
                [
                    share.copy.version,
                    share.owner,
                    share.loaded,
                    share.loading is not None,
                    share.lib and share.lib.container,
                ]
                for share in shares
            ]
            for key, shares in state.share_scope(container, scope).items()
        }
        for scope in state.scope_maps[container]
    }


def _model_outcome(outcome: Outcome) -> list[Any]:
    failure = outcome.failure
    is_text_known = failure and failure.code is FailureCode.UNSATISFIED_SINGLETON
    return [
        list(outcome.copy) if outcome.copy else None,
        outcome.copy and ("fallback" if outcome.is_private else "share"),
        failure and failure.code.value,
        list(outcome.warnings),
        failure.message if failure and is_text_known else None,
    ]


def _real_outcome(step: dict[str, Any]) -> list[Any]:
    prefix = "[ Federation Runtime ] "
    assert all(each.startswith(prefix) for each in step["warnings"]), step
    warnings = [each[len(prefix) :] for each in step["warnings"]]
    outcome = step["outcome"]
    if outcome == "done":
        return [None, None, None, warnings, None]
    if outcome == "hangs":
        return [None, None, "hangs", warnings, None]
    if "copy" in outcome:
        return [outcome["copy"], outcome["by"], None, warnings, None]
    code, text = _failure(outcome["error"])
    return [None, None, code, warnings, text]


def _failure(message: str) -> tuple[str, str | None]:
    if "of shared singleton module" in message:
        code = FailureCode.UNSATISFIED_SINGLETON.value
        return code, message[len("[ Federation Runtime ]: ") :]
    found = re.search("RUNTIME-[0-9]{3}", message)
    if found:
        return found[0], None
    if message.startswith("Cannot read properties of undefined (reading 'split')"):
        return FailureCode.NO_RANGE.value, None
    return ("offline", None) if message.startswith("offline") else (message, None)


def _scenario_json(scenario: Scenario) -> dict[str, Any]:
    federation = scenario.federation
    names = [each.name for each in federation.containers]
    return {
        "containers": [_container_json(each) for each in federation.containers],
        "arrival": [*federation.arrival, *names],
        "offline": sorted(federation.offline),
        "steps": [_step_json(each) for each in scenario.steps],
    }


def _container_json(container: Container) -> dict[str, Any]:
    return {
        "name": container.name,
        "strategy": container.strategy and container.strategy.value,
        "is_bundle": container.is_bundle,
        "scope": container.scope,
        "provides": [_provide_json(each) for each in container.provides],
        "remotes": [{"name": each.name, "scope": each.scope} for each in container.remotes],
    }


def _provide_json(provide: Provide) -> dict[str, Any]:
    made: dict[str, Any] = {
        "key": provide.key,
        "scope": provide.scope,
        "config": {**_config_json(provide), "eager": provide.eager},
        "loaded": provide.loaded,
    }
    return made if provide.version is None else {**made, "version": provide.version}


def _config_json(share: Provide | Consume) -> dict[str, Any]:
    config = {
        "requiredVersion": share.required,
        "singleton": share.singleton,
        "strictVersion": share.strict,
        "eager": share.eager,
    }
    return {name: value for name, value in config.items() if value is not None}


def _step_json(step: Step) -> list[Any]:
    if isinstance(step, LoadRemote):
        return ["load_remote", step.container, step.remote]
    if isinstance(step, Initialize):
        return ["initialize", step.container, step.scopes]
    kind = {LoadShare: "load_share", LoadShareSync: "load_share_sync"}[type(step)]
    consume = step.consume
    return [
        kind,
        step.container,
        {
            "key": consume.key,
            "config": _config_json(consume),
            "scopes": consume.scopes,
            "fallback": consume.fallback,
        },
    ]

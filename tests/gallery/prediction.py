"""What the model of the runtime predicts of a page, in the words in which a page is observed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Dict, Optional, Tuple

from gallery.page import CopyOf, Got, Observed, Registered, Step, Want
from gallery.site import Site
from module_federation.sharing import negotiation
from module_federation.sharing.negotiation import (
    Consume,
    FailureCode,
    Federation,
    LoadRemote,
    LoadShare,
    Outcome,
    PageState,
)
from module_federation.sharing.plan.members import Member


def predict(
    site: Site,
    members: Mapping[str, Member],
    steps: Sequence[Step],
    *,
    arrival: Sequence[str] = (),
    offline: Sequence[str] = (),
) -> Observed:
    """What a page must show that plays this load order.

    :param members: the containers, by name: as they are planned, or as they were built.
    """
    containers = tuple(members[app.name].container for app in site.description.apps)
    play = _Play(
        site, members, negotiation.start(Federation(containers, tuple(arrival), frozenset(offline)))
    )
    host = site.description.host.name
    play.start_panel(host)
    outcomes = tuple(play.perform(step) for step in steps)
    live = play.state.arrived | {host}
    return Observed(outcomes, play.needs, {name: _scopes(play.state, name) for name in live})


@dataclass
class _Play:
    site: Site
    members: Mapping[str, Member]
    state: PageState
    needs: Dict[Tuple[str, str], CopyOf] = field(default_factory=dict)

    def perform(self, step: Step) -> Got:
        if isinstance(step, Want):
            return _got(self._load(step.container, step.request))
        load = LoadRemote(step.container, step.remote)
        self.state, outcome = negotiation.perform(self.state, load)
        return _got(outcome) if outcome.failure else self.start_panel(step.remote)

    def start_panel(self, container: str) -> Got:
        """A panel's code runs once, when all that it needs is there."""
        outcomes: list[Outcome] = []
        for request in self.site.description.app(container).needs:
            if (container, request) not in self.needs:
                outcome = self._load(container, request)
                outcomes.append(outcome)
                if outcome.copy is not None:
                    self.needs[container, request] = _copy(outcome)
        failures = (each for each in outcomes if each.failure)
        warnings = tuple(warning for each in outcomes for warning in each.warnings)
        failed = next(failures, Outcome())
        return Got(None, _got(failed).error, warnings)

    def _load(self, container: str, request: str) -> Outcome:
        consume = _consume(self.site, self.members[container], request)
        self.state, outcome = negotiation.perform(self.state, LoadShare(container, consume))
        return outcome


def _got(outcome: Outcome) -> Got:
    error: Optional[str] = None
    if outcome.failure is not None:
        is_text = outcome.failure.code is FailureCode.UNSATISFIED_SINGLETON
        error = outcome.failure.message if is_text else outcome.failure.code.value
    return Got(outcome.copy and _copy(outcome), error, outcome.warnings)


def _copy(outcome: Outcome) -> CopyOf:
    assert outcome.copy is not None
    return outcome.copy.container, outcome.copy.key, outcome.copy.version


def _scopes(state: PageState, container: str) -> Mapping[str, Mapping[str, tuple[Registered, ...]]]:
    return {
        scope: {
            key: tuple(
                Registered(
                    share.copy.version,
                    share.owner,
                    share.loaded,
                    share.lib.container if share.lib else None,
                )
                for share in shares
            )
            for key, shares in state.share_scope(container, scope).items()
        }
        for scope in state.scope_maps[container]
    }


def _consume(site: Site, member: Member, request: str) -> Consume:
    """What the panel asks for. Where other code of the container asks for other copies of the same
    package, the panel gets the one that is installed for the whole project."""
    installed = site.description.app(member.name).installs.get(request)
    asked = [each for each in member.container.consumes if each.key == request]
    return next((each for each in asked if each.fallback == installed), asked[0])

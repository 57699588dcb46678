"""Keys of which everybody provides the same version: no order can matter, so none is played."""

from __future__ import annotations

from typing import Dict, List, Mapping, Sequence, Tuple

from module_federation.sharing.negotiation import (
    Consume,
    Copy,
    Failure,
    FailureCode,
    LoadRemote,
    LoadShare,
    Outcome,
    Provide,
    Step,
    Strategy,
)
from module_federation.sharing.negotiation.choice import (
    MissingRange,
    Request,
    Share,
    UnsatisfiedSingleton,
    choose,
)
from module_federation.sharing.plan.exploration.classes import Reach
from module_federation.sharing.plan.exploration.providers import equal_providers, version_of
from module_federation.sharing.plan.model import Possibility

_NO_RANGE = "The runtime stumbles over a range that is not there."

Shares = Mapping[str, Tuple[Sequence[Provide], Sequence[Consume]]]
"""Container → its provides of a key, and its consumes."""


def one_version(
    reached: Reach, key: str, shares: Shares
) -> Mapping[Tuple[str, int], Tuple[Possibility, ...]] | None:
    """(container, index of its consume) → the one possibility; None where ``OneVersion`` fails."""
    if reached.scope is None:
        return None
    provides: Dict[str, Provide] = {}
    for name, (own, consumes) in shares.items():
        if len(own) > 1 or key in reached.members[name].initial:
            return None
        if any(each.scope != reached.scope for each in own):
            return None
        if any(each.scopes != (reached.scope,) for each in consumes):
            return None
        if own:
            provides[name] = own[0]
    if len({version_of(each) for each in provides.values()}) != 1:
        return None
    is_there = reached.host in provides or not reached.initialized_by_host.isdisjoint(provides)
    if not is_there and any(consumes and not own for own, consumes in shares.values()):
        return None
    providers = equal_providers(reached, provides)
    if providers is None:
        return None
    known = OneVersion(reached, key, shares, providers)
    return {
        (name, index): (known.possibility(name, consume),)
        for name, (_, consumes) in shares.items()
        if reached.members[name].container.is_bundle
        for index, consume in enumerate(consumes)
    }


class OneVersion:
    """What comes of each request for a regular key with one version and known providers.

    Theorem. Let a key be regular (see ``collapse``); let all that provide it provide one version,
    and let it be known whose copy can stand for it (see ``equal_providers``). Let every container
    that asks for it either provide it itself, or be loaded by a host in whose share scope the
    version is from the moment on at which anybody can ask: because the host provides it, or is
    ``version-first`` and initialises one that does before anything else happens. Let nobody ask
    without an asynchronous boundary. Then each request has one outcome, whatever the order.

    Proof. When a container asks, the version is registered: by itself, when it was loaded, or in
    the way just said. There is only one, so ``choose`` sees a table of one row; of the row, it
    reads the version, which is the same at all times. (Whether it is loaded only decides between
    rows.) So the outcome is a function of the request: it is the row, or what the consumer does
    without one: its own copy, or a failure.

    Only the names in a message depend on the order: who loaded the copy first is taken for its
    owner. They are those of the trace, which is the shortest: start, load the consumer, ask.
    """

    def __init__(
        self, reached: Reach, key: str, shares: Shares, providers: Tuple[str, ...]
    ) -> None:
        self._reached = reached
        self._key = key
        self._shares = shares
        self._providers = providers
        self._version = next(version_of(own[0]) for own, _ in shares.values() if own)
        self._before: Dict[str, Tuple[Step, ...]] = {reached.host: ()}
        self._started: Dict[str, Tuple[Step, ...]] = {}
        self._shared: Dict[Tuple[str, Consume], bool] = {}
        # Requests of which only the numbers count are answered once: none of their names is told.
        self._plain: Dict[Request, Outcome] = {}

    def possibility(self, name: str, consume: Consume) -> Possibility:
        """The one thing that can come of a request."""
        before = self._way_to(name)
        step = LoadShare(name, consume)
        if self._key in self._reached.members[name].at_start:
            for each in self._shares[name][1]:
                if each is consume:
                    break
                before = (*before, LoadShare(name, each))
        outcome = self._outcome(name, consume, before)
        providers: Tuple[str, ...] = ()
        if outcome.copy is not None:
            providers = (name,) if outcome.is_private else self._providers
        return Possibility(
            outcome.copy.version if outcome.copy else None,
            providers,
            outcome.is_private,
            outcome.warnings,
            outcome.failure,
            (*before, step),
        )

    def _way_to(self, name: str) -> Tuple[Step, ...]:
        """The shortest way to have a container loaded, without what it does then."""
        if name not in self._before:
            parent = self._reached.loaders[name]
            self._before[name] = (*self._way_through(parent), LoadRemote(parent, name))
        return self._before[name]

    def _way_through(self, name: str) -> Tuple[Step, ...]:
        if name not in self._started:
            way = self._way_to(name)
            asks = self._shares.get(name, ((), ()))[1]
            if self._key in self._reached.members[name].at_start:
                way = (*way, *(LoadShare(name, each) for each in asks))
            self._started[name] = way
        return self._started[name]

    def _outcome(self, name: str, consume: Consume, before: Tuple[Step, ...]) -> Outcome:
        """What ``load_share`` makes of it; what ``negotiation`` says in words is said alike."""
        request = self._request(name, consume)
        nameless = request._replace(owner=None)
        if nameless in self._plain:
            return self._plain[nameless]
        first = self._first_consumer(before)
        # Any of the possible ones holds; the consumer's own is registered if nobody else's is.
        holder = self._providers[0] if len(self._providers) == 1 else name
        if first is not None and name == holder != self._reached.host and request.owner:
            request = request._replace(owner=first)
        copy = Copy(holder, self._key, self._version)
        share = Share(
            copy, (), Strategy.VERSION_FIRST, False, False, first or holder, False, False, False
        )
        warnings: List[str] = []
        try:
            chosen = choose({self._version: share}, request, warnings.append)
        except UnsatisfiedSingleton as error:
            return Outcome(failure=Failure(FailureCode.UNSATISFIED_SINGLETON, str(error)))
        except MissingRange:
            return Outcome(failure=Failure(FailureCode.NO_RANGE, _NO_RANGE))
        if chosen is not None:
            outcome = Outcome(copy, warnings=tuple(warnings))
            if not warnings:
                self._plain[nameless] = outcome
            return outcome
        if consume.fallback is not None:
            return Outcome(Copy(name, self._key, consume.fallback), is_private=True)
        message = f"{name} has no copy of {self._key} (import: false), and none fits."
        return Outcome(failure=Failure(FailureCode.NO_PROVIDER, message))

    def _request(self, name: str, consume: Consume) -> Request:
        """Source: ``getTargetSharedOptions``; see ``negotiation.play``."""
        required, singleton, strict = consume.required, consume.singleton, consume.strict
        if not self._shares[name][0]:
            return Request(self._key, required, bool(singleton), bool(strict), None, None)
        (own,) = self._shares[name][0]
        if required is None:
            # The default range is made of what the bundle says, which may be nothing at all.
            default = f"^{'undefined' if own.version is None else own.version}"
            required = default if own.required is None else own.required
        return Request(
            self._key,
            required,
            bool(own.singleton if singleton is None else singleton),
            bool(own.strict if strict is None else strict),
            self._reached.members[name].container.strategy or Strategy.VERSION_FIRST,
            name,
        )

    def _first_consumer(self, before: Tuple[Step, ...]) -> str | None:
        for step in before:
            if isinstance(step, LoadShare) and self._is_shared(step):
                return step.container
        return None

    def _is_shared(self, step: LoadShare) -> bool:
        """Whether a request is served from the share scope."""
        asked = (step.container, step.consume)
        if asked not in self._shared:
            outcome = self._outcome(step.container, step.consume, ())
            self._shared[asked] = outcome.copy is not None and not outcome.is_private
        return self._shared[asked]

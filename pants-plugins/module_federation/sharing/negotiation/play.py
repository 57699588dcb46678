"""What each step does to a page, and what comes of it.

Source of the rules: ``@module-federation/runtime-core`` 2.9.2, ``dist/shared/index``,
``dist/remote/index`` and ``dist/utils/share``, and for what a bundle asks of it
``@module-federation/webpack-bundler-runtime`` 2.9.2; the function is named at each rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from module_federation.sharing.negotiation.arrivals import Arrivals
from module_federation.sharing.negotiation.choice import (
    Copy,
    MissingRange,
    Request,
    Share,
    UnsatisfiedSingleton,
    choose,
    own_preference,
)
from module_federation.sharing.negotiation.model import (
    Consume,
    Container,
    Federation,
    FederationError,
    Remote,
    Strategy,
    scope_names,
)
from module_federation.sharing.negotiation.state import PageDraft, PageState, ShareId, start
from module_federation.sharing.negotiation.steps import (
    Failure,
    FailureCode,
    LoadRemote,
    LoadShare,
    LoadShareSync,
    Moment,
    Outcome,
    Step,
)


def play(federation: Federation, steps: Iterable[Step]) -> list[Outcome]:
    """The outcomes of a whole load order, from an empty page on."""
    state = start(federation)
    outcomes: list[Outcome] = []
    for step in steps:
        state, outcome = perform(state, step)
        outcomes.append(outcome)
    return outcomes


def perform(state: PageState, step: Step) -> Moment:
    """One step of any kind.

    Raises:
        FederationError: the step names a container or remote that is not there, or lets an
            application without a bundle consume.
    """
    if isinstance(step, LoadShare):
        return load_share(state, step.container, step.consume)
    if isinstance(step, LoadShareSync):
        return load_share_sync(state, step.container, step.consume)
    if isinstance(step, LoadRemote):
        return load_remote(state, step.container, step.remote)
    return initialize(state, step.container, step.scopes)


def initialize(state: PageState, container: str, scopes: tuple[str, ...] = ("default",)) -> Moment:
    """Registers a container's shares and, if it is ``version-first``, those of its remotes.

    Source: ``initializeSharing`` of runtime-core.
    """
    _container(state, container)
    draft = PageDraft(state)
    arrivals = Arrivals(draft)
    is_ready = arrivals.initialize_sharing(container, scopes)
    arrivals.settle()
    outcome = Outcome() if is_ready() else Outcome(failure=_hangs(container))
    return draft.freeze(), outcome


def load_remote(state: PageState, container: str, remote: str) -> Moment:
    """Loads a remote's entry and initialises it, with its own remotes if it is ``version-first``.

    A ``version-first`` host starts initialising all its remotes at this moment, without waiting.

    Source: ``remotes`` of webpack-bundler-runtime, ``loadRemote`` and ``Module.init``.
    """
    host = _container(state, container)
    declared = next((each for each in host.remotes if each.name == remote), None)
    if declared is None:
        raise FederationError(
            f"Container {container!r} cannot load {remote!r}, which is none of its remotes: "
            f"{', '.join(each.name for each in host.remotes) or 'it has none'}."
        )
    draft = PageDraft(state)
    arrivals = Arrivals(draft)
    if host.is_bundle and host.strategy is Strategy.VERSION_FIRST:
        arrivals.initialize_sharing(container, scope_names(declared.scope))
    is_ready = arrivals.load_module(container, declared)
    arrivals.settle()
    if remote in state.page.federation.offline:
        failure = Failure(FailureCode.OFFLINE, f"The entry of {remote} cannot be loaded.")
        return draft.freeze(), Outcome(failure=failure)
    outcome = Outcome() if is_ready() else Outcome(failure=_hangs(container, declared))
    return draft.freeze(), outcome


def load_share(state: PageState, container: str, consume: Consume) -> Moment:
    """A bundle's asynchronous request for a shared module.

    Source: ``consumes`` of webpack-bundler-runtime, ``loadShare`` of runtime-core.
    """
    _bundle(state, container)
    draft = PageDraft(state)
    request = _request(draft, container, consume)
    arrivals = Arrivals(draft)
    is_ready = arrivals.initialize_sharing(container, consume.scopes)
    arrivals.settle()
    if not is_ready():
        return draft.freeze(), Outcome(failure=_hangs(container))
    return _with_warnings(draft, lambda warn: _load(draft, container, consume, request, warn))


def load_share_sync(state: PageState, container: str, consume: Consume) -> Moment:
    """A bundle's request for a shared module that it needs at once.

    The remotes of a ``version-first`` container are initialised after the choice. There is no
    private copy: where the share scope has nothing, the container's own provide must be eager.

    Source: ``installInitialConsumes`` of webpack-bundler-runtime, ``loadShareSync``.
    """
    _bundle(state, container)
    if len(consume.scopes) > 1:
        # ``handleInitialConsumes`` hands the list over as if it were one name.
        consume = replace(consume, scopes=(",".join(consume.scopes),))
    draft = PageDraft(state)
    request = _request(draft, container, consume)
    own = own_preference(_own_shares(draft, container, consume.key))
    arrivals = Arrivals(draft)
    arrivals.initialize_sharing(container, consume.scopes)
    moment = _with_warnings(
        draft, lambda warn: _load_sync(draft, container, consume, own, request, warn)
    )
    arrivals.settle()
    return draft.freeze(), moment[1]


def _load(
    draft: PageDraft,
    container: str,
    consume: Consume,
    request: Request,
    warn: Callable[[str], None],
) -> Outcome:
    chosen = _choose(draft, container, consume.scopes, request, warn)
    if chosen is None:
        if consume.fallback is None:
            return Outcome(
                failure=Failure(
                    FailureCode.NO_PROVIDER,
                    f"{container} has no copy of {consume.key} (import: false), and none fits.",
                )
            )
        return Outcome(Copy(container, consume.key, consume.fallback), is_private=True)
    share = draft.shares[chosen]
    if share.lib is not None:
        return Outcome(share.lib)
    if share.loading is not None and not share.loaded:
        draft.shares[chosen] = share._replace(loaded=True, lib=share.loading)
        return Outcome(share.loading)
    draft.set_shared(container, share, loading=share.copy)
    draft.shares[chosen] = draft.shares[chosen]._replace(loaded=True, lib=share.copy)
    return Outcome(share.copy)


def _load_sync(
    draft: PageDraft,
    container: str,
    consume: Consume,
    own: Share | None,
    request: Request,
    warn: Callable[[str], None],
) -> Outcome:
    chosen = _choose(draft, container, consume.scopes, request, warn)
    if chosen is not None:
        share = draft.shares[chosen]
        if share.lib is not None:
            draft.shares[chosen] = share._replace(loaded=True)
            return Outcome(share.lib)
        if share.is_sync:
            draft.set_shared(container, share, loaded=True, lib=share.copy)
            return Outcome(share.copy)
    if own is not None and own.lib is not None:
        return Outcome(own.lib)
    if own is not None and own.is_sync:
        asked = own._replace(
            scopes=consume.scopes,
            eager=own.eager if consume.eager is None else consume.eager,
            lib=own.copy,
        )
        draft.set_shared(container, asked, loaded=True, lib=own.copy)
        return Outcome(own.copy)
    return Outcome(
        failure=Failure(
            FailureCode.NOT_EAGER,
            f"{container} needs {consume.key} at once, but nobody has loaded it and its own copy "
            "is not eager.",
        )
    )


def _choose(
    draft: PageDraft,
    container: str,
    scopes: tuple[str, ...],
    request: Request,
    warn: Callable[[str], None],
) -> ShareId | None:
    """The first scope that has the key decides, even when nothing in it fits.

    Source: ``getRegisteredShare``.
    """
    for scope in scopes:
        versions = draft.versions(container, scope, request.key)
        if versions:
            shares = {version: draft.shares[share_id] for version, share_id in versions.items()}
            chosen = choose(shares, request, warn)
            return None if chosen is None else versions[chosen]
    return None


def _request(draft: PageDraft, container: str, consume: Consume) -> Request:
    """What a consumer asks for, with the gaps filled by its container's own provide.

    Source: ``getTargetSharedOptions``.
    """
    own = own_preference(_own_shares(draft, container, consume.key))
    if own is None:
        return Request(
            consume.key,
            consume.required,
            bool(consume.singleton),
            bool(consume.strict),
            None,
            None,
        )
    return Request(
        consume.key,
        own.required if consume.required is None else consume.required,
        own.singleton if consume.singleton is None else consume.singleton,
        own.strict if consume.strict is None else consume.strict,
        own.strategy,
        own.owner,
    )


def _own_shares(draft: PageDraft, container: str, key: str) -> list[Share]:
    return [draft.shares[each] for each in draft.page.own[container].by_key.get(key, ())]


def _with_warnings(draft: PageDraft, load: Callable[[Callable[[str], None]], Outcome]) -> Moment:
    warnings: list[str] = []
    try:
        outcome = load(warnings.append)
    except UnsatisfiedSingleton as error:
        outcome = Outcome(failure=Failure(FailureCode.UNSATISFIED_SINGLETON, str(error)))
    except MissingRange:
        message = "The runtime stumbles over a range that is not there."
        outcome = Outcome(failure=Failure(FailureCode.NO_RANGE, message))
    return draft.freeze(), Outcome(
        outcome.copy, outcome.is_private, outcome.failure, tuple(warnings)
    )


def _hangs(container: str, remote: Remote | None = None) -> Failure:
    what = "its remotes" if remote is None else remote.name
    return Failure(
        FailureCode.HANGS, f"{container} waits for {what} for ever: they wait for each other."
    )


def _container(state: PageState, name: str) -> Container:
    found = state.page.containers.get(name)
    if found is None:
        raise FederationError(
            f"No container is named {name!r}; there are {', '.join(state.page.containers)}."
        )
    return found


def _bundle(state: PageState, name: str) -> None:
    if not _container(state, name).is_bundle:
        raise FederationError(
            f"Container {name!r} starts the runtime itself: it cannot consume shared modules."
        )

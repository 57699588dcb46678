"""Random small federations of one key, as members of a plan."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import FrozenSet, Optional, Tuple

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from module_federation.sharing.negotiation import (
    Consume,
    Container,
    Provide,
    Remote,
    ScopeNames,
    Strategy,
)
from module_federation.sharing.plan.members import Member

KEY = "react"
PLANS = int(os.environ.get("MF_FUZZ_PLANS", "40"))
"""How many random federations one run compares."""

FUZZ = settings(
    max_examples=PLANS,
    deadline=None,
    database=None,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
)

_NAMES = ("host", "b", "C", "shop_cart", "é", "𐐷name", "\uffeename", "a1")
_VERSIONS = ("18.2.0", "18.3.1", "19.0.0")
_RANGES = ("^18.2.0", "^18.3.0", "^19.0.0", "*", ">=18", "18.2.0")


@st.composite
def regular(draw: DrawFn, most: int = 4) -> Tuple[Member, ...]:
    """What bundlers make: one share scope, explicit options, one copy for each container.

    Containers draw from two or three kinds, so that many are alike.
    """
    names = draw(st.lists(st.sampled_from(_NAMES), min_size=2, max_size=most, unique=True))
    kinds = draw(st.lists(_kinds(), min_size=1, max_size=3))
    strategy = draw(st.sampled_from((*Strategy, None)))
    members = []
    for position, name in enumerate(names):
        kind = draw(_kinds()) if position == 0 else draw(st.sampled_from(kinds))
        container = replace(
            kind.container,
            name=name,
            strategy=strategy or kind.container.strategy,
            remotes=tuple(Remote(each) for each in draw(_remotes(names, position))),
        )
        members.append(replace(kind, container=container, label=name))
    return tuple(members)


def _remotes(names: list[str], position: int) -> SearchStrategy[list[str]]:
    others = [each for each in names if each != names[position]]
    below = names[position + 1 :]
    some = st.lists(st.sampled_from(others), max_size=2, unique=True)
    if position == 0:
        return st.one_of(st.just(others), st.just(others), some)
    # Mostly none or trees, sometimes circles.
    lower = st.lists(st.sampled_from(below), max_size=2, unique=True) if below else st.just([])
    return st.one_of(st.just([]), lower, lower, some)


@st.composite
def _kinds(draw: DrawFn) -> Member:
    version = draw(st.sampled_from(_VERSIONS))
    flag = st.sampled_from((False, False, True))
    does_provide, does_consume = (
        draw(st.sampled_from((True, True, True, False))),
        draw(st.sampled_from((True, True, True, False))),
    )
    provides = (
        (Provide(KEY, version, "default", f"^{version}", False, False, draw(flag)),)
        if does_provide
        else ()
    )
    fallback: Optional[str] = version if does_provide else None
    consume = Consume(
        KEY,
        draw(st.one_of(st.sampled_from(_RANGES), st.just(False))),
        draw(st.booleans()),
        draw(flag),
        False,
        ("default",),
        fallback,
    )
    others = draw(st.sampled_from(((), ("other",))))
    consumes = [consume] * does_consume + [Consume(each, "*") for each in others]
    container = Container("", draw(st.sampled_from(Strategy)), provides, tuple(consumes))
    at_start = draw(_some_keys())
    return Member(container, "remote", "", at_start=at_start)


def _some_keys() -> SearchStrategy[FrozenSet[str]]:
    return st.sampled_from(
        (frozenset(), frozenset(), frozenset((KEY,)), frozenset(("other",)))
    ).map(lambda keys: frozenset(keys))


@st.composite
def odd(draw: DrawFn) -> Tuple[Member, ...]:
    """All else: several scopes and copies, missing options, eager use, hosts without bundle."""
    scopes = draw(st.sampled_from((("default",), ("default", "other"))))
    names = draw(st.lists(st.sampled_from(_NAMES), min_size=2, max_size=3, unique=True))
    provides = draw(st.lists(_odd_provides(scopes), min_size=1, max_size=3))
    consumes = draw(st.lists(_odd_consumes(scopes), min_size=1, max_size=3))
    is_bundle = draw(st.integers(0, 4)) > 0
    members = []
    for position, name in enumerate(names):
        others = [each for each in names[0 if is_bundle else 1 :] if each != name]
        remotes = draw(st.lists(st.sampled_from(others), unique=True)) if others else []
        container = Container(
            name,
            draw(st.sampled_from(Strategy)),
            tuple(draw(st.lists(st.sampled_from(provides), max_size=2, unique=True))),
            tuple(draw(st.lists(st.sampled_from(consumes), max_size=2, unique=True))),
            tuple(Remote(each, draw(_scope_names(scopes))) for each in remotes),
            draw(_scope_names(scopes)),
        )
        if position == 0 and not is_bundle:
            own = tuple(replace(each, loaded=not each.eager) for each in container.provides)
            container = replace(container, is_bundle=False, provides=own, consumes=())
        initial = draw(st.sampled_from((frozenset(), frozenset(), frozenset((KEY,)))))
        members.append(Member(container, "remote", name, None, {}, draw(_some_keys()), initial))
    return tuple(members)


def _odd_provides(scopes: Tuple[str, ...]) -> SearchStrategy[Provide]:
    return st.builds(
        Provide,
        st.just(KEY),
        st.sampled_from((*_VERSIONS, None)),
        st.sampled_from(scopes),
        st.sampled_from((*_RANGES, None, False)),
        st.sampled_from((True, False, None)),
        st.sampled_from((True, False, None)),
        st.booleans(),
    )


def _odd_consumes(scopes: Tuple[str, ...]) -> SearchStrategy[Consume]:
    return st.builds(
        Consume,
        st.sampled_from((KEY, KEY, KEY, "other")),
        st.sampled_from((*_RANGES, None, False)),
        st.sampled_from((True, False, None)),
        st.sampled_from((True, False, None)),
        st.sampled_from((True, False, None)),
        st.lists(st.sampled_from(scopes), min_size=1, max_size=2, unique=True).map(tuple),
        st.one_of(st.none(), st.sampled_from(_VERSIONS)),
    )


def _scope_names(scopes: Tuple[str, ...]) -> SearchStrategy[ScopeNames]:
    several = st.lists(st.sampled_from(scopes), min_size=1, max_size=2, unique=True).map(tuple)
    return st.one_of(st.just("default"), st.just("default"), st.sampled_from(scopes), several)

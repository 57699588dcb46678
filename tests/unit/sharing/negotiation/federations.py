"""Random federations and load orders: near enough to real ones, and odd enough to hurt."""

from __future__ import annotations

import os
from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from module_federation.sharing.negotiation import (
    Consume,
    Container,
    Federation,
    Initialize,
    LoadRemote,
    LoadShare,
    LoadShareSync,
    Provide,
    Remote,
    ScopeNames,
    Step,
    Strategy,
)
from unit.sharing.negotiation.real_runtime import Scenario

FEDERATIONS = int(os.environ.get("MF_FUZZ_FEDERATIONS", "200"))
"""How many random federations one run compares. The slow suite sets 10000."""

# By code units "\uffeename" is greater than "𐐷name"; by code points it is not.
_NAMES = ("host", "b", "C", "shop_cart", "é", "𐐷name", "\uffeename", "a1")
_KEYS = ("react", "react-dom", "lodash", "@acme/ui")
_VERSIONS = ("18.2.0", "18.3.1", "19.0.0", "19.0.0-rc.1", "19.0.0-rc", "1.0.0", "1.2.3-alpha.1")
_ODD_VERSIONS = (
    "0", "1", "18", "1.2", "0.0.0", "007", "4294967295", "1.2.3+build", "next", "v18.2.0",
    "18.2.0 ", "1e1", "",
)  # fmt: skip
_RANGES = ("^18.2.0", "^18.0.0 || ^19.0.0", "^19.0.0", "~18.2.0", "*", ">=16", "18.2.0", "^1.0.0")
_ODD_RANGES = (
    ">=0", "^19.0.0-rc", "", "<18.3", "latest", "workspace:*", "x", "1 - 18", "catalog:", "^", "0",
)  # fmt: skip

_FLAGS = st.sampled_from((True, False, None))


@st.composite
def scenarios(draw: DrawFn) -> Scenario:
    """A federation of two to six containers, and up to fourteen steps in it.

    Containers choose from a few provides, and steps from a few consumes, so that they meet.
    """
    is_odd = draw(st.integers(0, 3)) == 0
    scopes = ("default", "other", "third") if draw(st.integers(0, 3)) == 0 else ("default",)
    keys = _KEYS[: draw(st.sampled_from((1, 1, 1, 2, 3)))]
    versions = st.sampled_from((*_VERSIONS, *_ODD_VERSIONS, None) if is_odd else _VERSIONS)
    ranges: SearchStrategy[str | bool | None] = st.sampled_from(
        (*_RANGES, *_ODD_RANGES, False, None) if is_odd else _RANGES
    )
    provides = draw(st.lists(_provides(keys, versions, ranges, scopes), min_size=1, max_size=5))
    consumes = draw(st.lists(_consumes(keys, versions, ranges, scopes), min_size=1, max_size=5))
    names = draw(st.lists(st.sampled_from(_NAMES), min_size=2, max_size=6, unique=True))
    # The first container may be an application that starts the runtime itself: it has no entry.
    is_bundle = draw(st.integers(0, 5)) > 0
    first, *others = (draw(_containers(name, names, provides, scopes)) for name in names)
    if not is_bundle:
        first = _without_bundle(first)
        others = [_without_remote(each, first.name) for each in others]
    federation = Federation(
        (first, *others),
        tuple(draw(st.permutations(names))),
        frozenset(names[-1:] if draw(st.integers(0, 7)) == 0 else ()),
    )
    step = _steps(federation, consumes, scopes)
    few, many = (st.lists(step, min_size=least, max_size=14) for least in (1, 8))
    return Scenario(federation, tuple(draw(st.one_of(few, many, many))))


def _provides(
    keys: tuple[str, ...],
    versions: SearchStrategy[str | None],
    ranges: SearchStrategy[str | bool | None],
    scopes: tuple[str, ...],
) -> SearchStrategy[Provide]:
    return st.builds(
        Provide,
        st.sampled_from(keys),
        versions,
        st.sampled_from(scopes),
        ranges,
        _FLAGS,
        _FLAGS,
        st.booleans(),
    )


def _consumes(
    keys: tuple[str, ...],
    versions: SearchStrategy[str | None],
    ranges: SearchStrategy[str | bool | None],
    scopes: tuple[str, ...],
) -> SearchStrategy[Consume]:
    return st.builds(
        Consume,
        st.sampled_from(keys),
        ranges,
        _FLAGS,
        _FLAGS,
        _FLAGS,
        st.lists(st.sampled_from(scopes), min_size=1, max_size=3, unique=True).map(tuple),
        st.one_of(st.none(), versions),
    )


@st.composite
def _containers(
    draw: DrawFn, name: str, names: list[str], provides: list[Provide], scopes: tuple[str, ...]
) -> Container:
    others = [each for each in names if each != name]
    # Mostly a host with all others, which share its scope then.
    is_host = name == names[0] and draw(st.integers(0, 3)) > 0
    some = st.lists(st.sampled_from(others), max_size=2, unique=True)
    remotes = others if is_host else draw(some)
    return Container(
        name,
        draw(st.sampled_from((*Strategy, Strategy.VERSION_FIRST))),
        tuple(draw(st.lists(st.sampled_from(provides), max_size=4, unique=True))),
        (),
        tuple(Remote(each, draw(_scope_names(scopes))) for each in remotes),
        draw(_scope_names(scopes)),
    )


def _scope_names(scopes: tuple[str, ...]) -> SearchStrategy[ScopeNames]:
    if len(scopes) == 1:
        return st.just("default")
    several = st.lists(st.sampled_from(scopes), min_size=1, max_size=3, unique=True).map(tuple)
    return st.one_of(st.just("default"), st.sampled_from(scopes), several)


def _without_bundle(container: Container) -> Container:
    # Only here a module itself can be provided, and the strategy be left out.
    provides = tuple(replace(each, loaded=not each.eager) for each in container.provides)
    strategy = container.strategy if len(provides) % 2 else None
    return replace(container, is_bundle=False, provides=provides, strategy=strategy)


def _without_remote(container: Container, name: str) -> Container:
    remotes = tuple(each for each in container.remotes if each.name != name)
    return replace(container, remotes=remotes)


def _steps(
    federation: Federation, consumes: list[Consume], scopes: tuple[str, ...]
) -> SearchStrategy[Step]:
    containers = federation.containers
    bundles = [each.name for each in containers if each.is_bundle]
    consume = st.sampled_from(consumes)
    some_scopes = st.lists(st.sampled_from(scopes), min_size=1, max_size=3, unique=True).map(tuple)
    load: SearchStrategy[Step] = st.builds(LoadShare, st.sampled_from(bundles), consume)
    kinds = [
        st.builds(Initialize, st.sampled_from([each.name for each in containers]), some_scopes),
        load,
        load,
        st.builds(LoadShareSync, st.sampled_from(bundles), consume),
    ]
    edges = [LoadRemote(each.name, to.name) for each in containers for to in each.remotes]
    if edges:
        kinds += [st.sampled_from(edges)] * 2
    return st.one_of(kinds)

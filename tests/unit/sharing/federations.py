"""Random federations and load orders, near enough to real ones and odd enough to hurt."""

from __future__ import annotations

import os

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from module_federation.sharing.federation_model import (
    Consume,
    Container,
    Federation,
    Provide,
    Remote,
    ScopeNames,
    Strategy,
)
from module_federation.sharing.negotiation import (
    Initialize,
    LoadRemote,
    LoadShare,
    LoadShareSync,
    Step,
)
from unit.sharing.negotiation_oracle import Scenario

FEDERATIONS = int(os.environ.get("MF_FUZZ_FEDERATIONS", "200"))
"""How many random federations one run compares. The slow suite sets 10000."""

_NAMES = ("host", "b", "C", "shop_cart", "é", "zeta", "𐐷name", "\uffeename", "a1")
_KEYS = ("react", "react-dom", "lodash", "@acme/ui")
_VERSIONS = (
    "18.2.0", "18.3.1", "19.0.0", "19.0.0-rc.1", "19.0.0-rc", "1.0.0", "1.2.3-alpha.1", "4.17.21",
    "0", "1", "18", "1.2", "0.0.0", "007", "4294967295", "1.2.3+build", "next", "v18.2.0", "18.2.0 ",
)  # fmt: skip
_RANGES = (
    "^18.2.0", "^18.0.0 || ^19.0.0", "^19.0.0", "~18.2.0", "*", ">=16", ">=0", "^19.0.0-rc", "",
    "18.2.0", "<18.3", "latest", "workspace:*", "x", "1 - 18", "^1.0.0", "^4.17.0", "catalog:",
)  # fmt: skip

_FLAGS = st.sampled_from((True, False, False, None))
_REQUIRED: SearchStrategy[str | bool | None] = st.one_of(
    st.sampled_from(_RANGES), st.sampled_from(_RANGES), st.sampled_from((False, None))
)


@st.composite
def scenarios(draw: DrawFn) -> Scenario:
    """A federation of two to six containers, and up to twelve steps in it."""
    names = draw(st.lists(st.sampled_from(_NAMES), min_size=2, max_size=6, unique=True))
    keys = _KEYS[: draw(st.integers(1, 4))]
    scopes = ("default",) if draw(st.integers(0, 3)) else ("default", "other", "third")
    versions = draw(
        st.lists(st.sampled_from(_VERSIONS), min_size=1, max_size=4, unique=True).map(tuple)
    )
    # The first container may be an application that starts the runtime itself: it has no entry.
    is_bundle = draw(st.integers(0, 4)) > 0
    loadable = names if is_bundle else names[1:]
    containers = tuple(
        draw(_containers(name, loadable, keys, versions, scopes, is_bundle or name != names[0]))
        for name in names
    )
    offline = draw(st.sampled_from(((), (), (), tuple(names[-1:]))))
    federation = Federation(containers, tuple(draw(st.permutations(names))), frozenset(offline))
    steps = draw(st.lists(_steps(federation, keys, versions, scopes), min_size=1, max_size=12))
    return Scenario(federation, tuple(steps))


def _scope_names(scopes: tuple[str, ...]) -> SearchStrategy[ScopeNames]:
    if len(scopes) == 1:
        return st.just("default")
    several = st.lists(st.sampled_from(scopes), min_size=1, max_size=3, unique=True).map(tuple)
    return st.one_of(st.just("default"), st.sampled_from(scopes), several)


@st.composite
def _containers(
    draw: DrawFn,
    name: str,
    names: list[str],
    keys: tuple[str, ...],
    versions: tuple[str, ...],
    scopes: tuple[str, ...],
    is_bundle: bool,
) -> Container:
    strategies = list(Strategy) if is_bundle else [*Strategy, None]
    others = [each for each in names if each != name]
    remotes = draw(st.lists(st.sampled_from(others), max_size=3, unique=True)) if others else []
    return Container(
        name,
        draw(st.sampled_from(strategies)),
        tuple(draw(st.lists(_provides(keys, versions, scopes, is_bundle), max_size=5))),
        (),
        tuple(Remote(each, draw(_scope_names(scopes))) for each in remotes),
        draw(_scope_names(scopes)),
        is_bundle,
    )


def _provides(
    keys: tuple[str, ...], versions: tuple[str, ...], scopes: tuple[str, ...], is_bundle: bool
) -> SearchStrategy[Provide]:
    return st.builds(
        Provide,
        st.sampled_from(keys),
        st.sampled_from((*versions, None)),
        st.sampled_from(scopes),
        _REQUIRED,
        _FLAGS,
        _FLAGS,
        st.booleans(),
        st.just(False) if is_bundle else st.booleans(),
    )


def _steps(
    federation: Federation, keys: tuple[str, ...], versions: tuple[str, ...], scopes: tuple[str, ...]
) -> SearchStrategy[Step]:
    bundles = [each.name for each in federation.containers if each.is_bundle]
    edges = [(each.name, to.name) for each in federation.containers for to in each.remotes]
    consumes = st.builds(
        Consume,
        st.sampled_from(keys),
        _REQUIRED,
        _FLAGS,
        _FLAGS,
        _FLAGS,
        st.lists(st.sampled_from(scopes), min_size=1, max_size=3, unique=True).map(tuple),
        st.sampled_from((*versions, None)),
    )
    kinds: list[SearchStrategy[Step]] = [
        st.builds(
            Initialize,
            st.sampled_from([each.name for each in federation.containers]),
            st.sampled_from(scopes),
        )
    ]
    if bundles:
        loads = st.builds(LoadShare, st.sampled_from(bundles), consumes)
        kinds += [loads, loads, st.builds(LoadShareSync, st.sampled_from(bundles), consumes)]
    if edges:
        kinds += [st.sampled_from(edges).map(lambda edge: LoadRemote(*edge))] * 2
    return st.one_of(kinds)

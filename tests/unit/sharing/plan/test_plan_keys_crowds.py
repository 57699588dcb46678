"""Federations with many containers of one kind, against every order of events.

Of many that are alike requests are not counted, and what only one of them loads is loaded by the
one that stands for them: that begins with more of them than ``test_plan_keys_fuzz`` has.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Optional, Tuple

from hypothesis import given, seed, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from module_federation.sharing.negotiation import Consume, Container, Provide, Remote, Strategy
from module_federation.sharing.plan.members import Member
from unit.sharing.plan.brute_force import brute_force
from unit.sharing.plan.plan_federations import FUZZ, KEY
from unit.sharing.plan.test_plan_keys import LOADED_FIRST, member
from unit.sharing.plan.test_plan_keys_fuzz import check_traces, planned
from unit.sharing.version_texts import SEED

# Brute force takes about a second for each of them.
CROWDS = settings(FUZZ, max_examples=max(3, int(os.environ.get("MF_FUZZ_PLANS", "40")) // 15))

_CROWD = ("a", "b", "c", "d")
_OTHERS = ("A", "z")
_VERSIONS = ("18.2.0", "19.0.0")
_RANGES = ("^18.2.0", "^19.0.0", "*", "18.2.0")


@st.composite
def crowds(draw: DrawFn) -> Tuple[Member, ...]:
    """A host, four remotes of one kind, and one or two that it or they load."""
    others = _OTHERS[: draw(st.integers(1, 2))]
    strategy = draw(st.sampled_from((LOADED_FIRST, LOADED_FIRST, Strategy.VERSION_FIRST)))
    crowd, other = draw(_kinds()), draw(_kinds())
    remotes: dict[str, list[str]] = {name: [] for name in ("host", *_CROWD, *others)}
    remotes["host"] = list(_CROWD)
    for name in others if strategy is LOADED_FIRST else ():
        for parent in draw(st.sets(st.sampled_from(("host", *_CROWD)), min_size=1, max_size=2)):
            remotes[parent].append(name)
    if others[-1] == "z" and draw(st.booleans()):
        remotes["A"].append("z")
    members = [_named("host", draw(_kinds()), strategy, remotes["host"])]
    members += [_named(name, crowd, strategy, remotes[name]) for name in _CROWD]
    members += [
        _named(name, draw(st.sampled_from((crowd, other))), strategy, remotes[name])
        for name in others
    ]
    return tuple(members)


@st.composite
def _kinds(draw: DrawFn) -> Member:
    version: Optional[str] = draw(st.sampled_from((*_VERSIONS, *_VERSIONS, None)))
    provides = () if version is None else (Provide(KEY, version, "default", f"^{version}"),)
    consume = Consume(
        KEY,
        draw(st.sampled_from(_RANGES)),
        draw(st.booleans()),
        draw(st.booleans()),
        False,
        ("default",),
        version,
    )
    at_start = frozenset(draw(st.sampled_from(((), (KEY,)))))
    return Member(Container("", None, provides, (consume,)), "remote", "", at_start=at_start)


def _named(name: str, kind: Member, strategy: Strategy, remotes: list[str]) -> Member:
    container = replace(
        kind.container, name=name, strategy=strategy, remotes=tuple(map(Remote, remotes))
    )
    return replace(kind, container=container, label=name)


@seed(SEED)
@CROWDS
@given(crowds())
def test_crowds_come_to_what_every_order_comes_to(members: Tuple[Member, ...]) -> None:
    assert planned(members) == brute_force(members, KEY)
    check_traces(members)


def test_nobody_asks_at_its_start_for_what_only_its_own_remote_brings() -> None:
    """Found by playing: the others of its kind can, since they can be loaded after that remote."""
    names = ("a", "b", "c", "d")
    host = member("host", None, "^19.0.0", remotes=names, strategy=LOADED_FIRST, singleton=False)
    some = [
        member(
            name,
            "18.2.0",
            ">=18",
            remotes=("new",) if name == "b" else (),
            strategy=LOADED_FIRST,
            at_start=True,
        )
        for name in names
    ]
    new = member("new", "19.0.0", ">=18", strategy=LOADED_FIRST, singleton=False)
    members = (host, *some, new)
    fates = planned(members)
    assert fates == brute_force(members, KEY)
    assert {fate[0] for fate in fates if fate[2] == "19.0.0"} == {"host", "a", "c", "d", "new"}


def test_nobody_gets_at_its_start_the_copy_of_a_remote_that_only_it_loads() -> None:
    names = ("a", "b", "c", "d")
    below = {"a": ("new1",), "b": ("new2",)}
    host = member("host", None, ">=18", remotes=(*names, "old"), strategy=LOADED_FIRST)
    some = [
        member(
            name,
            None,
            "^18.0.0",
            remotes=below.get(name, ()),
            strategy=LOADED_FIRST,
            at_start=True,
        )
        for name in names
    ]
    new = [member(name, "19.0.0", ">=18", strategy=LOADED_FIRST) for name in ("new1", "new2")]
    members = (host, *some, *new, member("old", "18.2.0", ">=18", strategy=LOADED_FIRST))
    fates = planned(members)
    providers = {fate[0]: set(fates[fate]) for fate in fates if fate[2] == "19.0.0"}
    assert providers["a"] == {"new2"}
    assert providers["b"] == {"new1"}
    assert providers["c"] == {"new1", "new2"}

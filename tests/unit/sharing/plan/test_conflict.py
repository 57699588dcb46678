"""The smallest conflict, and the change that is proposed for it."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Sequence
from functools import reduce
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from module_federation.sharing.plan.advice.changes import change_to
from module_federation.sharing.plan.advice.edges import RangeEdge, smallest_conflict
from module_federation.sharing.plan.members import Member, RangeOrigin
from module_federation.sharing.ranges import parse_range
from module_federation.sharing.version_sets import ANY_RELEASE, VersionSet
from unit.sharing.plan.members_by_hand import codes, file_of, host, member, only, plan, share


def _edges(*texts: str) -> tuple[RangeEdge, ...]:
    return tuple(
        RangeEdge(
            RangeOrigin(text, name, f"{name}/package.json", 1), parse_range(text).versions, (name,)
        )
        for text, name in zip(texts, "abcdefghijklmnopqrstuvwxyz")
    )


def _texts(edges: Sequence[RangeEdge]) -> list[str]:
    return [each.origin.text for each in edges]


@pytest.mark.parametrize(
    ("texts", "blamed", "expected"),
    [
        pytest.param(["^1.0.0", "^1.2.0"], [], [], id="no conflict"),
        pytest.param([], [], [], id="no ranges"),
        pytest.param([">2 <1", "^1.0.0"], [], [">2 <1"], id="one that nothing is in"),
        pytest.param(["^1.0.0", "*", "^2.0.0"], [], ["^1.0.0", "^2.0.0"], id="two"),
        pytest.param(
            ["^1.0.0", "^2.0.0", "^3.0.0"], ["c"], ["^3.0.0", "^1.0.0"], id="two, mine first"
        ),
        pytest.param(
            ["<2 || >=4", ">=1 <3 || >=5 <6", "<1 || >=2 <5"],
            [],
            ["<2 || >=4", ">=1 <3 || >=5 <6", "<1 || >=2 <5"],
            id="three that fit in pairs",
        ),
        pytest.param(
            ["*", "<2 || >=4", ">=1 <3 || >=5 <6", "^1.0.0 || ^4.0.0", "<1 || >=2 <5"],
            [],
            ["<2 || >=4", ">=1 <3 || >=5 <6", "<1 || >=2 <5"],
            id="three among others",
        ),
        pytest.param(
            # Each leaves out one of four versions.
            ["2.0.0 || 3.0.0 || 4.0.0", "1.0.0 || 3.0.0 || 4.0.0", "*",
             "1.0.0 || 2.0.0 || 4.0.0", "1.0.0 || 2.0.0 || 3.0.0"],
            [],
            ["2.0.0 || 3.0.0 || 4.0.0", "1.0.0 || 3.0.0 || 4.0.0",
             "1.0.0 || 2.0.0 || 4.0.0", "1.0.0 || 2.0.0 || 3.0.0"],
            id="four",
        ),
    ],
)  # fmt: skip
def test_smallest_conflict(texts: list[str], blamed: list[str], expected: list[str]) -> None:
    assert _texts(smallest_conflict(_edges(*texts), blamed)) == expected


def _is_empty(edges: Sequence[RangeEdge]) -> bool:
    return reduce(VersionSet.__and__, (each.versions for each in edges), ANY_RELEASE).is_empty


_VERSIONS = ["1.0.0", "2.0.0", "3.0.0", "4.0.0", "5.0.0"]
_RANGES = st.sets(st.sampled_from(_VERSIONS), min_size=1).map(
    lambda some: " || ".join(sorted(some))
)


@given(st.lists(_RANGES, max_size=7))
@settings(max_examples=200, deadline=None)
def test_smallest_conflict_is_one_and_no_part_of_it_is(texts: list[str]) -> None:
    edges = _edges(*texts)
    found = smallest_conflict(edges)
    if not found:
        assert not edges or not _is_empty(edges)
        return
    assert _is_empty(found)
    for left_out in found:
        rest = [each for each in found if each is not left_out]
        assert not rest or not _is_empty(rest)
    # No smaller set, up to three.
    for size in range(1, min(len(found), 4)):
        assert not any(_is_empty(some) for some in itertools.combinations(edges, size))


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        pytest.param(("^18.2.0", "dependencies"), "^19.3.1", id="caret"),
        pytest.param(("~18.2.0", "devDependencies"), "~19.3.1", id="tilde"),
        pytest.param(("18.2.0", "dependencies"), "19.3.1", id="exact"),
        pytest.param((">=17 <19", "dependencies"), "^19.3.1", id="something else"),
        pytest.param(("^18.0.0", "peerDependencies"), "^18.0.0 || ^19.3.1", id="a peer is widened"),
        pytest.param(("catalog:", "dependencies"), "^19.3.1", id="a catalog's entry is replaced"),
        pytest.param(("workspace:*", "dependencies"), None, id="a workspace package is not bumped"),
        pytest.param(("file:../react", "dependencies"), None, id="nor a folder"),
    ],
)
def test_change(origin: tuple[str, str], expected: str | None) -> None:
    text, kind = origin
    change = change_to(RangeOrigin(text, "a", "a/package.json", 3, kind), "19.3.1")
    assert (change and change.text) == expected


def test_only_files_of_the_repository_are_changed() -> None:
    assert change_to(RangeOrigin("^1.0.0", "react-dom@18.2.0"), "2.0.0") is None
    assert change_to(RangeOrigin("^1.0.0", "a", "a/mf-contract.json", 3), "2.0.0") is None
    policy = RangeOrigin("^1.0.0", "policy", "sharing.toml", 3, "required_version")
    assert str(change_to(policy, "2.0.0")) == "in sharing.toml:3 change `^1.0.0` to `^2.0.0`"
    preset = RangeOrigin("^1.0.0", "preset react", None, None, "required_version")
    assert change_to(preset, "2.0.0") is None


def test_what_a_target_itself_asks_for_is_its_own_to_change() -> None:
    field = "the `shared` field of apps/cart:remote"
    cart = share(
        "react",
        "19.3.1",
        singleton=True,
        required="^18.0.0",
        origins=(RangeOrigin("^18.0.0", field, kind="required_version"),),
        importers=("libs/ui/src/index.tsx:2",),
    )
    found = only(plan((_single("shell", "19.3.1"), member("cart", cart))), "unsatisfied-singleton")
    assert found.remedy == f"In {field} change `^18.0.0` to `^19.3.1`."
    # The file that imports it is not to blame.
    assert (found.file, found.target) == (None, "apps/cart:remote")


def _single(name: str, version: str, **others: Any) -> Member:
    shared = share("react", version, singleton=True, **{**file_of(name), **others})
    return host(name, shared) if name == "shell" else member(name, shared)


_LIB = RangeOrigin("^18.0.0", "libs/ui", "libs/ui/package.json", 7)


@pytest.mark.parametrize(
    ("members", "remedy"),
    [
        pytest.param(
            (_single("shell", "19.3.1"), _single("cart", "18.2.0")),
            "In apps/cart/package.json:10 change `^18.2.0` to `^19.3.1` and install again.",
            id="one consumer is raised",
        ),
        pytest.param(
            (
                _single("shell", "19.3.1"),
                *(
                    _single(name, "18.2.0", required="^18.0.0", origins=(_LIB,))
                    for name in ("cart", "shop")
                ),
            ),
            "In libs/ui/package.json:7 change `^18.0.0` to `^19.3.1` and install again.",
            id="one place that two containers ask by",
        ),
        pytest.param(
            (_single("shell", "19.3.1"), _single("cart", "18.2.0"), _single("shop", "18.2.0")),
            "In apps/shell/package.json:10 change `^19.3.1` to `^18.2.0` and install again.",
            id="one provider is lowered where two consumers would have to be raised",
        ),
        pytest.param(
            (_single("shell", "19.3.1"), _single("cart", "18.2.0"), _single("shop", "17.0.0")),
            "No single change of a range solves it. These 2 together do: in "
            "apps/cart/package.json:10 change `^18.2.0` to `^19.3.1`; in "
            "apps/shop/package.json:10 change `^17.0.0` to `^19.3.1`. Then install again.",
            id="no single change",
        ),
        pytest.param(
            (
                _single("shell", "19.3.1"),
                _single(
                    "cart", "18.2.0", required="^18.0.0",
                    origins=(RangeOrigin("^18.0.0", "old-widget@1.0.0"),),
                ),
            ),
            "In apps/shell/package.json:10 change `^19.3.1` to `^18.2.0` and install again.",
            id="an installed package's range is nobody's to change",
        ),
        pytest.param(
            (
                _single("shell", "19.3.1", file=None),
                _single(
                    "cart", "18.2.0", required="^18.0.0",
                    origins=(RangeOrigin("^18.0.0", "old-widget@1.0.0"),),
                ),
            ),
            "No single change of a range solves it in your own files. Update what asks for it, "
            "old-widget@1.0.0 (`^18.0.0`), to a release that admits 19.3.1, or install a version "
            "of react that all ranges admit.",
            id="nor is any other",
        ),
    ],
)  # fmt: skip
def test_remedy(members: tuple[Member, ...], remedy: str) -> None:
    for finding in plan(members).errors:
        assert finding.remedy == remedy


def test_a_change_that_makes_something_else_wrong_is_not_proposed() -> None:
    # With the host at 18 the cart is content, but the shop, which needs 19, is not any more.
    members = (
        _single("shell", "19.3.1"),
        _single("cart", "18.2.0"),
        _single("news", "18.2.0"),
        _single("shop", "19.3.1", required="^19.0.0", text="^19.0.0"),
    )
    finding = plan(members).errors[0]
    assert finding.remedy.startswith("No single change of a range solves it. These 2 together do:")


@given(
    st.lists(
        st.sampled_from(["17.0.2", "18.2.0", "18.3.1", "19.0.0", "19.3.1"]), min_size=2, max_size=4
    )
)
@settings(max_examples=40, deadline=None)
def test_proposed_changes_solve_the_conflict(versions: list[str]) -> None:
    members = tuple(
        _single(name, version) for name, version in zip(("shell", "cart", "news", "shop"), versions)
    )
    for finding in plan(members).errors:
        changes = re.findall(r"in (\S+):10 change `(\S+)` to `\^(\S+)`", finding.remedy, re.I)
        if not changes or "…" in finding.remedy:
            continue
        changed = []
        for each in members:
            new = {file: version for file, _, version in changes}.get(
                f"apps/{each.name}/package.json"
            )
            changed.append(_single(each.name, new) if new else each)
        assert codes(plan(tuple(changed)).errors) == []


def test_private_copies_are_to_be_shared() -> None:
    cart = dataclasses.replace(member("cart"), private={"react": ("18.2.0",)})
    (finding,) = plan((_single("shell", "19.3.1"), cart)).errors
    assert finding.remedy.startswith("Share react in cart too")

"""From a slice to what the plan is made of; `tests/rules/test_planned_members.py` holds the result
against real bundles."""

from __future__ import annotations

from typing import Any, Optional

import pytest

from module_federation.sharing.negotiation import Consume, Provide, Remote, Strategy
from module_federation.sharing.plan.from_slices import member_from_slice
from module_federation.sharing.plan.members import Member, RemoteUse
from module_federation.sharing.share_slice import ShareSlice
from unit.sharing.installs import REACT_SHOP, REACT_SHOP_LINKS, index, package, workspace
from unit.sharing.slices import sliced, used


def member(computed: ShareSlice, **changes: Any) -> Member:
    values: dict[str, Any] = {
        "label": "apps/cart:remote",
        "kind": "remote",
        "mode": "production",
        "strategy": Strategy.VERSION_FIRST,
        "remotes": {},
        "exposes": ("./Cart",),
        "uses": (),
        **changes,
    }
    return member_from_slice(computed, **values)


def provides(found: Member, key: str) -> list[Provide]:
    return [each for each in found.container.provides if each.key == key]


def consumes(found: Member, key: str) -> list[Consume]:
    return [each for each in found.container.consumes if each.key == key]


def test_a_runtime_host_hands_over_what_it_has_loaded() -> None:
    found = member(sliced(), strategy=None, is_bundle=False, kind="host")
    assert found.container.strategy is None
    assert not found.container.is_bundle
    assert found.container.consumes == ()
    assert found.at_start == frozenset()
    (react,) = provides(found, "react")
    assert react == Provide(
        "react", "19.2.0", "default", "^19.1.0", True, False, False, loaded=True
    )


@pytest.mark.parametrize(
    ("options", "provide", "consume"),
    [
        pytest.param(
            {},
            Provide("react", "19.2.0", "default", "^19.1.0", True, False, False),
            Consume("react", "^19.1.0", True, False, False, ("default",), "19.2.0"),
            id="as computed",
        ),
        pytest.param(
            {"required_version": False, "singleton": False, "strict_version": True},
            Provide("react", "19.2.0", "default", "*", False, True, False),
            Consume("react", "*", False, True, False, ("default",), "19.2.0"),
            id="any version",
        ),
        pytest.param(
            {"scope": "mine", "eager": True, "version": "19.3.0"},
            Provide("react", "19.3.0", "mine", "^19.1.0", True, False, True),
            Consume("react", "^19.1.0", True, False, True, ("mine",), "19.3.0"),
            id="scope, version, eager",
        ),
        pytest.param(
            {"import": False},
            None,
            Consume("react", "^19.1.0", True, False, False, ("default",), None),
            id="no copy",
        ),
    ],
)
def test_one_copy(options: dict[str, Any], provide: Optional[Provide], consume: Consume) -> None:
    found = member(sliced(shared={"react": options}))
    assert provides(found, "react") == ([] if provide is None else [provide])
    assert consumes(found, "react") == [consume]


TWO_COPIES = index(
    *REACT_SHOP,
    package("node_modules/react-router/node_modules/react", "18.3.1"),
    links=REACT_SHOP_LINKS,
)


def test_two_copies_are_two_provides_and_each_range_asks_for_its_own() -> None:
    found = member(sliced(installed=TWO_COPIES))
    # Neither version nor range is explicit, so the bundle gives no range with a provide.
    assert [(each.version, each.required) for each in provides(found, "react")] == [
        ("18.3.1", None),
        ("19.2.0", None),
    ]
    assert [(each.required, each.fallback) for each in consumes(found, "react")] == [
        (">=18", "18.3.1"),
        ("^19.1.0", "19.2.0"),
        ("^19.2.0", "19.2.0"),
    ]


@pytest.mark.parametrize(
    ("options", "versions", "asked"),
    [
        pytest.param(
            {"required_version": "^19.0.0"},
            ["18.3.1", "19.2.0"],
            [("^19.0.0", "18.3.1"), ("^19.0.0", "19.2.0")],
            id="one range for both",
        ),
        pytest.param(
            {"version": "19.2.0"},
            ["19.2.0"],
            [(">=18", "19.2.0"), ("^19.1.0", "19.2.0"), ("^19.2.0", "19.2.0")],
            id="one version for both",
        ),
        pytest.param(
            {"import": False},
            [],
            [(">=18", None), ("^19.1.0", None), ("^19.2.0", None)],
            id="no copy",
        ),
    ],
)
def test_two_copies_and_what_somebody_has_set(
    options: dict[str, Any], versions: list[str], asked: list[tuple[str, Optional[str]]]
) -> None:
    found = member(sliced(installed=TWO_COPIES, shared={"react": options}))
    assert [each.version for each in provides(found, "react")] == versions
    assert [(each.required, each.fallback) for each in consumes(found, "react")] == asked


def test_a_copy_without_a_version() -> None:
    installed = index(
        workspace("apps/cart", "cart", dependencies={"a": "*"}), package("node_modules/a", None)
    )
    found = member(sliced(used("a"), policy="[packages.a]", installed=installed))
    assert [each.version for each in provides(found, "a")] == [None]
    # A bundle has the copy all the same; the runtime calls its version so.
    assert [each.fallback for each in consumes(found, "a")] == ["0"]


def test_what_else_the_plan_knows() -> None:
    computed = sliced(
        used("react"),
        used("react-router", deferred=True),
        used("nope"),
        used("date-fns", "libs/ui"),
    )
    use = RemoteUse("reviews", "./List", "web/apps/cart/src/a.tsx", 4)
    found = member(
        computed,
        strategy="loaded-first",
        remotes={"again": "shop__reviews", "reviews": "shop__reviews", "u": "shop__users"},
        uses=(use,),
    )
    assert found.container.strategy is Strategy.LOADED_FIRST
    assert found.container.remotes == (Remote("shop__reviews"), Remote("shop__users"))
    assert (found.container.scope, found.container.is_bundle) == ("default", True)
    assert (found.name, found.kind, found.mode, found.label) == (
        "shop__cart", "remote", "production", "apps/cart:remote",
    )  # fmt: skip
    assert found.certain == {"react"}
    assert found.at_start == {"react"}
    assert found.initial == frozenset()
    assert found.private == {"date-fns": ("4.1.0",), "react-router": ("7.5.0",)}
    assert (found.exposes, found.uses) == (("./Cart",), (use,))
    assert found.findings == computed.findings
    assert set(found.facts) == {each.key for each in computed.shared}

"""What the plan takes a container for before it is built, against what its bundle really does."""

from __future__ import annotations

from typing import Mapping, Tuple

import pytest
from pants.testutil.rule_runner import RuleRunner

from module_federation.sharing.plan.from_contracts import member_from_contract
from module_federation.sharing.plan.from_slices import member_from_slice
from module_federation.sharing.plan.members import Member
from module_federation.util_rules.bundle import Bundle, BundleRequest
from module_federation.util_rules.containers import FederatedContainers
from module_federation.util_rules.slices import ContainerSlice, ContainerSliceRequest
from rules import small_shop
from rules.runner import address, federation_runner
from rules.small_shop import CART, SHELL
from rules.test_two_copies import two_copies_files

HOST = f"{SHELL}:host"
REMOTE = f"{CART}:remote"

EVERY_OPTION = """
[packages.react]
required_version = false
strict_version = true

[packages.react-dom]
required_version = ">=0"
strict_version = true

[packages.clsx]
scope = "tools"
version = "2.0.0"

[packages."@shop/ui"]
eager = true

[packages."@shop/ui".remotes]
import = false
"""

EAGER = """
presets = []

[packages.react]

[packages.react-dom]
eager = true
"""

LATER = {
    f"{CART}/src/Cart.tsx": """
        import { Button } from "@shop/ui";
        export default function Cart() { return <Button label="Cart" />; }
        export const later = () => import("./later");
    """,
    f"{CART}/src/later.ts": 'import clsx from "clsx"; export const name = clsx("cart");\n',
}


def members(runner: RuleRunner, spec: str) -> Tuple[Member, Member]:
    """A container's member of the plan by its slice, and by the code that was emitted."""
    container = runner.request(FederatedContainers, []).by_address[address(spec)]
    assert container.share_strategy is not None
    computed = runner.request(ContainerSlice, [ContainerSliceRequest(address(spec))]).slice
    planned = member_from_slice(
        computed,
        label=spec,
        kind=container.kind.value,
        mode=container.mode.value,
        strategy=container.share_strategy.value,
        remotes=dict.fromkeys(container.remotes, "shop__cart"),
        exposes=tuple(container.exposes),
        uses=(),
    )
    made = runner.request(Bundle, [BundleRequest(address(spec))])
    return planned, member_from_contract(made.contract, spec)


def check(runner: RuleRunner, spec: str) -> None:
    """The bundle does what was planned, and of what was only possible no more than that."""
    planned, built = members(runner, spec)
    assert planned.certain <= built.certain
    for key in {*planned.facts, *built.facts}:
        provides = {each for each in built.container.provides if each.key == key}
        consumes = {each for each in built.container.consumes if each.key == key}
        possible = {each for each in planned.container.provides if each.key == key}
        ways = {each for each in planned.container.consumes if each.key == key}
        if key in built.certain:
            assert (provides, consumes) == (possible, ways)
        else:
            assert provides <= possible
            assert consumes <= ways
    assert planned.at_start & built.certain == built.at_start
    assert planned.initial == built.initial
    assert set(planned.exposes or ()) == set(built.exposes or ())
    for name in ("name", "strategy", "remotes", "scope"):
        assert getattr(planned.container, name) == getattr(built.container, name)
    assert (planned.kind, planned.mode) == (built.kind, built.mode)
    assert dict(planned.remotes) == dict(built.remotes)


@pytest.mark.parametrize(
    ("changes", "options"),
    [
        pytest.param({}, [], id="the shop as it is"),
        pytest.param({"sharing.toml": EVERY_OPTION}, ["policy"], id="every option"),
        pytest.param(
            {**LATER, "sharing.toml": "[packages.clsx]\n"}, ["policy"], id="what comes later"
        ),
        pytest.param({"sharing.toml": EAGER}, ["policy"], id="eager code that asks for more"),
        pytest.param({}, ["development"], id="development"),
    ],
)
@pytest.mark.parametrize("spec", [HOST, REMOTE])
def test_the_bundle_does_what_was_planned(
    changes: Mapping[str, str], options: list[str], spec: str
) -> None:
    flags = {
        "policy": "--module-federation-policy-file=sharing.toml",
        "development": "--module-federation-mode=development",
    }
    runner = federation_runner(
        small_shop.files(changes), options=[flags[option] for option in options]
    )
    check(runner, spec)


def test_two_copies_are_planned_one_by_one() -> None:
    runner = federation_runner(
        two_copies_files(), options=["--module-federation-policy-file=sharing.toml"]
    )
    check(runner, REMOTE)
    planned, _ = members(runner, REMOTE)
    clsx = [each for each in planned.container.consumes if each.key == "clsx"]
    assert [(each.required, each.fallback) for each in clsx] == [
        ("^1.0.0", "1.2.1"),
        ("^2.0.0", "2.1.1"),
    ]

"""From a contract to a member of a federation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from module_federation.sharing.contract.model import ContractConsume, ContractProvide
from module_federation.sharing.negotiation import Consume, Provide, Remote, Strategy
from module_federation.sharing.plan.from_contracts import member_from_contract, package_of
from module_federation.sharing.plan.members import RangeOrigin, RemoteUse
from unit.sharing.contract.contracts import CONTRACT


def test_a_member() -> None:
    member = member_from_contract(
        replace(CONTRACT, remotes=(replace(CONTRACT.remotes[0], exposes=("./Box",)),)),
        "cart.json",
    )
    container = member.container
    assert (member.name, member.kind, member.mode, member.label) == (
        "cart",
        "remote",
        "production",
        "cart.json",
    )
    assert container.strategy is Strategy.VERSION_FIRST
    assert container.provides == (Provide("react", "19.3.1"),)
    assert container.consumes == (Consume("react", "^19.0.0", fallback="19.3.1"),)
    assert container.remotes == (Remote("acme_search"),)
    assert container.scope == "default"
    assert dict(member.remotes) == {"search": "acme_search"}
    assert member.exposes == ("./Cart",)
    assert member.uses == (RemoteUse("search", "./Box", "cart.json"),)
    assert member.certain == {"react"}


def test_a_runtime_host() -> None:
    contract = replace(
        CONTRACT, kind="host", style="runtime", strategy=None, consumes=(), exposes=()
    )
    container = member_from_contract(contract, "shell.json").container
    assert not container.is_bundle
    assert container.strategy is None
    assert container.provides == (Provide("react", "19.3.1", loaded=True),)


def test_several_scopes() -> None:
    assert member_from_contract(replace(CONTRACT, scopes=("a", "b")), "c").container.scope == (
        "a",
        "b",
    )


def test_the_facts_of_a_key() -> None:
    copy = ContractProvide("default", "react-dom/client", "19.3.1", chunks=("1.js",), bytes=9)
    ask = ContractConsume(
        ("default",),
        "react-dom/client",
        "^19.0.0",
        singleton=True,
        fallback="19.3.1",
        initial=True,
        at_start=True,
        importers=("apps/cart",),
    )
    contract = replace(
        CONTRACT,
        provides=(copy, replace(copy, scope="other")),
        consumes=(ask, replace(ask, required="^19.1.0", initial=False, importers=("libs/ui",))),
    )
    member = member_from_contract(contract, "cart.json")
    facts = member.facts["react-dom/client"]
    assert facts.package == "react-dom"
    assert facts.origins == (
        RangeOrigin("^19.0.0", "cart", "cart.json", kind="contract"),
        RangeOrigin("^19.1.0", "cart", "cart.json", kind="contract"),
    )
    assert facts.version_origin == "react-dom/client@19.3.1 in cart.json"
    assert facts.importers == ("apps/cart", "libs/ui")
    assert facts.stateful_because == "cart.json says that it is a singleton"
    assert facts.build is None
    assert facts.size == 9
    assert member.at_start == member.initial == {"react-dom/client"}


def test_a_size_is_known_only_if_all_copies_have_one() -> None:
    eager = ContractProvide("default", "react", "18.0.0", eager=True)
    contract = replace(CONTRACT, provides=(*CONTRACT.provides, eager))
    assert member_from_contract(contract, "c").facts["react"].size is None


@pytest.mark.parametrize(
    ("key", "package"),
    [
        ("react", "react"),
        ("react/jsx-runtime", "react"),
        ("@mui/material", "@mui/material"),
        ("@mui/material/styles", "@mui/material"),
        ("lodash/", "lodash"),
    ],
)
def test_the_package_of_a_key(key: str, package: str) -> None:
    assert package_of(key) == package

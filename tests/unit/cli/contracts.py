"""Contracts of small containers, and folders of them as a deploy pipeline keeps them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterable, Mapping

from module_federation.sharing.contract.model import (
    Contract,
    ContractConsume,
    ContractExpose,
    ContractProvide,
    ContractRemote,
)
from module_federation.sharing.contract.writer import contract_json


@dataclass(frozen=True)
class Shares:
    """One singleton that a container provides and asks for."""

    key: str
    version: str
    required: str


def react(version: str, required: str | None = None) -> Shares:
    return Shares("react", version, required or f"^{version}")


def contract(
    name: str,
    *shares: Shares,
    remotes: Iterable[str] = (),
    exposes: Iterable[str] = ("./App",),
    uses: Mapping[str, tuple[str, ...]] | None = None,
    mode: str = "production",
) -> Contract:
    remotes = tuple(remotes)
    uses = uses or {}
    return Contract(
        name=name,
        kind="host" if remotes else "remote",
        mode=mode,
        strategy="version-first",
        scopes=("default",),
        provides=tuple(
            ContractProvide("default", each.key, each.version, singleton=True, strict=False)
            for each in shares
        ),
        consumes=tuple(
            ContractConsume(
                ("default",),
                each.key,
                each.required,
                singleton=True,
                strict=False,
                fallback=each.version,
                at_start=True,
            )
            for each in shares
        ),
        exposes=tuple(ContractExpose(each) for each in exposes),
        remotes=tuple(
            ContractRemote(each, each, f"../{each}/mf-manifest.json", exposes=uses.get(each))
            for each in remotes
        ),
        tools={},
        slice_digest=None,
        inputs_digest=None,
        files=(),
    )


def manifest(name: str, version: str, required: str) -> dict[str, Any]:
    """A plain ``mf-manifest.json`` of a remote that shares React."""
    return {
        "id": name,
        "name": name,
        "metaData": {"name": name, "type": "app"},
        "shared": [
            {
                "id": f"{name}:react",
                "name": "react",
                "version": version,
                "singleton": True,
                "requiredVersion": required,
                "assets": {"js": {"sync": [], "async": []}, "css": {"sync": [], "async": []}},
            }
        ],
        "remotes": [],
        "exposes": [
            {
                "id": f"{name}:App",
                "name": "App",
                "path": "./App",
                "assets": {"js": {"sync": [], "async": []}, "css": {"sync": [], "async": []}},
            }
        ],
    }


@dataclass(frozen=True)
class Site:
    """A folder with ``live/<container>`` for what is deployed and ``next/<container>``."""

    root: Path

    def put(self, stage: str, given: Contract) -> str:
        path = self.root / stage / given.name / "mf-contract.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(contract_json(given))
        return path.relative_to(self.root).as_posix()

    def live(self, *contracts: Contract) -> None:
        for each in contracts:
            self.put("live", each)

    def candidates(self, *contracts: Contract) -> list[str]:
        return [self.put("next", each) for each in contracts]

    def put_manifest(self, stage: str, document: Mapping[str, Any]) -> str:
        path = self.root / stage / str(document["name"]) / "mf-manifest.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document))
        return path.relative_to(self.root).as_posix()


SHOP = (
    contract("shell", react("18.3.1"), remotes=("cart", "catalog"), exposes=()),
    contract("cart", react("18.3.1")),
    contract("catalog", react("18.3.1")),
)
"""What is deployed in most tests: all at React 18."""

LIVE = ("--host", "live/shell", "--remotes", "live/cart", "live/catalog")

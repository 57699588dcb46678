"""Writes ``mf-contract.json``; ``docs/contract.md`` documents the file."""

from __future__ import annotations

import json
from typing import Any

from module_federation.sharing.contract.model import (
    SCHEMA,
    SCHEMA_VERSION,
    Contract,
    ContractConsume,
    ContractProvide,
)
from module_federation.sharing.contract.order import in_order

CONTRACT_FILE = "mf-contract.json"


def contract_json(contract: Contract) -> str:
    """The file's text: sorted keys and lists, two spaces, a newline at the end."""
    return json.dumps(_document(in_order(contract)), indent=2, sort_keys=True) + "\n"


def _document(contract: Contract) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "version": SCHEMA_VERSION,
        "complete": contract.is_complete,
        "name": contract.name,
        "kind": contract.kind,
        # Only what is not usual is said.
        **({"style": contract.style} if contract.is_runtime_host else {}),
        "target": contract.target,
        "mode": contract.mode,
        "strategy": contract.strategy,
        "scopes": list(contract.scopes),
        "shareScopes": [_scope(contract, name) for name in _scope_names(contract)],
        "exposes": [
            {"name": each.name, "js": list(each.js), "css": list(each.css)}
            for each in contract.exposes
        ],
        "remotes": [
            {
                "alias": each.alias,
                "name": each.name,
                "entry": each.entry,
                "scopes": list(each.scopes),
                "exposes": None if each.exposes is None else list(each.exposes),
            }
            for each in contract.remotes
        ],
        "tools": dict(contract.tools),
        "digests": {"slice": contract.slice_digest, "inputs": contract.inputs_digest},
        "files": [
            {"path": each.path, "bytes": each.bytes, "sha384": each.sha384}
            for each in contract.files
        ],
    }


def _scope_names(contract: Contract) -> list[str]:
    used = {each.scope for each in contract.provides}
    return sorted(used | {each.scopes[0] for each in contract.consumes})


def _scope(contract: Contract, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "provides": [_provide(each) for each in contract.provides if each.scope == name],
        "consumes": [_consume(each) for each in contract.consumes if each.scopes[0] == name],
    }


def _provide(provide: ContractProvide) -> dict[str, Any]:
    return {
        "key": provide.key,
        "version": provide.version,
        "required": provide.required,
        "singleton": provide.singleton,
        "strict": provide.strict,
        "eager": provide.eager,
        "chunks": list(provide.chunks),
        "bytes": provide.bytes,
    }


def _consume(consume: ContractConsume) -> dict[str, Any]:
    return {
        "key": consume.key,
        "required": consume.required,
        "singleton": consume.singleton,
        "strict": consume.strict,
        "eager": consume.eager,
        "fallback": consume.fallback,
        "initial": consume.initial,
        "atStart": consume.at_start,
        "importers": list(consume.importers),
        "thenScopes": list(consume.scopes[1:]),
    }

"""Reads ``mf-contract.json``, trusting nothing in it.

``docs/contract.md`` documents the file; ``mf-contract.schema.json`` says the same to programs.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Iterable, Iterator

from module_federation.sharing.contract.json_text import ContractError, Value, load, shown
from module_federation.sharing.contract.manifest import contract_of_manifest
from module_federation.sharing.contract.model import (
    RUNTIME,
    SCHEMA,
    SCHEMA_VERSION,
    STANDARD,
    Contract,
    ContractConsume,
    ContractExpose,
    ContractFile,
    ContractProvide,
    ContractRemote,
)
from module_federation.sharing.contract.order import in_order

__all__ = ["ContractError", "read_contract", "read_contract_or_manifest"]

MAX_OF_ONE_KEY = 500
"""So many versions of one share key a container may provide, and so many ranges ask for."""

_CONTRACT_REMEDY = "Take the `mf-contract.json` that was built with the container."
_EITHER_REMEDY = (
    "Take the `mf-contract.json` or `mf-manifest.json` that was built with the container."
)
_VERSION_REMEDY = (
    "Read it with the release of this program that belongs to the plugin that built the container, "
    "or build the container with this one."
)
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_SHA384 = re.compile(r"[A-Za-z0-9+/]{64}\Z")


def read_contract(content: bytes, path: str) -> Contract:
    """The contract that a file holds.

    Args:
        path: How messages name the file.

    Raises:
        ContractError: It is something else, is of another version of the schema, or has anything
            in it that no container can have.
    """
    return _contract(load(content, path, _CONTRACT_REMEDY))


def read_contract_or_manifest(content: bytes, path: str) -> Contract:
    """The contract that a file holds, or what a plain ``mf-manifest.json`` tells of one.

    A manifest does not say all, and some of what it says is a guess of the plugin that wrote it:
    the contract is not ``is_complete`` then.

    Raises:
        ContractError: It is neither.
    """
    top = load(content, path, _EITHER_REMEDY)
    is_manifest = top.get("schema") is None and top.get("metaData") is not None
    return in_order(contract_of_manifest(top)) if is_manifest else _contract(top)


def _contract(top: Value) -> Contract:
    schema = top.get("schema")
    if schema is None:
        raise top.wrong("has no `schema`, so it is no contract")
    if schema.data != SCHEMA:
        raise schema.wrong(f"is not `{SCHEMA}`, so the file is no contract")
    version = top.need("version")
    if version.data != SCHEMA_VERSION or isinstance(version.data, bool):
        # The remedy of other mistakes, to take the file that was built, is none here.
        raise replace(version, document=replace(version.document, remedy=_VERSION_REMEDY)).wrong(
            f"is {shown(version.data)}, but this program reads version {SCHEMA_VERSION}"
        )
    digests = top.need("digests")
    target, mode = top.get("target"), top.get("mode")
    kind = top.need("kind").one_of("host", "remote")
    style = _style(top, kind)
    scopes = top.need("shareScopes").items()
    contract = Contract(
        name=top.need("name").name(),
        kind=kind,
        target=None if target is None else target.text(),
        mode=None if mode is None else mode.one_of("production", "development"),
        strategy=_strategy(top, style),
        scopes=_at_least_one(top.need("scopes")),
        provides=tuple(each for scope in scopes for each in _provides(scope)),
        consumes=tuple(each for scope in scopes for each in _consumes(scope)),
        exposes=tuple(_expose(each) for each in top.need("exposes").items()),
        remotes=tuple(_remote(each) for each in top.need("remotes").items()),
        tools={name: each.text() for name, each in top.need("tools").properties()},
        slice_digest=_digest(digests.get("slice")),
        inputs_digest=_digest(digests.get("inputs")),
        files=tuple(_file(each) for each in top.need("files").items()),
        is_complete=top.need("complete").flag(),
        style=style,
    )
    _check_numbers(top.need("shareScopes"), contract)
    if contract.is_runtime_host and (contract.consumes or contract.exposes):
        raise top.wrong("asks for modules or exposes some, which no runtime host can")
    _check_unique(top.need("shareScopes"), [each.need("name").name() for each in scopes])
    _check_unique(top.need("exposes"), [each.name for each in contract.exposes])
    _check_unique(top.need("remotes"), [each.alias for each in contract.remotes])
    _check_unique(top.need("files"), [each.path for each in contract.files])
    return in_order(contract)


def _style(top: Value, kind: str) -> str:
    style = top.get("style")
    if style is None:
        return STANDARD
    if kind != "host":
        raise style.wrong("is only for hosts")
    return style.one_of(STANDARD, RUNTIME)


def _strategy(top: Value, style: str) -> str | None:
    """An application can start the runtime without saying how; a bundle always says it."""
    strategy = top.get("strategy")
    if strategy is None and style == RUNTIME:
        return None
    return top.need("strategy").one_of("version-first", "loaded-first")


def _provides(scope: Value) -> Iterator[ContractProvide]:
    name = scope.need("name").name()
    for each in scope.need("provides").items():
        version, size = each.get("version"), each.get("bytes")
        yield ContractProvide(
            scope=name,
            key=each.need("key").name(),
            version=None if version is None else version.name(),
            eager=each.need("eager").flag(),
            singleton=_flag(each.get("singleton")),
            strict=_flag(each.get("strict")),
            required=_range(each.get("required")),
            chunks=each.need("chunks").files(),
            bytes=None if size is None else size.size(),
        )


def _consumes(scope: Value) -> Iterator[ContractConsume]:
    name = scope.need("name").name()
    for each in scope.need("consumes").items():
        fallback = each.get("fallback")
        yield ContractConsume(
            scopes=(name, *each.need("thenScopes").names()),
            key=each.need("key").name(),
            required=_range(each.get("required")),
            singleton=_flag(each.get("singleton")),
            strict=_flag(each.get("strict")),
            eager=_flag(each.get("eager")),
            fallback=None if fallback is None else fallback.name(),
            initial=each.need("initial").flag(),
            at_start=each.need("atStart").flag(),
            importers=tuple(one.text() for one in each.need("importers").items()),
        )


def _expose(value: Value) -> ContractExpose:
    return ContractExpose(
        value.need("name").name(), value.need("js").files(), value.need("css").files()
    )


def _remote(value: Value) -> ContractRemote:
    exposes = value.get("exposes")
    return ContractRemote(
        alias=value.need("alias").name(),
        name=value.need("name").name(),
        entry=value.need("entry").text(),
        scopes=_at_least_one(value.need("scopes")),
        exposes=None if exposes is None else exposes.names(),
    )


def _file(value: Value) -> ContractFile:
    return ContractFile(
        value.need("path").file(),
        value.need("bytes").size(),
        value.need("sha384").match(_SHA384, "a SHA-384 in base64"),
    )


def _at_least_one(value: Value) -> tuple[str, ...]:
    names = value.names()
    if not names:
        raise value.wrong("is empty")
    return names


def _check_unique(value: Value, names: list[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise value.wrong(f"lists `{name:.60}` twice")
        seen.add(name)


def _check_numbers(value: Value, contract: Contract) -> None:
    """Planning takes time in proportion to the square of these numbers."""
    _check_number(value, "provides", [each.key for each in contract.provides])
    _check_number(value, "asks for", [each.key for each in contract.consumes])


def _check_number(value: Value, does: str, keys: Iterable[str]) -> None:
    for key, number in Counter(keys).most_common(1):
        if number > MAX_OF_ONE_KEY:
            raise value.wrong(
                f"{does} `{key:.60}` in {number} ways, more than {MAX_OF_ONE_KEY}, which no bundle "
                "does"
            )


def _flag(value: Value | None) -> bool | None:
    return None if value is None else value.flag()


def _range(value: Value | None) -> str | bool | None:
    return None if value is None else value.range()


def _digest(value: Value | None) -> str | None:
    return None if value is None else value.match(_SHA256, "a SHA-256 in hexadecimal digits")

"""Checks a document against the part of JSON Schema (draft 7) that the contract's schema uses.

The `jsonschema` package can't be imported beside Pants 2.17.1: it needs a `typing-extensions` that
is newer than the one that Pants pins. A keyword that is not known here is an error, so no rule of
the schema goes unchecked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib import resources
from typing import Any, Mapping

_NOTES = {"$schema", "title", "description", "definitions"}
_TYPES: Mapping[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
}


def contract_schema() -> dict[str, Any]:
    """The schema that the plugin ships."""
    text = resources.read_text("module_federation.sharing.contract", "mf-contract.schema.json")
    schema: dict[str, Any] = json.loads(text)
    return schema


def violations(document: Any, schema: Mapping[str, Any]) -> list[str]:
    """What in a document breaks the schema, one text each."""
    return list(_check(document, schema, schema, "$"))


def _check(
    value: Any, schema: Mapping[str, Any], root: Mapping[str, Any], place: str
) -> Iterator[str]:
    for keyword, rule in schema.items():
        if keyword in _NOTES:
            continue
        if keyword == "$ref":
            yield from _check(value, root["definitions"][rule.rsplit("/", 1)[1]], root, place)
        elif keyword == "allOf":
            for each in rule:
                yield from _check(value, each, root, place)
        elif keyword == "anyOf":
            if all(any(_check(value, each, root, place)) for each in rule):
                yield f"{place} fits none of {len(rule)} choices"
        elif keyword == "not":
            if not any(_check(value, rule, root, place)):
                yield f"{place} is what it must not be"
        elif not _holds(value, keyword, rule):
            yield f"{place} breaks {keyword}: {rule}"
    if isinstance(value, dict):
        for key, each in value.items():
            inner = schema.get("properties", {}).get(key, schema.get("additionalProperties"))
            if inner is not None:
                yield from _check(each, inner, root, f"{place}.{key}")
    if isinstance(value, list) and "items" in schema:
        for number, each in enumerate(value):
            yield from _check(each, schema["items"], root, f"{place}[{number}]")


def _holds(value: Any, keyword: str, rule: Any) -> bool:
    if keyword in ("properties", "additionalProperties", "items"):
        return True
    if keyword == "type":
        return any(_is(value, each) for each in ([rule] if isinstance(rule, str) else rule))
    if keyword == "enum":
        return any(_same(value, each) for each in rule)
    if keyword == "const":
        return _same(value, rule)
    if keyword == "required":
        return not isinstance(value, dict) or set(rule) <= set(value)
    if keyword == "pattern":
        return not isinstance(value, str) or re.search(rule, value) is not None
    if keyword in ("minLength", "maxLength"):
        return not isinstance(value, str) or _within(len(value), keyword, rule)
    if keyword in ("minItems", "maxItems"):
        return not isinstance(value, list) or _within(len(value), keyword, rule)
    if keyword in ("minimum", "maximum"):
        return not isinstance(value, (int, float)) or _within(value, keyword, rule)
    raise AssertionError(f"the schema uses `{keyword}`, which this check does not know")


def _within(size: float, keyword: str, bound: float) -> bool:
    return size >= bound if keyword.startswith("min") else size <= bound


def _is(value: Any, name: str) -> bool:
    if isinstance(value, bool):
        return name == "boolean"
    return isinstance(value, _TYPES[name])


def _same(value: Any, other: Any) -> bool:
    return type(value) is type(other) and bool(value == other)

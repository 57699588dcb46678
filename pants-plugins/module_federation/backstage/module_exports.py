"""What ``bundler/exports.mjs`` finds behind the exported names of files, as values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Mapping, Optional, Tuple, Union

OUTPUT_VERSION = 1


class ExportsOutputError(ValueError):
    """The reader's output is not what this version of the backend understands."""


@dataclass(frozen=True)
class Imported:
    """What another module exports: ``name`` is ``default``, a name, or ``*`` for all of it."""

    request: str
    name: str


@dataclass(frozen=True)
class Called:
    """What a call returns."""

    callee: Definition


@dataclass(frozen=True)
class Member:
    """A property of something, by a plain name."""

    object: Definition
    name: str


@dataclass(frozen=True)
class Function:
    """A function; ``returns`` is None where that depends on how it runs."""

    returns: Optional[Definition]


@dataclass(frozen=True)
class ObjectLiteral:
    """An object; ``type`` is its ``$$type``, and ``open`` one that can have more properties."""

    type: Optional[str]
    open: bool


@dataclass(frozen=True)
class Value:
    """Something that is never an object with properties of its own: ``what`` in words."""

    what: str


@dataclass(frozen=True)
class Unknown:
    """What syntax alone does not tell: ``what`` in words."""

    what: str


Definition = Union[Imported, Called, Member, Function, ObjectLiteral, Value, Unknown]


@dataclass(frozen=True)
class FileExports:
    """One file.

    Attributes:
        exports: Exported name → what stands behind it.
        stars: Requests of ``export * from``.
        error: Why the file could not be parsed.
    """

    path: str
    exports: Mapping[str, Definition]
    stars: Tuple[str, ...] = ()
    error: Optional[str] = None


def parse_exports(content: bytes) -> Tuple[FileExports, ...]:
    """Read one output file of ``exports.mjs``; the files come back sorted by path.

    Raises:
        ExportsOutputError: The content is not the output of this version's ``exports.mjs``.
    """
    try:
        document = json.loads(content)
        if document["version"] != OUTPUT_VERSION:
            raise ExportsOutputError(f"version {document['version']!r} is not {OUTPUT_VERSION}")
        return tuple(
            FileExports(
                path,
                {name: _definition(value) for name, value in entry["exports"].items()},
                tuple(entry["stars"]),
                entry["error"],
            )
            for path, entry in sorted(document["files"].items())
        )
    except ExportsOutputError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ExportsOutputError(f"{type(error).__name__}: {error}") from error


def _definition(entry: Mapping[str, Any]) -> Definition:
    kind = entry["is"]
    if kind == "import":
        return Imported(entry["from"], entry["name"])
    if kind == "call":
        return Called(_definition(entry["callee"]))
    if kind == "member":
        return Member(_definition(entry["object"]), entry["name"])
    if kind == "function":
        returns = entry["returns"]
        return Function(None if returns is None else _definition(returns))
    if kind == "object":
        return ObjectLiteral(entry["type"], entry["open"])
    if kind == "value":
        return Value(entry["what"])
    if kind == "unknown":
        return Unknown(entry["what"])
    raise ExportsOutputError(f"{kind!r} is nothing that stands behind a name")

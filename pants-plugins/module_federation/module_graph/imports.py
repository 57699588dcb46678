"""What `parse.mjs` finds in source files, as values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from typing import Any

OUTPUT_VERSION = 1


class ParseOutputError(ValueError):
    """The parser's output is not what this version of the backend understands."""


class ImportKind(Enum):
    """How a file asks for another module. The values are those of `parse.mjs`."""

    STATIC = "static"
    REEXPORT = "reexport"
    TYPE = "type"
    DYNAMIC = "dynamic"
    REQUIRE = "require"
    REQUIRE_RESOLVE = "require-resolve"
    URL = "url"
    WORKER = "worker"
    CSS_IMPORT = "css-import"
    CSS_URL = "css-url"
    CONTEXT = "context"

    __hash__ = object.__hash__  # Members are singletons; Enum's own hash is a slow Python call.

    @property
    def is_deferred(self) -> bool:
        """Whether what is asked for is loaded later than the asking file, if ever.

        ``import()``, alone or over a folder, and workers make chunks of their own. Everything else,
        ``require`` in a function included, is part of the chunk of the file that asks.
        """
        return self in _DEFERRED


_DEFERRED = frozenset((ImportKind.DYNAMIC, ImportKind.WORKER, ImportKind.CONTEXT))


@dataclass(frozen=True)
class Import:
    """One request in a source file.

    `line` and `column` count from 1 and point at the specifier. `optional` requests stand inside a
    ``try`` block: the bundler only warns when they are not found. For `ImportKind.CONTEXT`,
    ``import(`./pages/${name}.tsx`)``, `specifier` is the text before the first hole
    (``./pages/``) and `suffix` the text after the last one (``.tsx``).
    """

    specifier: str
    kind: ImportKind
    line: int
    column: int
    optional: bool = False
    suffix: str = ""


@dataclass(frozen=True)
class SyntaxProblem:
    """Why a file could not be parsed: unreadable, not UTF-8, or a syntax error."""

    message: str
    line: int
    column: int


@dataclass(frozen=True)
class ParsedFile:
    """The imports of one file, in source order.

    `jsx` tells whether the file contains JSX, `jsx_import_source` and `jsx_runtime` (``classic`` or
    ``automatic``) what its pragma comments say. `jsx_create_element` tells of an element with
    ``key`` behind a spread, which is compiled to ``createElement`` of the JSX package itself. With
    an `error`, `imports` holds what was seen.
    """

    path: str
    imports: tuple[Import, ...] = ()
    jsx: bool = False
    jsx_import_source: str | None = None
    jsx_runtime: str | None = None
    jsx_create_element: bool = False
    error: SyntaxProblem | None = None


def parse_output(content: bytes) -> tuple[ParsedFile, ...]:
    """Read one output file of `parse.mjs`; the files come back sorted by path.

    Raises:
        ParseOutputError: when the content is not the output of this version's `parse.mjs`.
    """
    try:
        document = json.loads(content)
        version = document["version"]
        if version != OUTPUT_VERSION:
            raise ParseOutputError(
                f"The import parser's output has version {version!r}, expected {OUTPUT_VERSION}. "
                "Its cached result comes from another release of this backend: clear the cache."
            )
        return tuple(_parsed_file(path, entry) for path, entry in sorted(document["files"].items()))
    except ParseOutputError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ParseOutputError(
            f"The import parser's output cannot be read ({type(error).__name__}: {error}). "
            "This is a defect of the backend, not of your sources."
        ) from error


def _parsed_file(path: str, entry: dict[str, Any]) -> ParsedFile:
    error = entry["error"]
    return ParsedFile(
        path=path,
        imports=tuple(
            Import(
                specifier=item["specifier"],
                kind=_KINDS[item["kind"]],
                line=item["line"],
                column=item["column"],
                optional=item.get("optional", False),
                suffix=item.get("suffix", ""),
            )
            for item in entry["imports"]
        ),
        jsx=entry["jsx"],
        jsx_import_source=entry.get("jsxImportSource"),
        jsx_runtime=entry.get("jsxRuntime"),
        jsx_create_element=entry.get("jsxCreateElement", False),
        error=error and SyntaxProblem(error["message"], error["line"], error["column"]),
    )


_KINDS = {kind.value: kind for kind in ImportKind}

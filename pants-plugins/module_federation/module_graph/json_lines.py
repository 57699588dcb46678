"""JSON as people write it: with a line for every key, and with comments where they are allowed."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from typing import Any, Mapping, Tuple, Union

# A place in a document: the keys (or indices, for arrays) that lead to it.
JsonPath = Tuple[Union[str, int], ...]

_TOKEN = re.compile(
    r'(?P<string>"(?:[^"\\\n]|\\.)*")|(?P<punctuation>[{}\[\]:,])|(?P<space>\s+)|(?P<scalar>[^\s{}\[\]:,"]+)'
)
_COMMENT_OR_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\n\r]*|/\*.*?\*/', re.DOTALL)
_TRAILING_COMMA = re.compile(r'"(?:[^"\\\n]|\\.)*"|,(?=\s*[}\]])')


class JsonError(ValueError):
    """Text that is not JSON: `message` without a position, and the `line` it is about."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(f"{message} (line {line})")
        self.message = message
        self.line = line


def load_json(content: bytes, *, comments: bool = False) -> tuple[Any, str]:
    """Read JSON and return its value and the text that `key_lines` takes.

    With `comments`, ``//`` and ``/* */`` comments and trailing commas are read over, as TypeScript
    does in ``tsconfig.json`` (JSONC); they are replaced by spaces, so that positions stay true.

    Raises:
        JsonError: for invalid UTF-8, a byte order mark, and everything that is not JSON.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise JsonError("the file is not valid UTF-8", line) from error
    if text.startswith("\ufeff"):
        if not comments:
            raise JsonError("the file starts with a byte order mark", 1)
        text = text[1:]
    if comments:
        text = _TRAILING_COMMA.sub(
            _blank_unless_string, _COMMENT_OR_STRING.sub(_blank_unless_string, text)
        )
    try:
        return json.loads(text, parse_constant=_refuse_constant), text
    except json.JSONDecodeError as error:
        raise JsonError(error.msg, error.lineno) from error
    except RecursionError as error:
        raise JsonError("the values are nested too deeply", 1) from error
    except ValueError as error:
        raise JsonError(str(error), 1) from error


def key_lines(text: str) -> Mapping[JsonPath, int]:
    """The line, counted from 1, of every key and array item of a valid JSON text.

    A repeated key has the line of its last occurrence, whose value is the one that counts.
    """
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    lines: dict[JsonPath, int] = {}
    # One frame per open container: the path to it, and the index of an array's next item
    # (None for objects).
    frames: list[tuple[JsonPath, int | None]] = []
    key: str | None = None
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind == "space":
            continue
        symbol = token.group()
        if symbol in "}]":
            frames.pop()
            key = None
        elif symbol == ",":
            key = None
            path, index = frames[-1]
            frames[-1] = (path, None if index is None else index + 1)
        elif symbol != ":":
            path, index = frames[-1] if frames else ((), None)
            place: JsonPath = path
            if index is not None:
                place = (*path, index)
            elif frames and key is None:
                key = json.loads(symbol)
                lines[(*path, str(key))] = bisect_right(starts, token.start())
                continue
            elif key is not None:
                place = (*path, key)
            lines.setdefault(place, bisect_right(starts, token.start()))
            if symbol in "{[":
                frames.append((place, 0 if symbol == "[" else None))
                key = None
    return lines


def _blank_unless_string(match: re.Match[str]) -> str:
    found = match.group()
    return found if found.startswith('"') else re.sub(r"[^\r\n]", " ", found)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")

"""Where a key stands in a TOML file, which ``tomli`` does not tell."""

from __future__ import annotations

import re
from typing import Tuple

KeyPath = Tuple[str, ...]

_BARE = r"[A-Za-z0-9_-]+"
_BASIC = r'"(?:[^"\\]|\\.)*"'
_LITERAL = r"'[^']*'"
_KEY = rf"(?:{_BARE}|{_BASIC}|{_LITERAL})"
_DOTTED = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*"
_HEADER = re.compile(rf"[ \t]*\[(\[?)[ \t]*({_DOTTED})[ \t]*\]\]?[ \t]*(?:#.*)?\Z")
_ENTRY = re.compile(rf"[ \t]*({_DOTTED})[ \t]*=")
_PART = re.compile(_KEY)
_LINE_IN_ERROR = re.compile(r"at line ([0-9]+)")


def key_lines(text: str) -> dict[KeyPath, int]:
    """The line (from 1) of each table header and key, by its full path.

    A table that only inner tables name has the line of the first of them. Keys of inline tables are
    not found: ``line_of`` falls back to the line of what surrounds them. In an array of tables, the
    number of the table follows the name of the array: ``("silenced", "0", "code")``. Made for
    messages: a line of a multi-line text that looks like a key is taken for one.
    """
    lines: dict[KeyPath, int] = {}
    table: KeyPath = ()
    tables: dict[KeyPath, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        entry = None if header else _ENTRY.match(line)
        if header:
            table = _parts(header[2])
            if header[1]:
                index = tables.get(table, 0)
                tables[table] = index + 1
                table = (*table, str(index))
            found = table
        elif entry:
            found = (*table, *_parts(entry[1]))
        else:
            continue
        for length in range(1, len(found) + 1):
            lines.setdefault(found[:length], number)
    return lines


def line_of(lines: dict[KeyPath, int], path: KeyPath) -> int | None:
    """The line of a key, or of the innermost thing around it that has one."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return None


def line_of_error(message: str, text: str) -> int | None:
    """The line in a ``tomli.TOMLDecodeError``'s message about ``text``."""
    if "at end of document" in message:
        return max(1, len(text.splitlines()))
    match = _LINE_IN_ERROR.search(message)
    return int(match[1]) if match else None


def _parts(dotted: str) -> KeyPath:
    return tuple(_unquote(part) for part in _PART.findall(dotted))


def _unquote(part: str) -> str:
    if part[0] == '"':
        return re.sub(r"\\(.)", r"\1", part[1:-1])
    return part[1:-1] if part[0] == "'" else part

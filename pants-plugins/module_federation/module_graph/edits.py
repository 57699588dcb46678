"""What a file imports after an edit that can't have changed it, without parsing it again.

Most edits touch no import. Where that can be told from the changed lines alone, what was known of
the file still holds, but for line numbers. Every rule below errs on the side of parsing: the tests
compare with the parser on thousands of random edits.

Source of the rules: the lexical grammars of ECMAScript (ECMA-262, 12), JSX and CSS. A change of
some lines has no effect on the others if the lexer comes out of them in the state in which it came
out before, and no import can begin, end or be changed within them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Sequence

from module_federation.module_graph.imports import Import, ImportKind, ParsedFile

#: Words and marks that have to do with imports, JSX pragmas, `try` blocks, `key` behind a spread,
#: or with comments and templates, which can swallow what follows.
_SCRIPT_TRIGGERS = re.compile(
    r"\b(?:import|require|from|type|URL|Worker|webpackContext|resolve|module|try|catch|finally|key"
    r"|declare|namespace|with|assert|eval)\b"
    r"|\bexport\b(?!\s+(?:default|const|let|var|function|class|async|interface|enum|abstract)\b)"
    r"|[`@#\\\r\u2028\u2029\ufeff]|/\*|\*/|\.\.\.|<!--|-->"
)
_STYLE_TRIGGERS = re.compile(
    r"\b(?:url|src|image|image-set|composes|from|import)\b|[@\\\r\f\ufeff]|/\*|\*/"
)
#: A call whose argument begins on another line: an edit there could be one of the argument.
_OPEN_CALL = re.compile(
    r"\b(?:import|require|resolve|URL|Worker|webpackContext|url)\s*(?:\?\.)?\(\s*(?:/[/*].*)?$",
    re.MULTILINE,
)
_STATEMENT = re.compile(r"\b(?:import|export)\b")
_CALL = re.compile(r"\b(?:import|require|resolve|URL|Worker|webpackContext)\b")
_STYLE_STATEMENT = re.compile(r"[@:]")
_BRACKETS = re.compile(r"=>|[<>=]=+|[][(){}<>/]")
_PAIRS = {")": "(", "]": "[", "}": "{"}
_STATIC = frozenset(
    (ImportKind.STATIC, ImportKind.REEXPORT, ImportKind.TYPE, ImportKind.CSS_IMPORT)
)


@dataclass(frozen=True)
class _Change:
    """Lines `start` to `start + len(old)`, counted from 0, become `new`."""

    start: int
    old: Sequence[str]
    new: Sequence[str]

    @property
    def shift(self) -> int:
        return len(self.new) - len(self.old)


def carried_over(before: bytes, after: bytes, parsed: ParsedFile) -> ParsedFile | None:
    """What the parser would say of `after`, if that follows from what it said of `before`.

    :param parsed: the parser's answer for `before`.
    :returns: the answer for `after`; `None` where the file has to be parsed. For an `after` that is
        no program the parser would answer with an error: that is not seen here, and is left to the
        bundler, which reports it.
    """
    if before == after:
        return parsed
    if parsed.error is not None:
        return None
    try:
        lines, text = before.decode().split("\n"), after.decode()
    except UnicodeDecodeError:
        return None
    change = _change(lines, text.split("\n"))
    style = parsed.path.endswith(".css")
    if (
        _OPEN_CALL.search(text)
        or not _is_harmless(change, style)
        or _touches(change, lines, parsed)
    ):
        return None
    if _has_tags(change) and not (parsed.jsx and _has_jsx(lines, change)):
        return None
    end = change.start + len(change.old)
    return replace(
        parsed,
        imports=tuple(
            replace(item, line=item.line + change.shift) if item.line > end else item
            for item in parsed.imports
        ),
    )


def _change(old: Sequence[str], new: Sequence[str]) -> _Change:
    """The smallest run of lines in which two texts differ."""
    shorter = min(len(old), len(new))
    start = 0
    while start < shorter and old[start] == new[start]:
        start += 1
    tail = 0
    while tail < shorter - start and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return _Change(start, old[start : len(old) - tail], new[start : len(new) - tail])


def _is_harmless(change: _Change, style: bool) -> bool:
    triggers = _STYLE_TRIGGERS if style else _SCRIPT_TRIGGERS
    changed = (*change.old, *change.new)
    if any(triggers.search(line) for line in changed):
        return False
    if not all(_closes_its_strings(line, comments=not style) for line in changed):
        return False
    old, new = _brackets(change.old), _brackets(change.new)
    return old == new or (_is_balanced(old) and _is_balanced(new))


def _closes_its_strings(line: str, *, comments: bool) -> bool:
    """Whether no string is open at the end of a line that begins outside of one."""
    quote = ""
    previous = ""
    for character in line:
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif comments and character == previous == "/":
            return True
        previous = character
    return not quote


def _brackets(lines: Sequence[str]) -> list[str]:
    """What opens and closes something, in order: brackets, and the parts of JSX tags."""
    return [
        found
        for line in lines
        for found in _BRACKETS.findall(line.split("//")[0])
        if found not in ("=>", "<=", ">=", "==", "===")
    ]


def _is_balanced(brackets: Sequence[str]) -> bool:
    open_: list[str] = []
    for bracket in brackets:
        if bracket in "<>":
            return False
        if bracket in "([{":
            open_.append(bracket)
        elif bracket in _PAIRS and (not open_ or open_.pop() != _PAIRS[bracket]):
            return False
    return not open_


def _touches(change: _Change, lines: Sequence[str], parsed: ParsedFile) -> bool:
    """Whether the change lies in a statement that imports something."""
    first, last = change.start, change.start + len(change.old)
    return any(first <= _end(item, lines) and last > _begin(item, lines) for item in parsed.imports)


def _begin(item: Import, lines: Sequence[str]) -> int:
    """The line, from 0, on which an import begins, or one before it."""
    if item.kind in (ImportKind.CSS_IMPORT, ImportKind.CSS_URL):
        start = _STYLE_STATEMENT
    else:
        start = _STATEMENT if item.kind in _STATIC else _CALL
    line = item.line - 1
    while line > 0 and not start.search(lines[line]):
        line -= 1
    return line


def _end(item: Import, lines: Sequence[str]) -> int:
    """The line, from 0, on which an import ends, or one behind it."""
    line = item.line - 1
    if item.kind in _STATIC:
        return line
    while line < len(lines) - 1 and ")" not in lines[line]:
        line += 1
    return line


def _has_tags(change: _Change) -> bool:
    return any("<" in line for line in (*change.old, *change.new))


def _has_jsx(lines: Sequence[str], change: _Change) -> bool:
    """Whether JSX stands outside of the change too, so that the file has it in any case."""
    outside = (*lines[: change.start], *lines[change.start + len(change.old) :])
    return any("</" in line or "/>" in line for line in outside)

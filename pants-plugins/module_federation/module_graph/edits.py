"""What a file imports after an edit that can't have changed it, without parsing it again.

Most edits touch no import. The rule that tells: all imports of the file stand before the changed
lines, so nothing of the change can alter how they are read; and behind them, before the edit and
after it, none of the words stands that a request can be made of, not even in a comment or a string.
So no import can come or go there, whatever the change does to the text around it.

Only JSX takes more care, since every file that has some imports its runtime: see `_keeps_its_jsx`.
The tests compare with the parser on thousands of random edits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Sequence

from module_federation.module_graph.imports import ImportKind, ParsedFile

#: What requests are made of in scripts: `import`, `require`, `new URL`, `new Worker` and its kin,
#: `export … from`; `\u` can spell any of them otherwise, and pragmas of JSX begin with `@jsx`.
_SCRIPT_REQUESTS = re.compile(
    r"import|require|URL|Worker|@jsx|\\u"
    r"|\bexport\b(?!\s+(?:default|const|let|var|function|class|async|interface|enum|abstract)\b)"
)
#: The same for stylesheets; `\` can spell any name otherwise.
_STYLE_REQUESTS = re.compile(r"url|src|image|composes|from|@|\\", re.IGNORECASE)
#: Imports that end with their specifier. A call goes on behind it, with a sum for one.
_STATEMENTS = frozenset(
    (ImportKind.STATIC, ImportKind.REEXPORT, ImportKind.TYPE, ImportKind.CSS_IMPORT)
)
#: What `parse.mjs` takes as a hint of JSX, and of an element with its `key` behind a spread.
_TAG_END = re.compile(r"<\s*/|/\s*>")
_KEY_AFTER_SPREAD = re.compile(r"\.\.\.[\s\S]*?\bkey\b")
#: What could turn JSX behind it into something else: comments, templates, regular expressions.
_SWALLOWING = re.compile(r"[`\\$]|/\*|\*/|//|<!--|-->|[=(,:?]\s*/")
_FIRST = ("\ufeff", "#")
_BRACKETS = re.compile(r"[][(){}<>/]")


@dataclass(frozen=True)
class _Change:
    """Lines from `start`, counted from 0, where `old` became `new`."""

    start: int
    old: Sequence[str]
    new: Sequence[str]


def carried_over(before: bytes, after: bytes, parsed: ParsedFile) -> ParsedFile | None:
    """What the parser would say of `after`, if that follows from what it said of `before`.

    :param parsed: the parser's answer for `before`.
    :returns: the answer for `after`; `None` where the file has to be parsed. For an `after` that is
        no program the parser would answer with an error: that is not seen here, and is left to the
        bundler, which reports it.
    """
    if before == after:
        return parsed
    if parsed.error is not None or any(item.kind not in _STATEMENTS for item in parsed.imports):
        return None
    try:
        old, new = before.decode().split("\n"), after.decode().split("\n")
    except UnicodeDecodeError:
        return None
    change = _change(old, new)
    behind = max((item.line for item in parsed.imports), default=0)
    # The first line can be one of its own kind: a byte order mark, `#!/usr/bin/env node`.
    if change.start < behind or new[0][:1] in _FIRST or old[0][:1] in _FIRST:
        return None
    requests = _STYLE_REQUESTS if parsed.path.endswith(".css") else _SCRIPT_REQUESTS
    if any(requests.search("\n".join(lines[behind:])) for lines in (old, new)):
        return None
    return parsed if _keeps_its_jsx(parsed, change, old, new) else None


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


def _keeps_its_jsx(
    parsed: ParsedFile, change: _Change, old: Sequence[str], new: Sequence[str]
) -> bool:
    """Whether a file has JSX after a change if and only if it had some before.

    Without a tag's end there is none. With JSX on lines that stay, it stays, provided that the
    change opens and closes what was opened and closed before, and swallows nothing behind it.
    """
    text = "\n".join(new)
    if not parsed.jsx:
        return not _TAG_END.search(text)
    if parsed.jsx_create_element or _KEY_AFTER_SPREAD.search(text):
        return False
    stays = (*old[: change.start], *old[change.start + len(change.old) :])
    if not any(_TAG_END.search(line) for line in stays):
        return False
    changed = (*change.old, *change.new)
    if any(_SWALLOWING.search(line) or not _closes_its_strings(line) for line in changed):
        return False
    return _brackets(change.old) == _brackets(change.new)


def _closes_its_strings(line: str) -> bool:
    """Whether no string is open at the end of a line that begins outside of one."""
    quote = ""
    for character in line:
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
    return not quote


def _brackets(lines: Sequence[str]) -> list[str]:
    """What opens and closes something, in order: brackets, and the parts of JSX tags."""
    return [bracket for line in lines for bracket in _BRACKETS.findall(line)]

"""Text for terminals: what is safe to print there, lines of a given width, columns, colours."""

from __future__ import annotations

import textwrap
import unicodedata
from dataclasses import dataclass
from enum import Enum
from typing import Iterable, Sequence

MIN_WIDTH = 60
"""Columns below which a table says nothing any more; narrower terminals get this width."""

_ELLIPSIS = "…"
_GAP = 2
# Format characters that can reorder or hide what a line says (Unicode's bidirectional controls).
_UNSAFE_CATEGORIES = frozenset(("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))


class Colour(Enum):
    """What colours stand for; the values are the parameters of "select graphic rendition"."""

    BAD = "31;1"
    CARE = "33;1"
    GOOD = "32;1"
    FAINT = "2"
    STRONG = "1"


@dataclass(frozen=True)
class Style:
    """How to print: with colours or without."""

    colour: bool = False

    def paint(self, text: str, colour: Colour) -> str:
        """``text`` in a colour, where there are any. To be called last: it adds invisible bytes."""
        return f"\x1b[{colour.value}m{text}\x1b[0m" if self.colour and text else text


def clean(text: str) -> str:
    """``text`` without anything that a terminal would obey: such characters are spelled out.

    Names come from files that others wrote; an escape sequence in one of them could rewrite what
    the person in front of the terminal reads.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        each if unicodedata.category(each) not in _UNSAFE_CATEGORIES else f"\\u{ord(each):04x}"
        for each in text
    )


def shorten(text: str, width: int) -> str:
    """``text`` in at most ``width`` columns, its end replaced by an ellipsis."""
    return text if len(text) <= width else f"{text[: max(0, width - 1)]}{_ELLIPSIS}"


def some_of(names: Sequence[str], width: int, separator: str = ", ") -> str:
    """As many of ``names`` as fit into ``width`` columns, and how many more there are."""
    whole = separator.join(names)
    if len(whole) <= width or not names:
        return whole
    for count in range(len(names) - 1, 0, -1):
        text = f"{separator.join(names[:count])} +{len(names) - count}"
        if len(text) <= width:
            return text
    if len(names) == 1:
        return shorten(names[0], width)
    rest = f" +{len(names) - 1}"
    return f"{shorten(names[0], max(1, width - len(rest)))}{rest}"


def paragraph(text: str, width: int, indent: str = "", hanging: str | None = None) -> list[str]:
    """Lines of at most ``width`` columns, the first after ``indent``, the others ``hanging``.

    Words that are longer, such as paths, are not broken: a broken path cannot be copied.
    """
    rest = indent if hanging is None else hanging
    lines: list[str] = []
    for number, part in enumerate(text.split("\n")):
        lines += textwrap.wrap(
            clean(part),
            width,
            initial_indent=rest if number else indent,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
    return lines


@dataclass(frozen=True)
class Cell:
    """One cell of a table: names of which as many are shown as fit."""

    names: tuple[str, ...]
    separator: str = ", "

    @property
    def width(self) -> int:
        """Columns for all of it."""
        return len(self.separator.join(self.names))

    def text(self, width: int) -> str:
        """What fits into ``width`` columns."""
        return some_of(self.names, width, self.separator)


def column_widths(rows: Iterable[Sequence[Cell]], minimum: Sequence[int], width: int) -> list[int]:
    """The widths of a table's columns, so that a row with gaps has at most ``width`` columns.

    What is needed is given as long as it lasts. Then the widest columns give way first, none below
    its minimum.
    """
    widths = list(minimum)
    for row in rows:
        widths = [max(have, cell.width) for have, cell in zip(widths, row)]
    space = max(width - _GAP * (len(widths) - 1), sum(minimum))
    while sum(widths) > space:
        spare = [have - least for have, least in zip(widths, minimum)]
        widest = max(range(len(widths)), key=lambda index: (spare[index] > 0, widths[index]))
        widths[widest] -= 1
    return widths


def row_text(cells: Sequence[Cell], widths: Sequence[int]) -> str:
    """One row of a table."""
    texts = [cell.text(width).ljust(width) for cell, width in zip(cells, widths)]
    return (" " * _GAP).join(texts).rstrip()

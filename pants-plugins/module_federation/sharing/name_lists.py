"""Lists of names in a sentence."""

from __future__ import annotations

from typing import Sequence

# As many names as a sentence bears.
_NAMED = 5


def first_of(names: Sequence[str]) -> str:
    """``a, b, c``, or ``a, b, c, d, e and 295 more``: a page can have hundreds of containers."""
    if len(names) <= _NAMED + 1:
        return ", ".join(names)
    return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"

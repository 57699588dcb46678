"""What the sides have written: they must have done the same work, or their times say nothing."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from sides import Side

# Minified code differs by names of modules and by what runs at the start of a container.
_SAME = 0.1


@dataclass(frozen=True)
class Output:
    """
    :param scripts: number of script files in all containers.
    :param styles: the same of stylesheets.
    :param size: bytes of both.
    """

    scripts: int
    styles: int
    size: int

    @classmethod
    def of(cls, side: Side) -> Output:
        """What a side has written."""
        scripts, styles = (
            [file for folder in side.outputs() for file in sorted(folder.rglob(pattern))]
            for pattern in ("*.js", "*.css")
        )
        return cls(len(scripts), len(styles), sum(_size(file) for file in [*scripts, *styles]))


def compared(known: Mapping[str, Mapping[str, int]], side: Side) -> dict[str, dict[str, int]]:
    """Adds a side to the others, and ends all if it has written something else.

    :param known: side → its output.
    """
    own = Output.of(side)
    for name, other in known.items():
        if (own.scripts, own.styles) != (other["scripts"], other["styles"]) or not (
            1 - _SAME < own.size / other["size"] < 1 + _SAME
        ):
            sys.exit(f"{side.name} has written {own}, but {name} {other}.")
    return {**{name: dict(other) for name, other in known.items()}, side.name: asdict(own)}


def _size(file: Path) -> int:
    return file.stat().st_size

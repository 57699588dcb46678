"""All sides, by name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Callable

from npm_sides import Bare, BareMulti, Nx, Turborepo
from pants_side import Pants
from shape import Shape
from sides import Side

#: In the order in which they take turns: name → what makes the side (see `Side`).
SIDES: Mapping[str, Callable[[Shape, Path, Path], Side]] = {
    side.name: side for side in (Turborepo, Nx, Bare, BareMulti, Pants)
}

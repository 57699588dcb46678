"""The raw figures of a benchmark in one JSON file, saved one by one."""

from __future__ import annotations

import json
import os
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from meter import Measurement, Use


@dataclass(frozen=True)
class Figure:
    """
    :param remotes: size of the monorepo.
    :param row: what was measured; a case can have several rows.
    :param run: counts from 0.
    :param taken: when, as seconds since 1970.
    """

    remotes: int
    row: str
    side: str
    run: int
    taken: float
    measurement: Measurement


class Figures:
    """All figures so far, and the file that holds them.

    :param path: read if it is there, so that a run that was killed can go on.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.about: dict[str, Any] = {}
        self.figures: list[Figure] = []
        if path.exists():
            written = json.loads(path.read_text())
            self.about = written["about"]
            self.figures = [_figure(each) for each in written["figures"]]

    def describe(self, about: Mapping[str, Any]) -> None:
        """Says what the figures were taken with."""
        self.about = dict(about)
        self._save()

    def add(self, figures: Iterable[Figure]) -> None:
        """Saves more figures."""
        self.figures.extend(figures)
        self._save()

    def runs(self, remotes: int, row: str, side: str) -> list[Measurement]:
        """What is there of one row and side, in the order in which it was taken."""
        return [
            figure.measurement
            for figure in self.figures
            if (figure.remotes, figure.row, figure.side) == (remotes, row, side)
        ]

    @property
    def sizes(self) -> list[int]:
        """Numbers of remotes, ascending."""
        return sorted({figure.remotes for figure in self.figures})

    def has(self, remotes: int, side: str) -> bool:
        """Whether there is anything of a side at this size."""
        return any((each.remotes, each.side) == (remotes, side) for each in self.figures)

    def medians(self, remotes: int, row: str) -> dict[str, float]:
        """Side → median of the seconds that it took."""
        sides = dict.fromkeys(each.side for each in self.figures)
        return {
            side: statistics.median(each.seconds for each in runs)
            for side in sides
            for runs in [self.runs(remotes, row, side)]
            if runs
        }

    def _save(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        lines = ",\n".join(f"  {json.dumps(asdict(figure))}" for figure in self.figures)
        text = (
            f'{{\n "about": {json.dumps(self.about, indent=2)},\n "figures": [\n{lines}\n ]\n}}\n'
        )
        aside = self._path.with_suffix(".part")
        aside.write_text(text)
        os.replace(aside, self._path)


def _figure(written: Mapping[str, Any]) -> Figure:
    measured = dict(written["measurement"])
    peak = measured.pop("peak")
    return Figure(
        **{
            **written,
            "measurement": Measurement(**measured, peak=Use(**peak) if peak else None),
        }
    )

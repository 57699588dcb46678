"""The plots of docs/performance.md, each for a light and a dark page."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import matplotlib
from figures import Figures
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import FuncFormatter, NullFormatter
from rows import LABELS, ROWS

matplotlib.use("svg")

#: The size that most figures are taken for.
_MAIN_SIZE = 20
_GROWING = ("cold", "unchanged", "deleted", "remote", "feature", "fresh")


@dataclass(frozen=True)
class _Theme:
    """
    :param suffix: of the file's name.
    :param colours: side → colour; those of Okabe and Ito, which colour-blind people tell apart.
    """

    suffix: str
    text: str
    lines: str
    colours: dict[str, str]


_LIGHT = _Theme(
    "",
    "#1f2328",
    "#d1d9e0",
    {
        "turborepo": "#d55e00",
        "nx": "#009e73",
        "bare": "#6e7781",
        "bare-multi": "#afb8c1",
        "pants": "#0072b2",
    },
)
_DARK = _Theme(
    "-dark",
    "#e6edf3",
    "#3d444d",
    {
        "turborepo": "#e8894a",
        "nx": "#2fc49a",
        "bare": "#9198a1",
        "bare-multi": "#656c76",
        "pants": "#56b4e9",
    },
)


def plot_one_size(figures: Figures, folder: Path) -> None:
    """Every row at one size: how long each side takes."""
    size = _MAIN_SIZE if _MAIN_SIZE in figures.sizes else figures.sizes[0]
    rows = [row for row in ROWS if figures.medians(size, row.name)]

    def draw(theme: _Theme) -> Drawing:
        drawing, axes = pyplot.subplots(figsize=(8, 0.62 * len(rows) + 1))
        sides = [side for side in LABELS if figures.has(size, side)]
        height = 0.8 / len(sides)
        for at, side in enumerate(sides):
            for place, row in enumerate(rows):
                runs = [each.seconds for each in figures.runs(size, row.name, side)]
                if not runs:
                    continue
                median = statistics.median(runs)
                y = place + (at - (len(sides) - 1) / 2) * height
                axes.barh(
                    y,
                    median,
                    height * 0.86,
                    color=theme.colours[side],
                    label=LABELS[side],
                )
                axes.plot([min(runs), max(runs)], [y, y], color=theme.text, linewidth=1)
                axes.text(
                    max(runs) * 1.06, y, _seconds(median), va="center", fontsize=7, color=theme.text
                )
        axes.set_yticks(range(len(rows)), [row.title.replace("`", "") for row in rows])
        axes.invert_yaxis()
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.set_xlabel(f"seconds (logarithmic), {size} remotes and a host")
        axes.grid(axis="x")
        _legend(axes, drawing, len(sides))
        return drawing

    _save(draw, folder / "one-size")


def plot_growth(figures: Figures, folder: Path) -> None:
    """How the time of some rows grows with the number of remotes: those that have two sizes."""
    titles = {row.name: row.title.replace("`", "") for row in ROWS}
    names = [
        name
        for name in _GROWING
        if len([size for size in figures.sizes if figures.medians(size, name)]) > 1
    ]

    def draw(theme: _Theme) -> Drawing:
        columns = 2
        drawing, grid = pyplot.subplots(
            -(-len(names) // columns), columns, figsize=(8, 2.5 * -(-len(names) // columns) + 0.4)
        )
        for axes in grid.flat[len(names) :]:
            axes.set_visible(False)
        for name, axes in zip(names, grid.flat):
            _lines(figures, name, axes, theme)
            axes.set_title(titles[name], fontsize=8, color=theme.text)
        _legend(grid.flat[0], drawing, len(LABELS))
        return drawing

    _save(draw, folder / "growth")


def _lines(figures: Figures, name: str, axes: Axes, theme: _Theme) -> None:
    for side, label in LABELS.items():
        points = [
            (size, figures.medians(size, name)[side])
            for size in figures.sizes
            if side in figures.medians(size, name)
        ]
        if points:
            axes.plot(*zip(*points), color=theme.colours[side], marker="o", ms=3, label=label)
    axes.set_xticks(figures.sizes)
    axes.set_ylim(bottom=0)
    axes.grid(axis="y")
    axes.set_xlabel("remotes", fontsize=7)
    axes.set_ylabel("seconds", fontsize=7)


def plot_memory(figures: Figures, folder: Path) -> None:
    """Memory at its peak in a cold build, by size."""

    def draw(theme: _Theme) -> Drawing:
        drawing, axes = pyplot.subplots(figsize=(8, 2.6))
        for side, label in LABELS.items():
            points = [
                (size, statistics.median(peaks) / 1e9)
                for size in figures.sizes
                for peaks in [
                    [
                        each.peak.private
                        for each in figures.runs(size, "cold", side)
                        if each.peak is not None
                    ]
                ]
                if peaks
            ]
            if points:
                axes.plot(*zip(*points), color=theme.colours[side], marker="o", ms=3, label=label)
        axes.set_xticks(figures.sizes)
        axes.set_ylim(bottom=0)
        axes.grid(axis="y")
        axes.set_xlabel("remotes")
        axes.set_ylabel("private memory at peak, GB")
        _legend(axes, drawing, len(LABELS))
        return drawing

    _save(draw, folder / "memory")


def _seconds(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def _legend(axes: Axes, drawing: Drawing, columns: int) -> None:
    handles, labels = axes.get_legend_handles_labels()
    first = {label: handle for handle, label in reversed(list(zip(handles, labels)))}
    ordered = [label for label in LABELS.values() if label in first]
    drawing.legend(
        [first[label] for label in ordered],
        ordered,
        loc="lower center",
        bbox_to_anchor=(0.5, 1.0),
        ncols=columns,
        frameon=False,
        fontsize=8,
    )


def _save(draw: Callable[[_Theme], Drawing], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    for theme in (_LIGHT, _DARK):
        with _style(theme):
            drawing = draw(theme)
            drawing.tight_layout()
            drawing.savefig(
                path.with_name(f"{path.name}{theme.suffix}.svg"),
                transparent=True,
                bbox_inches="tight",
                # Neither may tell when or with what release a plot was drawn.
                metadata={"Date": None, "Creator": None},
            )
            pyplot.close(drawing)


@contextmanager
def _style(theme: _Theme) -> Iterator[None]:
    settings = {
        "svg.fonttype": "path",
        # Ids in the file are hashes with this.
        "svg.hashsalt": "monorepo",
        "font.size": 8,
        "text.color": theme.text,
        "axes.labelcolor": theme.text,
        "axes.edgecolor": theme.lines,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "grid.color": theme.lines,
        "grid.linewidth": 0.6,
        "xtick.color": theme.text,
        "ytick.color": theme.text,
    }
    with matplotlib.rc_context(settings):
        yield

"""Writes the tables and plots of docs/performance.md from the figures that `run.py` has saved.

    python benchmarks/monorepo/report.py [--results docs/performance/figures.json]

Needs what `3rdparty/python/plots.lock` pins. Text outside the markers of the document stays.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

from figures import Figures
from meter import Measurement
from plots import plot_growth, plot_memory, plot_one_size
from rows import LABELS, ROWS, Row
from workspace import REPOSITORY

_DOCUMENT = REPOSITORY / "docs/performance.md"
_FOLDER = REPOSITORY / "docs/performance"
_GIGABYTE = 1e9


def main() -> None:
    """Reads the command line and writes everything."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--results", type=Path, default=_FOLDER / "figures.json")
    arguments.add_argument("--document", type=Path, default=_DOCUMENT)
    options = arguments.parse_args()
    figures = Figures(options.results)
    if not figures.figures:
        sys.exit(f"There are no figures in {options.results}; run.py takes them.")
    text = options.document.read_text()
    text = _filled(text, "machine", _machine(figures))
    text = _filled(text, "times", _times(figures))
    text = _filled(text, "memory", _memory(figures))
    text = _filled(text, "outputs", _outputs(figures))
    options.document.write_text(text)
    for plot in (plot_one_size, plot_growth, plot_memory):
        plot(figures, options.document.with_suffix(""))


def _filled(text: str, name: str, content: str) -> str:
    """The text with new content between the markers of a name."""
    start, end = f"<!-- {name}: written by benchmarks/monorepo/report.py -->", f"<!-- /{name} -->"
    pattern = re.compile(f"{re.escape(start)}.*?{re.escape(end)}", re.DOTALL)
    if not pattern.search(text):
        sys.exit(f"The document has no place for the table: {start} … {end}")
    return pattern.sub(lambda _: f"{start}\n{content}\n{end}", text)


def _machine(figures: Figures) -> str:
    about = figures.about
    versions = about["versions"]
    loads = [figure.measurement.load for figure in figures.figures if figure.measurement.load]
    return (
        f"{about['date']}, {about['system']}, {about['processors']} processors, "
        f"{about['memory'] / _GIGABYTE:.0f} GB of memory, load average before each measurement "
        f"{statistics.median(loads):.1f} ({min(loads):.1f} to {max(loads):.1f}). "
        f"Node.js {versions['node'].lstrip('v')}, npm {versions['npm']}, "
        f"Rspack {versions['@rspack/core']}, "
        f"`@module-federation/enhanced` {versions['@module-federation/enhanced']}, "
        f"Turborepo {versions['turbo']}, Nx {versions['nx']}, Pants {versions['pants']}, "
        f"React {versions['react']}, Material UI {versions['@mui/material']}."
    )


def _times(figures: Figures) -> str:
    return "\n\n".join(_times_of(figures, remotes) for remotes in figures.sizes)


def _times_of(figures: Figures, remotes: int) -> str:
    sides = [side for side in LABELS if figures.has(remotes, side)]
    others = [side for side in sides if side != "pants"]
    lines = [
        f"**{remotes} remotes and a host**",
        "",
        "| | "
        + " | ".join(LABELS[side] for side in sides)
        + " | "
        + " | ".join(f"{LABELS[side]} / Pants" for side in others)
        + " |",
        "|---" * (1 + len(sides)) + "|--:" * len(others) + "|",
    ]
    for row in ROWS:
        cells = {side: figures.runs(remotes, row.name, side) for side in sides}
        if any(cells.values()):
            lines.append(_line(row, cells, others))
    return "\n".join(lines)


def _line(row: Row, cells: dict[str, list[Measurement]], others: Sequence[str]) -> str:
    medians = {
        side: statistics.median(each.seconds for each in runs)
        for side, runs in cells.items()
        if runs
    }
    return (
        " | ".join(
            [
                f"| {row.title}",
                *(_spread([each.seconds for each in runs]) for runs in cells.values()),
                *(
                    f"{medians[side] / medians['pants']:.2f}"
                    if side in medians and "pants" in medians
                    else ""
                    for side in others
                ),
            ]
        )
        + " |"
    )


def _spread(values: Sequence[float]) -> str:
    if not values:
        return ""
    digits = 2 if statistics.median(values) < 10 else 1
    median = f"**{statistics.median(values):.{digits}f}**"
    if len(values) == 1:
        return f"{median} (once)"
    return f"{median} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def _outputs(figures: Figures) -> str:
    lines = [
        "| remotes | | scripts | stylesheets | together, MB |",
        "|--:|---|--:|--:|--:|",
    ]
    for size, sides in sorted(
        figures.about.get("outputs", {}).items(), key=lambda each: int(each[0])
    ):
        lines.extend(
            f"| {size} | {LABELS[side]} | {output['scripts']:,} | {output['styles']:,} | "
            f"{output['size'] / 1e6:,.1f} |"
            for side, output in sorted(sides.items(), key=lambda each: list(LABELS).index(each[0]))
        )
    return "\n".join(lines)


def _memory(figures: Figures) -> str:
    lines = [
        "| remotes | | memory at its peak, MB | of it private, MB | processes at once |",
        "|--:|---|--:|--:|--:|",
    ]
    for remotes in figures.sizes:
        for row, what in (("cold", "cold"), ("rest", "the daemon at rest")):
            for side, label in LABELS.items():
                peaks = [each.peak for each in figures.runs(remotes, row, side) if each.peak]
                if not peaks:
                    continue
                resident, private, processes = (
                    statistics.median(values)
                    for values in zip(
                        *((each.resident, each.private, each.processes) for each in peaks)
                    )
                )
                lines.append(
                    f"| {remotes} | {label}, {what} | {resident / 1e6:,.0f} | "
                    f"{private / 1e6:,.0f} | {processes:.0f} |"
                )
    return "\n".join(lines)


if __name__ == "__main__":
    main()

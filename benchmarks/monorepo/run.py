"""Measures this plugin beside Turborepo, Nx and the bare bundler on a generated monorepo.

    python3 benchmarks/monorepo/run.py --remotes 20 --runs 5 [--cases …] [--sides …]

All sides work on the same sources, each in a workspace of its own in a temporary folder, and take
turns. Every figure is saved as soon as it is taken: a run that was killed goes on where it was.
Needs Python 3.9 or newer on Linux, git, and what `./pants` needs, nothing else.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from all_sides import SIDES
from cases import CASES, Case
from figures import Figure, Figures
from outputs import compared
from shape import Shape
from sides import AT_ONCE, DISCARDED, Side, ToolFailed
from workspace import REPOSITORY, written_lock

_RESULTS = REPOSITORY / "docs/performance/figures.json"


def main() -> None:
    """Reads the command line and measures what is not measured yet."""
    parser = _arguments()
    options = parser.parse_args()
    if options.projects and not {"turborepo", "nx"}.isdisjoint(options.sides):
        parser.error("Turborepo and Nx know one lockfile: with --projects, give --sides bare pants")
    # Servers and daemons must end with this program, also when it is told to stop.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))
    figures = Figures(options.results)
    figures.describe({**figures.about, **_about()})
    with tempfile.TemporaryDirectory(prefix="mf-monorepo-", dir=options.work) as folder:
        for remotes in options.remotes:
            shape = Shape(remotes, options.libraries, options.projects)
            try:
                _measure_size(shape, options, figures, Path(folder))
            except ToolFailed as error:
                sys.exit(str(error))
    for remotes in options.remotes:
        print(_summary(figures, remotes))


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--remotes", type=int, nargs="+", default=[20], help="sizes")
    parser.add_argument("--libraries", type=int, default=3)
    parser.add_argument("--projects", type=int, default=0, help="remotes with their own lockfile")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument(
        "--runs-of",
        type=_runs_of_case,
        nargs="+",
        default=[],
        metavar="CASE=RUNS",
        help="another number of runs for single cases",
    )
    names = [case.name for case in CASES]
    parser.add_argument("--cases", nargs="+", choices=names, default=names)
    parser.add_argument("--sides", nargs="+", choices=list(SIDES), default=list(SIDES))
    parser.add_argument("--results", type=Path, default=_RESULTS, help="where figures are saved")
    parser.add_argument("--work", type=Path, help="where the temporary folder is made")
    return parser


def _runs_of_case(text: str) -> tuple[str, int]:
    name, _, runs = text.partition("=")
    if name not in [case.name for case in CASES]:
        raise argparse.ArgumentTypeError(f"there is no case {name!r}")
    return name, int(runs)


def _measure_size(
    shape: Shape, options: argparse.Namespace, figures: Figures, folder: Path
) -> None:
    missing = [
        (case, side, run)
        for case in CASES
        if case.name in options.cases
        for run in range(dict(options.runs_of).get(case.name, options.runs))
        for side in case.sides
        if side.name in options.sides
        and len(figures.runs(shape.remotes, case.name, side.name)) <= run
    ]
    sides: dict[str, Side] = {}
    with ExitStack() as stack:
        for name in dict.fromkeys(side.name for _, side, _ in missing):
            started = time.monotonic()
            side = SIDES[name](shape, folder / f"{shape.remotes}-{name}", folder / "downloads")
            stack.callback(side.stop)
            side.create()
            sides[name] = side
            _say(f"{shape.remotes} remotes: {name} is ready, {time.monotonic() - started:.0f} s")
        primed = set()
        for case, kind, run in missing:
            side = sides[kind.name]
            if case.warm and kind not in primed:
                side.build(shape.app_names)
                primed.add(kind)
            if case.remote and not side.remote:
                cache = side.remote_cache(folder / f"{shape.remotes}-{side.name}-remote")
                side.remote = stack.enter_context(cache)
                # Another machine checks out what this one has left there.
                side.undo_edits()
                side.fill_remote_cache()
            _take(case, side, run, figures)
            if case.name == "cold":
                _compare(side, figures)
    shutil.rmtree(folder / DISCARDED, ignore_errors=True)


def _compare(side: Side, figures: Figures) -> None:
    outputs = figures.about.get("outputs", {})
    size = str(side.shape.remotes)
    outputs[size] = compared(outputs.get(size, {}), side)
    figures.describe({**figures.about, "outputs": outputs})


def _take(case: Case, side: Side, run: int, figures: Figures) -> None:
    started = time.monotonic()
    found = case.take(side, f"edition-{time.time_ns()}")
    figures.add(
        Figure(side.shape.remotes, row, side.name, run, time.time(), measurement)
        for row, measurement in found.items()
    )
    seconds = " ".join(f"{row} {each.seconds:.2f} s" for row, each in found.items())
    _say(
        f"{side.shape.remotes} remotes, {case.title}, run {run + 1}: {side.name}: {seconds} "
        f"({time.monotonic() - started:.0f} s in all)"
    )


def _summary(figures: Figures, remotes: int) -> str:
    lines = [f"\n{remotes} remotes, seconds: median (min to max), ratio to pants"]
    for case in CASES:
        ours = figures.runs(remotes, case.name, "pants")
        for side in SIDES:
            runs = [each.seconds for each in figures.runs(remotes, case.name, side)]
            if not runs:
                continue
            ratio = ""
            if ours and side != "pants":
                own = statistics.median(each.seconds for each in ours)
                ratio = f"  {statistics.median(runs) / own:.2f}" if own else ""
            lines.append(
                f"{case.name:10} {side:10} {statistics.median(runs):7.2f} "
                f"({min(runs):.2f} to {max(runs):.2f}){ratio}"
            )
    return "\n".join(lines)


def _about() -> dict[str, object]:
    """The machine, and the versions of everything."""
    locked = {
        name: lock["packages"][f"node_modules/{name}"]["version"]
        for kind, names in (
            ("turborepo", ("turbo", "@rspack/core", "@module-federation/enhanced")),
            ("nx", ("nx",)),
            ("pants", ("@mui/material", "react")),
        )
        for lock in [written_lock(kind)]
        for name in names
    }
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        "memory": os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"),
        "date": time.strftime("%Y-%m-%d"),
        "tasks at once": AT_ONCE,
        "versions": {
            **locked,
            "pants": "2.17.1",
            "node": _output("node", "--version"),
            "npm": _output("npm", "--version"),
        },
    }


def _output(*command: str) -> str:
    result = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    return result.stdout.strip()


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

"""Did everything that runs of Pants wanted to upload reach the remote cache?

Pants ends well when an upload fails, and without a word when one was still under way. Both show in
its counters alone, which ``[stats].log`` writes at the end of a run:
``remote_cache_write_attempts``, ``…_successes`` and ``…_errors``
(``process_execution/src/remote_cache.rs`` and ``pants/goal/stats_aggregator.py``, Pants 2.17.1).
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, fields
from typing import BinaryIO, Iterable, Iterator, Sequence

from module_federation.cli.errors import CommandError
from module_federation.cli.inputs import open_at_once
from module_federation.cli.reports import Report
from module_federation.sharing.report.terminal import clean
from module_federation.sharing.report.wording import counted

COMPLETE, INCOMPLETE = 0, 1
"""Exit statuses; 2, for a log that tells nothing, is a ``CommandError``."""

STDIN = "-"

# Code hosts put times before lines, and colours into them.
_COUNTER = re.compile(rb"(?:^|\s)remote_cache_write_(attempts|errors|successes): (\d{1,18})\s*$")
_COLOUR = re.compile(rb"\x1b\[[0-9;]*m")
# No line with a counter is longer; a part of a longer line is taken for a line.
_LONGEST_LINE = 65536

_NO_COUNTERS = (
    "It holds no counters of Pants. Run Pants with --stats-log (or `log = true` in the section "
    "`[stats]` of pants.toml), and give all that it says on stderr. A run that is killed has none."
)
_HALF = (
    "It holds only a part of Pants' counters: it was cut off, or several runs wrote into it at "
    "once. Give the whole log of each run."
)


@dataclass(frozen=True)
class Uploads:
    """The counters of one run: results of processes, each with its files.

    Attributes:
        attempts: Uploads that were begun.
        errors: Those that the server refused, or that did not get through.
        successes: Those that the server has confirmed.
    """

    attempts: int
    errors: int
    successes: int

    @property
    def dropped(self) -> int:
        """Uploads that were still under way when Pants ended."""
        return self.attempts - self.errors - self.successes


def uploads_report(logs: Sequence[str]) -> Report:
    """Whether all uploads of all runs in these logs were confirmed.

    Args:
        logs: Paths; ``-`` is stdin, which is also read if there are none.

    Raises:
        CommandError: A log cannot be read, or has no counters, or half of them.
    """
    runs = [run for log in logs or [STDIN] for run in _runs(log)]
    attempts = sum(run.attempts for run in runs)
    errors = sum(run.errors for run in runs)
    dropped = sum(run.dropped for run in runs)
    told = counted(len(runs), "run")
    if not attempts:
        summary = f"Nothing was to be uploaded to the remote cache ({told} of Pants)."
        return Report(f"{summary}\n", summary, COMPLETE)
    results = counted(attempts, "result")
    if not errors and not dropped:
        summary = f"All uploads to the remote cache were confirmed: {results}, {told} of Pants."
        return Report(f"{summary}\n", summary, COMPLETE)
    summary = f"{errors + dropped} of {results} did not reach the remote cache ({told} of Pants)."
    lines = [summary]
    if dropped:
        lines.append(
            f"  {dropped} still under way when Pants ended. Give uploads more time: "
            "`session_end_tasks_timeout` in `[GLOBAL]`, in seconds (3 unless it is set)."
        )
    if errors:
        lines.append(
            f"  {errors} refused or broken off. The log says why, in warnings of the remote cache; "
            "look at `remote_store_address`, `remote_instance_name`, at the server's own log and "
            "space, and at how many calls it takes at once (`remote_store_rpc_concurrency`)."
        )
    return Report("\n".join([*lines, ""]), summary, INCOMPLETE)


def _runs(log: str) -> list[Uploads]:
    name = "stdin" if log == STDIN else clean(log)
    if log == STDIN:
        if sys.stdin.isatty():
            raise CommandError("Name the log of a run of Pants, or pipe one into this command.")
        return _parsed(_lines(sys.stdin.buffer), name)
    try:
        with open(log, "rb", opener=open_at_once) as file:
            return _parsed(_lines(file), name)
    except OSError as error:
        reason = (error.strerror or str(error)).rstrip(".")
        raise CommandError(f"{name} cannot be read: {reason}. Check the path.") from None


def _parsed(lines: Iterable[bytes], name: str) -> list[Uploads]:
    """The counters of each run, which Pants writes in the order of their names."""
    runs: list[Uploads] = []
    names = [field.name for field in fields(Uploads)]
    found: dict[str, int] = {}
    for line in lines:
        match = _COUNTER.search(_COLOUR.sub(b"", line))
        if match is None:
            continue
        counter, count = match[1].decode(), int(match[2])
        if counter != names[len(found)]:
            raise CommandError(f"{name}: {_HALF}")
        found[counter] = count
        if len(found) == len(names):
            runs.append(Uploads(**found))
            found = {}
    if found:
        raise CommandError(f"{name}: {_HALF}")
    if not runs:
        raise CommandError(f"{name}: {_NO_COUNTERS}")
    return runs


def _lines(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.readline(_LONGEST_LINE), b"")

"""Time, memory and processes of one command with all that it starts, daemons included."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# Reading /proc takes some milliseconds each time, of which all sides pay the same.
_INTERVAL = 0.2
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Use:
    """What processes use at one moment.

    :param resident: bytes of memory in all of them; pages that several share count in each.
    :param private: bytes of that which belong to no file: a better measure for programs that map
        their caches into memory, as Pants does.
    :param processes: how many there are.
    """

    resident: int = 0
    private: int = 0
    processes: int = 0


@dataclass(frozen=True)
class Measurement:
    """
    :param seconds: by the clock.
    :param load: the machine's load average over one minute, before.
    :param peak: the largest values that were seen, each for itself; `None` when nobody looked.
    """

    seconds: float
    load: float
    peak: Use | None = None


def measure(action: Callable[[], object], workspace: Path | None = None) -> Measurement:
    """Times an action.

    :param workspace: watch the processes of this workspace meanwhile.
    """
    load = os.getloadavg()[0]
    watch = _Watch(workspace) if workspace else None
    started = time.perf_counter()
    if watch:
        watch.start()
    action()
    seconds = time.perf_counter() - started
    return Measurement(seconds, load, watch.end() if watch else None)


class _Watch(threading.Thread):
    """Looks at a workspace's processes from time to time and keeps the largest values."""

    def __init__(self, workspace: Path) -> None:
        super().__init__(daemon=True)
        self._workspace = workspace
        self._over = threading.Event()
        self._seen: list[Use] = []

    def run(self) -> None:
        while not self._over.wait(_INTERVAL):
            self._seen.append(use_of(self._workspace))

    def end(self) -> Use:
        """Stops looking."""
        self._over.set()
        self.join()
        seen = self._seen or [use_of(self._workspace)]
        return Use(
            max(use.resident for use in seen),
            max(use.private for use in seen),
            max(use.processes for use in seen),
        )


def use_of(workspace: Path) -> Use:
    """What all processes of a workspace use now."""
    total = Use()
    for process in processes_of(workspace):
        try:
            # See proc(5): size, resident, shared (with files), in pages.
            _, resident, shared, *_ = (Path("/proc") / str(process) / "statm").read_text().split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        total = Use(
            total.resident + int(resident) * _PAGE,
            total.private + (int(resident) - int(shared)) * _PAGE,
            total.processes + 1,
        )
    return total


def processes_of(workspace: Path) -> list[int]:
    """Ids of the processes that work in a folder, and of all below them.

    Daemons work in the folder of their workspace, and what they start is below them.
    """
    children: dict[int, list[int]] = {}
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        process = int(entry.name)
        try:
            status = (entry / "stat").read_text()
            place = os.readlink(entry / "cwd")
        except (FileNotFoundError, PermissionError, ProcessLookupError):
            continue
        if f"{place}/".startswith(f"{workspace}/"):
            found.append(process)
        # The program's name, in brackets, may hold anything; the parent's id is two behind it.
        children.setdefault(int(status.rpartition(")")[2].split()[1]), []).append(process)
    every = set(found)
    while found:
        below = [child for child in children.get(found.pop(), []) if child not in every]
        every.update(below)
        found.extend(below)
    return sorted(every)

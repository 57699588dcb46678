"""Whatever ends a call half-way, `dist` holds whole containers, and the next call is right; and the
one call that never ends by itself, `--loop`."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import threading
import time
import uuid
from pathlib import Path
from typing import Callable, Iterable, Mapping

import pytest

from end_to_end.pants_repository import PantsRepository
from rules import small_shop
from rules.small_shop import CART

#: How long a call may take to get to its bundles, in seconds.
_PATIENCE = 240
_BUNDLE = b"build.mjs"
#: Bundlers do not stay.
_OWN_PROCESSES = "--no-process-execution-local-enable-nailgun"


def _bundle_processes(repository: PantsRepository) -> dict[int, bool]:
    """The bundle processes of a repository, and whether they have something to bundle: their
    sandboxes lie beside it, and are empty where one only stays."""
    sandboxes = repository.root.parent.resolve()
    found = {}
    for folder in Path("/proc").iterdir():
        try:
            if not folder.name.isdigit() or _BUNDLE not in (folder / "cmdline").read_bytes():
                continue
            place = Path(os.readlink(folder / "cwd"))
            if sandboxes in place.parents:
                found[int(folder.name)] = (place / "__mf/container.json").exists()
        except OSError:
            # It has ended meanwhile.
            continue
    return found


def wait_for_bundle(repository: PantsRepository) -> int:
    """The id of a process that bundles, as soon as there is one."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        for process, is_busy in _bundle_processes(repository).items():
            if is_busy:
                return process
        time.sleep(0.002)
    raise AssertionError("no bundle process was started")


def wait_for_end(repository: PantsRepository, processes: Iterable[int]) -> None:
    """Waits until Pants has ended bundle processes, or they themselves."""
    deadline = time.monotonic() + 30
    while set(processes) & set(_bundle_processes(repository)):
        assert time.monotonic() < deadline, "a bundle process goes on without Pants"
        time.sleep(0.05)


def interrupt(repository: PantsRepository, client: int, bundle: int) -> None:
    os.kill(client, signal.SIGINT)


def kill_client(repository: PantsRepository, client: int, bundle: int) -> None:
    os.kill(client, signal.SIGKILL)


def kill_daemon(repository: PantsRepository, client: int, bundle: int) -> None:
    os.kill(repository.daemon_pid(), signal.SIGKILL)


def kill_bundle(repository: PantsRepository, client: int, bundle: int) -> None:
    while True:
        with contextlib.suppress(ProcessLookupError):
            os.kill(bundle, signal.SIGKILL)
            return
        # It ended after it was found.
        bundle = wait_for_bundle(repository)


@pytest.mark.parametrize(
    ("end", "options"),
    [
        pytest.param(interrupt, (), id="Ctrl-C"),
        pytest.param(kill_client, (), id="the client is killed"),
        pytest.param(kill_daemon, (), id="pantsd is killed"),
        pytest.param(interrupt, (_OWN_PROCESSES,), id="Ctrl-C, bundlers do not stay"),
        pytest.param(kill_bundle, (_OWN_PROCESSES,), id="a bundle process is killed"),
    ],
)
def test_an_end_half_way(
    shop: PantsRepository,
    end: Callable[[PantsRepository, int, int], None],
    options: tuple[str, ...],
) -> None:
    shop.write(small_shop.files())
    shop.succeed(*options, "package", "::")
    before = shop.dist()
    # Nothing that a cache could know.
    text = f"items {uuid.uuid4().hex}"
    shop.edit(f"{CART}/src/Cart.tsx", " lines`", f" {text}`")

    process = shop.start(*options, "package", "::")
    bundle = wait_for_bundle(shop)
    # Without pantsd, nobody is left to end those that stay; they end by themselves.
    ended = _bundle_processes(shop) if end is kill_daemon else [bundle]
    end(shop, process.pid, bundle)
    output, _ = process.communicate(timeout=240)
    left = shop.dist()
    if end is not kill_daemon:
        assert process.returncode != 0, output
        assert left == before
    wait_for_end(shop, ended)

    shop.succeed("package", "::")
    after = shop.dist()
    assert _with(text, after) == {"shop.apps.cart/remote"}
    # The client may have started another pantsd, and gone on with that.
    assert left in (before, after)
    # The same again from nothing, for comparison.
    shop.succeed("--no-local-cache", "--no-pantsd", _OWN_PROCESSES, "package", "::")
    assert shop.dist() == after


def test_a_bundler_that_stays_is_killed(shop: PantsRepository) -> None:
    """While it bundles: another process does it, and the call succeeds."""
    shop.write(small_shop.files())
    shop.succeed("package", "::")
    text = f"items {uuid.uuid4().hex}"
    shop.edit(f"{CART}/src/Cart.tsx", " lines`", f" {text}`")
    process = shop.start("package", "::")
    kill_bundle(shop, process.pid, wait_for_bundle(shop))
    output, _ = process.communicate(timeout=240)
    assert process.returncode == 0, output
    assert _with(text, shop.dist()) == {"shop.apps.cart/remote"}


def _with(text: str, files: Mapping[str, bytes]) -> set[str]:
    """The containers that have a text in a file."""
    return {
        name.split("/static/")[0] for name, content in files.items() if text.encode() in content
    }


class Rounds:
    """What a call with `--loop` says, round by round."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._lines: queue.Queue[str] = queue.Queue()
        self._process = process
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line.rstrip())

    def next(self, last_line: str, *, within: float = _PATIENCE) -> list[str]:
        """The lines up to one that ends with `last_line`."""
        lines: list[str] = []
        while not lines or not lines[-1].endswith(last_line):
            lines.append(self._lines.get(timeout=within))
        return lines

    def has_more(self, within: float) -> bool:
        """Whether anything is said within some seconds."""
        try:
            self._lines.get(timeout=within)
        except queue.Empty:
            return False
        return True


def test_loop(shop: PantsRepository) -> None:
    """An edit is one more round, with one bundle; nothing else is."""
    shop.write(small_shop.files())
    shop.succeed("package", "::")
    process = shop.start("--loop", "package", "::")
    rounds = Rounds(process)
    last = "Wrote dist/shop.apps.shell/host"
    assert not _bundled(rounds.next(last))
    # What it has written itself is no change.
    assert not rounds.has_more(within=3)

    for _ in range(2):
        text = f"items {uuid.uuid4().hex}"
        source = small_shop.SOURCES[f"{CART}/src/Cart.tsx"]
        shop.write({f"{CART}/src/Cart.tsx": source.replace(" lines`", f" {text}`")})
        while _with(text, shop.dist()) != {"shop.apps.cart/remote"}:
            bundled = _bundled(rounds.next(last))
        assert bundled == [f"Starting: Bundle {CART}:remote"]
        assert not rounds.has_more(within=3)

    process.send_signal(signal.SIGINT)
    process.wait(timeout=60)
    assert not shop.succeed("package", "::").output.count("Starting: Bundle")


def _bundled(lines: list[str]) -> list[str]:
    return [line.partition("[INFO] ")[2] for line in lines if "Starting: Bundle" in line]

"""Whatever becomes of the server, a build ends with the right bytes, or it ends with an error that
says what is wrong; no file is ever a wrong one."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import Callable, Iterator

from loopback import free_port
from remote_cache.conftest import PACKAGE_CONTAINER, MakeFresh
from remote_cache.machines import INSTALLATIONS
from remote_cache.proxy import proxy
from remote_cache.server import CacheServer, cache_server

# Seconds that Pants waits at its end for uploads, its default: a dead server takes none.
_IMPATIENT = {"session_end_tasks_timeout": "3"}


def finish(process: subprocess.Popen[str], until: Callable[[str], bool]) -> Iterator[str]:
    """Reads what a call of Pants says: yields once when a line is the awaited one, then reads on to
    the end.

    :raises AssertionError: the line never came.
    """
    assert process.stdout is not None
    lines = iter(process.stdout)
    said = []
    for line in lines:
        said.append(line)
        if until(line):
            yield line
            break
    else:
        raise AssertionError(f"The awaited line is not here:\n{''.join(said)}")
    for _ in lines:
        pass
    process.wait(timeout=60)


def test_no_server(right: dict[str, bytes], fresh_machine: MakeFresh) -> None:
    machine = fresh_machine(f"grpc://127.0.0.1:{free_port()}", **_IMPATIENT)
    outcome = machine.call(*PACKAGE_CONTAINER)
    assert outcome.exit_code == 0, outcome.output
    assert "Failed to read from remote cache" in outcome.output
    assert machine.dist == right


def test_a_server_that_never_answers(
    server: CacheServer, right: dict[str, bytes], fresh_machine: MakeFresh
) -> None:
    with proxy(server, mute=True) as between:
        machine = fresh_machine(between.address, **_IMPATIENT)
        outcome = machine.call(*PACKAGE_CONTAINER)
    assert outcome.exit_code == 0, outcome.output
    assert outcome.counters["remote_cache_requests_cached"] == 0
    assert machine.dist == right


def test_a_slow_server(
    server: CacheServer, right: dict[str, bytes], fresh_machine: MakeFresh
) -> None:
    """So slow that a local installation starts before the other one is downloaded."""
    with proxy(server, delay=0.1) as between:
        machine = fresh_machine(between.address, **_IMPATIENT)
        outcome = machine.call(*PACKAGE_CONTAINER)
        assert between.downloaded > 0
    assert outcome.exit_code == 0, outcome.output
    assert {*INSTALLATIONS} & {*outcome.processes}
    assert machine.dist == right


def test_a_server_that_is_killed_while_it_is_written_to(
    servers: Path, right: dict[str, bytes], fresh_machine: MakeFresh
) -> None:
    with cache_server(servers / "killed") as server:
        machine = fresh_machine(server.address, **_IMPATIENT)
        process = machine.start(*PACKAGE_CONTAINER)
        for _ in finish(process, lambda line: f"Completed: {INSTALLATIONS[0]}" in line):
            server.kill()
    assert process.returncode == 0
    assert machine.dist == right


def test_a_server_that_is_gone_while_it_is_read_from(
    server: CacheServer, right: dict[str, bytes], fresh_machine: MakeFresh
) -> None:
    with proxy(server) as between:
        machine = fresh_machine(between.address, **_IMPATIENT)
        process = machine.start(*PACKAGE_CONTAINER)
        deadline = time.monotonic() + 300
        while between.downloaded < 5_000_000:
            assert time.monotonic() < deadline, "nothing is downloaded"
            assert process.poll() is None, "the end came too early"
            time.sleep(0.005)
        between.close()
        output, _ = process.communicate(timeout=300)
    assert process.returncode == 0, output
    assert machine.dist == right


def test_a_disk_that_is_full(
    servers: Path, right: dict[str, bytes], fresh_machine: MakeFresh
) -> None:
    """What fits is stored, what does not is an error of the upload, and no result is half there."""
    with cache_server(servers / "full") as server:
        server.fill_disk()
        machine = fresh_machine(server.address)
        outcome = machine.call(*PACKAGE_CONTAINER)
        assert outcome.exit_code == 0, outcome.output
        assert outcome.counters["remote_cache_write_errors"] > 0
        assert "Failed to write to remote cache" in outcome.output
        assert machine.dist == right
        other = fresh_machine(server.address)
        assert other.call(*PACKAGE_CONTAINER).counters["remote_cache_requests_uncached"] > 0
        assert other.dist == right

"""Whatever becomes of the server, a build ends with the right bytes, or it ends with an error that
says what is wrong; no file is ever a wrong one."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Callable, Iterator

import pytest

from loopback import free_port
from remote_cache.conftest import MakeMachine
from remote_cache.machines import CART, INSTALLATIONS, TOTALS, Machine
from remote_cache.proxy import proxy
from remote_cache.server import CacheServer, cache_server

MakeFresh = Callable[..., Machine]

_CONTAINER = ("package", CART)
_DEFER = {"cache_content_behavior": '"defer"'}
# Seconds that Pants waits at its end for uploads, its default: a dead server takes none.
_IMPATIENT = {"session_end_tasks_timeout": "3"}

# How Pants says that a blob is not what its name promises.
_SAYS_SO = re.compile("Remote CAS gave wrong digest|Blob incomplete")

# Bytes. Small blobs are messages of the protocol: trees, results, commands.
_SMALL = 2_000


@pytest.fixture(scope="module")
def right(first: Machine) -> dict[str, bytes]:
    """What the container must be, packaged while nothing was wrong."""
    right = container_of(first)
    assert len(right) > 15
    return right


def container_of(machine: Machine) -> dict[str, bytes]:
    """The files of the container among all that a machine has packaged."""
    folder = CART.replace("/", ".").replace(":", "/")
    return {name: data for name, data in machine.dist.items() if name.startswith(folder)}


@pytest.fixture
def fresh_machine(first: Machine, another_machine: MakeMachine) -> MakeFresh:
    """Makes machines that know nothing, but for what npm has downloaded before.

    Called with the address of the server, and with more options of `[GLOBAL]`.
    """
    downloads = {"named_caches_dir": f'"{first.folder}/named_caches"'}

    def make(address: str, **options: str) -> Machine:
        return another_machine(address, "checkout", GLOBAL={**downloads, **options})

    return make


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
    outcome = machine.call(*_CONTAINER)
    assert outcome.exit_code == 0, outcome.output
    assert "Failed to read from remote cache" in outcome.output
    assert machine.dist == right


def test_a_server_that_never_answers(
    server: CacheServer, right: dict[str, bytes], fresh_machine: MakeFresh
) -> None:
    with proxy(server, mute=True) as between:
        machine = fresh_machine(between.address, **_IMPATIENT)
        outcome = machine.call(*_CONTAINER)
    assert outcome.exit_code == 0, outcome.output
    assert outcome.counters["remote_cache_requests_cached"] == 0
    assert machine.dist == right


def test_a_slow_server(
    server: CacheServer, right: dict[str, bytes], fresh_machine: MakeFresh
) -> None:
    """So slow that a local installation starts before the other one is downloaded."""
    with proxy(server, delay=0.1) as between:
        machine = fresh_machine(between.address, **_IMPATIENT)
        outcome = machine.call(*_CONTAINER)
        assert between.downloaded > 0
    assert outcome.exit_code == 0, outcome.output
    assert {*INSTALLATIONS} & {*outcome.processes}
    assert machine.dist == right


def test_a_server_that_is_killed_while_it_is_written_to(
    servers: Path, right: dict[str, bytes], fresh_machine: MakeFresh
) -> None:
    with cache_server(servers / "killed") as server:
        machine = fresh_machine(server.address, **_IMPATIENT)
        process = machine.start(*_CONTAINER)
        for _ in finish(process, lambda line: f"Completed: {INSTALLATIONS[0]}" in line):
            server.kill()
    assert process.returncode == 0
    assert machine.dist == right


def test_a_server_that_is_gone_while_it_is_read_from(
    server: CacheServer, right: dict[str, bytes], fresh_machine: MakeFresh
) -> None:
    with proxy(server) as between:
        machine = fresh_machine(between.address, **_IMPATIENT)
        process = machine.start(*_CONTAINER)
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
        outcome = machine.call(*_CONTAINER)
        assert outcome.exit_code == 0, outcome.output
        assert outcome.counters["remote_cache_write_errors"] > 0
        assert "Failed to write to remote cache" in outcome.output
        assert machine.dist == right
        other = fresh_machine(server.address)
        assert other.call(*_CONTAINER).counters["remote_cache_requests_uncached"] > 0
        assert other.dist == right


# --- A storage that is no longer what it was ------------------------------------------------------


def flip(blob: Path) -> None:
    """Changes one bit in the middle."""
    content = bytearray(blob.read_bytes())
    content[len(content) // 2] ^= 1
    rewrite(blob, bytes(content))


def cut(blob: Path) -> None:
    """Takes the second half away."""
    content = blob.read_bytes()
    rewrite(blob, content[: len(content) // 2])


def rewrite(blob: Path, content: bytes) -> None:
    """Puts another file at a blob's place; its other names keep the content."""
    blob.unlink()
    blob.write_bytes(content)


def is_large(blob: Path) -> bool:
    """Whether it is more than a small message of the protocol."""
    return blob.stat().st_size > _SMALL


def is_file_of_result(blob: Path) -> bool:
    """Whether it is large, and no list of files: Pants reads these (messages of type `Tree`, whose
    first field is a message) with the result itself."""
    return is_large(blob) and not blob.read_bytes().startswith(b"\n")


@contextlib.contextmanager
def damaged(
    server: CacheServer,
    kept: Path,
    damage: Callable[[Path], None],
    which: Callable[[Path], bool] = is_large,
) -> Iterator[None]:
    """A storage whose larger blobs, or others, are all damaged, for as long as the block lasts.

    :param kept: where the blobs are kept in the meantime.
    :raises AssertionError: there is no such blob.
    """
    objects = server.storage / "cas/objects"
    shutil.copytree(objects, kept)
    try:
        hit = [blob for blob in server.blobs() if which(blob)]
        assert hit, "there is nothing to damage"
        for blob in hit:
            damage(blob)
        yield
    finally:
        shutil.rmtree(objects)
        shutil.copytree(kept, objects)


@pytest.mark.parametrize("damage", [flip, cut, Path.unlink], ids=["wrong", "cut off", "missing"])
def test_a_damaged_storage(
    server: CacheServer,
    right: dict[str, bytes],
    fresh_machine: MakeFresh,
    tmp_path: Path,
    damage: Callable[[Path], None],
) -> None:
    """By default, Pants looks at what it gets, and makes anew what it can't use."""
    with damaged(server, tmp_path / "kept", damage):
        machine = fresh_machine(server.address)
        outcome = machine.call(*_CONTAINER)
    assert outcome.exit_code == 0, outcome.output
    assert outcome.counters["remote_cache_requests"] > 0
    assert {*INSTALLATIONS} <= {*outcome.processes}
    assert machine.dist == right


@pytest.mark.parametrize("damage", [flip, cut], ids=["wrong", "cut off"])
def test_a_damaged_storage_when_downloads_are_put_off(
    server: CacheServer,
    right: dict[str, bytes],
    fresh_machine: MakeFresh,
    tmp_path: Path,
    damage: Callable[[Path], None],
) -> None:
    """Pants has taken a result for good before it looks at its files, and can only say so."""
    with damaged(server, tmp_path / "kept", damage, is_file_of_result):
        machine = fresh_machine(server.address, **_DEFER)
        outcome = machine.call(*_CONTAINER)
    assert outcome.exit_code == 1
    assert _SAYS_SO.search(outcome.output), outcome.output
    assert machine.dist.items() <= right.items()


def test_files_that_are_gone_when_they_are_needed(
    first: Machine, server: CacheServer, fresh_machine: MakeFresh, tmp_path: Path
) -> None:
    """Servers drop what is old: here installed packages, whose download was put off. Pants finds no
    process that it could run again for them; told to download everything, it does."""
    machine = fresh_machine(server.address, **_DEFER)
    assert machine.call(*_CONTAINER).exit_code == 0
    before = machine.dist
    for edited in (machine, first):
        edited.repository.edit(TOTALS, "SHIPPING = 490", "SHIPPING = 590")
    with damaged(server, tmp_path / "kept", Path.unlink):
        outcome = machine.call(*_CONTAINER)
        assert outcome.exit_code == 1
        assert "Missing digest" in outcome.output
        assert machine.dist == before
        again = machine.call("--cache-content-behavior=fetch", *_CONTAINER)
    assert again.exit_code == 0, again.output
    there = first.call("--no-remote-cache-read", "--no-remote-cache-write", *_CONTAINER)
    assert there.exit_code == 0, there.output
    assert machine.dist == container_of(first)
    assert machine.dist != before

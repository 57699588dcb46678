"""A server whose storage is no longer what it was: what comes of it is right, or an error says so.

In this order: where blobs are missing, the server forgets the results that name them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Callable

import pytest

from remote_cache.conftest import PACKAGE_CONTAINER, MakeFresh, container_of
from remote_cache.damage import cut, damaged, flip, is_file_of_result
from remote_cache.machines import INSTALLATIONS, TOTALS, Machine
from remote_cache.server import CacheServer

_DEFER = {"cache_content_behavior": '"defer"'}

# How Pants says that a blob is not what its name promises.
_SAYS_SO = re.compile("Remote CAS gave wrong digest|Blob incomplete")


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
        outcome = machine.call(*PACKAGE_CONTAINER)
    assert outcome.exit_code == 1
    assert _SAYS_SO.search(outcome.output), outcome.output
    assert machine.dist.items() <= right.items()


def test_files_that_are_gone_when_they_are_needed(
    first: Machine, server: CacheServer, fresh_machine: MakeFresh, tmp_path: Path
) -> None:
    """Servers drop what is old: here installed packages, whose download was put off. Pants finds no
    process that it could run again for them; told to download everything, it does."""
    machine = fresh_machine(server.address, **_DEFER)
    assert machine.call(*PACKAGE_CONTAINER).exit_code == 0
    before = machine.dist
    for edited in (machine, first):
        edited.repository.edit(TOTALS, "SHIPPING = 490", "SHIPPING = 590")
    with damaged(server, tmp_path / "kept", Path.unlink):
        outcome = machine.call(*PACKAGE_CONTAINER)
        assert outcome.exit_code == 1
        assert "Missing digest" in outcome.output
        assert machine.dist == before
        again = machine.call("--cache-content-behavior=fetch", *PACKAGE_CONTAINER)
    assert again.exit_code == 0, again.output
    there = first.call("--no-remote-cache-read", "--no-remote-cache-write", *PACKAGE_CONTAINER)
    assert there.exit_code == 0, there.output
    assert machine.dist == container_of(first)
    assert machine.dist != before


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
        outcome = machine.call(*PACKAGE_CONTAINER)
    assert outcome.exit_code == 0, outcome.output
    assert outcome.counters["remote_cache_requests"] > 0
    assert {*INSTALLATIONS} <= {*outcome.processes}
    assert machine.dist == right

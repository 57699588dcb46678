"""What one machine has built, another one finds: nothing runs twice, and the bytes are the same."""

from __future__ import annotations

import re

from end_to_end.pants_repository import Outcome, without_unpacking
from remote_cache.conftest import MakeMachine
from remote_cache.machines import (
    BUNDLES,
    INSTALLATIONS,
    TOTALS,
    Machine,
    commands,
    looked_up,
)
from remote_cache.proxy import proxy
from remote_cache.server import CacheServer

_DEFER = {"cache_content_behavior": '"defer"'}

# Bytes. Without installed packages, the storefront's results are 2 MB (bundles, install indexes,
# lists of files); with them, they are more than 80.
_WITHOUT_PACKAGES = 8_000_000


def test_every_process_is_uploaded(built: Outcome) -> None:
    """An output that Pants can't describe to a server, such as a link, would be an error here."""
    processes = {*BUNDLES, *INSTALLATIONS}
    asked = looked_up(built)
    assert asked.hits == {}
    assert processes < {*asked.misses}
    assert {*asked.misses} == {*built.processes}
    assert built.counters["remote_cache_write_attempts"] == len(asked.misses)
    assert built.counters["remote_cache_write_successes"] == len(asked.misses)


def test_no_command_names_the_machine(first: Machine, built: Outcome) -> None:
    """Its folders are in no argument and no variable, and neither is what Pants would replace by
    one; what decides the result besides the inputs is there."""
    started = commands(built)
    processes = {name: text for name, text in started.items() if name in looked_up(built).misses}
    assert len(processes) == len(looked_up(built).misses)
    for name, command in processes.items():
        assert str(first.folder) not in command, name
        assert "{chroot}" not in command, name
        assert re.search(r'"MF_NODE_VERSION": "\d+\.\d+\.\d+"', command), name
    for name in INSTALLATIONS:
        assert re.search(r'"MF_NPM_VERSION": "\d+\.\d+\.\d+"', processes[name])


def assert_found(outcome: Outcome, built: Outcome) -> None:
    """All was found that another machine had built. Packages come in packs, and a machine unpacks
    what a server is slow to hand out unpacked."""
    assert without_unpacking(outcome.processes) == []
    hits, there = looked_up(outcome).hits, looked_up(built).misses
    assert hits.items() <= there.items()
    assert without_unpacking(hits.keys() ^ there.keys()) == []


def test_another_machine_runs_nothing_and_downloads_no_packages(
    first: Machine, built: Outcome, server: CacheServer, another_machine: MakeMachine
) -> None:
    with proxy(server) as between:
        machine = another_machine(between.address, "users/ann/src/shop", GLOBAL=_DEFER)
        outcome = machine.package()
        assert between.downloaded < _WITHOUT_PACKAGES
    asked = looked_up(outcome)
    assert asked.misses == {}
    # The same actions, although checkout, home folder, store and caches are elsewhere.
    assert_found(outcome, built)
    assert machine.dist == first.dist
    assert len(machine.dist) > 50


def test_another_machine_downloads_everything_by_default(
    first: Machine, built: Outcome, server: CacheServer, another_machine: MakeMachine
) -> None:
    with proxy(server) as between:
        machine = another_machine(between.address, "srv/ci/workspace")
        outcome = machine.package()
        assert between.downloaded > _WITHOUT_PACKAGES
    assert_found(outcome, built)
    assert machine.dist == first.dist


def test_an_edit_on_another_machine_downloads_what_it_bundles(
    first: Machine, server: CacheServer, another_machine: MakeMachine
) -> None:
    """Packages whose download was put off are there when a bundle needs them; then the first
    machine finds that bundle."""
    machine = another_machine(server.address, "checkout", GLOBAL=_DEFER)
    edited = (TOTALS, "SHIPPING = 490", "SHIPPING = 590")
    machine.repository.edit(*edited)
    (bundle,) = (name for name in BUNDLES if "cart" in name)
    outcome = machine.package()
    began = {*without_unpacking(outcome.processes)} - {*INSTALLATIONS}
    assert began == {*looked_up(outcome).misses}
    assert bundle in outcome.processes
    first.repository.edit(*edited)
    try:
        assert first.package().processes == []
        assert first.dist == machine.dist
    finally:
        first.repository.edit(edited[0], edited[2], edited[1])

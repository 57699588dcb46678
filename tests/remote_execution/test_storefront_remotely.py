"""The storefront, made by the workers of a Remote Execution API server."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Callable, Iterator, Mapping

import pytest

from end_to_end.pants_repository import (
    Outcome,
    PantsRepository,
    make_checkout,
    pants_toml,
    without_unpacking,
)
from remote_execution.server import ExecutionServer, execution_server

SHOP = "examples/storefront"
PACKAGE = ("package", f"{SHOP}::")
CONTAINERS = ("apps/account:remote", "apps/cart:remote", "apps/catalog:remote", "apps/shell:host")

# Pants at level `debug` says so for each process that it hands to a server
# (process_execution/remote/src/remote.rs, Pants 2.17.1).
_EXECUTED = re.compile(r"\[DEBUG\] Remote execution: (.+)")
# What it asks of each worker, once for each daemon.
_PROBES = ("Extract environment variables", "Searching for `", "Test binary ", "Ask ")

MakeMachine = Callable[..., PantsRepository]


def executed(outcome: Outcome) -> list[str]:
    """Descriptions of the processes that the server executed, sorted, without probes."""
    found = _EXECUTED.findall(outcome.output)
    # What unpacks may be named and yet not asked for: a hit in the cache came first.
    surely = len(without_unpacking(found))
    assert surely <= outcome.counters["remote_execution_requests"] <= len(found), outcome.output
    return sorted(text for text in found if not text.startswith(_PROBES))


def work_of(outcome: Outcome) -> list[str]:
    """The same without what only unpacks, and one parse is as good as another."""
    work = without_unpacking(executed(outcome))
    return [re.sub(r"Read the imports of \d+ files", "Parse", text) for text in work]


ALL_WORK = sorted(
    [
        *(f"Bundle {SHOP}/{container}" for container in CONTAINERS),
        f"Install the packages of {SHOP}",
        "Install the packages of the plugin's own tools",
        "Parse",
    ]
)


@pytest.fixture(scope="module")
def make_machine(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeMachine]:
    """Makes a machine with a checkout of the storefront at a path of its own, and empty caches."""
    made = []

    def make(
        checkout: str,
        general: Mapping[str, str],
        federation: Mapping[str, str],
        **sections: Mapping[str, str],
    ) -> PantsRepository:
        folder = tmp_path_factory.mktemp("machine")
        repository = make_checkout(folder / checkout, program, SHOP)
        toml = pants_toml(
            folder,
            **{
                "GLOBAL": {
                    "level": '"debug"',
                    "local_store_dir": f'"{folder}/store"',
                    "named_caches_dir": f'"{folder}/caches"',
                    **general,
                },
                "stats": {"log": "true"},
                "module-federation": {"policy_file": f'"{SHOP}/sharing.toml"', **federation},
                **sections,
            },
        )
        repository.write({"pants.toml": toml})
        made.append(repository)
        return repository

    yield make
    for repository in made:
        repository.end_daemon()


@pytest.fixture(scope="module")
def here(make_machine: MakeMachine) -> PantsRepository:
    """A machine that packaged the storefront by itself."""
    machine = make_machine("here", {}, {})
    machine.succeed(*PACKAGE)
    return machine


@pytest.fixture(scope="module")
def first(
    make_machine: MakeMachine, server: ExecutionServer, worker_options: Mapping[str, str]
) -> tuple[PantsRepository, Outcome]:
    """A machine that let the server package the storefront, and what it said."""
    machine = make_machine("some/where/else", server.options, worker_options)
    return machine, machine.succeed(*PACKAGE)


def test_all_work_is_done_by_the_server(first: tuple[PantsRepository, Outcome]) -> None:
    _, outcome = first
    assert work_of(outcome) == ALL_WORK
    assert outcome.counters["local_execution_requests"] == 0
    counters = outcome.counters
    assert counters["remote_execution_success"] == counters["remote_execution_requests"]


def test_the_bytes_are_those_of_a_local_build(
    first: tuple[PantsRepository, Outcome], here: PantsRepository
) -> None:
    machine, _ = first
    made = machine.dist()
    assert made == here.dist()
    assert {path.split("/")[0] for path in made} == {
        f"{SHOP}/{container}".split(":")[0].replace("/", ".") for container in CONTAINERS
    }


def test_one_edit_is_one_bundle(first: tuple[PantsRepository, Outcome]) -> None:
    machine, _ = first
    before = machine.dist()
    source = f"{SHOP}/apps/cart/src/totals.ts"
    machine.edit(source, "FREE_SHIPPING_FROM = 6000", "FREE_SHIPPING_FROM = 7000")
    outcome = machine.succeed(*PACKAGE)
    after = machine.dist()
    machine.edit(source, "FREE_SHIPPING_FROM = 7000", "FREE_SHIPPING_FROM = 6000")
    assert executed(machine.succeed(*PACKAGE)) == []
    assert [text for text in work_of(outcome) if text != "Parse"] == [
        f"Bundle {SHOP}/apps/cart:remote"
    ]
    assert after != before
    assert machine.dist() == before


def test_another_machine_finds_it_all_done(
    make_machine: MakeMachine,
    first: tuple[PantsRepository, Outcome],
    server: ExecutionServer,
    worker_options: Mapping[str, str],
) -> None:
    machine = make_machine("x", {**server.options, "remote_cache_read": "true"}, worker_options)
    outcome = machine.succeed(*PACKAGE)
    assert work_of(outcome) == []
    assert outcome.counters["local_execution_requests"] == 0
    # What unpacks may have been overtaken.
    assert outcome.counters["remote_cache_requests_cached"] >= len(ALL_WORK)
    assert machine.dist() == first[0].dist()


def refusal(outcome: Outcome) -> str:
    """What the plugin has to say about a build that failed: up to the next line of the log."""
    assert outcome.exit_code == 1
    _, found, message = outcome.output.partition("ModuleFederationError: ")
    assert found, outcome.output
    return re.split(r"^\d\d:\d\d:\d\d", message, flags=re.MULTILINE)[0].strip()


def test_a_source_that_does_not_compile(
    first: tuple[PantsRepository, Outcome], here: PantsRepository
) -> None:
    said = []
    for machine in (first[0], here):
        source = machine.root / SHOP / "apps/cart/src/totals.ts"
        text = source.read_text()
        source.write_text(f"{text}\nexport const broken: = 1;\n")
        said.append(refusal(machine.call("package", f"{SHOP}/apps/cart:remote")))
        source.write_text(text)
    assert said[0] == said[1]
    assert f"{SHOP}/apps/cart/src/totals.ts" in said[0]


def test_the_server_goes_and_comes_back(
    make_machine: MakeMachine,
    casd: Path,
    worker_options: Mapping[str, str],
    here: PantsRepository,
    tmp_path: Path,
) -> None:
    """There is no falling back to this machine: the build ends, and says why."""
    with execution_server(tmp_path / "server", casd) as server:
        machine = make_machine("y", server.options, worker_options)
        building = machine.start(*PACKAGE)
        assert building.stdout is not None
        said = []
        for line in building.stdout:
            said.append(line)
            if "Remote execution: Bundle " in line:
                server.kill()
        killed = Outcome(building.wait(timeout=300), "".join(said))
        for outcome in (killed, machine.call(*PACKAGE)):
            assert outcome.exit_code == 1
            assert "Connection refused" in outcome.output
            assert outcome.counters["local_execution_requests"] == 0
        server.start()
        machine.succeed(*PACKAGE)
    assert machine.dist() == here.dist()


def test_pants_environments(
    make_machine: MakeMachine,
    server: ExecutionServer,
    worker_options: Mapping[str, str],
    here: PantsRepository,
) -> None:
    """One container is built where its `environment` field says, by what that target says of it."""
    machine = make_machine(
        "z", server.options, {}, **{"environments-preview.names": {"worker": '"//:worker"'}}
    )
    fields = (f"module_federation_{name}={value}" for name, value in worker_options.items())
    cart = f"{SHOP}/apps/cart/BUILD"
    machine.write({"BUILD": f"remote_environment(name='worker', {', '.join(fields)})\n"})
    machine.edit(cart, "federated_remote(", "federated_remote(environment='worker', ")
    outcome = machine.succeed("package", f"{SHOP}/apps/cart:remote", f"{SHOP}/apps/account:remote")
    assert f"Bundle {SHOP}/apps/cart:remote" in executed(outcome)
    assert f"Bundle {SHOP}/apps/account:remote" not in executed(outcome)
    checked = machine.succeed("check", f"{SHOP}/apps/cart:remote")
    assert checked.counters["local_execution_requests"] == 0
    made = machine.dist()
    assert made == {path: content for path, content in here.dist().items() if path in made}

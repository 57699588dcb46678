from __future__ import annotations

from pathlib import Path
from typing import Callable, Iterator, Mapping

import pytest

from end_to_end.pants_repository import Outcome, pants_of_these_tests
from remote_cache.machines import CART, Machine, make_machine
from remote_cache.server import CacheServer, cache_server

MakeMachine = Callable[..., Machine]
MakeFresh = Callable[..., Machine]

#: What is asked for where one container is enough.
PACKAGE_CONTAINER = ("package", CART)


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Pants that the tests' own environment holds, as a program."""
    return pants_of_these_tests(tmp_path_factory.mktemp("program"))


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the folders of all servers lie side by side."""
    return tmp_path_factory.mktemp("servers")


@pytest.fixture(scope="module")
def server(servers: Path, request: pytest.FixtureRequest) -> Iterator[CacheServer]:
    """The server of a module's tests; its storage was empty before the first of them."""
    with cache_server(servers / request.module.__name__) as running:
        yield running


@pytest.fixture
def another_machine(program: Path, tmp_path: Path) -> MakeMachine:
    """Makes machines that know nothing yet; see `make_machine`."""

    def make(address: str, checkout: str, **options: Mapping[str, str]) -> Machine:
        folder = tmp_path / f"machine{len(list(tmp_path.iterdir()))}"
        return make_machine(folder, program, address, checkout, **options)

    return make


@pytest.fixture(scope="module")
def first_run(
    server: CacheServer, program: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Machine, Outcome]:
    """The machine that has built the storefront and left its results on the server, and what Pants
    said while it did."""
    machine = make_machine(tmp_path_factory.mktemp("first"), program, server.address, "checkout")
    return machine, machine.package()


@pytest.fixture(scope="module")
def first(first_run: tuple[Machine, Outcome]) -> Machine:
    """The machine that has built the storefront and left its results on the server."""
    return first_run[0]


@pytest.fixture(scope="module")
def built(first_run: tuple[Machine, Outcome]) -> Outcome:
    """What Pants said when the first machine built the storefront."""
    return first_run[1]


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

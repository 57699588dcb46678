from __future__ import annotations

from pathlib import Path
from typing import Callable, Iterator, Mapping

import pytest

from end_to_end.pants_repository import (
    PantsRepository,
    copy_plugin,
    make_checkout,
    pants_of_these_tests,
    pants_toml,
)
from rules import small_shop

MakeStorefront = Callable[..., PantsRepository]


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Pants that the tests' own environment holds, as a program."""
    return pants_of_these_tests(tmp_path_factory.mktemp("program"))


@pytest.fixture(scope="session")
def make_storefront(
    program: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MakeStorefront]:
    """Makes a repository with `examples/storefront` and the plugin's sources.

    `options` are more options of Pants, section → option → value as TOML has it.
    """
    made = []

    def make(options: Mapping[str, Mapping[str, str]]) -> PantsRepository:
        folder = tmp_path_factory.mktemp("storefront")
        repository = make_checkout(folder / "repository", program, "examples/storefront")
        policy = {"policy_file": '"examples/storefront/sharing.toml"'}
        toml = pants_toml(folder, **{"module-federation": policy, **options})
        repository.write({"pants.toml": toml})
        made.append(repository)
        return repository

    yield make
    for repository in made:
        repository.end_daemon()


@pytest.fixture(scope="module")
def shop(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PantsRepository]:
    """A repository with the small shop of the rule tests; whoever changes it puts it right."""
    folder = tmp_path_factory.mktemp("shop")
    repository = PantsRepository(folder / "repository", program)
    repository.root.mkdir()
    copy_plugin(repository.root)
    repository.write({**small_shop.files(), "pants.toml": pants_toml(folder)})
    yield repository
    repository.end_daemon()

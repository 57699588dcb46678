"""What an edit of the shop costs: no process runs that did not have to.

Pants at level `debug` names each process that it starts, and `[stats].log` counts them: see
`Outcome.processes`. A process whose result is found in the cache is not started.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Iterator

import pytest

from end_to_end.conftest import MakeStorefront
from end_to_end.pants_repository import Outcome, PantsRepository, without_unpacking

SHOP = "examples/storefront"
PACKAGE = ("package", f"{SHOP}::")
PARSE = "Read the imports of"
INSTALL = f"Install the packages of {SHOP}"
#: In so many packs the small files of the shop's packages are.
PACKS = 2
ALL = ("apps/account:remote", "apps/cart:remote", "apps/catalog:remote", "apps/shell:host")

#: `currency.js`, which only `cart` imports, one version back; from `npm view currency.js@2.0.3`.
OTHER_CURRENCY = {
    "version": "2.0.3",
    "integrity": "sha512-3rtzulRMwUJHmH0EPKiO/taYEGWlLSG2rpBOaHhfaY1dPGqK595mjg4t4bksy7glHEPZry7l5x"
    "SpXECs1eFrWg==",
}


def bundles(*containers: str) -> list[str]:
    """Descriptions of the processes that bundle these containers."""
    return [f"Bundle {SHOP}/{container}" for container in containers]


def folder(container: str) -> str:
    """Where a container is packaged to, seen from `dist`."""
    return f"{SHOP}/{container}".replace("/", ".").replace(":", "/")


def without_parsing(outcome: Outcome) -> list[str]:
    """The processes of a call in which one bucket of files may have been parsed, without that one:
    most edits can't have changed an import, and parse nothing."""
    parsed = [process for process in outcome.processes if process.startswith(PARSE)]
    assert len(parsed) <= 1
    return [process for process in outcome.processes if process not in parsed]


@pytest.fixture(scope="module")
def packaged(
    make_storefront: MakeStorefront, tmp_path_factory: pytest.TempPathFactory
) -> PantsRepository:
    """The shop, packaged once by a Pants whose cache was empty."""
    store = tmp_path_factory.mktemp("store")
    repository = make_storefront(
        {
            "GLOBAL": {"level": '"debug"', "local_store_dir": f'"{store}"'},
            "stats": {"log": "true"},
        }
    )
    first = repository.succeed(*PACKAGE)
    (parse,) = (process for process in first.processes if process.startswith(PARSE))
    assert without_unpacking(first.processes) == sorted(
        [*bundles(*ALL), INSTALL, "Install the packages of the plugin's own tools", parse]
    )
    return repository


@pytest.fixture
def repository(packaged: PantsRepository) -> Iterator[PantsRepository]:
    """The packaged shop; what a test edits is put right and packaged again after it."""
    before = {
        path: path.read_bytes()
        for path in (packaged.root / SHOP).rglob("*")
        if path.is_file() and "node_modules" not in path.parts
    }
    yield packaged
    for path in (packaged.root / SHOP).rglob("*"):
        if path.is_file() and path not in before:
            path.unlink()
    for path, content in before.items():
        if path.read_bytes() != content:
            path.write_bytes(content)
    packaged.succeed(*PACKAGE)


def test_nothing_changed(repository: PantsRepository) -> None:
    assert repository.succeed(*PACKAGE).counters["local_execution_requests"] == 0


def test_a_new_daemon_finds_everything_in_the_cache(packaged: PantsRepository) -> None:
    before = packaged.dist()
    packaged.end_daemon()
    shutil.rmtree(packaged.root / "dist")
    outcome = packaged.succeed(*PACKAGE)
    assert outcome.processes == []
    # Two installations, the packs of one of them, one parse, four bundles.
    assert outcome.counters["local_cache_requests_cached"] == 7 + PACKS
    assert packaged.dist() == before


def test_an_edit_that_no_container_reaches(repository: PantsRepository) -> None:
    """A test beside the sources, the example's own documentation, the TypeScript settings."""
    repository.edit(f"{SHOP}/apps/cart/src/totals.test.ts", "an empty cart", "no cart")
    repository.edit(f"{SHOP}/README.md", "# Morrow", "# Tomorrow")
    repository.write({f"{SHOP}/apps/cart/notes.txt": "Nothing.\n"})
    assert repository.succeed(*PACKAGE).processes == []


def test_an_edit_of_a_source_that_no_container_reaches(repository: PantsRepository) -> None:
    repository.write({f"{SHOP}/apps/cart/src/unused.ts": "export const unused = 1;\n"})
    repository.succeed(*PACKAGE)
    repository.write({f"{SHOP}/apps/cart/src/unused.ts": "export const unused = 2;\n"})
    assert repository.succeed(*PACKAGE).processes == []


def test_a_new_import_is_seen(repository: PantsRepository) -> None:
    """An edit that does change an import is parsed."""
    repository.write({f"{SHOP}/apps/cart/src/extra.ts": "console.log('extra');\n"})
    repository.succeed(*PACKAGE)
    repository.edit(
        f"{SHOP}/apps/cart/src/totals.ts", "SHIPPING = 490", 'SHIPPING = 490;\nimport "./extra"'
    )
    outcome = repository.succeed(*PACKAGE)
    assert without_parsing(outcome) == bundles("apps/cart:remote")
    assert len(outcome.processes) == 2


@pytest.mark.parametrize(
    ("file", "old", "new", "rebuilt"),
    [
        pytest.param(
            "apps/cart/src/totals.ts", "SHIPPING = 490", "SHIPPING = 590", ["apps/cart:remote"],
            id="of one remote",
        ),
        pytest.param(
            "apps/shell/src/paths.ts", "/cart", "/basket", ["apps/shell:host"],
            id="of the host",
        ),
        pytest.param(
            "libs/format/src/prices.ts", '"en-IE"', '"de-DE"',
            ["apps/account:remote", "apps/cart:remote", "apps/catalog:remote"],
            id="of a library that all remotes use",
        ),
        pytest.param(
            "libs/ui/src/icons/person.svg", "<svg", '<svg id="me"', ["apps/account:remote"],
            id="an image that one remote uses",
        ),
    ],
)  # fmt: skip
def test_an_edit_rebuilds_what_reaches_it(
    repository: PantsRepository, file: str, old: str, new: str, rebuilt: list[str]
) -> None:
    before = repository.dist()
    path = repository.root / SHOP / file
    path.write_text(path.read_text().replace(old, new, 1))
    outcome = repository.succeed(*PACKAGE)
    processes = outcome.processes if file.endswith(".svg") else without_parsing(outcome)
    assert processes == bundles(*rebuilt)
    after = repository.dist()
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    assert {"/".join(name.split("/")[:2]) for name in changed} == {*map(folder, rebuilt)}


def test_another_version_of_a_package_rebuilds_who_reaches_it(repository: PantsRepository) -> None:
    path = repository.root / SHOP / "package-lock.json"
    lock = json.loads(path.read_text())
    lock["packages"]["node_modules/currency.js"].update(OTHER_CURRENCY)
    path.write_text(json.dumps(lock, indent=2))
    outcome = repository.succeed(*PACKAGE)
    assert without_unpacking(outcome.processes) == sorted([INSTALL, *bundles("apps/cart:remote")])
    # One pack has the package; the others are what they were.
    assert len(outcome.processes) == 3


def test_two_packagings_are_the_same_byte_for_byte(
    packaged: PantsRepository, make_storefront: MakeStorefront, tmp_path: Path
) -> None:
    """In another folder, by another daemon, with an empty cache."""
    other = make_storefront({"GLOBAL": {"local_store_dir": f'"{tmp_path}"'}})
    other.succeed(*PACKAGE)
    ours, theirs = packaged.dist(), other.dist()
    assert len(ours) > 50
    assert ours == theirs

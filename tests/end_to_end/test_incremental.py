"""`--changed-since` finds what a change reaches: all containers whose files it changes, few others.

The truth is a packaging of everything after each change: what `--changed-since` left out must be as
it was, byte for byte, and that packaging must have nothing to bundle any more.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from typing import Iterator, Mapping

import pytest

from end_to_end.changes import APPS, CART, CASES, MORE_FILES, SHELL, SHOP, Case
from end_to_end.conftest import MakeStorefront
from end_to_end.pants_repository import Outcome, PantsRepository

CHANGED = ("--changed-since=HEAD", "--changed-dependents=transitive")

# Folders that only some tests package to.
_ADDED = ("dist/.module-federation", "dist/examples.storefront.apps.shell/second", "out")

_WROTE = re.compile(r"Wrote dist/examples\.storefront\.apps\.(\w+)/")
_BUNDLED = re.compile(rf"Completed: Bundle {APPS}/(\w+):")


def git(repository: PantsRepository, *arguments: str) -> str:
    """Runs git with settings that no user can have changed."""
    identity = ("-c", "user.name=Tests", "-c", "user.email=tests@example.com")
    command = ["git", *identity, "-c", "commit.gpgsign=false", *arguments]
    done = subprocess.run(
        command, cwd=repository.root, check=True, stdout=subprocess.PIPE, timeout=60
    )
    return done.stdout.decode()


@pytest.fixture(scope="module")
def committed(
    make_storefront: MakeStorefront, tmp_path_factory: pytest.TempPathFactory
) -> PantsRepository:
    """The shop in a git repository, committed and packaged."""
    store = tmp_path_factory.mktemp("store")
    repository = make_storefront(
        {
            "GLOBAL": {"local_store_dir": f'"{store}"'},
            "stats": {"log": "true"},
        }
    )
    repository.write(MORE_FILES)
    repository.edit(f"{APPS}/shell/BUILD", 'name="host",', 'name="host", html="page.html",')
    git(repository, "init", "--quiet")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message=The shop")
    repository.succeed("package", f"{SHOP}::")
    return repository


@pytest.fixture(scope="module")
def before(committed: PantsRepository) -> Mapping[str, bytes]:
    """What was packaged of the commit."""
    return committed.dist()


@pytest.fixture
def repository(
    committed: PantsRepository, before: Mapping[str, bytes]
) -> Iterator[PantsRepository]:
    """The shop as it was committed; what a test changes is put right after it.

    `dist` keeps the containers of the commit as the test has packaged them, and nothing else.
    """
    yield committed
    git(committed, "reset", "--quiet", "--hard")
    git(committed, "clean", "--quiet", "--force", "-d", SHOP)
    for added in _ADDED:
        shutil.rmtree(committed.root / added, ignore_errors=True)


def written(outcome: Outcome) -> set[str]:
    """The containers that a call of `package` wrote."""
    return {*_WROTE.findall(outcome.output)}


def bundled(outcome: Outcome) -> set[str]:
    """The containers for which a bundle process ran."""
    return {*_BUNDLED.findall(outcome.output)}


def folders(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> set[str]:
    """The containers of which at least one file is another."""
    names = {name for name in {*one, *other} if one.get(name) != other.get(name)}
    return {name.split("/")[0].rpartition(".")[2] for name in names}


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in CASES.items()])
def test_what_a_change_reaches(
    repository: PantsRepository, before: Mapping[str, bytes], case: Case
) -> None:
    case.change(repository)
    changed = repository.succeed(*CHANGED, "package")
    everything = repository.succeed("package", f"{SHOP}::")
    differ = folders(before, repository.dist())
    assert differ == (case.bundled if case.differ is None else case.differ)
    assert written(changed) == case.packaged
    assert bundled(changed) == case.bundled
    assert differ <= case.packaged
    assert everything.counters["local_execution_requests"] == 0


def test_a_committed_change(repository: PantsRepository) -> None:
    """As a CI asks for it: since the commit before."""
    repository.edit(f"{APPS}/cart/src/totals.ts", "SHIPPING = 490", "SHIPPING = 690")
    git(repository, "commit", "--quiet", "--all", "--message=Dearer")
    since = ("--changed-since=HEAD^", "--changed-dependents=transitive")
    outcome = repository.succeed(*since, "package")
    assert (written(outcome), bundled(outcome)) == ({CART, SHELL}, {CART})
    git(repository, "reset", "--quiet", "--hard", "HEAD^")
    assert written(repository.succeed(*CHANGED, "package")) == set()


def test_two_hosts_with_the_same_remotes(repository: PantsRepository) -> None:
    """A remote is bundled once, however many hosts load it."""
    build = (repository.root / APPS / "shell/BUILD").read_text()
    second = build[build.index("federated_host(") :].replace('name="host"', 'name="second"')
    second = second.replace('name="second",', 'name="second", container_name="second",')
    repository.write({f"{APPS}/shell/BUILD": f"{build}\n{second}"})
    repository.edit(f"{APPS}/cart/src/totals.ts", "SHIPPING = 490", "SHIPPING = 790")
    outcome = repository.succeed(*CHANGED, "package")
    assert sorted(_BUNDLED.findall(outcome.output)) == [CART, SHELL]
    assert "Wrote dist/examples.storefront.apps.shell/second" in outcome.output


def dependents(repository: PantsRepository, goal: str, *arguments: str) -> set[str]:
    """What a goal lists, one per line."""
    return {*repository.succeed(goal, *arguments).output.splitlines()}


def test_what_pants_says_of_dependencies(repository: PantsRepository) -> None:
    """`dependents`, `dependencies`, `filedeps` and `paths`: sources, containers, packages,
    settings."""
    cart, shell = f"{APPS}/cart:remote", f"{APPS}/shell:host"
    totals = f"{APPS}/cart/src/totals.ts"
    assert dependents(repository, "dependents", "--transitive", totals) >= {cart, shell}
    manifest = f"{SHOP}/libs/format/package.json"
    assert dependents(repository, "dependents", "--transitive", manifest) >= {
        f"{APPS}/account:remote",
        f"{APPS}/cart:remote",
        f"{APPS}/catalog:remote",
    }
    money = f"{APPS}/cart:package#currency.js"
    assert f"{totals}:../cart" in dependents(repository, "dependents", money)
    for settings in ("package-lock.json", "sharing.toml"):
        found = dependents(repository, "dependents", f"{SHOP}/{settings}")
        assert found >= {f"{APPS}/{name}:remote" for name in ("account", "cart", "catalog")}
        assert shell in found
    found = dependents(repository, "dependents", f"{SHOP}/tsconfig.base.json")
    assert f"{totals}:../cart" in found

    files = dependents(repository, "filedeps", "--transitive", cart)
    assert files >= {totals, f"{SHOP}/libs/format/src/prices.ts", f"{SHOP}/package-lock.json"}
    assert not {file for file in files if file.startswith(f"{APPS}/catalog/")}
    everything = dependents(repository, "dependencies", "--transitive", cart)
    assert {f"{totals}:../cart", money, f"{SHOP}:_node_project"} <= everything
    output = repository.succeed("paths", f"--from={cart}", f"--to={totals}:../cart").output
    found_paths = re.search(r"^\[$.*?^\]$", output, re.DOTALL | re.MULTILINE)
    assert found_paths is not None, output
    paths = json.loads(found_paths[0])
    assert min(map(len, paths)) >= 2
    assert all((path[0], path[-1]) == (cart, f"{totals}:../cart") for path in paths)


EXPLAIN = "--module-federation-explain-rebuilds"
_TOLD = re.compile(r"Since the last build in (\S+):\n(.*?)(?=\n\d\d:\d\d:\d\d|\Z)", re.DOTALL)


def told(outcome: Outcome, dist: str = "dist") -> str:
    """What `package` said about why it built."""
    ((folder, text),) = _TOLD.findall(outcome.output)
    assert folder == dist
    return str(text).strip()


def explained(repository: PantsRepository, *options: str) -> str:
    return told(repository.succeed(EXPLAIN, *options, "package", f"{SHOP}::"))


def without_origins(text: str) -> list[str]:
    """The lines, whether a bundle ran or pantsd remembers it of another test."""
    return re.sub(r": (?:bundled again|taken from what pantsd remembers);", ": built;", text).split(
        "\n"
    )


NAMES = f"{APPS}/account:remote, {APPS}/cart:remote, {APPS}/catalog:remote"


def test_explained_rebuilds(repository: PantsRepository) -> None:
    """One story: what is said after each of some changes."""
    repository.succeed("package", f"{SHOP}::")
    assert not (repository.root / "dist/.module-federation").exists()
    assert explained(repository) == (
        "4 containers: taken from what pantsd remembers; the one in dist has no record of what it "
        f"was made from\n  {NAMES}, {APPS}/shell:host"
    )
    assert explained(repository) == f"Unchanged: {NAMES}, {APPS}/shell:host"

    # A library: one group for all that import it.
    repository.edit(f"{SHOP}/libs/format/src/prices.ts", '"en-IE"', '"fr-FR"')
    assert explained(repository) == (
        f"3 containers: bundled again; changed: 1 source\n  {NAMES}\n"
        f"  source {SHOP}/libs/format/src/prices.ts: changed\nUnchanged: {APPS}/shell:host"
    )
    git(repository, "reset", "--quiet", "--hard")
    assert explained(repository, "--no-pantsd").startswith(
        f"3 containers: taken from the local cache; changed: 1 source\n  {NAMES}\n"
    )

    # A package and its policy.
    CASES["the lockfile: a package that one remote reaches"].change(repository)
    CASES["the policy"].change(repository)
    assert without_origins(explained(repository)) == [
        f"{APPS}/account:remote: built; changed: 1 shared module",
        "  shared dayjs, singleton: false → true",
        f"{APPS}/cart:remote: built; changed: 1 installed package, 1 shared module",
        "  package currency.js: 2.0.4 → 2.0.3",
        "  shared dayjs, singleton: false → true",
        f"Unchanged: {APPS}/catalog:remote, {APPS}/shell:host",
    ]
    git(repository, "reset", "--quiet", "--hard")

    # Fields, and what a host is told of its remotes.
    CASES["a BUILD file: one more exposed module"].change(repository)
    lines = without_origins(explained(repository))
    assert "  option exposes, ./ThankYou: added, " + f"{APPS}/cart/src/ThankYou.tsx" in lines
    assert lines[-3:] == [
        f"{APPS}/shell:host: built; changed: 1 option",
        "  option remotes, cart, ./ThankYou: added, exposed",
        f"Unchanged: {APPS}/catalog:remote",
    ]


def test_what_is_not_known_of_the_last_build(repository: PantsRepository) -> None:
    explained(repository)
    # Built without the option.
    repository.edit(f"{APPS}/shell/src/paths.ts", "/cart", "/trolley")
    repository.succeed("package", f"{SHOP}::")
    git(repository, "reset", "--quiet", "--hard")
    assert (
        f"{APPS}/shell:host: taken from what pantsd remembers; the one in dist is not the one that "
        "was recorded last" in explained(repository)
    )

    # A broken record, and one of another plugin.
    records = repository.root / "dist/.module-federation/builds"
    record = records / "examples.storefront.apps.cart/remote.json"
    record.write_text(record.read_text()[:100])
    assert (
        f"{APPS}/cart:remote: taken from what pantsd remembers; the one in dist has no record"
        in explained(repository)
    )
    assert explained(repository).startswith("Unchanged: ")

    # A folder that was deleted; all of `dist`; another `dist`.
    shutil.rmtree(repository.root / "dist/examples.storefront.apps.cart")
    assert (
        f"{APPS}/cart:remote: taken from what pantsd remembers; there was none in dist\n"
        in explained(repository)
    )
    shutil.rmtree(repository.root / "dist")
    assert explained(repository).startswith("4 containers: ")
    other = ("--no-pantsd", "--pants-distdir=out/packages", EXPLAIN, "package", f"{SHOP}::")
    assert told(repository.succeed(*other), "out/packages").splitlines()[0] == (
        "4 containers: taken from the local cache; there was none in out/packages"
    )
    assert explained(repository).startswith("Unchanged: ")


def test_records_are_no_part_of_what_is_deployed(
    repository: PantsRepository, before: Mapping[str, bytes]
) -> None:
    explained(repository)
    after = repository.dist()
    records = {name for name in after if name.startswith(".module-federation/")}
    assert {name: after[name] for name in after.keys() - records} == before
    # One small file for each container.
    assert len(records) == 4
    assert all(len(after[name]) < 40_000 for name in records)

"""Where pnpm's packages are put: everyone finds by Node's walk what pnpm linked."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Sequence

import pytest

import module_federation

RUNNER = Path(__file__).parent / "placement_runner.mjs"
PLACEMENT = Path(module_federation.__file__).parent / "bundler/install/placement.mjs"

Graph = Mapping[str, Mapping[str, str]]


def place_all(cases: Sequence[Mapping[str, Any]]) -> List[Dict[str, Any]]:
    """The places of many graphs, from one process."""
    done = subprocess.run(
        ["node", str(RUNNER), str(PLACEMENT)],
        input=json.dumps(cases).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    answers: List[Dict[str, Any]] = json.loads(done.stdout)
    return answers


def case(
    graph: Graph, importers: Sequence[str] = ("",), bundled: Mapping[str, Sequence[str]] = {}
) -> Dict[str, Any]:
    return {"graph": graph, "importers": list(importers), "bundled": bundled}


def places(graph: Graph, *importers: str, **more: Any) -> Dict[str, str]:
    """Path → what is there."""
    (answer,) = place_all([case(graph, ["", *importers], **more)])
    return {each["path"]: each["instance"] for each in answer["places"]}


def node_finds(found: Mapping[str, str], folder: str, name: str) -> str | None:
    """Node's walk: `node_modules/<name>` in the folder and in each one above it."""
    while True:
        if folder != "node_modules" and not folder.endswith("/node_modules"):
            candidate = f"{folder}/node_modules/{name}" if folder else f"node_modules/{name}"
            if candidate in found:
                return found[candidate]
        if not folder:
            return None
        folder = folder.rpartition("/")[0]


def wrong(given: Mapping[str, Any], answer: Mapping[str, Any]) -> Iterator[str]:
    """What somebody would not find, or find another copy of."""
    found = {each["path"]: each["instance"] for each in answer["places"]}
    for each in answer["places"]:
        for name in given["bundled"].get(each["instance"], ()):
            found[f"{each['path']}/node_modules/{name}"] = "bundled"
    folders = [(folder, folder) for folder in given["importers"]]
    folders += [(each["path"], each["instance"]) for each in answer["places"] if not each["isLink"]]
    for folder, instance in folders:
        for name, wanted in given["graph"].get(instance, {}).items():
            expected = "bundled" if name in given["bundled"].get(instance, ()) else wanted
            got = node_finds(found, folder, name)
            if got != expected:
                yield f"{folder or 'the project'} finds {got} for {name}, not {expected}"


def test_nothing() -> None:
    assert places({"": {}}) == {}


def test_everything_goes_to_the_top() -> None:
    graph = {"": {"a": "a1"}, "a1": {"b": "b1"}, "b1": {"c": "c1"}, "c1": {}}
    assert places(graph) == {
        "node_modules/a": "a1",
        "node_modules/b": "b1",
        "node_modules/c": "c1",
    }


def test_two_versions() -> None:
    graph = {"": {"a": "a1", "b": "b2"}, "a1": {"b": "b1"}, "b1": {}, "b2": {}}
    assert places(graph) == {
        "node_modules/a": "a1",
        "node_modules/a/node_modules/b": "b1",
        "node_modules/b": "b2",
    }


def test_what_most_want_goes_to_the_top() -> None:
    graph = {"one": {"a": "a1"}, "two": {"a": "a2"}, "three": {"a": "a2"}, "a1": {}, "a2": {}}
    assert places(graph, "one", "two", "three") == {
        "one/node_modules/a": "a1",
        "node_modules/a": "a2",
    }


@pytest.mark.parametrize("plugin", ["plugin", "a-plugin"], ids=["after its peer", "before it"])
def test_a_package_stays_beside_its_peer(plugin: str) -> None:
    """Both applications and their plugins get one copy of the library each, not two."""
    graph = {
        "one": {"lib": "lib1", plugin: "plugin(lib1)"},
        "two": {"lib": "lib2", plugin: "plugin(lib2)"},
        "plugin(lib1)": {"lib": "lib1"},
        "plugin(lib2)": {"lib": "lib2"},
        "lib1": {},
        "lib2": {},
    }
    found = places(graph, "one", "two")
    assert sorted(found.values()) == ["lib1", "lib2", "plugin(lib1)", "plugin(lib2)"]


def test_nothing_comes_between_a_package_and_what_it_finds() -> None:
    graph = {
        "": {"a": "a1", "c": "c1"},
        "a1": {"b": "b1"},
        "b1": {"c": "c1", "d": "d1"},
        "d1": {"c": "c2"},
        "c1": {},
        "c2": {},
    }
    given = case(graph)
    (answer,) = place_all([given])
    assert list(wrong(given, answer)) == []


def test_workspace_packages_are_links() -> None:
    graph = {
        "apps/x": {"ui": "libs/ui", "a": "a1"},
        "libs/ui": {"a": "a2"},
        "a1": {},
        "a2": {},
    }
    given = case(graph, ["", "apps/x", "libs/ui"])
    (answer,) = place_all([given])
    assert {"path": "node_modules/ui", "instance": "libs/ui", "isLink": True} in answer["places"]
    assert not [each for each in answer["places"] if each["path"].startswith("node_modules/ui/")]
    assert list(wrong(given, answer)) == []


def test_a_bundled_package_hides_the_one_above() -> None:
    graph = {"": {"a": "a1"}, "a1": {"c": "c1"}, "c1": {"b": "b1"}, "b1": {}}
    given = case(graph, bundled={"a1": ["b"]})
    (answer,) = place_all([given])
    assert list(wrong(given, answer)) == []


def test_packages_that_need_each_other_endlessly() -> None:
    graph = {
        "": {"a": "a1", "b": "b1"},
        "a1": {"b": "b2"},
        "b2": {"a": "a2"},
        "a2": {"b": "b1"},
        "b1": {"a": "a1"},
    }
    (answer,) = place_all([case(graph)])
    # Both ends are right; silence about a wrong copy would not be.
    if "error" in answer:
        assert "endlessly" in answer["error"]
    else:
        assert list(wrong(case(graph), answer)) == []


def random_case(rng: random.Random) -> Dict[str, Any]:
    """Packages of a few names in several versions; some packages depend on what comes later only,
    so that most graphs have a layout, but not all."""
    names = [f"p{number}" for number in range(rng.randint(2, 6))]
    ids = [f"{name}@{version}" for name in names for version in range(rng.randint(1, 3))]
    importers = ["", *rng.sample(["apps/x", "apps/y", "apps/x/inner", "libs/z"], rng.randint(0, 4))]
    cyclic = rng.random() < 0.3
    graph: Dict[str, Dict[str, str]] = {}
    for position, each in enumerate([*importers, *ids]):
        pool = ids if each in importers or cyclic else ids[position - len(importers) + 1 :]
        targets = rng.sample(pool, min(len(pool), rng.randint(0, 4)))
        graph[each] = {target.split("@")[0]: target for target in targets}
    for each in importers[1:]:
        if rng.random() < 0.3:
            graph[each]["own"] = rng.choice(importers[1:])
    bundled = {rng.choice(ids): [rng.choice(names)]} if rng.random() < 0.2 else {}
    return case(graph, importers, bundled)


def test_everybody_finds_the_right_copy_in_random_graphs() -> None:
    rng = random.Random(20261122)
    cases = [random_case(rng) for _ in range(3000)]
    endless = 0
    for given, answer in zip(cases, place_all(cases)):
        if "error" in answer:
            endless += 1
            continue
        assert list(wrong(given, answer)) == [], json.dumps(given)
    assert endless < len(cases) / 10


def test_the_order_of_the_graph_does_not_matter() -> None:
    rng = random.Random(7)
    cases = [random_case(rng) for _ in range(200)]

    def turned(given: Mapping[str, Any]) -> Dict[str, Any]:
        graph = {
            each: dict(reversed(list(links.items())))
            for each, links in reversed(list(given["graph"].items()))
        }
        return case(graph, given["importers"][::-1], given["bundled"])

    assert place_all(cases) == place_all([turned(each) for each in cases])

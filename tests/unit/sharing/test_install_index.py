"""Reading an index, Node's walk, closures and the globs that cut them out."""

from __future__ import annotations

import json
import random
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from module_federation.sharing.install_index import InstallIndex, InstallIndexError
from unit.sharing.installs import index, index_bytes, package, react_shop, workspace

NESTED = index(
    workspace("", "root", dependencies={"a": "*", "b": "*"}),
    workspace("apps/x", "x", dependencies={"a": "*"}),
    package("node_modules/a", dependencies={"b": "^1", "gone": "^1"}),
    package("node_modules/a/node_modules/b", "1.0.0", optionalDependencies={"gone2": "*"}),
    package("node_modules/b", "2.0.0", dependencies={"a": "*"}),
    package("node_modules/b/node_modules/unused", "1.0.0"),
    package("node_modules/c", dependencies={"@s/d": "*"}, peerDependencies={"a": "*", "p": "*"}),
    package("node_modules/c/node_modules/@s/d", dependencies={"c": "*"}),
    package("node_modules/c/node_modules/e"),
    links={"node_modules/x": "apps/x"},
)


@pytest.mark.parametrize(
    ("start", "name", "expected"),
    [
        pytest.param("", "b", "node_modules/b", id="from the root"),
        pytest.param("apps/x", "b", "node_modules/b", id="from a workspace, hoisted"),
        pytest.param("apps/x/src/deep", "a", "node_modules/a", id="from a folder of it"),
        pytest.param("node_modules/a", "b", "node_modules/a/node_modules/b", id="nested first"),
        pytest.param(
            "node_modules/a/node_modules/b", "a", "node_modules/a", id="upwards, past siblings"
        ),
        pytest.param("node_modules/c", "@s/d", "node_modules/c/node_modules/@s/d", id="scoped"),
        pytest.param(
            "node_modules/c/node_modules/@s/d",
            "e",
            "node_modules/c/node_modules/e",
            id="beside a scope",
        ),
        pytest.param("", "x", "apps/x", id="through a link"),
        pytest.param("node_modules/x", "a", "node_modules/a", id="from a link, by its real path"),
        pytest.param("", "unused", None, id="nested elsewhere"),
        pytest.param("", "__proto__", None, id="a name of JavaScript's"),
    ],
)
def test_resolve(start: str, name: str, expected: str | None) -> None:
    found = NESTED.resolve(start, name)
    assert (found.path if found else None) == expected


def test_closure_follows_every_kind_of_edge_and_reports_what_is_missing() -> None:
    reached = NESTED.closure([("apps/x", "a"), "node_modules/c"])
    assert [copy.path for copy in reached.copies] == [
        "node_modules/a",
        "node_modules/a/node_modules/b",
        "node_modules/c",
        "node_modules/c/node_modules/@s/d",
    ]
    assert [(each.source.path, each.declaration.name) for each in reached.missing] == [
        ("node_modules/a", "gone"),
        ("node_modules/c", "p"),
    ]


def test_chains_and_duplicates() -> None:
    reached = NESTED.closure([""])
    duplicates = reached.duplicates()
    assert list(duplicates) == ["b"]
    assert [copy.version for copy in duplicates["b"]] == ["1.0.0", "2.0.0"]
    assert reached.chain_to("node_modules/a/node_modules/b") == (
        "root@1.0.0 → a@1.0.0 (dependencies: *)",
        "a@1.0.0 → b@1.0.0 (dependencies: ^1)",
    )
    assert reached.chain_to("") == ()


@pytest.mark.parametrize(
    ("roots", "expected"),
    [
        pytest.param(
            ["node_modules/b"],
            {
                "node_modules/a": ("node_modules/a", "node_modules/a/node_modules/b"),
                "node_modules/b": ("node_modules/b",),
            },
            id="one nested is reachable, one is not",
        ),
        pytest.param(
            ["node_modules/c"],
            {
                "node_modules/a": ("node_modules/a", "node_modules/a/node_modules/b"),
                "node_modules/c": ("node_modules/c", "node_modules/c/node_modules/@s/d"),
            },
            id="one of two in the same package",
        ),
        pytest.param(
            [""],
            {
                "node_modules/a": ("node_modules/a", "node_modules/a/node_modules/b"),
                "node_modules/b": ("node_modules/b",),
            },
            id="no workspace package is cut",
        ),
    ],
)
def test_nests(roots: list[str], expected: dict[str, tuple[str, ...]]) -> None:
    assert NESTED.closure(roots).nests() == expected


@given(st.integers(min_value=0, max_value=2**32))
def test_nests_have_all_that_is_reachable_and_nothing_else(seed: int) -> None:
    rng = random.Random(seed)
    installed = _random_index(rng, 30)
    reached = installed.closure(rng.sample(sorted(installed.copies), 2))
    wanted = [copy.path for copy in reached.copies if not copy.is_workspace]
    nests = reached.nests()
    assert sorted(path for nest in nests.values() for path in nest) == wanted
    for outermost, nest in nests.items():
        assert nest[0] == outermost
        assert all(path.startswith(f"{outermost}/") for path in nest[1:])
        assert not any(outermost.startswith(f"{other}/") for other in wanted)


@given(st.integers(min_value=0, max_value=2**32))
def test_closure_does_not_depend_on_the_order_of_roots(seed: int) -> None:
    rng = random.Random(seed)
    installed = _random_index(rng, 20)
    roots = rng.sample(sorted(installed.copies), 3)
    reached = installed.closure(roots)
    again = installed.closure(list(reversed(roots)))
    assert (reached, reached.parents) == (again, again.parents)


def _random_index(rng: random.Random, size: int) -> InstallIndex:
    names = [f"p{number}" for number in range(size)]
    paths = [""]
    for name in names:
        outer = rng.choice(paths)
        paths.append(f"{outer}/node_modules/{name}" if outer else f"node_modules/{name}")
    return index(
        workspace("", "root"),
        *(
            package(path, dependencies={rng.choice(names): "*" for _ in range(2)})
            for path in paths[1:]
        ),
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"{", "is not JSON", id="broken JSON"),
        pytest.param(b"\xff", "is not JSON", id="no UTF-8"),
        pytest.param(b"[" * 100_000, "is not JSON", id="very deep JSON"),
        pytest.param(b"[]", "is not an object", id="a list"),
        pytest.param(b'{"version": 2, "packages": []}', "reads 1", id="another version"),
        pytest.param(b'{"version": true, "packages": []}', "reads 1", id="no number"),
        pytest.param(b'{"version": 1}', "`packages` is not a list", id="no packages"),
        pytest.param(index_bytes(package("/etc/a")), "an absolute path", id="absolute"),
        pytest.param(index_bytes(package("C:/a", name="a")), "an absolute path", id="a drive"),
        pytest.param(index_bytes(package("a/../b", name="b")), "not a plain path", id="dots"),
        pytest.param(index_bytes(package("a//b", name="b")), "not a plain path", id="nothing"),
        pytest.param(index_bytes(package("a\\b", name="b")), "no path may have", id="backslash"),
        pytest.param(index_bytes(package("a\0", name="b")), "no path may have", id="NUL"),
        pytest.param(index_bytes(package("node_modules/__proto__")), "plain path", id="proto"),
        pytest.param(
            index_bytes(package("a", name="__proto__")), "no package may", id="proto name"
        ),
        pytest.param(index_bytes(package("a", name="..")), "no package may", id="dots as name"),
        pytest.param(index_bytes(package("a", name=3)), "not a text", id="number as name"),
        pytest.param(index_bytes(package("a", version=3)), "`version` of the", id="number"),
        pytest.param(index_bytes(package("a", dependencies=[])), "not an object", id="list"),
        pytest.param(
            index_bytes(package("a", dependencies={"b": None})), "`b` in `dependencies`", id="null"
        ),
        pytest.param(
            index_bytes(package("a", dependencies={"../b": "*"})), "no package may", id="path"
        ),
        pytest.param(index_bytes(package("a", workspace=1)), "neither true nor", id="flag"),
        pytest.param(index_bytes(package("a"), package("a")), "twice", id="a path twice"),
        pytest.param(index_bytes(links={"a": "../x"}), "not a plain path", id="link outside"),
        pytest.param(index_bytes(links={"a": "b", "b": "a"}), "in a circle", id="link circle"),
    ],
)
def test_what_cannot_be_right_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(InstallIndexError, match="The install index is not usable") as raised:
        InstallIndex.parse(content)
    assert says in str(raised.value)


_KEYS = st.sampled_from(
    [
        "version",
        "packages",
        "links",
        "path",
        "name",
        "dependencies",
        "exports",
        "target",
        "catalogs",
    ]
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.text() | st.integers(),
    lambda inner: st.lists(inner) | st.dictionaries(_KEYS, inner),
)


@given(_JSON)
def test_any_json_is_read_or_refused(value: Any) -> None:
    data = {"version": 1, "packages": [], **value} if isinstance(value, dict) else value
    refused = read = False
    try:
        read = bool(InstallIndex.parse(json.dumps(data).encode()).fingerprint)
    except InstallIndexError:
        refused = True
    assert read is not refused


def test_equal_files_give_equal_indexes() -> None:
    assert react_shop() == react_shop()
    assert react_shop() != NESTED
    assert hash(react_shop()) == hash(react_shop())


def test_an_alias_goes_by_the_name_of_its_folder() -> None:
    installed = index(workspace("", ""), package("node_modules/old-react", name="react"))
    found = installed.resolve("", "old-react")
    assert found is not None
    assert (found.name, found.install_name) == ("react", "old-react")


def test_a_closure_of_two_thousand_copies_is_fast() -> None:
    rng = random.Random(1)
    names = [f"p{number}" for number in range(2000)]
    installed = index(
        workspace("", "root", dependencies=dict.fromkeys(names, "*")),
        *(
            package(f"node_modules/{name}", dependencies={rng.choice(names): "*" for _ in range(4)})
            for name in names
        ),
    )
    installed.closure([""])
    timings = []
    for _ in range(5):
        start = time.perf_counter()
        reached = installed.closure([""])
        timings.append(time.perf_counter() - start)
    assert len(reached.copies) == 2001
    # 0.01 s on an idle machine; the rest is for machines that are not.
    assert min(timings) < 0.1

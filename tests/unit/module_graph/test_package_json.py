from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from module_federation.module_graph.json_lines import key_lines, load_json
from module_federation.module_graph.package_json import PackageManifest, PackageManifestError

MANIFEST = b"""{
  "name": "@shop/cart",
  "version": "1.2.3",
  "private": true,
  "type": "module",
  "packageManager": "npm@11.0.0",
  "sideEffects": ["*.css"],
  "exports": {
    ".": {
      "import": "./src/index.ts"
    }
  },
  "dependencies": {
    "react": "^19.0.0",
    "a\\"b": "1"
  },
  "peerDependencies": {
    "react-dom": "^19"
  },
  "peerDependenciesMeta": { "react-dom": { "optional": true } },
  "devDependencies": { "react-dom": "19.1.0", "typescript": "5" },
  "optionalDependencies": { "fsevents": "2" },
  "workspaces": [
    "apps/*",
    "libs/*"
  ]
}
"""


def test_reads_all_fields() -> None:
    manifest = PackageManifest.parse("apps/cart/package.json", MANIFEST)
    assert manifest.directory == "apps/cart"
    assert manifest.name == "@shop/cart"
    assert manifest.version == "1.2.3"
    assert manifest.private
    assert manifest.type == "module"
    assert manifest.package_manager == "npm@11.0.0"
    assert manifest.side_effects == ["*.css"]
    assert manifest.exports == {".": {"import": "./src/index.ts"}}
    assert manifest.optional_peers == {"react-dom"}
    assert manifest.workspaces == ("apps/*", "libs/*")
    assert manifest.declared_range("react") == ("dependencies", "^19.0.0")
    assert manifest.declared_range("react-dom") == ("peerDependencies", "^19")
    assert manifest.declared_range("typescript") == ("devDependencies", "5")
    assert manifest.declared_range("fsevents") == ("optionalDependencies", "2")
    assert manifest.declared_range("vue") is None


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("name",), 2),
        (("dependencies",), 13),
        (("dependencies", "react"), 14),
        (("dependencies", 'a"b'), 15),
        (("peerDependencies", "react-dom"), 18),
        (("peerDependenciesMeta", "react-dom", "optional"), 20),
        (("exports", ".", "import"), 10),
        (("workspaces", 1), 25),
        (("dependencies", "vue"), None),
        (("nothing", "at all"), None),
    ],
)
def test_knows_lines(place: tuple[str, ...], line: int | None) -> None:
    manifest = PackageManifest.parse("package.json", MANIFEST)
    assert manifest.line_of(*place) == line


def test_equal_by_path_and_content() -> None:
    one = PackageManifest.parse("a/package.json", b"{}")
    assert one == PackageManifest.parse("a/package.json", b"{}")
    assert hash(one) == hash(PackageManifest.parse("a/package.json", b"{}"))
    assert one != PackageManifest.parse("b/package.json", b"{}")
    assert one != PackageManifest.parse("a/package.json", b"{ }")


def test_root_and_object_workspaces() -> None:
    manifest = PackageManifest.parse("package.json", b'{"workspaces": {"packages": ["a"]}}')
    assert manifest.directory == ""
    assert manifest.workspaces == ("a",)
    assert manifest.name is None
    assert not manifest.has_exports


def test_the_last_of_two_equal_keys_counts() -> None:
    manifest = PackageManifest.parse("package.json", b'{"name": "a",\n"name": "b"}')
    assert manifest.name == "b"
    assert manifest.line_of("name") == 2


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b'{\n"name": }', "p/package.json:2: Expecting value", id="syntax"),
        pytest.param(b"", "p/package.json:1: Expecting value", id="empty"),
        pytest.param(b"\xef\xbb\xbf{}", "byte order mark", id="byte order mark"),
        pytest.param(
            b'{\n"name": "\xff"}', "p/package.json:2: the file is not valid UTF-8", id="utf-8"
        ),
        pytest.param(b"[]", "holds one JSON object", id="array"),
        pytest.param(b'{"a": NaN}', "NaN is not JSON", id="nan"),
        pytest.param(b"[" * 100_000, "nested too deeply", id="deep"),
        pytest.param(b'{\n\n"name": 1}', "p/package.json:3: `name` must be a string", id="name"),
        pytest.param(b'{"name": "@a"}', "`name` must be a package name", id="scope only"),
        pytest.param(b'{"name": "../a"}', "`name` must be a package name", id="dots"),
        pytest.param(b'{"name": "node_modules"}', "`name` must be a package name", id="reserved"),
        pytest.param(b'{"version": 1}', "`version` must be a string", id="version"),
        pytest.param(b'{"dependencies": []}', "`dependencies` must be an object", id="section"),
        pytest.param(
            b'{"dependencies": {\n"a": 1}}',
            "p/package.json:2: `dependencies.a` must be a version range",
            id="range",
        ),
        pytest.param(
            b'{"peerDependenciesMeta": {"a": 1}}', "`peerDependenciesMeta.a` must be", id="meta"
        ),
        pytest.param(b'{"workspaces": "a"}', "`workspaces` must be an array", id="workspaces"),
        pytest.param(
            b'{"workspaces": {"packages": [\n1]}}', ":2: `workspaces.packages.0` must", id="pattern"
        ),
        pytest.param(b'{"imports": []}', "`imports` must be an object", id="imports"),
    ],
)
def test_refuses(content: bytes, expected: str) -> None:
    with pytest.raises(PackageManifestError) as caught:
        PackageManifest.parse("p/package.json", content)
    assert expected in str(caught.value)
    assert caught.value.line >= 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_every_place_has_its_line(value: object) -> None:
    # With an indent, json puts every key and item on a line of its own, in order.
    _, text = load_json(json.dumps(value, indent=1).encode())
    lines = key_lines(text)
    places = [place for place in _places(value, ()) if place]
    assert set(places) <= set(lines)
    starts = text.split("\n")
    for place in places:
        key = place[-1]
        if isinstance(key, str):
            assert starts[lines[place] - 1].strip().startswith(json.dumps(key) + ":")


def _places(value: object, place: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
    found = [place]
    if isinstance(value, dict):
        for key, item in value.items():
            found += _places(item, (*place, key))
    if isinstance(value, list):
        for index, item in enumerate(value):
            found += _places(item, (*place, index))
    return found


@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_never_fails_otherwise(content: bytes) -> None:
    with contextlib.suppress(PackageManifestError):
        PackageManifest.parse("package.json", content)

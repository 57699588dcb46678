"""Explanations as people read them."""

from __future__ import annotations

from typing import Any, Mapping

import pytest

from module_federation.rebuilds.compare import Explanation, LastBuild, Origin, explain
from module_federation.rebuilds.record import record_json
from module_federation.rebuilds.text import (
    LONGEST_VALUE,
    MOST_CAUSES,
    MOST_DETAILS,
    MOST_NAMES,
    report,
)
from unit.rebuilds.builds import CONTRACT, record

REACT = "node_modules/react"
NESTED = "node_modules/a/node_modules/react"


def explained(
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    *,
    target: str = "apps/cart:remote",
    origin: Origin = Origin.RAN,
    inputs: str = "other",
) -> Explanation:
    content = record_json(record(target=target, **old)).encode()
    return explain(record(target=target, inputs=inputs, **new), origin, content, CONTRACT)


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        pytest.param(
            {"sources": {"src/a.ts": "1", "src/b.ts": "1"}},
            {"sources": {"src/a.ts": "2", "src/c.ts": "1"}},
            [
                "changed: 3 sources",
                "  source src/a.ts: changed",
                "  source src/b.ts: removed",
                "  source src/c.ts: added",
            ],
            id="sources",
        ),
        pytest.param(
            {"packages": {REACT: "19.0.0", NESTED: "18.0.0"}, "contents": {}},
            {"packages": {REACT: "19.1.0", "node_modules/b": "1.0.0"}, "contents": {}},
            [
                "changed: 3 installed packages",
                "  package a > react: removed, was 18.0.0",
                "  package b: added, 1.0.0",
                "  package react: 19.0.0 → 19.1.0",
            ],
            id="installed packages",
        ),
        pytest.param(
            {"packages": {REACT: "19.0.0"}, "contents": {REACT: "1"}},
            {"packages": {REACT: "19.0.0"}, "contents": {REACT: "2"}},
            ["changed: 1 package's content", "  package react: same version, other files"],
            id="a patched package",
        ),
        pytest.param(
            {"shared": {"react": {"version": '"19.0.0"'}, "dayjs": {"eager": "false"}}},
            {"shared": {"react": {"version": '"19.1.0"', "eager": "true"}, "d3": {"a": "1"}}},
            [
                "changed: 3 shared modules",
                "  shared d3: shared now",
                "  shared dayjs: no longer shared",
                "  shared react, eager: added, true",
                '  shared react, version: "19.0.0" → "19.1.0"',
            ],
            id="the slice",
        ),
        pytest.param(
            {"options": {"mode": '"production"', "exposes": {"./A": "a.ts"}}},
            {"options": {"mode": '"development"', "exposes": {"./B": "b.ts"}, "html": '"x"'}},
            [
                "changed: 3 options",
                "  option exposes, ./A: removed, was a.ts",
                "  option exposes, ./B: added, b.ts",
                '  option html: given now, "x"',
                '  option mode: "production" → "development"',
            ],
            id="options and fields",
        ),
        pytest.param(
            {"imports": {"@shop/ui": "ui/a.ts"}, "manifests": {"package.json": "1"}},
            {"imports": {"@shop/ui": "ui/b.ts"}, "manifests": {"package.json": "2"}},
            [
                "changed: 1 package.json, 1 import",
                "  in package.json: what the bundler reads has changed",
                "  import @shop/ui: ui/a.ts → ui/b.ts",
            ],
            id="what package.json says",
        ),
        pytest.param(
            {"tools": {"Node.js": "20.20.2"}, "scripts": {"bundler": "1"}},
            {"tools": {"Node.js": "22.12.0"}, "scripts": {"bundler": "2"}},
            [
                "changed: 1 tool, 1 script or lockfile of the plugin",
                "  tool Node.js: 20.20.2 → 22.12.0",
                "  plugin bundler: changed",
            ],
            id="tools",
        ),
        pytest.param({}, {}, ["something that the plugin generates has changed"], id="no part"),
    ],
)
def test_what_has_changed(old: Mapping[str, Any], new: Mapping[str, Any], lines: list[str]) -> None:
    first, *rest = lines
    assert report([explained(old, new)]).splitlines() == [
        f"apps/cart:remote: bundled again; {first}",
        *rest,
    ]


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        (Origin.RAN, "bundled again; changed: 1 source"),
        (Origin.LOCAL_CACHE, "taken from the local cache; changed: 1 source"),
        (Origin.REMOTE_CACHE, "taken from the remote cache; changed: 1 source"),
        (Origin.KNOWN, "taken from what pantsd remembers; changed: 1 source"),
    ],
)
def test_where_it_came_from(origin: Origin, words: str) -> None:
    one = explained({"sources": {"a": "1"}}, {"sources": {"a": "2"}}, origin=origin)
    assert report([one]).splitlines()[0] == f"apps/cart:remote: {words}"


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (LastBuild.ABSENT, "bundled; there was none in out/dist"),
        (
            LastBuild.UNRECORDED,
            "bundled; the one in out/dist has no record of what it was made from",
        ),
        (LastBuild.REPLACED, "bundled; the one in out/dist is not the one that was recorded last"),
    ],
)
def test_no_last_build(last: LastBuild, words: str) -> None:
    explanation = Explanation("apps/cart:remote", Origin.RAN, last)
    assert report([explanation], "out/dist") == f"apps/cart:remote: {words}"


def test_containers_of_one_cause_are_one_group() -> None:
    """A library that all import: one block, however many they are."""
    many = [
        explained({"sources": {"ui.ts": "1"}}, {"sources": {"ui.ts": "2"}}, target=f"r{index:03}:r")
        for index in range(300)
    ]
    own = explained(
        {"sources": {"ui.ts": "1", "a.ts": "1"}},
        {"sources": {"ui.ts": "2", "a.ts": "2"}},
        target="a:r",
    )
    idle = explained({}, {}, target="z:r", origin=Origin.KNOWN, inputs="i" * 64)
    names = ", ".join(f"r{index:03}:r" for index in range(MOST_NAMES))
    assert report([*reversed(many), idle, own]).splitlines() == [
        "a:r: bundled again; changed: 2 sources",
        "  source a.ts: changed",
        "  source ui.ts: changed",
        "300 containers: bundled again; changed: 1 source",
        f"  {names} and {300 - MOST_NAMES} more",
        "  source ui.ts: changed",
        "Unchanged: z:r",
    ]


def test_long_lists_are_cut() -> None:
    count = MOST_DETAILS + 5
    new = {"sources": {f"{index:02}.ts": "1" for index in range(count)}}
    lines = report([explained({}, new)]).splitlines()
    assert lines[0] == f"apps/cart:remote: bundled again; changed: {count} sources"
    assert lines[1:] == [
        *(f"  source {index:02}.ts: added" for index in range(MOST_DETAILS)),
        "  and 5 more sources",
    ]


def test_many_causes_are_one_line_each() -> None:
    each = [
        explained({}, {"sources": {f"{index:02}.ts": "1"}}, target=f"{index:02}:remote")
        for index in range(MOST_CAUSES + 2)
    ]
    lines = report(each).splitlines()
    assert lines[:2] == ["00:remote: bundled again; changed: 1 source", "  source 00.ts: added"]
    assert lines[-2:] == [
        f"{MOST_CAUSES:02}:remote: bundled again; changed: 1 source",
        f"{MOST_CAUSES + 1:02}:remote: bundled again; changed: 1 source",
    ]
    assert len(lines) == 2 * MOST_CAUSES + 2


def test_long_values_are_cut() -> None:
    long = {"options": {"package name": "x" * 200}}
    line = report([explained({"options": {"package name": "y"}}, long)]).splitlines()[1]
    assert line == f"  option package name: y → {'x' * (LONGEST_VALUE - 1)}…"


def test_of_long_values_the_difference_is_seen() -> None:
    start = "https://static.example.com/" + "x" * 60
    old = {"options": {"address": f"{start}/a.json"}}
    new = {"options": {"address": f"{start}/b.json"}}
    line = report([explained(old, new)]).splitlines()[1]
    assert line == f"  option address: …{'x' * 11}/a.json → …{'x' * 11}/b.json"


def test_names_are_no_commands_for_the_terminal() -> None:
    """A file's name may hold anything, also in a record that somebody else has written."""
    text = report([explained({}, {"sources": {"a\x1b[31m\nb\ud800.ts": "1"}})])
    assert text.splitlines()[1] == "  source a\\x1b[31m\\nb\\ud800.ts: added"


def test_without_a_cache() -> None:
    same = explained({}, {}, inputs="i" * 64)
    assert report([same]) == (
        "apps/cart:remote: bundled again; nothing has changed, but no cache had the result"
    )


def test_nothing_to_tell() -> None:
    assert report([]) == ""

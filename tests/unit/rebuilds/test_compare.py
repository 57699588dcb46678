"""What has changed between two builds."""

from __future__ import annotations

from typing import Any, Mapping

import pytest
from hypothesis import given, settings

from module_federation.rebuilds.compare import Change, LastBuild, Origin, changes, explain
from module_federation.rebuilds.record import BuildRecord, Part, record_json
from unit.rebuilds.builds import CONTRACT, record
from unit.rebuilds.test_record import RECORDS

REACT = "node_modules/react"


def change(part: Part, name: str, old: str | None, new: str | None, *, entry: str = "") -> Change:
    return Change(part, name, entry, old, new)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param({"sources": {"a": "1"}}, {"sources": {"a": "1"}}, [], id="nothing"),
        pytest.param(
            {"sources": {"a": "1", "b": "1"}},
            {"sources": {"a": "2", "c": "1"}},
            [
                change(Part.SOURCES, "a", "1", "2"),
                change(Part.SOURCES, "b", "1", None),
                change(Part.SOURCES, "c", None, "1"),
            ],
            id="sources changed, removed, added",
        ),
        pytest.param(
            {"packages": {REACT: "19.0.0"}, "contents": {REACT: "1"}},
            {"packages": {REACT: "19.1.0"}, "contents": {REACT: "2"}},
            [change(Part.PACKAGES, REACT, "19.0.0", "19.1.0")],
            id="another version has other contents",
        ),
        pytest.param(
            {"packages": {REACT: "19.0.0"}, "contents": {REACT: "1"}},
            {"packages": {REACT: "19.0.0"}, "contents": {REACT: "2"}},
            [change(Part.CONTENTS, REACT, "1", "2")],
            id="other contents of the same version",
        ),
        pytest.param(
            {},
            {"packages": {REACT: "19.0.0"}, "contents": {REACT: "2"}, "imports": {"react": "x"}},
            [change(Part.PACKAGES, REACT, None, "19.0.0")],
            id="what is new is said once",
        ),
        pytest.param(
            {"shared": {"react": {"eager": "false", "version": '"1"'}}},
            {"shared": {"react": {"eager": "true", "import": "false", "version": '"1"'}}},
            [
                change(Part.SHARED, "react", "false", "true", entry="eager"),
                change(Part.SHARED, "react", None, "false", entry="import"),
            ],
            id="options of a shared module",
        ),
        pytest.param(
            {"shared": {"react": {"eager": "false", "version": '"1"'}}},
            {},
            [change(Part.SHARED, "react", 'eager: false, version: "1"', None)],
            id="a module that is no longer shared is one change",
        ),
        pytest.param(
            {"options": {"mode": '"production"'}},
            {"options": {"mode": {"odd": "1"}}},
            [change(Part.OPTIONS, "mode", '"production"', "odd: 1")],
            id="a text that became entries",
        ),
        pytest.param(
            {"tools": {"Node.js": "1"}, "sources": {"a": "1"}},
            {"tools": {"Node.js": "2"}, "sources": {"a": "2"}},
            [change(Part.SOURCES, "a", "1", "2"), change(Part.TOOLS, "Node.js", "1", "2")],
            id="parts in their order",
        ),
    ],
)
def test_changes(old: Mapping[str, Any], new: Mapping[str, Any], expected: list[Change]) -> None:
    assert [*changes(record(**old), record(**new))] == expected


@settings(max_examples=50, deadline=None)
@given(RECORDS)
def test_nothing_changes_by_itself(one: BuildRecord) -> None:
    assert changes(one, one) == ()


@settings(max_examples=50, deadline=None)
@given(RECORDS, RECORDS)
def test_the_way_back_has_the_same_changes(one: BuildRecord, other: BuildRecord) -> None:
    back = [
        Change(each.part, each.name, each.entry, each.new, each.old) for each in changes(other, one)
    ]
    assert [*changes(one, other)] == back


@settings(max_examples=50, deadline=None)
@given(RECORDS, RECORDS)
def test_what_decides_is_never_left_out(one: BuildRecord, other: BuildRecord) -> None:
    """Without a change, two builds have the same sources, packages, shared modules and options."""
    if changes(one, other):
        return
    for part in (Part.SOURCES, Part.PACKAGES, Part.SHARED, Part.OPTIONS, Part.TOOLS):
        assert one.part(part) == other.part(part)


OLD = record_json(record(sources={"a": "1"})).encode()


@pytest.mark.parametrize(
    ("old_record", "old_contract", "expected"),
    [
        pytest.param(OLD, CONTRACT, LastBuild.KNOWN, id="recorded"),
        pytest.param(OLD, None, LastBuild.ABSENT, id="the container's folder was deleted"),
        pytest.param(None, None, LastBuild.ABSENT, id="never built"),
        pytest.param(None, CONTRACT, LastBuild.UNRECORDED, id="built without a record"),
        pytest.param(b"{", CONTRACT, LastBuild.UNRECORDED, id="a broken record"),
        pytest.param(OLD, "d" * 64, LastBuild.REPLACED, id="built once more without a record"),
        pytest.param(
            record_json(record(target="apps/cart:other")).encode(),
            CONTRACT,
            LastBuild.REPLACED,
            id="another target's",
        ),
    ],
)
def test_the_last_build(
    old_record: bytes | None, old_contract: str | None, expected: LastBuild
) -> None:
    new = record(sources={"a": "2"}, inputs="other")
    explanation = explain(new, Origin.RAN, old_record, old_contract)
    assert explanation.last is expected
    assert bool(explanation.changes) is (expected is LastBuild.KNOWN)
    assert not explanation.is_unchanged


def test_unchanged() -> None:
    explanation = explain(record(sources={"a": "1"}), Origin.KNOWN, OLD, CONTRACT)
    assert explanation.is_unchanged
    other_input = explain(record(sources={"a": "1"}, inputs="?"), Origin.RAN, OLD, CONTRACT)
    assert not other_input.is_unchanged

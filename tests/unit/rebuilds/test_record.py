"""The file that says what a container was made from."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from module_federation.rebuilds.compare import LastBuild, Origin, explain
from module_federation.rebuilds.record import (
    BuildRecord,
    Part,
    RecordError,
    read_record,
    record_json,
)
from module_federation.rebuilds.text import report
from unit.rebuilds.builds import CONTRACT, record

NAMES = st.text(st.characters(blacklist_categories=["Cs"]), max_size=8)
VALUES = st.one_of(NAMES, st.dictionaries(NAMES, NAMES, max_size=3))
PARTS = st.dictionaries(
    st.sampled_from(list(Part)), st.dictionaries(NAMES, VALUES, max_size=4), max_size=4
)
RECORDS = st.builds(BuildRecord, NAMES, NAMES, NAMES, PARTS)

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(), inner, max_size=4)
    ),
)
KEYS = ("schema", "version", "target", "contract", "inputs", "parts")


@settings(max_examples=50, deadline=None)
@given(RECORDS)
def test_what_is_written_is_read(written: BuildRecord) -> None:
    assert read_record(record_json(written).encode()) == written


def test_the_file() -> None:
    """Another version of the plugin reads it: change it only with its version."""
    assert json.loads(record_json(record(sources={"a.ts": "1"}, shared={"react": {"x": "1"}}))) == {
        "schema": "module-federation-build",
        "version": 1,
        "target": "apps/cart:remote",
        "contract": "c" * 64,
        "inputs": "i" * 64,
        "parts": {"sources": {"a.ts": "1"}, "shared": {"react": {"x": "1"}}},
    }


def valid() -> Any:
    return json.loads(record_json(record(sources={"a.ts": "1"})))


FAULTS: list[tuple[str, dict[str, Any]]] = [
    ("a later version", {"version": 2}),
    ("a version that is no number", {"version": "1"}),
    ("true as the version", {"version": True}),
    ("no target", {"target": None}),
    ("parts that are a list", {"parts": []}),
    ("a part that is a list", {"parts": {"sources": ["a.ts"]}}),
    ("a number as a value", {"parts": {"sources": {"a.ts": 1}}}),
    ("a number as an entry", {"parts": {"shared": {"react": {"eager": 1}}}}),
]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff\xfe", id="no text"),
        pytest.param(record_json(record()).encode()[:-9], id="cut off"),
        pytest.param(b"[" * 100_000, id="too deep"),
        pytest.param(b"[]", id="no object"),
        pytest.param(b'{"schema": "mf-contract", "version": 1}', id="another schema"),
        *(
            pytest.param(json.dumps({**valid(), **change}).encode(), id=name)
            for name, change in FAULTS
        ),
    ],
)
def test_what_is_no_record(content: bytes) -> None:
    with pytest.raises(RecordError):
        read_record(content)
    assert explain(record(), Origin.RAN, content, CONTRACT).last is LastBuild.UNRECORDED


def test_parts_of_which_nothing_is_known_are_left_out() -> None:
    data = valid()
    data["parts"]["weather"] = {"today": "rain"}
    assert read_record(json.dumps(data).encode()) == record(sources={"a.ts": "1"})


@settings(max_examples=50, deadline=None)
@given(st.one_of(st.binary(), st.dictionaries(st.sampled_from(KEYS), JSON).map(json.dumps)))
def test_nothing_that_lies_there_is_too_much(content: Any) -> None:
    """Whatever the file holds, there is an explanation, and it can be printed."""
    old = content if isinstance(content, bytes) else content.encode()
    assert report([explain(record(), Origin.RAN, old, CONTRACT)]).encode()


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.sampled_from([part.value for part in Part]), JSON))
def test_no_part_that_lies_there_is_too_much(parts: Any) -> None:
    old = json.dumps({**valid(), "parts": parts}).encode()
    assert report([explain(record(), Origin.RAN, old, CONTRACT)]).encode()

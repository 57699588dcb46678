"""The YAML in the documents means what it is written for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Iterator

import pytest
import yaml

_DOCUMENTS = Path(__file__).parents[2] / "docs"
_BLOCK = re.compile(r"^```ya?ml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
#: Keys whose values a CI service hands to a shell.
_COMMANDS = frozenset({"after_script", "before_script", "run", "script"})


def _parsed(block: str) -> Any:
    """What a block says, without tags such as BuildGrid's `!channel`."""
    return yaml.safe_load(re.sub(r"(?<= )![a-z-]+", "", block))


def _blocks() -> Iterator[Any]:
    for path in sorted(_DOCUMENTS.glob("*.md")):
        for number, block in enumerate(_BLOCK.findall(path.read_text()), start=1):
            yield pytest.param(block, id=f"{path.name}-{number}")


def _commands(data: object) -> Iterator[object]:
    if isinstance(data, dict):
        for key, value in data.items():
            if key in _COMMANDS:
                yield from value if isinstance(value, list) else [value]
            else:
                yield from _commands(value)
    elif isinstance(data, list):
        for each in data:
            yield from _commands(each)


@pytest.mark.parametrize("block", _blocks())
def test_blocks_are_yaml_and_commands_are_text(block: str) -> None:
    data = _parsed(block)
    assert isinstance(data, dict)
    assert [each for each in _commands(data) if not isinstance(each, str)] == []


def test_a_command_with_a_colon_is_no_text_unless_quoted() -> None:
    line = "script:\n- ./pants package :: 2>&1\n"
    assert list(_commands(_parsed(line))) == [{"./pants package :": "2>&1"}]


def test_the_jobs_of_both_services_package_everything() -> None:
    text = (_DOCUMENTS / "ci.md").read_text()
    jobs = [list(_commands(_parsed(block))) for block in _BLOCK.findall(text)]
    packaging = [any("./pants package ::" in str(each) for each in job) for job in jobs]
    assert packaging == [True, True, False]

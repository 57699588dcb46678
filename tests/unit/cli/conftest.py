from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from module_federation.cli.main import main
from unit.cli.contracts import SHOP, Site


@dataclass(frozen=True)
class Answer:
    """What a call of the command said."""

    status: int
    out: str
    err: str


class Federation:
    """The command, called in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str) -> Answer:
        self._capsys.readouterr()
        try:
            status = main(arguments)
        except SystemExit as end:
            status = int(end.code or 0)
        captured = self._capsys.readouterr()
        return Answer(status, captured.out, captured.err)


@pytest.fixture
def federation(capsys: pytest.CaptureFixture[str]) -> Federation:
    return Federation(capsys)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A folder with the deployed shop, which is the working folder."""
    site = Site(tmp_path)
    site.live(*SHOP)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)
    return site


def codes(findings: list[dict[str, Any]]) -> list[str]:
    return [each["code"] for each in findings]

from __future__ import annotations

import platform
import sys
from pathlib import Path

import pytest

from browser.chromium_binary import (
    COMMANDS,
    ChromiumUnavailable,
    find_chromium,
    packaged_chromium,
    system_chromium,
)


def executable(path: Path, script: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def intel_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")


@pytest.mark.parametrize("command", COMMANDS)
def test_the_chromium_on_path_is_taken(tmp_path: Path, command: str) -> None:
    chromium = executable(tmp_path / command)

    found = find_chromium({"PATH": str(tmp_path)})

    assert found.executable == chromium
    assert found.environment == {}


def test_a_file_that_cannot_be_executed_is_no_chromium(tmp_path: Path) -> None:
    (tmp_path / "chromium").write_text("")

    assert system_chromium({"PATH": str(tmp_path)}) is None


def test_another_platform_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(platform, "machine", lambda: "arm64")

    with pytest.raises(ChromiumUnavailable, match=r"not on darwin on arm64\. Install Chromium"):
        find_chromium({"PATH": ""})


@pytest.mark.usefixtures("intel_linux")
def test_without_npm_the_remedy_is_named(tmp_path: Path) -> None:
    with pytest.raises(ChromiumUnavailable, match=r"Put Chromium or Node\.js on PATH"):
        packaged_chromium({"PATH": "", "XDG_CACHE_HOME": str(tmp_path)})


@pytest.mark.usefixtures("intel_linux")
def test_a_failed_install_shows_what_npm_said_and_leaves_nothing_behind(tmp_path: Path) -> None:
    executable(tmp_path / "bin" / "npm", "echo no such registry >&2; exit 7")
    environ = {"PATH": str(tmp_path / "bin"), "XDG_CACHE_HOME": str(tmp_path / "cache")}

    with pytest.raises(ChromiumUnavailable, match=r"status 7(.|\n)*no such registry"):
        packaged_chromium(environ)

    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] == []

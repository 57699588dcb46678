"""``federation uploads`` on logs of Pants 2.17.1, recorded with a real server, and on bad input.

``tests/remote_cache/test_dropped_uploads.py`` makes such a log anew.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from module_federation.cli import uploads
from unit.cli.conftest import Answer, Federation

LOGS = Path(__file__).parent / "logs"
COMPLETE, CACHED, DROPPED, REFUSED = (
    (LOGS / f"{name}.log").read_bytes() for name in ("complete", "cached", "dropped", "refused")
)


def told(federation: Federation, folder: Path, *logs: bytes) -> Answer:
    """What the command says of logs."""
    paths = []
    for number, content in enumerate(logs):
        path = folder / f"{number}.log"
        path.write_bytes(content)
        paths.append(str(path))
    return federation("uploads", *paths)


@pytest.mark.parametrize(
    ("logs", "first_line"),
    [
        pytest.param(
            [COMPLETE],
            "All uploads to the remote cache were confirmed: 4 results, 1 run of Pants.",
            id="all confirmed",
        ),
        pytest.param(
            [CACHED],
            "Nothing was to be uploaded to the remote cache (1 run of Pants).",
            id="all was there",
        ),
        pytest.param(
            [COMPLETE, CACHED],
            "All uploads to the remote cache were confirmed: 4 results, 2 runs of Pants.",
            id="two logs",
        ),
        pytest.param(
            [COMPLETE + COMPLETE],
            "All uploads to the remote cache were confirmed: 8 results, 2 runs of Pants.",
            id="two runs in one log",
        ),
    ],
)
def test_nothing_is_missing(
    federation: Federation, tmp_path: Path, logs: list[bytes], first_line: str
) -> None:
    answer = told(federation, tmp_path, *logs)
    assert (answer.status, answer.out, answer.err) == (0, f"{first_line}\n", "")


@pytest.mark.parametrize(
    ("logs", "first_line", "parts"),
    [
        pytest.param(
            [DROPPED],
            "2 of 4 results did not reach the remote cache (1 run of Pants).",
            ["2 still under way when Pants ended", "`session_end_tasks_timeout`"],
            id="dropped at the end",
        ),
        pytest.param(
            [REFUSED],
            "4 of 4 results did not reach the remote cache (1 run of Pants).",
            ["4 refused or broken off", "`remote_instance_name`"],
            id="refused",
        ),
        pytest.param(
            [COMPLETE, REFUSED, CACHED],
            "4 of 8 results did not reach the remote cache (3 runs of Pants).",
            ["4 refused or broken off"],
            id="one run of several",
        ),
    ],
)
def test_something_is_missing(
    federation: Federation,
    tmp_path: Path,
    logs: list[bytes],
    first_line: str,
    parts: list[str],
) -> None:
    answer = told(federation, tmp_path, *logs)
    assert (answer.status, answer.err) == (1, "")
    assert answer.out.splitlines()[0] == first_line
    for part in parts:
        assert part in answer.out


def test_each_fault_is_counted_by_itself(federation: Federation, tmp_path: Path) -> None:
    log = (
        b"  remote_cache_write_attempts: 7\n"
        b"  remote_cache_write_errors: 2\n"
        b"  remote_cache_write_successes: 4\n"
    )
    answer = told(federation, tmp_path, log)
    assert answer.status == 1
    assert answer.out.startswith("3 of 7 results")
    assert "\n  1 still under way" in answer.out
    assert "\n  2 refused" in answer.out


@pytest.mark.parametrize(
    "log",
    [
        pytest.param(
            b"\n".join(b"2026-01-31T10:00:00.0000000Z " + line for line in REFUSED.splitlines()),
            id="times before each line",
        ),
        pytest.param(
            b"\n".join(b"\x1b[0m" + line + b"\x1b[0;m" for line in REFUSED.splitlines()),
            id="colours",
        ),
        pytest.param(REFUSED.replace(b"\n", b"\r\n"), id="carriage returns"),
        pytest.param(bytes(range(256)) * 1000 + b"\n" + REFUSED, id="other bytes before it"),
        pytest.param(b"x" * 1_000_000 + b"\n" + REFUSED, id="a long line before it"),
    ],
)
def test_logs_as_code_hosts_write_them(federation: Federation, tmp_path: Path, log: bytes) -> None:
    answer = told(federation, tmp_path, log)
    assert (answer.status, answer.out.splitlines()[0]) == (
        1,
        "4 of 4 results did not reach the remote cache (1 run of Pants).",
    )


@pytest.mark.parametrize("arguments", [(), ("-",)], ids=["no name", "a dash"])
def test_stdin(
    federation: Federation, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(REFUSED)))
    assert federation("uploads", *arguments).status == 1


@pytest.mark.parametrize(
    ("log", "message"),
    [
        pytest.param(b"", "It holds no counters of Pants. Run Pants with --stats-log", id="empty"),
        pytest.param(
            COMPLETE.split(b"Counters:")[0], "It holds no counters of Pants", id="without counters"
        ),
        pytest.param(
            COMPLETE.split(b"  remote_cache_write_successes")[0],
            "It holds only a part of Pants' counters",
            id="cut off",
        ),
        pytest.param(
            COMPLETE.split(b"  remote_cache_write_errors")[0] + COMPLETE,
            "It holds only a part of Pants' counters",
            id="cut off before another run",
        ),
        pytest.param(
            COMPLETE.replace(b"write_attempts: 4", b"write_attempts: many"),
            "It holds only a part of Pants' counters",
            id="no number",
        ),
    ],
)
def test_logs_that_tell_nothing(
    federation: Federation, tmp_path: Path, log: bytes, message: str
) -> None:
    answer = told(federation, tmp_path, COMPLETE, log)
    assert (answer.status, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert answer.err.startswith(f"federation: error: {tmp_path}/1.log: {message}")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param("missing.log", "cannot be read: No such file", id="missing"),
        pytest.param("folder", "cannot be read: Is a directory", id="a folder"),
        pytest.param("pipe", "It holds no counters of Pants", id="a pipe nobody writes to"),
    ],
)
def test_files_that_are_no_logs(
    federation: Federation, tmp_path: Path, name: str, message: str
) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    answer = federation("uploads", str(tmp_path / name))
    assert (answer.status, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert message in answer.err


def test_a_terminal_is_not_waited_for(
    federation: Federation, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller, terminal = os.openpty()
    with os.fdopen(terminal) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        answer = federation("uploads")
    os.close(controller)
    assert (answer.status, "Name the log" in answer.err) == (2, True)


def test_counts_of_a_run() -> None:
    assert uploads.Uploads(attempts=5, errors=1, successes=2).dropped == 2

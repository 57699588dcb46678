"""The bundle process that stays, with the real bundler: what one process makes of many containers
is what each would get from a process of its own, and of what goes wrong it says nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable

import pytest

from unit.bundler.pooled import STAY, Pooled, request, staying
from unit.bundler.small_federation import APP, Bundler, SmallContainer, package

DONE = [(b"X", b"0")]
FILES = {
    f"{APP}/package.json": '{"name": "one", "dependencies": {"a": "*"}}',
    f"{APP}/src/x.ts": 'import { copy } from "a"; export const x: string = copy;\n',
    f"{APP}/src/main.ts": 'import("cart/Cart"); import("./later");\n',
    f"{APP}/src/later.ts": 'export { copy } from "a"; import "./later.css";\n',
    f"{APP}/src/later.css": ".later { color: red; }\n",
}
SHARED = {"a": {"requiredVersion": "^1.0.0", "singleton": True}}
REMOTES = {"cart": {"name": "cart", "entry": "../cart/mf-manifest.json"}}


def remote(version: str, name: str = "one", **options: object) -> SmallContainer:
    return SmallContainer(
        {**FILES, **package("a", version)},
        SHARED,
        {"./x": f"{APP}/src/x.ts"},
        options={"name": name, **options},
    )


HOST = SmallContainer(
    {**FILES, **package("a", "1.4.0")},
    SHARED,
    remotes=REMOTES,
    entry_point=f"{APP}/src/main.ts",
    options={"name": "shell"},
)
BROKEN = SmallContainer(
    {**FILES, f"{APP}/src/x.ts": "const = 1;\n"}, {}, {"./x": f"{APP}/src/x.ts"}
)


def written(sandbox: Path) -> dict[str, bytes]:
    """Every file of a bundle, and what it truly shares."""
    files = [*(sandbox / "out").rglob("*"), sandbox / "truth.json"]
    return {str(file.relative_to(sandbox)): file.read_bytes() for file in files if file.is_file()}


def test_many_containers_as_by_processes_of_their_own(bundler: Bundler, tmp_path: Path) -> None:
    """Among them the same container twice, and the same file names with other contents."""
    containers = [
        remote("1.0.0"),
        HOST,
        remote("1.9.9"),
        remote("1.0.0", "two", sourceMaps="on"),
        remote("1.0.0"),
        HOST,
    ]
    expected = []
    for number, container in enumerate(containers):
        sandbox = tmp_path / f"own-{number}"
        sandbox.mkdir()
        done = bundler.run(container, sandbox, "production")
        assert done.returncode == 0, done.stderr
        expected.append(written(sandbox))
    assert len({str(files) for files in expected}) == 4

    with staying(bundler, tmp_path / "stays") as pooled:
        for container, files in zip(containers, expected):
            pooled.lay_out(container)
            assert pooled.ask(request()) == DONE
            assert written(pooled.sandbox) == files


def test_a_request_in_pieces(bundler: Bundler, tmp_path: Path) -> None:
    with staying(bundler, tmp_path / "stays") as pooled:
        pooled.lay_out(remote("1.0.0"))
        said = request()
        assert pooled.ask([said[place : place + 1] for place in range(len(said))]) == DONE


def test_warnings_are_handed_on(bundler: Bundler, tmp_path: Path) -> None:
    warned = SmallContainer(
        {**FILES, f"{APP}/src/x.ts": "export const x = (name: string) => require(name);\n"},
        {},
        {"./x": f"{APP}/src/x.ts"},
    )
    alone = tmp_path / "own"
    alone.mkdir()
    said = bundler.run(warned, alone, "production").stdout
    assert f"{APP}/src/x.ts" in said
    with staying(bundler, tmp_path / "stays") as pooled:
        pooled.lay_out(warned)
        assert pooled.ask(request()) == [(b"1", said.encode()), *DONE]


def break_sandbox(pooled: Pooled) -> None:
    pooled.lay_out(BROKEN)


def leave_sandbox_empty(pooled: Pooled) -> None:
    """As for somebody who connects while nothing is to be done."""


def make_truth_unwritable(pooled: Pooled) -> None:
    pooled.lay_out(remote("1.0.0", truthFile="missing/truth.json"))


@pytest.mark.parametrize("prepare", [break_sandbox, leave_sandbox_empty, make_truth_unwritable])
def test_what_goes_wrong_has_no_answer(
    bundler: Bundler, tmp_path: Path, prepare: Callable[[Pooled], None]
) -> None:
    with staying(bundler, tmp_path / "stays") as pooled:
        prepare(pooled)
        assert pooled.ask(request()) == []
        # The one signal of which Pants does not warn.
        assert pooled.ended() == -signal.SIGKILL


def test_two_requests_at_once(bundler: Bundler, tmp_path: Path) -> None:
    """A second one is never Pants' own: neither gets an answer that could be wrong."""
    with staying(bundler, tmp_path / "stays") as pooled:
        pooled.lay_out(remote("1.0.0"))
        with pooled.connect() as first, pooled.connect() as second:
            first.sendall(request())
            second.sendall(request())
            assert pooled.ended() == -signal.SIGKILL


def test_a_request_for_something_else(bundler: Bundler, tmp_path: Path) -> None:
    """Not run, whoever asks; and no harm to the next."""
    with staying(bundler, tmp_path / "stays") as pooled:
        pooled.lay_out(remote("1.0.0"))
        assert pooled.ask(request(b"/bin/sh")) == []
        # Half of a request.
        with pooled.connect() as connection:
            connection.sendall(request()[:20])
        assert pooled.ask(request()) == DONE


def test_it_ends_with_the_one_that_started_it(bundler: Bundler, tmp_path: Path) -> None:
    """pantsd may be killed, and then ends nothing itself."""
    starter = """
import subprocess, sys, time
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, text=True)
print(f"{child.pid} {child.stdout.readline()}", end="", flush=True)
time.sleep(60)
"""
    parent = subprocess.Popen(
        [sys.executable, "-c", starter, *bundler.command(STAY)],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    child, _, line = parent.stdout.readline().partition(" ")
    assert "port" in line
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 30
    while is_running(int(child)):
        assert time.monotonic() < deadline, "the bundler stays on"
        time.sleep(0.1)


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
    # Nobody may be there to hear of its end.
    return state != "Z"

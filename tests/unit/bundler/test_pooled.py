"""The bundle process that stays, with the real bundler: what one process makes of many containers
is what each would get from a process of its own, and of what goes wrong it says nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable, Mapping

import pytest

from unit.bundler.pooled import STAY, Pooled, chunk, request, staying
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


def with_loader(code: str) -> SmallContainer:
    """A container that names a loader of its own in an import."""
    return SmallContainer(
        {
            **FILES,
            f"{APP}/src/x.ts": 'export { default } from "!./loader.cjs!./data.txt";\n',
            f"{APP}/src/loader.cjs": code,
            f"{APP}/src/data.txt": "data",
        },
        {},
        {"./x": f"{APP}/src/x.ts"},
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
            assert pooled.bundle() == DONE
            assert written(pooled.sandbox) == files


def test_in_development(bundler: Bundler, tmp_path: Path) -> None:
    """Where one of the tool's own loaders runs."""
    own = tmp_path / "own"
    own.mkdir()
    assert bundler.run(HOST, own, "development").returncode == 0
    with staying(bundler, tmp_path / "stays") as pooled:
        for _ in range(2):
            pooled.lay_out(HOST, "development")
            assert pooled.bundle() == DONE
            assert written(pooled.sandbox) == written(own)


def test_minified_chunks_are_kept(bundler: Bundler, tmp_path: Path) -> None:
    """Where Pants has put the folder for the whole life of the process."""
    with staying(bundler, tmp_path / "stays") as pooled:
        results = []
        for _ in range(2):
            pooled.lay_out(remote("1.0.0"))
            (tmp_path / "kept").mkdir(exist_ok=True)
            (pooled.sandbox / "__minified").symlink_to(tmp_path / "kept")
            assert pooled.bundle() == DONE
            results.append(written(pooled.sandbox))
        assert results[0] == results[1]
        assert any((tmp_path / "kept").iterdir())


def test_a_request_in_pieces(bundler: Bundler, tmp_path: Path) -> None:
    with staying(bundler, tmp_path / "stays") as pooled:
        pooled.lay_out(remote("1.0.0"))
        said = request(pooled.sandbox)
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
        assert pooled.bundle() == [(b"1", said.encode()), *DONE]


def break_sandbox(pooled: Pooled) -> None:
    pooled.lay_out(BROKEN)


def leave_sandbox_empty(pooled: Pooled) -> None:
    """As for somebody who connects while nothing is to be done."""


def make_truth_unwritable(pooled: Pooled) -> None:
    pooled.lay_out(remote("1.0.0", truthFile="missing/truth.json"))


def leave_output(pooled: Pooled) -> None:
    """Pants empties the sandbox between two requests; what is there may be read just now."""
    pooled.lay_out(remote("1.0.0"))
    assert pooled.bundle() == DONE


def use_loader(pooled: Pooled) -> None:
    """Node.js would have the next container's file of this name for the same."""
    pooled.lay_out(with_loader("module.exports = () => 'export default 1';\n"))


@pytest.mark.parametrize(
    "prepare",
    [break_sandbox, leave_sandbox_empty, make_truth_unwritable, leave_output, use_loader],
)
def test_what_goes_wrong_has_no_answer(
    bundler: Bundler, tmp_path: Path, prepare: Callable[[Pooled], None]
) -> None:
    with staying(bundler, tmp_path / "stays") as pooled:
        prepare(pooled)
        assert pooled.bundle() == []
        # The one signal of which Pants does not warn.
        assert pooled.ended() == -signal.SIGKILL


def test_two_requests_at_once(bundler: Bundler, tmp_path: Path) -> None:
    """A second one is never Pants' own: neither gets an answer that could be wrong."""
    with staying(bundler, tmp_path / "stays") as pooled:
        pooled.lay_out(remote("1.0.0"))
        with pooled.connect() as first, pooled.connect() as second:
            first.sendall(request(pooled.sandbox))
            second.sendall(request(pooled.sandbox))
            assert pooled.ended() == -signal.SIGKILL


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(lambda sandbox: request(sandbox, b"/bin/sh"), id="another command"),
        pytest.param(lambda sandbox: request(sandbox.parent), id="another folder"),
        pytest.param(lambda sandbox: request(sandbox / "missing"), id="a folder that is missing"),
        pytest.param(lambda sandbox: chunk(b"C", b"bundle"), id="no folder"),
        pytest.param(lambda sandbox: request(Path(".")), id="a folder of no meaning to others"),
        pytest.param(lambda sandbox: chunk(b"E", b"x" * 1000) * 2000, id="without end"),
        pytest.param(lambda sandbox: b"POST / HTTP/1.1\r\n\r\n", id="a browser"),
    ],
)
def test_a_request_that_is_not_for_it(
    bundler: Bundler, tmp_path: Path, said: Callable[[Path], bytes]
) -> None:
    """Not run, whoever asks; and no harm to the next."""
    with staying(bundler, tmp_path / "stays") as pooled:
        pooled.lay_out(remote("1.0.0"))
        assert pooled.ask(said(pooled.sandbox)) == []
        # Half of a request.
        with pooled.connect() as connection:
            connection.sendall(request(pooled.sandbox)[:20])
        assert pooled.bundle() == DONE


def test_a_loader_of_the_repository(bundler: Bundler, tmp_path: Path) -> None:
    """By a process of its own it works, which is where such a container ends up."""
    own = tmp_path / "own"
    own.mkdir()
    done = bundler.run(
        with_loader("module.exports = () => 'export default 7531';\n"), own, "production"
    )
    assert done.returncode == 0, done.stderr
    assert any(b"7531" in content for content in written(own).values())


@pytest.mark.parametrize(
    ("limits", "bundles"),
    [
        pytest.param({"idle": 500}, 0, id="nobody asks"),
        pytest.param({"idle": 5000}, 1, id="nobody asks any more"),
        pytest.param({"large": 1, "idleIfLarge": 100}, 1, id="large, and nobody asks"),
        pytest.param({"tooLarge": 1}, 1, id="too large"),
    ],
)
def test_it_ends_when_it_is_not_needed(
    bundler: Bundler, tmp_path: Path, limits: Mapping[str, int], bundles: int
) -> None:
    with staying(bundler, tmp_path / "stays", limits) as pooled:
        for _ in range(bundles):
            pooled.lay_out(remote("1.0.0"))
            assert pooled.bundle() == DONE
        assert pooled.ended() == -signal.SIGKILL


def test_it_is_not_idle_while_it_bundles(bundler: Bundler, tmp_path: Path) -> None:
    """However long that takes."""
    with staying(bundler, tmp_path / "stays", {"idle": 3000}, takes=3500) as pooled:
        pooled.lay_out(remote("1.0.0"))
        assert pooled.bundle() == DONE


def test_a_client_that_goes_away(bundler: Bundler, tmp_path: Path) -> None:
    """Before it has its answer: nobody waits for the process any more than before."""
    with staying(bundler, tmp_path / "stays", {"idle": 3000}) as pooled:
        pooled.lay_out(remote("1.0.0"))
        with pooled.connect() as connection:
            connection.sendall(request(pooled.sandbox))
        assert pooled.ended() == -signal.SIGKILL


def test_a_client_that_says_nothing(bundler: Bundler, tmp_path: Path) -> None:
    with staying(bundler, tmp_path / "stays", {"saying": 3000}) as pooled:
        with pooled.connect() as connection:
            connection.sendall(request(pooled.sandbox)[:20])
            assert connection.recv(1) == b""
        pooled.lay_out(remote("1.0.0"))
        assert pooled.bundle() == DONE


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

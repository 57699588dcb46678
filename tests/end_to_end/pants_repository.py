"""Scratch repositories with a real Pants: the one of the environment that the tests run in.

Nothing of this repository is in force in them, and nothing of the user's: only the variables of
`PASSED_ON` reach Pants, and no pantsrc is read.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Iterable, Mapping

import psutil  # type: ignore[import-untyped]
from pants import version

#: This repository, or what Pants put of it into the sandbox of a test.
OURS = Path(__file__).absolute().parents[2]

#: Where programs and caches are, and how to reach package indexes.
PASSED_ON = (
    *("ALL_PROXY", "HOME", "HTTPS_PROXY", "HTTP_PROXY", "NODE_EXTRA_CA_CERTS", "NO_PROXY", "PATH"),
    *("PIP_CERT", "PIP_DEFAULT_TIMEOUT", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_INDEX_URL"),
    *("REQUESTS_CA_BUNDLE", "SSL_CERT_DIR", "SSL_CERT_FILE", "XDG_CACHE_HOME"),
    *("all_proxy", "http_proxy", "https_proxy", "no_proxy"),
)

# Pants at level `debug` says so exactly once for each process that it does not find in a cache
# (process_execution/src/bounded.rs, Pants 2.17.1).
_STARTED = re.compile(r"\[DEBUG\] Running (.+) under semaphore with concurrency id: \d+")
_COUNTER = re.compile(r"^ {2}(\w+): (\d+)$", re.MULTILINE)

# How Pants looks for programs, which it repeats in every daemon.
_PROBES = ("Searching for `", "Test binary ", "Ask ")

# In seconds; some calls install a whole Backstage.
_LONGEST_CALL = 900

# A busy machine hands on what it saw of the file system within this time, in seconds.
_NOTICED_AFTER = 30


def environment(**more: str) -> dict[str, str]:
    """The variables that Pants is started with."""
    return {
        **{name: os.environ[name] for name in PASSED_ON if name in os.environ},
        "NO_SCIE_WARNING": "1",
        **more,
    }


@dataclass(frozen=True)
class Outcome:
    """What a call of Pants left behind.

    :param output: what it said, on both streams, in order.
    """

    exit_code: int
    output: str

    @property
    def counters(self) -> dict[str, int]:
        """The counters of `[stats].log`, by name: `local_cache_requests_cached` counts processes
        whose result was in the local cache, `local_execution_requests` those that were started."""
        return {name: int(count) for name, count in _COUNTER.findall(self.output)}

    @property
    def processes(self) -> list[str]:
        """Descriptions of the processes that were started, sorted, without those that only look for
        programs. Needs level `debug` and `[stats].log`."""
        started = _STARTED.findall(self.output)
        # The log is text for people; the counter tells whether it was read right. What unpacks may
        # be named and yet not run: a hit in a remote cache came first.
        surely = len(without_unpacking(started))
        assert surely <= self.counters["local_execution_requests"] <= len(started), self.output
        return sorted(text for text in started if not text.startswith(_PROBES))


def without_unpacking(processes: Iterable[str]) -> list[str]:
    """Descriptions of processes without those that put installed files in their places: which ones
    do so depends on which package is in which pack, and on how fast a server is."""
    return [process for process in processes if not process.startswith("Unpack ")]


@dataclass(frozen=True)
class PantsRepository:
    """A folder that is a Pants repository of its own.

    :param root: its folder.
    :param program: what is called; it must suit as Pants' server, too.
    """

    root: Path
    program: Path

    def write(self, files: Mapping[str, str | None]) -> None:
        """Writes files (path → content), or removes those whose content is `None`."""
        for name, content in files.items():
            path = self.root / name
            if content is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._replace(path, content)

    def edit(self, name: str, old: str, new: str) -> None:
        """Replaces a text that is in a file exactly once."""
        content = (self.root / name).read_text()
        assert content.count(old) == 1, f"{old!r} is {content.count(old)} times in {name}"
        self._replace(self.root / name, content.replace(old, new))

    def _replace(self, path: Path, content: str) -> None:
        """Writes a file in one step, so that nobody sees an empty one, or two changes."""
        aside = self.root.with_name(f"{self.root.name}-{uuid.uuid4().hex}")
        aside.write_text(content)
        if path.exists():
            shutil.copymode(path, aside)
        os.replace(aside, path)

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        """Starts Pants in a process group of its own, with both streams on one pipe."""
        self._let_daemon_notice()
        return subprocess.Popen(
            [str(self.program), "--no-pantsrc", "--no-dynamic-ui", "--no-colors", *arguments],
            cwd=self.root,
            env=environment(**variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def call(self, *arguments: str, **variables: str) -> Outcome:
        """Runs Pants to its end, whatever that is."""
        process = self.start(*arguments, **variables)
        try:
            output, _ = process.communicate(timeout=_LONGEST_CALL)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        return Outcome(process.returncode, output)

    def succeed(self, *arguments: str, **variables: str) -> Outcome:
        """Runs Pants, which must succeed."""
        outcome = self.call(*arguments, **variables)
        assert outcome.exit_code == 0, outcome.output
        return outcome

    def dist(self) -> dict[str, bytes]:
        """File → content of all that was packaged, paths relative to `dist`."""
        folder = self.root / "dist"
        return {
            str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    def _let_daemon_notice(self) -> None:
        """Waits until pantsd has heard of every file that was written before.

        The system tells it of changes in their order, and a moment late: a call that comes at once
        after an edit may see what was there before it. So a last change is made, and waited for in
        the daemon's log, which names each path after its nodes are invalidated.
        """
        if self._daemon() is None:
            return
        marker = self.root / f".noticed-{uuid.uuid4().hex}"
        marker.touch()
        marker.unlink()
        log = self.root / ".pants.d/pants.log"
        deadline = time.monotonic() + _NOTICED_AFTER
        while marker.name not in log.read_text():
            assert time.monotonic() < deadline, "pantsd no longer hears of changes"
            time.sleep(0.01)

    def _daemon(self) -> psutil.Process | None:
        """The pantsd of this repository, if one is running."""
        for file in self.root.glob(".pids/*/pantsd/pid"):
            try:
                daemon = psutil.Process(int(file.read_text()))
                if daemon.status() != psutil.STATUS_ZOMBIE:
                    return daemon
            except (psutil.NoSuchProcess, ValueError, FileNotFoundError):
                continue
        return None

    def daemon_pid(self) -> int:
        """The process id of the pantsd that runs."""
        daemon = self._daemon()
        assert daemon is not None
        return int(daemon.pid)

    def end_daemon(self) -> None:
        """Ends pantsd, and takes away all that it remembered of this repository."""
        daemon = self._daemon()
        if daemon is not None:
            daemon.terminate()
            _, alive = psutil.wait_procs([daemon], timeout=_NOTICED_AFTER)
            for each in alive:
                each.kill()
        for name in (".pids", ".pants.d"):
            shutil.rmtree(self.root / name, ignore_errors=True)


# The daemon ends with the tests, also when they are killed and can't end it themselves.
_SERVER = """
import os
import signal
import threading
import time


def follow(pid):
    while True:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            os.kill(os.getpid(), signal.SIGTERM)
            return
        time.sleep(1)


if "PANTS_DAEMON_ENTRYPOINT" in os.environ:
    threading.Thread(target=follow, args=(TESTS,), daemon=True).start()

from pants.bin.pants_loader import main

main()
"""


def pants_of_these_tests(folder: Path) -> Path:
    """Writes the program that becomes the Pants which these tests import.

    A daemon is started from a file, and never from a `-m` or `-c`.
    """
    server = folder / "pants_server.py"
    server.write_text(_SERVER.replace("TESTS", str(os.getpid())))
    daemon = folder / "pants_server"
    daemon.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{server}" "$@"\n')
    # The wheel of Pants holds the native client without its execute bit.
    client = folder / "native_client"
    shutil.copy(Path(version.__file__).parent / "bin/native_client", client)
    program = folder / "pants"
    program.write_text(f'#!/bin/sh\n_PANTS_SERVER_EXE="{daemon}" exec "{client}" "$@"\n')
    for path in (daemon, client, program):
        path.chmod(0o755)
    return program


def copy_plugin(root: Path) -> None:
    """Copies the plugin's sources into a repository, for `pythonpath`."""
    shutil.copytree(
        OURS / "pants-plugins/module_federation",
        root / "pants-plugins/module_federation",
        ignore=shutil.ignore_patterns("__pycache__", "BUILD"),
    )


def pants_toml(folder: Path, **sections: Mapping[str, str]) -> str:
    """A `pants.toml` for a repository with the plugin's sources in it.

    :param folder: where sandboxes are made; it goes away with the test.
    :param sections: more options, section → option → value as TOML has it.
    """
    options: dict[str, dict[str, str]] = {
        "GLOBAL": {
            "pants_version": f'"{version.VERSION}"',
            "pythonpath": '["%(buildroot)s/pants-plugins"]',
            "backend_packages": '["module_federation"]',
            "pants_ignore": '["**/node_modules/", "/dist/"]',
            # As docs/bundlers.md says it: the line would hold the path of a sandbox.
            "ignore_warnings": r'["Starting new nailgun server with cmd: \"__node/"]',
            "local_execution_root_dir": f'"{folder}"',
        },
    }
    for section, more in sections.items():
        options.setdefault(section, {}).update(more)
    return "\n".join(
        line
        for section, values in options.items()
        for line in (f"[{section}]", *(f"{name} = {value}" for name, value in values.items()))
    )


def make_checkout(root: Path, program: Path, example: str) -> PantsRepository:
    """A repository with the plugin's sources and an example, as a fresh checkout has it.

    It has no `pants.toml` yet.

    :param example: the example's folder, from this repository's root.
    :param program: what `pants_of_these_tests` gives.
    """
    shutil.copytree(OURS / example, root / example, ignore=shutil.ignore_patterns("node_modules"))
    copy_plugin(root)
    return PantsRepository(root, program)

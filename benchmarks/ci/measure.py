"""Measures what each setting of docs/ci.md saves a machine that starts with nothing.

    PYTHONPATH=pants-plugins:tests python benchmarks/ci/measure.py [--runs 3] [--only NAME …]

Each side of a case is a call of the real `./pants` in a checkout of its own, without pantsd, as a
CI job makes it; what a job keeps, and where, is the difference. The sides take turns. Prints one
table (Markdown) with both sides and their ratio, and the sizes of what is kept. What jobs leave
takes some gigabytes in the temporary folder until the end.

The remote cache is the BuildGrid of the remote-cache tests, on the loopback interface. Needs Python
3.9 with what `3rdparty/python/python-default.lock` pins (CONTRIBUTING.md, "Set-up").
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from module_federation.cli.main import main as federation
from remote_cache.proxy import proxy
from remote_cache.server import INSTANCE, CacheServer, cache_server

OURS = Path(__file__).resolve().parents[2]
LEFT_OUT = shutil.ignore_patterns(".git", ".p*", ".*_cache", "__pycache__", "dist", "node_modules")

SHOP = "examples/storefront"
PACKAGE = ("package", f"{SHOP}::")
EDITED = f"{SHOP}/apps/cart/src/totals.ts"
MEMORY = Path("/dev/shm")

#: Seconds that each portion of 64 KiB takes on the slow link.
SLOW = 0.2


@dataclass
class Job:
    """A CI job: a fresh checkout, and the folder that the job before it may have left."""

    scratch: Path
    cache: Path

    def checkout(self) -> Path:
        """A copy of this repository in a folder that no job has had before."""
        root = Path(tempfile.mkdtemp(dir=self.scratch, prefix="checkout-")) / "repository"
        shutil.copytree(OURS, root, ignore=LEFT_OUT)
        return root

    def call(self, root: Path, *arguments: str) -> tuple[float, str]:
        """Seconds, and what Pants said."""
        started = time.perf_counter()
        result = subprocess.run(
            ["./pants", "--no-pantsrc", "--no-dynamic-ui", "--no-pantsd", *arguments],
            cwd=root,
            env={**os.environ, "XDG_CACHE_HOME": str(self.cache)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        seconds = time.perf_counter() - started
        if result.returncode != 0:
            sys.exit(result.stdout)
        return seconds, result.stdout

    def package(self, *options: str, edited: bool = False) -> tuple[float, str]:
        """Packages the storefront in a new checkout."""
        root = self.checkout()
        if edited:
            edit(root)
        return self.call(root, *options, *PACKAGE)


def edit(root: Path) -> None:
    """Changes one source file of `cart` so that the bundle changes, to what it has never been."""
    path = root / EDITED
    mark = f"RUN{time.time_ns()}"
    path.write_text(re.sub(r'DISCOUNT_CODE = ".*"', f'DISCOUNT_CODE = "{mark}"', path.read_text()))


@dataclass(frozen=True)
class Case:
    """Two sides of one comparison: what they do, and their seconds."""

    name: str
    left: str
    right: str
    do_left: Callable[[], float]
    do_right: Callable[[], float]
    lefts: list[float] = field(default_factory=list)
    rights: list[float] = field(default_factory=list)

    def run(self) -> None:
        """One turn of each side."""
        self.lefts.append(self.do_left())
        self.rights.append(self.do_right())

    def row(self) -> str:
        """The case as a row of the table."""
        ratio = statistics.median(self.lefts) / statistics.median(self.rights)
        return (
            f"| {self.name} | {self.left} | {spread(self.lefts)} | {self.right} | "
            f"{spread(self.rights)} | {ratio:.2f} |"
        )


def spread(seconds: Sequence[float]) -> str:
    """Median and extremes."""
    return f"{statistics.median(seconds):.1f} ({min(seconds):.1f} to {max(seconds):.1f})"


def megabytes(folder: Path) -> int:
    """What a folder takes on the disk."""
    blocks = (path.lstat().st_blocks for path in folder.rglob("*"))
    return round(sum(blocks) * 512 / 1e6)


class Bench:
    """The cases, on caches that each measured call gets a copy of."""

    def __init__(self, scratch: Path, server: CacheServer) -> None:
        self.scratch = scratch
        self.server = server
        #: What a first job leaves: everything, and the launcher's environment alone.
        self.kept = scratch / "kept"
        self.launcher = scratch / "launcher"
        Job(scratch, self.kept).package()
        shutil.copytree(
            self.kept / "pants-module-federation",
            self.launcher / "pants-module-federation",
            symlinks=True,
        )
        # Another first job fills the server.
        self.remote = remote_options(server.address)
        self.package(self.launcher, *self.remote)

    def package(self, left_by: Path | None, *options: str, edited: bool = False) -> float:
        """Seconds of a job that finds a copy of `left_by`, or nothing."""
        return self._job(left_by, self._packaging(*options, edited=edited))[0]

    def changed(self, *arguments: str) -> float:
        """Seconds of a job in a git repository in which one file of one remote was edited."""

        def act(job: Job) -> tuple[float, str]:
            root = job.checkout()
            commit(root)
            edit(root)
            return job.call(root, *arguments)

        return self._job(self.kept, act)[0]

    @staticmethod
    def _packaging(*options: str, edited: bool = False) -> Callable[[Job], tuple[float, str]]:
        return lambda job: job.package(*options, edited=edited)

    def _job(
        self, left_by: Path | None, act: Callable[[Job], tuple[float, str]]
    ) -> tuple[float, str]:
        cache = Path(tempfile.mkdtemp(dir=self.scratch, prefix="cache-"))
        if left_by is not None:
            shutil.copytree(left_by, cache, symlinks=True, dirs_exist_ok=True)
        os.sync()
        # All of it is deleted at the end: ext4 is slow at making files after many were deleted.
        return act(Job(self.scratch, cache))

    def cases(self) -> dict[str, Case]:
        """Name for `--only` → case."""
        kept, launcher = self.kept, self.launcher
        since = ("--changed-since=HEAD", "--changed-dependents=transitive", "package")
        found = {
            "kept": Case(
                "nothing changed since the last job",
                "the cache folder is kept",
                "nothing is kept",
                lambda: self.package(kept),
                lambda: self.package(None),
            ),
            "edited": Case(
                "one remote edited",
                "the cache folder is kept",
                "only the launcher's part is kept",
                lambda: self.package(kept, edited=True),
                lambda: self.package(launcher, edited=True),
            ),
            "remote-cache": Case(
                "nothing changed since another machine's job",
                "remote cache, `fetch`",
                "no remote cache",
                lambda: self.package(launcher, *self.remote),
                lambda: self.package(launcher),
            ),
            "defer": Case(
                "the same",
                "remote cache, `defer`",
                "remote cache, `fetch`",
                lambda: self.package(launcher, *self.remote, "--cache-content-behavior=defer"),
                lambda: self.package(launcher, *self.remote),
            ),
            "changed": Case(
                "one remote edited, the cache folder is kept",
                "`--changed-since`",
                "the whole example",
                lambda: self.changed(*since),
                lambda: self.changed(*PACKAGE),
            ),
        }
        if MEMORY.is_dir():
            found["memory"] = Case(
                "everything is built",
                "execution root on tmpfs",
                "execution root on disk",
                lambda: self.package(launcher, f"--local-execution-root-dir={MEMORY}"),
                lambda: self.package(launcher, f"--local-execution-root-dir={self.scratch}"),
            )
        return found

    def uploads(self) -> None:
        """Prints what `federation uploads` says with Pants' defaults, and with docs/ci.md's."""
        tried = [
            ("slow link, `session_end_tasks_timeout` left at 3", SLOW, {"timeout": 3}),
            ("slow link, options of docs/ci.md", SLOW, {}),
            ("`remote_store_rpc_concurrency` left at 128", 0.0, {"store": 128, "cache": 128}),
            ("options of docs/ci.md", 0.0, {}),
        ]
        for name, delay, others in tried:
            folder = Path(tempfile.mkdtemp(dir=self.scratch, prefix="server-"))
            with cache_server(folder / "server") as empty, proxy(empty, delay=delay) as link:
                options = (*remote_options(link.address, **others), "--stats-log")
                seconds, log = self._job(self.launcher, self._packaging(*options))
            (folder / "pants.log").write_text(log)
            print(f"{name}, {seconds:.1f} s:", flush=True)
            federation(["uploads", str(folder / "pants.log")])


def remote_options(
    address: str, *, timeout: int = 300, store: int = 24, cache: int = 8
) -> tuple[str, ...]:
    """Options of docs/ci.md for a remote cache: seconds for uploads at the end, calls at once."""
    return (
        "--remote-cache-read",
        "--remote-cache-write",
        f"--remote-store-address={address}",
        f"--remote-instance-name={INSTANCE}",
        f"--session-end-tasks-timeout={timeout}",
        f"--remote-store-rpc-concurrency={store}",
        f"--remote-cache-rpc-concurrency={cache}",
    )


def commit(root: Path) -> None:
    """Makes the checkout a git repository with one commit."""
    git = ("git", "-c", "user.name=ci", "-c", "user.email=ci@example.com", "-c", "gc.auto=0")
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "checkout")):
        subprocess.run([*git, *arguments], cwd=root, check=True)


def main() -> None:
    """Reads the command line, runs the cases, and reports."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", nargs="+", default=None, metavar="NAME")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        with cache_server(scratch / "server") as server:
            bench = Bench(scratch, server)
            cases = bench.cases()
            chosen = [cases[each] for each in options.only or cases if each in cases]
            print(
                f"{time.strftime('%Y-%m-%d')}, {platform.system()} {platform.machine()}, "
                f"{os.cpu_count()} cores, {options.runs} runs: median (min to max) in seconds.\n"
            )
            print("| case | left | s | right | s | ratio |\n|---|---|---|---|---|---|")
            for case in chosen:
                for _ in range(options.runs):
                    case.run()
                print(case.row(), flush=True)
            print(f"\nLoad average at the end: {os.getloadavg()[1]:.1f}.")
            print()
            for folder in sorted(bench.kept.glob("*")) + sorted((bench.kept / "pants").glob("*")):
                print(f"{folder.relative_to(bench.kept)}: {megabytes(folder)} MB")
            print(f"the server's storage: {megabytes(server.storage)} MB\n", flush=True)
            if options.only is None or "uploads" in options.only:
                bench.uploads()


if __name__ == "__main__":
    main()

"""Measures what packaging the storefront costs, beside what the bare programs underneath cost.

    python3 benchmarks/storefront/run.py [--runs 5]

Works on a copy of this repository in a temporary folder, with the real `./pants` launcher and a
cache of its own, and prints one table (Markdown) with both sides of each case and their ratio from
one run. The two sides of a case take turns, so that what else the machine does hits both. Needs
Python 3.9 or newer and what `./pants` needs, nothing else.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shlex
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

OURS = Path(__file__).resolve().parents[2]
#: What Git, Pants and other tools keep for themselves is no part of the copy.
LEFT_OUT = shutil.ignore_patterns(
    *(".git", ".pants.d", ".pids", ".*_cache", ".hypothesis", "__pycache__", "dist", "node_modules")
)

SHOP = "examples/storefront"
PACKAGE = ("package", f"{SHOP}::")
EDITED = f"{SHOP}/apps/cart/src/totals.ts"
BUNDLE = f"Bundle {SHOP}/apps/cart:remote"
#: Folders of a sandbox that lead, or whose links lead, to where the daemon laid inputs out.
TOOL = "__tool"
PACKAGES = "__npm"
#: Chunks that were minified before: each side keeps its own.
MINIFIED = "__minified"
OUTPUT = "__out"


def timed(action: Callable[[], object]) -> float:
    """Seconds on the wall clock."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


@dataclass(frozen=True)
class Repository:
    """The copy that is measured."""

    root: Path
    store: Path

    def pants(self, *arguments: str) -> str:
        """Calls the launcher as a user does, and returns what it said."""
        result = subprocess.run(
            ["./pants", "--no-pantsrc", "--no-dynamic-ui", *arguments],
            cwd=self.root,
            env={
                **os.environ,
                "PANTS_LOCAL_STORE_DIR": str(self.store),
                "PANTS_NAMED_CACHES_DIR": str(self.store.with_name("named-caches")),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if result.returncode != 0:
            sys.exit(result.stdout)
        return result.stdout

    def package(self) -> str:
        """Packages the whole example."""
        return self.pants(*PACKAGE)

    def no_op(self) -> str:
        """The least that Pants can do."""
        return self.pants("version")

    def end_daemon(self) -> None:
        """Ends pantsd and waits until it is gone."""
        for file in self.root.glob(".pids/*/pantsd/pid"):
            pid = int(file.read_text())
            deadline = time.monotonic() + 10
            try:
                os.kill(pid, signal.SIGTERM)
                while time.monotonic() < deadline:
                    os.kill(pid, 0)
                    time.sleep(0.02)
            except ProcessLookupError:
                continue
        shutil.rmtree(self.root / ".pids", ignore_errors=True)


@dataclass(frozen=True)
class BareBundler:
    """The bundle process of `cart` without Pants: a copy of the sandbox that Pants ran it in."""

    root: Path
    command: Sequence[str]
    environment: dict[str, str]

    @classmethod
    def of(cls, repository: Repository, root: Path) -> BareBundler:
        """Lets Pants bundle `cart` once and keep the sandbox."""
        edit(repository.root, "kept")
        said = repository.pants("--keep-sandboxes=always", *PACKAGE)
        found = re.search(rf"(/\S+) for {re.escape(BUNDLE)}", said)
        if found is None:
            sys.exit(f"No sandbox was kept:\n{said}")
        sandbox = Path(found[1])
        shutil.copytree(sandbox, root, symlinks=True)
        (root / TOOL).unlink()
        shutil.copytree(sandbox / TOOL, root / TOOL, symlinks=True)
        shutil.rmtree(root / PACKAGES)
        shutil.copytree(sandbox / PACKAGES, root / PACKAGES)
        (root / MINIFIED).unlink()
        (root / MINIFIED).mkdir()
        # The script ends in one line: env -i NAME=value … program argument …
        line = (sandbox / "__run.sh").read_text().rstrip().splitlines()[-1]
        words = shlex.split(line)
        words = words[words.index("-i") + 1 :]
        command = next(at for at, word in enumerate(words) if "=" not in word)
        for kept in re.findall(r"(/\S+/pants-sandbox-\w+) for ", said):
            shutil.rmtree(kept, ignore_errors=True)
        environment = dict(word.split("=", 1) for word in words[:command])
        return cls(root, words[command:], environment)

    def bundle(self) -> None:
        """Runs the bundler on what is there."""
        subprocess.run(self.command, cwd=self.root, env=self.environment, check=True)

    def clean(self) -> None:
        """Takes the output away, which no sandbox of Pants starts with."""
        shutil.rmtree(self.root / OUTPUT)


def edit(root: Path, mark: str) -> None:
    """Changes one source file of `cart` so that the bundle changes, too."""
    path = root / EDITED
    content = re.sub(r'DISCOUNT_CODE = ".*"', f'DISCOUNT_CODE = "{mark}"', path.read_text())
    path.write_text(content)


@dataclass(frozen=True)
class Case:
    """Two sides of one comparison, in seconds."""

    name: str
    left: str
    right: str
    lefts: list[float] = field(default_factory=list)
    rights: list[float] = field(default_factory=list)

    def row(self) -> str:
        """The case as a row of the table."""
        left, right = statistics.median(self.lefts), statistics.median(self.rights)
        return (
            f"| {self.name} | {self.left} | {spread(self.lefts)} | {self.right} | "
            f"{spread(self.rights)} | {left / right:.2f} | {left - right:+.2f} |"
        )


def spread(seconds: Sequence[float]) -> str:
    """Median and extremes."""
    return f"{statistics.median(seconds):.2f} ({min(seconds):.2f} to {max(seconds):.2f})"


def measure(repository: Repository, bare: BareBundler, runs: int) -> list[Case]:
    """Runs every case, its two sides in turns."""
    whole, no_op = "`package` the example", "`./pants version`"
    unchanged = Case("a. nothing changed", whole, no_op)
    edited = Case("b. one source of `cart` edited", whole, "the bare bundler")
    restarted = Case("c. new pantsd, local cache", whole, no_op)
    deleted = Case("d. `dist` deleted", whole, no_op)

    repository.package()
    for _ in range(runs):
        unchanged.lefts.append(timed(repository.package))
        unchanged.rights.append(timed(repository.no_op))

    for run in range(runs):
        edit(repository.root, f"RUN{run}")
        edited.lefts.append(timed(repository.package))
        edit(bare.root, f"RUN{run}")
        bare.clean()
        edited.rights.append(timed(bare.bundle))
    compare_outputs(repository, bare)

    for _ in range(runs):
        shutil.rmtree(repository.root / "dist")
        deleted.lefts.append(timed(repository.package))
        deleted.rights.append(timed(repository.no_op))

    for _ in range(runs):
        repository.end_daemon()
        restarted.lefts.append(timed(repository.package))
        repository.end_daemon()
        restarted.rights.append(timed(repository.no_op))
    return [unchanged, edited, restarted, deleted]


def compare_outputs(repository: Repository, bare: BareBundler) -> None:
    """Both sides of (b) must have made the same, or they have not done the same work.

    But for the manifest, which Pants' side corrects by what the code says.
    """
    ours = repository.root / "dist" / f"{SHOP}/apps/cart".replace("/", ".") / "remote"
    theirs = bare.root / OUTPUT
    for file in theirs.rglob("*"):
        if file.name == "mf-manifest.json" or file.is_dir():
            continue
        if file.read_bytes() != (ours / file.relative_to(theirs)).read_bytes():
            sys.exit(f"The two sides differ in {file.relative_to(theirs)}")


def main() -> None:
    """Reads the command line, makes the copy, and reports."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--runs", type=int, default=5)
    runs = arguments.parse_args().runs
    with tempfile.TemporaryDirectory() as scratch:
        repository = Repository(Path(scratch, "repository"), Path(scratch, "store"))
        shutil.copytree(OURS, repository.root, ignore=LEFT_OUT)
        try:
            repository.no_op()
            cold = timed(repository.package)
            bare = BareBundler.of(repository, Path(scratch, "bare"))
            cases = measure(repository, bare, runs)
        finally:
            repository.end_daemon()
    node = subprocess.run(
        ["node", "--version"], check=True, stdout=subprocess.PIPE, text=True
    ).stdout.strip()
    print(
        f"{time.strftime('%Y-%m-%d')}, {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} cores, load average {os.getloadavg()[1]:.1f}, Node.js {node}, "
        f"{runs} runs: median (min to max) in seconds.\n"
    )
    print("| case | left | s | right | s | ratio | difference |")
    print("|---|---|---|---|---|---|---|")
    for case in cases:
        print(case.row())
    print(f"\nOnce, with an empty cache: {cold:.1f} s.")


if __name__ == "__main__":
    main()

"""Bundles one container of the storefront with Rspack and with webpack, in turn, and compares.

Pants lays the two sandboxes out once and keeps them; what is timed is the bundle process alone, as
its `__run.sh` starts it. Start it from the repository's root, in the environment for editors
(CONTRIBUTING.md), with `PYTHONPATH=pants-plugins:tests`:

    python benchmarks/bundlers/compare.py [target] [rounds]
"""

from __future__ import annotations

import gzip
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from module_federation.options import Bundler
from module_federation.util_rules.bundle import EmitRequest
from module_federation.util_rules.contracts import EmittedBundle
from rules.runner import address, federation_runner

ROOT = Path(__file__).parents[2]


def storefront() -> dict[str, bytes]:
    """The example's files, path → content."""
    listed = subprocess.run(
        ["git", "ls-files", "examples/storefront"], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    return {name: (ROOT / name).read_bytes() for name in listed.stdout.decode().splitlines()}


def sandbox(target: str, bundler: Bundler, folder: Path) -> Path:
    """Lays out a container's sandbox, which stays until `main` ends."""
    runner = federation_runner(
        storefront(),
        options=[
            f"--module-federation-bundler={bundler.value}",
            "--module-federation-policy-file=examples/storefront/sharing.toml",
        ],
        bootstrap_args=[
            "--keep-sandboxes=always",
            f"--local-store-dir={folder}/store",
            f"--local-execution-root-dir={folder}",
        ],
    )
    runner.request(EmittedBundle, [EmitRequest(address(target))])
    RUNNERS.append(runner)
    (found,) = folder.glob("pants-sandbox-*/__mf/container.json")
    return found.parents[1]


#: An engine removes what its sandboxes link to when it ends.
RUNNERS: list[object] = []


def seconds(place: Path) -> float:
    """What one run of the process takes, by the clock."""
    start = time.perf_counter()
    subprocess.run(["bash", "__run.sh"], cwd=place, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def sizes(place: Path) -> dict[str, int]:
    """Bytes by kind of file, as they are and as gzip makes them."""
    found: dict[str, int] = {}
    for file in sorted(place.glob("__out/**/*")):
        if file.suffix in (".js", ".css"):
            content = file.read_bytes()
            packed = len(gzip.compress(content, 9, mtime=0))
            for name, size in ((file.suffix, len(content)), (f"{file.suffix}.gz", packed)):
                found[name] = found.get(name, 0) + size
    found["remoteEntry.js"] = (place / "__out/remoteEntry.js").stat().st_size
    return found


def main() -> None:
    """Prints times, sizes in bytes, and the ratio."""
    target = sys.argv[1] if len(sys.argv) > 1 else "examples/storefront/apps/cart:remote"
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory() as folder:
        places = {}
        for bundler in Bundler:
            own = Path(folder, bundler.value)
            own.mkdir()
            places[bundler] = sandbox(target, bundler, own)
        times: dict[Bundler, list[float]] = {bundler: [] for bundler in Bundler}
        for _ in range(rounds):
            for bundler, place in places.items():
                times[bundler].append(seconds(place))
        for bundler, place in places.items():
            taken = times[bundler]
            print(
                bundler.value,
                f"median {statistics.median(taken):.2f} s",
                f"({min(taken):.2f}-{max(taken):.2f})",
            )
            print(json.dumps(sizes(place)))
        one, other = (statistics.median(times[bundler]) for bundler in Bundler)
        print(f"webpack takes {other / one:.1f} times as long as rspack")


if __name__ == "__main__":
    main()

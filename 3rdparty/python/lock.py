"""Pins the requirements of this folder, with hashes and without addresses.

Run it after editing one of the `*.in` files or `requirements.txt`, with the Pex that Pants uses:

    python3.9 -m venv /some/folder && /some/folder/bin/pip install pex==2.1.137
    /some/folder/bin/python 3rdparty/python/lock.py [name of a lockfile ...]

Pex's own lockfiles and those of `pants generate-lockfiles` hold the address of every file, so they
only serve whoever reaches the same index. A requirements file with hashes pins the same files
wherever they come from. Pex resolves "universally" here: the hashes of every wheel of a version
are written, so one file serves Linux and macOS on every CPython that the constraint allows.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Pinning:
    """One lockfile: which requirements it pins, and for which interpreters."""

    source: str
    lockfile: str
    interpreter_constraint: str
    # A lockfile whose versions this one shares.
    constraints: str | None = None


PINNINGS = (
    Pinning("launcher.in", "launcher.txt", "CPython>=3.7,<3.10"),
    Pinning("node.in", "node.txt", "CPython>=3.8,<3.10"),
    Pinning("requirements.txt", "python-default.lock", "CPython==3.9.*"),
    Pinning("pytest.in", "pytest.lock", "CPython==3.9.*", constraints="python-default.lock"),
    Pinning("mypy.in", "mypy.lock", "CPython==3.9.*"),
    Pinning("ruff.in", "ruff.lock", "CPython==3.9.*"),
    Pinning("buildgrid.in", "buildgrid.lock", "CPython==3.9.*"),
    Pinning("plots.in", "plots.lock", "CPython==3.9.*"),
)


def versions(lockfile: str | None) -> list[str]:
    """The lines `name==version` of a lockfile in this folder; none when there is no lockfile."""
    if lockfile is None:
        return []
    return re.findall(r"^\S+==\S+", (FOLDER / lockfile).read_text(), re.MULTILINE)


def resolve(pinning: Pinning) -> dict[str, Any]:
    """Returns Pex's lockfile (Pex 2.1.137, `pex3 lock create`) as parsed JSON.

    Raises `subprocess.CalledProcessError` when there is no solution; Pex has then said why.
    """
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "lock.json")
        constraints = Path(folder, "constraints.txt")
        # A constraints file holds no hashes.
        constraints.write_text("\n".join(versions(pinning.constraints)))
        subprocess.run(
            [
                *(sys.executable, "-m", "pex.cli", "lock", "create"),
                *("--style", "universal", "--target-system", "linux", "--target-system", "mac"),
                *("--interpreter-constraint", pinning.interpreter_constraint),
                *("--pip-version", "23.1.2", "--resolver-version", "pip-2020-resolver"),
                *("-r", str(FOLDER / pinning.source), "-o", str(output)),
                *("--constraints", str(constraints)),
            ],
            check=True,
        )
        parsed: dict[str, Any] = json.loads(output.read_text())
        return parsed


def requirements_file(lock: dict[str, Any], pinning: Pinning) -> str:
    """Renders Pex's lockfile as a requirements file: sorted, so that a diff shows what changed."""
    lines = [f"# Made from {pinning.source} for {pinning.interpreter_constraint} by lock.py."]
    (resolved,) = lock["locked_resolves"]
    for locked in sorted(resolved["locked_requirements"], key=lambda req: req["project_name"]):
        hashes = sorted(f"--hash={a['algorithm']}:{a['hash']}" for a in locked["artifacts"])
        lines.append(" \\\n    ".join([f"{locked['project_name']}=={locked['version']}", *hashes]))
    return "\n".join(lines) + "\n"


def main(wanted: list[str]) -> None:
    """Writes the named lockfiles, or all of them."""
    known = [pinning.lockfile for pinning in PINNINGS]
    if unknown := sorted(set(wanted) - set(known)):
        sys.exit(f"No such lockfile: {', '.join(unknown)}. There are: {', '.join(known)}.")
    for pinning in PINNINGS:
        if not wanted or pinning.lockfile in wanted:
            text = requirements_file(resolve(pinning), pinning)
            (FOLDER / pinning.lockfile).write_text(text)
            print(f"wrote {pinning.lockfile}")


if __name__ == "__main__":
    main(sys.argv[1:])

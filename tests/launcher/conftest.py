from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path

import pytest

from launcher.scratch import (
    PEX_CONTENT,
    Repository,
    executable,
    fake_node,
    write_node_wheel,
    write_pants_wheel,
    write_pex_wheel,
)

# What the launcher calls, beside Python and Node.js.
TOOLS = (
    *("bash", "chmod", "cp", "env", "grep", "ln", "ls", "mkdir", "mv", "rm", "sed", "sh"),
    *("sha256sum", "sort", "touch"),
)


def make_repository(folder: Path) -> Repository:
    """Makes a repository whose launcher finds this interpreter, a recent Node.js, and no network.

    Beside it in `folder` lie `tools` (python3.9, node and npm), `bare` (what else a launcher
    calls), `wheels`, `home` and `cache`. There are spaces in the repository's own name.
    """
    root = folder / "a repository"
    pins = root / "3rdparty/python"
    pins.mkdir(parents=True)
    executable(root / "pants", Path("pants").read_text())

    wheels = folder / "wheels"
    wheels.mkdir()
    (pins / "launcher.txt").write_text(write_pants_wheel(wheels) + write_pex_wheel(wheels))
    (pins / "node.txt").write_text(write_node_wheel(wheels))
    (pins / "pex-cli.txt").write_text(
        f"2.0 {hashlib.sha256(PEX_CONTENT).hexdigest()} {len(PEX_CONTENT)}\n"
    )

    bare = folder / "bare"
    bare.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found is not None, f"These tests need {tool}."
        (bare / tool).symlink_to(found)
    tools = folder / "tools"
    executable(tools / "python3.9", f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    executable(tools / "node", fake_node("v22.12.0"))
    executable(tools / "npm", "#!/bin/sh\n")

    return Repository(
        root,
        {
            "HOME": str(folder / "home"),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "PATH": os.pathsep.join([str(tools), str(bare)]),
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(wheels),
            "PIP_CONFIG_FILE": os.devnull,
        },
    )


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository whose launcher has never run."""
    return make_repository(tmp_path)


@pytest.fixture(scope="session")
def filled_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cache that one call of the launcher leaves behind."""
    repository = make_repository(tmp_path_factory.mktemp("first"))
    repository.call()
    return repository.cache


@pytest.fixture
def warm(repository: Repository, filled_cache: Path) -> Repository:
    """A repository whose launcher has set up Pants, but has not looked for Node.js yet."""
    shutil.copytree(filled_cache, repository.cache, symlinks=True)
    return repository

"""The JavaScript oracle: the real packages, installed once per test run from a locked list."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from unit.sharing.oracle import NODE_FOLDER, Oracle


@pytest.fixture(scope="session")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Oracle:
    folder = tmp_path_factory.mktemp("oracle")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(NODE_FOLDER / name, folder / name)
    subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"],
        cwd=folder,
        check=True,
    )
    return Oracle(folder / "node_modules")

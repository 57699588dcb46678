"""The bundler's tool: its real packages, installed once per test run from the plugin's lockfile."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

import module_federation
from module_federation.bundler_files import BUNDLE, LOCK
from unit.bundler.small_federation import Bundler

TOOL = Path(module_federation.__file__).parent / "bundler"


@pytest.fixture(scope="session")
def bundler(tmp_path_factory: pytest.TempPathFactory) -> Bundler:
    folder = tmp_path_factory.mktemp("bundler")
    for name in (*BUNDLE, *LOCK):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(TOOL / name, folder / name)
    subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"],
        cwd=folder,
        check=True,
    )
    return Bundler(folder)

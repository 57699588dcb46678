"""The bundlers' tools: their real packages, each installed once per test run from its lockfile."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Callable, Dict

import pytest

import module_federation
from module_federation import bundler_files, options
from unit.bundler.small_federation import Bundler

TOOL = Path(module_federation.__file__).parent / "bundler"
LOCKS = {
    options.Bundler.RSPACK: bundler_files.LOCK,
    options.Bundler.WEBPACK: bundler_files.WEBPACK_LOCK,
}

Bundlers = Callable[[str], Bundler]


@pytest.fixture(scope="session")
def bundlers(tmp_path_factory: pytest.TempPathFactory) -> Bundlers:
    """`rspack` or `webpack` → the bundler, installed when it is first asked for."""
    installed: Dict[str, Bundler] = {}

    def bundler(name: str) -> Bundler:
        if name not in installed:
            installed[name] = _installed(options.Bundler(name), tmp_path_factory.mktemp(name))
        return installed[name]

    return bundler


@pytest.fixture(scope="session")
def bundler(bundlers: Bundlers) -> Bundler:
    return bundlers("rspack")


def _installed(bundler: options.Bundler, folder: Path) -> Bundler:
    for name in (*bundler_files.BUNDLE, *bundler_files.BUNDLE_WITH[bundler]):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(TOOL / name, folder / name)
    for name in LOCKS[bundler]:
        shutil.copy(TOOL / name, folder / Path(name).name)
    subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"],
        cwd=folder,
        check=True,
    )
    return Bundler(bundler.value, folder)

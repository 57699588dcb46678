"""Installs the JavaScript packages that the tests ask, once per run, from a locked list."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from unit.module_graph.oracle import NODE_FOLDER, PARSER, Node


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Node:
    folder = tmp_path_factory.mktemp("node")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(NODE_FOLDER / name, folder / name)
    subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"],
        cwd=folder,
        check=True,
    )
    shutil.copy(PARSER, folder / "parse.mjs")
    return Node(folder)

"""Installs the JavaScript packages that the tests ask, once per run, from a locked list."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from module_federation.bundler_files import PARSE
from unit.module_graph.oracle import NODE_FOLDER, PARSER_FOLDER, Node


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
    for name in PARSE:
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(PARSER_FOLDER / name, folder / name)
    return Node(folder)

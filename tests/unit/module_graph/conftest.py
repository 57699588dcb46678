"""The JavaScript oracles: the real bundler's resolver and the real parser, from a locked list."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Union

import pytest
from module_federation.module_graph.imports import ImportKind, ParsedFile, parse_output
from module_federation.module_graph.settings import bundler_resolve

NODE_FOLDER = Path(__file__).parent / "node"
PARSER = Path(__file__).parents[3] / "pants-plugins/module_federation/bundler/parse.mjs"

# How it is asked, the absolute folder of the importer, and the request.
Question = tuple[ImportKind, str, str]

PROBES = {
    ImportKind.STATIC: 'import "REQUEST";',
    ImportKind.DYNAMIC: 'import("REQUEST");',
    ImportKind.REEXPORT: 'export * from "REQUEST";',
    ImportKind.REQUIRE: 'require("REQUEST");',
    ImportKind.URL: 'new URL("REQUEST", import.meta.url);',
    ImportKind.WORKER: 'new Worker(new URL("REQUEST", import.meta.url));',
    ImportKind.CSS_IMPORT: '@import "REQUEST";',
    ImportKind.CSS_URL: '.a { background: url("REQUEST") }',
}


@dataclass(frozen=True)
class Node:
    """Runs Node.js scripts next to the packages they need."""

    folder: Path

    def resolve(
        self, root: Path, questions: Sequence[Question], mode: str = "production"
    ) -> list[Union[str, bool, None]]:
        """What Rspack says: an absolute path, False for an ignored module, None for a failure."""
        probes = []
        for number, (kind, folder, request) in enumerate(questions):
            ending = "css" if kind in (ImportKind.CSS_IMPORT, ImportKind.CSS_URL) else "js"
            probe = Path(folder) / f"__probe{number}.{ending}"
            probe.write_text(PROBES[kind].replace("REQUEST", request))
            probes.append(str(probe))
        asked = {"mode": mode, "probes": probes, "resolve": bundler_resolve()}
        completed = subprocess.run(
            ["node", str(NODE_FOLDER / "resolve.mjs"), str(self.folder), str(root)],
            input=json.dumps(asked).encode(),
            stdout=subprocess.PIPE,
            check=True,
        )
        answers: list[Union[str, bool, None]] = json.loads(completed.stdout)
        return answers

    def parse_raw(self, sources: Mapping[str, Any], folder: Path) -> bytes:
        """The parser's output for files that are written to `folder`; None stands for no file."""
        for name, content in sources.items():
            if content is None:
                continue
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "list.json").write_text(json.dumps(list(sources)))
        subprocess.run(
            ["node", str(self.folder / "parse.mjs"), "list.json", "out.json"],
            cwd=folder,
            check=True,
        )
        return (folder / "out.json").read_bytes()

    def parse(self, sources: Mapping[str, Any], folder: Path) -> dict[str, ParsedFile]:
        return {file.path: file for file in parse_output(self.parse_raw(sources, folder))}


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

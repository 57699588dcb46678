"""What the tests ask: the real bundler's resolver, and the import parser on the real oxc-parser."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Tuple, Union

import module_federation
from module_federation.module_graph.imports import ImportKind, ParsedFile, parse_output
from module_federation.module_graph.settings import bundler_resolve

NODE_FOLDER = Path(__file__).parent / "node"
PARSER_FOLDER = Path(module_federation.__file__).parent / "bundler"

# How it is asked, the absolute folder of the importer, and the request.
Question = Tuple[ImportKind, str, str]

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
        # The tests link first-party packages into node_modules and expect the files themselves.
        resolve = {**bundler_resolve(), "symlinks": True}
        asked = {"mode": mode, "probes": probes, "resolve": resolve}
        completed = subprocess.run(
            ["node", str(NODE_FOLDER / "resolve.mjs"), str(self.folder), str(root)],
            input=json.dumps(asked).encode(),
            stdout=subprocess.PIPE,
            check=True,
        )
        answers: list[Union[str, bool, None]] = json.loads(completed.stdout)
        return answers

    def parse_raw(self, sources: Mapping[str, Any], folder: Path, *flags: str) -> bytes:
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
            ["node", str(self.folder / "parse.mjs"), "list.json", "out.json", *flags],
            cwd=folder,
            check=True,
        )
        return (folder / "out.json").read_bytes()

    def parse(self, sources: Mapping[str, Any], folder: Path, *flags: str) -> dict[str, ParsedFile]:
        output = self.parse_raw(sources, folder, *flags)
        return {file.path: file for file in parse_output(output)}

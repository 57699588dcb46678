"""The real packages that the Python models are compared with, asked through one Node process."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

NODE_FOLDER = Path(__file__).parent / "node"


@dataclass(frozen=True)
class Answer:
    """What the real packages say about one version and one range."""

    runtime: bool
    npm: bool
    npm_reads_range: bool


@dataclass(frozen=True)
class Oracle:
    """Asks the real runtime and the real ``semver`` about many pairs in one Node process."""

    node_modules: Path

    def ask(self, pairs: Sequence[tuple[str, str]]) -> list[Answer]:
        completed = subprocess.run(
            ["node", str(NODE_FOLDER / "oracle.cjs"), str(self.node_modules)],
            input=json.dumps(pairs).encode(),
            stdout=subprocess.PIPE,
            check=True,
        )
        return [Answer(*each) for each in json.loads(completed.stdout)]

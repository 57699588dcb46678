"""What is taken out of an installation again."""

from __future__ import annotations

import subprocess
from pathlib import Path

import module_federation

MODULE = Path(module_federation.__file__).parent / "bundler/install/tidy.mjs"
PROGRAM = """
const { tidy } = await import(process.argv[1]);
tidy(process.argv[2], ["libs/ui"]);
"""
KEPT = (
    "node_modules/lodash.map/index.js",
    "node_modules/react/data.map",
    "node_modules/react/license.md",
    "node_modules/react/src/index.ts",
    "libs/ui/node_modules/react/index.js",
    "libs/ui/src/types.d.ts",
)
REMOVED = (
    "node_modules/.package-lock.json",
    "node_modules/lodash.map/ReadMe.md",
    "node_modules/react/index.d.ts",
    "node_modules/react/esm/index.d.mts",
    "node_modules/react/index.js.map",
    "node_modules/react/theme.css.map",
    "node_modules/react/index.js.flow",
    "libs/ui/node_modules/react/index.d.cts",
)


def test_what_nothing_loads_is_removed(tmp_path: Path) -> None:
    """A link is not looked at: a workspace package can be called like a file."""
    for path in (*KEPT, *REMOVED):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    links = {"node_modules/docs.d.ts": "../libs/ui", "node_modules/@s/x.js.map": "../../libs/ui"}
    for path, target in links.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).symlink_to(target)
    subprocess.run(
        ["node", "--input-type=module", "-e", PROGRAM, str(MODULE), str(tmp_path)], check=True
    )
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert left == set(KEPT)
    assert all((tmp_path / path).is_symlink() for path in links)

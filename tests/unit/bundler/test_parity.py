"""What both bundlers make of the same sources, and say of the same mistakes."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable, Dict

import pytest

from unit.bundler.small_federation import APP, Bundler, SmallContainer, package

X = f"{APP}/src/x.tsx"
REACT = {
    "node_modules/react/package.json": json.dumps({"name": "react", "version": "19.0.0"}),
    "node_modules/react/jsx-runtime.js": "export const jsx = String; export const jsxs = String;\n",
    "node_modules/react/jsx-dev-runtime.js": "export const jsxDEV = String;\n",
}
BASE = {
    f"{APP}/package.json": json.dumps({"name": "one", "dependencies": {"a": "*", "react": "*"}}),
    **package("a", "1.2.3"),
    **REACT,
}
SHARED = {"a": {"requiredVersion": "*", "version": "1.2.3"}}


def container(files: Dict[str, str]) -> SmallContainer:
    return SmallContainer({**BASE, **files}, SHARED, {"./x": X})


STYLES = container(
    {
        X: 'import * as s from "./m.module.css"; import "./g.css"; import u from "./p.svg";\n'
        'import { copy } from "a"; export default [s, u, copy];\n',
        f"{APP}/src/m.module.css": ".one { color: red } .two { composes: one; color: blue }\n",
        f"{APP}/src/g.css": '@import "./h.css"; body { background: url("./p.svg") }\n',
        # What is not understood by every browser is written so that it is.
        f"{APP}/src/h.css": "h1 { user-select: none; inset: 0; &:hover { top: 1px } }\n"
        "@media (width >= 600px) { h2 { padding-inline: 1px; color: oklch(40% 0.2 30) } }\n",
        f"{APP}/src/p.svg": "<svg/>",
    }
)
SCRIPTS = container(
    {
        X: 'import y from "./y.js"; import z from "./z"; export default () => <b>{y}{z}</b>;\n',
        f"{APP}/src/y.js": "export default () => <i/>;\n",
        f"{APP}/src/z.ts": "enum E { A = 1 } const f = <T>(x: T): T => x;\n"
        "class D { constructor(private a = 1) {} } export default [f(E.A), D];\n",
    }
)
TYPES = container(
    {
        X: 'export { T, U, V } from "./mid"; import { W } from "./t"; export { W };\n',
        f"{APP}/src/mid.ts": 'export * from "./t"; export { U } from "./t";\n'
        'import { V } from "./t"; export { V };\n',
        f"{APP}/src/t.ts": "export interface T {}\nexport type U = 1;\ninterface V {}\n"
        "export type { V };\nexport interface W {}\n",
    }
)


@pytest.fixture(scope="module", params=["rspack", "webpack"])
def bundler(request: Any, bundlers: Callable[[str], Bundler]) -> Bundler:
    return bundlers(request.param)


def emitted(sandbox: Path) -> Dict[str, bytes]:
    out = sandbox / "out"
    return {str(file.relative_to(out)): file.read_bytes() for file in out.rglob("*.*")}


def test_styles_are_the_same_to_the_byte(
    bundlers: Callable[[str], Bundler], tmp_path: Path
) -> None:
    found = {}
    for name in ("rspack", "webpack"):
        (tmp_path / name).mkdir()
        bundlers(name).truth(STYLES, tmp_path / name, "production")
        files = emitted(tmp_path / name)
        found[name] = {
            path: content
            for path, content in files.items()
            if path.startswith(("static/css/", "static/media/"))
        }
    assert len(found["rspack"]) == 2
    assert found["rspack"] == found["webpack"]


@pytest.mark.parametrize("made", [SCRIPTS, TYPES], ids=["scripts", "types"])
def test_what_compiles(bundler: Bundler, tmp_path: Path, made: SmallContainer) -> None:
    done = bundler.run(made, tmp_path, "production")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


@pytest.mark.parametrize("mode", ["production", "development"])
def test_the_same_bytes_in_every_folder(bundler: Bundler, tmp_path: Path, mode: str) -> None:
    """With source maps; the tool lies in the sandbox, as it does in Pants' own."""
    made = replace(
        container({**SCRIPTS.files, **STYLES.files, X: SCRIPTS.files[X] + 'import "./g.css";\n'}),
        options={"sourceMaps": "on"},
    )
    found = []
    for folder in (tmp_path / "a", tmp_path / "another" / "with-a-longer-name"):
        folder.mkdir(parents=True)
        shutil.copytree(bundler.folder, folder / "tool", symlinks=True)
        bundler_here = replace(bundler, folder=folder / "tool")
        bundler_here.truth(made, folder, mode)
        found.append(emitted(folder))
    one, two = found
    assert sorted(one) == sorted(two)
    assert [name for name in one if one[name] != two[name]] == []
    assert [name for name, content in one.items() if str(tmp_path).encode() in content] == []
    assert any(name.endswith(".map") for name in one)


MISTAKES = {
    "export default function X() {\n  return <div>;\n}\n": (f"{X}:3:1", "<div>"),
    'import "./gone";\n': (f"{X}:1:1-17", "Can't resolve './gone'"),
    'import { no } from "./t";\nexport default no;\n': (f"{X}:2:16-18", "export 'no'"),
    'export { no } from "./t";\n': (f"{X}:1:1-26", "export 'no' (reexported as 'no')"),
}


@pytest.mark.parametrize("source", MISTAKES, ids=["syntax", "no file", "no export", "re-export"])
def test_mistakes(bundler: Bundler, tmp_path: Path, source: str) -> None:
    made = container({X: source, f"{APP}/src/t.ts": "export const v = 1;\n"})
    done = bundler.run(made, tmp_path, "production")
    assert done.returncode == 1
    for part in MISTAKES[source]:
        assert part in done.stderr
    assert str(tmp_path) not in done.stderr
    assert "backtrace" not in done.stderr
    assert "leak" not in done.stderr

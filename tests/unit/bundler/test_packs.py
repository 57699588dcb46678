"""Many small files as a few packs, and back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Dict, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import module_federation

BUNDLER = Path(module_federation.__file__).parent / "bundler"
PACK = """
const { pack } = await import(process.argv[1]);
pack(process.cwd(), process.argv.slice(2), "packs");
"""
#: What is packed at all.
ENOUGH = 500
LARGE = 256 * 1024 + 1


def pack(root: Path, folders: Sequence[str] = ("node_modules",)) -> Dict[str, bytes]:
    """Packs the small files of folders. Name → content of each pack."""
    module = str(BUNDLER / "install/packs.mjs")
    command = ["node", "--input-type=module", "-e", PACK, module, *folders]
    subprocess.run(command, cwd=root, check=True)
    return {file.name: file.read_bytes() for file in sorted(root.glob("packs/*"))}


def unpack(file: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Calls the process that unpacks."""
    command = ["node", str(BUNDLER / "unpack.mjs"), str(file), str(folder)]
    return subprocess.run(command, capture_output=True, text=True)


def unpack_all(root: Path, scratch: Path) -> None:
    """Puts the files of all packs where they were."""
    for number, file in enumerate(sorted(root.glob("packs/*"))):
        done = unpack(file, scratch / str(number))
        assert done.returncode == 0, done.stderr
        shutil.copytree(scratch / str(number), root, symlinks=True, dirs_exist_ok=True)
    shutil.rmtree(root / "packs", ignore_errors=True)


def write(root: Path, files: Dict[str, bytes]) -> None:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)


def content_of(root: Path) -> Dict[str, object]:
    """Path → content and whether it can be executed, or a link's target; a folder has neither."""
    found: Dict[str, object] = {}
    for file in sorted(root.rglob("*")):
        name = str(file.relative_to(root))
        if file.is_symlink():
            found[name] = os.readlink(file)
        elif file.is_file():
            found[name] = (file.read_bytes(), os.access(file, os.X_OK))
        else:
            found[name] = None
    return found


def packages(count: int = 20, files: int = 50) -> Dict[str, bytes]:
    """Many small packages."""
    return {
        f"node_modules/p{package}/lib/{number}.js": f"{package} {number}".encode()
        for package in range(count)
        for number in range(files)
    }


def test_everything_comes_back(tmp_path: Path) -> None:
    root = tmp_path / "project"
    write(
        root,
        {
            **packages(),
            "node_modules/a/empty": b"",
            "node_modules/a/größe ü\n.js": b"\xff\x00\n",
            "node_modules/a/node_modules/b/x.js": b"inside",
            "node_modules/@s/c/x.js": b"scoped",
            "node_modules/a/large.node": b"x" * LARGE,
            "libs/ui/node_modules/a/x.js": b"a member's",
            "libs/plain/x.js": b"a member's own",
            "src/x.js": b"no package's",
        },
    )
    (root / "node_modules/a/run.js").write_bytes(b"#!")
    (root / "node_modules/a/run.js").chmod(0o755)
    (root / "node_modules/.bin").mkdir()
    (root / "node_modules/.bin/run").symlink_to("../a/run.js")
    (root / "node_modules/ui").symlink_to("../libs/ui")
    (root / "node_modules/plain").symlink_to("../libs/plain")
    (root / "node_modules/self").symlink_to("..")
    (root / "node_modules/a/empty-folder").mkdir()
    before = content_of(root)
    packs = pack(root, ["node_modules", "libs/ui/node_modules", "libs/none/node_modules"])
    assert set(packs) <= {"0.pack", "1.pack", "2.pack", "3.pack"}
    assert len(packs) >= 2
    left = {name for name, content in content_of(root).items() if content is not None}
    left -= {f"packs/{name}" for name in packs}
    assert left == {"node_modules/a/large.node", "libs/plain/x.js", "src/x.js"}
    unpack_all(root, tmp_path)
    assert content_of(root) == before


def test_few_files_stay(tmp_path: Path) -> None:
    write(tmp_path, packages(1, ENOUGH - 1))
    before = content_of(tmp_path)
    assert pack(tmp_path) == {}
    assert content_of(tmp_path) == before
    write(tmp_path, {"node_modules/more": b""})
    assert set(pack(tmp_path)) == {"0.pack"}


def test_never_more_than_eight(tmp_path: Path) -> None:
    write(tmp_path, packages(400, 20))
    assert len(pack(tmp_path)) == 8


def test_nothing_is_installed(tmp_path: Path) -> None:
    assert pack(tmp_path) == {}


def test_the_same_files_are_the_same_packs(tmp_path: Path) -> None:
    """Whenever and in whatever order they were written."""
    one, other = tmp_path / "one", tmp_path / "other"
    write(one, packages())
    write(other, dict(reversed(list(packages().items()))))
    for file in other.rglob("*.js"):
        os.utime(file, (0, 0))
    assert pack(one) == pack(other)


def test_another_version_of_one_package_changes_one_pack(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    write(one, packages(30))
    write(
        other,
        {**packages(30), "node_modules/p7/lib/0.js": b"2", "node_modules/p7/node_modules/x": b""},
    )
    before, after = pack(one), pack(other)
    assert len(before) >= 2
    assert len([name for name in before if before[name] != after[name]]) == 1


@settings(max_examples=10, deadline=None)
@given(st.dictionaries(st.text("ab.ü", min_size=1, max_size=3), st.binary(max_size=9), max_size=9))
def test_any_content(files: Dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        named = {f"node_modules/q/{name}_": content for name, content in files.items()}
        write(root, {**packages(10), **named})
        before = content_of(root)
        assert pack(root) != {}
        unpack_all(root, Path(folder))
        assert content_of(root) == before


@pytest.mark.parametrize(
    ("listed", "content", "said"),
    [
        pytest.param([{"path": "../x", "size": 0}], b"", "has the path ../x", id="out of it"),
        pytest.param([{"path": "a/../../x", "size": 0}], b"", "has the path", id="and back"),
        pytest.param(
            [{"path": "a", "target": ".."}, {"path": "a/x", "size": 0}],
            b"",
            "EEXIST",
            id="through a link",
        ),
        pytest.param([{"path": "a", "size": 3}], b"ab", "bytes in the place of", id="too short"),
        pytest.param([{"path": "a", "size": 1}], b"ab", "bytes in the place of", id="too long"),
        pytest.param(
            [{"path": "a", "size": 0}, {"path": "a", "size": 0}], b"", "EEXIST", id="twice"
        ),
    ],
)
def test_no_whole_pack(
    tmp_path: Path, listed: Sequence[Dict[str, object]], content: bytes, said: str
) -> None:
    file = tmp_path / "a.pack"
    file.write_bytes(json.dumps(listed).encode() + b"\n" + content)
    done = unpack(file, tmp_path / "out")
    assert done.returncode != 0
    assert said in done.stderr
    assert not (tmp_path / "x").exists()

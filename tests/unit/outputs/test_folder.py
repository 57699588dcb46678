"""Whether a folder of `dist` holds what it should."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path
from typing import Callable, Iterator, Mapping

import pytest

from module_federation.outputs import folder as module
from module_federation.outputs.folder import OutputFolders, can_be_overwritten
from module_federation.outputs.tree import OutputFile

CONTENTS = {"remoteEntry.js": b"entry", "static/js/a.js": b"a", "static/js/b.js": b"bb", "run": b""}
EXECUTABLE = "run"


@pytest.fixture(autouse=True)
def usual_mask() -> Iterator[None]:
    """What `written` gives to files is what Pants would."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def output_file(content: bytes, executable: bool = False) -> OutputFile:
    return OutputFile(hashlib.sha256(content).hexdigest(), len(content), executable)


FILES = {path: output_file(content, path == EXECUTABLE) for path, content in CONTENTS.items()}


def written(folder: Path, contents: Mapping[str, bytes] = CONTENTS) -> Path:
    for path, content in contents.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
        (folder / path).chmod(0o755 if path == EXECUTABLE else 0o644)
    return folder


@pytest.fixture
def soon_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps of a file system's clock that a test can wait for."""
    monkeypatch.setattr(module, "_SETTLED", 0.05)


def aged(folder: Path) -> None:
    """Lets the clock go on until what is in the folder counts as settled."""
    last = max(path.stat().st_ctime for path in folder.rglob("*"))
    while time.time() - last <= module._SETTLED:
        time.sleep(0.01)


def test_what_was_written(tmp_path: Path) -> None:
    folder = written(tmp_path / "remote")
    assert OutputFolders().holds(str(folder), FILES)


def replaced_by_link(path: Path) -> None:
    elsewhere = path.rename(path.parent.parent / f"elsewhere-{path.name}")
    path.symlink_to(elsewhere)


def replaced_by_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)
    path.chmod(0o755)


def replaced_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.usefixtures("soon_settled")
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda folder: (folder / "static/js/a.js").unlink(), id="a file is gone"),
        pytest.param(lambda folder: (folder / "static/js/a.js").write_bytes(b"A"), id="other text"),
        pytest.param(lambda folder: (folder / "run").write_bytes(b"more"), id="another size"),
        pytest.param(lambda folder: (folder / "old.js").write_bytes(b""), id="a file more"),
        pytest.param(lambda folder: (folder / "empty").mkdir(), id="a folder more"),
        pytest.param(lambda folder: (folder / "run").chmod(0o644), id="not executable"),
        pytest.param(lambda folder: (folder / "run").chmod(0o700), id="a private file"),
        pytest.param(lambda folder: (folder / "static").chmod(0o700), id="a private folder"),
        pytest.param(lambda folder: folder.chmod(0o700), id="private itself"),
        pytest.param(lambda folder: (folder / "static/js/a.js").chmod(0o755), id="executable"),
        pytest.param(lambda folder: (folder / "a").symlink_to("run"), id="a link more"),
        pytest.param(lambda folder: replaced_by_link(folder / "run"), id="a link to the same file"),
        pytest.param(lambda folder: replaced_by_link(folder / "static"), id="a linked folder"),
        pytest.param(lambda folder: replaced_by_link(folder), id="a link itself"),
        pytest.param(lambda folder: replaced_by_pipe(folder / "run"), id="a pipe"),
        pytest.param(lambda folder: replaced_by_folder(folder / "run"), id="a folder, not a file"),
        pytest.param(lambda folder: folder.rename(folder.parent / "moved"), id="missing"),
    ],
)
def test_what_differs(change: Callable[[Path], object], tmp_path: Path) -> None:
    folder = written(tmp_path / "dist/remote")
    folders = OutputFolders()
    aged(folder)
    assert folders.holds(str(folder), FILES)
    change(folder)
    assert not folders.holds(str(folder), FILES)
    assert not OutputFolders().holds(str(folder), FILES)


@pytest.mark.usefixtures("soon_settled")
def test_something_else_is_wanted(tmp_path: Path) -> None:
    """What was read before answers for another build, too."""
    folder = written(tmp_path / "remote")
    aged(folder)
    folders = OutputFolders()
    assert folders.holds(str(folder), FILES)
    assert not folders.holds(str(folder), {**FILES, "static/js/a.js": output_file(b"A")})
    assert folders.holds(str(folder), FILES)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of all files that are read."""
    names: list[str] = []
    original = module._file_sha256

    def file_sha256(path: str) -> str:
        names.append(os.path.basename(path))
        return original(path)

    monkeypatch.setattr(module, "_file_sha256", file_sha256)
    return names


@pytest.mark.usefixtures("soon_settled")
def test_nothing_is_read_twice(tmp_path: Path, read: list[str]) -> None:
    folder = written(tmp_path / "remote")
    aged(folder)
    folders = OutputFolders()
    assert folders.holds(str(folder), FILES)
    assert sorted(read) == ["a.js", "b.js", "remoteEntry.js", "run"]
    read.clear()
    (folder / "static/js/b.js").write_bytes(b"bb")
    assert folders.holds(str(folder), FILES)
    assert read == ["b.js"]


def test_what_has_just_changed_is_read_again(tmp_path: Path, read: list[str]) -> None:
    """A change in the same instant as the last one leaves no trace in a file's times."""
    folder = written(tmp_path / "remote")
    folders = OutputFolders()
    assert folders.holds(str(folder), FILES)
    read.clear()
    assert folders.holds(str(folder), FILES)
    assert sorted(read) == ["a.js", "b.js", "remoteEntry.js", "run"]


def test_another_size_says_enough(tmp_path: Path, read: list[str]) -> None:
    folder = written(tmp_path / "remote", {"remoteEntry.js": b"old entry"})
    assert not OutputFolders().holds(str(folder), {"remoteEntry.js": output_file(b"entry")})
    assert read == []


@pytest.mark.usefixtures("soon_settled")
def test_a_changed_time_hides_nothing(tmp_path: Path) -> None:
    folder = written(tmp_path / "remote")
    aged(folder)
    folders = OutputFolders()
    assert folders.holds(str(folder), FILES)
    file = folder / "static/js/b.js"
    before = file.stat()
    file.write_bytes(b"BB")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not folders.holds(str(folder), FILES)


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        pytest.param("static/js/a.js", b"a", True, id="it"),
        pytest.param("static/js/a.js", b"b", False, id="other text"),
        pytest.param("static", b"", False, id="a folder"),
        pytest.param("nowhere", b"", False, id="missing"),
    ],
)
def test_a_file_among_others(path: str, content: bytes, expected: bool, tmp_path: Path) -> None:
    folder = written(tmp_path)
    assert OutputFolders().has(str(folder), {path: output_file(content)}) is expected
    both = {"remoteEntry.js": output_file(b"entry"), path: output_file(content)}
    assert OutputFolders().has(str(folder), both) is expected


def test_what_can_be_written_over(tmp_path: Path) -> None:
    folder = written(tmp_path / "remote")
    assert can_be_overwritten(str(folder))
    assert not can_be_overwritten(str(tmp_path / "nowhere"))
    os.link(folder / "static/js/a.js", tmp_path / "snapshot")
    assert not can_be_overwritten(str(folder))

"""Chunks that an earlier build has minified: the same bytes, whatever the folder holds or does."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Callable, Dict

import pytest

from unit.bundler.small_federation import APP, Bundler, SmallContainer, package
from unit.bundler.test_truth_runtime_host import runtime_host

FOLDER = "__minified"
LAST_CLEARED = "last-cleared"
DAY = 24 * 60 * 60

X = f"{APP}/src/x.tsx"
# Large enough for all chunks to be worth keeping, with what a minimizer treats in its own way.
LONG = "".join(
    f"export function f{number}(argument, other) {{\n"
    f'  const value = argument.map((each) => each * {number} + "ü\\u2028\\ud800 \u2028 🙂");\r\n'
    f"  return other ? value : [argument, `text\n{number}`];\n}}\n"
    for number in range(30)
)
FILES = {
    f"{APP}/package.json": json.dumps({"name": "one", "dependencies": {"a": "*", "react": "*"}}),
    **package("a", "1.2.3"),
    "node_modules/a/index.js": f"/*! a's license */\n/** @license more */\n{LONG}",
    "node_modules/a/package.json": json.dumps(
        {"name": "a", "version": "1.2.3", "main": "index.js", "type": "module"}
    ),
    "node_modules/react/package.json": json.dumps({"name": "react", "version": "19.0.0"}),
    "node_modules/react/jsx-runtime.js": "export const jsx = String; export const jsxs = String;\n",
    "node_modules/react/jsx-dev-runtime.js": "export const jsxDEV = String;\n",
    X: 'import * as s from "./m.module.css"; import * as a from "a"; import "./side";\n'
    'export const later = () => import("./later");\n'
    'export const raw = new URL("./raw.js", import.meta.url);\n'
    'export const worker = () => new Worker(new URL("./later.js", import.meta.url));\n'
    "export default () => <b>{[s, a]}</b>;\n",
    f"{APP}/src/m.module.css": ".one { color: red } .two { composes: one; color: blue }\n",
    f"{APP}/src/later.js": LONG,
    f"{APP}/src/side.js": f'import * as a from "a"; console.log(a);\n{LONG}',
    f"{APP}/src/raw.js": LONG.replace("export ", ""),
}
SHARED = {"a": {"requiredVersion": "*", "version": "1.2.3"}}
REMOTE = SmallContainer(FILES, SHARED, {"./x": X})
HOST = SmallContainer(
    FILES,
    SHARED,
    remotes={"two": {"name": "two", "entry": "http://127.0.0.1:1/mf-manifest.json"}},
    entry_point=X,
)
LONG_SCRIPT = LONG.replace("export ", "")
LONG_PACKAGE = f"{LONG_SCRIPT}exports.copy = [{', '.join(f'f{n}' for n in range(30))}];\n"
RUNTIME_HOST = replace(
    runtime_host(),
    files={
        **runtime_host().files,
        **{
            f"node_modules/{name}/index.js": f'{LONG_PACKAGE}exports.name = "{name}";\n'
            for name in "abc"
        },
    },
)


class Builds:
    """Builds of one container, in one folder after the other with the same path."""

    def __init__(self, bundler: Bundler, container: SmallContainer, scratch: Path) -> None:
        self.bundler = bundler
        self.container = container
        self.sandbox = scratch / "sandbox"
        self.kept = scratch / "kept"
        self.kept.mkdir(parents=True)

    def run(self, kept: Path | None, mode: str = "production") -> Dict[str, bytes]:
        """File → content of a build.

        :param kept: where the sandbox's folder of minified chunks leads.
        """
        shutil.rmtree(self.sandbox, ignore_errors=True)
        self.sandbox.mkdir()
        if kept is not None:
            (self.sandbox / FOLDER).symlink_to(kept)
        self.bundler.truth(self.container, self.sandbox, mode)
        out = self.sandbox / "out"
        return {
            str(file.relative_to(out)): file.read_bytes()
            for file in sorted(out.rglob("*"))
            if file.is_file()
        }

    def entries(self) -> Dict[str, bytes]:
        return {
            file.name: file.read_bytes()
            for file in sorted(self.kept.iterdir())
            if file.name != LAST_CLEARED
        }


def entry(key: str, text: bytes) -> bytes:
    """An entry as `lib/kept_texts.mjs` writes it."""
    return hashlib.sha256(f"{key}\n".encode() + text).hexdigest().encode() + b"\n" + text


@pytest.fixture
def builds(bundler: Bundler, tmp_path: Path) -> Builds:
    return Builds(bundler, REMOTE, tmp_path)


@pytest.mark.parametrize(
    "container",
    [
        pytest.param(REMOTE, id="remote"),
        pytest.param(HOST, id="host"),
        pytest.param(RUNTIME_HOST, id="runtime host"),
        pytest.param(replace(REMOTE, options={"splitChunks": "by-package"}), id="by package"),
        pytest.param(replace(REMOTE, options={"name": "$größe_1"}), id="odd name"),
    ],
)
def test_the_same_bytes(bundler: Bundler, tmp_path: Path, container: SmallContainer) -> None:
    builds = Builds(bundler, container, tmp_path)
    plain = builds.run(None)
    assert builds.run(builds.kept) == plain
    entries = builds.entries()
    large = {name for name, content in plain.items() if name.endswith(".js") if len(content) > 2000}
    assert len(large) >= 3
    assert len(entries) >= len(large)
    assert builds.run(builds.kept) == plain
    assert builds.entries() == entries


def test_files_are_named_by_their_own_hashes(builds: Builds) -> None:
    """Not by numbers that stood for hashes, and not by hashes of before minification."""
    for files in (builds.run(None), builds.run(builds.kept), builds.run(builds.kept)):
        entry_point = files["remoteEntry.js"]
        hashes = [name.split(".")[-2] for name in files if name.startswith("static/js/")]
        assert len(hashes) >= 3
        assert [found for found in hashes if found.encode() not in entry_point] == []
        assert [name for name, content in files.items() if b"0a00000" in content] == []


def test_an_entry_with_numbers_of_its_own(bundler: Bundler, tmp_path: Path) -> None:
    """The numbers that stand for hashes are told apart from nothing."""
    address = "http://127.0.0.1:1/0a000001/mf-manifest.json"
    host = replace(HOST, remotes={"two": {"name": "two", "entry": address}})
    builds = Builds(bundler, host, tmp_path)
    plain = builds.run(None)
    assert any(address.encode() in content for content in plain.values())
    assert builds.run(builds.kept) == plain
    assert builds.run(builds.kept) == plain


def test_what_is_kept_is_what_is_emitted(builds: Builds) -> None:
    """Else the other tests here would pass without the folder ever being read."""
    builds.run(builds.kept)
    for key, content in builds.entries().items():
        text = content.partition(b"\n")[2]
        # The runtime becomes a part of an entry, before its end.
        other = text.replace(b"federation_runtime_0:1", b"federation_runtime_0:kept")
        (builds.kept / key).write_bytes(entry(key, text + b"//kept" if other == text else other))
    files = builds.run(builds.kept)
    assert b'"one:kept.0.0"' in files["remoteEntry.js"]
    for name, content in files.items():
        if name.endswith(".js") and len(content) > 2000:
            assert content.endswith(b"//kept"), name


def test_containers_share_what_they_have_in_common(bundler: Bundler, tmp_path: Path) -> None:
    """Though a chunk has other ids in each, and another name of the list of chunks."""
    first = Builds(bundler, REMOTE, tmp_path / "first")
    kept = first.kept
    first.run(kept)
    more = f'import "./first";\nexport const soon = () => import("./soon");\n{FILES[X]}'
    files = {**FILES, X: more, f"{APP}/src/first.js": LONG, f"{APP}/src/soon.js": "export {};"}
    other = Builds(
        bundler,
        replace(REMOTE, files=files, exposes={"./y": X}, options={"name": "other"}),
        tmp_path / "other",
    )
    plain = other.run(None)
    before = first.entries()
    large = [name for name in plain if name.endswith(".js") and len(plain[name]) > 2000]
    assert other.run(kept) == plain
    shared = len(large) - (len(first.entries()) - len(before))
    assert shared >= 2


def test_the_runtime_is_minified_once(bundler: Bundler, tmp_path: Path) -> None:
    """Though it says in each container whose it is."""
    first = Builds(bundler, REMOTE, tmp_path / "first")
    first.run(first.kept)
    (runtime,) = runtimes(first.entries())
    other = Builds(bundler, replace(REMOTE, options={"name": "other"}), tmp_path / "other")
    emitted = other.run(first.kept)["remoteEntry.js"]
    assert runtimes(first.entries()) == [runtime]
    assert b'"other:1.0.0"' in emitted
    assert b"federation_runtime" not in emitted
    assert len(emitted) > len(runtime)


def test_the_runtime_stays_strict(bundler: Bundler, tmp_path: Path) -> None:
    """Also where not all modules of an entry are: there it needs its own directive."""
    builds = Builds(bundler, replace(HOST, exposes={"./x": X}), tmp_path)
    files = builds.run(builds.kept)
    (main,) = (files[name] for name in files if name.startswith("static/js/main."))
    module = rb"\d\(\w+,\w+,\w+\)\{"
    assert re.search(module + rb'"use strict";var', main)
    whole = files["remoteEntry.js"]
    assert whole.startswith(b'var one;(()=>{"use strict";')
    assert re.search(module + b"var", whole)
    # Both are made of the same.
    assert len(runtimes(builds.entries())) == 1


def runtimes(entries: Dict[str, bytes]) -> list[bytes]:
    """Kept texts of the federation's runtime, by the name that stands for a container's."""
    return [text for text in entries.values() if b'"federation_runtime_0:1.0.0"' in text]


def test_no_path_of_a_sandbox(bundler: Bundler, tmp_path: Path) -> None:
    """Pants takes another one for each process; Rspack writes it into comments, and its first
    hashes depend on it. (The bundler's own manifest does, too: it is put right later.)"""
    kept = tmp_path / "kept"
    kept.mkdir()
    found, emitted = [], []
    for name in ("one", "with-a-longer-name"):
        sandbox = tmp_path / name
        sandbox.mkdir()
        (sandbox / FOLDER).symlink_to(kept)
        bundler.truth(REMOTE, sandbox, "production")
        found.append({file.name: file.read_bytes() for file in kept.iterdir()})
        scripts = (sandbox / "out").rglob("*.js")
        emitted.append({file.name: file.read_bytes() for file in scripts})
    one, other = found
    assert one == other
    assert emitted[0] == emitted[1]
    # Some are too small to be kept.
    assert min(len(content) for content in emitted[0].values()) < 2000
    # Else a chunk with such a comment was not among them.
    assert len([name for name in one if name != LAST_CLEARED]) >= 5


COMPILE = """
import { rspack } from "@rspack/core";
const { minifiedChunks } = await import(process.argv[1]);
const [root, minimizer] = process.argv.slice(2);
const options = new Function(`return ${minimizer}`)();
const plugins = minifiedChunks({ mode: "production", sourceMaps: "off" }, root);
rspack(
  {
    mode: "production",
    context: root,
    entry: "./entry.js",
    output: { path: `${root}/out` },
    optimization: { minimizer: [new rspack.SwcJsMinimizerRspackPlugin(options)] },
    plugins,
  },
  (error, stats) => {
    if (error || stats.hasErrors()) throw error ?? new Error(stats.toString());
  },
);
"""


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        pytest.param("{}", 1, id="none"),
        pytest.param('{ exclude: "vendor" }', 1, id="plain values"),
        pytest.param("{ exclude: /vendor/ }", 0, id="an expression"),
        pytest.param("{ exclude: undefined, test: [/js$/] }", 0, id="one in a list"),
    ],
)
def test_options_that_no_key_can_hold(
    bundler: Bundler, tmp_path: Path, options: str, kept: int
) -> None:
    """As JSON, two regular expressions are the same."""
    (tmp_path / FOLDER).mkdir()
    (tmp_path / "entry.js").write_text(f"{LONG_SCRIPT}\nconsole.log(f1, f2, f3, f4, f5);\n")
    module = str(bundler.folder / "lib/minified_chunks.mjs")
    subprocess.run(
        ["node", "--input-type=module", "-e", COMPILE, module, str(tmp_path), options],
        cwd=bundler.folder,
        check=True,
    )
    assert b"argument" not in (tmp_path / "out/main.js").read_bytes()
    entries = [file for file in (tmp_path / FOLDER).iterdir() if file.name != LAST_CLEARED]
    assert len(entries) == kept


@pytest.mark.parametrize(
    ("name", "mode", "options"),
    [
        pytest.param("rspack", "development", {}, id="development"),
        pytest.param("rspack", "production", {"sourceMaps": "on"}, id="source maps"),
        pytest.param("rspack", "production", {"sourceMaps": "hidden"}, id="hidden source maps"),
        pytest.param("webpack", "production", {}, id="webpack"),
    ],
)
def test_left_to_the_bundler(
    bundlers: Callable[[str], Bundler],
    tmp_path: Path,
    name: str,
    mode: str,
    options: Dict[str, str],
) -> None:
    builds = Builds(bundlers(name), replace(REMOTE, options=options), tmp_path)
    with_folder = builds.run(builds.kept, mode)
    assert list(builds.kept.iterdir()) == []
    assert with_folder == builds.run(None, mode)


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(lambda content, other: b"", id="empty"),
        pytest.param(lambda content, other: content[:-1], id="truncated"),
        pytest.param(lambda content, other: content[:64], id="sum alone"),
        pytest.param(lambda content, other: flipped(content), id="one bit"),
        pytest.param(lambda content, other: b"\xff" + content, id="no text"),
        pytest.param(lambda content, other: other, id="another entry's"),
    ],
)
def test_a_damaged_entry_is_a_miss(
    builds: Builds, damaged: Callable[[bytes, bytes], bytes]
) -> None:
    plain = builds.run(builds.kept)
    entries = builds.entries()
    others = [*list(entries.values())[1:], next(iter(entries.values()))]
    for (key, content), other in zip(entries.items(), others):
        (builds.kept / key).write_bytes(damaged(content, other))
    assert builds.run(builds.kept) == plain
    assert builds.entries() == entries


def test_an_entry_that_is_no_file(builds: Builds) -> None:
    plain = builds.run(builds.kept)
    for key in builds.entries():
        (builds.kept / key).unlink()
        (builds.kept / key / "folder").mkdir(parents=True)
    assert builds.run(builds.kept) == plain


def test_a_folder_that_is_of_no_use(builds: Builds, tmp_path: Path) -> None:
    """Also to root, who may write into any folder but the kernel's own."""
    plain = builds.run(None)
    file = tmp_path / "file"
    file.write_bytes(b"")
    assert builds.run(file) == plain
    assert builds.run(tmp_path / "nowhere") == plain
    assert not (tmp_path / "nowhere").exists()
    unwritable = Path("/proc") if Path("/proc").is_dir() else Path("/dev")
    assert builds.run(unwritable) == plain


def test_several_at_once(bundler: Bundler, tmp_path: Path) -> None:
    sandboxes = [tmp_path / str(number) for number in range(3)]
    kept = tmp_path / "kept"
    kept.mkdir()

    def build(sandbox: Path, folder: Path | None = kept) -> Dict[str, bytes]:
        shutil.rmtree(sandbox, ignore_errors=True)
        sandbox.mkdir()
        if folder is not None:
            (sandbox / FOLDER).symlink_to(folder)
        bundler.truth(REMOTE, sandbox, "production")
        return {file.name: file.read_bytes() for file in (sandbox / "out").rglob("*.js")}

    with ThreadPoolExecutor() as pool:
        made = list(pool.map(build, sandboxes))
    assert made == [build(sandbox, None) for sandbox in sandboxes]
    keys = [file.name for file in kept.iterdir() if file.name != LAST_CLEARED]
    assert len(keys) >= 4
    for key in keys:
        content = (kept / key).read_bytes()
        assert content == entry(key, content.partition(b"\n")[2])


def put(folder: Path, name: str, days: float, size: int = 0) -> Path:
    """A file that was used last so many days ago."""
    file = folder / name
    with file.open("wb") as made:
        made.truncate(size)
    used(file, days)
    return file


def used(file: Path, days: float) -> None:
    then = time.time() - days * DAY
    os.utime(file, (then, then))


def days_since_use(file: Path) -> float:
    return (time.time() - file.stat().st_mtime) / DAY


def test_what_was_not_used_for_long_is_forgotten(builds: Builds) -> None:
    builds.run(builds.kept)
    for key in builds.entries():
        used(builds.kept / key, 20)
    used(builds.kept / LAST_CLEARED, 1.1)
    in_use = builds.entries()
    young, old = put(builds.kept, "a" * 64, 13), put(builds.kept, "b" * 64, 15)
    being_written = put(builds.kept, f"{'c' * 64}.{'0' * 16}", 0.5)
    left_over = put(builds.kept, f"{'d' * 64}.{'0' * 16}", 1.5)
    somebodys = put(builds.kept, "README", 1000)
    builds.run(builds.kept)
    assert [file.exists() for file in (young, old)] == [True, False]
    assert [file.exists() for file in (being_written, left_over)] == [True, False]
    assert somebodys.exists()
    assert set(in_use) <= set(builds.entries())
    assert all(days_since_use(builds.kept / key) < 0.5 for key in in_use)
    assert days_since_use(builds.kept / LAST_CLEARED) < 0.5


def test_forgetting_once_a_day(builds: Builds) -> None:
    builds.run(builds.kept)
    old = put(builds.kept, "b" * 64, 15)
    recently = [builds.kept / key for key in builds.entries() if key != old.name]
    for file in recently:
        used(file, 0.6)
    used(builds.kept / LAST_CLEARED, 0.9)
    builds.run(builds.kept)
    assert old.exists()
    assert all(days_since_use(file) > 0.5 for file in recently)


def test_the_oldest_of_too_much_are_forgotten(builds: Builds) -> None:
    """256 MiB are kept; these files have holes where others have content."""
    files = [
        put(builds.kept, letter * 64, days, 100 << 20) for letter, days in zip("abc", (1, 3, 2))
    ]
    builds.run(builds.kept)
    assert [file.exists() for file in files] == [True, False, True]

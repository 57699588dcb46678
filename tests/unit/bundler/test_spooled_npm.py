"""`npm ci` that makes few files: what comes of it is what npm itself installs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any, Dict, List, Mapping, Sequence, Set, Tuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import module_federation
from unit.bundler.archives import ROOT, Entry, archive, file, manifest, write_project

BUNDLER = Path(module_federation.__file__).parent / "bundler"
LARGE = b"x" * (256 * 1024 + 1)
TIDY = """
const { tidy } = await import(process.argv[1]);
tidy(process.cwd(), []);
"""


@pytest.fixture(scope="module")
def npm() -> str:
    """The script of the npm that comes with Node.js."""
    program = shutil.which("npm")
    assert program is not None
    return os.path.realpath(program)


def environment(root: Path) -> Dict[str, str]:
    """Nothing of the user, and no registry that would answer."""
    kept = {name: os.environ[name] for name in ("PATH",)}
    settings = {
        "cache": str(root / "__npm_cache"),
        "userconfig": str(root / "none"),
        "ignore_scripts": "true",
        "audit": "false",
        "registry": "http://127.0.0.1:9/",
    }
    return {**kept, "HOME": str(root), **{f"npm_config_{k}": v for k, v in settings.items()}}


def node(root: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["node", *argv], cwd=root, env=environment(root), capture_output=True, text=True
    )


Tree = Dict[str, Tuple[bytes, bool]]


def tree(root: Path) -> Tree:
    """Path → content and whether it can be executed, of everything that is installed."""
    return {
        str(path.relative_to(root)): (path.read_bytes(), path.stat().st_mode & 0o100 != 0)
        for path in (root / "node_modules").rglob("*")
        if path.is_file() and not path.is_symlink()
    }


def installed_by_npm(root: Path, npm: str, packages: Mapping[str, bytes]) -> Tree:
    """What npm installs, without what is taken out of every installation."""
    write_project(root, packages)
    done = node(root, npm, "ci")
    assert done.returncode == 0, done.stderr
    shutil.rmtree(root / "node_modules/.bin", ignore_errors=True)
    tidied = node(root, "--input-type=module", "-e", TIDY, str(BUNDLER / "install/tidy.mjs"))
    assert tidied.returncode == 0, tidied.stderr
    return tree(root)


class Installed:
    """What the plugin's own script has installed."""

    def __init__(self, root: Path, npm: str, packages: Mapping[str, bytes]) -> None:
        self.root = root
        write_project(root, packages)
        order: Dict[str, Any] = {
            "manager": {"kind": "npm", "version": "11"},
            "release": None,
            "mount": None,
            "allowScripts": False,
            "namesRegistry": False,
            "members": [],
            "catalogs": {},
            "unused": [],
        }
        (root / "request.json").write_text(json.dumps(order))
        self.process = node(root, str(BUNDLER / "install.mjs"), npm, "request.json")

    @property
    def made(self) -> Set[str]:
        """The files that are on disk."""
        return set(tree(self.root))

    def unpacked(self) -> Tree:
        """All files, packs unpacked."""
        assert self.process.returncode == 0, self.process.stderr
        for number, pack in enumerate(sorted(self.root.glob("__packs/*"))):
            folder = self.root / f"unpacked-{number}"
            assert node(self.root, str(BUNDLER / "unpack.mjs"), str(pack), str(folder)).stderr == ""
            shutil.copytree(folder, self.root, dirs_exist_ok=True)
        return tree(self.root)


def many(name: str, count: int = 600) -> bytes:
    """An ordinary package with so many files that they are packed."""
    return archive([manifest(name), *(file(f"lib/{n}.js", f"{n}".encode()) for n in range(count))])


def test_an_ordinary_package(tmp_path: Path, npm: str) -> None:
    packages = {
        "many": many("many"),
        "@scope/one": archive(
            [
                manifest("@scope/one", bin={"one": "./cli.js", "two": "bin/two"}),
                file("index.js", "größe".encode()),
                file("cli.js", b"#!/usr/bin/env node\n"),
                file("bin/two", b"#!"),
                file("run.sh", b"#!", 0o755),
                file("index.d.ts"),
                file("index.js.map"),
                file(".npmignore"),
                file("empty.js"),
                file("large.wasm", LARGE),
                file("large.d.ts", LARGE),
                file("nested/package.json", b'{"type": "module"}'),
                Entry(f"{ROOT}/folder/", kind=tarfile.DIRTYPE, mode=0o755),
            ]
        ),
    }
    made = Installed(tmp_path / "spooled", npm, packages)
    assert made.made == {"node_modules/@scope/one/large.wasm"}
    unpacked = made.unpacked()
    assert unpacked == installed_by_npm(tmp_path / "npm", npm, packages)
    assert unpacked["node_modules/@scope/one/cli.js"] == (b"#!/usr/bin/env node\n", True)
    assert unpacked["node_modules/@scope/one/bin/two"] == (b"#!", True)


def test_few_files_are_made(tmp_path: Path, npm: str) -> None:
    packages = {"one": archive([manifest("one"), file("lib/x.js", b"x"), file("y.js", b"y")])}
    made = Installed(tmp_path / "spooled", npm, packages)
    assert made.made == {
        f"node_modules/one/{name}" for name in ("package.json", "lib/x.js", "y.js")
    }
    assert made.unpacked() == installed_by_npm(tmp_path / "npm", npm, packages)


LINK = Entry(f"{ROOT}/link.js", kind=tarfile.SYMTYPE, link="../../../secret")
HARD_LINK = Entry(f"{ROOT}/hard.js", kind=tarfile.LNKTYPE, link=f"{ROOT}/package.json")


@pytest.mark.parametrize(
    ("entries", "is_spooled"),
    [
        pytest.param([file("x.js")], True, id="nothing odd"),
        pytest.param([LINK, HARD_LINK, file("x.js")], True, id="links, which npm leaves out"),
        pytest.param([file("../../x.js"), file("x.js")], False, id="out of the package"),
        pytest.param([file("a/../x.js"), file("y.js")], False, id="and back"),
        pytest.param([Entry(f"{ROOT}//etc/x.js"), file("x.js")], False, id="absolute"),
        pytest.param([Entry("x.js"), file("x.js")], False, id="beside the package"),
        pytest.param([file("x.js", b"1"), file("x.js", b"2")], False, id="twice"),
        pytest.param([file("x.js", b"1"), file("X.js", b"2")], False, id="twice on a Mac"),
        pytest.param([file("é.js", b"1"), file("e\u0301.js", b"2")], False, id="as Unicode has it"),
        pytest.param([file("a\\x.js"), file("x.js")], False, id="a backslash"),
        pytest.param([file("c:y.js"), file("x.js")], False, id="a drive of Windows"),
        pytest.param([file("a:package.json", b"{}")], False, id="a manifest on a drive"),
        pytest.param([file("y" * 256), file("x.js")], False, id="a name that is too long"),
        pytest.param([file("node_modules/b/x.js"), file("x.js")], False, id="a bundled package"),
        pytest.param([file("npm-shrinkwrap.json", b"{}"), file("x.js")], False, id="a lockfile"),
        pytest.param([manifest("p", bin={"p": "x.js"}), file("x.js")], False, id="two manifests"),
    ],
)
def test_odd_packages(tmp_path: Path, npm: str, entries: Sequence[Entry], is_spooled: bool) -> None:
    """Of an ordinary package nothing but the manifest is made; npm unpacks others."""
    (tmp_path / "secret").write_text("secret")
    packages = {"many": many("many"), "p": archive([manifest("p"), *entries])}
    made = Installed(tmp_path / "spooled", npm, packages)
    unpacked = made.unpacked()
    assert unpacked == installed_by_npm(tmp_path / "npm", npm, packages)
    spool = json.loads((made.root / "__spool/packages.json").read_text())
    places = {package["place"] for package in spool["packages"]}
    assert places == {"node_modules/many"} | ({"node_modules/p"} if is_spooled else set())
    assert not any(b"secret" in content for content, _ in unpacked.values())


def test_programs_in_a_folder(tmp_path: Path, npm: str) -> None:
    """npm looks for programs in the folder that a manifest names."""
    folder = manifest("p", directories={"bin": "tools"})
    packages = {"many": many("many"), "p": archive([folder, file("tools/p.js", b"#!")])}
    made = Installed(tmp_path / "spooled", npm, packages)
    assert made.unpacked() == installed_by_npm(tmp_path / "npm", npm, packages)


def test_packages_that_are_taken_away_again(tmp_path: Path, npm: str) -> None:
    """Somebody removes the folder of a package, as npm does if an optional one fails."""
    Installed(tmp_path, npm, {"many": many("many"), "other": many("other", 1)})
    program = """
    const { spooledFiles } = await import(process.argv[1]);
    console.log(JSON.stringify(spooledFiles(process.cwd()).map((file) => file.path)));
    """
    (tmp_path / "node_modules/many").mkdir(exist_ok=True)
    (tmp_path / "node_modules/many/package.json").write_text("{}")
    shutil.rmtree(tmp_path / "node_modules/other", ignore_errors=True)
    module = str(BUNDLER / "install/spool.mjs")
    listed = json.loads(node(tmp_path, "--input-type=module", "-e", program, module).stdout)
    assert {Path(name).parts[1] for name in listed} == {"many"}


@pytest.mark.parametrize(
    "what", ["changed", "absent", "no archive", "no manifest", "another manifest"]
)
def test_a_package_that_cannot_be_installed(tmp_path: Path, npm: str, what: str) -> None:
    """It ends as with npm alone, in npm's words."""
    content = {
        "no archive": b"no archive",
        "no manifest": archive([file("x.js")]),
        "another manifest": archive([file("package.json", b'"x"'), file("x.js")]),
    }
    roots = [tmp_path / "spooled", tmp_path / "npm"]
    ends: List[subprocess.CompletedProcess[str]] = []
    for root in roots:
        write_project(root, {"many": content.get(what, many("many"))})
        if what == "changed":
            (root / "archives/0.tgz").write_bytes(many("many", 2))
        if what == "absent":
            (root / "archives/0.tgz").unlink()
        hook = ["--import", (BUNDLER / "install/npm_to_spool.mjs").as_uri()]
        ends.append(node(root, *(hook if root == roots[0] else []), npm, "ci"))
    said = [next(line for line in end.stderr.splitlines() if "npm error" in line) for end in ends]
    assert said[0] == said[1]
    assert ends[0].returncode == ends[1].returncode != 0


FAILING = """
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
const { writeSync, writeFileSync } = fs;
const full = () => Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" });
let calls = 0;
if (process.env.FAILS === "the content") {
  // A part is written before there is no more space.
  fs.writeSync = (descriptor, content, at, length, position) => {
    calls += 1;
    if (calls === 3) throw full();
    return writeSync(descriptor, content, at, Math.min(length, calls === 2 ? 1 : length), position);
  };
}
if (process.env.FAILS === "the list") {
  fs.writeFileSync = (file, ...more) => {
    if (String(file).endsWith("packages.json")) throw full();
    return writeFileSync(file, ...more);
  };
}
syncBuiltinESMExports();
"""


@pytest.mark.parametrize("section", ["dependencies", "optionalDependencies"])
@pytest.mark.parametrize("fails", ["the content", "the list", "nothing"])
def test_a_full_disk(tmp_path: Path, npm: str, section: str, fails: str) -> None:
    """npm forgives an optional package what happens to it; nothing may be missing for that."""
    packages = {name: many(name, 3) for name in ("one", "two", "three")}
    write_project(tmp_path, packages, section=section)
    (tmp_path / "failing.mjs").write_text(FAILING)
    hooks = [str(tmp_path / "failing.mjs"), str(BUNDLER / "install/npm_to_spool.mjs")]
    flags = [flag for hook in hooks for flag in ("--import", Path(hook).as_uri())]
    done = subprocess.run(
        ["node", *flags, npm, "ci"],
        cwd=tmp_path,
        env={**environment(tmp_path), "FAILS": fails},
        capture_output=True,
        text=True,
    )
    assert (done.returncode == 0) is (fails == "nothing"), done.stderr
    assert ("no space left" in done.stderr) is (fails != "nothing")


@pytest.mark.parametrize(
    ("version", "flags", "code"),
    [
        pytest.param("1.0.0", [], 0, id="what the lockfile names"),
        pytest.param("1.0.1", [], 1, id="another version"),
        pytest.param("1.0.0", ["--before=2020-01-01"], 1, id="perhaps not old enough"),
    ],
)
def test_what_is_cached_needs_no_registry(
    tmp_path: Path, npm: str, version: str, flags: Sequence[str], code: int
) -> None:
    """A lockfile without addresses, and no registry. A hash that belongs to another version is not
    taken: whether there is such a version at all, and since when, a registry has to say."""
    write_project(tmp_path, {"many": many("many")})
    node(tmp_path, npm, "cache", "add", "file:archives/0.tgz").check_returncode()
    lockfile = tmp_path / "package-lock.json"
    lock = json.loads(lockfile.read_text())
    manifest = {"name": "project", "version": "1.0.0", "dependencies": {"many": "^1.0.0"}}
    lock["packages"][""] = manifest
    del lock["packages"]["node_modules/many"]["resolved"]
    lock["packages"]["node_modules/many"]["version"] = version
    lockfile.write_text(json.dumps(lock))
    (tmp_path / "package.json").write_text(json.dumps(manifest))
    shutil.rmtree(tmp_path / "archives")
    hook = ["--import", (BUNDLER / "install/npm_to_spool.mjs").as_uri()]
    done = node(tmp_path, *hook, npm, "ci", "--fetch-retries=0", *flags)
    assert done.returncode == code, done.stderr
    assert ("ECONNREFUSED" in done.stderr) is (code != 0)


NAMES = ["a", "A", "b", "..", ".", "", "node_modules", "é", "x.js", "package.json", "c:", "c:x"]
PARTS = st.sampled_from(NAMES)
PATHS = st.lists(PARTS, min_size=1, max_size=4).map("/".join)
KINDS = st.sampled_from([*[tarfile.REGTYPE] * 8, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE])
ENTRIES = st.builds(
    Entry,
    st.one_of(PATHS.map(f"{ROOT}/{{}}".format), PATHS),
    st.binary(max_size=5),
    st.sampled_from([0o644, 0o755, 0o600, 0o000]),
    KINDS,
    st.just(f"{ROOT}/x.js"),
)
COMPARE = """
import { createRequire } from "node:module";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
const [module, npm] = process.argv.slice(1);
const { readPlainPackage } = await import(module);
const require = createRequire(npm);
const pacote = require("pacote");
const tar = require("tar");
const readers = {
  Parser: tar.Parser ?? tar.Parse,
  normalizeBin: require("npm-normalize-package-bin"),
};
const filesIn = (folder) => readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
  const file = path.join(folder, entry.name);
  return entry.isDirectory() ? filesIn(file) : [file];
});
let plainOnes = 0;
const shown = (files) => JSON.stringify(files.map((file) => file.join()).sort());
for (const name of readdirSync("archives")) {
  const plain = await readPlainPackage(readers, readFileSync(`archives/${name}`));
  if (!plain) continue;
  plainOnes += 1;
  const folder = path.resolve(`out/${name}`);
  await pacote.extract(`file:archives/${name}`, folder, { cache: path.resolve("cache") });
  const extracted = shown(filesIn(folder).map((file) => [
    path.relative(folder, file),
    readFileSync(file).toString("hex"),
    (statSync(file).mode & 0o100) !== 0,
  ]));
  const read = shown(plain.files.map((file) => [
    file.path,
    file.content.toString("hex"),
    file.executable,
  ]));
  if (read !== extracted) throw new Error(`${name}: ${read} ${extracted}`);
}
console.log(plainOnes);
"""


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(ENTRIES, max_size=4), min_size=20, max_size=20))
def test_any_archive(npm: str, archives: List[List[Entry]]) -> None:
    """What is read in memory is what npm makes on disk."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "archives").mkdir()
        for number, entries in enumerate([[file("x.js")], *archives]):
            content = archive([manifest("p"), *entries])
            (root / f"archives/{number}.tgz").write_bytes(content)
        module = str(BUNDLER / "install/plain_package.mjs")
        done = node(root, "--input-type=module", "-e", COMPARE, module, npm)
        assert done.returncode == 0, done.stderr
        assert int(done.stdout) > 0

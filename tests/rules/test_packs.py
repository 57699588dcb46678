"""Installed files that came in packs: the tree is the one that was packed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, Mapping, Sequence, Union

import pytest
from pants.engine.fs import (
    EMPTY_DIGEST,
    CreateDigest,
    Digest,
    FileContent,
    SymlinkEntry,
)
from pants.engine.rules import QueryRule
from pants.testutil.rule_runner import RuleRunner

import module_federation
from module_federation.util_rules.packs import PackedFiles, UnpackedFiles
from rules.runner import federation_runner, message_of

SCRIPT = Path(module_federation.__file__).parent / "bundler/install/packs.mjs"
File = Union[bytes, str]


def pack(files: Mapping[str, File]) -> bytes:
    """A pack as `bundler/install/packs.mjs` writes it: path → content, or a link's target."""
    listed: list[dict[str, object]] = [
        {"path": path, "target": file}
        if isinstance(file, str)
        else {"path": path, "size": len(file), "executable": path.endswith(".sh")}
        for path, file in files.items()
    ]
    contents = b"".join(file for file in files.values() if isinstance(file, bytes))
    return json.dumps(listed).encode() + b"\n" + contents


@pytest.fixture
def runner() -> RuleRunner:
    """An engine that can be asked for the files of packs."""
    return federation_runner({}, queries=[QueryRule(UnpackedFiles, [PackedFiles])])


def packed(
    runner: RuleRunner, packs: Sequence[bytes], *, lost: Sequence[int] = (), listed: bool = True
) -> PackedFiles:
    """What an installation with these packs and one large file leaves, and a server hands back."""
    names = [f"{number}.pack" for number in range(len(packs))]
    files = {f"__packs/{name}": pack for name, pack in zip(names, packs)}
    for number in lost:
        del files[f"__packs/{number}.pack"]
    if listed:
        files["packs.json"] = json.dumps(names).encode()
    content = [FileContent(path, data) for path, data in files.items()]
    content.append(FileContent("node_modules/large.node", b"large"))
    return PackedFiles(runner.request(Digest, [CreateDigest(content)]), "shop")


def test_files_of_all_packs(runner: RuleRunner) -> None:
    packs = [
        pack({"node_modules/a/x.js": b"x", "node_modules/a/run.sh": b"#!"}),
        pack({"libs/ui/node_modules/b/ü.js": b"", "node_modules/ui": "../libs/ui"}),
    ]
    unpacked = runner.request(UnpackedFiles, [packed(runner, packs)])
    expected = runner.request(
        Digest,
        [
            CreateDigest(
                [
                    FileContent("node_modules/a/x.js", b"x"),
                    FileContent("node_modules/a/run.sh", b"#!", is_executable=True),
                    FileContent("libs/ui/node_modules/b/ü.js", b""),
                    SymlinkEntry("node_modules/ui", "../libs/ui"),
                ]
            )
        ],
    )
    assert unpacked.digest == expected


def test_no_packs(runner: RuleRunner) -> None:
    assert runner.request(UnpackedFiles, [packed(runner, [])]).digest == EMPTY_DIGEST


@pytest.mark.parametrize(
    "lost",
    [
        pytest.param({"lost": [0]}, id="one pack"),
        pytest.param({"lost": [0, 1]}, id="all packs"),
        pytest.param({"listed": False}, id="the list"),
        pytest.param({"lost": [0, 1], "listed": False}, id="everything"),
    ],
)
def test_a_server_that_has_lost_packs(runner: RuleRunner, lost: Mapping[str, Any]) -> None:
    """No package is missing without a word."""
    packs = [pack({f"node_modules/{name}/x.js": b"x"}) for name in "ab"]
    message = message_of(runner, UnpackedFiles, packed(runner, packs, **lost))
    assert "The packages of `shop` were installed, but the remote execution server" in message


def test_a_server_that_loses_what_is_unpacked(runner: RuleRunner) -> None:
    """What nothing was unpacked from stands for it."""
    message = message_of(runner, UnpackedFiles, packed(runner, [pack({})]))
    assert "handed back no file of the installation, or not all" in message


PACK = """
const { pack } = await import(process.argv[1]);
const names = pack(process.cwd(), ["node_modules", "libs/ui/node_modules"], "packs");
process.stdout.write(JSON.stringify(names));
"""


def test_the_tree_is_the_same_as_without_packs(runner: RuleRunner, tmp_path: Path) -> None:
    """Of what the installation's own script packs."""
    files = {
        **{f"node_modules/p{n % 40}/lib/{n}.js": f"{n}".encode() for n in range(2_100)},
        "libs/ui/node_modules/a/x.js": b"a member's",
        "libs/ui/package.json": b"{}",
        "node_modules/large.node": b"x" * 300_000,
    }
    links = {"node_modules/ui": "../libs/ui", "node_modules/.bin/x": "../p1/lib/1.js"}
    for path, data in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    for path, target in links.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).symlink_to(target)
    node = ["node", "--input-type=module", "-e", PACK, str(SCRIPT)]
    names = json.loads(subprocess.run(node, cwd=tmp_path, check=True, capture_output=True).stdout)
    assert len(names) > 2
    left = {
        str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if not path.is_dir()
    } - {f"packs/{name}" for name in names}
    assert left == {"node_modules/large.node", "libs/ui/package.json"}
    content = [
        FileContent("packs.json", json.dumps(names).encode()),
        *(
            FileContent(f"__packs/{name}", (tmp_path / "packs" / name).read_bytes())
            for name in names
        ),
    ]
    digest = runner.request(Digest, [CreateDigest(content)])
    unpacked = runner.request(UnpackedFiles, [PackedFiles(digest, "shop")])
    expected = runner.request(
        Digest,
        [
            CreateDigest(
                [
                    *(FileContent(path, files[path]) for path in files if path not in left),
                    *(SymlinkEntry(path, target) for path, target in links.items()),
                ]
            )
        ],
    )
    assert unpacked.digest == expected


def test_a_damaged_pack_is_named(runner: RuleRunner) -> None:
    damaged = pack({"node_modules/a/x.js": b"xyz"})[:-1]
    message = message_of(runner, UnpackedFiles, packed(runner, [damaged]))
    assert "Unpack __packs/0.pack of shop" in message
    assert "bytes in the place of" in message

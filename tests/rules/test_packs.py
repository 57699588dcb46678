"""Installed files that came in packs: the tree is the one that was packed."""

from __future__ import annotations

import json
from typing import Mapping, Sequence, Union

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

from module_federation.util_rules.packs import PackedFiles, UnpackedFiles
from rules.runner import federation_runner, message_of

File = Union[bytes, str]


def pack(files: Mapping[str, File]) -> bytes:
    """A pack as `bundler/install/packs.mjs` writes it: path → content, or a link's target."""
    listed = [
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


def packed(runner: RuleRunner, packs: Sequence[bytes]) -> PackedFiles:
    """What an installation with these packs and one large file leaves."""
    files = [FileContent(f"__packs/{number}.pack", each) for number, each in enumerate(packs)]
    other = FileContent("node_modules/large.node", b"large")
    return PackedFiles(runner.request(Digest, [CreateDigest([*files, other])]), "shop")


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


def test_a_damaged_pack_is_named(runner: RuleRunner) -> None:
    damaged = pack({"node_modules/a/x.js": b"xyz"})[:-1]
    message = message_of(runner, UnpackedFiles, packed(runner, [damaged]))
    assert "Unpack __packs/0.pack of shop" in message
    assert "bytes in the place of" in message

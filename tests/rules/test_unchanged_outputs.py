"""`package` leaves what is in `dist` already, and puts right whatever is not as it should be.

The packages are made up, so that nothing is bundled here; that hosts and remotes are packaged like
this, `test_package.py` shows.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pants.core.goals import package
from pants.core.goals.package import (
    BuiltPackage,
    BuiltPackageArtifact,
    OutputPathField,
    Package,
    PackageFieldSet,
)
from pants.engine.fs import CreateDigest, Digest, DigestEntries, FileContent, SymlinkEntry
from pants.engine.rules import Get, collect_rules, rule
from pants.engine.target import COMMON_TARGET_FIELDS, DictStringToStringField, StringField, Target
from pants.engine.unions import UnionRule
from pants.testutil.rule_runner import QueryRule, RuleRunner

from module_federation.goals.unchanged_outputs import leave_unchanged_outputs, output_folder
from module_federation.outputs.tree import OutputFile, tree_digest


class KindField(StringField):
    alias = "kind"
    default = "container"
    valid_choices = ("container", "other", "silent")
    help = "As ours; as another plugin's; as one that names no artifact."


class FilesField(DictStringToStringField):
    alias = "files"
    required = True
    help = "Path in `dist` → text; `-> path` is a link."


class MadeUpTarget(Target):
    alias = "made_up"
    core_fields = (*COMMON_TARGET_FIELDS, KindField, FilesField, OutputPathField)
    help = "What `package` writes."


@dataclass(frozen=True)
class MadeUpFieldSet(PackageFieldSet):
    required_fields = (FilesField,)

    kind: KindField
    files: FilesField
    path: OutputPathField


@rule
async def package_made_up(field_set: MadeUpFieldSet) -> BuiltPackage:
    written = (field_set.files.value or {}).items()
    entries: list[FileContent | SymlinkEntry] = [
        SymlinkEntry(path, text[3:]) if text.startswith("-> ") else FileContent(path, text.encode())
        for path, text in written
    ]
    digest = await Get(Digest, CreateDigest(entries))
    path = field_set.path.value
    if field_set.kind.value == "silent" or path is None:
        return BuiltPackage(digest, ())
    if field_set.kind.value == "other":
        return BuiltPackage(digest, (BuiltPackageArtifact(path),))
    all_entries = await Get(DigestEntries, Digest, digest)
    return BuiltPackage(digest, (output_folder(path, digest, all_entries),))


@pytest.fixture
def runner() -> RuleRunner:
    leave_unchanged_outputs()
    return RuleRunner(
        rules=[
            *package.rules(),
            *collect_rules(globals()),
            UnionRule(PackageFieldSet, MadeUpFieldSet),
            QueryRule(Digest, [CreateDigest]),
        ],
        target_types=[MadeUpTarget],
    )


Targets = Mapping[str, Mapping[str, object]]

CART = {
    "files": {"cart/remote/a.js": "a", "cart/remote/js/b.js": "b"},
    "output_path": "cart/remote",
}
SHELL = {"files": {"shell/host/c.js": "c"}, "output_path": "shell/host"}
TWO: Targets = {"cart": CART, "shell": SHELL}

Files = Mapping[str, str]
Stamps = Mapping[str, int]


def _call(fields: Mapping[str, object]) -> str:
    return f"made_up({', '.join(f'{name}={value!r}' for name, value in fields.items())})"


def packaged(runner: RuleRunner, targets: Targets) -> Path:
    """Packages all `targets`; the folder `dist`."""
    calls = [_call({"name": name, **fields}) for name, fields in targets.items()]
    runner.write_files({"BUILD": "\n".join(calls)})
    result = runner.run_goal_rule(Package, args=["::"])
    assert result.exit_code == 0
    return Path(runner.build_root, "dist")


def texts(dist: Path) -> Files:
    return {
        str(path.relative_to(dist)): f"-> {os.readlink(path)}"
        if path.is_symlink()
        else path.read_text()
        for path in dist.rglob("*")
        if path.is_symlink() or path.is_file()
    }


def stamps(dist: Path) -> Stamps:
    """File → when it was last written, or made anew."""
    return {
        str(path.relative_to(dist)): path.lstat().st_ctime_ns
        for path in dist.rglob("*")
        if not path.is_dir()
    }


def wanted(targets: Targets) -> Files:
    return {path: text for fields in targets.values() for path, text in fields["files"].items()}  # type: ignore[attr-defined]


def changed(before: Stamps, after: Stamps) -> set[str]:
    return {path for path in {*before, *after} if before.get(path) != after.get(path)}


def test_nothing_is_written_twice(runner: RuleRunner) -> None:
    dist = packaged(runner, TWO)
    assert texts(dist) == wanted(TWO)
    before = stamps(dist)
    assert stamps(packaged(runner, TWO)) == before


def test_what_has_changed_is_written(runner: RuleRunner) -> None:
    """And what it has no longer goes."""
    before = stamps(packaged(runner, TWO))
    edited = {**TWO, "cart": {**CART, "files": {"cart/remote/a.js": "a2"}}}
    dist = packaged(runner, edited)
    assert texts(dist) == wanted(edited)
    assert changed(before, stamps(dist)) == {"cart/remote/a.js", "cart/remote/js/b.js"}


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda dist: shutil.rmtree(dist), id="all gone"),
        pytest.param(lambda dist: shutil.rmtree(dist / "cart"), id="a folder gone"),
        pytest.param(lambda dist: (dist / "cart/remote/a.js").unlink(), id="a file gone"),
        pytest.param(lambda dist: (dist / "cart/remote/a.js").write_text("A"), id="another text"),
        pytest.param(lambda dist: (dist / "cart/remote/old.js").write_text(""), id="a file more"),
    ],
)
def test_what_is_not_as_it_should_be(damage: Callable[[Path], object], runner: RuleRunner) -> None:
    dist = packaged(runner, TWO)
    damage(dist)
    assert texts(packaged(runner, TWO)) == wanted(TWO)


def test_what_nobody_packages_stays(runner: RuleRunner) -> None:
    dist = packaged(runner, TWO)
    (dist / "cart/notes.txt").write_text("mine")
    before = stamps(dist)
    assert stamps(packaged(runner, TWO)) == before


def test_packages_of_other_plugins(runner: RuleRunner) -> None:
    """They are written as ever. What did not change is written over, not made anew."""
    other = {"kind": "other", "files": {"wheel.whl": "wheel"}, "output_path": "wheel.whl"}
    dist = packaged(runner, {**TWO, "other": other})
    before = (dist / "shell/host/c.js").stat()
    (dist / "wheel.whl").write_text("damaged")
    edited = {**TWO, "cart": {**CART, "files": {"cart/remote/a.js": "a2"}}, "other": other}
    assert texts(packaged(runner, edited)) == wanted(edited)
    assert (dist / "shell/host/c.js").stat().st_ino == before.st_ino


def test_another_plugin_clears_a_path(runner: RuleRunner) -> None:
    """Even where it has nothing to write."""
    other = {"kind": "other", "files": {}, "output_path": "old.whl"}
    dist = packaged(runner, {**TWO, "other": other})
    (dist / "old.whl").write_text("old")
    assert texts(packaged(runner, {**TWO, "other": other})) == wanted(TWO)


def test_a_package_that_names_no_artifact(runner: RuleRunner) -> None:
    """Only the merged digest tells of it."""
    silent = {"kind": "silent", "files": {"silent.txt": "psst"}}
    dist = packaged(runner, {**TWO, "silent": silent})
    (dist / "silent.txt").unlink()
    (dist / "cart/remote/a.js").unlink()
    assert texts(packaged(runner, {**TWO, "silent": silent})) == wanted({**TWO, "silent": silent})


def test_files_beside_the_folder(runner: RuleRunner) -> None:
    """As the records of builds that `explain_rebuilds` needs."""
    record = ".module-federation/builds/cart/remote.json"
    recorded = {**TWO, "cart": {**CART, "files": {**CART["files"], record: "{}"}}}  # type: ignore[dict-item]
    dist = packaged(runner, recorded)
    before = stamps(dist)
    assert stamps(packaged(runner, recorded)) == before
    (dist / record).write_text("{ }")
    assert texts(packaged(runner, recorded)) == wanted(recorded)


@pytest.mark.parametrize("kind", ["container", "other"])
def test_a_folder_in_a_folder(kind: str, runner: RuleRunner) -> None:
    """Clearing the outer one takes the inner one along."""
    inner = {"kind": kind, "files": {"shell/host/in/d.js": "d"}, "output_path": "shell/host/in"}
    dist = packaged(runner, {**TWO, "inner": inner})
    (dist / "shell/host/c.js").write_text("damaged")
    assert texts(packaged(runner, {**TWO, "inner": inner})) == wanted({**TWO, "inner": inner})


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda link: link.unlink(), id="gone"),
        pytest.param(lambda link: (link.unlink(), link.symlink_to("d.js")), id="leads elsewhere"),
        pytest.param(lambda link: None, id="as it should be"),
    ],
)
def test_links(damage: Callable[[Path], object], runner: RuleRunner) -> None:
    """Pants writes them; here they are only ever seen as something that differs."""
    with_link = {"shell/host/c.js": "c", "shell/host/l": "-> c.js"}
    linked = {**TWO, "shell": {**SHELL, "files": with_link}}
    dist = packaged(runner, linked)
    damage(dist / "shell/host/l")
    assert texts(packaged(runner, linked)) == wanted(linked)


def test_another_dist(runner: RuleRunner) -> None:
    packaged(runner, TWO)
    result = runner.run_goal_rule(Package, global_args=["--pants-distdir=out/bundles"], args=["::"])
    assert result.exit_code == 0
    assert texts(Path(runner.build_root, "out/bundles")) == wanted(TWO)


NAMES = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="/"), min_size=1
)
PATHS = st.lists(NAMES.filter(lambda name: name not in (".", "..")), min_size=1, max_size=3)


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.dictionaries(PATHS.map("/".join), st.tuples(st.binary(), st.booleans()), max_size=8))
def test_digests_are_those_of_pants(
    runner: RuleRunner, contents: Mapping[str, tuple[bytes, bool]]
) -> None:
    files = {
        path: content
        for path, content in contents.items()
        if not any(other.startswith(f"{path}/") for other in contents)
    }
    pants = runner.request(
        Digest, [CreateDigest(FileContent(path, *content) for path, content in files.items())]
    )
    ours = tree_digest(
        {
            path: OutputFile(hashlib.sha256(content).hexdigest(), len(content), executable)
            for path, (content, executable) in files.items()
        }
    )
    assert ours == (pants.fingerprint, pants.serialized_bytes_length)

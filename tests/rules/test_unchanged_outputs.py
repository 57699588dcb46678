"""`package` leaves what is in `dist` already, and puts right whatever is not as it should be.

The packages are made up, so that nothing is bundled here; that hosts and remotes are packaged like
this, `test_package.py` shows.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Mapping, cast

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
from pants.engine.fs import (
    EMPTY_DIGEST,
    CreateDigest,
    Digest,
    DigestEntries,
    DigestSubset,
    FileContent,
    PathGlobs,
    SymlinkEntry,
    Workspace,
)
from pants.engine.internals.scheduler import ExecutionError
from pants.engine.rules import Get, collect_rules, rule
from pants.engine.target import COMMON_TARGET_FIELDS, DictStringToStringField, StringField, Target
from pants.engine.unions import UnionRule
from pants.testutil.rule_runner import QueryRule, RuleRunner

from module_federation.goals.unchanged_outputs import (
    OutputFolder,
    OutputWriter,
    leave_unchanged_outputs,
    output_tree,
)
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
    inside = await Get(Digest, DigestSubset(digest, PathGlobs([f"{path}/**"])))
    beside = await Get(Digest, DigestSubset(digest, PathGlobs(["**", f"!{path}/**"])))
    inside_entries = await Get(DigestEntries, Digest, inside)
    beside_entries = await Get(DigestEntries, Digest, beside)
    folder = OutputFolder(
        path, output_tree(inside, inside_entries), output_tree(beside, beside_entries)
    )
    return BuiltPackage(digest, (folder.artifact(),))


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


UMASK = os.umask(0o022)
os.umask(UMASK)


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
    return {path: text for fields in targets.values() for path, text in files_of(fields).items()}


def files_of(fields: Mapping[str, object]) -> Files:
    files = fields["files"]
    assert isinstance(files, dict)
    return files


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


@pytest.mark.parametrize("linked", [False, True])
def test_what_another_name_keeps(linked: bool, runner: RuleRunner) -> None:
    """A snapshot made of hard links must not change with `dist`."""
    other = {"kind": "other", "files": {"wheel.whl": "wheel"}, "output_path": "wheel.whl"}
    file = packaged(runner, {**TWO, "other": other}) / "cart/remote/a.js"
    before = file.stat().st_ino
    if linked:
        os.link(file, Path(runner.build_root, "snapshot"))
    packaged(runner, {**TWO, "other": other})
    assert (file.stat().st_ino != before) == linked


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


RECORD = ".module-federation/builds/cart/remote.json"


def test_a_file_beside_the_folder(runner: RuleRunner) -> None:
    """As the records of builds that `explain_rebuilds` needs: they are written by themselves."""
    before = stamps(packaged(runner, TWO))
    recorded = {**TWO, "cart": {**CART, "files": {**files_of(CART), RECORD: "{}"}}}
    dist = packaged(runner, recorded)
    with_record = stamps(dist)
    assert changed(before, with_record) == {RECORD}
    assert stamps(packaged(runner, recorded)) == with_record
    (dist / RECORD).write_text("{ }")
    assert texts(packaged(runner, recorded)) == wanted(recorded)
    assert changed(with_record, stamps(dist)) == {RECORD}


def test_a_file_beside_one_folder_and_in_another(runner: RuleRunner) -> None:
    """Clearing that other folder takes the file along."""
    inner = {"files": {f"{Path(RECORD).parent}/e.js": "e"}, "output_path": str(Path(RECORD).parent)}
    both = {**TWO, "cart": {**CART, "files": {**files_of(CART), RECORD: "{}"}}, "inner": inner}
    for _ in range(3):
        assert texts(packaged(runner, both)) == wanted(both)


def test_a_folder_under_two_names(runner: RuleRunner) -> None:
    """Here by a link; on some file systems by capital letters."""
    inner = {"files": {"linked/host/in/d.js": "d"}, "output_path": "linked/host/in"}
    dist = packaged(runner, TWO)
    (dist / "linked").symlink_to("shell")
    for _ in range(3):
        packaged(runner, {**TWO, "inner": inner})
        assert (dist / "shell/host/in/d.js").read_text() == "d"
        assert (dist / "shell/host/c.js").read_text() == "c"


def test_names_that_differ_in_case_alone(runner: RuleRunner) -> None:
    other = {"files": {"Shell/host/in/d.js": "d"}, "output_path": "Shell/host/in"}
    before = stamps(packaged(runner, {**TWO, "other": other}))
    # As if the file system told them apart no more than others do.
    assert changed(before, stamps(packaged(runner, {**TWO, "other": other}))) == {*before}


@pytest.mark.parametrize("mode", [0o600, 0o664])
def test_modes(mode: int, runner: RuleRunner) -> None:
    """What a web server may not read is put right."""
    dist = packaged(runner, TWO)
    (dist / "cart/remote/a.js").chmod(mode)
    packaged(runner, TWO)
    assert (dist / "cart/remote/a.js").stat().st_mode & 0o777 == 0o644 & ~UMASK


def test_a_failure_half_way(runner: RuleRunner) -> None:
    """The next call makes what the first one could not."""
    three = {**TWO, "third": {"files": {"third/d.js": "d"}, "output_path": "third"}}
    dist = packaged(runner, three)
    shutil.rmtree(dist / "cart")
    shutil.rmtree(dist / "shell")
    (dist / "shell").write_text("in the way")
    with pytest.raises(ExecutionError):
        packaged(runner, three)
    (dist / "shell").unlink()
    assert texts(packaged(runner, three)) == wanted(three)


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


@pytest.mark.usefixtures("runner")
def test_one_call_after_the_other() -> None:
    """An interrupted call may still be writing when the next one begins to compare."""
    begun, may_end = threading.Event(), threading.Event()
    writing: list[str] = []

    def pants(*_: object, **__: object) -> None:
        writing.append(threading.current_thread().name)
        begun.set()
        assert may_end.wait(timeout=20)

    writer = OutputWriter(pants)
    workspace = cast(Workspace, None)
    arguments = (workspace, EMPTY_DIGEST, "nowhere", ["other"], False)
    calls = [
        threading.Thread(target=writer.write, args=arguments, name=name) for name in ("one", "two")
    ]
    calls[0].start()
    assert begun.wait(timeout=20)
    calls[1].start()
    time.sleep(0.1)
    assert writing == ["one"]
    may_end.set()
    for call in calls:
        call.join(timeout=20)
    assert writing == ["one", "two"]


def test_replaced_once() -> None:
    leave_unchanged_outputs()
    first = Workspace.write_digest
    leave_unchanged_outputs()
    assert Workspace.write_digest is first

"""Bundles by a process that stays: the same as by processes of their own, to the byte and to the
key of the cache, and no failure is the staying process's."""

from __future__ import annotations

import json
import time
import uuid
from pathlib import Path
from typing import Sequence

import psutil  # type: ignore[import-untyped]
import pytest
from pants.engine.fs import DigestContents
from pants.engine.internals.session import RunId
from pants.engine.process import ProcessResultMetadata
from pants.testutil.rule_runner import RuleRunner

from module_federation.goals.package import PackagedContainer, PackagedContainerRequest
from module_federation.util_rules.bundle import Bundle, BundleRequest, EmitRequest
from module_federation.util_rules.contracts import EmittedBundle
from rules import small_shop
from rules.runner import address, federation_runner, message_of
from rules.small_shop import CART, SHELL

HOST = address(f"{SHELL}:host")
REMOTE = address(f"{CART}:remote")
OWN_PROCESSES = "--no-process-execution-local-enable-nailgun"
_Source = ProcessResultMetadata.Source


@pytest.fixture
def sandboxes(tmp_path: Path) -> Path:
    folder = tmp_path / "sandboxes"
    folder.mkdir()
    return folder


def shop(sandboxes: Path, *bootstrap_args: str, options: Sequence[str] = ()) -> RuleRunner:
    """A repository whose sandboxes lie in a folder."""
    return federation_runner(
        small_shop.files(),
        options=options,
        bootstrap_args=[f"--local-execution-root-dir={sandboxes}", *bootstrap_args],
    )


def edit(runner: RuleRunner, text: str = "") -> None:
    """Changes a source of the remote into one that no process has seen.

    :param text: stands there, too.
    """
    source = small_shop.SOURCES[f"{CART}/src/Cart.tsx"]
    new = f"export const at = '{uuid.uuid4().hex}';"
    runner.write_files({f"{CART}/src/Cart.tsx": f"{source}\n{new}\n{text}\n"})


def emitted(runner: RuleRunner) -> EmittedBundle:
    return runner.request(EmittedBundle, [EmitRequest(REMOTE)])


def staying(sandboxes: Path) -> list[psutil.Process]:
    """The bundle processes that stay in one of these sandboxes."""
    found = []
    for process in psutil.process_iter():
        try:
            if "com.martiansoftware.nailgun.NGServer" not in process.cmdline():
                continue
            if sandboxes.resolve() in Path(process.cwd()).parents:
                found.append(process)
        except psutil.Error:
            # It has ended meanwhile.
            continue
    return found


def kill(process: psutil.Process) -> None:
    """Kills a child of this process, and leaves it to Pants to hear of it."""
    process.kill()
    threads = Path(f"/proc/{process.pid}/task")
    # The first thread may be gone before the others, and only with the last is there an end to
    # hear of.
    while process.status() != psutil.STATUS_ZOMBIE or len(list(threads.iterdir())) > 1:
        time.sleep(0.01)


def test_one_process_for_all_containers(sandboxes: Path, tmp_path: Path) -> None:
    """And its results are those of processes of their own, for the cache, too."""

    def emit(store: str, *args: str) -> list[EmittedBundle]:
        runner = shop(
            sandboxes,
            f"--local-store-dir={tmp_path}/{store}",
            f"--named-caches-dir={tmp_path}/{store}-named",
            "--process-execution-local-parallelism=1",
            *args,
        )
        made = [runner.request(EmittedBundle, [EmitRequest(each)]) for each in (HOST, REMOTE)]
        stay.append(len(staying(sandboxes)))
        return made

    def sources(made: list[EmittedBundle]) -> set[ProcessResultMetadata.Source]:
        processes = [each.process for each in made]
        return {each.source(RunId(each.source_run_id)) for each in processes if each is not None}

    stay: list[int] = []
    together, apart = emit("together"), emit("apart", OWN_PROCESSES)
    assert stay[0] == 1
    assert sources(together) == sources(apart) == {_Source.RAN}
    assert together == apart
    assert sources(emit("together", OWN_PROCESSES)) == {_Source.HIT_LOCALLY}
    assert sources(emit("apart")) == {_Source.HIT_LOCALLY}


def test_it_is_killed_between_two_bundles(sandboxes: Path) -> None:
    runner = shop(sandboxes)
    edit(runner)
    emitted(runner)
    (process,) = staying(sandboxes)
    kill(process)
    edit(runner)
    emitted(runner)
    (other,) = staying(sandboxes)
    assert other.pid != process.pid


def test_a_source_that_does_not_compile(sandboxes: Path) -> None:
    """What is said comes from a process of its own; the next bundle is by a new process that
    stays."""
    runner = shop(sandboxes)
    edit(runner)
    emitted(runner)
    before = staying(sandboxes)
    edit(runner, "const = ;")
    message = message_of(runner, PackagedContainer, PackagedContainerRequest(REMOTE))
    assert f"The bundler refuses `federated_remote` target {REMOTE}" in message
    assert f"{CART}/src/Cart.tsx:" in message
    assert "nailgun" not in message
    edit(runner)
    emitted(runner)
    after = staying(sandboxes)
    assert len(before) == len(after) == 1
    assert before[0].pid != after[0].pid


def test_in_development(sandboxes: Path) -> None:
    """Where the bundler runs a loader of the plugin's own."""
    runner = shop(sandboxes, options=["--module-federation-mode=development"])
    pids = set()
    for _ in range(2):
        edit(runner)
        emitted(runner)
        pids |= {process.pid for process in staying(sandboxes)}
    assert len(pids) == 1


def test_kept_sandboxes(sandboxes: Path) -> None:
    """Pants keeps none of a process that stays."""
    keep = "--keep-sandboxes=always"
    # One for the engine, one for rules.
    runner = shop(sandboxes, keep, options=[keep])
    edit(runner)
    emitted(runner)
    assert not staying(sandboxes)
    requests = [json.loads(file.read_text()) for file in sandboxes.glob("*/__mf/container.json")]
    assert [request["name"] for request in requests] == ["shop__cart"]
    assert [file.name for file in sandboxes.glob("*/__out/remoteEntry.js")] == ["remoteEntry.js"]


def test_a_loader_of_the_repository(sandboxes: Path) -> None:
    """A process of its own runs it, and so an edited loader is the one that runs."""
    runner = shop(sandboxes)
    build_file = small_shop.BUILD_FILES[f"{CART}/BUILD"]
    runner.write_files(
        {
            f"{CART}/BUILD": build_file.replace(
                'name="remote"', 'name="remote", dependencies=["./src/loader.cjs:../cart"]'
            )
        }
    )
    for number in (7531, 8642):
        runner.write_files(
            {f"{CART}/src/loader.cjs": f"module.exports = () => 'export const made = {number}';\n"}
        )
        edit(runner, 'export { made } from "!./loader.cjs!./unused";')
        made = runner.request(Bundle, [BundleRequest(REMOTE)])
        files = runner.request(DigestContents, [made.digest])
        assert any(str(number).encode() in file.content for file in files)
        assert not staying(sandboxes)

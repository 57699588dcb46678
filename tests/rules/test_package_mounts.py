"""Packages of a container in one mount each, or all in one: the same input in either case."""

from __future__ import annotations

from pathlib import Path

import pytest
from pants.engine.fs import EMPTY_DIGEST, Digest
from pants.engine.internals.session import RunId
from pants.engine.process import ProcessResultMetadata
from pants.util.frozendict import FrozenDict

from module_federation.util_rules import bundle, package_mounts
from module_federation.util_rules.bundle import EmitRequest
from module_federation.util_rules.contracts import EmittedBundle
from module_federation.util_rules.package_mounts import KnownContainers
from rules import small_shop
from rules.runner import address, federation_runner
from rules.small_shop import CART

REMOTE = address(f"{CART}:remote")
_Source = ProcessResultMetadata.Source


@pytest.mark.parametrize("bundler", ["rspack", "webpack"])
def test_both_ways_are_one_input(
    tmp_path: Path, bundler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_one: list[package_mounts.PackagesTree] = []

    def noted(packages: package_mounts.PackagesTree) -> dict[str, Digest]:
        as_one.append(packages)
        return package_mounts.mounted_as_one(packages)

    monkeypatch.setattr(bundle, "mounted_as_one", noted)

    def emit(store: str, many: int) -> EmittedBundle:
        monkeypatch.setattr(package_mounts, "MANY", many)
        runner = federation_runner(
            small_shop.files(),
            options=[f"--module-federation-bundler={bundler}"],
            bootstrap_args=[
                f"--local-store-dir={tmp_path}/{store}",
                f"--named-caches-dir={tmp_path}/{store}-named",
            ],
        )
        return runner.request(EmittedBundle, [EmitRequest(REMOTE)])

    def source(made: EmittedBundle) -> ProcessResultMetadata.Source:
        assert made.process is not None
        return made.process.source(RunId(made.process.source_run_id))

    apart = emit("apart", 1_000)
    assert not as_one
    together = emit("together", 1)
    assert len(as_one) == 1
    assert {source(apart), source(together)} == {_Source.RAN}
    assert apart == together
    assert source(emit("apart", 1)) is _Source.HIT_LOCALLY
    assert source(emit("together", 1_000)) is _Source.HIT_LOCALLY


def packages(*names: str) -> FrozenDict[str, Digest]:
    return FrozenDict({f"node_modules/{name}": EMPTY_DIGEST for name in names})


def test_many_containers_with_the_same_packages() -> None:
    known = KnownContainers()
    for number in range(package_mounts.MANY - 1):
        known.remember(address(f"apps/a{number}:remote"), packages("react"))
    known.remember(address("apps/b:remote"), packages("react", "clsx"))
    # One container that is looked at again is one still.
    known.remember(address("apps/a0:remote"), packages("react"))
    assert not known.are_many_with(packages("react"))
    known.remember(address("apps/b:remote"), packages("react"))
    assert known.are_many_with(packages("react"))
    assert not known.are_many_with(packages("react", "clsx"))
    known.remember(address("apps/b:remote"), packages("clsx"))
    assert not known.are_many_with(packages("react"))


def test_containers_without_packages() -> None:
    known = KnownContainers()
    for number in range(package_mounts.MANY):
        known.remember(address(f"apps/a{number}:remote"), packages())
    assert not known.are_many_with(packages())

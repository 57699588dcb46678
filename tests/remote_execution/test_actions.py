"""What the plugin's processes make on a worker is what they make here, and so is what they say."""

from __future__ import annotations

from pathlib import Path
from typing import Mapping, Sequence

import pytest
from pants.engine.fs import DigestContents
from pants.testutil.rule_runner import RuleRunner

from module_federation.util_rules.bundle import Bundle, BundleRequest
from module_federation.util_rules.nodejs import NodeRuntime
from module_federation.util_rules.projects import InstalledProject, NodeProject, ProjectRequest
from remote_execution.conftest import Flags, flags_of
from remote_execution.server import ExecutionServer, execution_server
from rules import mixed_workspace, small_shop
from rules.mixed_installs import EVERY, SEE_YARN, installed_by
from rules.runner import address, federation_runner, message_of
from rules.small_shop import CART, SHELL

CONTAINERS = (f"{SHELL}:host", f"{CART}:remote")


def engine_elsewhere(files: Mapping[str, str | bytes], flags: Flags, *options: str) -> RuleRunner:
    """An engine whose processes are executed by a server."""
    return federation_runner(
        files,
        bootstrap_args=[SEE_YARN, *flags],
        options=[*flags, *options],
    )


def bundles(engine: RuleRunner) -> dict[str, dict[str, bytes]]:
    """Container → file → content."""
    made = {}
    for spec in CONTAINERS:
        bundle = engine.request(Bundle, [BundleRequest(address(spec))])
        contents = engine.request(DigestContents, [bundle.digest])
        made[spec] = {file.path: file.content for file in contents}
    return made


@EVERY
def test_an_installation(manager: str, remotely: Flags, server: ExecutionServer) -> None:
    files = mixed_workspace.files(manager)
    before = server.executed
    elsewhere = installed_by(engine_elsewhere(files, remotely))
    assert server.executed > before
    here = installed_by(federation_runner(files, bootstrap_args=[SEE_YARN]))
    assert elsewhere.node_modules == here.node_modules
    assert elsewhere.index == here.index


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(("--module-federation-bundler=webpack",), id="webpack"),
        pytest.param(("--module-federation-mode=development",), id="Rspack, development"),
    ],
)
def test_a_bundle(options: Sequence[str], remotely: Flags) -> None:
    """The storefront is Rspack's, for production: see `test_storefront_remotely.py`."""
    files = small_shop.files()
    elsewhere = bundles(engine_elsewhere(files, remotely, *options))
    assert elsewhere == bundles(federation_runner(files, options=options))


def test_an_installation_that_fails(remotely: Flags) -> None:
    """Yarn names a file by its path, which would be that of a folder on the worker."""
    files = mixed_workspace.files(
        "yarn", {f"{mixed_workspace.ROOT}/.yarn/patches/is-odd.patch": None}
    )
    said = []
    for engine in (
        engine_elsewhere(files, remotely),
        federation_runner(files, bootstrap_args=[SEE_YARN]),
    ):
        project = engine.request(NodeProject, [ProjectRequest(mixed_workspace.SHELL)])
        said.append(message_of(engine, InstalledProject, project))
    assert said[0] == said[1]
    assert "is-odd.patch" in said[0]


def test_no_node_on_the_worker(remotely: Flags) -> None:
    """A `PATH` of the machine that asks means nothing there, and the worker has none."""
    engine = engine_elsewhere({}, remotely, "--module-federation-node-search-paths=['<PATH>']")
    message = message_of(engine, NodeRuntime)
    assert "on the worker of the remote execution" in message
    assert "its processes get no `PATH`" in message
    assert "set `[module-federation].node_search_paths`" in message


def test_a_server_that_loses_what_is_made(
    casd: Path, worker_options: Mapping[str, str], tmp_path: Path
) -> None:
    with execution_server(tmp_path / "server", casd, forgetful=True) as forgetful:
        flags = flags_of(forgetful, worker_options, tmp_path / "store")
        engine = engine_elsewhere(small_shop.files(), flags)
        project = engine.request(NodeProject, [ProjectRequest(CART)])
        message = message_of(engine, InstalledProject, project)
    assert "the remote execution server handed back no file of the installation" in message
    assert "process_execution_cache_namespace" in message

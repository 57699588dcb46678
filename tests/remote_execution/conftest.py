from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Iterator, Mapping, Sequence

import pytest

from end_to_end.pants_repository import pants_of_these_tests
from remote_execution.server import ExecutionServer, download, execution_server

#: What an engine on a repository has to be told to let a server execute its processes.
Flags = Sequence[str]


def flags_of(server: ExecutionServer, worker_options: Mapping[str, str], store: Path) -> Flags:
    """Flags that make an engine execute everything on a server, and keep results in a folder."""
    options = {
        "local_store_dir": str(store),
        **server.options,
        **{f"module_federation_{name}": value for name, value in worker_options.items()},
    }
    # Text stands between quotation marks in TOML, and without them in a flag.
    return tuple(
        f"--{name.replace('_', '-')}={value.strip(chr(34))}" for name, value in options.items()
    )


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Pants that the tests' own environment holds, as a program."""
    return pants_of_these_tests(tmp_path_factory.mktemp("program"))


@pytest.fixture(scope="session")
def casd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """buildbox-casd."""
    return download(tmp_path_factory.mktemp("casd"))


@pytest.fixture(scope="session")
def server(casd: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExecutionServer]:
    """A server that all tests share."""
    with execution_server(tmp_path_factory.mktemp("server") / "files", casd) as running:
        yield running


@pytest.fixture(scope="session")
def worker_options() -> Mapping[str, str]:
    """What the plugin has to be told of the worker, section `module-federation`, as TOML has it.

    The worker is this machine, but its processes get none of its variables: neither `PATH` nor what
    says how to reach the npm registry.
    """
    names = ("NODE_EXTRA_CA_CERTS", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY")
    variables = [f"{name}={os.environ[name]}" for name in names if name in os.environ]
    folders = [folder for folder in os.environ["PATH"].split(os.pathsep) if os.path.isabs(folder)]
    return {
        "node_search_paths": json.dumps(folders),
        "extra_env_vars": json.dumps(variables),
    }


@pytest.fixture(scope="session")
def remotely(
    server: ExecutionServer,
    worker_options: Mapping[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Flags:
    """Flags for the server that all tests share, with a store that was empty when they began."""
    return flags_of(server, worker_options, tmp_path_factory.mktemp("store"))

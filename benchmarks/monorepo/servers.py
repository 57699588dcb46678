"""Remote caches on the loopback interface: one that Turborepo speaks with, one for Pants."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from workspace import HERE, REPOSITORY

_INSTANCE = "main"
_STARTED_WITHIN = 180
#: What `./pants package tests:buildgrid` makes: the server that the tests of the remote cache use.
_BUILDGRID = "tests:buildgrid"
_BUILDGRID_PEX = "dist/tests/buildgrid.pex"
_CALLS = 512
_CONFIGURATION = f"""\
server:
  - !channel
    address: "127.0.0.1:{{port}}"
    insecure-mode: true
authorization:
  method: none
monitoring:
  enabled: false
storages:
  - !disk-storage &blobs
    path: "{{storage}}"
caches:
  - !lru-action-cache &results
    storage: *blobs
    max-cached-refs: 65536
    allow-updates: true
    cache-failed-actions: false
instances:
  - name: {_INSTANCE}
    storages: [*blobs]
    caches: [*results]
    services:
      - !action-cache
        cache: *results
      - !cas
        storage: *blobs
      - !bytestream
        storage: *blobs
thread-pool-size: 32
maximum-concurrent-rpcs: {_CALLS}
"""


@contextlib.contextmanager
def turborepo_cache(folder: Path, downloads: Path) -> Iterator[Mapping[str, str]]:
    """A running `turborepo-remote-cache` with an empty storage.

    :param folder: where its files are put; it must not be there.
    :param downloads: npm's cache.
    :return: the variables by which Turborepo finds it.
    """
    shutil.copytree(HERE / "locks/turborepo-cache", folder)
    subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"],
        cwd=folder,
        env={**os.environ, "npm_config_cache": str(downloads)},
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    port = _free_port()
    variables = {
        "NODE_ENV": "production",
        "LOG_LEVEL": "error",
        "PORT": str(port),
        "STORAGE_PROVIDER": "local",
        "STORAGE_PATH": str(folder / "storage"),
        "TURBO_TOKEN": "benchmark",
    }
    with _running(["node", "node_modules/.bin/turborepo-remote-cache"], folder, port, variables):
        yield {
            "TURBO_API": f"http://127.0.0.1:{port}",
            "TURBO_TOKEN": "benchmark",
            "TURBO_TEAM": "team_benchmark",
        }


@contextlib.contextmanager
def reapi_cache(folder: Path, python: str) -> Iterator[Mapping[str, str]]:
    """A running BuildGrid with an empty storage.

    :param folder: where its files are put; it must not be there.
    :param python: a CPython 3.9, as the PEX needs.
    :return: the variables by which Pants finds it, and writes to it without losing or overrunning
        anything.
    """
    if not (REPOSITORY / _BUILDGRID_PEX).exists():
        subprocess.run(
            ["./pants", "package", _BUILDGRID],
            cwd=REPOSITORY,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    folder.mkdir(parents=True)
    port = _free_port()
    configuration = folder / "buildgrid.yml"
    configuration.write_text(_CONFIGURATION.format(port=port, storage=folder / "storage"))
    program = folder / "serve.py"
    program.write_text(
        "from buildgrid.server.app import cli\n\n"
        f"cli(['server', 'start', {str(configuration)!r}])\n"
    )
    command = [python, str(REPOSITORY / _BUILDGRID_PEX), str(program)]
    variables = {"PEX_INTERPRETER": "1", "PEX_ROOT": str(folder / "pex")}
    with _running(command, folder, port, variables):
        yield {
            "PANTS_REMOTE_CACHE_READ": "true",
            "PANTS_REMOTE_CACHE_WRITE": "true",
            "PANTS_REMOTE_STORE_ADDRESS": f"grpc://127.0.0.1:{port}",
            "PANTS_REMOTE_INSTANCE_NAME": _INSTANCE,
            "PANTS_REMOTE_STORE_RPC_CONCURRENCY": "24",
            "PANTS_REMOTE_CACHE_RPC_CONCURRENCY": "8",
            "PANTS_SESSION_END_TASKS_TIMEOUT": "300",
        }


@contextlib.contextmanager
def _running(
    command: list[str], folder: Path, port: int, variables: Mapping[str, str]
) -> Iterator[None]:
    """A server that answers at a port; it has ended when the block ends."""
    log = folder / "server.log"
    with open(log, "wb") as output:
        server = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + _STARTED_WITHIN
        while not _answers(port):
            if server.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"{command} does not start:\n{log.read_text(errors='replace')}")
            time.sleep(0.1)
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port

"""A real Remote Execution API server on the loopback interface: BuildGrid, out of a PEX.

BuildGrid 0.1.21 is the newest that runs on CPython 3.9, and needs nothing beside itself when its
action cache is in memory and its blobs are files. The action cache is lost with the process.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterator

from end_to_end.pants_repository import OURS, environment
from loopback import free_port, wait_until_it_answers

#: The name of the one instance that the server has; Pants must be given the same.
INSTANCE = "main"

#: How many calls the server takes at once; Pants must be told to make fewer.
CONCURRENT_CALLS = 512

#: Bytes. When its disk is full, a server can still store files that are no larger.
FULL_DISK_TAKES = 20_000

# What `./pants package tests:buildgrid` makes.
_PEX = "tests/buildgrid.pex"

_CONFIGURATION = """\
server:
  - !channel
    address: "127.0.0.1:{port}"
    insecure-mode: true
authorization:
  method: none
monitoring:
  enabled: false
storages:
  - !disk-storage &blobs
    path: "{storage}"
caches:
  - !lru-action-cache &results
    storage: *blobs
    max-cached-refs: 4096
    allow-updates: true
    cache-failed-actions: false
instances:
  - name: {instance}
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
maximum-concurrent-rpcs: {calls}
"""

# The server ends with the tests, also when they are killed and can't end it themselves.
_PROGRAM = """\
import os
import resource
import signal
import threading
import time

from buildgrid.server.app import cli


def fill_disk(*_):
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, resource.RLIM_INFINITY))


def follow():
    while True:
        try:
            os.kill(PARENT, 0)
        except ProcessLookupError:
            os._exit(1)
        time.sleep(1)


threading.Thread(target=follow, daemon=True).start()
signal.signal(signal.SIGUSR1, fill_disk)
cli(["server", "start", "-v", CONFIGURATION])
"""

# Seconds until a server that was started must answer: an unpacked PEX takes about 8.
_STARTED_WITHIN = 120


def server_program() -> Path:
    """The PEX with BuildGrid that Pants put beside the tests; without Pants around, it is called to
    make it.

    :raises subprocess.CalledProcessError: Pants could not make it, and has said why.
    """
    if not (OURS / _PEX).is_file():
        subprocess.run(
            [str(OURS / "pants"), "package", "tests:buildgrid"],
            cwd=OURS,
            env=environment(),
            check=True,
        )
        return OURS / "dist" / _PEX
    return OURS / _PEX


@dataclass
class CacheServer:
    """A server with an empty storage, which can be ended and started again at the same address.

    :param folder: where its files are: configuration, log, `storage`, and the unpacked PEX.
    :param program: what `server_program` gives.
    """

    folder: Path
    program: Path
    port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """For `[GLOBAL].remote_store_address`."""
        return f"grpc://127.0.0.1:{self.port}"

    @property
    def storage(self) -> Path:
        """The folder of its storage."""
        return self.folder / "storage"

    @property
    def log(self) -> str:
        """What it has said up to now."""
        return (self.folder / "server.log").read_text(errors="replace")

    def blobs(self) -> list[Path]:
        """The files that its blobs are in, sorted."""
        objects = self.storage / "cas/objects"
        return sorted(path for path in objects.rglob("*") if path.is_file())

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        self.folder.mkdir(exist_ok=True)
        configuration = self.folder / "buildgrid.yml"
        configuration.write_text(
            _CONFIGURATION.format(
                port=self.port, storage=self.storage, instance=INSTANCE, calls=CONCURRENT_CALLS
            )
        )
        script = self.folder / "serve.py"
        script.write_text(
            f"PARENT = {os.getpid()}\n"
            f"CONFIGURATION = {str(configuration)!r}\n"
            f"LARGEST = {FULL_DISK_TAKES}\n"
            f"{_PROGRAM}"
        )
        with open(self.folder / "server.log", "ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, str(self.program), str(script)],
                cwd=self.folder,
                env={
                    "PATH": os.defpath,
                    "PEX_INTERPRETER": "1",
                    "PEX_ROOT": str(self.program_root),
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until_it_answers(self._process, self.port, _STARTED_WITHIN, lambda: self.log)

    @property
    def program_root(self) -> Path:
        """Where the PEX unpacks itself: once for all servers whose folders lie side by side."""
        return self.folder.parent / "pex_root"

    def fill_disk(self) -> None:
        """From now on, the system lets the server write no file larger than `FULL_DISK_TAKES`.

        Its writes fail with `EFBIG`, which BuildGrid's `DiskStorage` takes as it takes `ENOSPC`.
        """
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGUSR1)

    def kill(self) -> None:
        """Ends it without letting it tidy up."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


@contextlib.contextmanager
def cache_server(folder: Path) -> Iterator[CacheServer]:
    """A running server whose files are in `folder`; it has ended when the block ends.

    Use it with `[GLOBAL].remote_store_address = server.address` and
    `remote_instance_name = INSTANCE`.
    """
    server = CacheServer(folder, server_program())
    server.start()
    try:
        yield server
    finally:
        server.kill()

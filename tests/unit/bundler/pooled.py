"""A bundle process that stays, and the client's half of the protocol by which Pants asks it."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import socket
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, Mapping, Sequence, Tuple

from unit.bundler.small_federation import Bundler, SmallContainer

#: The command by which a process stays.
STAY = "com.martiansoftware.nailgun.NGServer"
#: What Pants reads of the first line (2.17.1, `pe_nailgun/src/nailgun_pool.rs`).
_PORT = re.compile(r".*\s+port\s+(\d+)\.$")
_PATIENCE = 60
_WITH_LIMITS = """
import { readFileSync } from "node:fs";
const [, folder, limits, takes] = process.argv;
const { serve } = await import(`${folder}/lib/pooled.mjs`);
function readRequest() {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(takes));
  return JSON.parse(readFileSync("request.json", "utf8"));
}
serve(process.cwd(), readRequest, JSON.parse(limits));
"""

#: Letter of type, and content.
Chunk = Tuple[bytes, bytes]


def chunk(kind: bytes, content: bytes = b"") -> bytes:
    """A piece of the protocol."""
    return struct.pack(">I", len(content)) + kind + content


def request(folder: Path, command: bytes = b"bundle") -> bytes:
    """All that a client says, and some more than Pants does."""
    return b"".join(
        (
            chunk(b"A", b"argument"),
            chunk(b"E", b"MF_NODE_VERSION=20.20.2"),
            chunk(b"D", bytes(folder)),
            chunk(b"C", command),
            chunk(b"H"),
        )
    )


@dataclass(frozen=True)
class Pooled:
    """A bundle process that stays.

    Attributes:
        sandbox: The folder that it works in.
    """

    bundler: Bundler
    sandbox: Path
    process: subprocess.Popen[str]
    port: int

    def lay_out(self, container: SmallContainer, mode: str = "production") -> None:
        """Makes the sandbox that of a container, as Pants does between two requests."""
        for entry in self.sandbox.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
        self.bundler.lay_out(container, self.sandbox, mode)

    def bundle(self) -> list[Chunk]:
        """Asks for the bundle of what lies in the sandbox."""
        return self.ask(request(self.sandbox))

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=_PATIENCE)

    def ask(self, said: bytes | Sequence[bytes]) -> list[Chunk]:
        """Sends a request, in one piece or in several, and reads the answer to its end."""
        with self.connect() as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            # It may have heard enough.
            with contextlib.suppress(ConnectionError):
                for piece in [said] if isinstance(said, bytes) else said:
                    connection.sendall(piece)
            return list(_chunks(_everything(connection)))

    def ended(self) -> int:
        """How the process ended, which it must do soon: minus a signal's number, or a status."""
        return self.process.wait(timeout=_PATIENCE)


@contextlib.contextmanager
def staying(
    bundler: Bundler, sandbox: Path, limits: Mapping[str, int] | None = None, takes: int = 0
) -> Iterator[Pooled]:
    """Starts a process in an empty folder.

    Args:
        limits: Some in the place of those that ``lib/pooled.mjs`` has.
        takes: Milliseconds that each bundle takes at least, where there are other limits.
    """
    sandbox.mkdir(parents=True)
    command = [*bundler.command(STAY), ":0"]
    if limits is not None:
        command = ["node", "--input-type=module", "-e", _WITH_LIMITS, str(bundler.folder)]
        command += [json.dumps(limits), str(takes)]
    process = subprocess.Popen(
        command,
        cwd=sandbox,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Pooled(bundler, sandbox, process, _port_of(process))
    finally:
        process.kill()
        process.communicate()


def _port_of(process: subprocess.Popen[str]) -> int:
    """Where a process says that it listens."""
    assert process.stdout is not None
    line = process.stdout.readline().rstrip("\n")
    found = _PORT.match(line)
    assert found, line
    return int(found[1])


def _everything(connection: socket.socket) -> bytes:
    received = b""
    with contextlib.suppress(ConnectionError):
        while piece := connection.recv(65536):
            received += piece
    return received


def _chunks(received: bytes) -> Iterator[Chunk]:
    while received:
        (length,) = struct.unpack(">I", received[:4])
        yield received[4:5], received[5 : 5 + length]
        received = received[5 + length :]

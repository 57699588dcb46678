"""A TCP proxy on the loopback interface, which makes a server slow or mute, and counts."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import Iterator

from remote_cache.server import CacheServer

# Bytes passed on at once.
_PORTION = 65_536


class Proxy:
    """What stands between Pants and a server; change `delay` and `mute` at any time.

    :ivar delay: seconds that each portion of at most 64 KiB waits, on each connection and in each
        direction.
    :ivar mute: whether all is taken and nothing is passed on any more.
    :ivar downloaded: bytes that came from the server.
    :ivar uploaded: bytes that went to the server.
    """

    def __init__(self, port: int, delay: float = 0, mute: bool = False) -> None:
        self.delay = delay
        self.mute = mute
        self.downloaded = 0
        self.uploaded = 0
        self._behind = ("127.0.0.1", port)
        self._counting = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        """For `[GLOBAL].remote_store_address`."""
        return f"grpc://127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        """Ends all connections, and takes no more."""
        for end in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(client)
            try:
                server = socket.create_connection(self._behind)
            except OSError:
                client.close()
                continue
            self._open.append(server)
            for source, target, down in ((client, server, False), (server, client, True)):
                source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(
                    target=self._pass_on, args=(source, target, down), daemon=True
                ).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, down: bool) -> None:
        with contextlib.suppress(OSError):
            while True:
                portion = source.recv(_PORTION)
                if not portion:
                    break
                if self.mute:
                    continue
                if self.delay:
                    time.sleep(self.delay)
                with self._counting:
                    if down:
                        self.downloaded += len(portion)
                    else:
                        self.uploaded += len(portion)
                target.sendall(portion)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def proxy(server: CacheServer, *, delay: float = 0, mute: bool = False) -> Iterator[Proxy]:
    """A proxy before a server for as long as the block lasts; see `Proxy`."""
    running = Proxy(server.port, delay, mute)
    try:
        yield running
    finally:
        running.close()

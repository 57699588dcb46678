"""Servers on the loopback interface that tests start as processes."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
from typing import Callable


def free_port() -> int:
    """A port of the loopback interface that nobody listened on just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_until_it_answers(
    process: subprocess.Popen[bytes], port: int, within: float, log: Callable[[], str]
) -> None:
    """Waits until a process takes connections at a port.

    :param within: seconds.
    :param log: gives what the process has said up to now.
    :raises AssertionError: the process has ended, or it takes none in time.
    """
    deadline = time.monotonic() + within
    while True:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        assert process.poll() is None, f"The server has ended:\n{log()}"
        assert time.monotonic() < deadline, f"The server does not answer:\n{log()}"
        time.sleep(0.05)

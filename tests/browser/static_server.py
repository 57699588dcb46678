"""A plain static server, as `dist` may meet it anywhere: files and nothing else.

No history fallback, no folder listings, no headers that make up for a bundle's mistakes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Union
from urllib.parse import quote, unquote, urlsplit

# Spelled out, since the standard library's table changes with the machine's own.
_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    "": "application/octet-stream",
}


@contextmanager
def serve(directory: Path, prefix: str = "") -> Iterator[str]:
    """Serves a folder on a free port of the loopback address while the context lasts.

    `prefix` is the path, such as `some/where`, under which the folder appears. Yields the folder's
    address, which ends in a slash.
    """
    root = "/".join(("", *filter(None, prefix.split("/")), ""))
    server = _Server(("127.0.0.1", 0), partial(_Handler, directory=str(directory), root=root))
    thread = threading.Thread(target=server.serve_forever, name="static-server", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{root}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, *args: object, directory: str, root: str) -> None:
        self._root = root
        self.extensions_map = dict(_MEDIA_TYPES)
        super().__init__(*args, directory=directory)  # type: ignore[arg-type]

    def send_head(self) -> Union[BytesIO, BinaryIO, None]:
        if unquote(urlsplit(self.path).path).startswith(self._root):
            return super().send_head()
        self.send_error(404, "Beside the folder's prefix")
        return None

    def translate_path(self, path: str) -> str:
        return super().translate_path("/" + quote(unquote(urlsplit(path).path)[len(self._root) :]))

    def list_directory(self, path: object) -> None:
        self.send_error(404, "A folder without an index.html")

    def log_message(self, *_: object) -> None:
        """Says nothing: what was missing shows in the page's own record."""

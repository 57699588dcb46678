"""`run` of a host: the local server, as a browser and a person at a terminal meet it."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from typing import Iterator, Mapping
from urllib.parse import urlsplit

import psutil  # type: ignore[import-untyped]
import pytest

from end_to_end.conftest import MakeStorefront
from end_to_end.pants_repository import PantsRepository

RUN = ("run", "examples/storefront/apps/shell:host")
CART = "/examples.storefront.apps.cart/remote"
PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@dataclass(frozen=True)
class Answer:
    """An answer of the server; the names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def type(self) -> str:
        """The media type, without parameters."""
        return self.headers["content-type"].split(";")[0]


@dataclass(frozen=True)
class Server:
    """A running `pants run`."""

    process: subprocess.Popen[str]
    url: str

    @property
    def port(self) -> int:
        """The port of `url`."""
        port = urlsplit(self.url).port
        assert port is not None
        return port

    def get(
        self, path: str, headers: Mapping[str, str] | None = None, method: str = "GET"
    ) -> Answer:
        """Asks for a path just as it is written, `..` and all."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, headers=dict(headers or {}))
        response = connection.getresponse()
        text = response.read().decode(errors="replace")
        connection.close()
        return Answer(
            response.status, {name.lower(): value for name, value in response.getheaders()}, text
        )


def serve(repository: PantsRepository, *arguments: str) -> Server:
    """Starts the server and waits until it says where it is."""
    process = repository.start(*RUN, *arguments)
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        found = re.search(r"is served at (http://\S+)", line)
        if found:
            return Server(process, found[1])
    raise AssertionError("".join(said))


def serving_processes(repository: PantsRepository) -> list[int]:
    """Processes that were started in a sandbox of this repository."""
    sandboxes = str(repository.root.parent)
    return [
        process.pid
        for process in psutil.process_iter(["cmdline"])
        if any(
            part.startswith(sandboxes) and part.endswith("/serve.mjs")
            for part in process.info["cmdline"] or ()
        )
    ]


def gone(repository: PantsRepository) -> bool:
    """Whether the server's process ends in the next seconds."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if not serving_processes(repository):
            return True
        time.sleep(0.05)
    return False


def interrupt(server: Server) -> None:
    """Ctrl-C: a terminal sends the signal to the program in the foreground, Pants' client."""
    os.kill(server.process.pid, signal.SIGINT)
    server.process.communicate(timeout=60)


@pytest.fixture(scope="module")
def repository(make_storefront: MakeStorefront) -> PantsRepository:
    """The shop, with the cache that this user's other repositories have.

    While `run` serves, Pants lets every other call in the same repository wait for its end: what a
    test compares with is packaged before.
    """
    repository = make_storefront({})
    repository.succeed("package", RUN[-1])
    return repository


@pytest.fixture(scope="module")
def other_repository(make_storefront: MakeStorefront) -> PantsRepository:
    """The same, with no server in it yet."""
    return make_storefront({})


@pytest.fixture(scope="module")
def server(repository: PantsRepository) -> Iterator[Server]:
    server = serve(repository)
    yield server
    interrupt(server)


def hashed(server: Server, ending: str) -> str:
    """The path of a file of the host whose name carries a hash."""
    manifest = server.get("/mf-manifest.json").text
    page = server.get("/", PAGE).text
    found = re.search(rf"static/[\w/.-]+\.[0-9a-f]{{8}}\.{ending}", page + manifest)
    assert found is not None
    return f"/{found[0]}"


def test_it_is_on_the_loopback_interface(server: Server) -> None:
    assert urlsplit(server.url).hostname == "127.0.0.1"


def test_the_page(server: Server) -> None:
    answer = server.get("/", PAGE)
    assert (answer.status, answer.type) == (200, "text/html")
    assert "<title>" in answer.text
    assert "<base" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/cart", "/catalog/harbour-mug", "/a/b/c?d=e"])
def test_a_client_side_route_is_the_page(server: Server, path: str) -> None:
    answer = server.get(path, PAGE)
    assert (answer.status, answer.type) == (200, "text/html")
    assert '<base href="/">' in answer.text
    # The base must come before the first address that it changes.
    assert answer.text.index("<base") < answer.text.index("static/")


def test_the_host_names_its_remotes_where_they_are(server: Server) -> None:
    listing = server.get("/federation.json")
    assert (listing.status, listing.type) == (200, "application/json")
    assert "examples/storefront/apps/cart:remote" in listing.text
    assert server.get(f"{CART}/mf-manifest.json").status == 200


@pytest.mark.parametrize("path", ["/mf-manifest.json", f"{CART}/mf-manifest.json"])
def test_entries_are_never_cached_and_open_to_all(server: Server, path: str) -> None:
    answer = server.get(path)
    assert (answer.status, answer.type) == (200, "application/json")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["access-control-allow-origin"] == "*"


def test_files_with_a_hash_are_cached_for_good(server: Server) -> None:
    answer = server.get(hashed(server, "js"))
    assert answer.status == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("ending", "expected"),
    [("js", "text/javascript"), ("css", "text/css")],
)
def test_types_of_bundled_files(server: Server, ending: str, expected: str) -> None:
    assert server.get(hashed(server, ending)).type == expected


def test_type_of_an_entry(server: Server) -> None:
    assert server.get(f"{CART}/remoteEntry.js").type == "text/javascript"


def test_type_of_an_image(server: Server, repository: PantsRepository) -> None:
    folder = repository.root / "dist/examples.storefront.apps.shell/host"
    for ending, expected in (("svg", "image/svg+xml"), ("png", "image/png")):
        image = next(folder.rglob(f"*.{ending}"))
        assert server.get(f"/{image.relative_to(folder)}").type == expected


@pytest.mark.parametrize(
    "path", ["/nothing.js", f"{CART}/nothing.json", "/static/js/no.00000000.js"]
)
def test_a_missing_file(server: Server, path: str) -> None:
    answer = server.get(path, {"Accept": "*/*"})
    assert answer.status == 404
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "path",
    [
        "/../site.json",
        "/..%2fsite.json",
        "/%2e%2e/site.json",
        "/%2e%2e%2f%2e%2e%2fsite.json",
        f"{CART}/../../../site.json",
        "/..%5csite.json",
        "//../site.json",
        "/../../../../../../../../etc/passwd",
        "/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/../__tool/serve.mjs",
        "/%00",
    ],
)
def test_nothing_outside_is_served(server: Server, path: str) -> None:
    answer = server.get(path)
    assert answer.status in (400, 403, 404), answer.text


def test_a_browser_may_ask_first(server: Server) -> None:
    answer = server.get("/mf-manifest.json", {"Access-Control-Request-Headers": "x-a"}, "OPTIONS")
    assert answer.status == 204
    assert answer.headers["access-control-allow-headers"] == "x-a"


def test_nothing_can_be_written(server: Server) -> None:
    assert server.get("/index.html", method="POST").status == 405


def test_ctrl_c_leaves_nothing_running(other_repository: PantsRepository) -> None:
    server = serve(other_repository)
    assert server.get("/", PAGE).status == 200
    assert len(serving_processes(other_repository)) == 1
    interrupt(server)
    assert gone(other_repository)
    with pytest.raises(ConnectionRefusedError):
        server.get("/")
    assert list(other_repository.root.parent.glob("pants-sandbox-*")) == []


def test_the_port_that_is_asked_for(other_repository: PantsRepository) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        outcome = other_repository.call(*RUN, "--", f"--port={port}")
        assert outcome.exit_code == 1
        assert f"port {port} is taken" in outcome.output
    server = serve(other_repository, "--", f"--port={port}")
    assert server.port == port
    interrupt(server)


def test_a_port_that_is_none(other_repository: PantsRepository) -> None:
    outcome = other_repository.call(*RUN, "--", "--port=http")
    assert outcome.exit_code == 2
    assert "--port takes a number from 0 to 65535, not http" in outcome.output

"""Backstage's own backend over the packages that we write for it.

A real backend with `@backstage/backend-dynamic-feature-service` 0.8.7 scans the output folder as it
is, lists and serves the remotes, and the host of `examples/backstage-lite` loads them from there.

The backend's installation is too heavy for every run of all tests (865 packages, 348 MB), so this
is no part of `./pants test ::` but runs by

    ./pants --tag='["heavy"]' test ::
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest
from playwright.sync_api import Browser, expect

from browser import react_probe
from browser.react_probe import count_react
from browser.recorded_page import RecordedPage, recorded_page
from browser.static_server import serve
from end_to_end.pants_repository import (
    make_checkout,
    pants_of_these_tests,
    pants_toml,
)
from loopback import free_port

RECIPE = Path(__file__).parent / "features_service"
EXAMPLE = "examples/backstage-lite"
HOST = "examples.backstage-lite.app/host"

#: npm package of a remote → its folder below `dist/dynamic-plugins`, container, exposed modules.
REMOTES = {
    "@lantern/harbour": ("lantern-harbour", "lantern__harbour", ["berths", "weather"]),
    "@lantern/plugin-tides": ("lantern-plugin-tides", "lantern__plugin_tides", [".", "alpha"]),
}
#: Where the service answers; a remote's files are below.
LIST = "/.backstage/dynamic-features/remotes"
#: Page → what it shows, and nothing else does.
PAGES = {"Berths": "free", "Tides": "tides", "Weather": "weather"}

#: What a plugin's schema declares to be a secret, and its value.
SECRET = "ebb-and-flow"
_SCHEMA = {
    "type": "object",
    "properties": {
        "tides": {
            "type": "object",
            "properties": {"token": {"type": "string", "visibility": "secret"}},
        }
    },
}

#: How long the backend may take to listen, in seconds.
_STARTED_AFTER = 120

_open = build_opener(ProxyHandler({})).open


@dataclass(frozen=True)
class Backend:
    """A running backend: its address without a slash at the end, and the file of its log."""

    url: str
    log: Path

    def get(self, path: str) -> tuple[bytes, str]:
        """Body and media type of an answer with a status below 400."""
        with _open(f"{self.url}{path}", timeout=10) as response:
            return response.read(), response.headers.get_content_type()


@pytest.fixture(scope="module")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`dist` of a repository whose remotes have `package_form="dynamic-plugin"`."""
    folder = tmp_path_factory.mktemp("lantern")
    program = pants_of_these_tests(tmp_path_factory.mktemp("program"))
    repository = make_checkout(folder / "repository", program, EXAMPLE)
    tides = f"{EXAMPLE}/plugins/tides/package.json"
    manifest = json.loads((repository.root / tides).read_text())
    repository.write(
        {
            "pants.toml": pants_toml(folder),
            tides: json.dumps({**manifest, "configSchema": _SCHEMA}),
        }
    )
    for plugin in ("harbour", "tides"):
        repository.edit(
            f"{EXAMPLE}/plugins/{plugin}/BUILD",
            'federated_remote(name="remote")',
            'federated_remote(name="remote", package_form="dynamic-plugin")',
        )
    repository.succeed("--no-pantsd", "package", f"{EXAMPLE}::")
    return repository.root / "dist"


@pytest.fixture(scope="module")
def site(packaged: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The host alone, without the list of remotes that the build wrote."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(packaged / HOST, folder, dirs_exist_ok=True)
    (folder / "remotes.json").unlink()
    return folder


@pytest.fixture(scope="module")
def site_url(site: Path) -> Iterator[str]:
    with serve(site) as url:
        yield url


@pytest.fixture(scope="module")
def backend(
    packaged: Path, site_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Backend]:
    folder = tmp_path_factory.mktemp("backend")
    try:
        for file in RECIPE.iterdir():
            shutil.copy(file, folder / file.name)
        subprocess.run(
            ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"],
            cwd=folder,
            check=True,
        )
        with running_backend(folder, packaged / "dynamic-plugins", site_url.rstrip("/")) as made:
            yield made
    finally:
        shutil.rmtree(folder / "node_modules", ignore_errors=True)


@contextmanager
def running_backend(folder: Path, plugins: Path, allowed_origin: str) -> Iterator[Backend]:
    """Starts the backend that is installed in `folder`, and ends it.

    :param plugins: what `dynamicPlugins.rootDirectory` names.
    :param allowed_origin: the site whose pages may load from it.
    """
    port = free_port()
    backend = Backend(f"http://127.0.0.1:{port}", folder / "backend.log")
    configuration = {
        "app": {"baseUrl": allowed_origin},
        "backend": {
            "baseUrl": backend.url,
            "listen": {"host": "127.0.0.1", "port": port},
            "cors": {"origin": allowed_origin},
        },
        "dynamicPlugins": {"rootDirectory": str(plugins)},
        "tides": {"token": SECRET},
    }
    # JSON is YAML.
    (folder / "app-config.yaml").write_text(json.dumps(configuration))
    with backend.log.open("w") as log:
        process = subprocess.Popen(
            ["node", "backend.cjs"],
            cwd=folder,
            # The service wants this for plugins that do not lie below the backend's own folder.
            env={**os.environ, "NODE_PATH": str(folder / "node_modules"), "NO_COLOR": "1"},
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(backend, process)
        yield backend
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(backend: Backend, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _STARTED_AFTER
    while True:
        assert process.poll() is None, backend.log.read_text()
        assert time.monotonic() < deadline, backend.log.read_text()
        try:
            backend.get(LIST)
            return
        except OSError:
            time.sleep(0.1)


def test_the_list_of_remotes(backend: Backend) -> None:
    body, media_type = backend.get(LIST)
    assert media_type == "application/json"
    assert json.loads(body) == [
        {
            "packageName": package,
            "remoteInfo": {
                "name": container,
                "entry": f"{backend.url}{LIST}/{package}/mf-manifest.json",
            },
            "exposedModules": modules,
        }
        for package, (_, container, modules) in REMOTES.items()
    ]


def test_it_is_the_list_that_the_build_wrote(packaged: Path, backend: Backend) -> None:
    """But for the addresses of the entries, which are relative in the file."""
    built = json.loads((packaged / HOST / "remotes.json").read_text())
    listed = json.loads(backend.get(LIST)[0])
    for remote in (*built, *listed):
        del remote["remoteInfo"]["entry"]
    assert built == listed


@pytest.mark.parametrize("package", REMOTES)
def test_every_file_of_a_remote_is_served(packaged: Path, backend: Backend, package: str) -> None:
    folder = packaged / "dynamic-plugins" / REMOTES[package][0] / "dist"
    # Express serves no file whose name begins with a dot.
    files = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")]
    assert {"mf-manifest.json", "remoteEntry.js"} < {path.name for path in files}
    for path in files:
        body, media_type = backend.get(f"{LIST}/{package}/{path.relative_to(folder).as_posix()}")
        assert body == path.read_bytes(), path
        if path.suffix == ".js":
            assert media_type == "application/javascript", path


def test_the_service_finds_nothing_wrong(backend: Backend) -> None:
    lines = backend.log.read_text().splitlines()
    exposed = [line for line in lines if "Exposed dynamic frontend plugin" in line]
    assert len(exposed) == len(REMOTES)
    assert [line for line in lines if " error " in line or " warn " in line] == []


def test_the_schema_of_a_plugin_is_in_force(backend: Backend) -> None:
    """Only the schema in the plugin's package says that this value is a secret."""
    assert "Found 1 new secrets in config" in backend.log.read_text()


@pytest.fixture
def portal(
    browser: Browser, site: Path, site_url: str, backend: Backend
) -> Iterator[tuple[RecordedPage, list[str]]]:
    """The host with the backend's list in place of the build's, and what it has asked for."""
    (site / "remotes.json").write_bytes(backend.get(LIST)[0])
    with recorded_page(browser, site_url, init_script=react_probe.SCRIPT) as recorded:
        asked: list[str] = []
        recorded.page.on("request", lambda request: asked.append(request.url))
        recorded.page.goto(site_url)
        expect(recorded.page.get_by_role("heading", level=1)).to_be_visible()
        yield recorded, asked


def test_the_host_loads_from_the_backend(
    portal: tuple[RecordedPage, list[str]], backend: Backend
) -> None:
    recorded, asked = portal
    for name, shown in PAGES.items():
        recorded.page.get_by_role("link", name=name).click()
        expect(recorded.page.get_by_role("heading", level=1)).to_have_text(name)
        expect(recorded.page.get_by_test_id(shown)).to_be_visible()

    count = count_react(recorded.page)

    assert (count.copies, count.renderers, count.shared_copies) == (1, 1, 1)
    for package in REMOTES:
        for file in ("mf-manifest.json", "remoteEntry.js"):
            assert f"{backend.url}{LIST}/{package}/{file}" in asked
    elsewhere = f"request to another address: {backend.url}{LIST}/"
    assert [text for text in recorded.problems if not text.startswith(elsewhere)] == []

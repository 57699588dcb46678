from __future__ import annotations

from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from browser.static_server import serve


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret.txt").write_text("not yours")
    root = tmp_path / "site"
    (root / "static").mkdir(parents=True)
    (root / "index.html").write_text("<p>entry</p>")
    (root / "static" / "a.js").write_text("1")
    return root


@pytest.mark.parametrize("prefix", ["", "deep/down", "/slashes/", "a space"])
def test_files_are_served_below_the_prefix(folder: Path, prefix: str) -> None:
    with serve(folder, prefix) as url, urlopen(url.replace(" ", "%20")) as response:
        assert response.read() == b"<p>entry</p>"
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("shop/kettle", id="no history fallback"),
        pytest.param("static/", id="no listing of a folder"),
        pytest.param("../secret.txt", id="nothing above the folder"),
        pytest.param("%2e%2e/secret.txt", id="nor by an escape"),
    ],
)
def test_what_is_no_file_is_not_found(folder: Path, path: str) -> None:
    with serve(folder) as url, pytest.raises(HTTPError, match="404"):
        urlopen(url + path)


def test_nothing_is_served_beside_the_prefix(folder: Path) -> None:
    with serve(folder, "deep/down") as url, pytest.raises(HTTPError, match="404"):
        urlopen(url.replace("deep/down/", "index.html"))

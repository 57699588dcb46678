"""The small Backstage example beside what Backstage's own CLI makes of it: each loads the other.

`backstage_cli/make.py` made the CLI's part, once.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from browser import react_probe
from browser.react_probe import count_react
from browser.recorded_page import recorded_page
from browser.static_server import serve
from browser.test_backstage_lite import HARBOUR, HOST, PAGES, TIDES, open_page

THEIRS = Path(__file__).with_name("backstage_cli")


def their_host_with_our_remotes(dist: Path, site: Path) -> str:
    """The CLI's host wants to be at the server's root; a deployment writes the list of remotes."""
    shutil.copytree(THEIRS / "host", site)
    for folder in (TIDES, HARBOUR):
        shutil.copytree(dist / folder, site / folder)
    remotes = json.loads((dist / HOST / "remotes.json").read_text())
    for remote in remotes:
        info = remote["remoteInfo"]
        info["entry"] = info["entry"].replace("../../", "")
    (site / "remotes.json").write_text(json.dumps(remotes))
    return ""


def our_host_with_their_remote(dist: Path, site: Path) -> str:
    for folder in (HOST, HARBOUR):
        shutil.copytree(dist / folder, site / folder)
    shutil.copytree(THEIRS / "remote", site / TIDES)
    return f"{HOST}/"


@pytest.mark.parametrize("deployed", [their_host_with_our_remotes, our_host_with_their_remote])
def test_hosts_and_remotes_of_both_builds_meet(
    browser: Browser, dist: Path, tmp_path: Path, deployed: Any
) -> None:
    path = deployed(dist, tmp_path / "site")
    with serve(tmp_path / "site") as address:
        url = address + path
        with recorded_page(browser, url, init_script=react_probe.SCRIPT) as recorded:
            recorded.page.goto(url)
            for name in PAGES:
                open_page(recorded, name)
            open_page(recorded, "Tides")
            expect(recorded.page.get_by_test_id("moon")).to_be_visible()

            count = count_react(recorded.page)

            assert (count.renderers, count.shared_copies) == (1, 1)
            assert count.renderer_uses_shared
            assert recorded.problems == []


def test_both_builds_expose_the_same_modules_under_the_same_name(dist: Path) -> None:
    ours, theirs = (
        json.loads((folder / "mf-manifest.json").read_text())
        for folder in (dist / TIDES, THEIRS / "remote")
    )
    assert ours["name"] == theirs["name"]
    assert ours["metaData"]["globalName"] == theirs["metaData"]["globalName"]
    assert ours["metaData"]["remoteEntry"] == theirs["metaData"]["remoteEntry"]
    modules = [
        sorted((each["name"], each["path"]) for each in manifest["exposes"])
        for manifest in (ours, theirs)
    ]
    assert modules[0] == modules[1] == [(".", "."), ("alpha", "./alpha")]

"""Fixtures: the packaged storefront, a server, a browser, and pages that tell their problems."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from browser import react_probe
from browser.chromium_binary import ARGUMENTS, find_chromium
from browser.computed_slices import computed_slices
from browser.recorded_page import TIMEOUT, RecordedPage, recorded_page
from browser.shop import HOST_FOLDER, Shop
from browser.static_server import serve
from module_federation.sharing.share_slice import ShareSlice

ROOT = Path(__file__).parents[2]


def packaged_storefront() -> Path:
    """The folder that holds the packaged containers.

    Under Pants it is the sandbox, where it packaged them for these tests; otherwise it is `dist`,
    as `./pants package examples/storefront::` has left it.
    """
    return ROOT if (ROOT / HOST_FOLDER).is_dir() else ROOT / "dist"


@pytest.fixture(scope="session")
def dist() -> Path:
    return packaged_storefront()


@pytest.fixture(scope="session")
def slices() -> Mapping[str, ShareSlice]:
    """For every container's name, what the build graph computed for it to share."""
    return computed_slices(ROOT, "examples/storefront")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. The gallery has this fixture too, and Playwright runs once at a time."""
    expect.set_options(timeout=TIMEOUT)
    chromium = find_chromium(os.environ)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(chromium.executable),
            args=list(ARGUMENTS),
            env={**os.environ, **chromium.environment},
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shop_url(dist: Path) -> Iterator[str]:
    with serve(dist) as url:
        yield url + HOST_FOLDER


@pytest.fixture
def blank_page(browser: Browser, shop_url: str) -> Iterator[RecordedPage]:
    """A page whose problems a test looks at by itself, or expects."""
    with recorded_page(browser, shop_url) as recorded:
        yield recorded


@pytest.fixture
def shop(blank_page: RecordedPage, shop_url: str) -> Iterator[Shop]:
    """The shop at its front page. A problem on the page fails the test after its last line."""
    shop = Shop(blank_page.page, shop_url)
    shop.open()
    yield shop
    assert blank_page.problems == []


@pytest.fixture(scope="module")
def toured_page(browser: Browser, shop_url: str) -> Iterator[RecordedPage]:
    """A page on which every exposed module of every remote has run, for tests that only look."""
    with recorded_page(browser, shop_url, init_script=react_probe.SCRIPT) as recorded:
        Shop(recorded.page, shop_url).tour()
        yield recorded

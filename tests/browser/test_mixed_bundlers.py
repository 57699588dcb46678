"""A host that one bundler made loads a remote that the other made, with one React."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pants.core.goals.package import Package
from playwright.sync_api import Browser, expect

from browser import react_probe
from browser.recorded_page import RecordedPage, recorded_page
from browser.static_server import serve
from rules import small_shop
from rules.runner import ENVIRONMENT, federation_runner
from rules.small_shop import CART, SHELL


@pytest.fixture(scope="module", params=[("rspack", "webpack"), ("webpack", "rspack")], ids="-".join)
def dist(request: Any) -> Path:
    """The packaged shop; the parameter says who makes the host, and who the remote."""
    host, remote = request.param
    build = {
        f"{SHELL}/BUILD": small_shop.BUILD_FILES[f"{SHELL}/BUILD"].replace(
            "remotes=", f'bundler="{host}", remotes='
        ),
        f"{CART}/BUILD": small_shop.BUILD_FILES[f"{CART}/BUILD"].replace(
            "exposes=", f'bundler="{remote}", exposes='
        ),
    }
    runner = federation_runner(small_shop.files(build))
    result = runner.run_goal_rule(Package, args=["::"], env_inherit=set(ENVIRONMENT))
    assert result.exit_code == 0, result.stderr
    return Path(runner.build_root, "dist")


@pytest.fixture
def opened(browser: Browser, dist: Path) -> Iterator[RecordedPage]:
    with (
        serve(dist) as url,
        recorded_page(browser, url, init_script=react_probe.SCRIPT) as recorded,
    ):
        recorded.page.goto(f"{url}shop.apps.shell/host/")
        yield recorded


def test_they_load_each_other_with_one_react(opened: RecordedPage) -> None:
    for label in ("Shop", "0 lines"):
        expect(opened.page.get_by_role("button", name=label, exact=True)).to_be_visible()
    counted = react_probe.count_react(opened.page)
    assert (counted.copies, counted.renderers, counted.shared_copies) == (1, 1, 1)
    assert counted.renderer_uses_shared
    assert opened.problems == []


def test_the_remotes_styles_and_images_come_from_its_own_folder(opened: RecordedPage) -> None:
    cart = opened.page.locator(".cart")
    expect(cart).to_be_visible()
    style = cart.evaluate("(element) => getComputedStyle(element).backgroundImage")
    images = [style, cart.locator("img").get_attribute("src") or ""]
    assert all("data:" in each or "shop.apps.cart/remote/static/" in each for each in images)
    assert opened.problems == []

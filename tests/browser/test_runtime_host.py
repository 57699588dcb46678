"""A runtime host in a page: the application starts the federation runtime itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pants.core.goals.package import Package
from playwright.sync_api import Browser, expect

from browser.recorded_page import RecordedPage, recorded_page
from browser.static_server import serve
from rules import runtime_shop
from rules.runner import ENVIRONMENT, federation_runner

HOST = "shop.apps.shell/host/"
READERS = (
    pytest.param("#guide", id="the guide's global"),
    pytest.param("", id="the published packages' global"),
)
_SCOPE = """() => Object.entries(shop.instance.shareScopeMap.default).map(([key, versions]) =>
  [key, Object.values(versions).map(({ version, from, loaded }) => [version, from, loaded])])"""


@pytest.fixture(scope="module", params=["rspack", "webpack"])
def dist(request: Any) -> Path:
    """The packaged shop: this module's own, not the storefront."""
    options = (*runtime_shop.OPTIONS, f"--module-federation-bundler={request.param}")
    runner = federation_runner(runtime_shop.files(), options=options)
    result = runner.run_goal_rule(
        Package, args=["::"], global_args=options, env_inherit=set(ENVIRONMENT)
    )
    assert result.exit_code == 0, result.stderr
    return Path(runner.build_root, "dist")


@contextmanager
def opened(
    browser: Browser, dist: Path, reader: str, *, missing: str | None = None
) -> Iterator[RecordedPage]:
    """The host's page, once its application has started.

    :param missing: addresses that the server does not know.
    """
    with serve(dist) as url, recorded_page(browser, url) as recorded:
        if missing is not None:
            recorded.page.route(missing, lambda route: route.fulfill(status=404))
        recorded.page.goto(f"{url}{HOST}{reader}")
        recorded.page.wait_for_function("globalThis.shop?.isStarted")
        yield recorded


@pytest.mark.parametrize("reader", READERS)
def test_remotes_take_the_hosts_react(browser: Browser, dist: Path, reader: str) -> None:
    with opened(browser, dist, reader) as recorded:
        page = recorded.page
        assert page.evaluate("shop.modules") == ["@shop/cart", "@shop/notes", "@shop/notes/alpha"]
        for text in ("Cart", "Notes", "New notes"):
            page.get_by_role("button", name=f"{text} 0", exact=True).click()
            expect(page.get_by_role("button", name=f"{text} 1", exact=True)).to_be_visible()
        assert page.evaluate("shop.hooks.size") == 1
        assert page.evaluate("shop.errors") == []
        assert recorded.problems == []


@pytest.mark.parametrize("reader", READERS)
def test_the_share_scope_has_the_applications_copies(
    browser: Browser, dist: Path, reader: str
) -> None:
    with opened(browser, dist, reader) as recorded:
        scope = dict(recorded.page.evaluate(_SCOPE))
    assert sorted(scope) == ["clsx", "react", "react-dom"]
    assert scope["react"] == [["19.3.1", "shell", True]]


@pytest.mark.parametrize("reader", READERS)
def test_the_list_is_there_before_the_application(
    browser: Browser, dist: Path, reader: str
) -> None:
    with opened(browser, dist, reader) as recorded:
        assert recorded.page.evaluate("shop.order") == ["application", "object"]


@pytest.mark.parametrize("reader", READERS)
def test_a_shared_module_that_fails_is_an_error_and_no_more(
    browser: Browser, dist: Path, reader: str
) -> None:
    with opened(browser, dist, reader, missing="**/shared.clsx.*.js") as recorded:
        expect(recorded.page.get_by_role("button")).to_have_count(3)
        assert recorded.page.evaluate("shop.errors") == ["clsx cannot be shared"]


@pytest.mark.parametrize("reader", READERS)
def test_a_remote_that_fails_is_an_error_and_no_more(
    browser: Browser, dist: Path, reader: str
) -> None:
    missing = "**/shop.apps.cart/**"
    with opened(browser, dist, reader, missing=missing) as recorded:
        expect(recorded.page.get_by_role("button")).to_have_count(2)
        (error,) = recorded.page.evaluate("shop.errors")
        assert "RUNTIME-003" in error


def test_backstages_address_has_the_list(browser: Browser, dist: Path) -> None:
    with opened(browser, dist, "") as recorded:
        same = recorded.page.evaluate(
            """async () => (await (await fetch(".backstage/dynamic-features/remotes")).text())
              === (await (await fetch("remotes.json")).text())"""
        )
        assert same

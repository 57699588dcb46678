"""The large Backstage example in Chromium, on Backstage's own packages.

It is packaged in a copy beside the plugin's sources, by its own `pants.toml`. Its installation is
too heavy for every run of all tests, so this is no part of `./pants test ::` but runs by

    ./pants --tag='["heavy"]' test ::
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from browser import react_probe
from browser.conftest import ROOT
from browser.react_probe import count_react
from browser.recorded_page import RecordedPage, recorded_page
from browser.static_server import serve
from end_to_end.pants_repository import PantsRepository, copy_plugin, pants_of_these_tests

HOST = "packages.app/host"
HELLO = "plugins.hello/remote"
OPERATIONS = "plugins.operations/remote"

#: What the preset `backstage` shares, in the order in which the host lists it.
SHARED = {
    "@emotion/react",
    "@material-ui/core/styles",
    "@material-ui/styles",
    "@mui/material/styles",
    "react",
    "react-dom",
    "react-router",
    "react-router-dom",
}

#: Title in the sidebar → what the page shows, and nothing else does.
PAGES = {"Hello": "hello-page", "On call": "on-call-page", "Releases": "releases-page"}


@pytest.fixture(scope="module")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`dist` of the example."""
    folder = tmp_path_factory.mktemp("backstage")
    program = pants_of_these_tests(tmp_path_factory.mktemp("program"))
    repository = PantsRepository(folder / "examples/backstage", program)
    shutil.copytree(
        ROOT / "examples/backstage",
        repository.root,
        ignore=shutil.ignore_patterns("node_modules", "dist", ".pants.d", ".pids"),
    )
    copy_plugin(folder)
    options = (
        "--no-pantsd",
        # These tests' own environment holds what the plugin needs at run time.
        "--plugins=[]",
        f"--local-execution-root-dir={folder}",
    )
    repository.succeed(*options, "package", "::")
    return repository.root / "dist"


@pytest.fixture(scope="module")
def portal_url(packaged: Path) -> Iterator[str]:
    with serve(packaged, "some/where") as url:
        yield f"{url}{HOST}/"


@pytest.fixture
def portal(browser: Browser, portal_url: str) -> Iterator[RecordedPage]:
    with recorded_page(browser, portal_url, init_script=react_probe.SCRIPT) as recorded:
        recorded.page.goto(portal_url)
        expect(recorded.page.get_by_test_id("plugin-hello")).to_be_visible()
        yield recorded


def open_page(page: Page, title: str) -> None:
    page.get_by_role("link", name=title, exact=True).first.click()
    expect(page.get_by_test_id(PAGES[title])).to_be_visible()


def titles(page: Page) -> list[str]:
    """Of the plugins that the front page shows."""
    expect(page.get_by_role("link", name="Open").first).to_be_visible()
    cards = page.locator("[data-testid^=plugin-]").all()
    return [card.inner_text().split("\n")[0] for card in cards]


def test_every_plugin_renders_with_one_react(portal: RecordedPage) -> None:
    for title in PAGES:
        open_page(portal.page, title)

    count = count_react(portal.page)

    assert count.renderers == 1
    assert count.shared_copies == 1
    assert count.renderer_uses_shared
    assert portal.problems == []


def test_a_page_of_a_remote_has_state_and_the_theme_of_the_app(portal: RecordedPage) -> None:
    open_page(portal.page, "Hello")
    button = portal.page.get_by_role("button", name="Done")
    # Backstage's own blue, not Material UI's.
    expect(button).to_have_css("background-color", "rgb(31, 84, 147)")
    button.click()
    expect(portal.page.get_by_test_id("progress")).to_have_js_property("value", 2)


def test_a_module_of_the_alpha_mount_adds_to_the_plugin(portal: RecordedPage) -> None:
    open_page(portal.page, "Hello")
    expect(portal.page.get_by_test_id("tip")).to_contain_text("Tip of the day")


def test_the_host_shares_backstages_list(portal: RecordedPage) -> None:
    items = portal.page.evaluate(
        'globalThis["__@backstage/module_federation_shared_dependencies__"].items'
    )
    assert {item["name"] for item in items} == SHARED
    assert all(
        item["shareConfig"] == {"eager": True, "requiredVersion": "*", "singleton": True}
        for item in items
    )


@pytest.mark.parametrize(
    ("features", "expected"),
    [
        pytest.param("named", ["Hello", "On call"], id="the guide's feature loader"),
        pytest.param("instance", ["Hello"], id="the guide's instance"),
    ],
)
def test_the_samples_of_the_guide(
    browser: Browser, portal_url: str, features: str, expected: list[str]
) -> None:
    with recorded_page(browser, portal_url) as recorded:
        recorded.page.goto(f"{portal_url}?features={features}")
        assert titles(recorded.page) == expected
        open_page(recorded.page, "Hello")
        expect(recorded.page.get_by_test_id("tip")).to_be_visible()
        assert recorded.problems == []


@pytest.mark.parametrize(
    ("file", "left"),
    [
        pytest.param(f"{HELLO}/remoteEntry.js", ["On call", "Releases"], id="a remote"),
        pytest.param(f"{OPERATIONS}/mf-manifest.json", ["Hello"], id="a container of two"),
        pytest.param(
            f"{OPERATIONS}/static/js/__federation_expose_on_call",
            ["Hello", "Releases"],
            id="one plugin of two",
        ),
    ],
)
def test_a_failing_remote_is_reported_and_the_rest_works(
    browser: Browser, portal_url: str, file: str, left: list[str]
) -> None:
    with recorded_page(browser, portal_url) as recorded:
        page = recorded.page
        page.route(
            lambda url: file in urlsplit(url).path,
            lambda route: route.fulfill(status=404, body="Not here"),
        )
        page.goto(portal_url)
        expect(page.get_by_test_id("problem").first).to_contain_text("could not be loaded")
        assert titles(page) == left
        for title in left:
            open_page(page, title)


def test_remotes_bring_no_react_and_no_router(packaged: Path) -> None:
    for folder in (HELLO, OPERATIONS):
        contract = json.loads((packaged / folder / "mf-contract.json").read_text())
        (scope,) = contract["shareScopes"]
        provided = {each["key"] for each in scope["provides"]}
        assert provided.isdisjoint({"react", "react-dom", "react-router", "react-router-dom"})
        assert {each["key"] for each in scope["consumes"]} <= SHARED

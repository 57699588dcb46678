"""The small Backstage example: a runtime host that loads two remotes from plain static files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Route, expect

from browser import react_probe
from browser.react_probe import count_react
from browser.recorded_page import RecordedPage, recorded_page
from browser.share_scope import offers_in_page, provisions_in_page
from browser.static_server import serve
from module_federation.sharing.contract.reader import read_contract

HOST = "examples.backstage-lite.app/host"
TIDES = "examples.backstage-lite.plugins.tides/remote"
HARBOUR = "examples.backstage-lite.plugins.harbour/remote"

#: Page → what it shows, and nothing else does.
PAGES = {"Berths": "free", "Tides": "tides", "Weather": "weather"}


@pytest.fixture(scope="module")
def portal_url(dist: Path) -> Iterator[str]:
    with serve(dist, "some/where") as url:
        yield f"{url}{HOST}/"


@pytest.fixture
def portal(browser: Browser, portal_url: str) -> Iterator[RecordedPage]:
    """The portal at its front page, every remote loaded. Problems are for the test to look at."""
    with recorded_page(browser, portal_url, init_script=react_probe.SCRIPT) as recorded:
        recorded.page.goto(portal_url)
        expect(recorded.page.get_by_role("heading", level=1)).to_be_visible()
        yield recorded


def open_page(recorded: RecordedPage, name: str) -> None:
    recorded.page.get_by_role("link", name=name).click()
    expect(recorded.page.get_by_role("heading", level=1)).to_have_text(name)
    expect(recorded.page.get_by_test_id(PAGES[name])).to_be_visible()


def test_every_plugin_renders_with_one_react(portal: RecordedPage) -> None:
    for name in PAGES:
        open_page(portal, name)

    count = count_react(portal.page)

    assert (count.copies, count.renderers) == (1, 1)
    assert count.shared_copies == 1
    assert count.renderer_uses_shared
    assert portal.problems == []


def test_pages_of_remotes_have_state(portal: RecordedPage) -> None:
    open_page(portal, "Berths")
    portal.page.get_by_role("button", name="Cast off").first.click()
    expect(portal.page.get_by_test_id("free")).to_have_text("2 of 4 berths are free.")


def test_a_module_of_the_alpha_mount_adds_to_the_plugin(portal: RecordedPage) -> None:
    open_page(portal, "Tides")
    expect(portal.page.get_by_test_id("moon")).to_contain_text("Waning moon")


def test_the_host_shares_what_is_installed_of_backstages_list(portal: RecordedPage) -> None:
    rows = portal.page.get_by_test_id("shared").locator("tbody tr td:first-child")
    names = ["react", "react-dom", "react-router", "react-router-dom"]
    expect(rows).to_have_text(names)
    assert published(portal) == {"version": "v1", **{name: ["*", True, True] for name in names}}


def test_the_page_shares_what_the_contracts_say(portal: RecordedPage, dist: Path) -> None:
    for name in PAGES:
        open_page(portal, name)
    contracts = [
        read_contract((dist / folder / "mf-contract.json").read_bytes(), folder)
        for folder in (HOST, TIDES, HARBOUR)
    ]
    provided = {
        (each.scope, each.key, each.version) for contract in contracts for each in contract.provides
    }
    assert provided
    seen = provisions_in_page(portal.page)
    assert set(seen) == {contract.name for contract in contracts}
    for container, provisions in seen.items():
        found = {(entry.scope, entry.key, entry.version) for entry in provisions}
        assert found == provided, f"as {container} sees it"
    asked_for = {contract.name: {each.key for each in contract.consumes} for contract in contracts}
    for entry in seen[contracts[0].name]:
        for user in set(entry.users) - {contracts[0].name}:
            assert entry.key in asked_for[user], user


@pytest.mark.parametrize("folder", [TIDES, HARBOUR])
def test_the_page_has_what_the_manifest_shares(
    portal: RecordedPage, dist: Path, folder: str
) -> None:
    manifest = json.loads((dist / folder / "mf-manifest.json").read_text())
    shared = {
        (item["name"], item["version"], item["requiredVersion"]) for item in manifest["shared"]
    }
    offers = offers_in_page(portal.page)[manifest["name"]]
    assert shared == {(offer.key, offer.version, offer.required_version) for offer in offers}


def test_both_globals_name_the_same_modules(portal: RecordedPage) -> None:
    same = portal.page.evaluate(
        """async () => {
          const ofGuide = globalThis["__backstage-module-federation-shared-dependencies__"];
          const { items } = globalThis["__@backstage/module_federation_shared_dependencies__"];
          // Each import() of a CommonJS module wraps it anew.
          const moduleOf = (namespace) => namespace.default ?? namespace;
          const pairs = items.map(async ({ name, version, lib }) =>
            ofGuide[name].version === version &&
            moduleOf(await ofGuide[name].module()) === moduleOf(await lib()));
          return Promise.all(pairs);
        }"""
    )
    assert same == [True] * 4


def test_remotes_bring_no_react(dist: Path) -> None:
    for folder in (TIDES, HARBOUR):
        contract = json.loads((dist / folder / "mf-contract.json").read_text())
        (scope,) = contract["shareScopes"]
        assert scope["provides"] == []
        assert {each["key"] for each in scope["consumes"]} == {"react", "react-router-dom"}
        assert all(each["fallback"] is None for each in scope["consumes"])


@pytest.mark.parametrize(
    ("file", "gone", "left"),
    [
        pytest.param(f"{TIDES}/remoteEntry.js", ["Tides"], ["Berths", "Weather"], id="entry"),
        pytest.param(f"{TIDES}/mf-manifest.json", ["Tides"], ["Berths", "Weather"], id="manifest"),
        pytest.param(f"{HARBOUR}/remoteEntry.js", ["Berths", "Weather"], ["Tides"], id="container"),
        pytest.param(
            f"{HARBOUR}/static/js/__federation_expose_berths",
            ["Berths"],
            ["Weather", "Tides"],
            id="one module of two",
        ),
    ],
)
def test_a_failing_remote_is_reported_and_the_rest_works(
    browser: Browser, portal_url: str, file: str, gone: list[str], left: list[str]
) -> None:
    def refuse(route: Route) -> None:
        route.fulfill(status=404, body="Not here")

    with recorded_page(browser, portal_url) as recorded:
        recorded.page.route(lambda url: file in urlsplit(url).path, refuse)
        recorded.page.goto(portal_url)

        errors = recorded.page.get_by_test_id("errors")
        expect(errors).to_contain_text("Not everything could be loaded")
        for name in gone:
            expect(recorded.page.get_by_role("link", name=name)).to_have_count(0)
        for name in left:
            open_page(recorded, name)
        assert any("could not be loaded" in problem for problem in recorded.problems)


def test_a_shared_module_that_cannot_be_loaded_is_in_errors(
    browser: Browser, portal_url: str
) -> None:
    with recorded_page(browser, portal_url) as recorded:
        # The application imports react-router-dom itself; only its publication fails here.
        recorded.page.add_init_script(
            """Object.defineProperty(
              globalThis, "__backstage-module-federation-shared-dependencies__", {
                get() { return this.published; },
                set(list) {
                  const module = () => Promise.reject(new Error("gone"));
                  this.published = { ...list, "react-router": { ...list["react-router"], module } };
                },
              });"""
        )
        recorded.page.goto(portal_url)
        expect(recorded.page.get_by_test_id("errors")).to_have_text(
            "Not everything could be loadedThe shared dependency react-router could not be loaded."
        )
        for name in PAGES:
            open_page(recorded, name)


def test_a_missing_list_of_remotes_leaves_the_frame(browser: Browser, portal_url: str) -> None:
    with recorded_page(browser, portal_url) as recorded:
        recorded.page.route("**/remotes.json", lambda route: route.fulfill(status=404))
        recorded.page.goto(portal_url)
        expect(recorded.page.get_by_test_id("errors")).to_contain_text("answered with 404")
        expect(recorded.page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("width", [320, 768, 1280], ids=lambda width: f"{width} pixels")
def test_no_page_is_wider_than_the_screen(browser: Browser, portal_url: str, width: int) -> None:
    with recorded_page(browser, portal_url, width=width) as recorded:
        recorded.page.goto(portal_url)
        for name in PAGES:
            open_page(recorded, name)
            assert recorded.page.evaluate("document.documentElement.scrollWidth") <= width


def published(recorded: RecordedPage) -> Any:
    """The global of the published packages: its version, and name → range, singleton, eager."""
    return recorded.page.evaluate(
        """() => {
          const { version, items } =
            globalThis["__@backstage/module_federation_shared_dependencies__"];
          const shared = items.map(({ name, shareConfig: { requiredVersion, singleton, eager } }) =>
            [name, [requiredVersion, singleton, eager]]);
          return { version, ...Object.fromEntries(shared) };
        }"""
    )

"""The plan's page as people use it: mouse, keyboard, links, colours, and many containers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browser.recorded_page import RecordedPage, recorded_page
from module_federation.sharing.plan.planner import plan_federation
from module_federation.sharing.report.html import plan_page
from module_federation.sharing.report.plan_json import Json, plan_document
from unit.sharing.report.sample_federations import clean_storefront, storefront
from unit.sharing.report.uniform_plans import uniform_plan

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def shop_plan() -> Json:
    return plan_document(plan_federation(*storefront()))


@pytest.fixture(scope="module")
def large_plan() -> Json:
    return plan_document(uniform_plan(300, 60))


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a page of some plans from a file. Whatever goes wrong on it fails the test."""
    opened: list[RecordedPage] = []
    with ExitStack() as stack:

        def open_page(
            *plans: Json, look: str = "", width: int = 1280, scheme: str = "light"
        ) -> Page:
            file = tmp_path / "plan.html"
            file.write_text(plan_page(plans), encoding="utf-8")
            recorded = stack.enter_context(recorded_page(browser, "file:///", width=width))
            opened.append(recorded)
            recorded.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            recorded.page.goto(file.as_uri() + look)
            return recorded.page

        yield open_page
        assert [each.problems for each in opened] == [[] for _ in opened]


def _cell(page: Page, container: str, package: str) -> Locator:
    return page.get_by_role("gridcell", name=re.compile(f"^{container}, {package}: "))


def test_the_matrix_says_who_gets_what(open_page: Open, shop_plan: Json) -> None:
    page = open_page(shop_plan)

    expect(_cell(page, "storefront__cart", "react")).to_have_text("18.3.1→19.1.0")
    expect(_cell(page, "storefront__cart", "react")).to_have_accessible_name(
        "storefront__cart, react: warning; gets 19.1.0, brings 18.3.1"
    )
    expect(page.locator(".figures")).to_contain_text(re.compile(r"3\s*Errors|Errors\s*3"))


def test_only_the_page_itself_is_requested(open_page: Open, shop_plan: Json) -> None:
    page = open_page(shop_plan)

    assert page.evaluate("performance.getEntriesByType('resource').length") == 0
    assert page.evaluate("document.scripts.length") == 2


def test_a_walk_through_the_matrix_by_keyboard(open_page: Open, shop_plan: Json) -> None:
    page = open_page(shop_plan)
    grid = page.get_by_role("grid")
    assert grid.locator("[tabindex='0']").count() == 1

    grid.locator("[tabindex='0']").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)

    expect(_cell(page, "storefront__cart", "react")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="react in storefront__cart")).to_be_visible()
    expect(page.locator("#detail")).to_contain_text("apps/cart/package.json:9")
    expect(page.locator("#detail")).to_contain_text("does not satisfy the requirement")
    expect(_cell(page, "storefront__cart", "react")).to_be_focused()

    page.keyboard.press("Control+Home")
    expect(page.get_by_role("columnheader", name="Container")).to_be_focused()
    page.keyboard.press("Control+End")
    assert grid.locator("[tabindex='0']").count() == 1


def test_keys_unfold_under_their_package(open_page: Open, shop_plan: Json) -> None:
    page = open_page(shop_plan)
    header = page.get_by_role("columnheader", name=re.compile("react$"))
    expect(header).to_have_attribute("aria-expanded", "false")

    header.focus()
    page.keyboard.press("Space")

    expect(page.get_by_role("columnheader", name=re.compile("jsx-runtime$"))).to_be_visible()
    assert "open=react" in page.url


def test_the_load_order_is_replayed_step_by_step(open_page: Open, shop_plan: Json) -> None:
    page = open_page(shop_plan)
    page.locator("#order").select_option(label="Remotes in declared order")
    text = page.locator("[aria-live='polite'] .step-text")
    slider = page.get_by_role("slider")

    expect(text).to_contain_text("storefront__shell starts")
    expect(_cell(page, "storefront__catalog", "react")).to_have_text("19.1.0")
    expect(_cell(page, "storefront__catalog", "react")).to_have_class(re.compile("cell-waits"))

    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(text).to_contain_text("storefront__shell loads storefront__catalog")
    page.keyboard.press("ArrowRight")
    expect(text).to_contain_text("storefront__catalog asks")
    expect(_cell(page, "storefront__catalog", "react")).to_have_class(re.compile("cell-fits"))
    assert "order=0&step=2" in page.url

    page.get_by_role("button", name="Show all orders").click()
    expect(slider).to_be_disabled()
    expect(_cell(page, "storefront__cart", "react")).to_have_text("18.3.1→19.1.0")


def test_playing_goes_on_by_itself_and_can_be_halted(open_page: Open, shop_plan: Json) -> None:
    page = open_page(shop_plan)

    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.locator(".counter")).to_contain_text("3 /", timeout=8000)
    page.get_by_role("button", name="Pause").click()

    halted = page.locator(".counter").inner_text()
    page.wait_for_timeout(1500)
    assert page.locator(".counter").inner_text() == halted


def test_a_link_to_a_finding_leads_there(open_page: Open, shop_plan: Json) -> None:
    finding = shop_plan["findings"][-1]

    page = open_page(shop_plan, look=f"#{finding['id']}")

    article = page.locator(f"#{finding['id']}")
    expect(article).to_be_focused()
    expect(article).to_be_in_viewport()


def test_a_finding_is_copied_as_text(open_page: Open, shop_plan: Json) -> None:
    page = open_page(shop_plan)
    finding = shop_plan["findings"][0]

    page.locator(f"#{finding['id']}").get_by_role("button", name="Copy as text").click()

    expect(page.locator("[aria-live='polite']", has_text="Copied.")).to_have_count(1)


def test_filter_and_problems_narrow_the_matrix(open_page: Open, shop_plan: Json) -> None:
    page = open_page(shop_plan)
    headers = page.get_by_role("columnheader")
    assert headers.count() == 9

    page.get_by_label("Only problems").check()
    assert headers.count() < 9
    page.get_by_label("Only problems").uncheck()

    page.get_by_label("Filter packages, containers and findings").fill("lodash")
    expect(headers).to_have_count(2)
    page.get_by_label("Filter packages, containers and findings").fill("catalog")
    expect(headers).to_have_count(9)
    expect(page.get_by_role("rowheader")).to_have_count(1)


def test_the_graph_shows_whose_copy_goes_where(open_page: Open, shop_plan: Json) -> None:
    page = open_page(shop_plan, look="#view=graph&package=react")

    expect(page.locator(".flow-warns")).to_have_count(1)
    expect(page.locator("figcaption")).to_contain_text("storefront__cart (warning)")
    stage = page.get_by_role("group", name=re.compile("^Share graph"))
    before = page.locator("svg.graph").get_attribute("viewBox")
    stage.focus()
    page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    assert page.locator("svg.graph").get_attribute("viewBox") != before
    page.keyboard.press("0")
    assert page.locator("svg.graph").get_attribute("viewBox") == before


def test_sizes_show_what_is_loaded_twice(open_page: Open, shop_plan: Json) -> None:
    page = open_page(shop_plan, look="#view=sizes")

    row = page.get_by_role("row", name=re.compile("^lodash"))
    expect(row).to_contain_text("by storefront__ca")


def test_another_host_is_chosen(open_page: Open, shop_plan: Json, large_plan: Json) -> None:
    page = open_page(shop_plan, large_plan)

    page.get_by_label("Host").select_option(index=1)

    expect(page.get_by_role("heading", level=1)).to_contain_text("portal")
    assert "host=apps" in page.url


def test_dark_mode_follows_the_system_and_the_button(open_page: Open, shop_plan: Json) -> None:
    page = open_page(shop_plan, scheme="dark")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    dark = page.evaluate(ground)

    page.get_by_role("button", name=re.compile("^Colours")).click()

    assert page.evaluate(ground) != dark
    expect(page.get_by_role("button", name=re.compile("^Colours: Light"))).to_be_visible()


@pytest.mark.parametrize("width", [360, 768, 1280, 2560])
def test_no_width_makes_the_page_wider_than_the_window(
    open_page: Open, shop_plan: Json, width: int
) -> None:
    page = open_page(shop_plan, width=width, look="#package=react&container=storefront__cart")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(page.get_by_role("heading", name="react in storefront__cart")).to_be_visible()


def test_a_federation_without_findings(open_page: Open) -> None:
    page = open_page(plan_document(plan_federation(*clean_storefront())))

    expect(page.locator("#head")).to_contain_text("Everything fits")
    expect(page.locator("#findings")).to_contain_text("Nothing found")


def test_three_hundred_containers_are_quick_and_folded(open_page: Open, large_plan: Json) -> None:
    page = open_page(large_plan)

    # From the start of navigation; measured: 0.6 s on two cores with a load of 19.
    painted = page.evaluate(
        "() => new Promise((done) => new PerformanceObserver((list) => "
        "done(list.getEntries()[0].startTime)).observe({ type: 'paint', buffered: true }))"
    )
    assert painted < 5000
    assert page.locator("td.cell").count() < 4000
    group = page.get_by_role("rowheader", name=re.compile("\u00d7"))
    expect(group.first).to_be_visible()
    rows = page.get_by_role("grid").get_attribute("aria-rowcount")
    group.last.locator(".toggle").click()
    unfolded = page.get_by_role("grid").get_attribute("aria-rowcount")
    assert int(unfolded or 0) > int(rows or 0) + 200

    begun = page.evaluate("performance.now()")
    page.locator(".matrix-scroll").evaluate(
        "element => { element.scrollTop = element.scrollHeight; }"
    )
    expect(page.get_by_role("rowheader", name=re.compile("remote_298"))).to_be_visible()
    assert page.evaluate("performance.now()") - begun < 3000


def test_hostile_names_stay_text(open_page: Open) -> None:
    document = plan_document(uniform_plan(3, 2))
    hostile = "<img src=x onerror=alert(1)></script><script>alert(1)</script>"
    for container in document["containers"]:
        container["name"] += hostile
    document["host"] = document["containers"][0]["name"]
    document["packages"][0]["name"] = hostile

    page = open_page(document, look="#view=graph")

    assert page.locator("img").count() == 0
    expect(page.get_by_role("heading", level=1)).to_contain_text(hostile)


def test_paper_has_every_finding_with_its_chain(open_page: Open, shop_plan: Json) -> None:
    page = open_page(shop_plan, width=360)
    article, opened = page.get_by_role("article"), page.locator("article details[open]")
    assert article.count() < len(shop_plan["findings"])
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert article.count() == len(shop_plan["findings"])
    assert opened.count() == sum(1 for each in shop_plan["findings"] if each.get("chain"))
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert opened.count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_chosen_view_and_finding_stand_out_in_forced_colours(
    open_page: Open, shop_plan: Json, scheme: str
) -> None:
    page = open_page(shop_plan, scheme=scheme)
    page.emulate_media(forced_colors="active")
    page.locator("article .code").first.click()

    def styles(selector: str, style: str) -> set[str]:
        values: list[str] = page.locator(selector).evaluate_all(
            f"all => all.map(each => getComputedStyle(each).{style})"
        )
        return set(values)

    chosen, others = ".finding.is-chosen", ".finding:not(.is-chosen)"
    assert not styles(chosen, "borderLeftColor") & styles(others, "borderLeftColor")
    tab = "[role=tab][aria-selected={}]"
    assert not styles(tab.format("true"), "outlineStyle") & styles(
        tab.format("false"), "outlineStyle"
    )

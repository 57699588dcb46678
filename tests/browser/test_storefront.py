from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from browser.recorded_page import RecordedPage, recorded_page
from browser.shop import HOST_FOLDER, Shop
from browser.static_server import serve


def test_an_item_added_in_the_catalog_shows_in_the_badge_and_in_the_cart(shop: Shop) -> None:
    shop.expect_count(0)
    shop.go_to_catalog()
    shop.add("harbour-mug")
    shop.add("harbour-mug")
    shop.add("bread-board")
    shop.expect_count(3)

    shop.go_to_cart()

    expect(shop.by_id("line-harbour-mug").locator("output")).to_have_text("2")
    expect(shop.by_id("line-bread-board").locator("output")).to_have_text("1")
    expect(shop.by_id("goods")).to_have_text("€77.90")
    expect(shop.by_id("shipping")).to_have_text("Free")
    expect(shop.by_id("total")).to_have_text("€77.90")


def test_the_cart_shows_the_pictures_of_the_catalog(shop: Shop) -> None:
    shop.add("harbour-mug")
    shop.go_to_cart()

    picture = shop.by_id("line-harbour-mug").get_by_role("presentation").first
    expect(picture).to_have_js_property("complete", True)

    assert picture.evaluate("image => image.naturalWidth") > 0
    assert "/examples.storefront.apps.catalog/" in picture.evaluate("image => image.src")


def test_quantities_discount_and_removal(shop: Shop) -> None:
    shop.add("harbour-mug")
    shop.go_to_cart()
    line = shop.by_id("line-harbour-mug")
    line.get_by_role("button", name="One more").click()
    line.get_by_role("button", name="One more").click()
    shop.expect_count(3)
    expect(shop.by_id("goods")).to_have_text("€59.85")
    expect(shop.by_id("shipping")).to_have_text("€4.90")

    shop.by_id("discount-code").fill("firstlight")
    expect(shop.by_id("discount")).to_have_text("-€5.99")
    expect(shop.by_id("total")).to_have_text("€58.76")

    shop.by_id("remove-harbour-mug").click()
    expect(shop.by_id("empty-state")).to_be_visible()
    shop.expect_count(0)


def test_an_order_goes_through_three_remotes(shop: Shop) -> None:
    shop.go_to_account()
    shop.sign_in("Ada Lind", "ada@example.com")
    expect(shop.by_id("sign-in-button")).to_have_text("Ada")
    expect(shop.by_id("empty-state")).to_be_visible()

    shop.go_to_catalog()
    shop.add("gooseneck-kettle")
    shop.go_to_cart()
    shop.by_id("checkout").click()
    expect(shop.by_id("thank-you")).to_contain_text("€89.00")
    shop.expect_count(0)

    shop.page.get_by_role("link", name="See your orders").click()
    expect(shop.by_id("orders")).to_contain_text("Gooseneck kettle")

    shop.by_id("sign-out").click()
    expect(shop.by_id("sign-in-button")).to_have_text("Sign in")
    expect(shop.by_id("sign-in-form")).to_be_visible()


def test_navigation_never_loads_the_page_again(shop: Shop) -> None:
    page = shop.page
    page.evaluate("globalThis.sameDocument = true")

    shop.go_to_catalog()
    expect(page).to_have_url(f"{shop.url}shop")
    expect(page).to_have_title("Shop · Morrow")
    shop.by_id("shelf-linen").click()
    expect(page).to_have_url(f"{shop.url}shop?shelf=linen")
    expect(shop.by_id("product-list").get_by_role("listitem")).to_have_count(1)
    page.get_by_role("link", name="Linen towel").click()
    expect(page).to_have_url(f"{shop.url}shop/linen-towel")
    expect(page.get_by_role("heading", level=1)).to_have_text("Linen towel")
    page.get_by_role("link", name="Back to the shop").click()
    expect(page).to_have_url(f"{shop.url}shop")
    shop.go_to_cart()
    expect(page).to_have_url(f"{shop.url}cart")
    page.go_back()
    expect(shop.by_id("product-list")).to_be_visible()
    page.go_forward()
    expect(shop.by_id("cart-page")).to_be_visible()
    shop.by_id("brand").click()
    expect(shop.by_id("home-page")).to_be_visible()

    assert page.evaluate("globalThis.sameDocument") is True


def test_the_entry_page_also_opens_by_its_file_name(shop: Shop) -> None:
    shop.page.goto(f"{shop.url}index.html")

    expect(shop.by_id("home-page")).to_be_visible()
    expect(shop.page).to_have_url(shop.url)


def test_the_shop_can_be_used_with_the_keyboard_alone(shop: Shop) -> None:
    def tab_to(test_id: str) -> None:
        for _ in range(40):
            shop.page.keyboard.press("Tab")
            focused = shop.page.evaluate("document.activeElement.dataset.testid")
            if focused == test_id:
                return
        pytest.fail(f"The Tab key never reached {test_id}.")

    shop.page.keyboard.press("Tab")
    expect(shop.page.get_by_role("link", name="Skip to content")).to_be_focused()
    shop.page.keyboard.press("Enter")
    tab_to("add-harbour-mug")
    shop.page.keyboard.press("Enter")
    shop.expect_count(1)
    # Round the end of the page and to its top again.
    tab_to("cart-badge")
    shop.page.keyboard.press("Enter")
    # A person waits for what is still loading; forty keys can be pressed sooner.
    expect(shop.page.get_by_test_id("checkout")).to_be_visible()
    tab_to("checkout")
    shop.page.keyboard.press("Space")
    expect(shop.by_id("thank-you")).to_be_visible()


@pytest.mark.parametrize("width", [320, 390, 768, 1280], ids=lambda width: f"{width} pixels")
def test_no_page_is_wider_than_the_screen(browser: Browser, shop_url: str, width: int) -> None:
    with recorded_page(browser, shop_url, width=width) as recorded:
        shop = Shop(recorded.page, shop_url)

        def expect_no_overflow() -> None:
            assert shop.page.evaluate("document.documentElement.scrollWidth") <= width

        shop.open()
        expect_no_overflow()
        shop.go_to_catalog()
        expect_no_overflow()
        shop.add("gooseneck-kettle")
        shop.page.get_by_role("link", name="Gooseneck kettle").click()
        expect(shop.by_id("product-page")).to_be_visible()
        expect_no_overflow()
        shop.go_to_cart()
        expect_no_overflow()
        shop.go_to_account()
        expect_no_overflow()
        assert recorded.problems == []


@pytest.mark.parametrize("prefix", ["deep/down", "with space/and+plus"])
def test_the_shop_works_in_whatever_folder_it_is_put(
    browser: Browser, dist: Path, prefix: str
) -> None:
    with serve(dist, prefix) as url, recorded_page(browser, url) as recorded:
        Shop(recorded.page, (url + HOST_FOLDER).replace(" ", "%20")).tour()

        assert recorded.problems == []


def test_the_page_lives_on_when_a_remote_cannot_be_loaded(
    blank_page: RecordedPage, shop_url: str
) -> None:
    page = blank_page.page
    page.route("**/examples.storefront.apps.cart/**", lambda route: route.abort())
    shop = Shop(page, shop_url)

    page.goto(shop_url)

    expect(shop.by_id("remote-missing")).to_contain_text("The cart badge cannot be shown")
    expect(shop.by_id("featured-products")).to_be_visible()
    shop.go_to_catalog()
    shop.add("harbour-mug")
    expect(shop.by_id("add-harbour-mug")).to_have_text("Added")
    # The record itself works: this page had its problems.
    assert any("examples.storefront.apps.cart" in problem for problem in blank_page.problems)

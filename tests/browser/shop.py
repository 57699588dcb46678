"""The storefront as a person uses it."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

HOST_FOLDER = "examples.storefront.apps.shell/host/"
"""Where `pants package` puts the host, seen from `dist`."""


@dataclass(frozen=True)
class Shop:
    """The shop on a page. `url` is the address of the host's folder."""

    page: Page
    url: str

    def by_id(self, test_id: str) -> Locator:
        """The element with this `data-testid`."""
        return self.page.get_by_test_id(test_id)

    def open(self) -> None:
        """Opens the front page and waits until every remote on it has shown its part."""
        self.page.goto(self.url)
        for part in ("home-page", "featured-products", "cart-badge", "sign-in-button"):
            expect(self.by_id(part)).to_be_visible()

    def go_to_catalog(self) -> None:
        """Opens the catalog by the header's link."""
        self.by_id("nav-shop").click()
        expect(self.by_id("catalog-page")).to_be_visible()

    def go_to_cart(self) -> None:
        """Opens the cart by its badge."""
        self.by_id("cart-badge").click()
        expect(self.by_id("cart-page")).to_be_visible()

    def go_to_account(self) -> None:
        """Opens the account by the header's button."""
        self.by_id("sign-in-button").click()
        expect(self.by_id("account-page")).to_be_visible()

    def add(self, product: str) -> None:
        """Puts one piece into the cart, from a page that shows the product."""
        self.by_id(f"add-{product}").click()

    def sign_in(self, name: str, email: str) -> None:
        """Fills the account's form in and sends it."""
        form = self.by_id("sign-in-form")
        form.get_by_label("Name").fill(name)
        form.get_by_label("Email").fill(email)
        form.get_by_role("button", name="Sign in").click()

    def expect_count(self, count: int) -> None:
        """Waits until the badge shows this number of pieces."""
        expect(self.by_id("cart-count")).to_have_text(str(count))

    def tour(self) -> None:
        """Opens every kind of page once, so that every exposed module has run."""
        self.open()
        self.go_to_catalog()
        self.page.get_by_role("link", name="Harbour mug").click()
        expect(self.by_id("product-page")).to_be_visible()
        self.add("harbour-mug")
        self.go_to_cart()
        expect(self.by_id("line-harbour-mug")).to_be_visible()
        self.go_to_account()
        expect(self.by_id("sign-in-form")).to_be_visible()

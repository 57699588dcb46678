"""A Backstage remote's style sheets come before the styles that Material UI writes."""

from __future__ import annotations

from pathlib import Path

import pytest
from pants.engine.fs import Digest, DigestContents
from pants.testutil.rule_runner import QueryRule
from playwright.sync_api import Browser

from browser.recorded_page import recorded_page
from browser.static_server import serve
from module_federation.goals.package import PackagedContainer, PackagedContainerRequest
from rules import small_plugin
from rules.runner import address, federation_runner
from rules.small_shop import CART, SHELL

_PAGE = """<!doctype html>
<head>
  <link rel="icon" href="data:,">
  <style data-jss>.cart { color: green; }</style>
  <style data-jss></style>
  <script src="remote/remoteEntry.js"></script>
</head>
<div class="cart">Cart</div>
"""
_ORDER = """async () => {
  await shop__cart.init({});
  await shop__cart.get(".");
  return [...document.head.children]
    .filter((element) => element.matches("style, link[rel=stylesheet]"))
    .map((element) => element.localName)
}"""


@pytest.mark.parametrize("bundler", ["rspack", "webpack"])
def test_sheets_come_before_jss(browser: Browser, tmp_path: Path, bundler: str) -> None:
    files = small_plugin.files(
        {
            f"{CART}/src/index.ts": 'import "./plugin.css";\n'
            'export default { $$type: "@backstage/FrontendPlugin" };\n',
            f"{SHELL}/BUILD": 'package_json(name="package")\nweb_sources()\n',
        },
        remote=f'bundler="{bundler}"',
    )
    runner = federation_runner(files, queries=[QueryRule(DigestContents, [Digest])])
    request = PackagedContainerRequest(address(f"{CART}:remote"))
    packaged = runner.request(PackagedContainer, [request])
    for file in runner.request(DigestContents, [packaged.digest]):
        path = tmp_path / "remote" / Path(file.path).relative_to("shop.apps.cart/remote")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
    (tmp_path / "index.html").write_text(_PAGE)
    with serve(tmp_path) as url, recorded_page(browser, url) as recorded:
        recorded.page.goto(f"{url}index.html")
        assert recorded.page.evaluate(_ORDER) == ["link", "style", "style"]
        colour = recorded.page.evaluate("getComputedStyle(document.querySelector('.cart')).color")
        # Both rules have one weight: the later one wins.
        assert colour == "rgb(0, 128, 0)"

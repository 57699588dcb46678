"""Contracts and manifests of the storefront, held against the live page."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from browser.recorded_page import RecordedPage
from browser.share_scope import Offer, offers_in_page, provisions_in_page
from browser.shop import Shop
from module_federation.sharing.contract.model import Contract
from module_federation.sharing.contract.reader import read_contract

HOST = "storefront__shell"
FOLDERS = {
    "storefront__account": "examples.storefront.apps.account/remote",
    "storefront__cart": "examples.storefront.apps.cart/remote",
    "storefront__catalog": "examples.storefront.apps.catalog/remote",
    HOST: "examples.storefront.apps.shell/host",
}
GOLDEN = Path(__file__).parent / "golden" / "cart_contract.json"

_FETCH_WITH_INTEGRITY = """async ([base, files]) => {
  const refused = [];
  for (const { path, sha384 } of files) {
    try {
      await fetch(new URL(path, base), { integrity: `sha384-${sha384}` });
    } catch (error) {
      refused.push(`${path}: ${error}`);
    }
  }
  return refused;
}"""

_PRELOAD = """async ([remote, expose]) => {
  const host = __FEDERATION__.__INSTANCES__.find(({ name }) => name === "storefront__shell");
  await host.preloadRemote([{ nameOrAlias: remote, exposes: [expose], resourceCategory: "sync" }]);
}"""


@pytest.fixture(scope="module")
def contracts(dist: Path) -> Mapping[str, Contract]:
    """Container → its contract, as packaged."""
    return {
        name: read_contract((dist / folder / "mf-contract.json").read_bytes(), folder)
        for name, folder in FOLDERS.items()
    }


def manifest(dist: Path, container: str) -> dict[str, Any]:
    content = (dist / FOLDERS[container] / "mf-manifest.json").read_text()
    made: dict[str, Any] = json.loads(content)
    return made


@pytest.mark.parametrize("container", FOLDERS)
def test_the_page_has_what_the_contract_provides(
    toured_page: RecordedPage, contracts: Mapping[str, Contract], container: str
) -> None:
    provided = [
        Offer(
            key=each.key,
            version=each.version or "0",
            required_version=each.required if isinstance(each.required, str) else "*",
            singleton=bool(each.singleton),
            strict_version=bool(each.strict),
            eager=each.eager,
            scope=each.scope,
        )
        for each in contracts[container].provides
    ]
    assert provided
    assert sorted(provided) == offers_in_page(toured_page.page)[container]


@pytest.mark.parametrize("container", FOLDERS)
def test_the_page_has_what_the_manifest_shares(
    toured_page: RecordedPage, dist: Path, container: str
) -> None:
    shared = {
        (item["name"], item["version"], item["requiredVersion"], item["singleton"])
        for item in manifest(dist, container)["shared"]
    }
    assert shared == {
        (offer.key, offer.version, offer.required_version, offer.singleton)
        for offer in offers_in_page(toured_page.page)[container]
    }


def test_the_share_scope_is_the_union_of_the_contracts(
    toured_page: RecordedPage, contracts: Mapping[str, Contract]
) -> None:
    expected = {
        (each.scope, each.key, each.version)
        for contract in contracts.values()
        for each in contract.provides
    }
    for container, provisions in provisions_in_page(toured_page.page).items():
        found = {(entry.scope, entry.key, entry.version) for entry in provisions}
        assert found == expected, f"as {container} sees it"


def test_who_uses_a_module_asks_for_it(
    toured_page: RecordedPage, contracts: Mapping[str, Contract]
) -> None:
    users = [
        (user, entry.key)
        for provisions in provisions_in_page(toured_page.page).values()
        for entry in provisions
        for user in entry.users
    ]
    assert {user for user, _ in users} == set(FOLDERS)
    for user, key in users:
        assert key in {each.key for each in contracts[user].consumes}, user


def test_what_is_asked_for_at_the_start_is_used_on_the_front_page(
    shop: Shop, contracts: Mapping[str, Contract]
) -> None:
    used = {
        entry.key
        for entry in provisions_in_page(shop.page)[HOST]
        if entry.loaded and HOST in entry.users
    }
    at_start = {each.key for each in contracts[HOST].consumes if each.at_start}
    assert at_start
    assert at_start <= used


@pytest.mark.parametrize("container", FOLDERS)
def test_the_browser_accepts_every_file_by_its_digest(
    shop: Shop, contracts: Mapping[str, Contract], dist: Path, container: str
) -> None:
    contract = contracts[container]
    base = shop.url.replace(FOLDERS[HOST], FOLDERS[container])
    files = [{"path": each.path, "sha384": each.sha384} for each in contract.files]

    assert shop.page.evaluate(_FETCH_WITH_INTEGRITY, [base, files]) == []
    folder = dist / FOLDERS[container]
    emitted = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
    # The contract can't name itself; the list of a host's remotes is added when it is packaged.
    assert emitted - {each.path for each in contract.files} <= {
        "mf-contract.json",
        "federation.json",
    }


def test_a_wrong_digest_is_noticed(
    blank_page: RecordedPage, shop_url: str, contracts: Mapping[str, Contract]
) -> None:
    Shop(blank_page.page, shop_url).open()
    first, second = contracts[HOST].files[:2]
    swapped = [{"path": first.path, "sha384": second.sha384}]
    (refused,) = blank_page.page.evaluate(_FETCH_WITH_INTEGRITY, [shop_url, swapped])
    assert first.path in refused


def test_the_runtime_preloads_by_the_corrected_manifest(
    shop: Shop, contracts: Mapping[str, Contract]
) -> None:
    asked: list[str] = []
    shop.page.on("request", lambda request: asked.append(request.url))
    (expose,) = [
        each for each in contracts["storefront__account"].exposes if each.name == "./AccountPage"
    ]
    base = shop.url.replace(FOLDERS[HOST], FOLDERS["storefront__account"])

    shop.page.evaluate(_PRELOAD, ["account", "AccountPage"])

    shop.page.wait_for_load_state("networkidle")
    assert {f"{base}{file}" for file in (*expose.js, *expose.css)} <= set(asked)


@pytest.mark.parametrize("container", sorted(set(FOLDERS) - {HOST}))
def test_the_assets_of_an_expose_are_those_of_the_manifest(
    contracts: Mapping[str, Contract], dist: Path, container: str
) -> None:
    listed = {
        item["path"]: (item["assets"]["js"]["sync"], item["assets"]["css"]["sync"])
        for item in manifest(dist, container)["exposes"]
    }
    assert listed == {
        each.name: (list(each.js), list(each.css)) for each in contracts[container].exposes
    }


def test_the_contract_of_the_cart(dist: Path) -> None:
    """All but what changes with the tools: their versions, hashes, sizes."""
    content = (dist / FOLDERS["storefront__cart"] / "mf-contract.json").read_text()
    assert normalised(content) == GOLDEN.read_text()


def normalised(content: str) -> str:
    content = re.sub(r"\.[0-9a-f]{8}\.", ".<hash>.", content)
    content = re.sub(r'"bytes": \d+', '"bytes": 0', content)
    content = re.sub(r'"(inputs|slice)": "[0-9a-f]{64}"', r'"\1": "<sha256>"', content)
    content = re.sub(r'"sha384": "[^"]{64}"', '"sha384": "<sha384>"', content)
    return re.sub(r'("@[a-z-]+/[a-z-]+"): "[0-9.]+"', r'\1: "<version>"', content)

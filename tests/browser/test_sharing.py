from __future__ import annotations

from collections.abc import Mapping

import pytest

from browser.react_probe import count_react
from browser.recorded_page import RecordedPage
from browser.share_scope import (
    Offer,
    SharedConfig,
    offers_computed,
    offers_in_page,
    provisions_in_page,
)
from module_federation.sharing.share_slice import ShareSlice

HOST = "storefront__shell"
REMOTES = ("storefront__account", "storefront__cart", "storefront__catalog")
CONTAINERS = tuple(sorted((HOST, *REMOTES)))


def test_the_tour_met_no_problem(toured_page: RecordedPage) -> None:
    assert toured_page.problems == []


def test_every_container_is_live(toured_page: RecordedPage) -> None:
    assert tuple(sorted(offers_in_page(toured_page.page))) == CONTAINERS


def test_exactly_one_react_is_live(toured_page: RecordedPage) -> None:
    count = count_react(toured_page.page)

    assert (count.copies, count.renderers) == (1, 1)
    assert count.shared_copies == 1
    assert count.renderer_uses_shared


def test_the_store_is_shared(toured_page: RecordedPage) -> None:
    for container, provisions in provisions_in_page(toured_page.page).items():
        store = [entry for entry in provisions if entry.key == "@storefront/store"]
        assert len(store) == 1, f"as {container} sees it"
        assert store[0].loaded
        assert store[0].provider in REMOTES
        assert set(REMOTES) <= set(store[0].users)


def test_what_is_not_to_be_shared_is_not(toured_page: RecordedPage) -> None:
    shared = {
        entry.key
        for provisions in provisions_in_page(toured_page.page).values()
        for entry in provisions
    }

    assert not {key for key in shared if key.startswith(("@storefront/format", "currency.js"))}


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_container_brings_what_was_computed_for_it(
    toured_page: RecordedPage, slices: Mapping[str, ShareSlice], container: str
) -> None:
    brought = set(offers_in_page(toured_page.page)[container])

    assert certain(slices[container]) <= brought <= possible(slices[container])


def test_the_share_scope_is_the_union_of_the_computed_slices(
    toured_page: RecordedPage, slices: Mapping[str, ShareSlice]
) -> None:
    providers: dict[tuple[str, str, str], set[str]] = {}
    for container in CONTAINERS:
        for offer in possible(slices[container]):
            providers.setdefault((offer.scope, offer.key, offer.version), set()).add(container)
    expected = {
        (offer.scope, offer.key, offer.version)
        for container in CONTAINERS
        for offer in certain(slices[container])
    }

    for container, provisions in provisions_in_page(toured_page.page).items():
        found = {(entry.scope, entry.key, entry.version): entry for entry in provisions}
        assert expected <= set(found) <= set(providers), f"as {container} sees it"
        for place, entry in found.items():
            assert entry.provider in providers[place]


def possible(computed: ShareSlice) -> set[Offer]:
    """All that a container may bring."""
    return set(offers_computed(computed.to_shared_config()))


def certain(computed: ShareSlice) -> set[Offer]:
    """What a container brings for sure, because its own code asks for it. The rest it brings only
    if an installed package asks for it, which no import of ours tells."""
    asked_for = {module.key for module in computed.shared if module.is_requested}
    return {offer for offer in possible(computed) if offer.key in asked_for}


def test_an_offer_is_computed_from_the_options_of_the_federation_plugin() -> None:
    shared: SharedConfig = {
        "react": {"version": "19.3.1", "requiredVersion": "^19.2.0", "singleton": True},
        "lodash": {"version": "4.17.21", "requiredVersion": False, "shareScope": ["a", "b"]},
        "@scope/only-asked-for": {"requiredVersion": "^1.0.0", "import": False},
    }

    assert offers_computed(shared) == [
        Offer("lodash", "4.17.21", "*", False, False, False, "a"),
        Offer("lodash", "4.17.21", "*", False, False, False, "b"),
        Offer("react", "19.3.1", "^19.2.0", True, False, False, "default"),
    ]

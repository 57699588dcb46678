"""Fixtures: a browser, and federations that are planned and built once."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from browser.conftest import browser
from gallery.description import Description
from gallery.elsewhere import Elsewhere
from gallery.judge import Sites
from gallery.site import Site, site_of

__all__ = ["browser", "sites"]


@pytest.fixture(scope="session")
def sites() -> Sites:
    """Gives the site of a description, always the same one."""
    known: dict[tuple[int, tuple[str, ...]], Site] = {}

    def site(description: Description, elsewhere: Mapping[str, Elsewhere]) -> Site:
        key = (id(description), tuple(elsewhere))
        if key not in known:
            known[key] = site_of(description, elsewhere)
        return known[key]

    return site

"""Imports that lead nowhere, or elsewhere than meant: found, and shown."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from gallery.broken import Broken
from gallery.cases.imports import CASES
from gallery.checks import check_found, check_refused, check_shown, named, refused
from gallery.judge import Sites


@pytest.mark.parametrize("entry", named(CASES))
def test_it_is_found(sites: Sites, entry: Broken) -> None:
    check_found(entry, sites)


@pytest.mark.parametrize("entry", named(refused(CASES)))
def test_it_is_refused(sites: Sites, entry: Broken) -> None:
    check_refused(entry, sites)


@pytest.mark.parametrize("entry", named(entry for entry in CASES if entry.shown))
def test_the_page_shows_it(browser: Browser, sites: Sites, entry: Broken) -> None:
    check_shown(entry, sites, browser)

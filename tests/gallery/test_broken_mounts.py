"""Entries of `exports` that a Backstage remote can't expose, or that no app takes anything from."""

from __future__ import annotations

import pytest

from gallery.broken import Broken
from gallery.cases.mounts import CASES
from gallery.checks import check_found, check_healed, named
from gallery.judge import Sites


@pytest.mark.parametrize("entry", named(CASES))
def test_it_is_found(sites: Sites, entry: Broken) -> None:
    check_found(entry, sites)


@pytest.mark.parametrize("entry", named(entry for entry in CASES if entry.healed))
def test_the_remedy_heals_it(sites: Sites, entry: Broken) -> None:
    check_healed(entry, sites)

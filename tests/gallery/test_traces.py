"""Everything that a plan holds possible comes about, in the way in which the plan says it does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from gallery.broken import Broken
from gallery.cases import negotiations
from gallery.checks import named
from gallery.judge import Sites, site_of_entry
from gallery.page import Open, Step, Want, observe
from gallery.site import Site
from module_federation.sharing import negotiation
from module_federation.sharing.plan.model import ConsumerPlan, Possibility

# All load orders of the one that has too many take too long.
CASES = [entry for entry in negotiations.CASES if entry.code != "unchecked-orders"]


@pytest.mark.parametrize("entry", named(CASES))
def test_the_page_follows_the_plan(browser: Browser, sites: Sites, entry: Broken) -> None:
    site = site_of_entry(entry, sites)
    for consumer, possibility in _possibilities(site):
        steps = [_step(each) for each in possibility.trace]
        last = observe(browser, site, steps).outcomes[-1]

        if possibility.failure is not None:
            assert last.error in (possibility.failure.code.value, possibility.failure.message)
            continue
        assert last.error is None
        assert last.copy is not None
        assert last.copy[0] in possibility.providers, consumer.container
        assert last.copy[2] == possibility.version
        assert last.warnings == possibility.warnings


def _possibilities(site: Site) -> Iterator[tuple[ConsumerPlan, Possibility]]:
    for key in site.plan.keys:
        for consumer in key.consumers:
            for possibility in consumer.possibilities:
                yield consumer, possibility


def _step(step: negotiation.Step) -> Step:
    """A step of a plan as a test does it. All wait for what they load: no panel needs anything at
    once."""
    if isinstance(step, negotiation.LoadRemote):
        return Open(step.container, step.remote)
    assert isinstance(step, negotiation.LoadShare)
    return Want(step.container, step.consume.key)

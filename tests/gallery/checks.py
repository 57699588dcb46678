"""The questions to an entry of the gallery; every test file asks them of one group of entries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from playwright.sync_api import Browser

from gallery.broken import Broken
from gallery.judge import Sites, findings_about, site_of_entry
from gallery.page import observe
from module_federation.sharing.finding_codes import FINDING_CODES
from module_federation.sharing.findings import Severity


def named(entries: Iterable[Broken]) -> list[Any]:
    """Entries as parameters of a test."""
    return [pytest.param(entry, id=entry.code) for entry in entries]


def check_found(entry: Broken, sites: Sites) -> None:
    """The finding is there, and says where it comes from and what to do; nothing else is found."""
    findings = findings_about(entry, sites)
    about = [finding for finding in findings if finding.code == entry.code]
    assert about, "only: " + "\n".join(map(str, findings))

    files = site_of_entry(entry, sites).files
    differences = [entry.finding.differences(finding, files) for finding in about]
    assert [] in differences, "\n".join(map(str, about))

    expected = (entry.code, *entry.also)
    others = [
        str(finding)
        for finding in findings
        if finding.severity is not Severity.INFO and finding.code not in expected
    ]
    assert others == [], "\n".join(others)


def check_refused(entry: Broken, sites: Sites) -> None:
    """`package` refuses it, and says why: what the plan has found, or what the bundler says."""
    refusal = site_of_entry(entry, sites).refusal()
    expected = entry.refused or (*entry.finding.words, f"[{entry.code}]")
    assert [words for words in expected if words not in refusal] == [], refusal


def refused(entries: Iterable[Broken]) -> Iterable[Broken]:
    """The entries that `package` refuses."""
    errors = {code for code, kind in FINDING_CODES.items() if kind.severity is Severity.ERROR}
    return [entry for entry in entries if entry.refused or entry.code in errors]


def check_shown(entry: Broken, sites: Sites, browser: Browser) -> None:
    """The page does what the finding says."""
    site = site_of_entry(entry, sites)
    for shown in entry.shown:
        observed = observe(
            browser,
            site,
            [step for step, _ in shown.steps],
            arrival=shown.arrival,
            offline=shown.offline,
            scripts=shown.values,
        )
        differences = shown.differences(observed)
        assert differences == [], "\n".join(differences)


def check_healed(entry: Broken, sites: Sites) -> None:
    """Who does what the remedy says is rid of it."""
    assert entry.healed is not None
    found = [str(each) for each in sites(entry.healed, {}).findings if each.code == entry.code]
    assert found == [], "\n".join(found)

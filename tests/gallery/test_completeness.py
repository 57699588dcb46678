"""The gallery is complete, and what is sound has no place in it."""

from __future__ import annotations

import pytest

from gallery.cases import deployments, imports, mounts, negotiations, policies, ranges
from gallery.clean import CLEAN, findings_in
from module_federation.sharing.finding_codes import FINDING_CODES

GALLERY = (
    *imports.CASES,
    *mounts.CASES,
    *ranges.CASES,
    *policies.CASES,
    *negotiations.CASES,
    *deployments.CASES,
)


def test_every_code_has_an_entry() -> None:
    assert sorted(FINDING_CODES) == sorted({entry.code for entry in GALLERY})


@pytest.mark.parametrize("name", CLEAN)
def test_nothing_is_found_in_what_is_sound(name: str) -> None:
    assert [str(finding) for finding in findings_in(CLEAN[name])] == []

"""Every finding is documented as it is, and brought about by a test."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest

from module_federation.sharing.finding_codes import FINDING_CODES
from module_federation.sharing.findings import Severity
from rules import test_backstage_remotes, test_source_findings
from unit.cli import test_check
from unit.sharing import test_finding_policy, test_slice, test_slice_misuse
from unit.sharing.deployment import test_deployment
from unit.sharing.installs import index, package, workspace
from unit.sharing.plan import test_findings_by_code
from unit.sharing.plan.members_by_hand import only, plan
from unit.sharing.plan.test_findings_by_code import CASES, Case, members_of
from unit.sharing.slices import sliced, used

_DOCUMENT = Path(__file__).parents[3] / "docs/findings.md"

_BROUGHT_ABOUT_IN: dict[str, ModuleType] = {
    "unresolved-import": test_source_findings,
    "not-installed": test_slice,
    "undeclared-dependency": test_slice,
    "empty-intersection": test_slice,
    "installed-outside-range": test_slice,
    "two-copies": test_slice,
    "range-adjusted": test_slice,
    "incoherent-family": test_slice,
    "family-left-out": test_slice_misuse,
    "stateful-not-singleton": test_slice_misuse,
    "bypassed-share": test_slice_misuse,
    "unused-shared-entry": test_slice,
    "unused-silence": test_finding_policy,
    "broken-mount": test_backstage_remotes,
    "mount-left-out": test_backstage_remotes,
    "mount-undecided": test_backstage_remotes,
    "no-backstage-feature": test_backstage_remotes,
    "remote-not-loaded": test_deployment,
    "remote-not-deployed": test_deployment,
    "manifest-only": test_check,
    "unchecked-orders": test_findings_by_code,
    **{case.code: test_findings_by_code for case in CASES},
}
_BROUGHT_ABOUT_HERE = {"missing-dependency", "missing-peer"}


@pytest.fixture(scope="module")
def document() -> str:
    return _DOCUMENT.read_text()


def test_the_table_lists_every_code(document: str) -> None:
    rows = re.findall(r"^\| \[`(.*)`\]\(#(.*)\) \| (.*) \| (.*) \|$", document, re.MULTILINE)
    assert rows == [
        (each.code, each.code, each.severity.value, each.meaning) for each in FINDING_CODES.values()
    ]


def test_every_code_has_a_section(document: str) -> None:
    sections = re.findall(r"^## ([a-z-]+)\n\n\*\*(\w+)\.\*\*", document, re.MULTILINE)
    assert sections == [
        (each.code, each.severity.value.capitalize()) for each in FINDING_CODES.values()
    ]
    for section in document.split("\n## ")[1:]:
        code = section.split("\n")[0]
        if code in FINDING_CODES:
            assert f"[{code}]" in section
            assert "What to do: " in section


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_examples_are_what_a_person_reads(case: Case, document: str) -> None:
    assert f"```text\n{only(plan(members_of(case)), case.code)}\n```" in document


@pytest.mark.parametrize("code", FINDING_CODES)
def test_every_code_is_brought_about_by_a_test(code: str) -> None:
    if code in _BROUGHT_ABOUT_HERE:
        return
    assert f'"{code}"' in Path(str(_BROUGHT_ABOUT_IN[code].__file__)).read_text()


@pytest.mark.parametrize(
    ("kind", "code", "severity"),
    [
        ("dependencies", "missing-dependency", Severity.WARNING),
        ("peerDependencies", "missing-peer", Severity.INFO),
    ],
)
def test_what_installed_packages_lack(kind: str, code: str, severity: Severity) -> None:
    installed = index(
        workspace("", "shop"),
        workspace("apps/cart", "@shop/cart", dependencies={"widget": "^1.0.0"}),
        package("node_modules/widget", "1.2.0", **{kind: {"react": "^19.0.0"}}),
        links={"node_modules/@shop/cart": "apps/cart"},
    )
    result = sliced(used("widget"), installed=installed)
    (found,) = [each for each in result.findings if each.code == code]
    assert found.severity is severity
    assert found.message == (
        f"widget@1.2.0 requires react@^19.0.0 ({kind}), which is not installed."
    )

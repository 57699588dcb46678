from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from module_federation.sharing.finding_codes import FINDING_CODES
from module_federation.sharing.findings import Finding, Severity
from module_federation.sharing.report.sarif import sarif

_FINDING = Finding(
    "unsatisfied-singleton",
    Severity.ERROR,
    "cart asks for react `^18.2.0`, but gets 19.3.1.",
    "apps/cart/package.json",
    12,
    (
        "apps/cart/package.json:12 asks for `^18.2.0` (dependencies)",
        "shell provides react@19.3.1",
        "see (libs/ui/src/index.ts:3)",
    ),
    "Change it.",
    "apps/cart:remote",
    ("cart", "shell"),
    "react",
)


def _run(*findings: Finding, version: str | None = None) -> Any:
    log = json.loads(sarif(findings, tool_version=version))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    return run


def _result(finding: Finding) -> Any:
    (result,) = _run(finding)["results"]
    return result


def test_rules_are_all_kinds_of_findings() -> None:
    driver = _run(version="1.2.3")["tool"]["driver"]
    assert driver["name"] == "federation"
    assert driver["version"] == "1.2.3"
    assert [rule["id"] for rule in driver["rules"]] == list(FINDING_CODES)
    levels = {rule["id"]: rule["defaultConfiguration"]["level"] for rule in driver["rules"]}
    assert levels["unsatisfied-singleton"] == "error"
    assert levels["two-copies"] == "warning"
    assert levels["loaded-twice"] == "note"


def test_a_result_names_rule_place_and_remedy() -> None:
    run = _run(_FINDING)
    (result,) = run["results"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert result["ruleId"] == "unsatisfied-singleton"
    assert result["level"] == "error"
    assert result["message"]["text"].splitlines() == [
        _FINDING.message,
        *(f"- {step}" for step in _FINDING.chain),
        "Change it.",
    ]
    (location,) = result["locations"]
    assert location == {
        "physicalLocation": {
            "artifactLocation": {"uri": "apps/cart/package.json", "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": 12},
        },
        "logicalLocations": [{"fullyQualifiedName": "apps/cart:remote", "kind": "module"}],
    }
    assert result["properties"] == {
        "target": "apps/cart:remote",
        "package": "react",
        "containers": ["cart", "shell"],
    }


def test_steps_with_a_place_are_related_locations() -> None:
    related = _result(_FINDING)["relatedLocations"]
    found = [
        (
            each["id"],
            each["physicalLocation"]["artifactLocation"]["uri"],
            each["physicalLocation"]["region"]["startLine"],
        )
        for each in related
    ]
    assert found == [(1, "apps/cart/package.json", 12), (2, "libs/ui/src/index.ts", 3)]


@pytest.mark.parametrize(
    ("file", "artifact"),
    [
        ("libs/a b/ü.ts", {"uri": "libs/a%20b/%C3%BC.ts", "uriBaseId": "%SRCROOT%"}),
        ("./a#b?.json", {"uri": "a%23b%3F.json", "uriBaseId": "%SRCROOT%"}),
        ("a:b.json", {"uri": "a%3Ab.json", "uriBaseId": "%SRCROOT%"}),
        ("../live/c.json", {"uri": "../live/c.json", "uriBaseId": "%SRCROOT%"}),
        ("/srv/live/c.json", {"uri": "file:///srv/live/c.json"}),
        ("C:\\live\\c.json", {"uri": "file:///C:/live/c.json"}),
    ],
    ids=["spaces", "reserved", "colon", "above", "absolute", "drive"],
)
def test_paths_are_uris(file: str, artifact: dict[str, str]) -> None:
    (location,) = _result(replace(_FINDING, file=file))["locations"]
    assert location["physicalLocation"]["artifactLocation"] == artifact


def test_columns() -> None:
    (location,) = _result(replace(_FINDING, column=7))["locations"]
    assert location["physicalLocation"]["region"] == {"startLine": 12, "startColumn": 7}


def test_without_a_file_the_target_is_the_location() -> None:
    (location,) = _result(replace(_FINDING, file=None, line=None))["locations"]
    assert list(location) == ["logicalLocations"]
    bare = _result(Finding("x", Severity.INFO, "m"))
    assert "locations" not in bare


def test_silenced_findings_are_suppressed() -> None:
    assert "suppressions" not in _result(_FINDING)
    (suppression,) = _result(replace(_FINDING, silenced_because="Known."))["suppressions"]
    assert suppression == {"kind": "external", "justification": "Known."}


def test_fingerprints_outlive_lines_and_words() -> None:
    def prints(*findings: Finding) -> list[str]:
        return [
            value
            for result in _run(*findings)["results"]
            for value in result["partialFingerprints"].values()
        ]

    moved = replace(_FINDING, line=99, message="Other words.", chain=(), remedy="")
    assert prints(_FINDING) == prints(moved)
    assert prints(_FINDING) != prints(replace(_FINDING, package="vue"))
    twice = prints(_FINDING, moved)
    assert len(set(twice)) == 2


def test_an_unknown_code_is_a_rule_too() -> None:
    run = _run(Finding("zzz-new", Severity.WARNING, "m"))
    rule = run["tool"]["driver"]["rules"][run["results"][0]["ruleIndex"]]
    assert rule["id"] == "zzz-new"
    assert rule["defaultConfiguration"]["level"] == "warning"


def test_the_order_of_the_input_does_not_matter() -> None:
    other = Finding("two-copies", Severity.WARNING, "m", "a.json", 1)
    assert sarif([_FINDING, other]) == sarif([other, _FINDING])

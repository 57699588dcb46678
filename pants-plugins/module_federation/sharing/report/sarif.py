"""Findings as SARIF 2.1.0, which code hosts show beside the lines that caused them.

The format: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import PurePosixPath
from typing import Any, Sequence
from urllib.parse import quote

from module_federation.sharing.finding_codes import FINDING_CODES, FindingCode
from module_federation.sharing.findings import Finding, Severity
from module_federation.sharing.report.finding_text import by_severity

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_ROOT = "%SRCROOT%"
_FINGERPRINT = "federationFinding/v1"
# A path with an extension, and a line. Paths with spaces are not found: then a step is text only.
_PLACE = re.compile(
    r"(?P<file>[^\s:`'\"()\[\]<>|,;]+\.[A-Za-z0-9]+):(?P<line>[1-9][0-9]{0,8})(?!\d)"
)
_NAMED_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


def sarif(findings: Sequence[Finding], *, tool_version: str | None = None) -> str:
    """One SARIF log with one run, as JSON text that ends with a newline.

    Every known kind of finding is a rule, in the order of ``FINDING_CODES``. Files are relative to
    the root of the repository (``%SRCROOT%``); lines of the chain that name a file and a line are
    related locations. Silenced findings are there, suppressed, with the reason. A fingerprint does
    not depend on lines, versions or the wording, so that a finding stays the same one while the
    code around it moves.
    """
    rules = _rules(findings)
    driver: dict[str, Any] = {"name": "federation", "rules": [_rule(each) for each in rules]}
    if tool_version is not None:
        driver["version"] = tool_version
    indexes = {rule.code: index for index, rule in enumerate(rules)}
    seen: dict[str, int] = {}
    results = [_result(each, indexes[each.code], seen) for each in by_severity(findings)]
    run = {
        "tool": {"driver": driver},
        "columnKind": "utf16CodeUnits",
        "originalUriBaseIds": {
            _ROOT: {"description": {"text": "The root of the repository."}},
        },
        "results": results,
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return f"{json.dumps(log, indent=2)}\n"


def _rules(findings: Sequence[Finding]) -> list[FindingCode]:
    """All known kinds, then those that only these findings name."""
    others = {
        each.code: FindingCode(each.code, each.severity, each.code)
        for each in by_severity(findings)
        if each.code not in FINDING_CODES
    }
    return [*FINDING_CODES.values(), *(others[code] for code in sorted(others))]


def _rule(rule: FindingCode) -> dict[str, Any]:
    return {
        "id": rule.code,
        "shortDescription": {"text": rule.meaning},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(finding: Finding, rule_index: int, seen: dict[str, int]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule_index,
        "level": _LEVELS[finding.severity],
        "message": {"text": _text(finding)},
    }
    location = _location(finding)
    if location:
        result["locations"] = [location]
    related = _related(finding)
    if related:
        result["relatedLocations"] = related
    result["partialFingerprints"] = {_FINGERPRINT: _fingerprint(finding, seen)}
    if finding.silenced_because is not None:
        result["suppressions"] = [
            {
                "kind": "external",
                "justification": finding.silenced_because,
            }
        ]
    properties = {
        "target": finding.target,
        "package": finding.package,
        "containers": list(finding.containers),
    }
    known = {name: value for name, value in properties.items() if value}
    if known:
        result["properties"] = known
    return result


def _text(finding: Finding) -> str:
    lines = [finding.message, *(f"- {step}" for step in finding.chain)]
    if finding.remedy:
        lines.append(finding.remedy)
    return "\n".join(lines)


def _location(finding: Finding) -> dict[str, Any]:
    location: dict[str, Any] = {}
    if finding.file is not None:
        location["physicalLocation"] = _physical(finding.file, finding.line, finding.column)
    names = [finding.target] if finding.target else list(finding.containers[:1])
    if names:
        location["logicalLocations"] = [{"fullyQualifiedName": names[0], "kind": "module"}]
    return location


def _related(finding: Finding) -> list[dict[str, Any]]:
    related: list[dict[str, Any]] = []
    for step in finding.chain:
        match = _PLACE.search(step)
        if match:
            location = {
                "id": len(related) + 1,
                "physicalLocation": _physical(match["file"], int(match["line"])),
                "message": {"text": step},
            }
            related.append(location)
    return related


def _physical(file: str, line: int | None, column: int | None = None) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": _artifact(file)}
    if line:
        physical["region"] = {"startLine": line}
        if column:
            physical["region"]["startColumn"] = column
    return physical


def _artifact(file: str) -> dict[str, str]:
    path = file.replace("\\", "/") if _NAMED_DRIVE.match(file) else file
    if _NAMED_DRIVE.match(path):
        return {"uri": f"file:///{quote(path, safe='/:')}"}
    if path.startswith("/"):
        return {"uri": f"file://{quote(path)}"}
    return {"uri": quote(str(PurePosixPath(path))), "uriBaseId": _ROOT}


def _fingerprint(finding: Finding, seen: dict[str, int]) -> str:
    """Of what a finding is about; equal ones are told apart by their order."""
    about = [finding.code, finding.file, finding.package, finding.target, *finding.containers]
    digest = hashlib.sha256(json.dumps(about).encode()).hexdigest()
    seen[digest] = seen.get(digest, 0) + 1
    return f"{digest[:32]}:{seen[digest]}"

"""Findings, as text for a terminal."""

from __future__ import annotations

from typing import Iterable, Sequence

from module_federation.sharing.findings import Finding, Severity
from module_federation.sharing.report.terminal import Colour, Style, clean, paragraph
from module_federation.sharing.report.wording import counted

_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_COLOURS = {
    Severity.ERROR: Colour.BAD,
    Severity.WARNING: Colour.CARE,
    Severity.INFO: Colour.FAINT,
}
_INDENT = "  "


def by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """The worst first, then in the order of files and lines."""
    return sorted(findings, key=lambda each: (_ORDER.index(each.severity), *each.sort_key))


def findings_lines(findings: Sequence[Finding], width: int, style: Style) -> list[str]:
    """All findings in full, the worst first; those that are silenced follow, a line each."""
    heard = by_severity(each for each in findings if each.silenced_because is None)
    silenced = by_severity(each for each in findings if each.silenced_because is not None)
    lines: list[str] = []
    for finding in heard:
        lines += [*([""] if lines else []), *finding_lines(finding, width, style)]
    if silenced:
        lines += [*([""] if lines else []), f"{counted(len(silenced), 'finding')} silenced:"]
    for finding in silenced:
        about = f" {finding.package}" if finding.package else ""
        who = f" in {', '.join(finding.containers)}" if finding.containers else ""
        text = f"{finding.code}{about}{who}: {finding.silenced_because}"
        lines += paragraph(text, width, _INDENT, _INDENT * 2)
    return lines


def finding_lines(finding: Finding, width: int, style: Style) -> list[str]:
    """One finding: what is wrong and where, how it comes about, what to do."""
    name = style.paint(finding.severity.value, _COLOURS[finding.severity])
    place = finding.place or finding.target or ", ".join(finding.containers[:3])
    code = f"[{clean(finding.code)}]"
    head = f"{name}: {clean(place)} {code}" if place else f"{name}: {code}"
    lines = [head, *paragraph(finding.message, width, _INDENT)]
    for step in finding.chain:
        lines += paragraph(f"- {step}", width, _INDENT * 2, _INDENT * 3)
    if finding.remedy:
        lines += paragraph(f"To do: {finding.remedy}", width, _INDENT)
    return lines


def count_text(findings: Iterable[Finding]) -> str:
    """``2 errors, 1 warning, 3 notes, 1 silenced``; of these, only errors are told if absent."""
    counts = dict.fromkeys(_ORDER, 0)
    silenced = 0
    for finding in findings:
        if finding.silenced_because is None:
            counts[finding.severity] += 1
        else:
            silenced += 1
    parts = [counted(counts[Severity.ERROR], "error")]
    for severity, noun in ((Severity.WARNING, "warning"), (Severity.INFO, "note")):
        if counts[severity]:
            parts.append(counted(counts[severity], noun))
    if silenced:
        parts.append(f"{silenced} silenced")
    return ", ".join(parts)

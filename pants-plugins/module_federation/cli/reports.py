"""What the three commands say, and with which exit status they end."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Mapping, Sequence

from module_federation.cli.documents import check_document, order_document
from module_federation.cli.inputs import Inputs
from module_federation.cli.order_text import order_text, order_verdict
from module_federation.cli.version import VERSION
from module_federation.sharing.deployment.deployment import (
    Deployment,
    OrderOutcome,
    Verdict,
    deploy_order,
)
from module_federation.sharing.findings import Finding
from module_federation.sharing.report.finding_text import count_text
from module_federation.sharing.report.html import plan_page
from module_federation.sharing.report.plan_json import plan_document
from module_federation.sharing.report.sarif import sarif
from module_federation.sharing.report.terminal import Colour, Style, clean, paragraph
from module_federation.sharing.report.text import plan_text
from module_federation.sharing.report.wording import counted

FITS, DOES_NOT_FIT = 0, 1
"""Exit statuses; 2, for a call or a file that is wrong, is a ``CommandError``."""


@dataclass(frozen=True)
class View:
    """How to write a report: format, columns, colours."""

    format: str
    width: int
    colour: bool


@dataclass(frozen=True)
class Report:
    """A report, its one-line summary, and the exit status."""

    text: str
    summary: str
    status: int


def check_report(
    inputs: Inputs, view: View, *, warnings_as_errors: bool = False, new_only: bool = False
) -> Report:
    """Does it fit, with all candidates deployed? And what does each of them do alone?"""
    deployment = _deployment(inputs)
    verdict = _finished(deployment.verdict(set(deployment.candidates)), inputs)
    alone: dict[str, Sequence[Finding]] = {
        name: deployment.new_errors({name}) for name in deployment.candidates
    }
    counting: list[Finding] = list(verdict.new_errors if new_only else verdict.plan.errors)
    if warnings_as_errors:
        counting += _warnings(deployment, verdict, new_only)
    fits = not counting
    summary = f"{'Fits' if fits else 'Does not fit'}: {count_text(verdict.plan.findings)}."
    if view.format == "json":
        text = _json(check_document(inputs, verdict, alone, fits))
    elif view.format == "sarif":
        text = sarif(verdict.plan.findings, tool_version=VERSION)
    else:
        text = plan_text(verdict.plan, width=view.width, colour=view.colour)
        text += _candidates_text(deployment, verdict, alone, view)
        text += _rule_text(verdict, view, warnings_as_errors, new_only, fits)
    return Report(text, summary, FITS if fits else DOES_NOT_FIT)


def order_report(inputs: Inputs, view: View) -> Report:
    """In which order can the candidates be deployed?"""
    deployment = _deployment(inputs)
    order = deploy_order(deployment)
    if view.format == "json":
        text = _json(order_document(inputs, order))
    else:
        lines = order_text(deployment, order, view.width, Style(view.colour))
        text = "\n".join([*lines, ""])
    is_order = order.outcome is OrderOutcome.ONE_BY_ONE
    return Report(text, order_verdict(order), FITS if is_order else DOES_NOT_FIT)


def plan_report(inputs: Inputs, view: View) -> Report:
    """Who gets whose copy of what, with all candidates deployed."""
    deployment = _deployment(inputs)
    plan = _finished(deployment.verdict(set(deployment.candidates)), inputs).plan
    if view.format == "json":
        text = _json(plan_document(plan))
    elif view.format == "html":
        text = plan_page([plan_document(plan)])
    else:
        text = plan_text(plan, width=view.width, colour=view.colour)
    fits = not plan.errors
    summary = f"{'Fits' if fits else 'Does not fit'}: {count_text(plan.findings)}."
    return Report(text, summary, FITS if fits else DOES_NOT_FIT)


def _deployment(inputs: Inputs) -> Deployment:
    return Deployment(
        inputs.host.member.name,
        [each.member for each in inputs.deployed],
        [each.member for each in inputs.candidates],
        inputs.policy,
    )


def _warnings(deployment: Deployment, verdict: Verdict, new_only: bool) -> list[Finding]:
    known = {_about(each) for each in deployment.before.warnings} if new_only else set()
    return [each for each in verdict.plan.warnings if _about(each) not in known]


def _about(finding: Finding) -> tuple[object, ...]:
    return (finding.code, finding.package, finding.containers)


def _finished(verdict: Verdict, inputs: Inputs) -> Verdict:
    """With what is to be said of the files; findings without a file get that of who they blame."""
    files = {each.member.name: each.path for each in (*inputs.deployed, *inputs.candidates)}
    plan = verdict.plan
    located = {id(each): _with_file(each, files) for each in plan.findings}
    findings = (*(located[id(each)] for each in plan.findings), *inputs.findings)
    return replace(
        verdict,
        plan=replace(plan, findings=tuple(sorted(findings, key=lambda each: each.sort_key))),
        new_errors=tuple(located[id(each)] for each in verdict.new_errors),
    )


def _with_file(finding: Finding, files: Mapping[str, str]) -> Finding:
    if finding.file is not None:
        return finding
    file = next((files[name] for name in finding.containers if name in files), None)
    return replace(finding, file=file)


def _candidates_text(
    deployment: Deployment, verdict: Verdict, alone: Mapping[str, Sequence[Finding]], view: View
) -> str:
    if not alone:
        return ""
    style = Style(view.colour)
    lines = ["", "Each candidate alone, with all else as it is deployed:"]
    for name, errors in alone.items():
        mark, colour = ("FAIL", Colour.BAD) if errors else ("ok", Colour.GOOD)
        what = "is added" if deployment.is_addition(name) else "replaces the deployed one"
        text = f"{clean(name)} {what}: {counted(len(errors), 'new error')}"
        if errors:
            text += f" ({', '.join(dict.fromkeys(each.code for each in errors))})"
        first, *rest = paragraph(f"{text}.", view.width, " " * 8)
        lines += [f"  {style.paint(mark.ljust(4), colour)}  {first.strip()}", *rest]
    known = len(verdict.plan.errors) - len(verdict.new_errors)
    if known:
        text = f"{counted(known, 'error')} above can be found in what is deployed already."
        lines += paragraph(text, view.width)
    if any(alone.values()) and not verdict.new_errors:
        text = "Together they fit; `federation order` tells what can be deployed before what."
        lines += paragraph(text, view.width)
    return "\n".join(lines) + "\n"


def _rule_text(
    verdict: Verdict, view: View, warnings_as_errors: bool, new_only: bool, fits: bool
) -> str:
    """Why the exit status is not what the errors alone would make it."""
    if fits is not bool(verdict.plan.errors):
        return ""
    if fits and new_only:
        text = "Fits: no error is new."
    else:
        text = "Does not fit: warnings count as errors."
    return "\n".join(["", *paragraph(text, view.width), ""])


def _json(document: object) -> str:
    return f"{json.dumps(document, indent=2)}\n"

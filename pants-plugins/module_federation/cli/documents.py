"""The JSON that ``federation check`` and ``federation order`` write.

``docs/federation-command.md`` documents both schemas. Within a version fields are only added.
"""

from __future__ import annotations

from typing import Any, Dict, Iterable, Mapping, Sequence

from module_federation.cli.inputs import Given, Inputs
from module_federation.cli.version import VERSION
from module_federation.sharing.deployment.deployment import DeployOrder, Verdict
from module_federation.sharing.findings import Finding
from module_federation.sharing.report.finding_text import by_severity

CHECK_SCHEMA = "mf-federation-check"
ORDER_SCHEMA = "mf-federation-order"
SCHEMA_VERSION = 1

Json = Dict[str, Any]


def check_document(
    inputs: Inputs,
    verdict: Verdict,
    alone: Mapping[str, Sequence[Finding]],
    fits: bool,
) -> Json:
    """What ``check`` found: ``mf-federation-check``, version 1.

    Args:
        verdict: The state in which all candidates have been deployed.
        alone: Candidate → the new errors when only it is deployed.
        fits: What the exit status says.
    """
    new = set(map(id, verdict.new_errors))
    return {
        **_head(CHECK_SCHEMA, inputs),
        "fits": fits,
        "findings": [
            {**finding_document(each), "isNew": id(each) in new}
            if each.is_error and verdict.replaced
            else finding_document(each)
            for each in by_severity(verdict.plan.findings)
        ],
        "candidates": [
            {
                "name": each.member.name,
                "file": each.path,
                "fitsAlone": not alone[each.member.name],
                "newErrorsAlone": _findings(alone[each.member.name]),
            }
            for each in _by_name(inputs.candidates)
        ],
    }


def order_document(inputs: Inputs, order: DeployOrder) -> Json:
    """What ``order`` found: ``mf-federation-order``, version 1."""
    return {
        **_head(ORDER_SCHEMA, inputs),
        "outcome": order.outcome.value,
        "steps": [list(step) for step in order.steps],
        "together": [list(step) for step in order.together],
        "isSmallest": order.is_smallest,
        "statesPlanned": order.states,
        "stuckAfter": list(order.stuck_after),
        "obstacles": [
            {"candidate": each.candidate, "newErrors": _findings(each.errors)}
            for each in order.obstacles
        ],
        "newErrors": _findings(order.errors),
    }


def finding_document(finding: Finding) -> Json:
    """A finding, every field there, None where nothing is known."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "chain": list(finding.chain),
        "remedy": finding.remedy,
        "target": finding.target,
        "containers": list(finding.containers),
        "package": finding.package,
        "silencedBecause": finding.silenced_because,
    }


def _head(schema: str, inputs: Inputs) -> Json:
    return {
        "schema": schema,
        "version": SCHEMA_VERSION,
        "tool": {"name": "federation", "version": VERSION},
        "host": inputs.host.member.name,
        "containers": [
            _container(inputs.host, "deployed"),
            *(_container(each, "deployed") for each in _by_name(inputs.remotes)),
            *(_container(each, "candidate") for each in _by_name(inputs.candidates)),
        ],
    }


def _container(given: Given, role: str) -> Json:
    contract = given.contract
    return {
        "name": contract.name,
        "role": role,
        "kind": given.member.kind,
        "file": given.path,
        "format": "contract" if contract.is_complete else "manifest",
    }


def _by_name(given: Iterable[Given]) -> list[Given]:
    return sorted(given, key=lambda each: each.member.name)


def _findings(findings: Iterable[Finding]) -> list[Json]:
    return [finding_document(each) for each in by_severity(findings)]

"""Severities and silences: where they are said, what they cover, how mistakes are told."""

from __future__ import annotations

from typing import Any

import pytest

from module_federation.sharing.finding_policy import (
    FindingPolicy,
    Silence,
    target_silences,
    unused_silences,
)
from module_federation.sharing.findings import Finding, Severity
from module_federation.sharing.policy import (
    PolicyError,
    effective_policy,
    parse_policy,
    target_layer,
)
from module_federation.sharing.share_options import Place

_FILE = """\
presets = []

[findings]
remote-takes-over = "error"
two-copies = "info"

[[silenced]]
code = "two-copies"
package = "is-number"
container = "acme__cart"
reason = "Both are pure functions."

[[silenced]]
# More of them.
code = "loaded-twice"
package = "@mui/*"
reason = " They are small. "
"""


def _read(text: str) -> FindingPolicy:
    return effective_policy(parse_policy(text.encode(), "sharing.toml")).findings


def _finding(
    code: str = "two-copies",
    package: str | None = "is-number",
    containers: tuple[str, ...] = ("acme__cart",),
    severity: Severity = Severity.WARNING,
) -> Finding:
    return Finding(code, severity, "…", package=package, containers=containers)


def test_a_policy_file_is_read() -> None:
    assert _read(_FILE) == FindingPolicy(
        (("remote-takes-over", Severity.ERROR), ("two-copies", Severity.INFO)),
        (
            Silence(
                "two-copies",
                "Both are pure functions.",
                Place("sharing.toml", 7),
                "is-number",
                "acme__cart",
            ),
            Silence("loaded-twice", "They are small.", Place("sharing.toml", 13), "@mui/*"),
        ),
    )


def test_without_a_word_nothing_changes() -> None:
    target = target_layer({"react": True}, "apps/cart:remote")
    findings = (_finding(), _finding("loaded-twice"))
    assert effective_policy(None, target).findings.apply(findings) == findings


@pytest.mark.parametrize(
    ("finding", "severity", "reason"),
    [
        pytest.param(_finding(), Severity.INFO, "Both are pure functions.", id="meant"),
        pytest.param(
            _finding(severity=Severity.ERROR), Severity.INFO, "Both are pure functions.", id="error"
        ),
        pytest.param(
            _finding(containers=("acme__shell", "acme__cart")),
            Severity.INFO,
            "Both are pure functions.",
            id="a part in it is enough",
        ),
        pytest.param(
            _finding(containers=("acme__shell",)), Severity.INFO, None, id="another container"
        ),
        pytest.param(_finding(package="is-odd"), Severity.INFO, None, id="another package"),
        pytest.param(_finding(package=None), Severity.INFO, None, id="no package"),
        pytest.param(
            _finding("loaded-twice", "@mui/material"),
            Severity.WARNING,
            "They are small.",
            id="a pattern",
        ),
        pytest.param(
            _finding("loaded-twice", "is-number"), Severity.WARNING, None, id="beside the pattern"
        ),
        pytest.param(
            _finding("remote-takes-over"), Severity.ERROR, None, id="a severity without a silence"
        ),
        pytest.param(_finding("missing-peer"), Severity.WARNING, None, id="not mentioned"),
    ],
)
def test_apply(finding: Finding, severity: Severity, reason: str | None) -> None:
    (applied,) = _read(_FILE).apply([finding])
    assert (applied.severity, applied.silenced_because) == (severity, reason)
    assert applied.is_error is (severity is Severity.ERROR and reason is None)


def test_a_silenced_error_stops_nothing() -> None:
    silence = Silence("strict-singleton", "Known.", Place("x"))
    (applied,) = FindingPolicy((), (silence,)).apply(
        [_finding("strict-singleton", severity=Severity.ERROR)]
    )
    assert applied.severity is Severity.ERROR
    assert not applied.is_error


def test_a_reason_that_is_there_already_stays() -> None:
    finding = Finding("two-copies", Severity.INFO, "…", silenced_because="First.")
    (applied,) = FindingPolicy((), (Silence("two-copies", "Later.", Place("x")),)).apply([finding])
    assert applied.silenced_because == "First."


def test_policies_lie_over_each_other() -> None:
    lower = FindingPolicy(
        (("deadlock", Severity.INFO), ("two-copies", Severity.INFO)),
        (Silence("two-copies", "Lower.", Place("x")),),
    )
    upper = FindingPolicy(
        (("two-copies", Severity.ERROR),), (Silence("two-copies", "Upper.", Place("y")),)
    )
    both = upper.over(lower)
    assert both.severities == (("deadlock", Severity.INFO), ("two-copies", Severity.ERROR))
    assert [each.reason for each in both.silences] == ["Upper.", "Lower."]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            "[findings]\ntwo-copy = 'error'",
            "sharing.toml:2: There is no finding with the code `two-copy`. Did you mean "
            "`two-copies`?",
            id="unknown code",
        ),
        pytest.param(
            "\n[findings]\ntwo-copies = 'fatal'",
            "sharing.toml:3: `findings.two-copies` is 'fatal'. Allowed here: error, info, warning.",
            id="unknown severity",
        ),
        pytest.param(
            "[findings]\ntwo-copies = 'off'", "write a `[[silenced]]` table with a reason", id="off"
        ),
        pytest.param(
            "[findings]\ntwo-copies = ['error']", "sharing.toml:2: `findings.two-copies`", id="list"
        ),
        pytest.param("findings = 3", "sharing.toml:1: `findings` is 3.", id="no table"),
        pytest.param("silenced = 3", "sharing.toml:1: `silenced` is no list", id="no tables"),
        pytest.param("[silenced]\ncode = 'x'", "sharing.toml:1: `silenced` is no", id="one table"),
        pytest.param(
            "[[silenced]]\ncode = 'two-copies'\nreason = 'a'\n[[silenced]]\nreason = 'a'\n"
            "code = 'deadlok'",
            "sharing.toml:6: There is no finding with the code `deadlok`. Did you mean `deadlock`?",
            id="unknown code in the second silence",
        ),
        pytest.param(
            "[[silenced]]\ncode = 'deadlock'",
            "sharing.toml:1: `deadlock` is silenced without a reason.",
            id="no reason",
        ),
        pytest.param(
            "[[silenced]]\ncode = 'deadlock'\nreason = ' '",
            "sharing.toml:3: `deadlock` is silenced without a reason. Say why",
            id="empty reason",
        ),
        pytest.param(
            "[[silenced]]\nreason = 'a'",
            "sharing.toml:1: `[[silenced]]` has no `code`",
            id="no code",
        ),
        pytest.param(
            "[[silenced]]\ncode = 'deadlock'\nreason = 'a'\npakage = 'a'",
            "sharing.toml:4: `[[silenced]]` has the unknown key `pakage`. Did you mean `package`?",
            id="unknown key",
        ),
        pytest.param(
            "[[silenced]]\ncode = 'deadlock'\nreason = 'a'\npackage = 3",
            "sharing.toml:4: `package` in `[[silenced]]` is 3.",
            id="no name",
        ),
        pytest.param("[finding]\n", "Did you mean `findings`?", id="unknown table"),
    ],
)
def test_mistakes_in_a_policy_file(text: str, message: str) -> None:
    with pytest.raises(PolicyError) as error:
        _read(text)
    assert message in str(error.value)


def test_a_target_silences_what_its_container_has_a_part_in() -> None:
    silences = target_silences(
        {"two-copies is-number": "Pure.", "deadlock": "Never."}, "apps/cart:remote", "acme__cart"
    )
    assert [each.subject for each in silences] == ["two-copies is-number", "deadlock"]
    policy = _read("[findings]\ndeadlock = 'info'").with_silences(silences)
    applied = policy.apply(
        [
            _finding(),
            _finding(containers=("other",)),
            _finding("deadlock", None, ("acme__shell", "acme__cart")),
        ]
    )
    assert [each.silenced_because for each in applied] == ["Pure.", None, "Never."]
    assert applied[2].severity is Severity.INFO


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        pytest.param({"deadlok": "x"}, "Did you mean `deadlock`?", id="unknown code"),
        pytest.param({"deadlock": ""}, "is silenced without a reason", id="no reason"),
        pytest.param({"deadlock": True}, "is silenced without a reason", id="no text"),
        pytest.param({"two-copies a b": "x"}, "names more than a code and a package", id="two"),
        pytest.param({"": "x"}, "There is no finding with the code ``", id="nothing"),
    ],
)
def test_mistakes_on_a_target(mapping: dict[str, Any], message: str) -> None:
    with pytest.raises(PolicyError) as error:
        target_silences(mapping, "apps/cart:remote", "acme__cart")
    assert str(error.value).startswith("the `silenced_findings` field of apps/cart:remote: ")
    assert message in str(error.value)


def test_silences_of_a_target_that_nothing_needs_are_told() -> None:
    silences = target_silences(
        {"two-copies is-number": "Pure.", "two-copies is-odd": "Pure."},
        "apps/cart:remote",
        "acme__cart",
    )
    of_file = Silence("deadlock", "Never.", Place("sharing.toml", 1))
    (unused,) = unused_silences((*silences, of_file), [_finding()])
    assert unused.code == "unused-silence"
    assert unused.message == (
        "The `silenced_findings` field of apps/cart:remote names `two-copies is-odd`, which was "
        "not found."
    )
    assert (unused.target, unused.containers) == ("apps/cart:remote", ("acme__cart",))

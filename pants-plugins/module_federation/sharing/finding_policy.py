"""What people say about findings: how bad a kind is, and which ones they know of and accept.

In a policy file::

    [findings]
    remote-takes-over = "error"         # or "warning", "info"

    [[silenced]]
    code = "two-copies"
    package = "is-number"               # optional; `*` stands for any text
    container = "acme__cart"            # optional: the name of a container
    reason = "Both are pure functions."

On a target, for findings that its container has a part in::

    silenced_findings={"two-copies is-number": "Both are pure functions."}

A silenced finding is shown in reports, with its reason, and stops nothing.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Iterable, Mapping, Sequence

from module_federation.sharing.finding_codes import FINDING_CODES
from module_federation.sharing.findings import Finding, Severity
from module_federation.sharing.share_options import (
    Place,
    PolicyError,
    matches_name,
    suggest,
)
from module_federation.sharing.toml_lines import KeyPath, line_of

SEVERITIES = tuple(each.value for each in Severity)
_SILENCE_KEYS = ("code", "container", "package", "reason")


@dataclass(frozen=True)
class Silence:
    """Somebody knows of a finding and accepts it.

    Attributes:
        code: The kind of finding.
        reason: Why it is accepted; shown wherever the finding is.
        place: Where that was said.
        package: Only for this package, or those that a pattern such as ``@mui/*`` fits.
        container: Only for findings that the container of this name has a part in.
        target: The address of the target whose field it is; None for a policy file.
    """

    code: str
    reason: str
    place: Place
    package: str | None = None
    container: str | None = None
    target: str | None = None

    def covers(self, code: str, package: str | None, containers: Iterable[str]) -> bool:
        """Whether a finding about a package, and these containers, is meant."""
        if code != self.code or (self.container is not None and self.container not in containers):
            return False
        return self.package is None or (package is not None and matches_name(self.package, package))

    @property
    def subject(self) -> str:
        """What is silenced, as a target's field would name it: ``two-copies is-number``."""
        return f"{self.code} {self.package}" if self.package else self.code


@dataclass(frozen=True)
class FindingPolicy:
    """Severities and silences, ready to be applied.

    Attributes:
        severities: (code, severity) of the kinds that are not as bad, or as harmless, as usual.
        silences: The first one that fits gives the reason.
    """

    severities: tuple[tuple[str, Severity], ...] = ()
    silences: tuple[Silence, ...] = ()

    def over(self, lower: FindingPolicy) -> FindingPolicy:
        """What this policy says, and what ``lower`` says besides."""
        severities = {**dict(lower.severities), **dict(self.severities)}
        return FindingPolicy(
            tuple(sorted(severities.items(), key=lambda each: each[0])),
            tuple(dict.fromkeys((*self.silences, *lower.silences))),
        )

    def with_silences(self, silences: Iterable[Silence]) -> FindingPolicy:
        """This policy and the silences of targets."""
        return FindingPolicy((), tuple(silences)).over(self)

    def silenced_because(
        self, code: str, package: str | None, containers: Iterable[str]
    ) -> str | None:
        """The reason why such a finding is not to be heard of; None when nobody gave one."""
        found = (each for each in self.silences if each.covers(code, package, containers))
        return next((each.reason for each in found), None)

    def apply(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings, in their order, with the severities and silences of this policy."""
        severities = dict(self.severities)
        return tuple(
            dataclasses.replace(
                each,
                severity=severities.get(each.code, each.severity),
                silenced_because=each.silenced_because
                or self.silenced_because(each.code, each.package, each.containers),
            )
            for each in findings
        )


AS_USUAL = FindingPolicy()
"""The policy of those who say nothing."""


def target_silences(mapping: Mapping[str, Any], where: str, container: str) -> tuple[Silence, ...]:
    """Read a target's ``silenced_findings`` field.

    Args:
        mapping: ``<code>`` or ``<code> <package>`` → the reason.
        where: The target's address, for messages.
        container: The name of the target's container, to whose findings the silences are limited.

    Raises:
        PolicyError: An unknown code, a key of another form, or no reason.
    """
    field = f"the `silenced_findings` field of {where}"
    silences = []
    for key, reason in mapping.items():
        code, *packages = str(key).split() or ("",)
        if len(packages) > 1:
            raise PolicyError(
                field,
                None,
                f"`{key}` names more than a code and a package.",
                'Write one entry for each package, such as "two-copies is-number".',
            )
        package = packages[0] if packages else None
        _check_code(code, field, None)
        _check_reason(reason, str(key), field, None)
        silences.append(Silence(code, reason.strip(), Place(field), package, container, where))
    return tuple(silences)


def unused_silences(
    silences: Sequence[Silence], findings: Sequence[Finding]
) -> tuple[Finding, ...]:
    """A finding for each silence of a target that none of ``findings`` needs.

    Silences of a policy file are for the whole repository and may be unused.

    Args:
        findings: All findings of the federations that the targets are part of.
    """
    return tuple(
        Finding(
            "unused-silence",
            FINDING_CODES["unused-silence"].severity,
            f"The `silenced_findings` field of {each.target} names `{each.subject}`, which was not "
            "found.",
            remedy="Remove the entry, or correct its code or package.",
            target=each.target,
            containers=(each.container,) if each.container else (),
            package=each.package,
        )
        for each in silences
        if each.target is not None
        and not any(each.covers(one.code, one.package, one.containers) for one in findings)
    )


def read_finding_policy(
    data: Mapping[str, Any], path: str, lines: dict[KeyPath, int]
) -> FindingPolicy:
    """Read the tables ``[findings]`` and ``[[silenced]]`` of a policy file.

    Args:
        data: The whole file.
        path: Its path, for messages.
        lines: What ``toml_lines.key_lines`` says of it.

    Raises:
        PolicyError: An unknown code, key or severity, or a silence without a reason.
    """
    return FindingPolicy(
        tuple(sorted(_severities(data.get("findings", {}), path, lines), key=lambda each: each[0])),
        tuple(_silences(data.get("silenced", []), path, lines)),
    )


def _severities(
    table: object, path: str, lines: dict[KeyPath, int]
) -> Iterable[tuple[str, Severity]]:
    if not isinstance(table, Mapping):
        problem = f"`findings` is {table!r}."
        remedy = 'Write a table of codes and severities, such as `remote-takes-over = "error"`.'
        raise PolicyError(path, line_of(lines, ("findings",)), problem, remedy)
    for code, severity in table.items():
        line = line_of(lines, ("findings", code))
        _check_code(code, path, line)
        if severity not in SEVERITIES:
            problem = f"`findings.{code}` is {severity!r}."
            remedy = suggest(str(severity), SEVERITIES)
            if severity in ("off", "ignore", "none", False):
                remedy += " To hear no more of it, write a `[[silenced]]` table with a reason."
            raise PolicyError(path, line, problem, remedy)
        yield code, Severity(severity)


def _silences(tables: object, path: str, lines: dict[KeyPath, int]) -> Iterable[Silence]:
    if not isinstance(tables, list) or not all(isinstance(each, Mapping) for each in tables):
        raise PolicyError(
            path,
            line_of(lines, ("silenced",)),
            "`silenced` is no list of tables.",
            "Write `[[silenced]]`, and below it `code` and `reason`.",
        )
    for index, table in enumerate(tables):
        where = ("silenced", str(index))
        for key, value in table.items():
            line = line_of(lines, (*where, key))
            if key not in _SILENCE_KEYS:
                problem = f"`[[silenced]]` has the unknown key `{key}`."
                raise PolicyError(path, line, problem, suggest(key, _SILENCE_KEYS))
            if key != "reason" and not (isinstance(value, str) and value.strip()):
                problem = f"`{key}` in `[[silenced]]` is {value!r}."
                raise PolicyError(path, line, problem, "Write a name.")
        line = line_of(lines, where)
        if "code" not in table:
            raise PolicyError(
                path, line, "`[[silenced]]` has no `code`.", "Write which finding is meant."
            )
        code = table["code"]
        _check_code(code, path, line_of(lines, (*where, "code")))
        reason = table.get("reason")
        _check_reason(reason, code, path, line_of(lines, (*where, "reason")))
        yield Silence(
            code,
            str(reason).strip(),
            Place(path, line),
            table.get("package"),
            table.get("container"),
        )


def _check_code(code: str, path: str, line: int | None) -> None:
    if code not in FINDING_CODES:
        problem = f"There is no finding with the code `{code}`."
        raise PolicyError(path, line, problem, suggest(code, FINDING_CODES))


def _check_reason(reason: object, subject: str, path: str, line: int | None) -> None:
    if not (isinstance(reason, str) and reason.strip()):
        raise PolicyError(
            path,
            line,
            f"`{subject}` is silenced without a reason.",
            "Say why it can be accepted: whoever reads the report needs to know.",
        )

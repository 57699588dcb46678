"""The federation plan as JSON: schema ``mf-federation-plan``, version 1.

``docs/plan.md`` explains every field, ``plan.schema.json`` beside this file is its JSON Schema.
Containers, packages and keys stand once in lists of their own and are referred to by position.
What is absent is empty, false or unknown.
"""

from __future__ import annotations

import hashlib
from typing import Any, Dict, Iterable, List, Mapping, Sequence, Tuple

from module_federation.sharing.findings import Finding, Severity
from module_federation.sharing.negotiation import (
    Initialize,
    LoadRemote,
    LoadShareSync,
    Step,
)
from module_federation.sharing.plan.members import KeyFacts, Member
from module_federation.sharing.plan.model import (
    ConsumerPlan,
    FederationPlan,
    KeyPlan,
    Possibility,
    Proof,
)
from module_federation.sharing.report.fates import FATES, consumer_groups, fate
from module_federation.sharing.report.replays import Frame, Replay, replays
from module_federation.sharing.report.sizes import KeySizes, key_sizes, totals

SCHEMA = "mf-federation-plan"
SCHEMA_VERSION = 1

MAX_IMPORTERS = 6
"""So many importers of a key are named; ``importersLeftOut`` counts the others."""

Json = Dict[str, Any]


def plan_document(plan: FederationPlan) -> Json:
    """The plan as plain dicts, lists, texts and numbers, ready for ``json.dumps``.

    The same plan gives the same document. Its size grows with containers times keys only where
    containers differ.
    """
    return _Writer(plan).document()


def finding_id(finding: Finding) -> str:
    """A short name for links that stays the same while the finding does."""
    parts = (finding.code, finding.target, finding.package, finding.file, *finding.containers)
    text = "\0".join(each or "" for each in (*parts, finding.message))
    return f"{finding.code}-{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:8]}"


class _Writer:
    """Writes one plan, with the positions of everything in it."""

    def __init__(self, plan: FederationPlan) -> None:
        self._plan = plan
        self._containers = {each.name: index for index, each in enumerate(plan.members)}
        self._keys = {each.key: index for index, each in enumerate(plan.keys)}
        self._packages = {
            name: index for index, name in enumerate(sorted({each.package for each in plan.keys}))
        }
        self._groups = [consumer_groups(each) for each in plan.keys]

    def document(self) -> Json:
        plan = self._plan
        sizes = key_sizes(plan)
        return {
            "schema": SCHEMA,
            "version": SCHEMA_VERSION,
            "host": plan.host,
            "verdict": self._verdict(),
            "containers": [self._container(each) for each in plan.members],
            "packages": [self._package(name) for name in self._packages],
            "keys": [self._key(each, groups) for each, groups in zip(plan.keys, self._groups)],
            "findings": self._findings(),
            "sizes": self._sizes(sizes),
            "replays": [self._replay(each) for each in replays(plan, self._stand_ins())],
        }

    def _verdict(self) -> Json:
        heard = [each for each in self._plan.findings if each.silenced_because is None]
        counts = {
            f"{severity.value}s": sum(each.severity is severity for each in heard)
            for severity in Severity
        }
        proofs = {each.proof for each in self._plan.keys}
        weakest = next(
            (each for each in (Proof.BOUNDED, Proof.ENUMERATED) if each in proofs),
            Proof.ONE_VERSION,
        )
        return {
            "result": "errors"
            if counts["errors"]
            else "warnings"
            if counts["warnings"]
            else "fits",
            **counts,
            "silenced": len(self._plan.findings) - len(heard),
            "proof": weakest.value,
            "states": sum(each.states for each in self._plan.keys),
        }

    def _container(self, member: Member) -> Json:
        container = member.container
        strategy = container.strategy
        aliases = {name: alias for alias, name in sorted(member.remotes.items(), reverse=True)}
        return _without_blanks(
            {
                "name": member.name,
                "label": member.label,
                "kind": member.kind,
                "mode": member.mode,
                "strategy": None if strategy is None else strategy.value,
                "scopes": _list(container.scope) if container.scope != "default" else [],
                "startsRuntime": not container.is_bundle,
                "remotes": [
                    _without_blanks(
                        {
                            "container": self._containers.get(each.name),
                            "name": None if each.name in self._containers else each.name,
                            "alias": aliases.get(each.name),
                            "scopes": _list(each.scope) if each.scope != "default" else [],
                        }
                    )
                    for each in container.remotes
                ],
                "exposes": None if member.exposes is None else list(member.exposes),
                "private": {name: list(member.private[name]) for name in sorted(member.private)},
            }
        )

    def _package(self, name: str) -> Json:
        keys = [self._keys[each.key] for each in self._plan.keys if each.package == name]
        fates = {fate(group[0]) for index in keys for group in self._groups[index]}
        return {
            "name": name,
            "keys": keys,
            "fate": next((each for each in FATES if each in fates), "fits"),
        }

    def _key(self, key: KeyPlan, groups: Sequence[Sequence[ConsumerPlan]]) -> Json:
        return {
            "key": key.key,
            "package": self._packages[key.package],
            "proof": key.proof.value,
            "states": key.states,
            "provides": [
                {"version": version, "containers": self._positions(names)}
                for version, names in key.provides
            ],
            "consumers": [self._consumers(group) for group in groups],
            "facts": self._facts(key.key),
        }

    def _consumers(self, group: Sequence[ConsumerPlan]) -> Json:
        consume = group[0].consume
        return _without_blanks(
            {
                "containers": self._positions(each.container for each in group),
                "range": consume.required if isinstance(consume.required, str) else None,
                "anyVersion": consume.required is False,
                "singleton": bool(consume.singleton),
                "strict": bool(consume.strict),
                "scopes": list(consume.scopes) if consume.scopes != ("default",) else [],
                "fallback": consume.fallback,
                "fate": fate(group[0]),
                "possibilities": [self._possibility(each) for each in group[0].possibilities],
            },
            keep=("possibilities",),
        )

    def _possibility(self, one: Possibility) -> Json:
        return _without_blanks(
            {
                "version": one.version,
                "providers": [] if one.is_private else self._positions(one.providers),
                "private": one.is_private,
                "warnings": list(one.warnings),
                "failure": _failure(one.failure),
                "trace": [self._step(each) for each in one.trace],
            }
        )

    def _step(self, step: Step) -> Json:
        container = self._containers[step.container]
        if isinstance(step, LoadRemote):
            remote = self._containers[step.remote]
            return {"does": "loads", "container": container, "remote": remote}
        if isinstance(step, Initialize):
            return {"does": "initializes", "container": container}
        does = "asks-at-once" if isinstance(step, LoadShareSync) else "asks"
        return {"does": does, "container": container}

    def _facts(self, key: str) -> list[Json]:
        grouped: Dict[str, Tuple[List[int], Json]] = {}
        for index, member in enumerate(self._plan.members):
            facts = member.facts.get(key)
            if facts is None:
                continue
            written = _facts(facts)
            if written:
                grouped.setdefault(repr(written), ([], written))[0].append(index)
        return [{"containers": indices, **written} for indices, written in grouped.values()]

    def _findings(self) -> list[Json]:
        seen: Dict[str, int] = {}
        written: List[Json] = []
        for finding in _by_severity(self._plan.findings):
            name = finding_id(finding)
            seen[name] = seen.get(name, 0) + 1
            number = f"-{seen[name]}" if seen[name] > 1 else ""
            written.append(self._finding(finding, name + number))
        return written

    def _finding(self, finding: Finding, name: str) -> Json:
        return _without_blanks(
            {
                "id": name,
                "code": finding.code,
                "severity": finding.severity.value,
                "message": finding.message,
                "file": finding.file,
                "line": finding.line,
                "target": finding.target,
                "containers": self._positions(finding.containers),
                "package": finding.package,
                "chain": list(finding.chain),
                "remedy": finding.remedy,
                "silencedBecause": finding.silenced_because,
            }
        )

    def _sizes(self, sizes: Sequence[KeySizes]) -> Json:
        sums = totals(sizes)
        return {
            "shared": {"copies": sums.shared_copies, "bytes": sums.shared_bytes},
            "duplicated": {"copies": sums.duplicated_copies, "bytes": sums.duplicated_bytes},
            "saved": {"copies": sums.saved_copies, "bytes": sums.saved_bytes},
            "unknownCopies": sums.unknown,
            "keys": [
                {
                    "key": self._keys[each.key],
                    "copies": [
                        _without_blanks(
                            {
                                "version": copy.version,
                                "private": copy.is_private,
                                "providers": self._positions(copy.providers),
                                "users": self._positions(copy.users),
                                "bytes": copy.bytes,
                            }
                        )
                        for copy in each.copies
                    ],
                }
                for each in sizes
                if each.copies
            ],
        }

    def _replay(self, replay: Replay) -> Json:
        order = {id(each): index for index, each in enumerate(_by_severity(self._plan.findings))}
        findings = sorted(order[id(self._plan.findings[each])] for each in replay.findings)
        return _without_blanks(
            {
                "about": replay.about,
                "findings": findings,
                "keys": [self._keys[each] for each in replay.keys]
                if replay.about == "finding"
                else [],
                "isWhole": replay.is_whole,
                "frames": [self._frame(each) for each in replay.frames],
            },
            keep=("frames",),
        )

    def _frame(self, frame: Frame) -> Json:
        remote = None if frame.remote is None else self._containers[frame.remote]
        return _without_blanks(
            {
                "does": frame.does,
                "container": self._containers[frame.container],
                "remote": remote,
                "arrives": self._positions(frame.arrives),
                "failure": _failure(frame.failure),
                "gets": [
                    _without_blanks(
                        {
                            "key": self._keys[got.key],
                            "version": None
                            if got.outcome.copy is None
                            else got.outcome.copy.version,
                            "from": None
                            if got.outcome.copy is None
                            else self._containers[got.outcome.copy.container],
                            "private": got.outcome.is_private,
                            "warnings": list(got.outcome.warnings),
                            "failure": _failure(got.outcome.failure),
                        }
                    )
                    for got in frame.gets
                ],
            }
        )

    def _stand_ins(self) -> list[str]:
        """Two containers of each behaviour, one of each first, those with the worst fates first."""
        behaviours: Dict[str, List[Tuple[int, int]]] = {
            each.name: [] for each in self._plan.members
        }
        worst = {each.name: len(FATES) for each in self._plan.members}
        for number, groups in enumerate(self._groups):
            for position, group in enumerate(groups):
                rank = FATES.index(fate(group[0]))
                for consumer in group:
                    behaviours[consumer.container].append((number, position))
                    worst[consumer.container] = min(worst[consumer.container], rank)
        seen: Dict[Tuple[Tuple[int, int], ...], int] = {}
        order: Dict[str, Tuple[int, int, int]] = {}
        for index, member in enumerate(self._plan.members):
            behaviour = tuple(behaviours[member.name])
            repetition = seen[behaviour] = seen.get(behaviour, -1) + 1
            order[member.name] = (repetition, worst[member.name], index)
        few = (name for name, (repetition, *_) in order.items() if repetition < 2)
        return sorted(few, key=lambda name: order[name])

    def _positions(self, names: Iterable[str]) -> list[int]:
        return [self._containers[each] for each in names if each in self._containers]


def _facts(facts: KeyFacts) -> Json:
    return _without_blanks(
        {
            "origins": [
                _without_blanks(
                    {
                        "text": each.text,
                        "owner": each.owner,
                        "file": each.file,
                        "line": each.line,
                        "kind": each.kind if each.kind != "dependencies" else None,
                    },
                    keep=("text",),
                )
                for each in facts.origins
            ],
            "versionOrigin": facts.version_origin,
            "importers": list(facts.importers[:MAX_IMPORTERS]),
            "importersLeftOut": max(0, len(facts.importers) - MAX_IMPORTERS),
            "statefulBecause": facts.stateful_because,
            "build": facts.build,
            "bytes": facts.size,
        }
    )


def _failure(failure: Any) -> Json | None:
    return None if failure is None else {"code": failure.code.value, "message": failure.message}


def _by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """Most severe first, silenced ones last, otherwise as they stand."""
    ranks = {severity: rank for rank, severity in enumerate(Severity)}
    return sorted(
        findings, key=lambda each: (each.silenced_because is not None, ranks[each.severity])
    )


def _list(names: str | tuple[str, ...]) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def _without_blanks(fields: Mapping[str, Any], *, keep: tuple[str, ...] = ()) -> Json:
    """The fields without those that are empty, false, zero or None; positions may be zero."""
    return {
        name: value
        for name, value in fields.items()
        if name in keep
        or (
            not (value is None or value is False or value == "" or value == [] or value == {})
            and not (value == 0 and name == "importersLeftOut")
        )
    }

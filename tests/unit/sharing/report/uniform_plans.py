"""Plans of any size without planning: reports are tested apart from what they report on."""

from __future__ import annotations

from types import MappingProxyType

from module_federation.sharing.findings import Finding, Severity
from module_federation.sharing.negotiation import (
    Consume,
    Container,
    LoadRemote,
    LoadShare,
    Provide,
    Remote,
    Step,
)
from module_federation.sharing.plan.members import KeyFacts, Member, RangeOrigin
from module_federation.sharing.plan.model import (
    ConsumerPlan,
    FederationPlan,
    KeyPlan,
    Possibility,
    Proof,
)

NEW, OLD = "2.0.0", "1.0.0"


def uniform_plan(containers: int, keys: int) -> FederationPlan:
    """A host and remotes that share everything.

    Every tenth key is a singleton of which one remote in thirty still has an older version: it is
    warned, and that is a finding.
    """
    names = ["portal", *(f"remote_{number:03}" for number in range(1, containers))]
    shared = [f"@acme/package-{number:02}" for number in range(keys)]
    members = tuple(_member(name, number, shared, names) for number, name in enumerate(names))
    plans = tuple(_key(key, number, members) for number, key in enumerate(shared))
    findings = tuple(
        Finding(
            "unsatisfied-singleton",
            Severity.ERROR,
            f"{consumer.container} asks for {key.key} `^{OLD}`, but gets {NEW}.",
            f"apps/{consumer.container}/package.json",
            10,
            ("The portal loads it first.",),
            f"Install {key.key} {NEW}.",
            f"apps/{consumer.container}:remote",
            (consumer.container, "portal"),
            key.package,
        )
        for key in plans
        for consumer in key.consumers
        if any(each.warnings for each in consumer.possibilities)
    )
    return FederationPlan("portal", members, plans, findings)


def _is_old(key: int, container: int) -> bool:
    return key % 10 == 0 and container % 30 == 29


def _consume(key: str, number: int, container: int) -> Consume:
    version = OLD if _is_old(number, container) else NEW
    return Consume(key, f"^{version}", number % 10 == 0, False, fallback=version)


def _member(name: str, index: int, shared: list[str], names: list[str]) -> Member:
    provides = tuple(
        Provide(key, OLD if _is_old(number, index) else NEW) for number, key in enumerate(shared)
    )
    return Member(
        Container(
            name,
            provides=provides,
            consumes=tuple(_consume(key, number, index) for number, key in enumerate(shared)),
            remotes=() if index else tuple(Remote(each) for each in names[1:]),
        ),
        "remote" if index else "host",
        f"apps/{name}:{'remote' if index else 'host'}",
        "production",
        MappingProxyType(
            {
                key: KeyFacts(
                    key,
                    (RangeOrigin(f"^{NEW}", f"apps/{name}", f"apps/{name}/package.json", line),),
                    importers=(f"apps/{name}/src/App.tsx:{line}",),
                    size=1000 * (1 + line),
                )
                for line, key in enumerate(shared)
            }
        ),
        frozenset(shared),
    )


def _key(key: str, number: int, members: tuple[Member, ...]) -> KeyPlan:
    old = tuple(each.name for index, each in enumerate(members) if _is_old(number, index))
    new = tuple(each.name for each in members if each.name not in old)
    consumers = []
    for index, member in enumerate(members):
        consume = _consume(key, number, index)
        trace: tuple[Step, ...] = (LoadShare("portal", _consume(key, number, 0)),)
        if index:
            trace = (*trace, LoadRemote("portal", member.name), LoadShare(member.name, consume))
        warning = (
            f"Version {NEW} from portal of shared singleton module {key} does not satisfy the "
            f"requirement of {member.name} which needs ^{OLD})"
        )
        warnings = (warning,) if member.name in old else ()
        one = Possibility(NEW, new, warnings=warnings, trace=trace)
        consumers.append(ConsumerPlan(member.name, consume, (one,)))
    provides = ((OLD, old), (NEW, new)) if old else ((NEW, new),)
    proof = Proof.ENUMERATED if old else Proof.ONE_VERSION
    return KeyPlan(key, key, provides, tuple(consumers), proof, 7 if old else 0)

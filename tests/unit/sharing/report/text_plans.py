"""Plans for the text report, written down as the planner would give them."""

from __future__ import annotations

from typing import Sequence

from module_federation.sharing.findings import Finding, Severity
from module_federation.sharing.negotiation import (
    Consume,
    Container,
    Failure,
    FailureCode,
    Remote,
)
from module_federation.sharing.plan.members import Member
from module_federation.sharing.plan.model import (
    ConsumerPlan,
    FederationPlan,
    KeyPlan,
    Possibility,
    Proof,
)


def gets(
    version: str | None,
    *providers: str,
    own: bool = False,
    warns: str | None = None,
    fails: FailureCode | None = None,
) -> Possibility:
    failure = None if fails is None else Failure(fails, "It fails.")
    return Possibility(version, providers, own, (warns,) if warns else (), failure)


def key(
    name: str,
    package: str,
    consumers: Sequence[tuple[str, Sequence[Possibility]]],
    proof: Proof = Proof.ENUMERATED,
) -> KeyPlan:
    plans = tuple(ConsumerPlan(who, Consume(name), tuple(what)) for who, what in consumers)
    return KeyPlan(name, package, (), plans, proof, 0)


def plan(
    names: Sequence[str], keys: Sequence[KeyPlan], findings: Sequence[Finding] = ()
) -> FederationPlan:
    host, *remotes = names
    members = [
        Member(Container(host, remotes=tuple(map(Remote, remotes))), "host", f"apps/{host}:host"),
        *(Member(Container(name), "remote", f"apps/{name}:remote") for name in remotes),
    ]
    return FederationPlan(host, tuple(members), tuple(keys), tuple(findings))


def shop() -> FederationPlan:
    """Four containers, with one of each thing that a table can say."""
    names = ("shell", "account", "cart", "catalog")
    react = [(name, [gets("19.3.1", *names)]) for name in names]
    keys = (
        key("@acme/ui", "@acme/ui", [(name, [gets("1.4.0", "shell")]) for name in names]),
        key(
            "date-fns",
            "date-fns",
            [
                ("cart", [gets("4.1.0", "cart"), gets("4.2.0", "catalog")]),
                ("catalog", [gets("4.2.0", "catalog")]),
            ],
            Proof.BOUNDED,
        ),
        key("lodash", "lodash", [("cart", [gets("4.17.21", "cart", own=True)])]),
        key("moment", "moment", []),
        key("react", "react", react),
        key(
            "react-dom/client",
            "react-dom",
            [
                ("shell", [gets("19.3.1", "shell")]),
                ("cart", [gets("19.3.1", "shell", warns="Version 19.3.1 … does not satisfy")]),
                ("catalog", [gets(None, fails=FailureCode.UNSATISFIED_SINGLETON)]),
            ],
        ),
        key("react/jsx-runtime", "react", react),
    )
    findings = (
        Finding(
            "unsatisfied-singleton",
            Severity.ERROR,
            "cart asks for react-dom `^18.2.0`, but the page has 19.3.1, which shell provides.",
            "apps/cart/package.json",
            12,
            (
                "apps/cart/package.json:12 asks for `^18.2.0` (dependencies)",
                "apps/shell/package.json:9 asks for `^19.3.0` (dependencies); shell has 19.3.1",
            ),
            "In apps/cart/package.json:12 change `^18.2.0` to `^19.3.1`.",
            "apps/cart:remote",
            ("cart", "shell"),
            "react-dom",
        ),
        Finding(
            "order-dependent-version",
            Severity.WARNING,
            "Which date-fns cart gets depends on whether catalog has been loaded.",
            remedy="Make both provide the same version.",
            target="apps/cart:remote",
            containers=("cart", "catalog"),
            package="date-fns",
        ),
        Finding(
            "loaded-twice",
            Severity.INFO,
            "A page loads lodash twice.",
            containers=("cart",),
            package="lodash",
            silenced_because="It is small.",
        ),
    )
    return plan(names, keys, findings)


def large(containers: int = 300, packages: int = 30) -> FederationPlan:
    """Many containers; every fifth package is provided in many versions."""
    names = [f"team_{number:03}_storefront_feature" for number in range(containers)]
    keys = []
    for number in range(packages):
        name = f"@acme/package-{number:02}"
        consumers = []
        for index, who in enumerate(names):
            if number % 5:
                consumers.append((who, [gets("2.0.0", names[0])]))
            else:
                consumers.append((who, [gets(f"1.{index % 10}.0", who, own=index % 10 > 0)]))
        keys.append(key(name, name, consumers, Proof.ONE_VERSION))
    return plan(names, keys)


def fine() -> FederationPlan:
    """Nothing is wrong, and all agree."""
    names = ("shell", "cart")
    fates = [(name, [gets("19.3.1", *names)]) for name in names]
    return plan(names, [key("react", "react", fates, Proof.ONE_VERSION)])

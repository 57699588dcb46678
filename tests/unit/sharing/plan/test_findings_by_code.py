"""Every finding about a federation: one that brings it about, and what a person reads."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

import pytest

from module_federation.sharing.finding_codes import FINDING_CODES
from module_federation.sharing.findings import Finding, Severity
from module_federation.sharing.negotiation import Consume, Remote, Strategy
from module_federation.sharing.plan import planner
from module_federation.sharing.plan.keys import plan_keys
from module_federation.sharing.plan.members import Member, RemoteUse
from unit.sharing.plan.members_by_hand import (
    Shared,
    codes,
    file_of,
    host,
    member,
    only,
    plan,
    share,
)

LOADED_FIRST = Strategy.LOADED_FIRST
NO_RANGE: Shared = ((), (Consume("dayjs"),), {})


@dataclass(frozen=True)
class Case:
    """``said``: what message, chain and remedy must hold; ``place``: of the finding."""

    code: str
    members: tuple[Member, ...]
    place: str
    containers: tuple[str, ...]
    said: tuple[str, ...]
    others: tuple[str, ...] = field(default=())


_SHELL_19 = host(
    "shell",
    share(
        "react",
        "19.3.1",
        singleton=True,
        version_origin="react@19.3.1 in node_modules/react",
        **file_of("shell"),
    ),
)

CASES = (
    Case(
        "unsatisfied-singleton",
        (
            _SHELL_19,
            member(
                "cart",
                share(
                    "react",
                    "18.2.0",
                    singleton=True,
                    line=12,
                    importers=("apps/cart/src/Cart.tsx:3",),
                    **file_of("cart"),
                ),
            ),
        ),
        "apps/cart/package.json:12",
        ("cart", "shell"),
        (
            "cart (apps/cart:remote) asks for react `^18.2.0`, but gets 19.3.1 from shell",
            "apps/cart/package.json:12 asks for `^18.2.0` (dependencies)",
            "shell provides 19.3.1 (react@19.3.1 in node_modules/react)",
            "shell asks for react; shell loads cart; cart asks for react",
            "no version is in both `^18.2.0` of apps/cart/package.json:12",
            " and `^19.3.1` of apps/shell/package.json:10",
            "imported by apps/cart/src/Cart.tsx:3",
            "In apps/cart/package.json:12 change `^18.2.0` to `^19.3.1`",
        ),
    ),
    Case(
        "strict-singleton",
        (
            _SHELL_19,
            member(
                "cart", share("react", "18.2.0", singleton=True, strict=True, **file_of("cart"))
            ),
        ),
        "apps/cart/package.json:10",
        ("cart", "shell"),
        ("but gets 19.3.1 from shell", "the import throws", "change `^18.2.0` to `^19.3.1`"),
    ),
    Case(
        "missing-provider",
        (host("shell"), member("cart", share("react", None, "^18.0.0", import_=False))),
        "",
        ("cart",),
        ("no container of the page provides it", "Let shell (apps/shell:host) share react"),
    ),
    Case(
        "absent-provider",
        (
            host("shell"),
            member("cart", share("react", None, "^18.0.0", import_=False, singleton=True)),
            member("lib", share("react", "18.2.0", singleton=True)),
        ),
        "",
        ("cart", "lib"),
        (
            "Only the remote lib (apps/lib:remote) provides it",
            "Let shell (apps/shell:host), which opens the page, provide react",
        ),
    ),
    Case(
        "eager-consumption",
        (host("shell", share("react", "19.3.1", importers=("a.tsx:1",)), initial=["react"]),),
        "a.tsx:1",
        ("shell",),
        ("before anything can be loaded", "load it by `import()`", "imported by a.tsx:1"),
    ),
    Case(
        "missing-range",
        (host("shell", NO_RANGE), member("cart", share("dayjs", "1.0.0"))),
        "",
        ("shell",),
        ("without naming a range", "throws a TypeError", "`required_version`"),
    ),
    Case(
        "deadlock",
        (
            host("shell", remotes=["cart", "shop"]),
            member("cart", remotes=["shop"]),
            member("shop", remotes=["cart"]),
        ),
        "",
        ("cart", "shop"),
        ("cart and shop load each other", "hangs: shell loads cart", "`loaded-first`"),
    ),
    Case(
        "stateful-loaded-twice",
        (
            host(
                "shell",
                share("react", "19.3.1", stateful_because="react-dom names it as a peer"),
            ),
            member("cart", share("react", "18.2.0", **file_of("cart"))),
        ),
        "apps/cart/package.json:10",
        ("cart", "shell"),
        (
            "2 copies of react: 19.3.1 of shell for shell; 18.2.0 of cart for cart",
            "keeps state: react-dom names it as a peer",
            "shell asks for react; shell loads cart; cart asks for react",
            "In apps/cart/package.json:10 change `^18.2.0` to `^19.3.1`",
        ),
    ),
    Case(
        "loaded-twice",
        (host("shell", share("dayjs", "2.0.0")), member("cart", share("dayjs", "1.0.0"))),
        "",
        ("cart", "shell"),
        ("2 copies of dayjs: 2.0.0 of shell for shell; 1.0.0 of cart for cart",),
    ),
    Case(
        "order-dependent-version",
        (
            host("shell", strategy=LOADED_FIRST),
            member("cart", share("dayjs", "1.1.0", **file_of("cart")), strategy=LOADED_FIRST),
            member("shop", share("dayjs", "1.2.0", "^1.0.0"), strategy=LOADED_FIRST),
        ),
        "apps/cart/package.json:10",
        ("cart", "shop"),
        (
            "cart (apps/cart:remote) and shop get dayjs 1.1.0 or 1.2.0",
            "1.1.0: shell loads cart; cart asks for dayjs",
            "Install one version of dayjs",
        ),
    ),
    Case(
        "name-decides-provider",
        (
            host("shell", share("dayjs", "1.1.0", build="one")),
            member("cart", share("dayjs", "1.1.0", build="two")),
        ),
        "",
        ("shell", "cart"),
        ("the greater container name wins", "build one", "build two"),
    ),
    Case(
        "remote-takes-over",
        (
            host("shell", share("dayjs", "1.1.0", **file_of("shell"))),
            member("cart", share("dayjs", "1.2.0")),
        ),
        "apps/shell/package.json:10",
        ("shell", "cart"),
        ("brings dayjs 1.1.0 along, but gets 1.2.0 from cart", "Install dayjs 1.2.0 for the host"),
    ),
    Case(
        "singleton-disagreement",
        (
            host("shell", share("dayjs", "1.1.0", singleton=True)),
            member("cart", share("dayjs", "1.1.0")),
        ),
        "",
        ("cart", "shell"),
        ("shell shares dayjs as a singleton, cart does not", '`[packages."dayjs"]`'),
    ),
    Case(
        "unreadable-range",
        (
            host("shell", share("dayjs", "1.1.0")),
            member("cart", share("dayjs", "1.1.0", "workspace:*", **file_of("cart"))),
        ),
        "apps/cart/package.json:10",
        ("cart",),
        ("by the rules of the federation runtime: it never shares", "Ask for `1.1.0` instead"),
    ),
    Case(
        "range-read-differently",
        (host("shell", share("dayjs", "1.1.0-rc.1", "^1.0.0")),),
        "",
        ("shell",),
        ("the page takes 1.1.0-rc.1 for it, npm would not", "`^1.0.0 || 1.1.0-rc.1`"),
    ),
    Case(
        "mixed-modes",
        (
            host("shell", share("dayjs", "1.1.0"), mode="production"),
            member("cart", share("dayjs", "1.1.0"), mode="development"),
        ),
        "",
        ("cart", "shell"),
        ("cart (development) may get dayjs 1.1.0 of shell (production)", "Build cart for"),
    ),
    Case(
        "unknown-remote",
        (
            host(
                "shell",
                remotes=["cart"],
                uses=(RemoteUse("crat", "./Cart", "apps/shell/src/a.ts", 3),),
            ),
            member("cart"),
        ),
        "apps/shell/src/a.ts:3",
        ("shell",),
        ("imports `crat/Cart`, but `crat` is no remote of it", "or correct the import"),
    ),
    Case(
        "unknown-expose",
        (
            host("shell", uses=(RemoteUse("cart", "./Crat", "apps/shell/src/a.ts", 4),)),
            member("cart", exposes=("./Cart",)),
        ),
        "apps/shell/src/a.ts:4",
        ("shell", "cart"),
        ("exposes `cart/Cart`", "Did you mean `cart/Cart`?", "Add `./Crat` to the `exposes`"),
    ),
    Case(
        "remote-not-given",
        (host("shell", remotes=["cart"]),),
        "",
        ("shell", "cart"),
        ("loads cart, of which this plan knows nothing",),
    ),
    Case(
        "reserved-key",
        (host("shell", share("constructor", "1.0.0", **file_of("shell"))),),
        "apps/shell/package.json:10",
        ("shell",),
        ("shares `constructor`", "every JavaScript object inherits", "`share = false`"),
    ),
)


def members_of(case: Case) -> tuple[Member, ...]:
    """The members of a case; its host imports remotes by their container names."""
    first, *rest = case.members
    aliases = {each.name: each.name for each in rest}
    return (dataclasses.replace(first, remotes=aliases), *rest)


def _texts(finding: Finding) -> str:
    return "\n".join((finding.message, *finding.chain, finding.remedy))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_finding(case: Case) -> None:
    found = plan(members_of(case))
    assert codes(found) == [case.code]
    finding = only(found, case.code)
    assert finding.place == case.place
    assert finding.severity is FINDING_CODES[case.code].severity
    assert finding.containers == case.containers
    blamed = next(each for each in case.members if each.name == case.containers[0])
    assert finding.target == blamed.label
    for text in case.said:
        assert text in _texts(finding)
    assert not _texts(finding).count("None")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_finding_does_not_depend_on_the_order_of_members(case: Case) -> None:
    first, *rest = members_of(case)
    remotes = first.container.remotes or tuple(Remote(each.name) for each in rest)
    shell = dataclasses.replace(
        first, container=dataclasses.replace(first.container, remotes=remotes)
    )
    forwards = planner.plan_federation((shell, *rest), "shell")
    backwards = planner.plan_federation((*reversed(rest), shell), "shell")
    assert forwards.findings == backwards.findings


def test_orders_that_are_too_many_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    # The limit of states is lowered rather than a federation made that takes seconds to play.
    monkeypatch.setattr(
        planner,
        "plan_keys",
        lambda members, host, only=None: plan_keys(members, host, only=only, limit=2),
    )
    found = plan(
        (
            host("shell", strategy=LOADED_FIRST),
            *(
                member(name, share("dayjs", f"1.{index}.0", "*"), strategy=LOADED_FIRST)
                for index, name in enumerate(("cart", "shop", "news"))
            ),
        )
    )
    finding = only(found, "unchecked-orders")
    assert finding.severity is Severity.INFO
    assert "too many load orders of dayjs" in finding.message
    assert finding.containers == ("shell",)


def test_every_code_about_a_federation_is_brought_about() -> None:
    of_containers = {
        "unresolved-import", "not-installed", "undeclared-dependency", "missing-dependency",
        "missing-peer", "empty-intersection", "installed-outside-range", "two-copies",
        "range-adjusted", "incoherent-family", "family-left-out", "stateful-not-singleton",
        "bypassed-share", "unused-shared-entry", "unused-silence",
        "broken-mount", "mount-left-out", "mount-undecided", "no-backstage-feature",
        # Of what the command `federation` was given.
        "remote-not-loaded", "remote-not-deployed", "manifest-only",
    }  # fmt: skip
    here = {each.code for each in CASES} | {"unchecked-orders"}
    assert here == set(FINDING_CODES) - of_containers

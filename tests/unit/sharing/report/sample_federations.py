"""Federations of any size with conflicts of every kind, for looking at reports of them."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from types import MappingProxyType

from module_federation.sharing.negotiation import Consume, Container, Provide, Remote, Strategy
from module_federation.sharing.plan.members import KeyFacts, Member, RangeOrigin, RemoteUse

KILOBYTE = 1024


@dataclass(frozen=True)
class Package:
    """A package that samples share: its keys with their sizes in bytes, and what most provide."""

    name: str
    version: str
    keys: tuple[tuple[str, int], ...]
    singleton: bool = False


def _package(
    name: str, version: str, kilobytes: float, *subpaths: str, single: bool = False
) -> Package:
    keys = (
        (name, int(kilobytes * KILOBYTE)),
        *((f"{name}/{each}", 2 * KILOBYTE) for each in subpaths),
    )
    return Package(name, version, keys, single)


REACT = _package("react", "19.1.0", 18, "jsx-runtime", single=True)
REACT_DOM = _package("react-dom", "19.1.0", 182, "client", single=True)
ROUTER = _package("react-router", "7.6.2", 96, single=True)
STORE = _package("@storefront/store", "1.4.0", 11, single=True)
UI = _package("@storefront/ui", "2.0.3", 64, "theme")
DATES = _package("date-fns", "4.1.0", 78)
QUERY = _package("@tanstack/react-query", "5.62.7", 44)
LODASH = _package("lodash", "4.17.21", 71)
I18N = _package("i18next", "24.2.0", 42, single=True)

_MORE = tuple(
    _package(name, version, size)
    for name, version, size in (
        ("zustand", "5.0.2", 4),
        ("immer", "10.1.1", 14),
        ("clsx", "2.1.1", 1),
        ("zod", "3.24.1", 56),
        ("axios", "1.7.9", 35),
        ("d3-scale", "4.0.2", 22),
        ("d3-shape", "3.2.0", 18),
        ("dompurify", "3.2.3", 21),
        ("react-hook-form", "7.54.2", 29),
        ("framer-motion", "11.15.0", 118),
        ("@acme/auth", "3.1.0", 27),
        ("@acme/telemetry", "1.12.4", 19),
        ("@acme/feature-flags", "2.7.0", 9),
        ("@acme/design-tokens", "6.0.0", 6),
        ("@acme/charts", "0.14.2", 88),
        ("@acme/table", "4.2.1", 73),
        ("@acme/forms", "5.5.0", 38),
        ("@acme/http", "2.2.2", 12),
        ("@acme/session", "1.0.8", 7),
        ("@acme/permissions", "1.3.1", 8),
        ("graphql", "16.10.0", 40),
        ("@apollo/client", "3.12.4", 131),
        ("luxon", "3.5.0", 68),
        ("uuid", "11.0.3", 3),
        ("mitt", "3.0.1", 1),
        ("rxjs", "7.8.1", 92),
        ("@floating-ui/react", "0.27.2", 33),
        ("@radix-ui/react-dialog", "1.1.4", 24),
        ("@radix-ui/react-popover", "1.1.4", 25),
        ("@radix-ui/react-tooltip", "1.1.6", 23),
        ("highlight.js", "11.11.1", 112),
        ("marked", "15.0.4", 39),
        ("xstate", "5.19.0", 47),
        ("yup", "1.6.1", 41),
        ("decimal.js", "10.4.3", 31),
        ("papaparse", "5.4.1", 19),
        ("idb", "8.0.1", 3),
        ("comlink", "4.4.2", 5),
        ("qs", "6.13.1", 11),
        ("nanoid", "5.0.9", 1),
        ("semver", "7.6.3", 25),
        ("p-limit", "6.2.0", 1),
    )
)

PACKAGES = (REACT, REACT_DOM, ROUTER, STORE, UI, DATES, QUERY, LODASH, I18N, *_MORE)
"""51 packages, 55 keys."""


@dataclass(frozen=True)
class Share:
    """How one container shares one package; None for what most do."""

    package: Package
    version: str | None = None
    range: str | bool | None = None
    strict: bool = False
    singleton: bool | None = None
    brings_copy: bool = True
    eager: bool = False


def member(
    name: str,
    folder: str,
    *shares: Share,
    remotes: tuple[str, ...] = (),
    kind: str = "remote",
    strategy: Strategy = Strategy.VERSION_FIRST,
    mode: str = "production",
    exposes: tuple[str, ...] | None = None,
    uses: tuple[RemoteUse, ...] = (),
    later: tuple[str, ...] = (),
    private: dict[str, tuple[str, ...]] | None = None,
) -> Member:
    """One container; ``later`` names packages that it asks for only after its start."""
    provides: list[Provide] = []
    consumes: list[Consume] = []
    facts: dict[str, KeyFacts] = {}
    at_start: set[str] = set()
    for number, share in enumerate(shares):
        package = share.package
        version = share.version or package.version
        wanted = share.range if share.range is not None else f"^{version}"
        singleton = package.singleton if share.singleton is None else share.singleton
        for key, size in package.keys:
            if share.brings_copy:
                provides.append(
                    Provide(key, version, "default", wanted, singleton, share.strict, share.eager)
                )
            consumes.append(
                Consume(
                    key,
                    wanted,
                    singleton,
                    share.strict,
                    share.eager,
                    fallback=version if share.brings_copy else None,
                )
            )
            if package.name not in later:
                at_start.add(key)
            facts[key] = KeyFacts(
                package.name,
                (RangeOrigin(str(wanted), folder, f"{folder}/package.json", 9 + number),),
                f"{package.name}@{version} in node_modules/{package.name}",
                (f"{folder}/src/App.tsx:{2 + number}",),
                f"react-dom@{version} names it as a peer dependency" if key == "react" else None,
                size=size if share.brings_copy else None,
            )
    return Member(
        Container(
            name,
            strategy,
            tuple(provides),
            tuple(consumes),
            tuple(Remote(each) for each in remotes),
        ),
        kind,
        f"{folder}:{'host' if kind == 'host' else 'remote'}",
        mode,
        MappingProxyType(facts),
        frozenset(at_start),
        certain=frozenset(facts),
        remotes=MappingProxyType({each.split("__")[-1]: each for each in remotes}),
        exposes=exposes,
        uses=uses,
        private=MappingProxyType(private or {}),
    )


def storefront() -> tuple[tuple[Member, ...], str]:
    """A shell with three remotes; one is a React behind, one has its own idea of lodash."""
    shell = member(
        "storefront__shell",
        "apps/shell",
        *(Share(each) for each in (REACT, REACT_DOM, ROUTER, STORE, UI)),
        Share(DATES, brings_copy=False),
        kind="host",
        remotes=("storefront__catalog", "storefront__cart", "storefront__account"),
        uses=(
            RemoteUse("catalog", "./Catalog", "apps/shell/src/routes.tsx", 7),
            RemoteUse("cart", "./Cart", "apps/shell/src/routes.tsx", 8),
            RemoteUse("account", "./Account", "apps/shell/src/routes.tsx", 9),
        ),
    )
    catalog = member(
        "storefront__catalog",
        "apps/catalog",
        *(Share(each) for each in (REACT, REACT_DOM, ROUTER, STORE, UI, QUERY, DATES)),
        Share(LODASH),
        exposes=("./Catalog", "./Product"),
    )
    cart = member(
        "storefront__cart",
        "apps/cart",
        Share(REACT, "18.3.1"),
        Share(REACT_DOM, "18.3.1"),
        Share(ROUTER),
        Share(STORE, "1.5.2"),
        Share(UI),
        Share(LODASH, "3.10.1"),
        exposes=("./Cart",),
        later=("lodash",),
        private={"currency.js": ("2.0.4",)},
    )
    account = member(
        "storefront__account",
        "apps/account",
        *(Share(each) for each in (REACT, REACT_DOM, ROUTER)),
        Share(STORE, "1.4.0", "~1.4.0", strict=True),
        Share(QUERY, "5.61.0", "^5.0.0"),
        exposes=("./Account",),
        remotes=("storefront__cart",),
    )
    return (shell, account, cart, catalog), "storefront__shell"


def clean_storefront() -> tuple[tuple[Member, ...], str]:
    """The same with nothing to complain of."""
    names = ("account", "cart", "catalog")
    shares = [Share(each) for each in (REACT, REACT_DOM, ROUTER, STORE)]
    shell = member(
        "storefront__shell",
        "apps/shell",
        *shares,
        kind="host",
        remotes=tuple(f"storefront__{each}" for each in names),
    )
    remotes = [
        member(f"storefront__{each}", f"apps/{each}", *shares, exposes=(f"./{each.title()}",))
        for each in names
    ]
    return (shell, *remotes), "storefront__shell"


_DOMAINS = ("orders", "billing", "search", "profile", "admin", "reports", "chat", "media")


def large(count: int, seed: int = 1) -> tuple[tuple[Member, ...], str]:
    """A portal with ``count`` containers, most of which are of a few kinds, and some odd ones."""
    chance = random.Random(seed)
    kinds = [
        (REACT, REACT_DOM, *chance.sample(PACKAGES[2:], chance.randint(18, 34)))
        for _ in range(min(9, max(3, count // 5)))
    ]
    remotes: list[Member] = []
    nested: dict[int, tuple[str, ...]] = {}
    for number in range(count - 1):
        domain = _DOMAINS[number % len(_DOMAINS)]
        name = f"{domain}_{number // len(_DOMAINS):02}"
        if number % 25 == 24:
            nested[number - 1] = (name,)
        remotes.append(
            _portal_remote(name, f"apps/{domain}/{name}", number, kinds[number % len(kinds)])
        )
    for number, names in nested.items():
        remotes[number] = _with_remotes(remotes[number], names)
    owned = {name for names in nested.values() for name in names}
    host = member(
        "portal",
        "apps/portal",
        *(Share(each) for each in PACKAGES[:30]),
        kind="host",
        remotes=tuple(each.name for each in remotes if each.name not in owned),
    )
    return (host, *sorted(remotes, key=lambda each: each.name)), "portal"


def _portal_remote(name: str, folder: str, number: int, packages: tuple[Package, ...]) -> Member:
    shares = [Share(each) for each in packages]
    odd = number % 40
    if odd == 7:
        shares[0] = Share(REACT, "18.3.1")
        shares[1] = Share(REACT_DOM, "18.3.1")
    elif odd == 13:
        shares = [*(each for each in shares if each.package is not LODASH), Share(LODASH, "3.10.1")]
    elif odd == 19:
        shares = [
            *(each for each in shares if each.package is not I18N),
            Share(I18N, "23.16.8", "^23.0.0", strict=True),
        ]
    elif odd == 23:
        shares = [*(each for each in shares if each.package is not DATES)]
        shares.append(Share(DATES, range="^3.0.0", brings_copy=False))
    elif odd == 31:
        shares = [*(each for each in shares if each.package is not QUERY), Share(QUERY, "5.60.1")]
    elif odd == 37:
        shares = [
            *(each for each in shares if each.package is not UI),
            Share(UI, "2.1.0", "^2.0.0"),
        ]
    mode = "development" if number == 17 else "production"
    return member(name, folder, *shares, exposes=("./App",), mode=mode)


def _with_remotes(owner: Member, names: tuple[str, ...]) -> Member:
    container = replace(owner.container, remotes=tuple(Remote(each) for each in names))
    return replace(
        owner, container=container, remotes=MappingProxyType({each: each for each in names})
    )

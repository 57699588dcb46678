"""Short ways to write down a federation by hand."""

from __future__ import annotations

from module_federation.sharing.negotiation import (
    Consume,
    Container,
    Provide,
    Remote,
    ScopeNames,
    Strategy,
)


def provide(
    version: str | None, key: str = "react", scope: str = "default", **flags: bool
) -> Provide:
    return Provide(key, version, scope, f"^{version}", False, False, **flags)


def container(
    name: str,
    *provides: Provide | str,
    remotes: tuple[Remote | str, ...] = (),
    strategy: Strategy | None = Strategy.VERSION_FIRST,
    scope: ScopeNames = "default",
    is_bundle: bool = True,
) -> Container:
    return Container(
        name,
        strategy,
        tuple(provide(each) if isinstance(each, str) else each for each in provides),
        (),
        tuple(Remote(each) if isinstance(each, str) else each for each in remotes),
        scope,
        is_bundle,
    )


def ask(
    required: str | bool | None,
    *,
    key: str = "react",
    singleton: bool = False,
    strict: bool = False,
    scopes: tuple[str, ...] = ("default",),
    fallback: str | None = "0.0.1",
) -> Consume:
    return Consume(key, required, singleton, strict, False, scopes, fallback)


def single(required: str | bool, strict: bool = False) -> Consume:
    return ask(required, singleton=True, strict=strict)

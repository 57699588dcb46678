"""What the federation runtime of a page shares, in the words of the bundler's configuration.

Reads the runtime's own tables: `__FEDERATION__.__INSTANCES__[..].options.shared` (what a container
brought) and `.shareScopeMap` (what the page ended up with), of `@module-federation/runtime-core`
2.9.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional, Union

from playwright.sync_api import Page

SharedConfig = Mapping[str, Mapping[str, Any]]
"""The `shared` map of one container: key to the options of the federation plugin."""


@dataclass(frozen=True, order=True)
class Offer:
    """One version of one shared key that a container brings along."""

    key: str
    version: str
    required_version: str
    singleton: bool
    strict_version: bool
    eager: bool
    scope: str


@dataclass(frozen=True)
class Provision:
    """One entry of the page's share scope: who provides the copy, who uses it, is it loaded."""

    scope: str
    key: str
    version: str
    provider: str
    users: tuple[str, ...]
    loaded: bool


_OFFERS = """() => __FEDERATION__.__INSTANCES__.map(({ name, options }) => [
  name,
  Object.entries(options.shared).flatMap(([key, entries]) =>
    [entries].flat().flatMap(({ version, scope, shareConfig }) =>
      [scope].flat().map((one) => ({ key, version, scope: one, ...shareConfig }))),
  ),
])"""

_PROVISIONS = """() => __FEDERATION__.__INSTANCES__.map(({ name, shareScopeMap }) => [
  name,
  Object.entries(shareScopeMap).flatMap(([scope, keys]) =>
    Object.entries(keys).flatMap(([key, versions]) =>
      Object.entries(versions).map(([version, { from, useIn, loaded, lib }]) =>
        ({ scope, key, version, from, useIn, loaded: Boolean(loaded || lib) })))),
])"""


def offers_in_page(page: Page) -> dict[str, list[Offer]]:
    """For every live container, what it brought, in order."""
    return {
        name: sorted(
            Offer(
                key=entry["key"],
                version=entry["version"],
                required_version=_range_text(entry.get("requiredVersion")),
                singleton=bool(entry.get("singleton")),
                strict_version=bool(entry.get("strictVersion")),
                eager=bool(entry.get("eager")),
                scope=entry["scope"],
            )
            for entry in entries
        )
        for name, entries in page.evaluate(_OFFERS)
    }


def provisions_in_page(page: Page) -> dict[str, list[Provision]]:
    """For every live container, the share scopes as it sees them."""
    return {
        name: [
            Provision(
                scope=entry["scope"],
                key=entry["key"],
                version=entry["version"],
                provider=entry["from"],
                users=tuple(sorted(entry["useIn"])),
                loaded=entry["loaded"],
            )
            for entry in entries
        ]
        for name, entries in page.evaluate(_PROVISIONS)
    }


def offers_computed(shared: SharedConfig) -> list[Offer]:
    """What a container with this configuration must bring, in order.

    Keys with `import: false` are only asked for, and so bring nothing.
    """
    return sorted(
        Offer(
            key=key,
            version=options["version"],
            required_version=_range_text(options.get("requiredVersion")),
            singleton=bool(options.get("singleton")),
            strict_version=_is_strict(options),
            eager=bool(options.get("eager")),
            scope=scope,
        )
        for key, options in shared.items()
        if options.get("import") is not False
        for scope in _scopes(options.get("shareScope"))
    )


def _scopes(value: Union[str, list[str], None]) -> list[str]:
    if value is None:
        return ["default"]
    return [value] if isinstance(value, str) else value


def _range_text(value: Union[str, bool, None]) -> str:
    return value if isinstance(value, str) else "*"


def _is_strict(options: Mapping[str, Any]) -> bool:
    strict: Optional[bool] = options.get("strictVersion")
    return bool(strict)

"""A federation as the runtime sees it: who provides what, asks for what, and loads whom.

It says what the bundles say, no more; what the runtime makes of it is said in the other modules.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import Tuple, Union

ScopeNames = Union[str, Tuple[str, ...]]
"""A share scope, or several. To the runtime one name is not the same as a list of one name."""

UNVERSIONED = "0"
"""What the runtime calls the version of a provide without one (``formatShare``)."""

# A JavaScript object inherits these names: the runtime would take ``Object`` for the registered
# versions of a package named "constructor".
INHERITED_NAMES = frozenset(
    (
        "__defineGetter__",
        "__defineSetter__",
        "__lookupGetter__",
        "__lookupSetter__",
        "__proto__",
        "constructor",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
        "toString",
        "valueOf",
    )
)


class FederationError(ValueError):
    """A federation, or a step in it, that cannot be: the message says what and where."""


class Strategy(enum.Enum):
    """A container's ``shareStrategy``."""

    VERSION_FIRST = "version-first"
    LOADED_FIRST = "loaded-first"


@dataclass(frozen=True)
class Provide:
    """One version of one shared module that a container brings along.

    Attributes:
        key: The share key, e.g. ``react-dom/client``.
        version: The exact version, or None where the bundle names none.
        required: The range that goes with it: a text, False for none, or None for the runtime's
            default, ``^version``. It counts only for a consumer in the same container that does
            not name a range itself. The same holds for ``singleton`` and ``strict``.
        eager: The code is part of the entry, so it can be had synchronously.
        loaded: The module itself is given instead of a way to get it (``lib``): only an
            application that starts the runtime itself can do that.
    """

    key: str
    version: str | None
    scope: str = "default"
    required: str | bool | None = None
    singleton: bool | None = None
    strict: bool | None = None
    eager: bool = False
    loaded: bool = False


@dataclass(frozen=True)
class Consume:
    """One way in which a container asks for a shared module.

    Attributes:
        key: The share key.
        required: The range: a text, False for any version, or None when the bundle names none.
        singleton: Whether all consumers share one instance; None when the bundle says nothing.
        strict: Whether a version that does not fit throws; None when the bundle says nothing.
        scopes: The share scopes, in the order in which they are tried.
        fallback: The version of the container's own copy, which is loaded when the share scope has
            nothing that fits; None when there is none (``import: false``).
    """

    key: str
    required: str | bool | None = None
    singleton: bool | None = None
    strict: bool | None = None
    eager: bool | None = None
    scopes: tuple[str, ...] = ("default",)
    fallback: str | None = None


@dataclass(frozen=True)
class Remote:
    """A container that another one loads, and the share scope (or scopes) that it hands over."""

    name: str
    scope: ScopeNames = "default"


@dataclass(frozen=True)
class Container:
    """A host or a remote.

    Attributes:
        name: Unique in the page; between equal versions the greater name wins.
        strategy: None only where an application starts the runtime itself and names no strategy.
        scope: The share scope (or scopes) that the container, as a remote, takes from its host.
        consumes: What it asks for. ``negotiation`` only answers for what a step names; this is
            for those who make up the steps.
        is_bundle: False for an application that starts the runtime itself (Backstage's way). It
            provides and loads remotes, and consumes nothing.
    """

    name: str
    strategy: Strategy | None = Strategy.VERSION_FIRST
    provides: tuple[Provide, ...] = ()
    consumes: tuple[Consume, ...] = ()
    remotes: tuple[Remote, ...] = ()
    scope: ScopeNames = "default"
    is_bundle: bool = True


@dataclass(frozen=True)
class Federation:
    """Every container that one page can load.

    Attributes:
        arrival: The order in which entries arrive when several are on their way; containers that
            are not named come last, in the order of ``containers``.
        offline: Containers whose entry cannot be loaded.

    Raises:
        FederationError: two containers with one name, a remote that is none of the containers, or
            a name that JavaScript objects inherit, which the runtime mistakes for its own data.
    """

    containers: tuple[Container, ...]
    arrival: tuple[str, ...] = ()
    offline: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        known: dict[str, Container] = {}
        for container in self.containers:
            if container.name in known:
                raise FederationError(
                    f"Two containers are named {container.name!r}: the page takes them for one. "
                    "Rename one of them."
                )
            known[container.name] = container
        for container in self.containers:
            _check_names(container)
            for remote in container.remotes:
                _check_remote(container, remote, known.get(remote.name))

    def by_key(self) -> dict[str, Federation]:
        """For every share key the same federation as if nothing else were shared.

        Keys do not influence each other, so each can be studied alone; see ``negotiation``.
        """
        provides: dict[str, dict[str, list[Provide]]] = {}
        consumes: dict[str, dict[str, list[Consume]]] = {}
        for container in self.containers:
            for provide in container.provides:
                of_key = provides.setdefault(provide.key, {})
                of_key.setdefault(container.name, []).append(provide)
            for consume in container.consumes:
                asked = consumes.setdefault(consume.key, {})
                asked.setdefault(container.name, []).append(consume)
        return {
            key: replace(
                self,
                containers=tuple(
                    replace(
                        container,
                        provides=tuple(provides.get(key, {}).get(container.name, ())),
                        consumes=tuple(consumes.get(key, {}).get(container.name, ())),
                    )
                    for container in self.containers
                ),
            )
            for key in {**provides, **consumes}
        }


def scope_names(scope: ScopeNames) -> tuple[str, ...]:
    """One name or several, as several."""
    return (scope,) if isinstance(scope, str) else scope


def _check_remote(container: Container, remote: Remote, loaded: Container | None) -> None:
    if loaded is None:
        raise FederationError(
            f"Container {container.name!r} loads {remote.name!r}, which is no container of this "
            "federation. Add it, or remove it from the remotes."
        )
    if not loaded.is_bundle:
        raise FederationError(
            f"Container {container.name!r} loads {remote.name!r}, which starts the runtime itself "
            "and so has no entry. Remove it from the remotes."
        )
    for owner, scope in ((remote.name, loaded.scope), (container.name, remote.scope)):
        if not scope or not all(scope):
            raise FederationError(
                f"Container {owner!r} has a share scope without a name, or an empty list of them. "
                "Name it, or leave it out: it is called 'default' then."
            )


def _check_names(container: Container) -> None:
    names = [*scope_names(container.scope)]
    for remote in container.remotes:
        names += scope_names(remote.scope)
    for provide in container.provides:
        names += [provide.key, provide.scope, provide.version or UNVERSIONED]
    for consume in container.consumes:
        names += [consume.key, *consume.scopes]
    for name in names:
        if name in INHERITED_NAMES:
            raise FederationError(
                f"Container {container.name!r} shares something under the name {name!r}, which "
                "every JavaScript object inherits: the runtime mistakes it for its own data. "
                "Do not share it."
            )

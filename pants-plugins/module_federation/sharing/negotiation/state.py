"""What a page has registered and loaded at one moment, and the elementary changes to it.

``PageState`` never changes; a step copies what it touches into a ``PageDraft`` and freezes it at
its end. Share scopes are objects with an identity, as in the runtime: a host hands its own over to
a remote, which may know it under another name.

Source of the rules: ``@module-federation/runtime-core`` 2.9.2, ``dist/shared/index`` and
``dist/utils/share``; the function is named at each rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Dict, FrozenSet, List, Tuple

from module_federation.sharing.negotiation.choice import (
    Copy,
    Share,
    is_greater_name,
    object_keys,
)
from module_federation.sharing.negotiation.model import (
    UNVERSIONED,
    Container,
    Federation,
    Provide,
    Strategy,
)

Node = Tuple[str, str, str]
"""Something that others wait for: ("module", host, remote) or ("scope", container, scope name)."""

ShareId = int
ScopeId = int

_Versions = Dict[str, ShareId]
_Scope = Dict[str, _Versions]


@dataclass(frozen=True)
class OwnShares:
    """Where the shares of one container's own are: by key, and by share scope."""

    by_key: Mapping[str, tuple[ShareId, ...]]
    by_scope: Mapping[str, tuple[ShareId, ...]]


@dataclass(frozen=True)
class Page:
    """What does not change while a page lives."""

    federation: Federation
    containers: Mapping[str, Container]
    own: Mapping[str, OwnShares]
    arrival_rank: Mapping[str, int]


@dataclass(frozen=True)
class PageState:
    """One moment of a page, between two steps. Not to be changed, nor its mappings.

    Attributes:
        shares: Every share that exists; the ids are its indices.
        scopes: Every share scope that exists: key → version → share.
        scope_maps: Container → the name it knows a share scope by → the share scope.
        inited: (host, remote) pairs whose initialisation has begun.
        shared_scopes: (container, scope name) pairs that a host has had initialised.
        arrived: Containers whose entry is there.
        waits: What has begun and is not finished, each with what it waits for. Between two steps
            only what will never finish is left.
    """

    page: Page
    shares: tuple[Share, ...]
    scopes: tuple[Mapping[str, Mapping[str, ShareId]], ...]
    scope_maps: Mapping[str, Mapping[str, ScopeId]]
    inited: FrozenSet[Tuple[str, str]] = frozenset()
    shared_scopes: FrozenSet[Tuple[str, str]] = frozenset()
    arrived: FrozenSet[str] = frozenset()
    waits: Mapping[Node, FrozenSet[Node]] = field(default_factory=dict)

    def identity(self) -> tuple[object, ...]:
        """A hashable value; two moments of one page with equal identities have one future."""
        return (
            self.shares,
            tuple(
                tuple((key, tuple(versions.items())) for key, versions in sorted(scope.items()))
                for scope in self.scopes
            ),
            tuple(tuple(names.items()) for names in self.scope_maps.values()),
            self.inited,
            self.shared_scopes,
            self.arrived,
            tuple(sorted((node, tuple(sorted(others))) for node, others in self.waits.items())),
        )

    def share_scope(self, container: str, name: str) -> dict[str, list[Share]]:
        """A share scope as a container sees it: key → its shares, in the runtime's own order."""
        scope_id = self.scope_maps[container].get(name)
        if scope_id is None:
            return {}
        return {
            key: [self.shares[versions[version]] for version in object_keys(versions)]
            for key, versions in self.scopes[scope_id].items()
        }


def start(federation: Federation) -> PageState:
    """The page before anything has happened: every container knows only itself.

    The runtime registers shares twice. At first, when a bundle starts, only the first version of
    a key is stored, and as an object of its own (``registerShared``, ``setShared``); all
    versions follow when the share scope is initialised.
    """
    shares: list[Share] = []
    scopes: list[_Scope] = []
    own: dict[str, OwnShares] = {}
    scope_maps: dict[str, dict[str, ScopeId]] = {}
    for container in federation.containers:
        by_key: dict[str, list[ShareId]] = {}
        by_scope: dict[str, list[ShareId]] = {}
        names = scope_maps[container.name] = {}
        for share in _own_shares(container):
            (scope,) = share.scopes
            by_key.setdefault(share.copy.key, []).append(len(shares))
            by_scope.setdefault(scope, []).append(len(shares))
            shares.append(share)
            if scope not in names:
                names[scope] = len(scopes)
                scopes.append({})
            if share.copy.key not in scopes[names[scope]]:
                scopes[names[scope]][share.copy.key] = {share.copy.version: len(shares)}
                shares.append(share)
        own[container.name] = OwnShares(
            {key: tuple(ids) for key, ids in by_key.items()},
            {scope: tuple(ids) for scope, ids in by_scope.items()},
        )
    order = [*federation.arrival, *(each.name for each in federation.containers)]
    page = Page(
        federation,
        {each.name: each for each in federation.containers},
        own,
        {name: rank for rank, name in reversed(list(enumerate(order)))},
    )
    return PageState(page, tuple(shares), tuple(scopes), scope_maps)


def _own_shares(container: Container) -> Iterator[Share]:
    """Source: ``formatShare``. A bundle's data are grouped by scope (``initializeSharingData``)."""
    provides: Iterable[Provide] = container.provides
    if container.is_bundle:
        scopes = object_keys(dict.fromkeys(provide.scope for provide in provides))
        provides = sorted(provides, key=lambda provide: scopes.index(provide.scope))
    for provide in provides:
        version = UNVERSIONED if provide.version is None else provide.version
        # The default range is made of what the bundle says, which is nothing at all.
        default_range = f"^{'undefined' if provide.version is None else provide.version}"
        copy = Copy(container.name, provide.key, version)
        yield Share(
            copy,
            (provide.scope,),
            container.strategy or Strategy.VERSION_FIRST,
            provide.eager,
            provide.eager and container.is_bundle,
            container.name,
            default_range if provide.required is None else provide.required,
            bool(provide.singleton),
            bool(provide.strict),
            loaded=provide.loaded,
            lib=copy if provide.loaded else None,
        )


class PageDraft:
    """A ``PageState`` that a step may change; ``freeze`` gives the next one."""

    def __init__(self, state: PageState) -> None:
        self.page = state.page
        self.shares: List[Share] = list(state.shares)
        self.scope_maps: Dict[str, Mapping[str, ScopeId]] = dict(state.scope_maps)
        self.inited = set(state.inited)
        self.shared_scopes = set(state.shared_scopes)
        self.arrived = set(state.arrived)
        self.waits: Dict[Node, FrozenSet[Node]] = dict(state.waits)
        self._scopes: List[Mapping[str, Mapping[str, ShareId]]] = list(state.scopes)

    def freeze(self) -> PageState:
        """The state that the changes have led to. The draft is of no use afterwards."""
        return PageState(
            self.page,
            tuple(self.shares),
            tuple(self._scopes),
            self.scope_maps,
            frozenset(self.inited),
            frozenset(self.shared_scopes),
            frozenset(self.arrived),
            self.waits,
        )

    def scope_id(self, container: str, name: str) -> ScopeId:
        """The share scope that a container knows by this name; an empty one, if there is none."""
        names = self.scope_maps[container]
        if name not in names:
            self.set_scope(container, name, len(self._scopes))
            self._scopes.append({})
        return self.scope_maps[container][name]

    def set_scope(self, container: str, name: str, scope_id: ScopeId) -> None:
        """Makes a container know a share scope by this name. Source: ``initShareScopeMap``."""
        self.scope_maps[container] = {**self.scope_maps[container], name: scope_id}

    def versions(self, container: str, scope: str, key: str) -> Mapping[str, ShareId] | None:
        """The versions of a key in a share scope; None when there are none."""
        scope_id = self.scope_maps[container].get(scope)
        return None if scope_id is None else self._scopes[scope_id].get(key)

    def register_own(self, container: str, scope: str) -> None:
        """Puts a container's own shares into a share scope.

        A version that is there already is replaced only while it is not loaded, neither it nor
        its container is eager or ``loaded-first``, and the new container's name is greater than
        that of its owner. (The runtime means eagerness to decide first, but looks for the new
        share's at a place where no bundle puts it.)

        Source: ``register`` in ``initializeSharing``.
        """
        scope_id = self.scope_id(container, scope)
        for share_id in self.page.own[container].by_scope.get(scope, ()):
            new = self.shares[share_id].copy
            current_id = self._scopes[scope_id].get(new.key, {}).get(new.version)
            if current_id is None or self._gives_way(self.shares[current_id], container):
                self._put(scope_id, new, share_id)

    @staticmethod
    def _gives_way(current: Share, container: str) -> bool:
        return (
            current.strategy is not Strategy.LOADED_FIRST
            and not current.loaded
            and not current.eager
            and is_greater_name(container, current.owner)
        )

    def set_shared(
        self,
        container: str,
        share: Share,
        *,
        loaded: bool = False,
        loading: Copy | None = None,
        lib: Copy | None = None,
    ) -> None:
        """Notes in the scopes of a share that a container has asked for it, or has loaded it.

        The scopes are those named by the share, looked up among those that the *consumer* knows:
        where it knows none by that name, or none with that version, a new share appears. What is
        known already is kept, except for the owner, which becomes the consumer.

        Source: ``setShared``.
        """
        for scope in share.scopes:
            scope_id = self.scope_id(container, scope)
            versions = self._scopes[scope_id].get(share.copy.key, {})
            share_id = versions.get(share.copy.version)
            if share_id is None:
                share_id = len(self.shares)
                self.shares.append(share._replace(scopes=(scope,), lib=lib))
                self._put(scope_id, share.copy, share_id)
            registered = self.shares[share_id]
            self.shares[share_id] = registered._replace(
                loaded=registered.loaded or loaded,
                loading=registered.loading or loading,
                lib=registered.lib or lib,
                owner=container,
            )

    def _put(self, scope_id: ScopeId, copy: Copy, share_id: ShareId) -> None:
        scope = self._scopes[scope_id]
        versions = {**scope.get(copy.key, {}), copy.version: share_id}
        self._scopes[scope_id] = {**scope, copy.key: versions}

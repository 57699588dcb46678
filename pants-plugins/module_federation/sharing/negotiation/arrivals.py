"""How entries arrive and remotes are initialised: who registers when, and who waits for whom.

Source of the rules: ``@module-federation/runtime-core`` 2.9.2 (``initializeSharing``, ``Module``)
and ``@module-federation/webpack-bundler-runtime`` 2.9.2 (``initializeSharing``,
``initContainerEntry``); the function is named at each rule.

Promises are not played one by one. What matters of them is the order in which shares are
registered, and whether something waits for itself: mutual ``version-first`` remotes can.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable
from typing import Callable, Deque, Dict, List, Set, Tuple

from module_federation.sharing.negotiation.model import Remote, Strategy, scope_names
from module_federation.sharing.negotiation.state import Node, PageDraft

_Tokens = Set[Tuple[str, str]]
_Task = Callable[[], None]


class Arrivals:
    """The initialisations that one step sets off."""

    def __init__(self, draft: PageDraft) -> None:
        self._draft = draft
        self._ready: Deque[_Task] = deque()
        self._on_the_way: Dict[str, List[_Task]] = {}
        self._arrival_order: List[Tuple[int, str]] = []
        self._waits: Dict[Node, Set[Node]] = {
            node: set(others) for node, others in draft.waits.items()
        }

    def initialize_sharing(self, container: str, scopes: Iterable[str]) -> Callable[[], bool]:
        """Makes share scopes ready; the result tells, after ``settle``, whether they are.

        Source: ``initializeSharing`` of runtime-core, called for a load.
        """
        awaited: set[Node] = set()
        for scope in scopes:
            self._initialize(container, scope, set(), awaited)
        return lambda: self._is_done(awaited)

    def load_module(self, container: str, remote: Remote) -> Callable[[], bool]:
        """Loads and initialises a remote; the result tells, after ``settle``, whether it is.

        Source: ``Module.get``, ``Module.init``.
        """
        node: Node = ("module", container, remote.name)
        self._when_arrived(remote.name, lambda: self._init_module(container, remote, set()))
        return lambda: self._is_done({node})

    def settle(self) -> None:
        """Lets everything happen that can, entries arriving one by one."""
        draft = self._draft
        offline = draft.page.federation.offline
        while True:
            while self._ready:
                self._ready.popleft()()
            if not self._arrival_order:
                break
            _, name = heapq.heappop(self._arrival_order)
            tasks = self._on_the_way.pop(name)
            if name not in offline:
                draft.arrived.add(name)
                self._ready.extend(tasks)
        self._finish()

    def _finish(self) -> None:
        """Forgets what is finished: all that waits for nothing, then all that waited for that."""
        waits = self._waits
        finished = [node for node, others in waits.items() if not others & waits.keys()]
        while finished:
            for node in finished:
                del waits[node]
            finished = [node for node, others in waits.items() if not others & waits.keys()]
        self._draft.waits = {node: frozenset(others) for node, others in waits.items()}

    def _is_done(self, awaited: Iterable[Node]) -> bool:
        return not any(node in self._waits for node in awaited)

    def _when_arrived(self, name: str, task: _Task) -> None:
        if name in self._draft.arrived:
            self._ready.append(task)
        elif name in self._on_the_way:
            self._on_the_way[name].append(task)
        else:
            self._on_the_way[name] = [task]
            heapq.heappush(self._arrival_order, (self._draft.page.arrival_rank[name], name))

    def _initialize(self, container: str, scope: str, tokens: _Tokens, awaited: set[Node]) -> None:
        """Source: ``initializeSharing`` of runtime-core."""
        draft = self._draft
        draft.register_own(container, scope)
        host = draft.page.containers[container]
        if host.strategy is not Strategy.VERSION_FIRST:
            return
        for remote in host.remotes:
            # A remote with a list of scopes is never initialised ahead: a list equals no name.
            if remote.scope == scope:
                self._when_arrived(
                    remote.name, self._remote_task(container, remote, tokens, awaited)
                )

    def _remote_task(
        self, container: str, remote: Remote, tokens: _Tokens, awaited: set[Node]
    ) -> _Task:
        """Source: ``initRemoteModule`` in ``initializeSharing``."""
        node: Node = ("module", container, remote.name)

        def check() -> None:
            if node in self._waits:
                return
            awaited.add(node)
            self._ready.append(lambda: self._init_module(container, remote, tokens))

        return check

    def _init_module(self, container: str, remote: Remote, tokens: _Tokens) -> None:
        """Source: ``Module.init``, ``createRemoteEntryInitOptions``, ``initContainerEntry``."""
        draft = self._draft
        if (container, remote.name) in draft.inited:
            return
        draft.inited.add((container, remote.name))
        given = [draft.scope_id(container, each) for each in scope_names(remote.scope)]
        taken = draft.page.containers[remote.name].scope
        if not isinstance(taken, str):
            for name in taken:
                draft.set_scope(remote.name, name, draft.scope_id(container, name))
        elif isinstance(remote.scope, str):
            draft.set_scope(remote.name, taken, given[0])
        else:
            for name, scope_id in zip(remote.scope, given):
                draft.set_scope(remote.name, name, scope_id)
        awaited = self._waits.setdefault(("module", container, remote.name), set())
        for name in scope_names(taken):
            self._share(remote.name, name, tokens, awaited)

    def _share(self, container: str, scope: str, tokens: _Tokens, awaited: set[Node]) -> None:
        """Source: ``initializeSharing`` of webpack-bundler-runtime."""
        if (container, scope) in tokens:
            return
        tokens.add((container, scope))
        node: Node = ("scope", container, scope)
        awaited.add(node)
        if (container, scope) not in self._draft.shared_scopes:
            self._draft.shared_scopes.add((container, scope))
            self._initialize(container, scope, tokens, self._waits.setdefault(node, set()))

"""The federation runtime's negotiation, step by step: which copy of a module who gets, and when.

A page is played from ``start(federation)`` on. Each step takes a state and gives the next one,
with what came of it: the copy that was loaded, or the error, and what was logged.

* ``load_share``: a bundle needs a shared module, the usual way (``consumes``).
* ``load_share_sync``: it needs it at once, because its entry has no asynchronous boundary
  (``installInitialConsumes``).
* ``load_remote``: ``import("remote/module")``; what that module then needs are further steps.
* ``initialize``: a container's share scopes are made ready, as loading any shared module does
  first.

Entries that are on their way at the same time arrive in the order of ``Federation.arrival``; a
step ends when nothing moves any more. Keys do not influence each other: a federation without all
other keys gives the same outcome for the steps that are left, if the other steps are replaced by
``initialize``.

Source of the rules: ``@module-federation/runtime-core`` 2.9.2 and, for what a bundle asks of it,
``@module-federation/webpack-bundler-runtime`` 2.9.2; the function is named at each rule.
``tests/unit/sharing/negotiation`` plays random federations with the real ones.
Not modelled: tree shaking of shared modules, layers, runtime plugins, chunks that fail to load,
removing or replacing a remote, remote types other than ``script``.
"""

from __future__ import annotations

from module_federation.sharing.negotiation.choice import Copy, Share
from module_federation.sharing.negotiation.model import (
    Consume,
    Container,
    Federation,
    FederationError,
    Provide,
    Remote,
    ScopeNames,
    Strategy,
)
from module_federation.sharing.negotiation.play import (
    initialize,
    load_remote,
    load_share,
    load_share_sync,
    perform,
    play,
)
from module_federation.sharing.negotiation.state import PageState, start
from module_federation.sharing.negotiation.steps import (
    Failure,
    FailureCode,
    Initialize,
    LoadRemote,
    LoadShare,
    LoadShareSync,
    Moment,
    Outcome,
    Step,
)

__all__ = [
    "Consume",
    "Container",
    "Copy",
    "Failure",
    "FailureCode",
    "Federation",
    "FederationError",
    "Initialize",
    "LoadRemote",
    "LoadShare",
    "LoadShareSync",
    "Moment",
    "Outcome",
    "PageState",
    "Provide",
    "Remote",
    "ScopeNames",
    "Share",
    "Step",
    "Strategy",
    "initialize",
    "load_remote",
    "load_share",
    "load_share_sync",
    "perform",
    "play",
    "start",
]

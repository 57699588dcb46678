"""Every kind of finding: its code, how bad it is unless a policy says otherwise, and what it means.

Codes are stable: policies, targets and other tools name them. ``docs/findings.md`` explains each.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Mapping

from module_federation.sharing.findings import Severity

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


@dataclass(frozen=True)
class FindingCode:
    """One kind of finding. ``meaning`` is one sentence for lists and SARIF rules."""

    code: str
    severity: Severity
    meaning: str


_ALL = (
    # One container, by what its sources, its installation and its policy say.
    FindingCode("unresolved-import", _ERROR, "An import leads nowhere."),
    FindingCode("unknown-remote", _ERROR, "A remote is imported from that is not declared."),
    FindingCode("unknown-expose", _ERROR, "A remote does not expose the module imported from it."),
    FindingCode("not-installed", _ERROR, "A package is imported that is not installed."),
    FindingCode("undeclared-dependency", _WARNING, "A package is imported but not declared."),
    FindingCode("missing-dependency", _WARNING, "An installed package lacks a dependency."),
    FindingCode("missing-peer", _INFO, "An installed package lacks a peer dependency."),
    FindingCode("empty-intersection", _ERROR, "No version satisfies all of a container's ranges."),
    FindingCode("installed-outside-range", _WARNING, "The installed version is not asked for."),
    FindingCode("two-copies", _WARNING, "One container holds several copies of a shared package."),
    FindingCode("range-adjusted", _INFO, "A range was rewritten so that browsers read it alike."),
    FindingCode("incoherent-family", _ERROR, "Packages of a family are shared in different ways."),
    FindingCode("family-left-out", _ERROR, "A part of a family is shared, another part is not."),
    FindingCode("stateful-not-singleton", _WARNING, "A stateful package is not a singleton."),
    FindingCode("bypassed-share", _ERROR, "A shared package is reached by a relative path."),
    FindingCode("unused-shared-entry", _WARNING, "A target shares what nothing imports."),
    FindingCode("unused-silence", _WARNING, "A finding is silenced that does not occur."),
    FindingCode("broken-mount", _WARNING, "An entry of `exports` leads to no script."),
    FindingCode("mount-left-out", _INFO, "An entry of `exports` is not exposed."),
    FindingCode("mount-undecided", _INFO, "A module is exposed that may be no Backstage feature."),
    FindingCode("no-backstage-feature", _WARNING, "A remote exposes no Backstage feature."),
    # A federation, by what the runtime makes of its containers.
    FindingCode("unsatisfied-singleton", _ERROR, "A singleton's version does not fit a consumer."),
    FindingCode("strict-singleton", _ERROR, "A strict singleton does not fit and throws."),
    FindingCode("missing-provider", _ERROR, "Nobody provides what a consumer brings no copy of."),
    FindingCode("absent-provider", _WARNING, "Only a remote that may be down provides a package."),
    FindingCode("eager-consumption", _ERROR, "Something is needed before it can be loaded."),
    FindingCode("missing-range", _ERROR, "The runtime stumbles over a range that is not there."),
    FindingCode("deadlock", _ERROR, "Remotes wait for each other for ever."),
    FindingCode("stateful-loaded-twice", _ERROR, "A page loads two copies of a stateful package."),
    FindingCode("loaded-twice", _INFO, "A page loads two copies of a shared package."),
    FindingCode("order-dependent-version", _WARNING, "The version depends on the load order."),
    FindingCode("name-decides-provider", _WARNING, "A container's name decides whose copy it is."),
    FindingCode("remote-takes-over", _WARNING, "A remote's version replaces the host's own."),
    FindingCode("singleton-disagreement", _WARNING, "Containers disagree on what is a singleton."),
    FindingCode("unreadable-range", _ERROR, "To the runtime, no version satisfies a range."),
    FindingCode("range-read-differently", _WARNING, "The runtime and npm differ about a range."),
    FindingCode("mixed-modes", _ERROR, "Development and production copies meet in one page."),
    FindingCode("reserved-key", _ERROR, "A share key is a name that JavaScript reserves."),
    FindingCode("unchecked-orders", _INFO, "There are too many load orders to try them all."),
    # Built containers, by what the `federation` command was given.
    FindingCode("remote-not-given", _WARNING, "A remote is loaded that the check was not given."),
    FindingCode("remote-not-loaded", _WARNING, "A remote was given that no container names."),
    FindingCode("remote-not-deployed", _ERROR, "A remote is loaded before it is deployed."),
    FindingCode("manifest-only", _INFO, "A manifest does not say all, so parts are assumed."),
)

FINDING_CODES: Mapping[str, FindingCode] = MappingProxyType({each.code: each for each in _ALL})
"""Code → kind, in the order in which documents list them."""

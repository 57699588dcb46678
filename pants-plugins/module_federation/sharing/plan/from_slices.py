"""A member of the plan from a share slice: what the bundle will do, before there is one.

What a bundle makes of the ``shared`` option was read out of bundles of Rspack 2.3.2 and
``@module-federation/enhanced`` 2.9.2 (``initializeSharingData``, ``consumesLoadingData``,
``__module_federation_remote_infos__``):

* an explicit ``requiredVersion: false`` is written as ``*``, on both sides;
* a provide says ``requiredVersion`` only where it is explicit; ``singleton``, ``strictVersion`` and
  ``eager`` always;
* without an explicit version, each copy is provided under the version of its own ``package.json``;
* without an explicit range, each pair of range and copy is asked for separately;
* with ``import: false`` nothing is provided, and there is no fallback;
* a container takes, and hands to its remotes, the scope ``default``, whatever scopes its shared
  modules name.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Iterable, Iterator, Mapping

from module_federation.sharing.negotiation import (
    Consume,
    Container,
    Provide,
    Remote,
    Strategy,
)
from module_federation.sharing.negotiation.model import UNVERSIONED
from module_federation.sharing.plan.members import Member, RemoteUse
from module_federation.sharing.share_slice import SharedModule, ShareSlice

_ANYTHING = "*"


def member_from_slice(
    share_slice: ShareSlice,
    *,
    label: str,
    kind: str,
    mode: str | None,
    strategy: Strategy | str | None,
    remotes: Mapping[str, str],
    exposes: Iterable[str] | None,
    uses: Iterable[RemoteUse],
    is_bundle: bool = True,
) -> Member:
    """What the plan needs to know of a container that is not built yet.

    Keys that only installed packages may ask for are provided and asked for too: with them, the
    plan is a bound. ``Member.certain`` are the others.

    Args:
        share_slice: What the container shares.
        label: How messages name it: its target's address.
        kind: ``host`` or ``remote``.
        mode: ``production`` or ``development``.
        strategy: Its ``shareStrategy``; None where its application starts the runtime and nobody
            has told.
        remotes: Name in imports → container name, in the order in which the bundle declares them.
        exposes: What others can load, ``./Cart``.
        uses: What it imports of its remotes.
        is_bundle: False for a runtime host: its application starts the runtime, loads what it
            shares, and hands the modules themselves over (``lib``; ``formatShare`` of runtime-core
            2.9.2 takes them for loaded). It asks the share scope for nothing.
    """
    container = Container(
        share_slice.container,
        None if strategy is None else Strategy(strategy),
        tuple(
            each if is_bundle else replace(each, loaded=True)
            for module in share_slice.shared
            for each in _provides(module)
        ),
        tuple(each for module in share_slice.shared for each in _consumes(module) if is_bundle),
        tuple(Remote(name) for name in dict.fromkeys(remotes.values())),
        is_bundle=is_bundle,
    )
    return Member(
        container,
        kind,
        label,
        mode,
        facts=MappingProxyType({module.key: module.facts for module in share_slice.shared}),
        at_start=frozenset(
            module.key for module in share_slice.shared if module.at_start and is_bundle
        ),
        # Every entry is asynchronous: a host's is generated, a remote's modules are loaded so. Only
        # eager code is part of it.
        initial=frozenset(module.key for module in share_slice.shared if module.is_initial),
        certain=frozenset(module.key for module in share_slice.shared if module.is_requested),
        remotes=MappingProxyType(dict(remotes)),
        exposes=None if exposes is None else tuple(exposes),
        uses=tuple(uses),
        private=MappingProxyType({each.name: each.versions for each in share_slice.private}),
        findings=share_slice.findings,
    )


def _provides(module: SharedModule) -> Iterator[Provide]:
    if not module.import_:
        return
    versions: set[str | None] = {module.version}
    if module.version is None and module.copies:
        versions = {copy.version for copy in module.copies}
    # The bundle lists the copies of one key by what their modules are called: `react@18.3.1 = …`.
    for version in sorted(versions, key=lambda each: each or ""):
        yield Provide(
            module.key,
            version,
            module.scope,
            None if module.required_version is None else _range(module.required_version),
            module.singleton,
            module.strict_version,
            module.eager,
        )


def _consumes(module: SharedModule) -> Iterator[Consume]:
    """Each way in which the bundle asks for the key, in a stable order."""
    ways: dict[tuple[str, str | None], None] = {}
    if module.copies:
        for copy in module.copies:
            for request in copy.requests:
                required = (
                    request.required_version
                    if module.required_version is None
                    else _range(module.required_version)
                )
                ways[required, _fallback(module, copy.version)] = None
    else:
        ways[_range(module.required_version), _fallback(module, None)] = None
    for required, fallback in sorted(ways, key=lambda way: (way[0], way[1] or "")):
        yield Consume(
            module.key,
            required,
            module.singleton,
            module.strict_version,
            module.eager,
            (module.scope,),
            fallback,
        )


def _fallback(module: SharedModule, version: str | None) -> str | None:
    if not module.import_:
        return None
    return module.version or version or UNVERSIONED


def _range(required_version: str | bool | None) -> str:
    return required_version if isinstance(required_version, str) else _ANYTHING

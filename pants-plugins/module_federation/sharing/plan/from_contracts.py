"""What the plan knows of a container that is built already: what its contract says."""

from __future__ import annotations

from types import MappingProxyType
from typing import Iterator, Sequence

from module_federation.sharing.contract.model import Contract, ContractConsume, ContractProvide
from module_federation.sharing.negotiation import (
    Consume,
    Container,
    Provide,
    Remote,
    ScopeNames,
    Strategy,
)
from module_federation.sharing.plan.members import KeyFacts, Member, RangeOrigin, RemoteUse


def member_from_contract(contract: Contract, label: str) -> Member:
    """The member of a federation that a contract describes.

    All that the bundle asks for it is certain to ask for, since its code does. Whether two copies
    of a package are the same beyond their version no contract tells: module ids, which are part of
    every chunk, differ from container to container.

    Args:
        label: How messages name it: a target's address, or the contract's path.
    """
    return Member(
        container=Container(
            name=contract.name,
            strategy=None if contract.strategy is None else Strategy(contract.strategy),
            provides=tuple(
                Provide(
                    key=each.key,
                    version=each.version,
                    scope=each.scope,
                    required=each.required,
                    singleton=each.singleton,
                    strict=each.strict,
                    eager=each.eager,
                    loaded=contract.is_runtime_host,
                )
                for each in contract.provides
            ),
            consumes=tuple(dict.fromkeys(map(_consume, contract.consumes))),
            remotes=tuple(Remote(each.name, _scope(each.scopes)) for each in contract.remotes),
            scope=_scope(contract.scopes),
            is_bundle=not contract.is_runtime_host,
        ),
        kind=contract.kind,
        label=label,
        mode=contract.mode,
        facts=MappingProxyType(dict(_facts_by_key(contract, label))),
        at_start=frozenset(each.key for each in contract.consumes if each.at_start),
        initial=frozenset(each.key for each in contract.consumes if each.initial),
        certain=frozenset(each.key for each in contract.consumes),
        remotes=MappingProxyType({each.alias: each.name for each in contract.remotes}),
        exposes=tuple(each.name for each in contract.exposes),
        uses=tuple(
            RemoteUse(remote.alias, expose, file=label)
            for remote in contract.remotes
            for expose in remote.exposes or ()
        ),
    )


def package_of(key: str) -> str:
    """The package that a share key belongs to, by npm's rule for names: ``@mui/material/styles``
    belongs to ``@mui/material``."""
    parts = key.split("/")
    return "/".join(parts[: 2 if key.startswith("@") else 1])


def _consume(consume: ContractConsume) -> Consume:
    return Consume(
        key=consume.key,
        required=consume.required,
        singleton=consume.singleton,
        strict=consume.strict,
        eager=consume.eager,
        scopes=consume.scopes,
        fallback=consume.fallback,
    )


def _scope(names: tuple[str, ...]) -> ScopeNames:
    return names[0] if len(names) == 1 else names


def _facts_by_key(contract: Contract, label: str) -> Iterator[tuple[str, KeyFacts]]:
    provides: dict[str, list[ContractProvide]] = {}
    for provide in contract.provides:
        provides.setdefault(provide.key, []).append(provide)
    consumes: dict[str, list[ContractConsume]] = {}
    for consume in contract.consumes:
        consumes.setdefault(consume.key, []).append(consume)
    for key in sorted(provides.keys() | consumes.keys()):
        facts = _facts(contract.name, key, provides.get(key, []), consumes.get(key, []), label)
        yield key, facts


def _facts(
    container: str,
    key: str,
    provides: Sequence[ContractProvide],
    consumes: Sequence[ContractConsume],
    label: str,
) -> KeyFacts:
    versions = sorted({each.version for each in provides if each.version is not None})
    # A copy in two scopes is one copy.
    sizes = {each.chunks: each.bytes for each in provides}
    known = [size for size in sizes.values() if size is not None]
    ranges = {each.required for each in consumes if isinstance(each.required, str)}
    flags = [each.singleton for each in provides] + [each.singleton for each in consumes]
    return KeyFacts(
        package=package_of(key),
        origins=tuple(
            RangeOrigin(text, container, label, kind="contract") for text in sorted(ranges)
        ),
        version_origin=", ".join(f"{key}@{version} in {label}" for version in versions) or None,
        importers=tuple(sorted({name for each in consumes for name in each.importers})),
        stateful_because=f"{label} says that it is a singleton" if any(flags) else None,
        size=sum(known) if known and len(known) == len(sizes) else None,
    )

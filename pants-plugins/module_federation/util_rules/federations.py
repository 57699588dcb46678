"""Which containers meet in one page."""

from __future__ import annotations

from pants.engine.addresses import Address

from module_federation.util_rules.containers import FederatedContainers
from module_federation.util_rules.external_remotes import ExternalRemote


def reachable(address: Address, containers: FederatedContainers) -> tuple[Address, ...]:
    """A container and all that it can load and that is built here, remotes of remotes included;
    cycles are harmless."""
    return tuple(each for each in _loaded(address, containers) if each in containers.by_address)


def external_reachable(
    address: Address, containers: FederatedContainers
) -> tuple[ExternalRemote, ...]:
    """The remotes of other repositories that a container can load, itself or through others."""
    return tuple(
        containers.external[each]
        for each in _loaded(address, containers)
        if each in containers.external
    )


def _loaded(address: Address, containers: FederatedContainers) -> list[Address]:
    by_name = {each.name: each.address for each in containers}
    by_name.update((each.name, each.address) for each in containers.external.values())
    seen = {address}
    queue = [address]
    while queue:
        container = containers.loadable(queue.pop())
        if isinstance(container, ExternalRemote):
            # A remote of another repository can load one of this one: names are all it knows.
            names = [remote.name for remote in container.contract.remotes]
            remotes = [by_name[name] for name in names if name in by_name]
        else:
            remotes = list(container.remotes.values())
        queue.extend(remote for remote in remotes if remote not in seen)
        seen.update(remotes)
    return sorted(seen)

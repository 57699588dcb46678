"""Which containers meet in one page."""

from __future__ import annotations

from pants.engine.addresses import Address

from module_federation.util_rules.containers import ContainerKind, FederatedContainers


def reachable(address: Address, containers: FederatedContainers) -> tuple[Address, ...]:
    """A container and all that it can load, remotes of remotes included; cycles are harmless."""
    seen = {address: None}
    queue = [address]
    while queue:
        for remote in containers.by_address[queue.pop()].remotes.values():
            if remote not in seen:
                seen[remote] = None
                queue.append(remote)
    return tuple(sorted(seen))


def federations_of(
    address: Address, containers: FederatedContainers
) -> tuple[tuple[Address, ...], ...]:
    """The federations that a container is part of: for each host that can load it, that host and
    everything it can load."""
    federations = (
        reachable(container.address, containers)
        for container in containers
        if container.kind is ContainerKind.HOST
    )
    return tuple(federation for federation in federations if address in federation)

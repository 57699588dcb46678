"""Where a container finds its remotes in the browser."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Iterable

from pants.engine.addresses import Address

from module_federation.util_rules.containers import (
    FederatedContainer,
    FederatedContainers,
    LoadableContainer,
)
from module_federation.util_rules.external_remotes import ExternalRemote

MANIFEST = "mf-manifest.json"


@dataclass(frozen=True)
class RemoteEntry:
    """
    :param alias: its name in imports.
    :param name: its container name.
    :param entry: address of its manifest; a relative one is meant from the folder of the container
        that loads it.
    """

    alias: str
    name: str
    address: Address
    entry: str
    exposes: tuple[str, ...]


def remote_entries(
    container: FederatedContainer, containers: FederatedContainers
) -> Iterable[RemoteEntry]:
    """The remotes of a container, sorted by alias."""
    for alias, remote in sorted(containers.remotes_of(container).items()):
        yield RemoteEntry(
            alias=alias,
            name=remote.name,
            address=remote.address,
            entry=entry_address(container, remote),
            exposes=tuple(remote.exposes),
        )


def entry_address(container: FederatedContainer, remote: LoadableContainer) -> str:
    """The address under which a container loads a remote's manifest."""
    if isinstance(remote, ExternalRemote):
        return remote.entry
    if container.remotes_base_url is not None:
        return posixpath.join(container.remotes_base_url, remote.served_path, MANIFEST)
    # From the container's own folder up to the one that all outputs have in common.
    up = "../" * (container.served_path.count("/") + 1)
    return f"{up}{remote.served_path}/{MANIFEST}"

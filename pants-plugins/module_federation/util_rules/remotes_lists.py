"""The remotes of a host as Backstage's dynamic features service lists them."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, Iterable

from pants.engine.fs import FileContent

from module_federation.util_rules.containers import (
    FederatedContainer,
    FederatedContainers,
    LoadableContainer,
)
from module_federation.util_rules.remote_entries import entry_address

#: Beside the host's page, and where the loader of Backstage's front end asks for it: the address
#: of the service, `/.backstage/dynamic-features/remotes`
#: (`@backstage/backend-dynamic-feature-service` 0.8.7), as a file's path.
LISTS = ("remotes.json", ".backstage/dynamic-features/remotes")


def remotes_list(
    container: FederatedContainer, containers: FederatedContainers
) -> list[dict[str, Any]]:
    """`[{"packageName", "remoteInfo": {"name", "entry"}, "exposedModules": [".", "alpha"]}]`.

    A relative `entry` is meant from the host's folder. A loader tells remotes apart by
    `packageName`: a package of which the host loads several containers goes by their names.
    """
    remotes = [containers.loadable(address) for address in _addresses(container)]
    packages = Counter(_package_name(remote) for remote in remotes)
    return [
        {
            "packageName": (
                remote.name if packages[_package_name(remote)] > 1 else _package_name(remote)
            ),
            "remoteInfo": {"name": remote.name, "entry": entry_address(container, remote)},
            "exposedModules": [_module_name(name) for name in sorted(remote.exposes)],
        }
        for remote in remotes
    ]


def remotes_list_files(
    container: FederatedContainer, containers: FederatedContainers
) -> Iterable[FileContent]:
    """The list of a host's remotes, in every place where a loader can look."""
    text = json.dumps(remotes_list(container, containers), indent=2) + "\n"
    return [FileContent(path, text.encode()) for path in LISTS]


def _addresses(container: FederatedContainer) -> Iterable[Any]:
    """Each remote once, whatever it is called, in a stable order."""
    return sorted(set(container.remotes.values()))


def _package_name(remote: LoadableContainer) -> str:
    # Of a remote that another repository builds, no more than the name is known.
    return remote.package_name if isinstance(remote, FederatedContainer) else remote.name


def _module_name(expose: str) -> str:
    return expose[2:] if expose.startswith("./") else expose

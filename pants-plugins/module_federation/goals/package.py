"""`pants package`: a folder for any static server, for each host and remote."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Iterable, Union

from pants.core.goals.package import BuiltPackage, PackageFieldSet
from pants.core.util_rules.environments import EnvironmentField
from pants.engine.addresses import Address
from pants.engine.fs import AddPrefix, CreateDigest, Digest, FileContent, MergeDigests
from pants.engine.rules import Get, Rule, collect_rules, rule
from pants.engine.unions import UnionRule
from pants.util.logging import LogLevel

from module_federation.engine import add_prefix, create_digest, get_entries, merge_digests
from module_federation.fields.federation import (
    ContainerNameField,
    ExposesField,
)
from module_federation.fields.output import (
    ContainerOutputPathField,
)
from module_federation.goals.unchanged_outputs import (
    OutputFolder,
    leave_unchanged_outputs,
    output_tree,
)
from module_federation.subsystem import ModuleFederation
from module_federation.util_rules.bundle import Bundle, bundle
from module_federation.util_rules.containers import (
    ContainerKind,
    FederatedContainer,
    FederatedContainers,
)
from module_federation.util_rules.package_forms import LaidOut, LayOutRequest, laid_out
from module_federation.util_rules.plans import approval
from module_federation.util_rules.rebuilds import RecordedBuild, explained_build, recorded_build
from module_federation.util_rules.remote_entries import remote_entries
from module_federation.util_rules.remotes_lists import remotes_list_files

FEDERATION_FILE = "federation.json"


@dataclass(frozen=True)
class ContainerPackageFieldSet(PackageFieldSet):
    """What can be packaged: hosts and remotes."""

    required_fields = (ContainerNameField, ExposesField, ContainerOutputPathField)

    output_path: ContainerOutputPathField
    environment: EnvironmentField


@dataclass(frozen=True)
class PackagedContainerRequest:
    """What `package` writes for one container."""

    address: Address


@dataclass(frozen=True)
class PackagedContainer:
    """
    :param digest: the container's files below its output path.
    """

    container: FederatedContainer
    digest: Digest


def packaged_container(address: Address) -> Get:
    """A container's address → `PackagedContainer`."""
    return Get(PackagedContainer, PackagedContainerRequest(address))


@rule(desc="Lay out a container", level=LogLevel.DEBUG)
async def lay_out_container(
    request: PackagedContainerRequest, containers: FederatedContainers
) -> PackagedContainer:
    """Puts a bundle at its output path; a host's gets the list of its remotes."""
    container = containers.by_address[request.address]
    await approval(request.address)
    bundled: Bundle = await bundle(request.address)
    formed: LaidOut = await laid_out(LayOutRequest(container, bundled.digest))
    digest = formed.digest
    if container.kind is ContainerKind.HOST:
        description = json.dumps(federation_json(container, containers), indent=2)
        files = [FileContent(FEDERATION_FILE, f"{description}\n".encode())]
        if container.lists_remotes:
            files += remotes_list_files(container, containers)
        listing = await create_digest(CreateDigest(files))
        digest = await merge_digests(MergeDigests([digest, listing]))
    return PackagedContainer(container, await add_prefix(AddPrefix(digest, container.output_path)))


def federation_json(
    container: FederatedContainer, containers: FederatedContainers
) -> dict[str, Any]:
    """The content of a host's `federation.json`, version 1: the remotes that it loads.

    `{"version": 1, "host": {"name", "address"}, "remotes": [{"alias", "name", "address", "entry",
    "exposes": ["./Cart", …]}]}`; `entry` is the remote's manifest, as seen from the host's folder
    when it is no full address.
    """
    return {
        "version": 1,
        "host": {"name": container.name, "address": container.address.spec},
        "remotes": [
            {
                "alias": remote.alias,
                "name": remote.name,
                "address": remote.address.spec,
                "entry": remote.entry,
                "exposes": list(remote.exposes),
            }
            for remote in remote_entries(container, containers)
        ],
    }


@rule(desc="Package a container", level=LogLevel.DEBUG)
async def package_container(
    field_set: ContainerPackageFieldSet, module_federation: ModuleFederation
) -> BuiltPackage:
    """What `package` writes into `dist`."""
    packaged: PackagedContainer = await packaged_container(field_set.address)
    path = packaged.container.output_path
    inside = output_tree(packaged.digest, await get_entries(packaged.digest))
    if not module_federation.explain_rebuilds:
        return BuiltPackage(packaged.digest, (OutputFolder(path, inside).artifact(),))
    recorded: RecordedBuild = await recorded_build(field_set.address)
    await explained_build(field_set.address)
    record = output_tree(recorded.digest, await get_entries(recorded.digest))
    digest = await merge_digests(MergeDigests([packaged.digest, recorded.digest]))
    return BuiltPackage(digest, (OutputFolder(path, inside, record).artifact(),))


def rules() -> Iterable[Union[Rule, UnionRule]]:
    """The rules of this module."""
    leave_unchanged_outputs()
    return (*collect_rules(), UnionRule(PackageFieldSet, ContainerPackageFieldSet))

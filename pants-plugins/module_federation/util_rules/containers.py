"""Hosts and remotes as they are declared, checked against each other."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass
from enum import Enum
from typing import Iterable, Iterator, Mapping, Union

from pants.engine.addresses import Address, Addresses
from pants.engine.fs import PathGlobs, Paths
from pants.engine.rules import Rule, collect_rules, rule
from pants.engine.target import AllTargets, Target
from pants.util.frozendict import FrozenDict
from pants.util.logging import LogLevel
from pants.util.strutil import bullet_list

from module_federation import file_types
from module_federation.engine import (
    concurrently,
    literally,
    matching_paths,
    resolve_addresses,
)
from module_federation.errors import ModuleFederationError
from module_federation.module_graph.exports import ExportsError, resolve_exports
from module_federation.module_graph.package_json import PackageManifest
from module_federation.module_graph.settings import Dependency, resolution_rules
from module_federation.naming import default_container_name, is_container_name
from module_federation.options import Mode, ShareStrategy, SourceMaps
from module_federation.subsystem import ModuleFederation
from module_federation.target_types import (
    ContainerNameField,
    ContainerOutputPathField,
    EntryPointField,
    ExposesField,
    FederatedHostTarget,
    FederatedRemoteTarget,
    HtmlField,
    ModeField,
    PublicPathField,
    RemotesBaseUrlField,
    RemotesField,
    SharedField,
    ShareStrategyField,
    SilencedFindingsField,
    SourceMapsField,
)
from module_federation.util_rules.external_remotes import ExternalRemote, ExternalRemotes
from module_federation.util_rules.packages import WorkspacePackages
from module_federation.util_rules.web_sources import WebSources


class ContainerKind(Enum):
    """The two kinds of container."""

    HOST = "host"
    REMOTE = "remote"


@dataclass(frozen=True)
class FederatedContainer:
    """One `federated_host` or `federated_remote` with its defaults filled in.

    All paths are relative to the build root.

    :param name: its name in the browser, unique in the repository.
    :param package_directory: folder of the `package.json` it belongs to.
    :param exposes: exposed module, such as `./Cart` → its file.
    :param remotes: name in imports → address of the container it stands for.
    :param entry_point: a host's first module; `None` for a remote.
    :param html: a host's own page, if it has one.
    :param output_path: its folder below `dist`.
    """

    address: Address
    kind: ContainerKind
    name: str
    package_directory: str
    package_name: str
    exposes: FrozenDict[str, str]
    remotes: FrozenDict[str, Address]
    remotes_base_url: str | None
    shared: FrozenDict[str, object]
    silenced_findings: FrozenDict[str, str]
    share_strategy: ShareStrategy
    mode: Mode
    source_maps: SourceMaps
    public_path: str
    entry_point: str | None
    html: str | None
    output_path: str

    @property
    def label(self) -> str:
        """The container as messages name it."""
        return f"`federated_{self.kind.value}` target {self.address}"

    @property
    def entries(self) -> tuple[str, ...]:
        """The files that the bundle starts from."""
        files = {*self.exposes.values(), *([self.entry_point] if self.entry_point else [])}
        return tuple(sorted(files))

    @property
    def starts(self) -> frozenset[str]:
        """Those of them that run as soon as the container starts (a host) or one of its modules is
        loaded (a remote); what a host exposes is loaded when another container asks for it."""
        return frozenset([self.entry_point] if self.entry_point else self.exposes.values())


LoadableContainer = Union[FederatedContainer, ExternalRemote]
"""What can stand in `remotes`: both kinds have a name, an address, a label, and `exposes`."""


@dataclass(frozen=True)
class FederatedContainers:
    """Every container of the repository.

    :param by_address: those that are built here.
    :param external: those that other repositories build.
    """

    by_address: FrozenDict[Address, FederatedContainer]
    external: FrozenDict[Address, ExternalRemote]

    def __iter__(self) -> Iterator[FederatedContainer]:
        return iter(self.by_address.values())

    def loadable(self, address: Address) -> LoadableContainer:
        """The container, wherever it is built, that an address in `remotes` stands for."""
        return self.by_address.get(address) or self.external[address]

    def remotes_of(self, container: FederatedContainer) -> dict[str, LoadableContainer]:
        """Name in imports → the container it stands for."""
        return {alias: self.loadable(address) for alias, address in container.remotes.items()}


async def _check_pages(targets: Iterable[Target]) -> None:
    """The pages of all hosts are there; no target owns them."""
    pages = {
        str(target[HtmlField].file_path): target.address
        for target in targets
        if target.has_field(HtmlField) and target[HtmlField].value
    }
    found: Paths = await matching_paths(PathGlobs(literally(pages)))
    for page, address in sorted(pages.items()):
        if page not in found.files:
            raise ModuleFederationError(
                f"`{HtmlField.alias}` names this page, but it does not exist.",
                target=address,
                file=page,
                remedy="correct the name, or leave the field out to have a page generated.",
            )


@rule(desc="Find all federated containers", level=LogLevel.DEBUG)
async def find_federated_containers(
    all_targets: AllTargets,
    packages: WorkspacePackages,
    web_sources: WebSources,
    external: ExternalRemotes,
    module_federation: ModuleFederation,
) -> FederatedContainers:
    """Reads all hosts and remotes, so that each can be checked against the others."""
    targets = sorted(
        (
            target
            for target in all_targets
            if isinstance(target, (FederatedHostTarget, FederatedRemoteTarget))
        ),
        key=lambda target: target.address,
    )
    remotes: tuple[Addresses, ...] = await concurrently(
        resolve_addresses(target[RemotesField].to_unparsed_address_inputs()) for target in targets
    )
    await _check_pages(targets)
    names = {
        **{target.address: _container_name(target, packages) for target in targets},
        **{address: remote.name for address, remote in external.by_address.items()},
    }
    _check_unique(names)
    containers = FederatedContainers(
        FrozenDict(
            {
                target.address: _container(
                    target,
                    _aliases(target, addresses, names),
                    name=names[target.address],
                    packages=packages,
                    web_sources=web_sources,
                    default_mode=module_federation.mode,
                    default_base_url=module_federation.remotes_base_url,
                )
                for target, addresses in zip(targets, remotes)
            }
        ),
        external.by_address,
    )
    _check_outputs(containers)
    return containers


def _owner(target: Target, packages: WorkspacePackages) -> PackageManifest:
    package = packages.owner(target.address.spec_path)
    if package is None:
        raise ModuleFederationError(
            "A container needs a package: no `package_json` target is in its folder or above.",
            target=target.address,
            file=os.path.join(target.address.spec_path, "BUILD"),
            remedy="add a `package.json`, and to the BUILD file beside it "
            '`package_json(name="package")`.',
        )
    return package


def _container_name(target: Target, packages: WorkspacePackages) -> str:
    given = target[ContainerNameField].value
    if given is not None and not is_container_name(given):
        raise ModuleFederationError(
            f"The container name {given!r} can't be a variable in the browser: it has characters "
            "that no variable can have, is a reserved word, or belongs to the browser itself.",
            target=target.address,
            remedy="use letters, digits and `_`, such as "
            f'`container_name="{default_container_name(given)}"`.',
        )
    if given is not None:
        return given
    package = _owner(target, packages)
    if package.name is None:
        raise ModuleFederationError(
            "The package has no `name`, so there is no name for the container.",
            target=target.address,
            file=package.path,
            remedy='add `"name"` to the `package.json`, or `container_name` to the target.',
        )
    return default_container_name(package.name)


def _check_unique(names: Mapping[Address, str]) -> None:
    owners = defaultdict(list)
    for address, name in names.items():
        owners[name].append(address)
    for name, addresses in sorted(owners.items()):
        if len(addresses) > 1:
            raise ModuleFederationError(
                f"{len(addresses)} containers have the name `{name}`, but in the browser the last "
                f"one loaded would take the place of the others:\n"
                f"{bullet_list(str(address) for address in addresses)}",
                target=addresses[0],
                remedy='give all but one of them another name, such as `container_name="'
                f'{name}_2"`.',
            )


def _check_outputs(containers: FederatedContainers) -> None:
    """No container may write into another one's folder."""
    owners: dict[str, FederatedContainer] = {}
    for container in sorted(containers, key=lambda each: (each.output_path, each.address)):
        folder = container.output_path
        while folder:
            other = owners.get(folder)
            if other is not None:
                raise ModuleFederationError(
                    f"`dist/{container.output_path}` would be written by two containers:\n"
                    f"{bullet_list([str(other.address), str(container.address)])}",
                    target=container.address,
                    remedy="give one of them another `output_path`.",
                )
            folder = os.path.dirname(folder)
        owners[container.output_path] = container


def _aliases(
    target: Target, addresses: Addresses, names: Mapping[Address, str]
) -> dict[str, Address]:
    aliases = {}
    # The engine answers in the order of the field's values.
    for alias, address in zip(target[RemotesField].aliases, addresses):
        if address not in names:
            raise ModuleFederationError(
                f"`remotes` names {address}, which is no `federated_remote`, `federated_host` or "
                "`federated_external_remote`.",
                target=target.address,
                file=os.path.join(target.address.spec_path, "BUILD"),
                remedy="name a container:\n"
                f"{bullet_list(str(a) for a in names if a != target.address)}",
            )
        aliases[alias or names[address]] = address
    return dict(sorted(aliases.items()))


def _container(
    target: Target,
    remotes: dict[str, Address],
    *,
    name: str,
    packages: WorkspacePackages,
    web_sources: WebSources,
    default_mode: Mode,
    default_base_url: str | None,
) -> FederatedContainer:
    package = _owner(target, packages)
    host = isinstance(target, FederatedHostTarget)
    mode = Mode(target[ModeField].value) if target[ModeField].value else default_mode
    return FederatedContainer(
        address=target.address,
        kind=ContainerKind.HOST if host else ContainerKind.REMOTE,
        name=name,
        package_directory=package.directory,
        package_name=package.name or name,
        exposes=FrozenDict(_exposes(target, package, web_sources, mode, required=not host)),
        remotes=FrozenDict(remotes),
        remotes_base_url=target[RemotesBaseUrlField].value or default_base_url,
        shared=target[SharedField].value or FrozenDict(),
        silenced_findings=target[SilencedFindingsField].value or FrozenDict(),
        share_strategy=ShareStrategy(target[ShareStrategyField].value),
        mode=mode,
        source_maps=SourceMaps(target[SourceMapsField].value),
        public_path=target[PublicPathField].value,
        entry_point=_entry_point(target, web_sources) if host else None,
        html=target[HtmlField].file_path if host and target[HtmlField].value else None,
        output_path=target[ContainerOutputPathField].value_or_default(file_ending=None),
    )


def _entry_point(target: Target, web_sources: WebSources) -> str:
    field = target[EntryPointField]
    if field.value is not None:
        assert field.file_path is not None
        _check_owned(field.file_path, f"`{field.alias}`", target, web_sources)
        return field.file_path
    for candidate in EntryPointField.CONVENTIONAL:
        file = os.path.join(target.address.spec_path, candidate)
        if file in web_sources.owners:
            return file
    raise ModuleFederationError(
        f"The host has no `{field.alias}`, and none of the usual files exists: "
        f"{', '.join(EntryPointField.CONVENTIONAL)}.",
        target=target.address,
        file=os.path.join(target.address.spec_path, "BUILD"),
        remedy=f'name the application\'s first module: `{field.alias}="src/app.tsx"`.',
    )


def _exposes(
    target: Target,
    package: PackageManifest,
    web_sources: WebSources,
    mode: Mode,
    *,
    required: bool,
) -> dict[str, str]:
    given = target[ExposesField].value
    if given is not None:
        exposes = {
            name: os.path.normpath(os.path.join(target.address.spec_path, file))
            for name, file in sorted(given.items())
        }
        for name, file in exposes.items():
            _check_owned(file, f"`exposes` {name!r}", target, web_sources)
    else:
        exposes = _exports_as_exposes(package, web_sources, mode) if required else {}
    if required and not exposes:
        raise ModuleFederationError(
            "The remote exposes nothing: it has no `exposes`, and its package no `exports` that "
            "lead to a script.",
            target=target.address,
            file=package.path,
            remedy='say what others may load: `exposes={"./Cart": "src/Cart.tsx"}`.',
        )
    return exposes


def _exports_as_exposes(
    package: PackageManifest, web_sources: WebSources, mode: Mode
) -> dict[str, str]:
    exports = package.exports
    if isinstance(exports, str) or not isinstance(exports, dict):
        names = ["."] if exports is not None else []
    else:
        names = [name for name in exports if name.startswith(".")] or ["."]
    exposes = {}
    for name in sorted(names):
        if "*" in name or name.endswith("/"):
            continue
        try:
            exported = resolve_exports(package.exports, name, _conditions(mode))
        except ExportsError:
            continue
        file = os.path.normpath(os.path.join(package.directory, exported))
        if file in web_sources.owners and file.endswith(file_types.SCRIPTS):
            exposes[name] = file
    return exposes


def _conditions(mode: Mode) -> frozenset[str]:
    return resolution_rules(mode.value)[Dependency.ESM].conditions


def _check_owned(file: str, what: str, target: Target, web_sources: WebSources) -> None:
    if file in web_sources.owners:
        return
    folder = os.path.dirname(file)
    stem = os.path.splitext(file)[0]
    near = [
        other for other in web_sources.files if os.path.splitext(other)[0].lower() == stem.lower()
    ]
    near = near or [other for other in web_sources.files if os.path.dirname(other) == folder][:10]
    seen = f" Files that could be meant:\n{bullet_list(near)}\n" if near else ""
    raise ModuleFederationError(
        f"{what} names this file, but it does not exist or no `web_sources` target owns it.",
        target=target.address,
        file=file,
        remedy="correct the name, or add the file to the `sources` of a `web_sources` target."
        f"{seen}",
    )


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

"""Hosts and remotes as they are declared, checked against each other."""

from __future__ import annotations

import os
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

from module_federation.engine import (
    concurrently,
    literally,
    matching_paths,
    resolve_addresses,
)
from module_federation.errors import ModuleFederationError
from module_federation.fields.federation import (
    RemotesBaseUrlField,
    RemotesField,
)
from module_federation.fields.host import (
    EntryPointField,
    HostStyleField,
    HtmlField,
    RemotesListField,
)
from module_federation.fields.output import (
    BundlerField,
    ModeField,
    PackageFormField,
    PublicPathField,
    SourceMapsField,
    SplitChunksField,
)
from module_federation.fields.sharing import (
    PresetsField,
    SharedField,
    ShareStrategyField,
    SilencedFindingsField,
)
from module_federation.options import (
    Bundler,
    HostStyle,
    Mode,
    PackageForm,
    ShareStrategy,
    SourceMaps,
    SplitChunks,
)
from module_federation.sharing.findings import Finding
from module_federation.subsystem import ModuleFederation
from module_federation.target_types import (
    FederatedHostTarget,
    FederatedRemoteTarget,
)
from module_federation.util_rules.backstage import (
    BackstageExposes,
    BackstageExposesRequest,
    backstage_exposes,
)
from module_federation.util_rules.container_folders import output_path, public_directory
from module_federation.util_rules.container_names import check_unique, container_name, owner_of
from module_federation.util_rules.exposes import asks_backstage, check_owned, exposes_of, role_field
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
    :param presets: of sharing; `None` for those that the policy names.
    :param share_strategy: `None` for a runtime host whose strategy nobody has told.
    :param entry_point: a host's first module; `None` for a remote.
    :param style: who starts the federation runtime; `STANDARD` for a remote.
    :param lists_remotes: its remotes are listed as Backstage's dynamic features service does.
    :param html: a host's own page, if it has one.
    :param output_path: its folder below `dist`.
    :param backstage_role: what its `package.json` has as `backstage.role`.
    :param package_form: what is written to `output_path`.
    :param public_directory: a folder that is copied beside the bundle, as far as it exists.
    :param declared: what was found out about it from its `package.json`.
    """

    address: Address
    kind: ContainerKind
    name: str
    package_directory: str
    package_name: str
    exposes: FrozenDict[str, str]
    remotes: FrozenDict[str, Address]
    remotes_base_url: str | None
    presets: tuple[str, ...] | None
    shared: FrozenDict[str, object]
    silenced_findings: FrozenDict[str, str]
    share_strategy: ShareStrategy | None
    mode: Mode
    bundler: Bundler
    source_maps: SourceMaps
    public_path: str
    entry_point: str | None
    html: str | None
    output_path: str
    style: HostStyle = HostStyle.STANDARD
    lists_remotes: bool = False
    backstage_role: str | None = None
    package_form: PackageForm = PackageForm.FOLDER
    split_chunks: SplitChunks = SplitChunks.AUTOMATIC
    public_directory: str | None = None
    declared: tuple[Finding, ...] = ()

    @property
    def served_path(self) -> str:
        """The folder below `dist` that its manifest and its scripts lie in."""
        if self.package_form is PackageForm.FOLDER:
            return self.output_path
        return f"{self.output_path}/dist"

    @property
    def is_runtime_host(self) -> bool:
        """Whether its application starts the federation runtime, and no plugin is in its bundle."""
        return self.style is HostStyle.RUNTIME

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
        **{target.address: container_name(target, packages) for target in targets},
        **{address: remote.name for address, remote in external.by_address.items()},
    }
    check_unique(names)
    asking = [target for target in targets if asks_backstage(target, owner_of(target, packages))]
    answers: tuple[BackstageExposes, ...] = await concurrently(
        backstage_exposes(
            BackstageExposesRequest(
                target.address,
                names[target.address],
                owner_of(target, packages).directory,
                _mode(target, module_federation.mode),
            )
        )
        for target in asking
    )
    backstage = {target.address: answer for target, answer in zip(asking, answers)}
    containers = FederatedContainers(
        FrozenDict(
            {
                target.address: _container(
                    target,
                    _aliases(target, addresses, names),
                    name=names[target.address],
                    packages=packages,
                    web_sources=web_sources,
                    backstage=backstage.get(target.address),
                    default_mode=module_federation.mode,
                    default_bundler=module_federation.bundler,
                    default_base_url=module_federation.remotes_base_url,
                )
                for target, addresses in zip(targets, remotes)
            }
        ),
        external.by_address,
    )
    _check_outputs(containers)
    _check_runtime_hosts(containers)
    return containers


def _check_runtime_hosts(containers: FederatedContainers) -> None:
    """Without the federation plugin there is no entry that others could load."""
    for container in containers:
        if container.is_runtime_host and container.exposes:
            raise ModuleFederationError(
                f"{container.label} is a runtime host, which can expose nothing: the federation "
                "plugin, which makes the entry that others load, is not in its bundle.",
                target=container.address,
                remedy="take `exposes` away and let a `federated_remote` expose the modules, or "
                f'write `{HostStyleField.alias}="standard"`.',
            )
        for alias, remote in containers.remotes_of(container).items():
            if isinstance(remote, FederatedContainer) and remote.is_runtime_host:
                raise ModuleFederationError(
                    f"`remotes` has {remote.address} as `{alias}`, which is a runtime host: it has "
                    "no entry that others could load.",
                    target=container.address,
                    remedy="name a `federated_remote`, or write "
                    f'`{HostStyleField.alias}="standard"` in {remote.address}.',
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
    backstage: BackstageExposes | None,
    default_mode: Mode,
    default_bundler: Bundler,
    default_base_url: str | None,
) -> FederatedContainer:
    package = owner_of(target, packages)
    host = isinstance(target, FederatedHostTarget)
    mode = _mode(target, default_mode)
    role = role_field(package)
    form = PackageForm.FOLDER if host else PackageForm(target[PackageFormField].value)
    style = HostStyle(target[HostStyleField].value) if host else HostStyle.STANDARD
    return FederatedContainer(
        address=target.address,
        kind=ContainerKind.HOST if host else ContainerKind.REMOTE,
        name=name,
        package_directory=package.directory,
        package_name=package.name or name,
        exposes=FrozenDict(
            exposes_of(target, package, web_sources, mode, backstage=backstage, required=not host)
        ),
        remotes=FrozenDict(remotes),
        remotes_base_url=target[RemotesBaseUrlField].value or default_base_url,
        presets=target[PresetsField].value,
        shared=target[SharedField].value or FrozenDict(),
        silenced_findings=target[SilencedFindingsField].value or FrozenDict(),
        share_strategy=_share_strategy(target, style),
        mode=mode,
        bundler=Bundler(target[BundlerField].value or default_bundler),
        source_maps=SourceMaps(target[SourceMapsField].value),
        public_path=target[PublicPathField].value,
        entry_point=_entry_point(target, web_sources) if host else None,
        html=target[HtmlField].file_path if host and target[HtmlField].value else None,
        output_path=output_path(target, package, form),
        style=style,
        lists_remotes=host and _lists_remotes(target, style),
        backstage_role=role,
        package_form=form,
        split_chunks=_split_chunks(target, role, host=host),
        public_directory=public_directory(target, package),
        declared=() if backstage is None else backstage.findings,
    )


def _mode(target: Target, default: Mode) -> Mode:
    return Mode(target[ModeField].value) if target[ModeField].value else default


def _split_chunks(target: Target, role: str | None, *, host: bool) -> SplitChunks:
    given = target[SplitChunksField].value
    if given is not None:
        return SplitChunks(given)
    return SplitChunks.AUTOMATIC if host or role is None else SplitChunks.BY_PACKAGE


def _share_strategy(target: Target, style: HostStyle) -> ShareStrategy | None:
    given = target[ShareStrategyField].value
    if given is not None:
        return ShareStrategy(given)
    return None if style is HostStyle.RUNTIME else ShareStrategy.VERSION_FIRST


def _lists_remotes(target: Target, style: HostStyle) -> bool:
    given = target[RemotesListField].value
    return style is HostStyle.RUNTIME if given is None else given


def _entry_point(target: Target, web_sources: WebSources) -> str:
    field = target[EntryPointField]
    if field.value is not None:
        assert field.file_path is not None
        check_owned(field.file_path, f"`{field.alias}`", target, web_sources)
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


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

"""Dependencies that Pants shows and follows, taken from the module graph."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Collection, Iterable, Union

from pants.engine.addresses import Address
from pants.engine.rules import Rule, collect_rules, rule
from pants.engine.target import FieldSet, InferDependenciesRequest, InferredDependencies
from pants.engine.unions import UnionRule
from pants.util.logging import LogLevel

from module_federation.fields.federation import (
    ContainerNameField,
)
from module_federation.module_graph.graph import ModuleGraph
from module_federation.module_graph.paths import ancestors, is_within
from module_federation.module_graph.resolution import (
    FileModule,
    PackageModule,
    Resolution,
)
from module_federation.module_graph.resolver import Resolver
from module_federation.module_graph.specifiers import match_remote
from module_federation.options import Mode
from module_federation.source_target_types import WebSourceDependenciesField, WebSourceField
from module_federation.target_types import (
    ContainerDependenciesField,
)
from module_federation.util_rules.containers import FederatedContainers
from module_federation.util_rules.imports import ImportResolver, import_resolver, module_graph
from module_federation.util_rules.packages import WorkspacePackages
from module_federation.util_rules.settings_targets import SettingsTargets
from module_federation.util_rules.web_sources import WebSources


@dataclass(frozen=True)
class WebSourceInferenceFieldSet(FieldSet):
    """What has imports."""

    required_fields = (WebSourceField, WebSourceDependenciesField)

    source: WebSourceField


class InferWebSourceDependencies(InferDependenciesRequest):
    """The request for a source file's dependencies."""

    infer_from = WebSourceInferenceFieldSet


@dataclass(frozen=True)
class ContainerInferenceFieldSet(FieldSet):
    """What has entries."""

    required_fields = (ContainerNameField, ContainerDependenciesField)


class InferContainerDependencies(InferDependenciesRequest):
    """The request for a container's dependencies."""

    infer_from = ContainerInferenceFieldSet


@dataclass(frozen=True)
class Owners:
    """Which target stands for what an import leads to."""

    web_sources: WebSources
    packages: WorkspacePackages
    containers: FederatedContainers

    @property
    def remote_aliases(self) -> frozenset[str]:
        """Every name that some container gives to a remote."""
        return frozenset(alias for container in self.containers for alias in container.remotes)

    def of(self, importer: str, module: Resolution) -> Iterable[Address]:
        """The targets that a file depends on by importing a module."""
        if isinstance(module, FileModule):
            return self._file(module.path)
        if isinstance(module, PackageModule):
            remote = match_remote(module.request, self.remote_aliases)
            found = () if remote is None else self._remote(importer, remote.alias)
            return found or self._third_party(importer, module.name)
        return ()

    def _file(self, path: str) -> Iterable[Address]:
        owner = self.web_sources.owners.get(path) or self.packages.file_address(path)
        return () if owner is None else (owner,)

    def _third_party(self, importer: str, name: str) -> Iterable[Address]:
        """A package and its types, from the nearest `package.json` that declares it: the file's
        own, or that of the workspace's root."""
        types = f"@types/{name.lstrip('@').replace('/', '__')}"
        for package in self.packages.enclosing(importer):
            addresses = [
                address
                for declared in (name, types)
                for address in [self.packages.third_party_address(package.directory, declared)]
                if address is not None
            ]
            if addresses:
                return addresses
        return ()

    def _remote(self, importer: str, alias: str) -> Collection[Address]:
        """The remote that the file's own package knows by this name; for a file of a library, the
        one that all containers mean by it. Where they differ, nothing is inferred."""
        package = self.packages.owner(importer)
        known = [container for container in self.containers if alias in container.remotes]
        own = [
            container
            for container in known
            if package is not None and container.package_directory == package.directory
        ]
        addresses = {container.remotes[alias] for container in own or known}
        return addresses if len(addresses) == 1 else ()


def _typescript_settings(
    file: str, resolver: Resolver, settings: SettingsTargets
) -> Iterable[Address]:
    """The settings that apply to a file, those that they extend, and folders in which others could
    come to apply."""
    directory = os.path.dirname(file)
    owner = resolver.owner(file)
    above = [
        folder
        for folder in ancestors(directory)
        if is_within(folder, owner.directory if owner is not None else "")
    ]
    config = resolver.tsconfig_of(directory)
    used = () if config is None else config.files
    used_in = {os.path.dirname(path) for path in used}
    for folder in {*above, *used_in}:
        if folder in settings.typescript:
            yield settings.typescript[folder]
    for folder in used_in:
        if folder in settings.extended:
            yield settings.extended[folder]


@rule(desc="Infer dependencies from imports", level=LogLevel.DEBUG)
async def infer_web_source_dependencies(
    request: InferWebSourceDependencies,
    web_sources: WebSources,
    packages: WorkspacePackages,
    containers: FederatedContainers,
    settings: SettingsTargets,
) -> InferredDependencies:
    """A source file depends on what it imports, on the manifests above it, and on its
    `tsconfig.json`."""
    file = request.field_set.source.path
    graph: ModuleGraph = await module_graph(Mode.PRODUCTION)
    owners = Owners(web_sources, packages, containers)
    addresses = {
        address for item in graph.direct(file) for address in owners.of(file, item.resolution)
    }
    # A package's manifest decides ranges and side effects of all its files; where it declares
    # nothing, the bundler asks those in the folders above it for ranges.
    for package in packages.enclosing(file):
        manifest = packages.file_address(package.path)
        addresses.update(() if manifest is None else (manifest,))
    prepared: ImportResolver = await import_resolver(Mode.PRODUCTION)
    addresses.update(_typescript_settings(file, prepared.resolver, settings))
    addresses.discard(request.field_set.address)
    return InferredDependencies(sorted(addresses))


@rule(desc="Infer what a container is made of", level=LogLevel.DEBUG)
async def infer_container_dependencies(
    request: InferContainerDependencies,
    web_sources: WebSources,
    packages: WorkspacePackages,
    containers: FederatedContainers,
    settings: SettingsTargets,
) -> InferredDependencies:
    """A container depends on its entries, on its package, on the lockfile that its packages are
    installed from, and on the policy."""
    container = containers.by_address[request.field_set.address]
    addresses = {web_sources.owners[file] for file in container.entries}
    addresses.add(packages.targets[container.package_directory])
    addresses.update(settings.plugin_addresses)
    project = next(
        (
            folder
            for folder in ancestors(container.package_directory)
            if folder in settings.projects
        ),
        None,
    )
    if project is not None:
        addresses.add(settings.projects[project])
    return InferredDependencies(sorted(addresses))


def rules() -> Iterable[Union[Rule, UnionRule]]:
    """The rules of this module."""
    return (
        *collect_rules(),
        UnionRule(InferDependenciesRequest, InferWebSourceDependencies),
        UnionRule(InferDependenciesRequest, InferContainerDependencies),
    )

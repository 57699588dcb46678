"""What a container reaches through its imports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable

from pants.core.util_rules.source_files import SourceFiles, SourceFilesRequest
from pants.engine.addresses import Address, Addresses
from pants.engine.engine_aware import EngineAwareParameter
from pants.engine.fs import EMPTY_DIGEST, Digest
from pants.engine.rules import Get, Rule, collect_rules, rule
from pants.engine.target import (
    Dependencies,
    DependenciesRequest,
    ExplicitlyProvidedDependencies,
    SourcesField,
    Targets,
    WrappedTarget,
    WrappedTargetRequest,
)
from pants.util.logging import LogLevel

from module_federation.engine import (
    concurrently,
    explicit_dependencies,
    resolve_target,
    resolve_targets,
    source_files,
)
from module_federation.module_graph.closure import Closure
from module_federation.module_graph.graph import ModuleGraph
from module_federation.source_target_types import WebSourceField
from module_federation.util_rules.containers import FederatedContainers
from module_federation.util_rules.imports import module_graph
from module_federation.util_rules.web_sources import WebSources


@dataclass(frozen=True)
class ContainerClosureRequest(EngineAwareParameter):
    """What one `federated_host` or `federated_remote` reaches."""

    address: Address

    def debug_hint(self) -> str:
        return self.address.spec


@dataclass(frozen=True)
class ContainerClosure:
    """
    :param closure: files, packages and remotes that the bundle is made of.
    :param source_files: first-party files that are inputs of the bundle, sorted.
    :param extra_sources: files of other targets that were listed in `dependencies`.
    """

    closure: Closure
    source_files: tuple[str, ...]
    extra_sources: Digest


def container_closure(address: Address) -> Get:
    """A container's address → `ContainerClosure`."""
    return Get(ContainerClosure, ContainerClosureRequest(address))


async def _listed_dependencies(addresses: Iterable[Address]) -> Targets:
    """The targets in the `dependencies` fields of some targets."""
    wrapped: tuple[WrappedTarget, ...] = await concurrently(
        resolve_target(WrappedTargetRequest(address, description_of_origin="a federated container"))
        for address in addresses
    )
    explicit: tuple[ExplicitlyProvidedDependencies, ...] = await concurrently(
        explicit_dependencies(DependenciesRequest(item.target[Dependencies])) for item in wrapped
    )
    targets: Targets = await resolve_targets(
        Addresses(sorted({address for item in explicit for address in item.includes}))
    )
    return targets


@rule(desc="Find what a container reaches", level=LogLevel.DEBUG)
async def find_container_closure(
    request: ContainerClosureRequest, containers: FederatedContainers, web_sources: WebSources
) -> ContainerClosure:
    """Walks the module graph from a container's entries."""
    container = containers.by_address[request.address]
    graph: ModuleGraph = await module_graph(container.mode)
    remotes = frozenset(container.remotes)

    # `dependencies` that somebody wrote by hand can lead to more sources, which can have more.
    entries = {*container.entries}
    listed: set[Address] = set()
    pending = {container.address}
    others: set[Address] = set()
    while True:
        closure = graph.closure(sorted(entries), remotes=remotes, starts=container.starts)
        pending |= {
            web_sources.owners[file]
            for file in closure.files
            if file in web_sources.with_dependencies
        }
        fresh = sorted(pending - listed)
        if not fresh:
            break
        listed.update(fresh)
        for target in await _listed_dependencies(fresh):
            if target.has_field(WebSourceField):
                entries.add(target[WebSourceField].path)
            elif target.has_field(SourcesField):
                others.add(target.address)

    extra = EMPTY_DIGEST
    if others:
        targets: Targets = await resolve_targets(Addresses(sorted(others)))
        files: SourceFiles = await source_files(
            SourceFilesRequest(
                [target[SourcesField] for target in targets],
                for_sources_types=(SourcesField,),
                enable_codegen=True,
            )
        )
        extra = files.snapshot.digest
    html = () if container.html is None else (container.html,)
    return ContainerClosure(closure, (*closure.files, *html), extra)


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

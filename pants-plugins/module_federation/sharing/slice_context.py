"""What every step from usage to a share slice needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Iterable, Mapping, Tuple

from module_federation.sharing.copies import Copy
from module_federation.sharing.declared_ranges import ManifestLines
from module_federation.sharing.install_index import InstallIndex
from module_federation.sharing.policy import EffectivePolicy, ResolvedOptions
from module_federation.sharing.reachability import Edge, ReachablePackages
from module_federation.sharing.usage import ContainerFacts, FederationUse, Usage, UsedRequest

Chains = Callable[[str], Tuple[str, ...]]
"""A first-party file → a shortest way to it from an entry of the container, both included."""


@dataclass(frozen=True)
class SliceContext:
    """One container with all that is known about it.

    Attributes:
        reachable: The installed packages that its own code can reach.
        edges: Package → the edges that lead to it from installed packages within reach.
        started: Packages that an installed package depends on which is there from the start.
        roots: Path of a copy → the import, nearest to an entry, that leads to it.
    """

    container: ContainerFacts
    index: InstallIndex
    policy: EffectivePolicy
    federation: FederationUse
    reachable: ReachablePackages
    manifest_lines: ManifestLines
    chains: Chains
    edges: Mapping[str, tuple[Edge, ...]]
    started: frozenset[str]
    roots: Mapping[str, UsedRequest]

    @classmethod
    def of(
        cls,
        container: ContainerFacts,
        usage: Usage,
        index: InstallIndex,
        policy: EffectivePolicy,
        federation: FederationUse,
        manifest_lines: ManifestLines,
        chains: Chains,
    ) -> SliceContext:
        """Put together what ``compute_slice`` is given."""
        reachable = reachable_packages(usage, index)
        edges: dict[str, list[Edge]] = {}
        for edge in _installed_edges(reachable):
            edges.setdefault(edge.declaration.name, []).append(edge)
        roots: dict[str, UsedRequest] = {}
        requests = (each for found in usage.by_package().values() for each in found)
        for request in sorted(requests, key=lambda each: len(chains(each.importer_file))):
            copy = index.resolve(request.importer_package_dir, request.package)
            if copy is not None and request.workspace_dir is None:
                roots.setdefault(copy.path, request)
        return cls(
            container,
            index,
            policy,
            federation,
            reachable,
            manifest_lines,
            chains,
            {name: tuple(found) for name, found in edges.items()},
            frozenset(
                edge.declaration.name
                for edge in _installed_edges(reachable_packages(usage.at_start(), index))
            ),
            roots,
        )

    def edges_to(self, package: str) -> tuple[Edge, ...]:
        """The edges that lead from installed packages within reach to a package."""
        return self.edges.get(package, ())

    def options_for(self, package: str) -> ResolvedOptions:
        """What the policy says about a package in this container."""
        return self.policy.options_for(package, self.container.kind)

    def others_using(self, package: str) -> tuple[str, ...]:
        """Containers that share a page with this one and whose own code imports a package."""
        return self.federation.others_using(self.container.name, package)

    def copy_for(self, request: UsedRequest) -> Copy | None:
        """The copy that a first-party import leads to."""
        if request.workspace_dir is not None:
            return self.index.copies.get(request.workspace_dir)
        return self.index.resolve(request.importer_package_dir, request.package)

    def copies_for(
        self, requests: Iterable[UsedRequest], edges: Iterable[Edge] = ()
    ) -> tuple[Copy, ...]:
        """Every copy that first-party imports, and edges, of one package lead to, by path."""
        found = {edge.target.path: edge.target for edge in edges}
        for request in requests:
            copy = self.copy_for(request)
            if copy is not None:
                found[copy.path] = copy
        return tuple(found[path] for path in sorted(found))


def reachable_packages(usage: Usage, index: InstallIndex) -> ReachablePackages:
    """The installed packages that the first-party code of a container can reach."""
    return index.closure(
        (request.importer_package_dir, request.package)
        for request in usage.requests
        if request.workspace_dir is None
    )


def _installed_edges(reachable: ReachablePackages) -> Iterable[Edge]:
    return (edge for edge in reachable.edges if not edge.source.is_workspace)

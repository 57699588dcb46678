"""Which packages are imported in one page, and by whom: gathered once for all its containers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable

from pants.engine.addresses import Address
from pants.engine.engine_aware import EngineAwareParameter
from pants.engine.rules import Get, Rule, collect_rules, rule
from pants.util.frozendict import FrozenDict
from pants.util.logging import LogLevel

from module_federation.engine import concurrently
from module_federation.sharing.usage import ContainerUse, FederationUse, PageUse
from module_federation.util_rules.closures import ContainerClosure, container_closure
from module_federation.util_rules.containers import ContainerKind, FederatedContainers
from module_federation.util_rules.federations import reachable


@dataclass(frozen=True)
class Pages:
    """All pages of the repository.

    :param members: host → the host and all that it can load and that is built here.
    """

    members: FrozenDict[Address, tuple[Address, ...]]

    def with_container(self, address: Address) -> tuple[Address, ...]:
        """The hosts that can load a container, itself included."""
        return tuple(host for host, members in self.members.items() if address in members)


@dataclass(frozen=True)
class PageUseRequest(EngineAwareParameter):
    """The page that one host opens."""

    host: Address

    def debug_hint(self) -> str:
        return self.host.spec


@rule(desc="Find pages", level=LogLevel.DEBUG)
async def find_pages(containers: FederatedContainers) -> Pages:
    """Follows the remotes of each host."""
    return Pages(
        FrozenDict(
            {
                container.address: reachable(container.address, containers)
                for container in containers
                if container.kind is ContainerKind.HOST
            }
        )
    )


@rule(desc="Gather what a page imports", level=LogLevel.DEBUG)
async def gather_page_use(
    request: PageUseRequest, pages: Pages, containers: FederatedContainers
) -> PageUse:
    """Looks at the imports of all containers of a page."""
    members = pages.members[request.host]
    closures: tuple[ContainerClosure, ...] = await concurrently(
        container_closure(member) for member in members
    )
    return PageUse.of(
        ContainerUse(
            containers.by_address[member].name,
            frozenset(
                (
                    *(use.name for use in each.closure.packages),
                    *(use.package for use in each.closure.first_party_requests),
                )
            ),
        )
        for member, each in zip(members, closures)
    )


def _page_use(host: Address) -> Get:
    return Get(PageUse, PageUseRequest(host))


async def federation_use(address: Address, pages: Pages) -> FederationUse:
    """What the pages import of which a container can be part."""
    hosts = pages.with_container(address)
    return FederationUse(tuple(await concurrently(_page_use(host) for host in hosts)))


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

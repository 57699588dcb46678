"""Where installed packages lie in a sandbox: each in a mount of its own, or all in one.

Pants lays an immutable input out once, and puts a link to it into each sandbox that has it. Each
package in a mount of its own costs as many links as there are packages, in every sandbox: the
containers can reach different packages, and still each package is on disk once. Where many
containers reach the same packages, all of them in one mount cost one link. The input root is the
same in either case, and with it what caches are asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable, Mapping

from pants.engine.addresses import Address
from pants.engine.fs import AddPrefix, Digest, MergeDigests
from pants.engine.rules import Get, Rule, collect_rules, rule
from pants.util.frozendict import FrozenDict
from pants.util.logging import LogLevel

from module_federation.engine import add_prefix, concurrently, merge_digests

#: Below it, the installed packages of a container are mounted; `node_modules` links lead into it.
MOUNT = "__npm"
#: From this many containers on, their packages get one mount, though others may have some of these
#: laid out one by one. Chosen, not measured: twenty containers take the same either way, and a
#: hundred less in one mount.
MANY = 8


class KnownContainers:
    """Which containers reached which packages when they were last looked at, for as long as pantsd
    runs.

    It changes no result: two ways to mount the same packages are the same input.
    """

    def __init__(self) -> None:
        self._packages: dict[Address, int] = {}

    def remember(self, container: Address, packages: FrozenDict[str, Digest]) -> None:
        """Notes what a container reaches."""
        self._packages[container] = hash(packages)

    def are_many_with(self, packages: FrozenDict[str, Digest]) -> bool:
        """Whether many containers reach just these, and not none at all."""
        return bool(packages) and list(self._packages.values()).count(hash(packages)) >= MANY


KNOWN = KnownContainers()


@dataclass(frozen=True)
class PackagesTreeRequest:
    """
    :param packages: place in the repository → content.
    """

    packages: FrozenDict[str, Digest]


@dataclass(frozen=True)
class PackagesTree:
    """Packages, each at its place."""

    digest: Digest


def packages_tree(packages: FrozenDict[str, Digest]) -> Get:
    """Place in the repository → content, as one `PackagesTree`."""
    return Get(PackagesTree, PackagesTreeRequest(packages))


def mounted_one_by_one(packages: Mapping[str, Digest]) -> dict[str, Digest]:
    """Immutable inputs for packages (place in the repository → content)."""
    return {f"{MOUNT}/{place}": content for place, content in packages.items()}


def mounted_as_one(packages: PackagesTree) -> dict[str, Digest]:
    """The same, all in one."""
    return {MOUNT: packages.digest}


@rule(desc="Put the packages of containers together", level=LogLevel.DEBUG)
async def build_packages_tree(request: PackagesTreeRequest) -> PackagesTree:
    """Once for all containers that reach these."""
    placed = await concurrently(
        add_prefix(AddPrefix(content, place)) for place, content in request.packages.items()
    )
    return PackagesTree(await merge_digests(MergeDigests(placed)))


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

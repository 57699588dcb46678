"""Every file that a `web_source` target owns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable

from pants.engine.addresses import Address
from pants.engine.rules import Rule, collect_rules, rule
from pants.engine.target import AllTargets
from pants.util.frozendict import FrozenDict
from pants.util.logging import LogLevel

from module_federation.source_target_types import WebSourceDependenciesField, WebSourceField


@dataclass(frozen=True)
class WebSources:
    """
    :param owners: file, relative to the build root → the `web_source` target that owns it. Where
        several own one file, it is the one whose BUILD file is nearest to the file.
    :param with_dependencies: the files whose target has something in its `dependencies` field.
    """

    owners: FrozenDict[str, Address]
    with_dependencies: frozenset[str]

    @property
    def files(self) -> Iterable[str]:
        """The files, sorted."""
        return self.owners.keys()


@rule(desc="Find all web sources", level=LogLevel.DEBUG)
async def find_web_sources(all_targets: AllTargets) -> WebSources:
    """Maps every file to its one owner."""
    owners: dict[str, Address] = {}
    with_dependencies = set()
    for target in all_targets:
        if not target.has_field(WebSourceField):
            continue
        file = target[WebSourceField].path
        other = owners.get(file)
        if other is None or _nearer(target.address, other):
            owners[file] = target.address
        if target[WebSourceDependenciesField].value:
            with_dependencies.add(file)
    return WebSources(FrozenDict(sorted(owners.items())), frozenset(with_dependencies))


def _nearer(one: Address, other: Address) -> bool:
    return (-len(one.spec_path), one) < (-len(other.spec_path), other)


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

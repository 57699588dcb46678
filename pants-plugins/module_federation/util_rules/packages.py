"""The first-party packages of the repository: every `package.json` that a target owns."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Iterable, Iterator

from pants.backend.javascript.package_json import PackageJsonSourceField, PackageJsonTarget
from pants.engine.addresses import Address
from pants.engine.fs import DigestContents, PathGlobs
from pants.engine.rules import Rule, collect_rules, rule
from pants.engine.target import AllUnexpandedTargets
from pants.util.frozendict import FrozenDict
from pants.util.logging import LogLevel

from module_federation.engine import get_contents, literally, matching_digest
from module_federation.module_graph.package_json import PackageManifest


@dataclass(frozen=True)
class WorkspacePackages:
    """Every first-party package.

    :param by_directory: folder of the `package.json`, relative to the build root → its content.
    :param targets: the same folder → the `package_json` target.
    :param names: the names of all first-party packages.
    """

    by_directory: FrozenDict[str, PackageManifest]
    targets: FrozenDict[str, Address]
    names: frozenset[str]

    def enclosing(self, path: str) -> Iterator[PackageManifest]:
        """The packages that a file or folder lies in, the nearest first."""
        directory = path
        while True:
            package = self.by_directory.get(directory)
            if package is not None:
                yield package
            if not directory:
                return
            directory = directory.rpartition("/")[0]

    def owner(self, path: str) -> PackageManifest | None:
        """The package that a file or folder belongs to: the nearest one above it."""
        return next(self.enclosing(path), None)

    def file_address(self, path: str) -> Address | None:
        """The target that stands for a `package.json` file itself."""
        directory = os.path.dirname(path)
        if os.path.basename(path) != "package.json" or directory not in self.targets:
            return None
        return self.targets[directory].create_generated(path)

    def third_party_address(self, directory: str, name: str) -> Address | None:
        """The `node_third_party_package` target that a package's dependency has, if it has one."""
        package = self.by_directory.get(directory)
        if package is None or package.declared_range(name) is None or name in self.names:
            return None
        # The JavaScript backend generates the name this way: backend/javascript/package_json.py,
        # `generate_node_package_targets`, Pants 2.17.1.
        return self.targets[directory].create_generated(name.replace("@", "__"))


@rule(desc="Read all package.json files", level=LogLevel.DEBUG)
async def find_workspace_packages(all_targets: AllUnexpandedTargets) -> WorkspacePackages:
    """Reads the manifests of all `package_json` targets."""
    addresses = {
        os.path.normpath(target[PackageJsonSourceField].file_path): target.address
        for target in all_targets
        if isinstance(target, PackageJsonTarget)
    }
    contents: DigestContents = await get_contents(
        await matching_digest(PathGlobs(literally(addresses)))
    )
    manifests = [PackageManifest.parse(file.path, file.content) for file in contents]
    return WorkspacePackages(
        FrozenDict({manifest.directory: manifest for manifest in manifests}),
        FrozenDict({os.path.dirname(path): address for path, address in sorted(addresses.items())}),
        frozenset(manifest.name for manifest in manifests if manifest.name),
    )


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

"""Who owns lockfiles, TypeScript settings and the policy, so that changes of them are followed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Iterable, Union

from pants.engine.addresses import Address
from pants.engine.fs import PathGlobs, Paths
from pants.engine.internals.build_files import BuildFileOptions
from pants.engine.internals.synthetic_targets import SyntheticAddressMaps, SyntheticTargetsRequest
from pants.engine.internals.target_adaptor import TargetAdaptor
from pants.engine.rules import Rule, collect_rules, rule
from pants.engine.unions import UnionRule
from pants.util.frozendict import FrozenDict
from pants.util.logging import LogLevel

from module_federation import bundler_files
from module_federation.engine import literally, matching_paths
from module_federation.package_managers.choice import LOCKFILES
from module_federation.settings_target_types import (
    PluginSettingsTarget,
    ProjectFilesTarget,
    TypeScriptSettingsField,
    TypeScriptSettingsTarget,
)
from module_federation.subsystem import ModuleFederation

_PANTS = "pants*.toml"


@dataclass(frozen=True)
class SettingsTargets:
    """The targets that own settings, each by the folder that it is in.

    :param projects: folders with a lockfile.
    :param typescript: folders with TypeScript settings, or with a `package.json` beside which there
        could be some.
    :param plugin: folders of files that `pants.toml` names, and of `pants.toml` itself → the files,
        relative to the folder.
    """

    projects: FrozenDict[str, Address]
    typescript: FrozenDict[str, Address]
    plugin: FrozenDict[str, tuple[str, ...]]

    @property
    def plugin_addresses(self) -> Iterable[Address]:
        """What every container depends on."""
        return (_address(folder, PluginSettingsTarget.alias) for folder in self.plugin)


@dataclass(frozen=True)
class SettingsTargetsRequest(SyntheticTargetsRequest):
    """Pants asks for targets that are in no BUILD file by this type."""

    path: str = SyntheticTargetsRequest.SINGLE_REQUEST_FOR_ALL_TARGETS


def _address(folder: str, alias: str) -> Address:
    """Such a target is called like its type."""
    return Address(folder, target_name=alias)


@rule(desc="Find lockfiles and settings", level=LogLevel.DEBUG)
async def find_settings_targets(
    module_federation: ModuleFederation, build_files: BuildFileOptions
) -> SettingsTargets:
    """Looks for them by name; nothing is read."""
    found: Paths = await matching_paths(
        PathGlobs(
            [
                *(f"**/{name}" for name in LOCKFILES),
                *(f"**/{name}" for name in (*TypeScriptSettingsField.default, "package.json")),
                "!**/node_modules/**",
                # Where no BUILD file counts, no target is.
                *(f"!{pattern}" for pattern in build_files.ignores),
            ]
        )
    )
    named: Paths = await matching_paths(
        PathGlobs([_PANTS, *literally(_named_files(module_federation))])
    )
    projects: set[str] = set()
    typescript: set[str] = set()
    for path in found.files:
        folder, name = os.path.split(path)
        (projects if name in LOCKFILES else typescript).add(folder)
    plugin: dict[str, list[str]] = {}
    for path in sorted(named.files):
        folder, name = os.path.split(path)
        plugin.setdefault(folder, []).append(name)
    return SettingsTargets(
        FrozenDict({each: _address(each, ProjectFilesTarget.alias) for each in sorted(projects)}),
        FrozenDict(
            {each: _address(each, TypeScriptSettingsTarget.alias) for each in sorted(typescript)}
        ),
        FrozenDict({folder: tuple(names) for folder, names in sorted(plugin.items())}),
    )


def _named_files(module_federation: ModuleFederation) -> Iterable[str]:
    """The files that options name."""
    if module_federation.policy_file is not None:
        yield os.path.normpath(module_federation.policy_file)
    if module_federation.bundler_directory is not None:
        for name in (*bundler_files.LOCK, *bundler_files.WEBPACK_LOCK):
            yield os.path.normpath(os.path.join(module_federation.bundler_directory, name))


@rule(desc="Make targets for lockfiles and settings", level=LogLevel.DEBUG)
async def make_settings_targets(
    request: SettingsTargetsRequest, settings: SettingsTargets
) -> SyntheticAddressMaps:
    """Declares them where Pants looks for targets."""
    by_folder: dict[str, list[TargetAdaptor]] = {}
    for folder, address in (*settings.projects.items(), *settings.typescript.items()):
        by_folder.setdefault(folder, []).append(_adaptor(address.target_name))
    for folder, files in settings.plugin.items():
        adaptor = _adaptor(PluginSettingsTarget.alias, sources=literally(files))
        by_folder.setdefault(folder, []).append(adaptor)
    return SyntheticAddressMaps.for_targets_request(
        request,
        [
            (os.path.join(folder, "BUILD.module-federation"), tuple(adaptors))
            for folder, adaptors in sorted(by_folder.items())
        ],
    )


def _adaptor(alias: str, **fields: object) -> TargetAdaptor:
    return TargetAdaptor(
        alias,
        name=alias,
        __description_of_origin__="the backend `module_federation`",
        **fields,
    )


def rules() -> Iterable[Union[Rule, UnionRule]]:
    """The rules of this module."""
    return (*collect_rules(), *SettingsTargetsRequest.rules())

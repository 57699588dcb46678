"""Who owns lockfiles, TypeScript settings and the policy, so that changes of them are followed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from fnmatch import fnmatchcase
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
from module_federation.util_rules.typescript_settings import TypeScriptSettings

_PANTS = "pants*.toml"
_MANIFEST = "package.json"
_EXTENDED = "_extended_typescript_settings"


@dataclass(frozen=True)
class SettingsTargets:
    """The targets that own settings, each by the folder that it is in.

    :param projects: folders with a lockfile.
    :param typescript: folders with TypeScript settings, or with a `package.json` beside which there
        could be some.
    :param extended: the same for settings of other names, which are settings because others extend
        them.
    :param extended_files: their folders → their names.
    :param plugin: folders of files that `pants.toml` names, and of `pants.toml` itself → the files,
        relative to the folder.
    """

    projects: FrozenDict[str, Address]
    typescript: FrozenDict[str, Address]
    extended: FrozenDict[str, Address]
    extended_files: FrozenDict[str, tuple[str, ...]]
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
    """Such a target is called like its type, where there is one of it."""
    return Address(folder, target_name=alias)


@rule(desc="Find lockfiles and settings", level=LogLevel.DEBUG)
async def find_settings_targets(
    module_federation: ModuleFederation,
    build_files: BuildFileOptions,
    settings: TypeScriptSettings,
) -> SettingsTargets:
    """Looks for them by name, and for what TypeScript settings extend."""
    found: Paths = await matching_paths(
        PathGlobs(
            [
                *(f"**/{name}" for name in LOCKFILES),
                f"**/{_MANIFEST}",
                *literally(settings.contents),
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
        if name in LOCKFILES:
            projects.add(folder)
        elif name == _MANIFEST or _has_usual_name(name):
            typescript.add(folder)
    extended = _names_by_folder(
        path
        for path in found.files
        if path in settings.contents and not _has_usual_name(os.path.basename(path))
    )
    return SettingsTargets(
        FrozenDict({each: _address(each, ProjectFilesTarget.alias) for each in sorted(projects)}),
        FrozenDict(
            {each: _address(each, TypeScriptSettingsTarget.alias) for each in sorted(typescript)}
        ),
        FrozenDict({each: _address(each, _EXTENDED) for each in extended}),
        extended,
        _names_by_folder(named.files),
    )


def _has_usual_name(name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in TypeScriptSettingsField.default)


def _names_by_folder(paths: Iterable[str]) -> FrozenDict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for path in sorted(paths):
        folder, name = os.path.split(path)
        names[folder] = (*names.get(folder, ()), name)
    return FrozenDict(names)


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
    for folder, names in settings.extended_files.items():
        adaptor = _adaptor(TypeScriptSettingsTarget.alias, name=_EXTENDED, sources=literally(names))
        by_folder.setdefault(folder, []).append(adaptor)
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


def _adaptor(alias: str, *, name: str | None = None, **fields: object) -> TargetAdaptor:
    return TargetAdaptor(
        alias,
        name=name or alias,
        __description_of_origin__="the backend `module_federation`",
        **fields,
    )


def rules() -> Iterable[Union[Rule, UnionRule]]:
    """The rules of this module."""
    return (*collect_rules(), *SettingsTargetsRequest.rules())

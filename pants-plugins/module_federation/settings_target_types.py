"""Targets that own what no BUILD file declares: lockfiles, TypeScript settings, the policy.

They exist so that Pants can follow a change of such a file: `--changed-since`, `dependents`. Pants'
own backends do the same with their lockfiles.
"""

from __future__ import annotations

from typing import ClassVar, Tuple

from pants.engine.fs import GlobMatchErrorBehavior
from pants.engine.target import COMMON_TARGET_FIELDS, Dependencies, MultipleSourcesField, Target
from pants.util.strutil import help_text

from module_federation.package_managers.choice import LOCKFILES
from module_federation.package_managers.settings import SETTINGS_FILES


class SettingsDependenciesField(Dependencies):
    pass


class ProjectFilesField(MultipleSourcesField):
    default: ClassVar[Tuple[str, ...]] = (
        *LOCKFILES,
        *sorted({name for names in SETTINGS_FILES.values() for name in names}),
    )
    # No project has all of them.
    default_glob_match_error_behavior = GlobMatchErrorBehavior.ignore
    help = help_text("What decides how packages are installed, beside `package.json` files.")


class ProjectFilesTarget(Target):
    alias = "_node_project"
    core_fields = (*COMMON_TARGET_FIELDS, ProjectFilesField, SettingsDependenciesField)
    help = help_text(
        """
        A lockfile and the settings of the package manager beside it. There is one in each folder
        with a lockfile, without being declared.
        """
    )


class TypeScriptSettingsField(MultipleSourcesField):
    default: ClassVar[Tuple[str, ...]] = ("tsconfig*.json", "jsconfig.json")
    # It stands for those, too, that are created or deleted.
    default_glob_match_error_behavior = GlobMatchErrorBehavior.ignore
    help = help_text("TypeScript's settings.")


class TypeScriptSettingsTarget(Target):
    alias = "_typescript_settings"
    core_fields = (*COMMON_TARGET_FIELDS, TypeScriptSettingsField, SettingsDependenciesField)
    help = help_text(
        """
        The `tsconfig.json` files of a folder. There is one in each folder with such files or with a
        `package.json`, and another one in each folder with settings that have other names and are
        extended, without being declared.
        """
    )


class PluginSettingsField(MultipleSourcesField):
    help = help_text("`pants.toml`, and what its section `[module-federation]` names.")


class PluginSettingsTarget(Target):
    alias = "_module_federation_settings"
    core_fields = (*COMMON_TARGET_FIELDS, PluginSettingsField, SettingsDependenciesField)
    help = help_text(
        """
        `pants.toml`, the sharing policy, and what replaces the plugin's own tools. It needs not be
        declared.
        """
    )

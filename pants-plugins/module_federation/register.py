"""What Pants loads when `module_federation` is among its `backend_packages`.

It brings Pants' own `package_json` target along, and needs nothing else of the JavaScript backend.
Both can be used together; then set `[nodejs-infer].package_json_entry_points = false`, because that
backend's own inference fails on conditional `exports` (Pants 2.17.1,
`PackageJsonEntryPoints.from_package_json`).
"""

from __future__ import annotations

from typing import Iterable, Type, Union

from pants.backend.javascript import package_json
from pants.build_graph.build_file_aliases import BuildFileAliases
from pants.engine.rules import Rule
from pants.engine.target import Target
from pants.engine.unions import UnionRule

from module_federation.dependency_inference import rules as dependency_inference
from module_federation.external_target_types import FederatedExternalRemoteTarget
from module_federation.goals import check, federation_plan, package, rebuild_report, run
from module_federation.settings_target_types import (
    PluginSettingsTarget,
    ProjectFilesTarget,
    TypeScriptSettingsTarget,
)
from module_federation.source_target_types import WebSourcesGeneratorTarget, WebSourceTarget
from module_federation.target_types import (
    FederatedHostTarget,
    FederatedRemoteTarget,
)
from module_federation.util_rules import (
    backstage,
    bundle,
    closures,
    containers,
    contracts,
    external_remotes,
    imports,
    installation,
    nodejs,
    package_forms,
    package_managers,
    package_mounts,
    package_trees,
    packages,
    packs,
    page_uses,
    plans,
    policies,
    projects,
    rebuilds,
    settings_targets,
    slices,
    tools,
    typescript_settings,
    web_sources,
)


def rules() -> Iterable[Union[Rule, UnionRule]]:
    """The rules of this module."""
    return (
        *package_json.rules(),
        *nodejs.rules(),
        *package_managers.rules(),
        *tools.rules(),
        *packs.rules(),
        *installation.rules(),
        *packages.rules(),
        *package_trees.rules(),
        *package_mounts.rules(),
        *projects.rules(),
        *policies.rules(),
        *web_sources.rules(),
        *external_remotes.rules(),
        *backstage.rules(),
        *containers.rules(),
        *typescript_settings.rules(),
        *imports.rules(),
        *closures.rules(),
        *settings_targets.rules(),
        *page_uses.rules(),
        *slices.rules(),
        *contracts.rules(),
        *bundle.rules(),
        *package_forms.rules(),
        *dependency_inference.rules(),
        *plans.rules(),
        *rebuilds.rules(),
        *package.rules(),
        *rebuild_report.rules(),
        *run.rules(),
        *check.rules(),
        *federation_plan.rules(),
    )


def target_types() -> Iterable[Type[Target]]:
    """The JavaScript backend's `package_json` among them: containers and sources need it."""
    return (
        *package_json.target_types(),
        FederatedExternalRemoteTarget,
        FederatedHostTarget,
        FederatedRemoteTarget,
        PluginSettingsTarget,
        ProjectFilesTarget,
        TypeScriptSettingsTarget,
        WebSourceTarget,
        WebSourcesGeneratorTarget,
    )


def build_file_aliases() -> BuildFileAliases:
    """The symbols of the JavaScript backend that BUILD files can use."""
    return package_json.build_file_aliases()

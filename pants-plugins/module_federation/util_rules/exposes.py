"""Which modules of a container others can load."""

from __future__ import annotations

import os

from pants.engine.target import Target
from pants.util.strutil import bullet_list

from module_federation import file_types
from module_federation.errors import ModuleFederationError
from module_federation.fields.federation import (
    ExposesField,
)
from module_federation.module_graph.exports import ExportsError, resolve_exports
from module_federation.module_graph.package_json import PackageManifest
from module_federation.module_graph.settings import Dependency, resolution_rules
from module_federation.options import Mode
from module_federation.target_types import (
    FederatedRemoteTarget,
)
from module_federation.util_rules.backstage import BackstageExposes
from module_federation.util_rules.web_sources import WebSources


def role_field(package: PackageManifest) -> str | None:
    """What stands as `backstage.role` in a `package.json`, unchecked."""
    backstage = package.backstage
    role = backstage.get("role") if isinstance(backstage, dict) else None
    return role if isinstance(role, str) else None


def asks_backstage(target: Target, package: PackageManifest) -> bool:
    """Whether Backstage's rules decide what a container exposes."""
    return (
        isinstance(target, FederatedRemoteTarget)
        and target[ExposesField].value is None
        and package.backstage is not None
    )


def exposes_of(
    target: Target,
    package: PackageManifest,
    web_sources: WebSources,
    mode: Mode,
    *,
    backstage: BackstageExposes | None,
    required: bool,
) -> dict[str, str]:
    """Exposed module → its file.

    :param backstage: what a Backstage package exposes by itself, where `asks_backstage` says so.
    :param required: whether the container is good for nothing else.
    """
    given = target[ExposesField].value
    if given is not None:
        exposes = {
            name: os.path.normpath(os.path.join(target.address.spec_path, file))
            for name, file in sorted(given.items())
        }
        for name, file in exposes.items():
            check_owned(file, f"`exposes` {name!r}", target, web_sources)
    elif backstage is not None:
        exposes = dict(backstage.exposes)
    else:
        exposes = _exports_as_exposes(package, web_sources, mode) if required else {}
    if required and not exposes:
        raise ModuleFederationError(
            "The remote exposes nothing: it has no `exposes`, and its package no `exports` that "
            "lead to a script.",
            target=target.address,
            file=package.path,
            remedy='say what others may load: `exposes={"./Cart": "src/Cart.tsx"}`.',
        )
    return exposes


def _exports_as_exposes(
    package: PackageManifest, web_sources: WebSources, mode: Mode
) -> dict[str, str]:
    exports = package.exports
    if isinstance(exports, str) or not isinstance(exports, dict):
        names = ["."] if exports is not None else []
    else:
        names = [name for name in exports if name.startswith(".")] or ["."]
    exposes = {}
    for name in sorted(names):
        if "*" in name or name.endswith("/"):
            continue
        try:
            exported = resolve_exports(package.exports, name, _conditions(mode))
        except ExportsError:
            continue
        file = os.path.normpath(os.path.join(package.directory, exported))
        if file in web_sources.owners and file.endswith(file_types.SCRIPTS):
            exposes[name] = file
    return exposes


def _conditions(mode: Mode) -> frozenset[str]:
    return resolution_rules(mode.value)[Dependency.ESM].conditions


def check_owned(file: str, what: str, target: Target, web_sources: WebSources) -> None:
    """A file that a field names exists and belongs to a target."""
    if file in web_sources.owners:
        return
    folder = os.path.dirname(file)
    stem = os.path.splitext(file)[0]
    near = [
        other for other in web_sources.files if os.path.splitext(other)[0].lower() == stem.lower()
    ]
    near = near or [other for other in web_sources.files if os.path.dirname(other) == folder][:10]
    seen = f" Files that could be meant:\n{bullet_list(near)}\n" if near else ""
    raise ModuleFederationError(
        f"{what} names this file, but it does not exist or no `web_sources` target owns it.",
        target=target.address,
        file=file,
        remedy="correct the name, or add the file to the `sources` of a `web_sources` target."
        f"{seen}",
    )

"""The package around a remote, as Backstage's backend and its command line lay it out."""

from __future__ import annotations

import json
from typing import Any, Dict, Mapping, Optional, Tuple

#: Where the bundle lies. Source: @backstage/backend-dynamic-feature-service 0.8.7, the default of
#: `assetsPathFromPackage`.
DIST = "dist"
_MAIN = "dist/remoteEntry.js"
#: What every package brings along, as npm does.
HANDED_ON: Tuple[str, ...] = (
    "LICENCE*",
    "LICENSE*",
    "NOTICE*",
    "README*",
    "licen[cs]e*",
    "readme*",
)
#: Files that mark a folder as made by a command: nothing of it belongs into a repository, and the
#: next `backstage-cli package bundle` leaves it out.
#: Source: @backstage/cli-module-build 0.1.8, `dist/commands/package/bundle/command.cjs.js`.
BUNDLE_MARKERS: Mapping[str, bytes] = {".bundle-output": b"", ".gitignore": b"*\n"}

#: Of a package's own fields, what a dynamic plugin needs.
_OF_A_PLUGIN = ("name", "version", "description", "author", "license", "homepage", "repository")
#: What says how the sources are built or found; none of them is in the package.
_OF_SOURCES = (
    "bin", "browser", "dependencies", "devDependencies", "exports", "imports", "installConfig",
    "jest", "jsnext:main", "lint-staged", "module", "optionalDependencies", "overrides",
    "packageManager", "publishConfig", "resolutions", "scripts", "types", "typesVersions",
    "typings", "workspaces",
)  # fmt: skip
_NO_VERSION = "0.0.0"


def default_folder(package_name: str) -> str:
    """Where a dynamic plugin is written to below ``dist``: all of them side by side.

    The last part is the name that Backstage's command line gives it.
    """
    mangled = package_name.lstrip("@").replace("/", "-")
    return f"dynamic-plugins/{mangled}"


def plugin_manifest(manifest: Mapping[str, Any], *, config_schema: Optional[str]) -> str:
    """The ``package.json`` of a dynamic plugin: what Backstage's backend reads, and no more.

    Args:
        manifest: The package's own ``package.json``.
        config_schema: The file with the schema of its configuration, relative to the package.
    """
    fields = {key: manifest[key] for key in _OF_A_PLUGIN if key in manifest}
    return _text(fields, manifest, config_schema)


def bundle_manifest(manifest: Mapping[str, Any], *, config_schema: Optional[str]) -> str:
    """The ``package.json`` of a package to hand on.

    All is kept but what is about sources: everything that the package depends on is in the bundle.
    Of its peers, those stay whose range means something outside of the workspace.

    Args:
        manifest: The package's own ``package.json``.
        config_schema: The file with the schema of its configuration, relative to the package.
    """
    fields = {key: value for key, value in manifest.items() if key not in _OF_SOURCES}
    peers = fields.pop("peerDependencies", None)
    if isinstance(peers, dict):
        legal = {name: text for name, text in peers.items() if ":" not in str(text)}
        if legal:
            fields["peerDependencies"] = legal
    fields["files"] = sorted({DIST, *map(str, more_files(manifest))})
    return _text(fields, manifest, config_schema)


def more_files(manifest: Mapping[str, Any]) -> Tuple[str, ...]:
    """What ``files`` names beside what is built from the sources, and the sources."""
    files = manifest.get("files")
    names = [name for name in files if isinstance(name, str)] if isinstance(files, list) else []
    return tuple(
        name
        for name in names
        if name.lstrip("!./").split("/")[0] not in (DIST, "src", "node_modules", "package.json")
        and ".." not in name.split("/")
    )


def _text(fields: Dict[str, Any], manifest: Mapping[str, Any], config_schema: Optional[str]) -> str:
    fields = {**fields, "main": _MAIN, "backstage": manifest.get("backstage")}
    fields.setdefault("version", _NO_VERSION)
    fields.pop("configSchema", None)
    if config_schema is not None:
        fields["configSchema"] = config_schema
    return f"{json.dumps(fields, indent=2, ensure_ascii=False)}\n"

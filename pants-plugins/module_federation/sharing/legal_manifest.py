"""A first-party ``package.json`` as a bundler should see it.

Where a key has no explicit version and range (two copies), the bundler looks both up itself and
takes what it finds word for word, ``workspace:*`` and ``catalog:`` included. So it is given a file
in which every range is one that the runtime understands, and nothing that would change a bundle
without need.
"""

from __future__ import annotations

from typing import AbstractSet, Any, Mapping

from module_federation.sharing.install_index import InstallIndex
from module_federation.sharing.ranges import legal_for_runtime
from module_federation.sharing.specifiers import normalise

BUNDLER_FIELDS = (
    "name",
    "version",
    "type",
    "sideEffects",
    "main",
    "module",
    "browser",
    "exports",
    "imports",
)
"""What Rspack and webpack read from a package's description, apart from dependencies."""

DEPENDENCY_SECTIONS = (
    "dependencies",
    "optionalDependencies",
    "peerDependencies",
    "devDependencies",
)


def legal_manifest(
    manifest: Mapping[str, Any],
    index: InstallIndex,
    package_dir: str,
    *,
    names: AbstractSet[str] | None = None,
) -> dict[str, Any]:
    """``manifest`` reduced to what a bundler reads, with ranges the runtime understands.

    Args:
        manifest: The parsed ``package.json``. Sections and ranges of the wrong type are left out.
        index: The project's installed packages.
        package_dir: The package's folder, relative to the project.
        names: Keep only these dependencies: those that the container imports. Others cannot matter
            to its bundle, but would make it be built again. None keeps all.
    """
    legal: dict[str, Any] = {
        field: manifest[field] for field in BUNDLER_FIELDS if field in manifest
    }
    for section in DEPENDENCY_SECTIONS:
        dependencies = manifest.get(section)
        if not isinstance(dependencies, Mapping):
            continue
        ranges = {
            name: legal_range(index, package_dir, name, raw)
            for name, raw in sorted(dependencies.items())
            if isinstance(raw, str) and (names is None or name in names)
        }
        if ranges:
            legal[section] = ranges
    return legal


def legal_range(index: InstallIndex, package_dir: str, name: str, raw: str) -> str:
    """What stands for one ``raw`` range of ``name`` in the legal manifest of ``package_dir``."""
    copy = index.resolve(package_dir, name)
    version = copy.version if copy else None
    specifier = normalise(raw, installed_version=version, name=name, catalogs=index.catalogs)
    return legal_for_runtime(specifier.range, [version] if version else [])

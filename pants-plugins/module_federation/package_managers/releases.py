"""The releases of package managers whose hashes come with the plugin, and which one reads what."""

from __future__ import annotations

import json
import pkgutil
from functools import lru_cache
from typing import Mapping

from module_federation.package_managers.model import ManagerKind

#: Version of `pnpm-lock.yaml` → the release that is taken where no `packageManager` field says.
#: pnpm 11 and 12 write 9.0 too; 10 is the last that runs on Node.js 20 and is a Node.js program.
PNPM_FOR_LOCKFILE = {
    "6.0": "8.15.9",
    "6.1": "8.15.9",
    "9.0": "10.34.9",
}
#: `__metadata.version` of `yarn.lock` → the same. A newer Yarn would rewrite an older lockfile,
#: which a frozen installation refuses (@yarnpkg/core, `Project.ts`, `LOCKFILE_VERSION`).
YARN_FOR_LOCKFILE = {
    "6": "3.8.7",
    "8": "4.13.0",
    "9": "4.14.1",
    "10": "4.18.1",
}
YARN_CLASSIC = "1.22.22"

#: Oldest major version that is supported.
OLDEST = {
    ManagerKind.NPM: 8,
    ManagerKind.PNPM: 8,
    ManagerKind.YARN_CLASSIC: 1,
    ManagerKind.YARN: 3,
}

#: The first major version of pnpm that is a native program.
NATIVE_PNPM = 12
_NATIVE_PACKAGE = "@pnpm/exe."


@lru_cache(maxsize=None)
def _table() -> Mapping[str, Mapping[str, str]]:
    data = pkgutil.get_data(__package__, "package_managers.json")
    assert data is not None, "package_managers.json is not part of the installed plugin"
    table: Mapping[str, Mapping[str, str]] = json.loads(data)
    return table


def integrity(kind: ManagerKind, version: str) -> str | None:
    """The hash of a release's npm package in npm's form (`sha512-<base64>`), None if not known."""
    return _table()[kind.npm_package].get(version)


def native_packages(kind: ManagerKind, version: str) -> Mapping[str, str]:
    """npm package of the native program → its hash, for each platform that is known.

    Packages are named for their platform: `@pnpm/exe.linux-x64`. Empty for a program that Node.js
    runs.
    """
    if kind is not ManagerKind.PNPM or int(version.split(".")[0]) < NATIVE_PNPM:
        return {}
    return {
        package: releases[version]
        for package, releases in _table().items()
        if package.startswith(_NATIVE_PACKAGE) and version in releases
    }


def newest(kind: ManagerKind) -> str:
    """The newest release that is known, for an example in a message."""
    return list(_table()[kind.npm_package])[-1]

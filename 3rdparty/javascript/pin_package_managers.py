"""Writes down the hashes of npm, pnpm and Yarn, as the registry that npm is set to states them.

Run it from anywhere when releases are missing, and commit the file that it rewrites::

    python3 3rdparty/javascript/pin_package_managers.py

A hash that is in the file already must not change: the script stops then, because a registry that
serves other bytes for a published version is not to be trusted.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Dict, Mapping

TABLE = (
    Path(__file__).parents[2]
    / "pants-plugins/module_federation/package_managers/package_managers.json"
)

#: npm package → the releases that the plugin can work with.
PACKAGES = {
    "npm": ">=8.0.0",
    "pnpm": ">=8.0.0",
    "yarn": ">=1.22.0 <2.0.0",
    "@yarnpkg/cli-dist": ">=3.2.0",
    # From 12 on pnpm is a native program, one package for each platform that Pants runs on.
    "@pnpm/exe.darwin-arm64": ">=12.0.0",
    "@pnpm/exe.darwin-x64": ">=12.0.0",
    "@pnpm/exe.linux-arm64": ">=12.0.0",
    "@pnpm/exe.linux-x64": ">=12.0.0",
}
_RELEASE = re.compile(r"\d+\.\d+\.\d+\Z")


def published(package: str, versions: str) -> Mapping[str, str]:
    """Version → integrity of a package's releases; no pre-releases."""
    answer = subprocess.run(
        ["npm", "view", "--json", f"{package}@{versions}", "version", "dist.integrity"],
        check=True,
        stdout=subprocess.PIPE,
    )
    found = json.loads(answer.stdout)
    return {
        each["version"]: each["dist.integrity"]
        for each in (found if isinstance(found, list) else [found])
        if _RELEASE.match(each["version"])
    }


def merged(known: Mapping[str, str], found: Mapping[str, str], package: str) -> Dict[str, str]:
    """All releases, the newest last; refuses a changed hash."""
    for version in sorted(known.keys() & found.keys()):
        if known[version] != found[version]:
            raise SystemExit(f"{package} {version} had {known[version]}, now {found[version]}")
    everything = {**known, **found}
    order = sorted(everything, key=lambda version: [int(part) for part in version.split(".")])
    return {version: everything[version] for version in order}


def main() -> None:
    """Adds to the table what the registry has."""
    known = json.loads(TABLE.read_text()) if TABLE.exists() else {}
    table = {
        package: merged(known.get(package, {}), published(package, versions), package)
        for package, versions in PACKAGES.items()
    }
    TABLE.write_text(json.dumps(table, indent=1) + "\n")
    print("\n".join(f"{package}: {len(releases)} releases" for package, releases in table.items()))


if __name__ == "__main__":
    main()

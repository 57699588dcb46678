"""The published packages that gallery federations install, and the lockfiles that name them.

`published.json` holds their digests, as lockfiles have them. A lockfile decides what is installed:
dependencies that it does not name stay away, as in a lockfile that somebody has cut by hand.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_INTEGRITY: Mapping[str, str] = json.loads(Path(__file__).with_name("published.json").read_text())

Manifest = Mapping[str, Any]


def lockfile(members: Mapping[str, Manifest], installed: Mapping[str, str]) -> str:
    """The `package-lock.json` of a project, without addresses.

    :param members: folder → `package.json` of the root (`""`) and of each workspace package.
    :param installed: `node_modules/clsx` and the like → version.
    """
    entries: dict[str, Manifest] = {folder: _own_entry(each) for folder, each in members.items()}
    for folder, each in members.items():
        if folder:
            entries[f"node_modules/{each['name']}"] = {"resolved": folder, "link": True}
    for place, version in installed.items():
        name = place.rpartition("node_modules/")[2]
        entries[place] = {"version": version, "integrity": _INTEGRITY[f"{name}@{version}"]}
    root = members[""]
    lock = {
        "name": root["name"],
        "version": root["version"],
        "lockfileVersion": 3,
        "requires": True,
        "packages": dict(sorted(entries.items())),
    }
    return json.dumps(lock, indent=2) + "\n"


def _own_entry(manifest: Manifest) -> Manifest:
    copied = ("name", "version", "workspaces", "dependencies", "peerDependencies")
    return {key: manifest[key] for key in copied if key in manifest}

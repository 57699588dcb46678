"""One small workspace for four package managers, with all that they can do differently.

It has overrides, two versions of a package (three of `is-number`), an `npm:` alias, a package whose
peer two applications have in different versions, and, where the package manager has them, a patch,
catalogs, every form of `workspace:`, an injected workspace package and a dependency that the
settings add to a package.

The lockfiles lie in `lockfiles/mixed`. To make one anew, write the workspace out, lock it there
with the package manager, without addresses (`CONTRIBUTING.md`), and copy the lockfile back::

    PYTHONPATH=tests python -m rules.mixed_workspace pnpm ../mixed
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Dict, Mapping

ROOT = "mixed"
SHELL = f"{ROOT}/apps/shell"
VINTAGE = f"{ROOT}/apps/vintage"
UI = f"{ROOT}/libs/ui"

MANAGERS = ("npm", "pnpm", "yarn-classic", "yarn")
#: The oldest that are supported, for a few tests of their own. They know no catalogs, and their
#: lockfiles are of an older form.
OLDER = ("pnpm-8", "yarn-3")
LOCKFILES = {
    "npm": "package-lock.json",
    "pnpm": "pnpm-lock.yaml",
    "pnpm-8": "pnpm-lock.yaml",
    "yarn-classic": "yarn.lock",
    "yarn": "yarn.lock",
    "yarn-3": "yarn.lock",
}
#: What `packageManager` says. The hashes are corepack's: of the npm package's tarball, and of
#: Yarn 4 of the file that runs.
PINS = {
    "npm": "npm@10.9.2",
    "pnpm": "pnpm@10.34.9",
    "yarn-classic": (
        "yarn@1.22.22+sha512.a6b2f7906b721bba3d67d4aff083df04dad64c399707841b7acf00f6b133b7ac24255f26"
        "52fa22ae3534329dc6180534e98d17432037ff6fd140556e2bb3137e"
    ),
    "yarn": "yarn@4.13.0+sha224.322a2fdff21f2dc59000097c351c28cb85db1f258888d85db90788cf",
    "pnpm-8": "pnpm@8.15.9",
    "yarn-3": "yarn@3.8.7",
}
#: Of `MANAGERS`, only these two know `workspace:`, catalogs and patches.
MODERN = ("pnpm", "yarn")

_PATCH = """\
diff --git a/index.js b/index.js
--- a/index.js
+++ b/index.js
@@ -1,3 +1,4 @@
+// patched
 /*!
  * is-odd <https://github.com/jonschlinkert/is-odd>
  *
"""
_CATALOGS = """\
catalog:
  react: ^19.0.0
catalogs:
  vintage:
    react: ^18.0.0
"""
_EXTENSIONS = """\
packageExtensions:
  is-even@1:
    dependencies:
      clsx: ^2.0.0
"""
_PNPM_WORKSPACE = f"""\
packages:
  - apps/*
  - libs/*
{_CATALOGS}{_EXTENSIONS}\
overrides:
  kind-of: 6.0.3
patchedDependencies:
  is-odd@3.0.1: patches/is-odd@3.0.1.patch
"""


def files(
    manager: str, changes: Mapping[str, str | bytes | None] | None = None
) -> Dict[str, str | bytes]:
    """The workspace with its lockfile, path → content.

    :param manager: one of `MANAGERS` or `OLDER`.
    :param changes: path → new content; `None` leaves the file out.
    """
    lockfile = Path(__file__).parent / "lockfiles/mixed" / manager / LOCKFILES[manager]
    everything: Dict[str, str | bytes | None] = {
        **_sources(),
        **_settings(manager),
        **{path: json.dumps(data, indent=2) for path, data in manifests(manager).items()},
        f"{ROOT}/{LOCKFILES[manager]}": lockfile.read_text() if lockfile.exists() else "",
        **(changes or {}),
    }
    return {path: content for path, content in everything.items() if content is not None}


def manifests(manager: str) -> Dict[str, Dict[str, Any]]:
    """The `package.json` files, path → content."""
    has_catalogs = manager in MODERN
    modern = manager in (*MODERN, *OLDER)
    react, old_react = ("catalog:", "catalog:vintage") if has_catalogs else ("^19.0.0", "^18.0.0")
    root: Dict[str, Any] = _package("mixed", packageManager=PINS[manager])
    if manager not in ("pnpm", "pnpm-8"):
        root["workspaces"] = {"packages": ["apps/*", "libs/*"]}
    if manager == "npm":
        root["overrides"] = {"kind-of": "6.0.3"}
    if manager == "pnpm-8":
        root["pnpm"] = {
            "overrides": {"kind-of": "6.0.3"},
            "packageExtensions": {"is-even@1": {"dependencies": {"clsx": "^2.0.0"}}},
            "patchedDependencies": {"is-odd@3.0.1": "patches/is-odd@3.0.1.patch"},
        }
    if manager in ("yarn", "yarn-3", "yarn-classic"):
        root["resolutions"] = {"kind-of": "6.0.3"}
    if manager == "yarn":
        root["resolutions"]["is-odd@npm:^3.0.0"] = (
            "patch:is-odd@npm%3A3.0.1#~/.yarn/patches/is-odd.patch"
        )
    if manager == "yarn-3":
        root["resolutions"]["is-odd@^3.0.0"] = "patch:is-odd@npm:3.0.1#.yarn/patches/is-odd.patch"
    other_forms = {
        "pnpm": {"ui-again": "workspace:@mix/ui@*"},
        "pnpm-8": {"ui-again": "workspace:@mix/ui@*"},
        "yarn": {"@mix/ui": "workspace:libs/ui"},
        "yarn-3": {"@mix/ui": "workspace:libs/ui"},
    }
    shell = _package(
        "@mix/shell",
        dependencies={
            "@mix/ui": "workspace:^" if modern else "1.0.0",
            "clsx": "^2.0.0",
            "is-even": "^1.0.0",
            "is-number": "^7.0.0",
            "is-odd": "^3.0.0",
            "old-number": "npm:is-number@^6.0.0",
            "react": react,
            "use-sync-external-store": "^1.2.0",
            **other_forms.get(manager, {}),
        },
    )
    vintage = _package(
        "@mix/vintage",
        dependencies={
            "@mix/ui": "workspace:*" if modern else "1.0.0",
            "is-number": "^6.0.0",
            "react": old_react,
            "use-sync-external-store": "^1.2.0",
        },
    )
    if manager in ("pnpm", "pnpm-8"):
        vintage["dependenciesMeta"] = {"@mix/ui": {"injected": True}}
    library = _package(
        "@mix/ui",
        exports={".": "./src/index.js"},
        dependencies={"clsx": "^2.0.0"},
        peerDependencies={"react": "^18.0.0 || ^19.0.0"},
        devDependencies={"react": react},
    )
    return {
        f"{ROOT}/package.json": root,
        f"{SHELL}/package.json": shell,
        f"{VINTAGE}/package.json": vintage,
        f"{UI}/package.json": library,
    }


def _package(name: str, **fields: Any) -> Dict[str, Any]:
    return {"name": name, "version": "1.0.0", "private": True, **fields}


def _settings(manager: str) -> Dict[str, str]:
    if manager == "pnpm":
        return {
            f"{ROOT}/pnpm-workspace.yaml": _PNPM_WORKSPACE,
            f"{ROOT}/patches/is-odd@3.0.1.patch": _PATCH,
        }
    if manager == "pnpm-8":
        return {
            f"{ROOT}/pnpm-workspace.yaml": "packages:\n  - apps/*\n  - libs/*\n",
            f"{ROOT}/patches/is-odd@3.0.1.patch": _PATCH,
        }
    if manager in ("yarn", "yarn-3"):
        catalogs = _CATALOGS if manager == "yarn" else ""
        return {
            # The linker that cannot be used here, to see that it is not.
            f"{ROOT}/.yarnrc.yml": f"nodeLinker: pnp\n{catalogs}{_EXTENSIONS}",
            f"{ROOT}/.yarn/patches/is-odd.patch": _PATCH,
        }
    return {}


def _sources() -> Dict[str, str]:
    return {
        f"{ROOT}/BUILD": 'package_json(name="package")\n',
        f"{SHELL}/BUILD": (
            'package_json(name="package")\nweb_sources()\nfederated_host(name="host")\n'
        ),
        f"{VINTAGE}/BUILD": 'package_json(name="package")\nweb_sources()\n',
        f"{UI}/BUILD": 'package_json(name="package")\nweb_sources()\n',
        f"{SHELL}/src/index.js": """
            import { Button } from "@mix/ui";
            import clsx from "clsx";
            import isEven from "is-even";
            import isNumber from "is-number";
            import isOdd from "is-odd";
            import oldNumber from "old-number";
            import { createElement } from "react";
            import { useSyncExternalStore } from "use-sync-external-store/shim";

            console.log(createElement(Button), useSyncExternalStore, clsx("a"));
            console.log(isEven(2), isNumber(1), isOdd(3), oldNumber(1));
        """,
        f"{VINTAGE}/src/index.js": 'import "react";\n',
        f"{UI}/src/index.js": """
            import clsx from "clsx";
            import { createElement } from "react";
            export const Button = () => createElement("button", { className: clsx("ui") });
        """,
    }


def write(manager: str, folder: Path) -> None:
    """Write the workspace's manifests and settings into a folder, without a lockfile."""
    for path, content in files(manager).items():
        target = folder / Path(path).relative_to(ROOT)
        if target.name in (LOCKFILES[manager], "BUILD"):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(str(content))


if __name__ == "__main__":
    write(sys.argv[1], Path(sys.argv[2]))

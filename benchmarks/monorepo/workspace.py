"""The generated monorepo as files: what each tool needs beside the sources."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from shape import SCOPE, Shape, identifier
from tree import sources, to_json

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
#: Of the repository, what Pants needs in another one.
_PANTS_FILES = ("pants", "3rdparty/python", "pants-plugins/module_federation")

_SHARED = ("@emotion/react", "@emotion/styled", "react-router")


def written_lock(kind: str) -> dict[str, Any]:
    """The lockfile in `locks/<kind>`, which knows of no workspace package."""
    lock: dict[str, Any] = json.loads((HERE / "locks" / kind / "package-lock.json").read_text())
    return lock


def versions(kind: str) -> dict[str, str]:
    """Package → range, of the packages that the generated code imports."""
    dependencies: dict[str, str] = written_lock(kind)["packages"][""]["dependencies"]
    return dependencies


def common_files(shape: Shape, kind: str) -> dict[str, str]:
    """Path → content of the sources, of all `package.json` and of the lockfile.

    :param kind: folder in `locks`: which tools are installed beside the packages of the code.
    """
    files = sources(shape, versions(kind))
    lock = written_lock(kind)
    root = lock["packages"][""]
    # They belong to the packages that import them; the root has only tools.
    root.pop("dependencies")
    workspaces = ["apps/*", "libs/*"]
    root["workspaces"] = workspaces
    own_locks: dict[str, str] = {}
    for path in sorted(files):
        if not path.endswith("/package.json"):
            continue
        folder = path.rpartition("/")[0]
        manifest = json.loads(files[path])
        if folder.startswith("projects/"):
            own_locks[f"{folder}/package-lock.json"] = to_json(_own_lock(manifest))
            continue
        lock["packages"][folder] = {
            "name": manifest["name"],
            "version": manifest["version"],
            "dependencies": manifest["dependencies"],
        }
        lock["packages"][f"node_modules/{manifest['name']}"] = {"resolved": folder, "link": True}
    manifest = {
        "name": f"{SCOPE}/workspace",
        "version": "1.0.0",
        "private": True,
        "workspaces": workspaces,
        "devDependencies": root.get("devDependencies", {}),
    }
    files["package.json"] = to_json(manifest)
    files["package-lock.json"] = to_json(lock)
    files.update(own_locks)
    files[".gitignore"] = "node_modules/\ndist/\n.turbo/\n.nx/\n/.pants.d/\n/.pids/\n"
    return files


def _own_lock(manifest: dict[str, Any]) -> dict[str, Any]:
    """The lockfile of a package that is a project by itself."""
    lock = written_lock("pants")
    root = {key: manifest[key] for key in ("name", "version", "dependencies")}
    packages = {**lock["packages"], "": root}
    return {**lock, "name": manifest["name"], "packages": packages}


def configuration_files(shape: Shape) -> dict[str, str]:
    """One Rspack configuration for each container, and the programs that run it."""
    files = {
        f"tools/{name}": (HERE / "tools" / name).read_text()
        for name in ("build.mjs", "build_all.mjs", "config.mjs")
    }
    template = REPOSITORY / "pants-plugins/module_federation/bundler/template.html"
    files["apps/host/src/index.html"] = template.read_text()
    for name in shape.app_names:
        if name == "host":
            containers = {
                identifier(remote): f"../../../{shape.folder_of(remote)}/dist/mf-manifest.json"
                for remote in shape.remote_names
            }
            own = f"remotes: {json.dumps(containers, indent=2)}"
        else:
            own = 'exposes: { "./App": "./src/App.tsx", "./Widget": "./src/Widget.tsx" }'
        files[f"{shape.folder_of(name)}/rspack.config.mjs"] = (
            'import { readFileSync } from "node:fs";\n'
            'import { createConfig } from "../../tools/config.mjs";\n\n'
            'const manifest = readFileSync(new URL("package.json", import.meta.url));\n\n'
            "export default createConfig({\n"
            "  directory: import.meta.dirname,\n"
            f'  name: "{identifier(name)}",\n'
            "  versions: JSON.parse(manifest).dependencies,\n"
            f"  {own},\n}});\n"
        )
    return files


def turborepo_files(shape: Shape) -> dict[str, str]:
    """`turbo.json`, and a `build` script in each container's package."""
    files = {**common_files(shape, "turborepo"), **configuration_files(shape)}
    files["turbo.json"] = to_json(
        {
            "globalDependencies": ["tools/**"],
            "tasks": {"build": {"dependsOn": ["^build"], "outputs": ["dist/**"]}},
        }
    )
    root = json.loads(files["package.json"])
    # Turborepo runs no task without it; it only says whose lockfile that is.
    files["package.json"] = to_json({**root, "packageManager": "npm@10.8.2"})
    for name in shape.app_names:
        path = f"apps/{name}/package.json"
        manifest = json.loads(files[path])
        manifest["scripts"] = {"build": "node ../../tools/build.mjs"}
        files[path] = to_json(manifest)
    return files


def nx_files(shape: Shape) -> dict[str, str]:
    """`nx.json`, and a `project.json` with the target `build` for each container."""
    files = {**common_files(shape, "nx"), **configuration_files(shape)}
    tools = ["@rspack/core", "@module-federation/enhanced"]
    files["nx.json"] = to_json(
        {
            "neverConnectToCloud": True,
            "analytics": False,
            "namedInputs": {
                "default": ["{projectRoot}/**/*", "{workspaceRoot}/tools/**/*"],
                "production": ["default"],
            },
            "targetDefaults": {
                "build": {
                    "cache": True,
                    "inputs": ["production", "^production", {"externalDependencies": tools}],
                    "outputs": ["{projectRoot}/dist"],
                }
            },
        }
    )
    for name in shape.app_names:
        files[f"apps/{name}/project.json"] = to_json(
            {
                "name": name,
                "targets": {
                    "build": {
                        "executor": "nx:run-commands",
                        "options": {"command": f"node tools/build.mjs apps/{name}"},
                    }
                },
            }
        )
    return files


def pants_files(shape: Shape) -> dict[str, str]:
    """`pants.toml`, BUILD files, and the sharing policy."""
    files = common_files(shape, "pants")
    files["pants.toml"] = (
        "[GLOBAL]\n"
        'pants_version = "2.17.1"\n'
        'pythonpath = ["%(buildroot)s/pants-plugins"]\n'
        'plugins = ["tomli>=2.0.1"]\n'
        'backend_packages = ["module_federation"]\n'
        'pants_ignore = ["**/node_modules/", "/dist/"]\n\n'
        "[module-federation]\n"
        'policy_file = "sharing.toml"\n'
    )
    shared = "".join(f'\n[packages."{name}"]\nsingleton = true\n' for name in _SHARED)
    # Exactly what the other sides' configuration shares.
    files["sharing.toml"] = (
        '[auto]\nthird_party = "never"\nfirst_party = "never"\npeers = "ignore"\n' + shared
    )
    package = 'package_json(name="package")\n\nweb_sources(name="sources")\n'
    for folder in ("libs", "apps", "projects"):
        for path in [path for path in files if path.startswith(f"{folder}/")]:
            if path.endswith("/package.json"):
                files[f"{path.rpartition('/')[0]}/BUILD"] = package
    files["BUILD"] = 'package_json(name="package")\n'
    for name in shape.remote_names:
        files[f"{shape.folder_of(name)}/BUILD"] += (
            f'\nfederated_remote(\n    name="remote",\n    container_name="{identifier(name)}",\n'
            '    exposes={"./App": "src/App.tsx", "./Widget": "src/Widget.tsx"},\n)\n'
        )
    remotes = "".join(
        f'        "{identifier(name)}": "{shape.folder_of(name)}:remote",\n'
        for name in shape.remote_names
    )
    files["apps/host/BUILD"] += (
        '\nfederated_host(\n    name="host",\n    container_name="host",\n'
        f'    entry_point="src/main.tsx",\n    remotes={{\n{remotes}    }},\n)\n'
    )
    return files


def copy_pants(root: Path) -> None:
    """Copies the launcher and the plugin into a workspace."""
    for name in _PANTS_FILES:
        source, target = REPOSITORY / name, root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(
                source,
                target,
                ignore=shutil.ignore_patterns("__pycache__", "BUILD", "node_modules"),
                dirs_exist_ok=True,
            )
        else:
            shutil.copy(source, target)

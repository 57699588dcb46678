"""Builds the small Backstage example with Backstage's own CLI, and keeps what comes out of it here.

    python tests/browser/backstage_cli/make.py

The CLI brings about 900 packages, so nothing but this script installs it. `remote` is what
`backstage-cli package build --module-federation` makes of `plugins/tides`, `host` what
`backstage-cli package build` makes of `app`, both without what no page loads. Node.js and npm must
be on PATH. It takes three to five minutes.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE.parents[2] / "examples/backstage-lite"

CLI = {"@backstage/cli": "0.36.6", "@backstage/cli-defaults": "0.1.6"}
#: A published dependency of the CLI asks for a patched `got` by a file that it does not bring.
OVERRIDES = {"got": "11.8.6"}
#: Maps, types, schemas, the backend's template of the page.
UNUSED = ("*.map", "@mf-types*", ".config-schema.json", "*.tmpl")
CONFIG = "app: {title: Lantern, baseUrl: 'http://localhost:3000'}\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder) / "workspace"
        shutil.copytree(EXAMPLE, workspace, ignore=shutil.ignore_patterns("node_modules", "BUILD"))
        prepare(workspace)
        run(workspace, "npm", "install", "--ignore-scripts", "--no-audit", "--no-fund")
        cli = str(workspace / "node_modules/@backstage/cli/bin/backstage-cli")
        build = ("node", cli, "package", "build")
        run(workspace / "plugins/tides", *build, "--module-federation")
        run(workspace / "app", *build)
        # The package's ordinary entry, which is built along with the remote.
        keep(workspace / "plugins/tides/dist", HERE / "remote", "main.*", "runtime.*")
        keep(workspace / "app/dist", HERE / "host")


def prepare(workspace: Path) -> None:
    """Adds what the CLI wants of every workspace."""
    manifest = json.loads((workspace / "package.json").read_text())
    manifest["devDependencies"].update(CLI)
    manifest["overrides"] = OVERRIDES
    (workspace / "package.json").write_text(json.dumps(manifest))
    # The lockfile knows nothing of the CLI; npm resolves everything from it that it can.
    (workspace / "app-config.yaml").write_text(CONFIG)
    base = json.loads((workspace / "tsconfig.base.json").read_text())
    base.update(include=["app/src", "plugins/*/src", "assets.d.ts"])
    base.pop("files")
    (workspace / "tsconfig.json").write_text(json.dumps(base))


def run(folder: Path, *argv: str) -> None:
    print("$", *argv, flush=True)
    subprocess.run(argv, cwd=folder, check=True)


def keep(made: Path, folder: Path, *left_out: str) -> None:
    """Replaces a folder here by one that was made, without files of some names."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(made, folder, ignore=shutil.ignore_patterns(*UNUSED, *left_out))


if __name__ == "__main__":
    main()

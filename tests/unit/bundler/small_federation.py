"""Containers of a few lines, and packages of one line, built by the real bundler."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Mapping

from module_federation import file_types
from module_federation.module_graph.settings import bundler_resolve, webpack_resolve

APP = "apps/one"


@dataclass(frozen=True)
class SmallContainer:
    """One container.

    Attributes:
        files: Path in the repository → content.
        shared: The federation plugin's option.
        entry_point: For a host, the module that the page starts with.
        options: What else the request to ``build.mjs`` says.
    """

    files: Mapping[str, str]
    shared: Mapping[str, Mapping[str, Any]]
    exposes: Mapping[str, str] = field(default_factory=dict)
    remotes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    entry_point: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


def package(
    name: str, version: str | None, at: str = "node_modules", **manifest: Any
) -> dict[str, str]:
    """An installed package whose code names its version."""
    folder = f"{at}/{name}"
    said = {} if version is None else {"version": version}
    content = {"name": name, "main": "index.js", **said, **manifest}
    return {
        f"{folder}/package.json": json.dumps(content),
        f"{folder}/index.js": f'exports.copy = "{name} {version}";\n',
    }


@dataclass(frozen=True)
class Bundler:
    """The bundle process's script, with its packages.

    Attributes:
        name: ``rspack`` or ``webpack``.
    """

    name: str
    folder: Path

    def command(self, what: str) -> list[str]:
        """The process that bundles the container of the folder it runs in, or stays."""
        return ["node", str(self.folder / "build.mjs"), "-cp", "request.json", what]

    def run(
        self, container: SmallContainer, sandbox: Path, mode: str
    ) -> subprocess.CompletedProcess[str]:
        """Builds a container in an empty folder; the result lies in ``out`` below it."""
        self.lay_out(container, sandbox, mode)
        return subprocess.run(
            self.command("bundle"), cwd=sandbox, capture_output=True, encoding="utf-8"
        )

    def lay_out(self, container: SmallContainer, sandbox: Path, mode: str) -> None:
        """Writes a container and the request to bundle it into an empty folder."""
        for name, content in container.files.items():
            (sandbox / name).parent.mkdir(parents=True, exist_ok=True)
            (sandbox / name).write_text(content)
        boundary = "__mf/host.js"
        if container.entry_point is not None:
            (sandbox / "__mf").mkdir()
            (sandbox / boundary).write_text(f'import("../{container.entry_point}");\n')
        request = {
            "bundler": self.name,
            "name": "one",
            "mode": mode,
            "sourceMaps": "off",
            "publicPath": "auto",
            "packageDirectory": APP,
            "entryPoint": boundary if container.entry_point else None,
            "html": None,
            "defaultHtml": "template.html",
            "title": "one",
            "exposes": container.exposes,
            "remotes": container.remotes,
            "runtimePlugins": [],
            "shared": container.shared,
            "shareStrategy": "version-first",
            "buildVersion": "1.0.0",
            "resolve": webpack_resolve(mode) if self.name == "webpack" else bundler_resolve(),
            "assetExtensions": list(file_types.ASSETS),
            "aliases": {},
            "aliasesByDependency": {},
            "packageAliases": {},
            "outputDirectory": "out",
            "truthFile": "truth.json",
            **container.options,
        }
        (sandbox / "template.html").write_text((self.folder / "template.html").read_text())
        (sandbox / "request.json").write_text(json.dumps(request))

    def truth(self, container: SmallContainer, sandbox: Path, mode: str) -> dict[str, Any]:
        """What the emitted code provides and asks for."""
        done = self.run(container, sandbox, mode)
        assert done.returncode == 0, done.stdout + done.stderr
        truth: dict[str, Any] = json.loads((sandbox / "truth.json").read_text())
        return truth

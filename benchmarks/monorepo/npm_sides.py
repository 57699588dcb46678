"""The sides that work in a workspace of npm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import workspace
from servers import turborepo_cache
from sides import AT_ONCE, Side

_OPTIONS = ("--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")


class NpmSide(Side):
    """A side that works in a workspace of npm."""

    def files(self) -> dict[str, str]:
        """Path → content of the workspace."""
        return workspace.turborepo_files(self.shape)

    def check_out(self) -> None:
        self.write(self.files())
        self.commit()

    def create(self) -> None:
        self.check_out()
        self.install()

    def install(self) -> None:
        """Installs from the lockfiles, from nothing."""
        self.run("npm", "ci", *_OPTIONS)
        for app in self.shape.standalone:
            self.run("npm", "ci", *_OPTIONS, "--prefix", self.shape.folder_of(app))

    def uninstall(self) -> None:
        """Deletes what is installed, and waits for everybody to notice."""
        self.discard(self.root / "node_modules")

    def undo_edits(self) -> None:
        super().undo_edits()
        self.update()

    def update(self) -> None:
        """Installs what the lockfile says on top of what is there."""
        self.run(
            "npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"
        )


class Bare(NpmSide):
    """The bundler, one process for each container, as many at once as there are processors.

    It is told what to build: no tool could find that out in less than no time.
    """

    name = "bare"

    def build(self, apps: Sequence[str]) -> str:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return "".join(pool.map(self._bundle, apps))

    def _bundle(self, app: str) -> str:
        return self.run("node", "tools/build.mjs", self.shape.folder_of(app))


class BareMulti(NpmSide):
    """The bundler, one process with all configurations: it always builds everything."""

    name = "bare-multi"

    def build(self, apps: Sequence[str]) -> str:
        return self.run(
            *("node", "tools/build_all.mjs", str(AT_ONCE)),
            *(self.shape.folder_of(app) for app in self.shape.app_names),
        )


class Turborepo(NpmSide):
    """Turborepo, with its local cache."""

    name = "turborepo"

    def build(self, apps: Sequence[str]) -> str:
        return self._turbo()

    def remote_cache(self, folder: Path) -> AbstractContextManager[Mapping[str, str]]:
        return turborepo_cache(folder, self.caches / "npm")

    def fill_remote_cache(self) -> None:
        self._turbo("--force")

    def all_restored(self, said: str) -> bool:
        return "FULL TURBO" in said

    def _turbo(self, *options: str) -> str:
        return self.run(
            *("node_modules/.bin/turbo", "run", "build", *options),
            *(f"--concurrency={AT_ONCE}", "--output-logs=errors-only"),
        )

    def forget(self) -> None:
        super().forget()
        self.discard(
            *(self.root / cache for cache in (".turbo", "node_modules/.cache/turbo")),
            *(self.root / "apps" / app / ".turbo" for app in self.shape.app_names),
        )


class Nx(NpmSide):
    """Nx, with its local cache and its daemon."""

    name = "nx"

    def files(self) -> dict[str, str]:
        return workspace.nx_files(self.shape)

    def build(self, apps: Sequence[str]) -> str:
        return self._nx(
            "run-many", "--target=build", f"--parallel={AT_ONCE}", "--outputStyle=static"
        )

    def forget(self) -> None:
        self._nx("reset")
        super().forget()
        self.start()

    def start(self) -> None:
        """Starts the daemon, which then knows all projects."""
        self._nx("show", "projects")

    def _nx(self, *arguments: str) -> str:
        return self.run("node_modules/.bin/nx", *arguments)

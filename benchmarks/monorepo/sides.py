"""The tools that do the same work on the same sources."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from meter import processes_of
from shape import Shape

#: How many tasks run at once, for every side.
AT_ONCE = os.cpu_count() or 2
#: Beside the workspaces: what was taken out of the way.
DISCARDED = ".discarded"
# A file watcher hears of a change a moment later.
_SETTLED_AFTER = 0.5

_EDITION = re.compile(r'(edition(?:: |=)")[^"]*(")')
_QUIET = {
    "CI": "",
    "DO_NOT_TRACK": "1",
    # Nx has its daemon off where it thinks that it is in a container.
    "NX_DAEMON": "true",
    "NX_NO_CLOUD": "true",
    "NX_TUI": "false",
    "TURBO_NO_UPDATE_NOTIFIER": "1",
    "TURBO_TELEMETRY_DISABLED": "1",
}
_GIT = ("git", "-c", "user.name=benchmark", "-c", "user.email=benchmark@localhost")


class ToolFailed(Exception):
    """A command that must succeed has failed."""


class Side(ABC):
    """One tool in a workspace of its own.

    :param shape: what is built.
    :param root: the workspace's folder, which the side makes.
    :param caches: a folder for downloads, which outlives the workspace.
    """

    name: str

    def __init__(self, shape: Shape, root: Path, caches: Path) -> None:
        self.shape = shape
        self.root = root
        self.caches = caches
        #: Variables by which the tool finds a remote cache.
        self.remote: Mapping[str, str] = {}

    def run(self, *command: str, **variables: str) -> str:
        """Runs a command in the workspace and returns what it said.

        :raises ToolFailed: it says what the command said.
        """
        result = subprocess.run(
            command,
            cwd=self.root,
            env={
                **os.environ,
                **_QUIET,
                "npm_config_cache": str(self.caches / "npm"),
                **self.remote,
                **variables,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if result.returncode != 0:
            raise ToolFailed(f"{' '.join(command)} in {self.root}:\n{result.stdout}")
        return result.stdout

    def write(self, files: Mapping[str, str]) -> None:
        """Writes files of the workspace, path → content."""
        for path, content in files.items():
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content)

    def commit(self) -> None:
        """Puts all files under version control, which each tool asks for what is there."""
        if not (self.root / ".git").exists():
            self.run("git", "init", "--quiet")
        self.run("git", "add", "--all")
        self.run(*_GIT, "commit", "--quiet", "--message=benchmark")

    def edit(self, path: str, edition: str) -> None:
        """Changes one text in a source file, and waits until everybody has noticed."""
        file = self.root / path
        file.write_text(_EDITION.sub(rf"\g<1>{edition}\g<2>", file.read_text()))
        self.settle()

    def undo_edits(self) -> None:
        """Makes the workspace what `check_out` makes it; daemons are not waited for."""
        self.run("git", "checkout", "--quiet", "--", ".")

    def settle(self) -> None:
        """Waits until changes have been noticed by daemons, and are on the disk."""
        os.sync()
        time.sleep(_SETTLED_AFTER)

    def discard(self, *folders: Path) -> None:
        """Takes folders out of the way; they are deleted with the benchmark's own folder.

        For minutes after many files were deleted, ext4 takes longer to make new ones (Linux 6,
        `recently_deleted`). That would be counted for whoever makes files next.
        """
        for folder in folders:
            if folder.exists():
                place = self.root.parent / DISCARDED / uuid.uuid4().hex
                place.parent.mkdir(exist_ok=True)
                folder.rename(place)

    def outputs(self) -> list[Path]:
        """Folders of all containers' outputs."""
        return [self.output_of(app) for app in self.shape.app_names]

    def output_of(self, app: str) -> Path:
        """Where a container's output is."""
        return self.root / self.shape.folder_of(app) / "dist"

    def delete_outputs(self) -> None:
        """Deletes what was built, but no cache."""
        self.discard(*self.outputs())
        self.settle()

    @abstractmethod
    def check_out(self) -> None:
        """Makes the workspace, with nothing installed."""

    @abstractmethod
    def create(self) -> None:
        """Makes the workspace, with everything installed."""

    @abstractmethod
    def build(self, apps: Sequence[str]) -> str:
        """Builds everything that needs it, and returns what the tool said.

        :param apps: what that should be; only a side that cannot find out itself looks at it.
        """

    def all_restored(self, said: str) -> bool:
        """Whether a build that said this took everything out of a cache."""
        raise NotImplementedError(f"{self.name} is not measured with a remote cache.")

    def forget(self) -> None:
        """Empties all caches of builds; installed packages stay."""
        self.delete_outputs()

    def remote_cache(self, folder: Path) -> AbstractContextManager[Mapping[str, str]]:
        """A running server with an empty cache, as the variables by which the tool finds it."""
        raise NotImplementedError(f"{self.name} is not measured with a remote cache.")

    def fill_remote_cache(self) -> None:
        """Builds everything, and leaves it in the remote cache."""
        raise NotImplementedError(f"{self.name} is not measured with a remote cache.")

    def stop(self) -> None:
        """Ends all processes of this side."""
        for process in processes_of(self.root):
            try:
                os.kill(process, signal.SIGTERM)
            except ProcessLookupError:
                continue
        deadline = time.monotonic() + 10
        while processes_of(self.root) and time.monotonic() < deadline:
            time.sleep(0.05)

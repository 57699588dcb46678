"""Pants with this plugin."""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import workspace
from meter import processes_of
from servers import reapi_cache
from sides import Side, ToolFailed

_NOTICED_AFTER = 60
_ATTEMPTS = 3


class Pants(Side):
    """Pants with this plugin, its daemon, and caches of its own."""

    name = "pants"

    @property
    def store(self) -> Path:
        """The local cache."""
        return self.root.with_name(f"{self.root.name}-store")

    @property
    def named_caches(self) -> Path:
        """What Pants keeps beside it: downloads, and what has been minified."""
        return self.caches / "pants"

    @property
    def sandboxes(self) -> Path:
        """Where processes run."""
        return self.root.with_name(f"{self.root.name}-sandboxes")

    @property
    def installed(self) -> Path:
        """A copy of the local cache from when nothing was done but installing."""
        return self.root.with_name(f"{self.root.name}-installed")

    def output_of(self, app: str) -> Path:
        kind = "host" if app == "host" else "remote"
        return self.root / "dist" / self.shape.folder_of(app).replace("/", ".") / kind

    def check_out(self) -> None:
        workspace.copy_pants(self.root)
        self.write(workspace.pants_files(self.shape))
        self.commit()

    def create(self) -> None:
        self.check_out()
        self.install()
        self.stop()
        shutil.copytree(self.store, self.installed)

    def install(self) -> float:
        """Installs in an empty cache: the project's packages, and the plugin's own tools.

        Pants installs when something asks for it: here a check of other sources with the same
        packages, so that no part of it is of use to a later build.

        :return: seconds that the installations took.
        """
        self.stop()
        self.discard(self.store)
        self.write(workspace.pants_files(self.shape.with_other_sources()))
        self.restart()
        # At this level Pants names the processes that unpack, too.
        seconds = installing(self.pants("check", "::", PANTS_LEVEL="debug"))
        self.write(workspace.pants_files(self.shape))
        return seconds

    def build(self, apps: Sequence[str]) -> str:
        return self.pants("package", "::")

    def forget(self) -> None:
        self.stop()
        self.discard(self.store, self.named_caches / "module_federation_minified")
        shutil.copytree(self.installed, self.store)
        super().forget()
        self.restart()

    def remote_cache(self, folder: Path) -> AbstractContextManager[Mapping[str, str]]:
        self.restart()
        (daemon, *_) = processes_of(self.root)
        # The interpreter that Pants runs on is one that suits the server, too.
        return reapi_cache(folder, os.readlink(f"/proc/{daemon}/exe"))

    def all_restored(self, said: str) -> bool:
        # Pants names a process when it starts it, and again when it is stopped for a hit.
        ran = [what for state, what in _STATE.findall(said) if state == "Completed"]
        return not any(what.startswith(("Bundle ", "Install ")) for what in ran)

    def fill_remote_cache(self) -> None:
        # What comes out of the local cache is not uploaded.
        self.stop()
        self.discard(self.store)
        self.restart()
        self.build(self.shape.app_names)
        self.stop()

    def start(self) -> None:
        """Starts pantsd, which then knows nothing of the workspace."""
        self.pants("version")

    def restart(self) -> None:
        """The same, patiently: Pants gives up after a minute, too soon on a busy machine."""
        for _ in range(_ATTEMPTS):
            self.stop()
            try:
                self.start()
            except ToolFailed:
                continue
            return
        self.stop()
        self.start()

    def stop(self) -> None:
        super().stop()
        self.discard(*(self.root / folder for folder in (".pids", ".pants.d")), self.sandboxes)

    def settle(self) -> None:
        """Waits until pantsd has heard of every change: it names each path in its log."""
        super().settle()
        log = self.root / ".pants.d/pants.log"
        if not log.exists():
            return
        marker = self.root / f".noticed-{uuid.uuid4().hex}"
        marker.touch()
        marker.unlink()
        deadline = time.monotonic() + _NOTICED_AFTER
        while marker.name not in log.read_text():
            if time.monotonic() > deadline:
                sys.exit("pantsd does not hear of changes.")
            time.sleep(0.02)

    def pants(self, *arguments: str, **variables: str) -> str:
        """Calls the launcher as a user does."""
        self.sandboxes.mkdir(parents=True, exist_ok=True)
        return self.run(
            *("./pants", *arguments),
            PANTS_PANTSRC="false",
            PANTS_DYNAMIC_UI="false",
            PANTS_LOCAL_STORE_DIR=str(self.store),
            PANTS_NAMED_CACHES_DIR=str(self.named_caches),
            PANTS_LOCAL_EXECUTION_ROOT_DIR=str(self.sandboxes),
            **variables,
        )


_STATE = re.compile(r"\[INFO\] (Starting|Completed): (.*)$", re.MULTILINE)
_STEP = re.compile(
    r"^(\d\d):(\d\d):(\d\d\.\d\d) \[(?:INFO|DEBUG)\] (?:Starting|Completed): (.*)$", re.MULTILINE
)
#: Processes, as they are described; rules that wait for them have other names.
_INSTALLING = ("Install the packages of ", "Fetch ", "Unpack __packs/")


def installing(log: str) -> float:
    """Seconds from the start of the first installation in a log of Pants to the end of the last,
    when all files are where they belong."""
    moments = [
        int(hours) * 3600 + int(minutes) * 60 + float(seconds)
        for hours, minutes, seconds, what in _STEP.findall(log)
        if what.startswith(_INSTALLING)
    ]
    if not moments:
        sys.exit(f"Nothing was installed:\n{log}")
    # Midnight may lie between them.
    return (moments[-1] - moments[0]) % 86400

"""Machines that share a remote cache and nothing else."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping

from end_to_end.pants_repository import (
    Outcome,
    PantsRepository,
    make_checkout,
    pants_toml,
)
from remote_cache.server import INSTANCE

SHOP = "examples/storefront"
PACKAGE = ("package", f"{SHOP}::")
CART = f"{SHOP}/apps/cart:remote"
#: A source of `CART`, and of nothing else.
TOTALS = f"{SHOP}/apps/cart/src/totals.ts"
BUNDLES = tuple(
    f"Bundle {SHOP}/apps/{name}"
    for name in ("account:remote", "cart:remote", "catalog:remote", "shell:host")
)
INSTALLATIONS = (
    f"Install the packages of {SHOP}",
    "Install the packages of the plugin's own tools",
)

# Parts of a machine's folder.
_HOME = "home"
_PROGRAMS = "programs"
_SANDBOXES = "sandboxes"

# What Pants logs at level `debug` of each process that it does not find in the local cache
# (process_execution/src/{remote_cache,local}.rs and pe_nailgun/src/lib.rs, Pants 2.17.1).
_LOOKED_UP = re.compile(
    r'remote cache (hit|miss) for: "(.+?)" digest=Digest \{ hash: Fingerprint<([0-9a-f]{64})>'
)
_SPAWNED = re.compile(
    r"(?:spawned local process as \S+ for|Running request under nailgun:\n) Process \{ "
    r"argv: (.*), working_directory: "
    r'.*description: "(.*?)", level:'
)


@dataclass(frozen=True)
class LookedUp:
    """What Pants asked a remote cache about, by what was asked: the description of the process.

    :param hits: description → digest of the action, for what was there.
    :param misses: the same for what was not.
    """

    hits: Mapping[str, str]
    misses: Mapping[str, str]


def looked_up(outcome: Outcome) -> LookedUp:
    """Reads it from what a call of Pants said."""
    found = _LOOKED_UP.findall(outcome.output)
    asked = LookedUp(
        hits={text: digest for kind, text, digest in found if kind == "hit"},
        misses={text: digest for kind, text, digest in found if kind == "miss"},
    )
    # The log is text for people; the counters tell whether it was read right.
    assert len(asked.hits) == outcome.counters["remote_cache_requests_cached"], outcome.output
    assert len(asked.misses) == outcome.counters["remote_cache_requests_uncached"], outcome.output
    return asked


def commands(outcome: Outcome) -> dict[str, str]:
    """Description → arguments and variables, as Pants writes them, of each process that was
    started."""
    return {description: text for text, description in _SPAWNED.findall(outcome.output)}


@dataclass(frozen=True)
class Machine:
    """A computer with a checkout of the storefront: what it has seen and made is in one folder.

    :param folder: holds its checkout, home folder, programs, local store and named caches.
    """

    folder: Path
    repository: PantsRepository

    @property
    def _variables(self) -> dict[str, str]:
        path = f"{self.folder / _PROGRAMS}{os.pathsep}{os.environ['PATH']}"
        return {"HOME": str(self.folder / _HOME), "PATH": path}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Starts Pants, with both streams on one pipe."""
        return self.repository.start(*arguments, **self._variables)

    def call(self, *arguments: str) -> Outcome:
        """Runs Pants to its end, whatever that is."""
        return self.repository.call(*arguments, **self._variables)

    def package(self) -> Outcome:
        """Packages the storefront, which must succeed."""
        outcome = self.call(*PACKAGE)
        assert outcome.exit_code == 0, outcome.output
        return outcome

    @property
    def dist(self) -> dict[str, bytes]:
        """File → content of all that it has packaged."""
        return self.repository.dist()


def _ask_node(expression: str) -> str:
    """The value of a JavaScript expression, as the Node.js on `PATH` prints it."""
    return subprocess.run(
        ["node", "-p", expression], check=True, stdout=subprocess.PIPE, text=True
    ).stdout.strip()


def make_machine(
    folder: Path, program: Path, address: str, checkout: str, **options: Mapping[str, str]
) -> Machine:
    """A machine with a fresh checkout that uses the remote cache at an address.

    Its Node.js is that on `PATH`, and lies in a folder of its own.

    :param checkout: path of the checkout below `folder`.
    :param options: more options of Pants, section → option → value as TOML has it.
    """
    repository = make_checkout(folder / checkout, program, SHOP)
    for name in (_HOME, _PROGRAMS, _SANDBOXES):
        (folder / name).mkdir(parents=True)
    node = Path(_ask_node("process.execPath"))
    (folder / _PROGRAMS / "node").symlink_to(node)
    (folder / _PROGRAMS / "npm").symlink_to((node.parent / "npm").resolve())
    own: dict[str, dict[str, str]] = {
        "module-federation": {"policy_file": f'"{SHOP}/sharing.toml"'},
        "stats": {"log": "true"},
        "GLOBAL": {
            # Each call starts anew, as on a machine that has just come up.
            "pantsd": "false",
            "level": '"debug"',
            "local_store_dir": f'"{folder}/store"',
            "named_caches_dir": f'"{folder}/named_caches"',
            "remote_cache_read": "true",
            "remote_cache_write": "true",
            "remote_store_address": f'"{address}"',
            "remote_instance_name": f'"{INSTANCE}"',
            # What is not uploaded after this many seconds is dropped, and nobody is told.
            "session_end_tasks_timeout": "300",
            "remote_store_rpc_concurrency": "24",
            "remote_cache_rpc_concurrency": "8",
        },
    }
    for section, more in options.items():
        own.setdefault(section, {}).update(more)
    repository.write({"pants.toml": pants_toml(folder / _SANDBOXES, **own)})
    return Machine(folder, repository)

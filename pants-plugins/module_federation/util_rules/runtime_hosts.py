"""Runtime hosts: no federation plugin, a list of shared modules instead."""

from __future__ import annotations

import logging
import os
from typing import Iterable, Iterator

from pants.engine.fs import DigestSubset, FileContent, PathGlobs

from module_federation.module_graph.closure import Closure
from module_federation.sharing.finding_codes import FINDING_CODES
from module_federation.sharing.findings import Finding
from module_federation.sharing.policy import EffectivePolicy
from module_federation.sharing.runtime_entry import CHUNK_PREFIX, GLOBAL, chunk_name, runtime_entry
from module_federation.sharing.runtime_shared import Listing, RuntimeHost, doubtful_files
from module_federation.sharing.share_slice import ShareSlice
from module_federation.sharing.usage import ContainerFacts
from module_federation.util_rules.containers import FederatedContainer
from module_federation.util_rules.projects import InstalledProject

logger = logging.getLogger(__name__)

#: The generated module, in the folder of the host's package: what it imports is looked up there.
_SHARED_ENTRY = "__mf_shared_dependencies.js"
#: The name of the chunk of the application itself.
_APPLICATION_CHUNK = "application"


def runtime_host(
    container: FederatedContainer,
    facts: ContainerFacts,
    installed: InstalledProject,
    policy: EffectivePolicy,
) -> RuntimeHost:
    """A container as the list of its shared modules is made from it."""
    package_dir = installed.project.relative(container.package_directory)
    return RuntimeHost(facts, package_dir, installed.index, policy)


def doubtful_subset(host: RuntimeHost, installed: InstalledProject) -> DigestSubset:
    """The question which of the host's doubtful files are installed."""
    return DigestSubset(installed.node_modules, PathGlobs(doubtful_files(host)))


def say_what_is_skipped(container: FederatedContainer, listed: Listing) -> None:
    """One line about all defaults that are not there."""
    if listed.skipped:
        names = ", ".join(listed.skipped)
        manifest = os.path.join(container.package_directory, "package.json")
        logger.info(
            f"{container.address} leaves out what presets or the policy file share and what is not "
            f"installed for {manifest}: {names}."
        )


def imported_remotes(container: FederatedContainer, closure: Closure) -> Iterator[Finding]:
    """Imports of remotes, which only the federation plugin could answer."""
    for use in closure.remotes:
        chain = closure.chain_to(use.importer)
        yield Finding(
            "unknown-remote",
            FINDING_CODES["unknown-remote"].severity,
            f"`{use.request}` is imported, but {container.label} is a runtime host: no plugin "
            "answers imports of remotes.",
            use.importer,
            use.line,
            (f"reached through {' → '.join(chain)}",) if len(chain) > 1 else (),
            f'Load it with the federation runtime, `instance.loadRemote("{use.request}")`, or '
            'write `host_style="standard"`.',
            target=container.address.spec,
            containers=(container.name,),
        )


def runtime_files(
    container: FederatedContainer, shared: ShareSlice, boundary: str
) -> Iterable[FileContent]:
    """The generated modules of a runtime host, relative to the sandbox.

    :param boundary: the path of the module that starts the application.
    """
    up = "../" * (boundary.count("/"))
    start = (
        f'import(/* webpackChunkName: "{_APPLICATION_CHUNK}" */ "{up}{container.entry_point}");\n'
    )
    return (
        FileContent(shared_entry(container), runtime_entry(shared.shared).encode()),
        FileContent(boundary, start.encode()),
    )


def shared_entry(container: FederatedContainer) -> str:
    """Where the list of shared modules is in the sandbox of a runtime host's bundle."""
    return os.path.join(container.package_directory, _SHARED_ENTRY)


def runtime_options(container: FederatedContainer, keys: Iterable[str]) -> dict[str, object]:
    """What `bundler/lib/runtime_host.mjs` and `truth_runtime_host.mjs` are told.

    :param keys: of the shared modules.
    """
    return {
        "global": GLOBAL,
        "sharedEntry": shared_entry(container),
        "sharedChunks": CHUNK_PREFIX,
        "chunkNames": {key: chunk_name(key) for key in keys},
        "applicationChunk": _APPLICATION_CHUNK,
    }

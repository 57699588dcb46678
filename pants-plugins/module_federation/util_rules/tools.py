"""The plugin's own JavaScript tools, installed once from their own lockfile."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Iterable

from pants.engine.fs import (
    CreateDigest,
    Digest,
    DigestSubset,
    FileContent,
    GlobMatchErrorBehavior,
    MergeDigests,
    PathGlobs,
)
from pants.engine.rules import Rule, collect_rules, rule
from pants.util.logging import LogLevel

from module_federation import bundler_files
from module_federation.engine import (
    concurrently,
    create_digest,
    digest_subset,
    get_contents,
    matching_digest,
    merge_digests,
)
from module_federation.subsystem import ModuleFederation
from module_federation.util_rules.installation import InstallRequest, install

#: Where a process finds its tool: an immutable input of this name, so that it is laid out once.
MOUNT = "__tool"

_PARSER_PACKAGES = ("oxc-parser", "@oxc-parser", "@oxc-project", "@csstools")
_SERVER_PACKAGES = ("sirv", "@polka", "mrmime", "totalist")


@dataclass(frozen=True)
class InstalledTools:
    """Every JavaScript package of the plugin.

    :param digest: a tree with `node_modules` at its root.
    :param lock: `package.json` and lockfile that it was installed from: the same on every
        platform, as the tree is not.
    """

    digest: Digest
    lock: Digest


@dataclass(frozen=True)
class BundlerTool:
    """`build.mjs` and all it needs; mount it as `MOUNT`.

    :param origin: the scripts, and what the packages were installed from.
    """

    digest: Digest
    origin: Digest


@dataclass(frozen=True)
class ImportParserTool:
    """`parse.mjs` and all it needs, without the bundler; mount it as `MOUNT`."""

    digest: Digest


@dataclass(frozen=True)
class ServerTool:
    """`serve.mjs` and all it needs; mount it as `MOUNT`."""

    digest: Digest


async def _tool_of(
    installed: InstalledTools, scripts: Iterable[str], packages: Iterable[str]
) -> Digest:
    code, modules = await concurrently(
        create_digest(bundler_files.contents(scripts)),
        digest_subset(
            DigestSubset(
                installed.digest, PathGlobs([f"node_modules/{name}/**" for name in packages])
            )
        ),
    )
    merged: Digest = await merge_digests(MergeDigests([code, modules]))
    return merged


@rule(desc="Install the bundler", level=LogLevel.DEBUG)
async def install_tools(module_federation: ModuleFederation) -> InstalledTools:
    """Installs the plugin's own lockfile, or the one that replaces it."""
    directory = module_federation.bundler_directory
    if directory is None:
        lock = [bundler_files.content(name) for name in bundler_files.LOCK]
        origin = "the plugin's own tools"
    else:
        files = await matching_digest(
            PathGlobs(
                [os.path.join(directory, name) for name in bundler_files.LOCK],
                glob_match_error_behavior=GlobMatchErrorBehavior.error,
                description_of_origin="the option `[module-federation].bundler_directory`",
            )
        )
        contents = await get_contents(files)
        lock = [FileContent(os.path.basename(file.path), file.content) for file in contents]
        origin = directory
    digest = await create_digest(CreateDigest(lock))
    installed = await install(InstallRequest(digest, origin, member_directories=()))
    return InstalledTools(installed.node_modules, digest)


@rule(desc="Lay out the bundler", level=LogLevel.DEBUG)
async def bundler_tool(installed: InstalledTools) -> BundlerTool:
    """Puts the bundle script beside its packages."""
    scripts = await create_digest(bundler_files.contents(bundler_files.BUNDLE))
    tree, origin = await concurrently(
        merge_digests(MergeDigests([scripts, installed.digest])),
        merge_digests(MergeDigests([scripts, installed.lock])),
    )
    return BundlerTool(tree, origin)


@rule(desc="Lay out the import parser", level=LogLevel.DEBUG)
async def import_parser_tool(installed: InstalledTools) -> ImportParserTool:
    """Puts the parse script beside its packages."""
    return ImportParserTool(
        await _tool_of(installed, bundler_files.PARSE, _PARSER_PACKAGES),
    )


@rule(desc="Lay out the static server", level=LogLevel.DEBUG)
async def server_tool(installed: InstalledTools) -> ServerTool:
    """Puts the server beside its packages."""
    return ServerTool(await _tool_of(installed, bundler_files.SERVE, _SERVER_PACKAGES))


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

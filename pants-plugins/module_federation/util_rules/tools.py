"""The plugin's own JavaScript tools, installed once from their own lockfile."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Iterable

from pants.engine.engine_aware import EngineAwareParameter
from pants.engine.fs import (
    CreateDigest,
    Digest,
    DigestSubset,
    FileContent,
    GlobMatchErrorBehavior,
    MergeDigests,
    PathGlobs,
)
from pants.engine.rules import Get, Rule, collect_rules, rule
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
from module_federation.options import Bundler
from module_federation.subsystem import ModuleFederation
from module_federation.util_rules.installation import InstallRequest, install

#: Where a process finds its tool: an immutable input of this name, so that it is laid out once.
MOUNT = "__tool"

# What makes archives of types, left out by `bundler/lib/no_type_archives.mjs`. Without it and
# without what `bundler/install/tidy.mjs` removes, 371 of 1,301 files are left (Rspack 2.2.9; with
# `@module-federation/enhanced` and what it brings there were 2,929).
_UNUSED = (
    "@module-federation/dts-plugin",
    "@module-federation/third-party-dts-extractor",
    *("adm-zip", "isomorphic-ws", "undici", "ws"),
)
_PARSER_PACKAGES = ("oxc-parser", "@oxc-parser", "@oxc-project", "@csstools")
_SERVER_PACKAGES = ("sirv", "@polka", "mrmime", "totalist")


@dataclass(frozen=True)
class InstallToolsRequest(EngineAwareParameter):
    """The JavaScript packages of the lockfile that a bundler is in."""

    bundler: Bundler

    def debug_hint(self) -> str:
        return self.bundler.value


@dataclass(frozen=True)
class InstalledTools:
    """All JavaScript packages of one of the plugin's lockfiles.

    :param digest: a tree with `node_modules` at its root.
    :param lock: `package.json` and lockfile that it was installed from: the same on every
        platform, as the tree is not.
    """

    digest: Digest
    lock: Digest


@dataclass(frozen=True)
class BundlerToolRequest(EngineAwareParameter):
    """The tool that bundles with one bundler."""

    bundler: Bundler

    def debug_hint(self) -> str:
        return self.bundler.value


@dataclass(frozen=True)
class BundlerTool:
    """`build.mjs` and all it needs with one bundler; mount it as `MOUNT`.

    :param origin: the scripts, and what the packages were installed from.
    """

    digest: Digest
    origin: Digest


def installed_tools(bundler: Bundler) -> Get:
    """A bundler → `InstalledTools`. Rspack's have the parser and the server among them."""
    return Get(InstalledTools, InstallToolsRequest(bundler))


def bundler_tool(bundler: Bundler) -> Get:
    """A bundler → `BundlerTool`."""
    return Get(BundlerTool, BundlerToolRequest(bundler))


@dataclass(frozen=True)
class ImportParserTool:
    """`parse.mjs` and all it needs, without the bundler; mount it as `MOUNT`."""

    digest: Digest


@dataclass(frozen=True)
class ServerTool:
    """`serve.mjs` and all it needs; mount it as `MOUNT`."""

    digest: Digest


async def _tool_of(scripts: Iterable[str], packages: Iterable[str]) -> Digest:
    installed: InstalledTools = await installed_tools(Bundler.RSPACK)
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


async def _replacement(directory: str, names: Iterable[str], *, required: bool) -> Digest:
    """The files of the repository that stand for the plugin's own; empty if there are none."""
    digest: Digest = await matching_digest(
        PathGlobs(
            [os.path.join(directory, name) for name in names],
            glob_match_error_behavior=(
                GlobMatchErrorBehavior.error if required else GlobMatchErrorBehavior.ignore
            ),
            description_of_origin="the option `[module-federation].bundler_directory`",
        )
    )
    return digest


@rule(desc="Install the bundler", level=LogLevel.DEBUG)
async def install_tools(
    request: InstallToolsRequest, module_federation: ModuleFederation
) -> InstalledTools:
    """Installs one of the plugin's own lockfiles, or the one that replaces it."""
    webpack = request.bundler is Bundler.WEBPACK
    names = bundler_files.WEBPACK_LOCK if webpack else bundler_files.LOCK
    files = [bundler_files.content(name) for name in names]
    origin = "webpack's own tools" if webpack else "the plugin's own tools"
    unused: tuple[str, ...] = _UNUSED
    directory = module_federation.bundler_directory
    if directory is not None:
        replacement = await _replacement(directory, names, required=not webpack)
        contents = await get_contents(replacement)
        if contents:
            # An edited copy of the plugin's lockfile needs the plugin's settings, or its own.
            settings = [file for file in files if os.path.basename(file.path) == ".npmrc"]
            files = [*settings, *contents]
            origin = os.path.join(directory, "webpack") if webpack else directory
            # Nobody knows what another release loads.
            unused = ()
    lock = {os.path.basename(file.path): file.content for file in files}
    digest = await create_digest(
        CreateDigest([FileContent(name, content) for name, content in lock.items()])
    )
    installed = await install(InstallRequest(digest, origin, member_directories=(), unused=unused))
    return InstalledTools(installed.node_modules, digest)


@rule(desc="Lay out the bundler", level=LogLevel.DEBUG)
async def lay_out_bundler(request: BundlerToolRequest) -> BundlerTool:
    """Puts the bundle script beside its packages."""
    names = (*bundler_files.BUNDLE, *bundler_files.BUNDLE_WITH[request.bundler])
    installed: InstalledTools
    scripts, installed = await concurrently(
        create_digest(bundler_files.contents(names)), installed_tools(request.bundler)
    )
    tree, origin = await concurrently(
        merge_digests(MergeDigests([scripts, installed.digest])),
        merge_digests(MergeDigests([scripts, installed.lock])),
    )
    return BundlerTool(tree, origin)


@rule(desc="Lay out the import parser", level=LogLevel.DEBUG)
async def import_parser_tool() -> ImportParserTool:
    """Puts the parse script beside its packages."""
    return ImportParserTool(await _tool_of(bundler_files.PARSE, _PARSER_PACKAGES))


@rule(desc="Lay out the static server", level=LogLevel.DEBUG)
async def server_tool() -> ServerTool:
    """Puts the server beside its packages."""
    return ServerTool(await _tool_of(bundler_files.SERVE, _SERVER_PACKAGES))


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

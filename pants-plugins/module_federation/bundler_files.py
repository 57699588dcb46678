"""The plugin's JavaScript files, as Pants' engine takes them."""

from __future__ import annotations

import pkgutil
import posixpath
from typing import Iterable

from pants.engine.fs import CreateDigest, FileContent

from module_federation.options import Bundler

#: The bundle process, whatever the bundler is.
BUNDLE = (
    "build.mjs",
    "lib/bundle.mjs",
    "lib/config/common.mjs",
    "lib/determinism.mjs",
    "lib/errors.mjs",
    "lib/no_type_archives.mjs",
    "lib/package_chunks.mjs",
    "lib/repository_names.mjs",
    "lib/runtime_host.mjs",
    "lib/style_order.mjs",
    "lib/tidy_output.mjs",
    "lib/truth.mjs",
    "lib/truth_code.mjs",
    "lib/truth_files.mjs",
    "lib/truth_literals.mjs",
    "lib/truth_rspack.mjs",
    "lib/truth_runtime_host.mjs",
    "lib/truth_sharing.mjs",
    "lib/truth_webpack.mjs",
    "runtime/remote_urls.js",
    "template.html",
)
#: What the bundle process has beside that, by bundler.
BUNDLE_WITH = {
    Bundler.RSPACK: (
        "lib/config/rspack.mjs",
        "lib/federation_runtime.mjs",
        "lib/kept_texts.mjs",
        "lib/minified_chunks.mjs",
        "lib/nailgun.mjs",
        "lib/own_ids.mjs",
        "lib/pooled.mjs",
        "lib/preliminary_hashes.mjs",
        "lib/script_parts.mjs",
    ),
    Bundler.WEBPACK: ("lib/config/webpack.mjs", "lib/type_reexports.mjs"),
}
#: The process that installs a project.
INSTALL = (
    "install.mjs",
    "install/environment.mjs",
    "install/npm.mjs",
    "install/npm_to_spool.mjs",
    "install/packs.mjs",
    "install/placement.mjs",
    "install/plain_package.mjs",
    "install/pnpm.mjs",
    "install/pnpm_layout.mjs",
    "install/spool.mjs",
    "install/tidy.mjs",
    "install/yarn.mjs",
    "install/yarn_classic.mjs",
    "lib/install_index.mjs",
)
#: The process that puts installed files back in their places.
UNPACK = ("unpack.mjs", "install/packs.mjs")
#: The process that fetches a package manager.
FETCH = ("fetch_manager.mjs", "install/environment.mjs")
#: The processes that read imports, and exports.
PARSE = (
    "exports.mjs",
    "exports/definitions.mjs",
    "parse.mjs",
    "parse/apart.mjs",
    "parse/expressions.mjs",
    "parse/files.mjs",
    "parse/found.mjs",
    "parse/nesting.mjs",
    "parse/scripts.mjs",
    "parse/styles.mjs",
    "parse/tree.mjs",
)
#: The static server of `run`.
SERVE = ("serve.mjs",)
#: What the tools are installed from. The settings keep npm from installing what packages name as
#: peers and nothing here calls: a TypeScript compiler, and Rspack beside webpack.
LOCK = (".npmrc", "package.json", "package-lock.json")
#: What webpack is installed from, in a folder of its own.
WEBPACK_LOCK = ("webpack/.npmrc", "webpack/package.json", "webpack/package-lock.json")


def content(name: str, *, at: str | None = None) -> FileContent:
    """One file of `bundler/`, under its own name or at another path."""
    data = pkgutil.get_data("module_federation", f"bundler/{name}")
    assert data is not None, f"bundler/{name} is not part of the installed plugin"
    return FileContent(at or name, data)


def contents(names: Iterable[str], *, folder: str = "") -> CreateDigest:
    """Several files of `bundler/`, under their own names in a folder."""
    return CreateDigest([content(name, at=posixpath.join(folder, name)) for name in names])

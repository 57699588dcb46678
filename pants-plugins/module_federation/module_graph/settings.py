"""The resolution settings, in one place for this model and for the bundler.

`bundler_resolve` is what has to be handed to Rspack as ``resolve``; everything it leaves out is
Rspack's default for a ``web`` target (``getResolveDefaults`` in ``@rspack/core`` 2.2.9), which the
other constants repeat for the model. webpack's defaults have drifted away from that: it also takes
the conditions ``module-sync`` and ``worker``, and ``webpack`` for style sheets
(``getResolveDefaults`` in webpack 5.111.1). `webpack_resolve` leaves nothing to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from module_federation.module_graph.imports import ImportKind

EXTENSIONS = (".tsx", ".ts", ".jsx", ".mjs", ".js", ".cjs", ".json")
STYLE_EXTENSIONS = (".css",)
# The bundler's names for `@import` in plain style sheets and in the two kinds of CSS modules.
STYLE_DEPENDENCIES = ("css-import", "css-import-local-module", "css-import-global-module")
MAIN_FILES = ("index",)
MAIN_FIELDS = ("browser", "module", "main")
# TypeScript's ESM style writes the name of the file to come: `./a.js` for `./a.ts`.
EXTENSION_ALIAS = {
    ".js": (".ts", ".tsx", ".js"),
    ".mjs": (".mts", ".mjs"),
    ".cjs": (".cts", ".cjs"),
    ".jsx": (".tsx", ".jsx"),
}
DECLARATION_EXTENSIONS = (".d.ts", ".d.mts", ".d.cts")
BASE_CONDITIONS = ("webpack", "browser")


class Dependency(Enum):
    """The classes of requests that the bundler resolves differently, named as Rspack names them.

    `TYPES` is TypeScript's; the bundler never sees it.
    """

    ESM = "esm"
    COMMONJS = "commonjs"
    URL = "url"
    WORKER = "worker"
    CSS_IMPORT = "css-import"
    TYPES = "types"

    __hash__ = object.__hash__  # Members are singletons; Enum's own hash is a slow Python call.


_DEPENDENCY_OF = {
    ImportKind.TYPE: Dependency.TYPES,
    ImportKind.REQUIRE: Dependency.COMMONJS,
    ImportKind.REQUIRE_RESOLVE: Dependency.COMMONJS,
    ImportKind.URL: Dependency.URL,
    ImportKind.CSS_URL: Dependency.URL,
    ImportKind.WORKER: Dependency.WORKER,
    ImportKind.CSS_IMPORT: Dependency.CSS_IMPORT,
}


def dependency_of(kind: ImportKind) -> Dependency:
    """The class of requests that imports of `kind` belong to."""
    return _DEPENDENCY_OF.get(kind, Dependency.ESM)


@dataclass(frozen=True, eq=False)  # One object per class of requests: identity is enough, and fast.
class Rules:
    """How one class of requests is resolved. See Rspack's ``resolve`` options of the same names."""

    conditions: frozenset[str]
    main_fields: tuple[str, ...]
    main_files: tuple[str, ...]
    extensions: tuple[str, ...]
    alias_browser: bool
    prefer_relative: bool


def resolution_rules(mode: str) -> dict[Dependency, Rules]:
    """The rules of every class of requests in `mode`, ``"production"`` or ``"development"``."""
    base = frozenset((*BASE_CONDITIONS, mode))
    esm = Rules(base | {"import", "module"}, MAIN_FIELDS, MAIN_FILES, EXTENSIONS, True, False)
    commonjs = Rules(base | {"require", "module"}, MAIN_FIELDS, MAIN_FILES, EXTENSIONS, True, False)
    return {
        Dependency.ESM: esm,
        Dependency.COMMONJS: commonjs,
        Dependency.URL: Rules(base, ("main",), MAIN_FILES, EXTENSIONS, False, True),
        Dependency.WORKER: Rules(esm.conditions, MAIN_FIELDS, MAIN_FILES, EXTENSIONS, True, True),
        Dependency.CSS_IMPORT: Rules(
            frozenset((mode, "style")), ("style", "main"), (), STYLE_EXTENSIONS, False, True
        ),
        Dependency.TYPES: Rules(
            esm.conditions | {"types"},
            ("types", *MAIN_FIELDS),
            MAIN_FILES,
            (*EXTENSIONS, *DECLARATION_EXTENSIONS),
            False,
            False,
        ),
    }


def bundler_resolve() -> dict[str, Any]:
    """Rspack's ``resolve`` option that makes the bundler resolve as this model does, as JSON.

    Conditions and main fields are left to Rspack's defaults, which depend on the class of request;
    set, they would replace all of them.
    """
    return {
        "extensions": list(EXTENSIONS),
        "extensionAlias": {key: list(value) for key, value in EXTENSION_ALIAS.items()},
        "mainFiles": list(MAIN_FILES),
        "byDependency": {
            name: {"extensions": list(STYLE_EXTENSIONS), "mainFiles": []}
            for name in STYLE_DEPENDENCIES
        },
        # Installed packages are reached through a link whose target differs between machines.
        "symlinks": False,
    }


#: The model's classes of requests → webpack's names of all that is resolved in that way.
_WEBPACK_NAMES = {
    Dependency.ESM: ("esm", "loaderImport", "wasm"),
    Dependency.COMMONJS: ("amd", "commonjs"),
    Dependency.URL: ("url",),
    Dependency.WORKER: ("worker",),
    Dependency.CSS_IMPORT: STYLE_DEPENDENCIES,
}


def webpack_resolve(mode: str) -> dict[str, Any]:
    """webpack's ``resolve`` option that makes it resolve as this model does, as JSON.

    Args:
        mode: ``"production"`` or ``"development"``, a condition of ``exports``.
    """
    rules = resolution_rules(mode)
    return {
        **bundler_resolve(),
        "byDependency": {
            name: _webpack_rules(rules[dependency])
            for dependency, names in _WEBPACK_NAMES.items()
            for name in names
        },
    }


def _webpack_rules(rules: Rules) -> dict[str, Any]:
    return {
        "aliasFields": ["browser"] if rules.alias_browser else [],
        # Which of them holds is decided by the order in the package's own `exports`.
        "conditionNames": sorted(rules.conditions),
        "extensions": list(rules.extensions),
        "mainFields": list(rules.main_fields),
        "mainFiles": list(rules.main_files),
        "preferRelative": rules.prefer_relative,
    }

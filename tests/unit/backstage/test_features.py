"""Default exports, followed through real source text to what makes them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Dict, Mapping, Tuple

import pytest

from module_federation.backstage.features import (
    BACKEND,
    FACTORIES,
    FEATURES,
    LOADER,
    MODULE,
    PLUGIN,
    Feature,
    NoFeature,
    Undecided,
    Unread,
    Verdict,
    default_export,
)
from module_federation.backstage.module_exports import (
    ExportsOutputError,
    FileExports,
    parse_exports,
)
from module_federation.module_graph.imports import ImportKind
from module_federation.module_graph.package_json import PackageManifest
from module_federation.module_graph.resolution import Resolution
from module_federation.module_graph.resolver import Resolver
from unit.module_graph.oracle import Node

API = "@backstage/frontend-plugin-api"
CREATE = f'import {{ createFrontendPlugin }} from "{API}";\n'

Files = Dict[str, str]
# name → (files, with `index.ts` as the one that is asked about; the answer)
CASES: Dict[str, Tuple[Files, Verdict]] = {
    "direct": (
        {"index.ts": f'{CREATE}export default createFrontendPlugin({{ pluginId: "a" }});'},
        Feature(PLUGIN),
    ),
    "variable": (
        {"index.ts": f"{CREATE}const plugin = createFrontendPlugin({{}});\nexport default plugin;"},
        Feature(PLUGIN),
    ),
    "list-of-names": (
        {"index.ts": f"{CREATE}const p = createFrontendPlugin({{}});\nexport {{ p as default }};"},
        Feature(PLUGIN),
    ),
    "renamed-import": (
        {
            "index.ts": f'import {{ createFrontendModule as m }} from "{API}";\n'
            "export default m({});"
        },
        Feature(MODULE),
    ),
    "namespace-import": (
        {
            "index.ts": f'import * as api from "{API}";\n'
            "export default api.createFrontendPlugin({});"
        },
        Feature(PLUGIN),
    ),
    "alpha-entry-of-the-api": (
        {
            "index.ts": f'import {{ createFrontendFeatureLoader as l }} from "{API}/alpha";\n'
            "export default l({ loader: async () => [] });"
        },
        Feature(LOADER),
    ),
    "casts": (
        {"index.ts": f"{CREATE}export default (createFrontendPlugin({{}}) as any)!;"},
        Feature(PLUGIN),
    ),
    "satisfies": (
        {"index.ts": f"{CREATE}export default createFrontendPlugin({{}}) satisfies unknown;"},
        Feature(PLUGIN),
    ),
    "reexported-default": (
        {
            "index.ts": 'export { default } from "./plugin";',
            "plugin.tsx": f"{CREATE}export default createFrontendPlugin({{}});",
        },
        Feature(PLUGIN),
    ),
    "reexported-name": (
        {
            "index.ts": 'export { catalogPlugin as default } from "./plugin";',
            "plugin.tsx": f"{CREATE}export const catalogPlugin = createFrontendPlugin({{}});",
        },
        Feature(PLUGIN),
    ),
    "imported-and-exported": (
        {
            "index.ts": 'import { plugin } from "./plugin";\nexport default plugin;',
            "plugin.tsx": f"{CREATE}const p = createFrontendPlugin({{}});\n"
            "export { p as plugin };",
        },
        Feature(PLUGIN),
    ),
    "name-behind-stars": (
        {
            "index.ts": 'export { plugin as default } from "./all";',
            "all.ts": 'export * from "./other";\nexport * from "./plugin";',
            "other.ts": "export const other = 1;",
            "plugin.tsx": f"{CREATE}export const plugin = createFrontendPlugin({{}});",
        },
        Feature(PLUGIN),
    ),
    "own-wrapper": (
        {
            "index.ts": 'import { make } from "./make";\nexport default make({ pluginId: "a" });',
            "make.ts": f"{CREATE}export const make = (it: any) => createFrontendPlugin(it);",
        },
        Feature(PLUGIN),
    ),
    "own-wrapper-with-a-body": (
        {
            "index.ts": f"{CREATE}function make(id: string) {{\n"
            "  const options = { id };\n  return createFrontendPlugin(options);\n}\n"
            'export default make("a");'
        },
        Feature(PLUGIN),
    ),
    "overrides": (
        {
            "index.ts": 'import base from "./base";\n'
            "export default base.withOverrides({ extensions: [] });",
            "base.ts": f"{CREATE}export default createFrontendPlugin({{}});",
        },
        Feature(PLUGIN),
    ),
    "converted-legacy-plugin": (
        {
            "index.ts": 'import { convertLegacyPlugin } from "@backstage/core-compat-api";\n'
            "export default convertLegacyPlugin(old, { extensions: [] });"
        },
        Feature(PLUGIN),
    ),
    "by-hand": (
        {"index.ts": 'export default { $$type: "@backstage/FrontendModule", pluginId: "a" };'},
        Feature(MODULE),
    ),
    "other-package-of-the-workspace": (
        {
            "index.ts": 'export { default } from "@acme/one";',
            "../one/package.json": '{"name": "@acme/one", "main": "src/index.ts"}',
            "../one/src/index.ts": f"{CREATE}export default createFrontendPlugin({{}});",
        },
        Feature(PLUGIN),
    ),
    "names-without-a-default": (
        {"index.ts": 'export * from "./plugin";', "plugin.ts": "export default 1;"},
        NoFeature("index.ts", "has no default export"),
    ),
    "legacy-plugin": (
        {
            "index.ts": 'import { createPlugin } from "@backstage/core-plugin-api";\n'
            "export default createPlugin({});"
        },
        NoFeature(
            "index.ts",
            "exports a plugin of the legacy front-end system there, which is no feature by itself",
        ),
    ),
    "backend-plugin": (
        {
            "index.ts": 'import { createBackendPlugin } from "@backstage/backend-plugin-api";\n'
            "export default createBackendPlugin({});"
        },
        NoFeature(
            "index.ts", "exports a feature for the backend there, which runs in Node.js"
        ),
    ),
    "extension": (
        {
            "index.ts": f'import {{ PageBlueprint }} from "{API}";\n'
            "export default PageBlueprint.make({});"
        },
        NoFeature(
            "index.ts",
            "exports something of type `@backstage/ExtensionDefinition` there, "
            "which is no feature by itself",
        ),
    ),
    "component": (
        {"index.ts": "export default function Page() { return null; }"},
        NoFeature("index.ts", "exports a function there, not what it returns"),
    ),
    "class": (
        {"index.ts": "export default class Api {}"},
        NoFeature("index.ts", "exports a class there"),
    ),
    "plain-object": (
        {"index.ts": "export default { a: 1 };"},
        NoFeature("index.ts", "exports an object without `$$type` there"),
    ),
    "type-only": (
        {"index.ts": "type A = 1;\nexport type { A as default };"},
        NoFeature("index.ts", "has no default export"),
    ),
    "interface": (
        {"index.ts": "export default interface A {}"},
        NoFeature("index.ts", "has no default export"),
    ),
    "missing-name": (
        {"index.ts": 'export { plugin as default } from "./plugin";', "plugin.ts": "export {};"},
        NoFeature("plugin.ts", "does not export `plugin`"),
    ),
    "circle": (
        {
            "index.ts": 'export { default } from "./other";',
            "other.ts": 'export { default } from "./index";',
        },
        NoFeature("index.ts", "exports `default` in a circle"),
    ),
    "conditional": (
        {"index.ts": f"{CREATE}export default a ? createFrontendPlugin({{}}) : undefined;"},
        Undecided("index.ts", "exports a conditional expression there"),
    ),
    "third-party": (
        {"index.ts": 'export { default } from "@acme/published-plugin/alpha";'},
        Undecided(
            "index.ts", "exports what comes from the package `@acme/published-plugin/alpha`"
        ),
    ),
    "third-party-function": (
        {"index.ts": 'import { make } from "plugin-kit";\nexport default make({});'},
        Undecided("index.ts", "exports what `make` of `plugin-kit` returns"),
    ),
    "several-returns": (
        {
            "index.ts": f"{CREATE}function make(a: any) {{\n"
            "  if (a) return 1;\n  return createFrontendPlugin({});\n}\n"
            "export default make(1);"
        },
        Undecided("index.ts", "exports what a function returns in one of several ways"),
    ),
    "hidden-by-a-parameter": (
        {
            "index.ts": f"{CREATE}const make = (createFrontendPlugin: any) => "
            "createFrontendPlugin({});\nexport default make(1);"
        },
        Undecided("index.ts", "exports what a call returns"),
    ),
    "spread": (
        {"index.ts": "export default { ...rest };"},
        Undecided("index.ts", "exports an object with a spread there"),
    ),
    "commonjs": (
        {"old.js": "module.exports = {};", "index.ts": 'export { default } from "./old.js";'},
        Undecided("old.js", "exports a CommonJS module there"),
    ),
}  # fmt: skip


class _Repository:
    """All cases as packages of one repository, read by one process."""

    def __init__(self, node: Node, folder: Path) -> None:
        sources = {}
        for case, (files, _) in CASES.items():
            for name, text in files.items():
                path = Path(case, "src", name)
                sources[_normal(path)] = text
            sources.setdefault(f"{case}/package.json", json.dumps({"name": case}))
        for name, text in sources.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        scripts = [name for name in sources if not name.endswith(".json")]
        (folder / "list.json").write_text(json.dumps(scripts))
        subprocess.run(
            ["node", str(node.folder / "exports.mjs"), "list.json", "out.json"],
            cwd=folder,
            check=True,
        )
        self.known = {file.path: file for file in parse_exports((folder / "out.json").read_bytes())}
        self._resolver = Resolver(
            frozenset(sources),
            [
                PackageManifest.parse(name, text.encode())
                for name, text in sources.items()
                if name.endswith("package.json")
            ],
        )

    def resolve(self, importer: str, request: str) -> Resolution:
        return self._resolver.resolve(importer, request, ImportKind.STATIC)

    def verdict(self, file: str, known: Mapping[str, FileExports]) -> Verdict:
        return default_export(file, known, self.resolve)


def _normal(path: Path) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


@pytest.fixture(scope="module")
def repository(node: Node, tmp_path_factory: pytest.TempPathFactory) -> _Repository:
    return _Repository(node, tmp_path_factory.mktemp("features"))


@pytest.mark.parametrize("case", CASES)
def test_verdicts(repository: _Repository, case: str) -> None:
    expected = CASES[case][1]
    if isinstance(expected, (NoFeature, Undecided)):
        expected = type(expected)(f"{case}/src/{expected.file}", expected.because)
    assert repository.verdict(f"{case}/src/index.ts", repository.known) == expected


@pytest.mark.parametrize("case", CASES)
def test_files_are_asked_for_one_by_one(repository: _Repository, case: str) -> None:
    file = f"{case}/src/index.ts"
    known: dict[str, FileExports] = {}
    while True:
        verdict = repository.verdict(file, known)
        if not isinstance(verdict, Unread):
            break
        assert verdict.file not in known
        known[verdict.file] = repository.known[verdict.file]
    assert verdict == repository.verdict(file, repository.known)


def test_a_file_with_a_syntax_error_is_undecided(node: Node, tmp_path: Path) -> None:
    (tmp_path / "a.ts").write_text("export default (;")
    (tmp_path / "list.json").write_text('["a.ts", "none.ts"]')
    subprocess.run(
        ["node", str(node.folder / "exports.mjs"), "list.json", "out.json"],
        cwd=tmp_path,
        check=True,
    )
    broken, missing = parse_exports((tmp_path / "out.json").read_bytes())
    assert broken.error
    assert missing.error
    verdict = default_export("a.ts", {"a.ts": broken}, lambda *_: pytest.fail("nothing to follow"))
    assert isinstance(verdict, Undecided)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"{", id="no JSON"),
        pytest.param(b'{"files": {}, "version": 0}', id="another version"),
        pytest.param(b'{"files": {"a": {}}, "version": 1}', id="no exports"),
        pytest.param(
            b'{"files": {"a": {"error": null, "exports": {"x": {"is": "y"}}, "stars": []}}, '
            b'"version": 1}',
            id="a strange definition",
        ),
    ],
)
def test_other_output_is_refused(content: bytes) -> None:
    with pytest.raises(ExportsOutputError):
        parse_exports(content)


def test_the_names_are_those_of_backstage() -> None:
    made = set(FACTORIES.values())
    assert {PLUGIN, MODULE, LOADER, BACKEND} <= made
    assert BACKEND not in FEATURES
    assert all(package.startswith("@backstage/") for package, _ in FACTORIES)

"""The resolver against Rspack's own, on random workspaces."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any, Union

from module_federation.module_graph.package_json import PackageManifest
from module_federation.module_graph.resolution import FileModule, Ignored
from module_federation.module_graph.resolver import Resolver
from unit.module_graph.oracle import PROBES, Node, Question

# More in a slow run: MF_RESOLVER_TREES=2000.
TREES = int(os.environ.get("MF_RESOLVER_TREES", "20"))
TREES_PER_BUILD = 100
REQUESTS_PER_TREE = 60

PACKAGES = {"libs/a": "a", "libs/b": "@s/b", "apps/c": "c"}
NAMES = ("index", "a", "b", "x.y", "a.js", "a.jsx")
ENDINGS = (".ts", ".tsx", ".js", ".mjs", ".mts", ".cjs", ".jsx", ".json", ".css", "")
FOLDERS = ("", "src/", "src/a/", "src/b/", "lib/")
CONDITIONS = ("import", "require", "browser", "module", "style", "node", "production", "default")


class Generator:
    """Makes one random workspace and random requests in it."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def pick(self, choices: Any) -> Any:
        return self.random.choice(choices)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def inner_path(self) -> str:
        path = self.pick(FOLDERS) + self.pick(NAMES) + self.pick(ENDINGS)
        return str(path)

    def files(self) -> list[str]:
        inside = {self.inner_path() for _ in range(self.random.randint(2, 14))}
        # A path cannot be a file and a folder at once.
        return sorted(p for p in inside if not any(q.startswith(f"{p}/") for q in inside))

    def target(self, depth: int = 0, *, star: bool = False, folder: bool = False) -> Any:
        roll = self.random.random()
        if depth < 2 and roll < 0.25:
            keys = self.random.sample(CONDITIONS, self.random.randint(1, 3))
            return {key: self.target(depth + 1, star=star, folder=folder) for key in keys}
        if depth < 2 and roll < 0.32:
            count = self.random.randint(0, 2)
            return [self.target(depth + 1, star=star, folder=folder) for _ in range(count)]
        if roll < 0.36:
            return None
        if roll < 0.39:
            return self.pick(("../x.ts", "./node_modules/q.js", "/x.js", "src/a.ts", "./../a.ts"))
        if folder:
            return "./" + self.pick(("src/", "lib/", "src/a/"))
        if star:
            return "./" + self.pick(("src/*", "src/*.ts", "lib/*.mjs", "*", "src/*/index.ts"))
        return "./" + self.inner_path()

    def subpath_key(self) -> str:
        choices = (
            ".",
            ".",
            "./a",
            "./b",
            "./a.js",
            "./*",
            "./*.js",
            "./src/*",
            "./lib/",
            "./src/a*",
        )
        return str(self.pick(choices))

    def table(self, keys: list[str]) -> dict[str, Any]:
        return {key: self.target(star="*" in key, folder=key.endswith("/")) for key in keys}

    def manifest(self, name: str) -> dict[str, Any]:
        manifest: dict[str, Any] = {"name": name}
        for field in ("main", "module", "style"):
            if self.chance(0.4):
                start = self.pick(("./", "", "./", "../"))
                manifest[field] = start + self.pick((self.inner_path(), "src", "lib/", "."))
        if self.chance(0.25):
            manifest["browser"] = (
                "./" + self.inner_path()
                if self.chance(0.4)
                else {
                    self.pick(("./", "./", "")) + self.inner_path(): self.pick(
                        (False, "./" + self.inner_path(), "./src/a")
                    )
                    for _ in range(2)
                }
            )
        if self.chance(0.5):
            keys = [self.subpath_key() for _ in range(self.random.randint(1, 4))]
            manifest["exports"] = self.target() if self.chance(0.3) else self.table(keys)
        if self.chance(0.4):
            names = [self.pick(("#a", "#b", "#c/*", "#c/x*")) for _ in range(2)]
            manifest["imports"] = {
                key: self.pick(("@s/b", "a/a", "c", self.target(star="*" in key))) for key in names
            }
        return manifest

    def request(self) -> str:
        roll = self.random.random()
        name = self.pick(tuple(PACKAGES.values()))
        bare_path = self.pick(FOLDERS) + self.pick(NAMES) + self.pick(ENDINGS)
        if roll < 0.2:
            return str(name)
        if roll < 0.5:
            return f"{name}/{self.pick((bare_path, 'a', 'b', 'a.js', 'src/a', 'src/', 'lib/a'))}"
        if roll < 0.6:
            return str(self.pick(("#a", "#b", "#c/a", "#c/xa", "#c/a.js", "#none")))
        if roll < 0.63:
            return str(self.pick((".", "..", "./", "../", "./.", "../..", "./src/..", "./src/.")))
        if roll < 0.68:
            return str(bare_path) or "a"
        start = self.pick(("./", "../", "./", "../../"))
        return f"{start}{bare_path}{self.pick(('', '', '', '?url', '#part', '/', '?a=./b'))}"


def _check(base: Path, node: Node, seeds: range) -> list[str]:
    questions: list[Question] = []
    expected: list[Union[str, bool, None]] = []
    labels: list[str] = []
    for seed in seeds:
        generator = Generator(seed)
        root = base / f"tree{seed}"
        files: set[str] = set()
        manifests: list[PackageManifest] = []
        for directory, name in PACKAGES.items():
            content = json.dumps(generator.manifest(name)).encode()
            manifests.append(PackageManifest.parse(f"{directory}/package.json", content))
            for inside in generator.files():
                files.add(f"{directory}/{inside}")
                path = root / directory / inside
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("")
            (root / directory).mkdir(parents=True, exist_ok=True)
            (root / directory / "package.json").write_bytes(content)
            link = root / "node_modules" / name
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(root / directory)
        resolver = Resolver(files, manifests)
        for _ in range(REQUESTS_PER_TREE):
            kind = generator.pick(tuple(PROBES))
            importer = generator.pick(sorted(files))
            request = generator.request()
            found = resolver.resolve(importer, request, kind)
            questions.append((kind, str((root / importer).parent), request))
            labels.append(f"tree {seed}: {kind.value} {request!r} in {importer}: {found}")
            if isinstance(found, FileModule):
                expected.append(str(root / found.path))
            else:
                expected.append(False if isinstance(found, Ignored) else None)
    answers = [
        # The bundler keeps query and fragment on the path.
        answer.partition("?")[0].partition("#")[0] if isinstance(answer, str) else answer
        for answer in node.resolve(base, questions)
    ]
    return [
        f"{label}\n    Rspack: {answer}"
        for label, answer, mine in zip(labels, answers, expected)
        if answer != mine
    ]


def test_agrees_with_the_bundler(node: Node, tmp_path: Path) -> None:
    differences = [
        difference
        for start in range(0, TREES, TREES_PER_BUILD)
        for difference in _check(
            tmp_path / f"from{start}", node, range(start, min(start + TREES_PER_BUILD, TREES))
        )
    ]
    assert not differences, "\n".join([f"{len(differences)} differences", *differences[:20]])

"""The package.json that a bundler gets to see."""

from __future__ import annotations

from module_federation.sharing.legal_manifest import legal_manifest
from unit.sharing.installs import index, package, workspace

INSTALLED = index(
    workspace("", "root"),
    workspace("libs/ui", "@s/ui", "2.1.0"),
    package("node_modules/react", "19.2.0"),
    package("node_modules/old", "1.5.0", name="lodash"),
    links={"node_modules/@s/ui": "libs/ui"},
    catalogs={"default": {"react": "^19.1.0"}},
)
MANIFEST = {
    "name": "@s/cart",
    "version": "1.0.0",
    "type": "module",
    "sideEffects": ["*.css"],
    "exports": {".": "./src/index.ts"},
    "scripts": {"build": "x"},
    "private": True,
    "dependencies": {"react": "catalog:", "@s/ui": "workspace:*", "old": "npm:lodash@>=0"},
    "peerDependencies": {"gone": "link:../gone"},
    "devDependencies": {"react": "^19.0.0", "bad": 3},
    "optionalDependencies": [],
}


def test_only_what_a_bundler_reads_and_only_legal_ranges() -> None:
    assert legal_manifest(MANIFEST, INSTALLED, "apps/cart") == {
        "name": "@s/cart",
        "version": "1.0.0",
        "type": "module",
        "sideEffects": ["*.css"],
        "exports": {".": "./src/index.ts"},
        "dependencies": {"@s/ui": "2.1.0", "old": "*", "react": "^19.1.0"},
        "peerDependencies": {"gone": "*"},
        "devDependencies": {"react": "^19.0.0"},
    }


def test_only_the_dependencies_asked_for() -> None:
    legal = legal_manifest(MANIFEST, INSTALLED, "apps/cart", names=frozenset(["react"]))
    assert legal["dependencies"] == {"react": "^19.1.0"}
    assert "peerDependencies" not in legal

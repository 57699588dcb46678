"""A manifest as `@module-federation/enhanced` 2.9.2 writes it."""

from __future__ import annotations

from typing import Any


def assets(*js: str, css: tuple[str, ...] = (), later: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "js": {"sync": list(js), "async": list(later)},
        "css": {"sync": list(css), "async": []},
    }


def shared(name: str, version: str, required: str, *js: str, **said: Any) -> dict[str, Any]:
    return {
        "id": f"cart:{name}",
        "name": name,
        "version": version,
        "singleton": True,
        "requiredVersion": required,
        "assets": assets(*js),
        **said,
    }


MANIFEST: dict[str, Any] = {
    "id": "cart",
    "name": "cart",
    "metaData": {
        "name": "cart",
        "globalName": "cart",
        "buildInfo": {"buildVersion": "1.0.0", "buildName": "@acme/cart"},
        "publicPath": "auto",
        "remoteEntry": {"name": "remoteEntry.js", "path": "", "type": "global"},
        "types": {"path": "", "name": "", "zip": "", "api": ""},
        "pluginVersion": "2.9.2",
    },
    "shared": [
        shared("react", "19.3.1", "^19.0.0", "static/js/1.js"),
        shared("dayjs", "1.11.13", "^1.0.0", "static/js/2.js", singleton=False),
    ],
    "remotes": [
        {
            "federationContainerName": "acme_search",
            "moduleName": "Box",
            "alias": "search",
            "entry": "../search/mf-manifest.json",
        },
        {
            "federationContainerName": "acme_search",
            "moduleName": "Results",
            "alias": "search",
            "entry": "../search/mf-manifest.json",
        },
    ],
    "exposes": [
        {
            "id": "cart:Cart",
            "name": "Cart",
            "path": "./Cart",
            "assets": assets("static/js/cart.js", css=("static/css/cart.css",)),
        }
    ],
}

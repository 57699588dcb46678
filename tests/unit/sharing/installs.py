"""Small installed trees, written the way the installation writes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Optional

from module_federation.sharing.install_index import InstallIndex


def package(path: str, version: Any = "1.0.0", **fields: Any) -> dict[str, Any]:
    """One package; its name follows from its path unless it is given."""
    entry: dict[str, Any] = {"path": path, "name": path.rpartition("node_modules/")[2], **fields}
    return entry if version is None else {**entry, "version": version}


def workspace(path: str, name: str, version: Optional[str] = "1.0.0", **fields: Any) -> Any:
    """One workspace package."""
    return package(path, version, **{"workspace": True, "name": name, **fields})


def index_bytes(*packages: Any, links: Mapping[str, str] = {}, **fields: Any) -> bytes:
    """An index file."""
    data = {
        "version": 1,
        "packageManager": {"name": "npm", "version": "11.19.1"},
        "packages": list(packages),
        "links": [{"path": path, "target": target} for path, target in links.items()],
        **fields,
    }
    return json.dumps(data).encode()


def index(*packages: Any, **fields: Any) -> InstallIndex:
    """A parsed index."""
    return InstallIndex.parse(index_bytes(*packages, **fields))


REACT_EXPORTS = {".": "./index.js", "./jsx-runtime": "./jsx-runtime.js", "./package.json": "./p"}

REACT_SHOP = (
    workspace("", "shop"),
    workspace(
        "apps/cart",
        "@shop/cart",
        dependencies={"react": "^19.1.0", "react-router": "^7.1.0", "@shop/ui": "workspace:^"},
    ),
    workspace(
        "libs/ui",
        "@shop/ui",
        "2.1.0",
        dependencies={"date-fns": ">=0"},
        peerDependencies={"react": ">=18"},
        exports={".": "./src/index.ts", "./theme.css": "./src/theme.css", "./look": "./look.css"},
    ),
    package("node_modules/react", "19.2.0", exports=REACT_EXPORTS),
    package(
        "node_modules/react-dom",
        "19.2.0",
        dependencies={"scheduler": "^0.27.0"},
        peerDependencies={"react": "^19.2.0"},
        exports={".": "./index.js", "./client": "./client.js"},
    ),
    package("node_modules/scheduler", "0.27.0"),
    package(
        "node_modules/react-router",
        "7.5.0",
        dependencies={"cookie": "^1.0.1"},
        peerDependencies={"react": ">=18", "react-dom": ">=18"},
        optionalPeers=["react-dom"],
    ),
    package("node_modules/cookie", "1.0.2"),
    package("node_modules/date-fns", "4.1.0"),
)
"""Two workspace packages over the real shapes of react, react-dom and react-router."""

REACT_SHOP_LINKS = {"node_modules/@shop/ui": "libs/ui", "node_modules/@shop/cart": "apps/cart"}


def react_shop() -> InstallIndex:
    """``REACT_SHOP``, parsed."""
    return index(*REACT_SHOP, links=REACT_SHOP_LINKS)

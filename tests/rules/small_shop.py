"""A federation small enough for a test to write, change and build in a second or two."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Dict, Mapping

LOCKFILE = Path(__file__).parent / "lockfiles" / "small_shop.json"

SHELL = "shop/apps/shell"
CART = "shop/apps/cart"
UI = "shop/libs/ui"


def manifest(name: str, **fields: object) -> str:
    """A `package.json`; those whose content is in the lockfile are below."""
    return json.dumps({"name": name, "version": "1.0.0", "private": True, **fields}, indent=2)


MANIFESTS = {
    "shop/package.json": manifest("shop", workspaces=["apps/*", "libs/*"]),
    f"{SHELL}/package.json": manifest(
        "@shop/shell", dependencies={"@shop/ui": "*", "react": "^19.0.0", "react-dom": "^19.0.0"}
    ),
    f"{CART}/package.json": manifest(
        "@shop/cart", dependencies={"@shop/ui": "*", "clsx": "^2.0.0", "react": "^19.0.0"}
    ),
    f"{UI}/package.json": manifest(
        "@shop/ui",
        exports={".": "./src/index.tsx", "./theme.css": "./src/theme.css"},
        dependencies={"react": "^19.0.0"},
    ),
}

SOURCES = {
    f"{SHELL}/src/index.tsx": """
        import { Suspense, lazy } from "react";
        import { createRoot } from "react-dom/client";
        import { Button } from "@shop/ui";

        const Cart = lazy(() => import("cart/Cart"));
        createRoot(document.getElementById("root")!).render(
          <Suspense><Button label="Shop" /><Cart /></Suspense>,
        );
    """,
    f"{CART}/src/Cart.tsx": """
        import clsx from "clsx";
        import { Button } from "@shop/ui";
        import type { Line } from "./types";
        import "@shop/ui/theme.css";

        export default function Cart({ lines }: { lines: Line[] }) {
          const label = `${lines?.length ?? 0} lines`;
          return <div className={clsx("cart")}><Button label={label} /></div>;
        }
    """,
    f"{CART}/src/types.ts": "export interface Line { sku: string }\n",
    f"{CART}/src/unused.ts": "export const NeverReached = 1;\n",
    f"{UI}/src/index.tsx": """
        import { useState } from "react";
        import plus from "./plus.svg";

        export function Button({ label }: { label: string }) {
          const [count, setCount] = useState(0);
          return <button onClick={() => setCount(count + 1)}><img src={plus} />{label}</button>;
        }
    """,
    f"{UI}/src/theme.css": '.cart { background: url("./plus.svg"); }\n',
    f"{UI}/src/plus.svg": '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 5h10"/></svg>\n',
}

BUILD_FILES = {
    "shop/BUILD": 'package_json(name="package")\n',
    f"{SHELL}/BUILD": (
        'package_json(name="package")\n'
        "web_sources()\n"
        'federated_host(name="host", remotes={"cart": "shop/apps/cart:remote"})\n'
    ),
    f"{CART}/BUILD": (
        'package_json(name="package")\n'
        "web_sources()\n"
        'federated_remote(name="remote", exposes={"./Cart": "src/Cart.tsx"})\n'
    ),
    f"{UI}/BUILD": 'package_json(name="package")\nweb_sources()\n',
}


def files(changes: Mapping[str, str | None] | None = None) -> Dict[str, str]:
    """The whole workspace, path → content.

    :param changes: path → new content; `None` leaves the file out.
    """
    everything: Dict[str, str | None] = {
        **MANIFESTS,
        **SOURCES,
        **BUILD_FILES,
        "shop/package-lock.json": LOCKFILE.read_text(),
        **(changes or {}),
    }
    return {path: content for path, content in everything.items() if content is not None}

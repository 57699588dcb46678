"""The small shop with its cart as a Backstage plugin."""

from __future__ import annotations

from typing import Mapping

from rules import small_shop
from rules.small_shop import CART, SHELL

API = "@backstage/frontend-plugin-api"
PLUGIN = f"""
    import {{ createFrontendPlugin }} from "{API}";
    export default createFrontendPlugin({{ pluginId: "cart" }});
"""
#: A feature without the package that makes it, which this shop does not install.
BY_HAND = """
    import { useState } from "react";
    import clsx from "clsx";
    import "./plugin.css";
    export default { $$type: "@backstage/FrontendPlugin", pluginId: "cart", useState, clsx };
"""
ROLE = {"role": "frontend-plugin", "pluginId": "cart"}


def manifest(**fields: object) -> str:
    """The plugin's `package.json`; its dependencies are in the lockfile."""
    return small_shop.manifest(
        "@shop/cart",
        **{
            "backstage": ROLE,
            "dependencies": {"@shop/ui": "*", "clsx": "^2.0.0", "react": "^19.0.0"},
            **fields,
        },
    )


def files(
    changes: Mapping[str, str | None] | None = None, *, remote: str = "", **fields: object
) -> dict[str, str]:
    """The repository.

    :param changes: path → new content; `None` leaves the file out.
    :param remote: more fields of the remote, such as `package_form="bundle"`.
    :param fields: of the plugin's `package.json`.
    """
    return small_shop.files(
        {
            f"{CART}/package.json": manifest(**fields),
            f"{CART}/BUILD": f'package_json(name="package")\nweb_sources()\n'
            f'federated_remote(name="remote", {remote})\n',
            f"{SHELL}/BUILD": 'package_json(name="package")\nweb_sources()\n'
            'federated_host(name="host", remotes={"cart": "shop/apps/cart:remote"})\n',
            f"{SHELL}/src/index.tsx": 'import "react";\nimport("cart");\n',
            f"{CART}/src/index.ts": BY_HAND,
            f"{CART}/src/plugin.css": ".cart { color: red; }\n",
            **(changes or {}),
        }
    )

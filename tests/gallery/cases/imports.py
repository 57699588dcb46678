"""Imports that lead nowhere, or elsewhere than meant."""

from __future__ import annotations

from gallery.broken import Broken, Expected, Shown
from gallery.description import Lib, federation, host, remote
from gallery.page import Open, Want

_PANEL = "host/src/panel.js"

CASES = (
    Broken(
        "unresolved-import",
        federation(host(code='import "./basket.js";')),
        Expected("host", _PANEL, "basket", ("`./basket.js` leads nowhere",), ("web_sources",)),
    ),
    Broken(
        "unknown-remote",
        federation(
            host(remotes=("shop",), code='globalThis.open = () => import("cart/Panel");'),
            remote("shop", remotes=("cart",)),
            remote("cart"),
        ),
        Expected("host", _PANEL, "cart/Panel", ("`cart`", "remote"), ("remotes",)),
    ),
    Broken(
        "unknown-expose",
        federation(host(remotes=("cart",), doors=("cart/Basket",)), remote("cart")),
        Expected("host", _PANEL, "cart/Basket", ("`cart/Basket` is not there",), ("exposes",)),
        (
            Shown(
                (
                    (Open("host", "cart"), "done"),
                    (
                        Open("host", "cart", "Basket"),
                        'Module "./Basket" does not exist in container.',
                    ),
                )
            ),
        ),
    ),
    Broken(
        "not-installed",
        federation(host(code='import "clsx";')),
        Expected("host", _PANEL, "clsx", ("clsx is not installed",), ("Add clsx",), "clsx"),
    ),
    Broken(
        "undeclared-dependency",
        federation(
            host(
                installs={"clsx": "2.1.1"},
                ranges={"clsx": ""},
                wants=("clsx", "names"),
                libs=(
                    Lib(
                        "names",
                        'export { default } from "clsx";\n',
                        {"dependencies": {"clsx": "^2.1.0"}},
                    ),
                ),
            ),
            policy="[packages.clsx]\n",
        ),
        Expected("host", _PANEL, "clsx", ("does not declare",), ("Add",), "clsx"),
        (Shown(((Want("host", "clsx"), "host 2.1.1"),)),),
    ),
    Broken(
        "missing-dependency",
        federation(host(installs={"is-number": "3.0.0"}, needs=("is-number",))),
        Expected("host", words=("is-number@3.0.0 requires kind-of",), remedy=("lockfile",)),
        refused=("kind-of",),
    ),
    Broken(
        "missing-peer",
        federation(
            host(
                installs={"use-sync-external-store": "1.6.0"},
                needs=("use-sync-external-store",),
            )
        ),
        Expected("host", words=("use-sync-external-store@1.6.0 requires react",), remedy=("Add",)),
        refused=("react",),
    ),
    Broken(
        "bypassed-share",
        federation(
            host(
                remotes=("cart",),
                wants=("store",),
                libs=(Lib("store", "export default {};\n"),),
            ),
            remote(
                "cart",
                project="host",
                ranges={"store": "*"},
                wants=("store",),
                code='import store from "../../store/src/index.js";\n'
                'const isShared = async () => store === (await import("store")).default;\n'
                "globalThis.isShared = isShared;",
            ),
            policy="[packages.store]\nsingleton = true\n",
        ),
        Expected(
            "cart",
            "host/libs/cart/src/panel.js",
            "../../store",
            ("store", "../../store/src/index.js"),
            ("`store`",),
            "store",
        ),
        (
            Shown(
                (
                    (Want("host", "store"), "host 1.0.0"),
                    (Open("host", "cart"), "done"),
                    (Want("cart", "store"), "host 1.0.0"),
                ),
                values={"isShared()": False},
            ),
        ),
    ),
)

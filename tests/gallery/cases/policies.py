"""Containers that share one package in different ways, or say what has no effect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gallery.broken import Broken, Expected, Shown
from gallery.description import clsx, federation, host, remote
from gallery.page import Open, Want

_BOTH: Mapping[str, Any] = {
    "installs": {"clsx": "2.0.0", "is-number": "6.0.0"},
    "wants": ("clsx", "is-number"),
    "remotes": ("cart",),
}
_FAMILY = """\
[packages.clsx]
family = "names"
singleton = true

[packages.is-number]
family = "names"
"""

CASES = (
    Broken(
        "incoherent-family",
        federation(
            host(**_BOTH),
            remote("cart", **clsx("2.1.1")),
            policy=_FAMILY,
        ),
        Expected("host", words=("clsx, is-number belong together",), remedy=("same options",)),
        (
            Shown(
                (
                    (Want("host", "clsx"), "cart 2.1.1"),
                    (Want("host", "is-number"), "host 6.0.0"),
                )
            ),
        ),
        also=("remote-takes-over",),
    ),
    Broken(
        "family-left-out",
        federation(
            host(**_BOTH),
            remote("cart", **clsx("2.1.1")),
            policy=_FAMILY + "share = false\n",
        ),
        Expected(
            "host",
            "host/src/panel.js",
            "is-number",
            ("is-number belongs together with clsx",),
            ("Share is-number",),
            "is-number",
        ),
        (Shown(((Want("host", "clsx"), "cart 2.1.1"),)),),
        also=("remote-takes-over",),
    ),
    Broken(
        "stateful-not-singleton",
        federation(
            host(
                installs={"react": "19.1.0", "use-sync-external-store": "1.6.0"},
                wants=("react", "use-sync-external-store"),
                remotes=("cart",),
            ),
            remote("cart", installs={"react": "19.1.0"}, wants=("react",)),
            policy="presets = []\n\n[packages.react]\n",
        ),
        Expected(
            "host",
            "host/src/panel.js",
            '"react"',
            ("react", "use-sync-external-store@1.6.0"),
            ("singleton",),
        ),
        (
            Shown(
                ((Want("host", "react"), "host 19.1.0"),),
                values={
                    "__FEDERATION__.__INSTANCES__[0].options.shared.react[0].shareConfig"
                    ".singleton": False
                },
            ),
        ),
        also=("name-decides-provider",),
    ),
    Broken(
        "unused-shared-entry",
        federation(
            host(**clsx("2.1.1", shared={"clxs": {"singleton": True}})),
            policy="[packages.clsx]\n",
        ),
        Expected("host", words=("`clxs`", "host:app"), remedy=("Remove the entry",)),
        (
            Shown(
                ((Want("host", "clsx"), "host 2.1.1"),),
                values={"Object.keys(__FEDERATION__.__INSTANCES__[0].options.shared)": ["clsx"]},
            ),
        ),
    ),
    Broken(
        "unused-silence",
        federation(
            host(
                **clsx(
                    "2.1.1",
                    fields={"silenced_findings": {"two-copies clsx": "Both are pure functions."}},
                )
            )
        ),
        Expected("host", words=("`two-copies clsx`", "host:app"), remedy=("Remove the entry",)),
    ),
    Broken(
        "singleton-disagreement",
        federation(
            host(**clsx("2.1.1", remotes=("cart",), shared={"clsx": {"singleton": True}})),
            remote("cart", **clsx("2.1.0", shared={"clsx": {"singleton": False}})),
        ),
        Expected(
            "cart",
            "cart/package.json",
            '"clsx"',
            ("host shares clsx as a singleton", "cart does not"),
            ("policy file",),
            "clsx",
        ),
        (
            Shown(
                ((Open("host", "cart"), "done"), (Want("cart", "clsx"), "host 2.1.1")),
                values={
                    "__FEDERATION__.__INSTANCES__.map(({ options }) => "
                    "options.shared.clsx[0].shareConfig.singleton)": [True, False]
                },
            ),
        ),
    ),
    Broken(
        "mixed-modes",
        federation(
            host(**clsx("2.0.0", remotes=("cart",))),
            remote("cart", **clsx("2.1.1", fields={"mode": "development"})),
        ),
        Expected("cart", words=("clsx", "development"), remedy=("Build cart",)),
        (Shown(((Want("host", "clsx"), "cart 2.1.1"),)),),
        also=("remote-takes-over",),
    ),
    Broken(
        "reserved-key",
        federation(
            host(**clsx("2.1.1", remotes=("cart",))),
            remote("cart", **clsx("2.1.0")),
            policy='[packages.clsx]\nscope = "constructor"\n',
        ),
        Expected(
            "cart",
            "cart/package.json",
            '"clsx"',
            ("`constructor`", "JavaScript object"),
            ("share scope",),
        ),
        (
            # The runtime takes the function `Object` for the share scope, and puts clsx there.
            Shown(
                (
                    (Want("host", "clsx"), "host 2.1.1"),
                    (Open("host", "cart"), "done"),
                    (Want("cart", "clsx"), "host 2.1.1"),
                ),
                values={"Object.keys(Object)": ["clsx"]},
            ),
        ),
    ),
)

"""Ranges that contradict each other, or that a browser reads in its own way."""

from __future__ import annotations

from gallery.broken import Broken, Expected, Shown
from gallery.description import Lib, clsx, federation, host, remote
from gallery.page import Open, Want

_SHARED = "[packages.clsx]\n"
_OWN_NAMES = 'export { default } from "clsx";\n'


def _names(wanted: str, **nested: str) -> Lib:
    """A library that hands clsx on."""
    return Lib("names", _OWN_NAMES, {"dependencies": {"clsx": wanted}}, nested)


CASES = (
    Broken(
        "empty-intersection",
        federation(
            host(
                installs={"clsx": "2.1.1"},
                wants=("clsx", "names"),
                libs=(_names("~1.2.0"),),
                overrides={"clsx": "$clsx"},
            ),
            policy=_SHARED,
        ),
        Expected(
            "host",
            "host/package.json",
            '"clsx": "^2.1.1"',
            ("No version of clsx",),
            ("version in common",),
            "clsx",
        ),
    ),
    Broken(
        "installed-outside-range",
        federation(
            host(
                installs={"clsx": "2.1.1"},
                ranges={"clsx": ""},
                wants=("names",),
                libs=(_names("^1.2.0"),),
                overrides={"clsx": "2.1.1"},
            ),
            policy=_SHARED,
        ),
        Expected(
            "host",
            "host/libs/names/package.json",
            '"clsx"',
            ("clsx@2.1.1 is installed",),
            ("override",),
            "clsx",
        ),
        (Shown(((Want("host", "names"), "host 2.1.1"),)),),
    ),
    Broken(
        "two-copies",
        federation(
            host(
                installs={"clsx": "2.1.1"},
                wants=("clsx", "names"),
                libs=(_names("^1.2.0", clsx="1.2.1"),),
            ),
            policy=_SHARED,
        ),
        Expected(
            "host",
            "host/libs/names/src/index.js",
            "clsx",
            ("2 copies of clsx",),
            ("override",),
            "clsx",
            (
                "clsx@1.2.1, imported in host/libs/names/src/index.js:1",
                "clsx@2.1.1, imported in host/src/panel.js:5",
            ),
        ),
        (
            Shown(
                (
                    (Want("host", "clsx"), "host 2.1.1"),
                    (Want("host", "names"), "host 1.2.1"),
                )
            ),
        ),
    ),
    Broken(
        "range-adjusted",
        federation(host(**clsx("2.1.1", ">=0")), policy=_SHARED),
        Expected("host", "host/package.json", '"clsx"', (">=0", "`*`"), (), "clsx"),
        (
            Shown(
                ((Want("host", "clsx"), "host 2.1.1"),),
                values={
                    "__FEDERATION__.__INSTANCES__[0].options.shared.clsx[0].shareConfig"
                    ".requiredVersion": "*"
                },
            ),
        ),
    ),
    Broken(
        "range-read-differently",
        federation(
            host(**clsx("2.0.0", remotes=("cart",))),
            remote("cart", **clsx("2.1.1", shared={"clsx": {"version": "2.2.0-rc.1"}})),
        ),
        Expected(
            "host", "host/package.json", '"clsx"', ("^2.0.0", "2.2.0-rc.1"), ("2.2.0-rc.1",), "clsx"
        ),
        (
            Shown(
                (
                    (Want("host", "clsx"), "cart 2.2.0-rc.1"),
                    (Open("host", "cart"), "done"),
                    (Want("cart", "clsx"), "cart 2.2.0-rc.1"),
                )
            ),
        ),
        also=("remote-takes-over",),
    ),
)

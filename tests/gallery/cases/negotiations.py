"""Containers that get what they did not ask for, or nothing."""

from __future__ import annotations

from gallery.broken import Broken, Expected, Shown
from gallery.description import clsx, federation, host, remote
from gallery.page import Open, Want

_SINGLETON = "[packages.clsx]\nsingleton = true\n"
_NO_COPY = {"clsx": {"import": False}}
_LOADED_FIRST = {"share_strategy": "loaded-first"}
_DOES_NOT_FIT = (
    "Version 2.1.1 from cart of shared singleton module clsx does not satisfy the requirement of "
    "host which needs ~2.0.0)"
)

_MANY = tuple((f"part{i}", f"2.2.{i}") for i in range(8))

CASES = (
    Broken(
        "unsatisfied-singleton",
        federation(
            host(**clsx("2.0.0", "~2.0.0", remotes=("cart",))),
            remote("cart", **clsx("2.1.1")),
            policy=_SINGLETON,
        ),
        Expected(
            "host", "host/package.json", '"clsx"', ("2.1.1", "cart", "logs a warning"), (), "clsx"
        ),
        (
            Shown(
                (
                    (Want("host", "clsx"), "cart 2.1.1 with a warning"),
                    (Open("host", "cart"), "done"),
                    (Want("cart", "clsx"), "cart 2.1.1"),
                ),
                logged=("of shared singleton module clsx does not satisfy the requirement",),
            ),
        ),
        healed=federation(
            host(**clsx("2.1.1", "~2.1.1", remotes=("cart",))),
            remote("cart", **clsx("2.1.1")),
            policy=_SINGLETON,
        ),
    ),
    Broken(
        "strict-singleton",
        federation(
            host(**clsx("2.0.0", "~2.0.0", remotes=("cart",))),
            remote("cart", **clsx("2.1.1")),
            policy=_SINGLETON + "strict_version = true\n",
        ),
        Expected(
            "host",
            "host/package.json",
            '"clsx"',
            ("2.1.1", "throws"),
            ("In host/package.json:6 change `~2.0.0` to `~2.1.1`",),
            "clsx",
        ),
        (
            Shown(((Want("host", "clsx"), _DOES_NOT_FIT),)),
            Shown(((Want("host", "clsx"), "host 2.0.0"),), offline=("cart",)),
        ),
        healed=federation(
            host(**clsx("2.1.1", "~2.1.1", remotes=("cart",))),
            remote("cart", **clsx("2.1.1")),
            policy=_SINGLETON + "strict_version = true\n",
        ),
    ),
    Broken(
        "missing-provider",
        federation(
            host(remotes=("cart",)),
            remote("cart", **clsx("2.1.1", shared=_NO_COPY)),
        ),
        Expected("cart", "cart/package.json", '"clsx"', ("clsx",), (), "clsx"),
        (Shown(((Open("host", "cart"), "done"), (Want("cart", "clsx"), "RUNTIME-012"))),),
        healed=federation(
            host(**clsx("2.1.1", remotes=("cart",))),
            remote("cart", **clsx("2.1.1", shared=_NO_COPY)),
        ),
    ),
    Broken(
        "absent-provider",
        federation(
            host(**clsx("2.1.1", remotes=("cart",), shared=_NO_COPY)),
            remote("cart", **clsx("2.1.1")),
        ),
        Expected("host", "host/package.json", '"clsx"', ("clsx", "cart"), (), "clsx"),
        (
            Shown(((Want("host", "clsx"), "cart 2.1.1"),)),
            Shown(((Want("host", "clsx"), "RUNTIME-012"),), offline=("cart",)),
        ),
        healed=federation(
            host(**clsx("2.1.1", remotes=("cart",))),
            remote("cart", **clsx("2.1.1")),
        ),
    ),
    Broken(
        "deadlock",
        federation(
            host(**clsx("2.1.1", remotes=("cart", "shop"))),
            remote("cart", **clsx("2.1.0", remotes=("shop",))),
            remote("shop", **clsx("2.0.0", remotes=("cart",))),
        ),
        Expected("cart", words=("cart and shop", "for ever"), remedy=("loaded-first",)),
        (Shown(((Open("host", "cart"), "hangs"),)),),
        healed=federation(
            host(**clsx("2.1.1", remotes=("cart", "shop"))),
            remote("cart", **clsx("2.1.0", remotes=("shop",), fields=_LOADED_FIRST)),
            remote("shop", **clsx("2.0.0", remotes=("cart",))),
        ),
    ),
    Broken(
        "stateful-loaded-twice",
        federation(
            host(
                installs={"react": "19.1.0", "use-sync-external-store": "1.6.0"},
                ranges={"react": "~19.1.0"},
                wants=("react", "use-sync-external-store"),
                remotes=("cart",),
            ),
            remote("cart", installs={"react": "19.2.0"}, wants=("react",)),
            policy="presets = []\n\n[packages.react]\n",
        ),
        Expected(
            "cart",
            "cart/package.json",
            '"react"',
            ("2 copies of react", "state"),
            ("In host/package.json:6 change `~19.1.0` to `~19.2.0`",),
            "react",
        ),
        (
            Shown(
                (
                    (Want("host", "react"), "host 19.1.0"),
                    (Open("host", "cart"), "done"),
                    (Want("cart", "react"), "cart 19.2.0"),
                )
            ),
        ),
        also=("stateful-not-singleton",),
        healed=federation(
            host(
                installs={"react": "19.2.0", "use-sync-external-store": "1.6.0"},
                ranges={"react": "~19.2.0"},
                wants=("react", "use-sync-external-store"),
                remotes=("cart",),
            ),
            remote("cart", installs={"react": "19.2.0"}, wants=("react",)),
            policy="presets = []\n\n[packages.react]\n",
        ),
    ),
    Broken(
        "loaded-twice",
        federation(
            host(**clsx("2.0.0", "~2.0.0", remotes=("cart",))),
            remote("cart", **clsx("2.1.1")),
        ),
        Expected("cart", "cart/package.json", '"clsx"', ("2 copies of clsx",), (), "clsx"),
        (
            Shown(
                (
                    (Want("host", "clsx"), "host 2.0.0"),
                    (Open("host", "cart"), "done"),
                    (Want("cart", "clsx"), "cart 2.1.1"),
                )
            ),
        ),
        healed=federation(
            host(**clsx("2.1.1", "~2.1.1", remotes=("cart",))),
            remote("cart", **clsx("2.1.1")),
        ),
    ),
    Broken(
        "order-dependent-version",
        federation(
            host(**clsx("2.0.0", remotes=("cart",), fields=_LOADED_FIRST)),
            remote("cart", **clsx("2.1.1", "^2.0.0", fields=_LOADED_FIRST)),
        ),
        Expected("cart", "cart/package.json", '"clsx"', ("order",), ("one version",), "clsx"),
        (
            Shown(
                (
                    (Want("host", "clsx"), "host 2.0.0"),
                    (Open("host", "cart"), "done"),
                    (Want("cart", "clsx"), "host 2.0.0"),
                )
            ),
            Shown(
                (
                    (Open("host", "cart"), "done"),
                    (Want("cart", "clsx"), "cart 2.1.1"),
                    (Want("host", "clsx"), "cart 2.1.1"),
                )
            ),
        ),
        also=("remote-takes-over",),
    ),
    Broken(
        "name-decides-provider",
        federation(
            host(**clsx("2.1.1", remotes=("omega",))),
            remote("omega", **clsx("2.1.1")),
        ),
        Expected("host", "host/package.json", '"clsx"', ("omega", "name"), (), "clsx"),
        (
            Shown(((Want("host", "clsx"), "omega 2.1.1"),)),
            Shown(((Want("host", "clsx"), "host 2.1.1"),), offline=("omega",)),
        ),
        healed=federation(
            host(**clsx("2.1.1", remotes=("omega",))),
            remote("omega", **clsx("2.1.1", shared=_NO_COPY)),
        ),
    ),
    Broken(
        "remote-takes-over",
        federation(
            host(**clsx("2.0.0", remotes=("cart",))),
            remote("cart", **clsx("2.1.1")),
        ),
        Expected("host", "host/package.json", '"clsx"', ("2.1.1 from cart",), ("2.1.1",), "clsx"),
        (Shown(((Want("host", "clsx"), "cart 2.1.1"),)),),
        healed=federation(
            host(**clsx("2.1.1", remotes=("cart",))),
            remote("cart", **clsx("2.1.1")),
        ),
    ),
    Broken(
        "unchecked-orders",
        federation(
            host(
                **clsx(
                    "2.0.0",
                    remotes=tuple(name for name, _ in _MANY),
                    fields=_LOADED_FIRST,
                )
            ),
            *(
                remote(
                    name,
                    **clsx(
                        "2.1.1",
                        "^2.0.0",
                        shared={"clsx": {"version": version}},
                        fields=_LOADED_FIRST,
                    ),
                )
                for name, version in _MANY
            ),
        ),
        Expected("host", words=("clsx", "too many load orders"), package="clsx"),
        also=("remote-takes-over", "order-dependent-version"),
    ),
)

"""Built containers put together: what the `federation` command says of them."""

from __future__ import annotations

from collections.abc import Mapping

from gallery.broken import Deployed, Expected, Shown
from gallery.description import clsx, federation, host, remote
from gallery.elsewhere import Elsewhere
from gallery.page import Open, Want

_OPTIONAL = {"clsx": {"import": False}}
_CLSX: Mapping[str, Mapping[str, object]] = {"clsx": {}}


_SHOP = federation(
    host(**clsx("2.1.1", remotes=("cart",))),
    remote("cart", **clsx("2.1.1")),
    remote("pay", **clsx("2.1.1")),
)

_WITHOUT_CART = federation(host(**clsx("2.1.1")))

CASES = (
    Deployed(
        "eager-consumption",
        federation(host(installs={"clsx": "2.1.1"}, needs=("clsx",))),
        Expected("host", words=("clsx",), package="clsx"),
        (Shown((), logged=("RUNTIME-006",)),),
        elsewhere={"host": Elsewhere(_CLSX)},
    ),
    Deployed(
        "missing-range",
        federation(
            host(**clsx("2.1.1", remotes=("cart",))),
            remote("cart", **clsx("2.1.1")),
        ),
        Expected("cart", words=("clsx", "TypeError"), package="clsx"),
        (
            Shown(
                (
                    (Want("host", "clsx"), "host 2.1.1"),
                    (Open("host", "cart"), "done"),
                    (Want("cart", "clsx"), "TypeError"),
                )
            ),
        ),
        elsewhere={"cart": Elsewhere(_OPTIONAL, ranges={}, names_no_range=True)},
    ),
    Deployed(
        "unreadable-range",
        federation(
            host(**clsx("2.1.1", remotes=("cart",))),
            remote("cart", **clsx("2.1.1")),
        ),
        Expected("cart", words=("clsx", "`catalog:`"), package="clsx"),
        (
            Shown(
                (
                    (Want("host", "clsx"), "host 2.1.1"),
                    (Open("host", "cart"), "done"),
                    (Want("cart", "clsx"), "cart 2.1.1"),
                )
            ),
        ),
        elsewhere={"cart": Elsewhere(_CLSX, ranges={"clsx": "catalog:"})},
    ),
    Deployed(
        "remote-not-given",
        _SHOP,
        Expected("host", words=("cart", "not given"), remedy=("contract of cart",)),
        (Shown(((Open("host", "cart"), "done"),)),),
        given=(),
    ),
    Deployed(
        "remote-not-loaded",
        _SHOP,
        Expected("pay", words=("No container names pay",), remedy=("Leave pay out",)),
        given=("cart", "pay"),
    ),
    Deployed(
        "remote-not-deployed",
        _SHOP,
        Expected("host", words=("cart, which is not deployed yet",), remedy=("Deploy cart",)),
        (Shown(((Open("host", "cart"), "offline"),), offline=("cart",)),),
        given=(),
        candidates=("host", "cart"),
        live=_WITHOUT_CART,
    ),
    Deployed(
        "manifest-only",
        _SHOP,
        Expected("cart", words=("manifest",), remedy=("contract",)),
        given=("cart",),
        manifests=("cart",),
    ),
)

"""Real federations, built and loaded: the page must do what the model of the runtime predicts.

Each load order is played on a fresh page and in the model: by containers as the plan sees them
before they are built, and by containers as their contracts describe them. Compared are, for every
step, whose copy of which version was given, what was logged and what failed; and at the end every
share scope of every container: the versions in their order, who stands behind each, and whether it
is loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from gallery.description import clsx, federation, host, remote
from gallery.page import Open, Step, Want, observe
from gallery.prediction import predict
from gallery.site import Site, site_of

SINGLETON = "[packages.clsx]\nsingleton = true\n"
STRICT = SINGLETON + "strict_version = true\n"
LOADED_FIRST = {"share_strategy": "loaded-first"}


FEDERATIONS = {
    "a newer singleton in a remote": federation(
        host(**clsx("2.0.0", "~2.0.0", remotes=("cart",))),
        remote("cart", **clsx("2.1.1")),
        policy=SINGLETON,
    ),
    "the same, loaded first": federation(
        host(**clsx("2.0.0", "~2.0.0", remotes=("cart",), fields=LOADED_FIRST)),
        remote("cart", **clsx("2.1.1", "^2.1.0", fields=LOADED_FIRST)),
        policy=SINGLETON,
    ),
    "strict singletons": federation(
        host(**clsx("2.0.0", remotes=("cart", "shop"))),
        remote("cart", **clsx("2.1.1", "^2.1.0")),
        remote("shop", **clsx("1.2.1")),
        policy=STRICT,
    ),
    "no singletons, different ranges": federation(
        host(**clsx("2.0.0", "~2.0.0", remotes=("cart", "pay", "shop"))),
        remote("cart", **clsx("2.1.0", "~2.1.0")),
        remote("pay", **clsx("2.1.1", "^2.0.0")),
        remote("shop", **clsx("1.2.1")),
    ),
    "no copy of one's own": federation(
        host(**clsx("2.0.0", remotes=("cart", "shop"), fields=LOADED_FIRST)),
        remote("cart", **clsx("2.1.1", shared={"clsx": {"import": False}})),
        remote("shop", **clsx("2.1.1", "^2.1.0", shared={"clsx": {"import": False}})),
    ),
    "an eager host": federation(
        host(**clsx("2.1.1", remotes=("shop",), shared={"clsx": {"eager": True}})),
        remote("shop", **clsx("2.1.1")),
    ),
    "remotes of remotes": federation(
        host(**clsx("2.0.0", remotes=("cart",))),
        remote("cart", **clsx("2.1.0", "~2.1.0", remotes=("shop",))),
        remote("shop", **clsx("2.1.1")),
    ),
    "remotes of a loaded-first remote": federation(
        host(**clsx("2.0.0", remotes=("cart", "shop"))),
        remote("cart", **clsx("2.1.0", "~2.1.0", remotes=("shop",), fields=LOADED_FIRST)),
        remote("shop", **clsx("2.1.1")),
    ),
    "equal versions, where names decide": federation(
        host("middle", **clsx("2.1.1", remotes=("alpha", "omega"))),
        remote("alpha", **clsx("2.1.1")),
        remote("omega", **clsx("2.1.1")),
    ),
    "two packages in two share scopes": federation(
        host(
            installs={"clsx": "2.0.0", "is-number": "6.0.0"},
            wants=("clsx", "is-number"),
            remotes=("cart",),
        ),
        remote(
            "cart",
            installs={"clsx": "2.1.1", "is-number": "7.0.0"},
            ranges={"is-number": ">=6.0.0"},
            wants=("clsx", "is-number"),
        ),
        policy='[packages.clsx]\n[packages.is-number]\nscope = "numbers"\nsingleton = true\n',
    ),
    "imports that do not wait": federation(
        host(
            installs={"clsx": "2.0.0", "is-number": "7.0.0"},
            ranges={"clsx": ">=2.0.0"},
            needs=("clsx", "is-number"),
            remotes=("cart", "shop"),
        ),
        remote("cart", installs={"clsx": "2.1.1"}, ranges={"clsx": "^2.1.0"}, needs=("clsx",)),
        remote("shop", installs={"is-number": "6.0.0"}, needs=("is-number",)),
        policy=SINGLETON,
    ),
    "remotes that wait for each other": federation(
        host(**clsx("2.0.0", remotes=("cart", "shop"))),
        remote("cart", **clsx("2.1.0", remotes=("shop",))),
        remote("shop", **clsx("2.1.1", remotes=("cart",))),
    ),
}


@dataclass(frozen=True)
class Order:
    """A load order on one of the federations."""

    federation: str
    steps: Sequence[Step]
    arrival: Sequence[str] = ()
    offline: Sequence[str] = ()


def _order(name: str, *steps: Step, **options: Sequence[str]) -> object:
    told = ", ".join(
        f"{each.container}>{each.remote}" if isinstance(each, Open) else each.container
        for each in steps
    )
    added = "".join(f"; {key} {' '.join(value)}" for key, value in options.items())
    return pytest.param(Order(name, steps, **options), id=f"{name}: {told}{added}")


def _want(container: str, request: str = "clsx") -> Want:
    return Want(container, request)


ORDERS = [
    _order("a newer singleton in a remote", _want("host"), Open("host", "cart"), _want("cart")),
    _order("a newer singleton in a remote", Open("host", "cart"), _want("cart"), _want("host")),
    _order("a newer singleton in a remote", _want("host"), Open("host", "cart"), offline=("cart",)),
    _order("the same, loaded first", _want("host"), Open("host", "cart"), _want("cart")),
    _order("the same, loaded first", Open("host", "cart"), _want("cart"), _want("host")),
    _order(
        "strict singletons",
        _want("host"),
        Open("host", "cart"),
        Open("host", "shop"),
        _want("cart"),
        _want("shop"),
    ),
    _order(
        "strict singletons",
        Open("host", "shop"),
        _want("shop"),
        _want("host"),
        offline=("cart",),
    ),
    *(
        _order(
            "no singletons, different ranges",
            _want("host"),
            Open("host", "shop"),
            Open("host", "cart"),
            Open("host", "pay"),
            *steps,
            arrival=arrival,
        )
        for arrival in (("cart", "pay", "shop"), ("shop", "pay", "cart"))
        for steps in (
            (_want("shop"), _want("cart"), _want("pay")),
            (_want("pay"), _want("cart"), _want("shop")),
        )
    ),
    _order(
        "no copy of one's own",
        _want("host"),
        Open("host", "cart"),
        _want("cart"),
        Open("host", "shop"),
        _want("shop"),
    ),
    _order("no copy of one's own", Open("host", "cart"), _want("cart"), _want("host")),
    _order("an eager host", _want("host"), Open("host", "shop"), _want("shop")),
    _order("an eager host", Open("host", "shop"), _want("shop"), _want("host")),
    _order("remotes of remotes", _want("host"), Open("host", "cart"), _want("cart")),
    _order(
        "remotes of remotes",
        Open("host", "cart"),
        _want("cart"),
        Open("cart", "shop"),
        _want("shop"),
        _want("host"),
    ),
    _order(
        "remotes of a loaded-first remote",
        Open("host", "cart"),
        _want("cart"),
        Open("cart", "shop"),
        _want("shop"),
        _want("host"),
        arrival=("shop", "cart"),
    ),
    _order("remotes of a loaded-first remote", _want("host"), arrival=("cart", "shop")),
    _order(
        "equal versions, where names decide",
        _want("middle"),
        Open("middle", "alpha"),
        _want("alpha"),
    ),
    _order(
        "equal versions, where names decide",
        Open("middle", "alpha"),
        _want("alpha"),
        Open("middle", "omega"),
        offline=("omega",),
    ),
    _order(
        "two packages in two share scopes",
        _want("host"),
        _want("host", "is-number"),
        Open("host", "cart"),
        _want("cart", "is-number"),
        _want("cart"),
    ),
    _order(
        "two packages in two share scopes",
        Open("host", "cart"),
        _want("cart", "is-number"),
        _want("cart"),
        _want("host", "is-number"),
        _want("host"),
    ),
    _order("imports that do not wait", Open("host", "cart"), Open("host", "shop")),
    _order(
        "imports that do not wait",
        Open("host", "shop"),
        Open("host", "cart"),
        arrival=("shop", "cart"),
    ),
    _order("imports that do not wait", Open("host", "shop"), offline=("cart",)),
    _order("remotes that wait for each other", _want("host"), Open("host", "cart")),
]


@pytest.fixture(scope="module")
def sites() -> dict[str, Site]:
    """Federations that are built already."""
    return {}


@pytest.mark.parametrize("order", ORDERS)
def test_the_page_does_what_is_predicted(
    browser: Browser, sites: dict[str, Site], order: Order
) -> None:
    if order.federation not in sites:
        sites[order.federation] = site_of(FEDERATIONS[order.federation])
    site = sites[order.federation]
    options = {"arrival": order.arrival, "offline": order.offline}

    planned = predict(site, site.members, order.steps, **options)
    read = predict(site, site.read_members, order.steps, **options)
    found = observe(browser, site, order.steps, **options)

    for expected in (planned, read):
        assert found.outcomes == expected.outcomes
        assert found.needs == expected.needs
        assert found.scopes == expected.scopes

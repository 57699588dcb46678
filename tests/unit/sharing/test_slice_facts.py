"""What a slice knows of each key besides what the bundle is told."""

from __future__ import annotations

from typing import Any, Optional

import pytest

from module_federation.sharing.eager_code import with_initial_keys
from module_federation.sharing.plan.members import KeyFacts, RangeOrigin
from module_federation.sharing.share_slice import (
    CopyRequest,
    PrivatePackage,
    SharedCopy,
    SharedModule,
    ShareSlice,
)
from module_federation.sharing.usage import Usage, UsedRequest
from unit.sharing.installs import (
    REACT_SHOP,
    REACT_SHOP_LINKS,
    index,
    package,
    react_shop,
    workspace,
)
from unit.sharing.slices import USAGE, sliced, used

LINES = {
    ("apps/cart", "dependencies", "react"): 7,
    ("libs/ui", "peerDependencies", "react"): 12,
}


def module(result: ShareSlice, key: str) -> SharedModule:
    """The shared module of a key that is there."""
    found = result.module(key)
    assert found is not None
    return found


def facts(result: ShareSlice, key: str) -> KeyFacts:
    return module(result, key).facts


def test_a_range_comes_from_every_package_that_declares_one() -> None:
    assert facts(sliced(lines=LINES), "react/jsx-runtime").origins == (
        RangeOrigin("^19.1.0", "apps/cart", "web/apps/cart/package.json", 7, "dependencies"),
        RangeOrigin(">=18", "libs/ui", "web/libs/ui/package.json", 12, "peerDependencies"),
    )


def test_a_range_of_installed_packages_has_no_file() -> None:
    assert facts(sliced(), "react-dom").origins == (
        RangeOrigin(">=18", "react-router@7.5.0", kind="peerDependencies"),
    )


@pytest.mark.parametrize(
    ("policy", "shared", "expected"),
    [
        pytest.param(
            '[packages.react]\nrequired_version = "^19"',
            None,
            RangeOrigin("^19", "sharing.toml", "sharing.toml", 1, "required_version"),
            id="the policy file",
        ),
        pytest.param(
            "[packages.react]\nrequired_version = false",
            None,
            RangeOrigin("*", "sharing.toml", "sharing.toml", 1, "required_version"),
            id="a policy that asks for nothing",
        ),
        pytest.param(
            '[packages.react]\nrequired_version = "^18"',
            {"react": {"required_version": "^19.0.0"}},
            RangeOrigin(
                "^19.0.0", "the `shared` field of apps/cart:remote", kind="required_version"
            ),
            id="the target",
        ),
    ],
)
def test_a_range_that_somebody_has_set(
    policy: str, shared: Optional[dict[str, Any]], expected: RangeOrigin
) -> None:
    result = sliced(policy=policy, shared=shared)
    assert facts(result, "react").origins == (expected,)


def test_what_nobody_declares_comes_from_the_import() -> None:
    result = sliced(used("date-fns"), policy="[packages.date-fns]")
    assert facts(result, "date-fns").origins == (
        RangeOrigin("^4.1.0", "apps/cart", "web/apps/cart/src/a.tsx", 3, "undeclared"),
    )


def test_importers_are_the_shortest_ways_from_an_entry() -> None:
    requests = [used("react", file=f"src/{name}.tsx") for name in "abcde"]
    reached = {
        "web/apps/cart/src/a.tsx": ("web/e.tsx", "web/x.tsx", "web/apps/cart/src/a.tsx"),
        "web/apps/cart/src/c.tsx": ("web/e.tsx", "web/apps/cart/src/c.tsx"),
        "web/apps/cart/src/d.tsx": ("web/e.tsx", "web/apps/cart/src/d.tsx"),
    }
    assert facts(sliced(*requests, reached=reached), "react").importers == (
        "web/apps/cart/src/b.tsx:3",
        "web/apps/cart/src/e.tsx:3",
        "web/e.tsx → web/apps/cart/src/c.tsx:3",
    )


def test_importers_lead_through_installed_packages() -> None:
    result = sliced(reached={"web/apps/cart/src/a.tsx": ("web/e.tsx", "web/apps/cart/src/a.tsx")})
    assert facts(result, "react-dom").importers == (
        "web/e.tsx → web/apps/cart/src/a.tsx:3 → react-router@7.5.0",
    )


@pytest.mark.parametrize(
    ("requests", "policy", "key", "because"),
    [
        pytest.param(
            USAGE, "", "react", "react-dom@19.2.0 names it as a peer dependency", id="a peer"
        ),
        pytest.param(
            USAGE,
            "[packages.react]\nsingleton = false",
            "react",
            "react-dom@19.2.0 names it as a peer dependency",
            id="a peer, whatever the policy says",
        ),
        pytest.param(
            [used("react")], "", "react", "preset react:5 makes it a singleton", id="a preset"
        ),
        pytest.param(
            USAGE, "[packages.date-fns]", "date-fns", None, id="nothing says so"
        ),
        pytest.param(
            [used("react", "libs/ui")],
            'presets = []\n[packages.react]',
            "react",
            None,
            id="only a workspace package names it",
        ),
    ],
)  # fmt: skip
def test_why_a_package_is_stateful(
    requests: list[UsedRequest], policy: str, key: str, because: Optional[str]
) -> None:
    assert facts(sliced(*requests, policy=policy), key).stateful_because == because


@pytest.mark.parametrize(
    ("key", "build", "version_origin"),
    [
        ("react", "web/node_modules/react", "react@19.2.0 in web/node_modules/react"),
        ("@shop/ui", "web", "@shop/ui@2.1.0 in web/libs/ui"),
    ],
)
def test_what_tells_copies_apart(key: str, build: str, version_origin: str) -> None:
    known = facts(sliced(policy='[packages."@shop/ui"]'), key)
    assert (known.build, known.version_origin) == (build, version_origin)


def test_a_version_that_somebody_has_set() -> None:
    result = sliced(shared={"react": {"version": "19.3.0"}})
    assert facts(result, "react").version_origin == (
        "19.3.0, named in the `shared` field of apps/cart:remote"
    )


def test_a_container_without_a_copy_provides_none() -> None:
    known = facts(sliced(shared={"react": {"import": False}}), "react")
    assert (known.build, known.version_origin) == (None, None)


def test_two_copies_are_told_one_by_one() -> None:
    installed = index(
        *REACT_SHOP,
        package("node_modules/react-router/node_modules/react", "18.3.1"),
        links=REACT_SHOP_LINKS,
    )
    result = sliced(installed=installed, lines=LINES)
    cart = RangeOrigin("^19.1.0", "apps/cart", "web/apps/cart/package.json", 7)
    dom = RangeOrigin("^19.2.0", "react-dom@19.2.0", kind="peerDependencies")
    router = RangeOrigin(">=18", "react-router@7.5.0", kind="peerDependencies")
    react = module(result, "react")
    assert react.copies == (
        SharedCopy(
            "19.2.0",
            "node_modules/react",
            (CopyRequest("^19.1.0", cart), CopyRequest("^19.2.0", dom)),
        ),
        SharedCopy(
            "18.3.1",
            "node_modules/react-router/node_modules/react",
            (CopyRequest(">=18", router),),
        ),
    )
    assert react.facts.origins == (dom, router, cart)
    assert react.facts.build is None
    runtime = module(result, "react/jsx-runtime").copies[0]
    assert {each.required_version for each in runtime.requests} == {"^19.1.0", "^19.2.0", ">=18"}


@pytest.mark.parametrize(
    ("manifest", "required"),
    [
        pytest.param({"dependencies": {"a": "^1"}}, "^1", id="its own"),
        pytest.param(
            {"optionalDependencies": {"a": "~1.0.0"}, "dependencies": {"a": "^1"}},
            "~1.0.0",
            id="the bundler's order of sections",
        ),
        pytest.param({}, "^1.0.0 || ^2.0.0", id="a folder above declares it"),
        pytest.param({"dependencies": {"a": "workspace:*"}}, "1.0.0", id="made legal"),
    ],
)
def test_ranges_that_the_bundler_looks_up(manifest: dict[str, Any], required: str) -> None:
    installed = index(
        workspace("", "root", dependencies={"a": "^1.0.0 || ^2.0.0"}),
        workspace("apps/cart", "cart", **manifest),
        workspace("libs/ui", "ui", dependencies={"a": "^2"}),
        package("node_modules/a", "1.0.0"),
        package("libs/ui/node_modules/a", "2.0.0"),
    )
    result = sliced(used("a"), used("a", "libs/ui"), policy="[packages.a]", installed=installed)
    ui, cart = module(result, "a").copies
    assert [each.required_version for each in cart.requests] == [required]
    assert [each.required_version for each in ui.requests] == ["^2"]


def test_a_range_with_nothing_in_common_is_looked_up_too() -> None:
    installed = index(
        workspace("apps/cart", "cart", dependencies={"a": "^1"}),
        workspace("libs/ui", "ui", dependencies={"a": "^2"}),
        package("node_modules/a", "1.5.0"),
    )
    result = sliced(used("a"), used("a", "libs/ui"), policy="[packages.a]", installed=installed)
    (copy,) = module(result, "a").copies
    assert [each.required_version for each in copy.requests] == ["^1", "^2"]
    assert module(result, "a").version == "1.5.0"


def test_what_is_asked_for_at_the_start() -> None:
    result = sliced(
        used("react"),
        used("react/jsx-runtime", deferred=True),
        used("react-router", deferred=True),
        used("date-fns"),
        used("date-fns", "libs/ui", deferred=True),
        policy="[packages.date-fns]",
    )
    assert {each.key: each.at_start for each in result.shared} == {
        "date-fns": True,
        "react": True,
        "react-dom": False,
        "react-dom/client": False,
        "react/jsx-runtime": False,
    }
    assert module(sliced(), "react-dom").at_start


def test_packages_that_are_not_shared() -> None:
    result = sliced(policy="[auto]\npeers = 'ignore'", shared={"react-router": False})
    assert result.private == (
        PrivatePackage("@shop/ui", ("2.1.0",), None, ("web/apps/cart/src/a.tsx:3",)),
        PrivatePackage("date-fns", ("4.1.0",), None, ("web/libs/ui/src/a.tsx:3",)),
        PrivatePackage("react-router", ("7.5.0",), None, ("web/apps/cart/src/a.tsx:3",)),
    )
    private = sliced(policy="presets = []\n[auto]\npeers = 'ignore'").private
    stateful = {each.name: each.stateful_because for each in private}
    assert stateful["react"] == "react-dom@19.2.0 names it as a peer dependency"


def test_styles_alone_make_no_private_package() -> None:
    result = sliced(used("@shop/ui/theme.css", workspace_dir="libs/ui"))
    assert result.private == ()


@pytest.mark.parametrize(
    ("eager", "asked", "initial"),
    [
        pytest.param("react-dom", (), {"react"}, id="what an eager package requires"),
        pytest.param("react", (), set(), id="a package that requires nothing"),
        pytest.param(
            "react",
            (used("react-router", "libs/ui"), used("react/jsx-runtime", "libs/ui")),
            {"react", "react/jsx-runtime"},
            id="what eager first-party code asks for, through a private package too",
        ),
    ],
)
def test_what_eager_code_asks_for_at_once(
    eager: str, asked: tuple[UsedRequest, ...], initial: set[str]
) -> None:
    computed = sliced(shared={eager: {"eager": True}})
    result = with_initial_keys(computed, Usage(asked), react_shop())
    assert {each.key for each in result.shared if each.is_initial} == initial

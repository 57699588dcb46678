"""What a container fails to share."""

from __future__ import annotations

from typing import Any, Optional

import pytest

from module_federation.sharing.findings import Severity
from module_federation.sharing.usage import Crossing
from unit.sharing.installs import index, package, workspace
from unit.sharing.slices import CART, USAGE, found, sliced, used

STORE = Crossing(
    "@shop/ui",
    "../../libs/ui/src/Button",
    "web/libs/ui/src/Button.tsx",
    "web/apps/cart/src/a.tsx",
    5,
    "libs/ui",
)


def codes(*args: Any, **more: Any) -> list[str]:
    return [each.code for each in sliced(*args, **more).findings]


def test_every_finding_says_what_it_is_about() -> None:
    result = sliced(
        used("date-fns"), used("nope"), policy="[packages.date-fns]", shared={"gone": True}
    )
    assert {each.code: each.package for each in result.findings} == {
        "undeclared-dependency": "date-fns",
        "not-installed": "nope",
        "unused-shared-entry": "gone",
    }
    for each in result.findings:
        assert (each.target, each.containers) == (CART.address, (CART.name,))


@pytest.mark.parametrize(
    ("policy", "shared", "how", "says"),
    [
        pytest.param(
            "[auto]\npeers = 'share'",
            {"react": {"singleton": False}},
            "shares it without making it a singleton",
            "the `shared` field of apps/cart:remote says so (`singleton`)",
            id="shared",
        ),
        pytest.param(
            "presets = []\n[packages.react]\nshare = false",
            None,
            "does not share it and bundles a copy of its own",
            "sharing.toml:2 says so (`share`)",
            id="private",
        ),
    ],
)
def test_a_stateful_package_that_is_no_singleton(
    policy: str, shared: Optional[dict[str, Any]], how: str, says: str
) -> None:
    result = sliced(policy=policy, shared=shared, others=frozenset(["react"]))
    finding = found(result, "stateful-not-singleton")
    assert finding.severity is Severity.WARNING
    assert "react-dom@19.2.0 names it as a peer dependency" in finding.message
    assert how in finding.message
    assert finding.message.endswith("shop__account uses it too.")
    assert (finding.file, finding.line) == ("web/apps/cart/src/a.tsx", 3)
    assert finding.containers == ("shop__cart", "shop__account")
    assert finding.package == "react"
    assert "imported: web/apps/cart/src/a.tsx:3" in finding.chain
    assert finding.chain[-1] == says
    assert "singleton = true" in finding.remedy


@pytest.mark.parametrize(
    ("policy", "others"),
    [
        pytest.param("", frozenset(["react"]), id="a singleton"),
        pytest.param("[auto]\npeers = 'share'\n[packages.react]\nsingleton = false",
                     frozenset(), id="nobody else uses it"),
        pytest.param("[packages.date-fns]", frozenset(["date-fns"]), id="not stateful"),
    ],
)  # fmt: skip
def test_what_may_be_there_twice(policy: str, others: frozenset[str]) -> None:
    assert "stateful-not-singleton" not in codes(policy=policy, others=others)


def test_a_family_of_which_a_part_is_left_out() -> None:
    finding = found(sliced(shared={"react-dom": False}), "family-left-out")
    assert finding.severity is Severity.ERROR
    assert finding.package == "react-dom"
    assert finding.message.startswith("react-dom belongs together with react (family `react`)")
    assert finding.chain == (
        "react: shared, named in preset react:5",
        "react-dom: not shared, as the `shared` field of apps/cart:remote says",
        "react-dom: used by react-router@7.5.0",
    )


def test_a_member_that_the_automatic_rules_leave_out() -> None:
    installed = index(
        workspace("apps/cart", "cart", dependencies={"@mui/x": "*", "@mui/y": "*"}),
        package("node_modules/@mui/x", peerDependencies={}),
        package("node_modules/@mui/y", dependencies={"@mui/z": "*"}),
        package("node_modules/@mui/z"),
    )
    policy = '[packages."@mui/*"]\nshare = "auto"\nfamily = "mui"'
    requests = (used("@mui/x"), used("@mui/y"))
    finding = found(
        sliced(*requests, policy=policy, installed=installed, others=frozenset(["@mui/x"])),
        "family-left-out",
    )
    # `@mui/z` is used by `@mui/y` alone, and is nobody's business.
    assert finding.package == "@mui/y"
    assert (finding.file, finding.line) == ("web/apps/cart/src/a.tsx", 3)
    assert "@mui/y: not shared, by the automatic rules" in finding.chain


@pytest.mark.parametrize(
    ("requests", "shared"),
    [
        pytest.param((used("date-fns"),), {"react": False, "react-dom": False}, id="none shared"),
        pytest.param((used("react"),), {"react-dom": False}, id="not used"),
        pytest.param((), {}, id="all shared"),
    ],
)
def test_a_family_that_is_whole(requests: Any, shared: dict[str, Any]) -> None:
    assert "family-left-out" not in codes(*requests, shared=shared)


@pytest.mark.parametrize(
    ("requests", "policy", "others", "is_named"),
    [
        pytest.param(USAGE, '[packages."@shop/ui"]', frozenset(), True, id="named elsewhere"),
        pytest.param(
            (used("react"),), '[packages."@shop/ui"]', frozenset(), False, id="only by the path"
        ),
        pytest.param(
            (used("react"),),
            "[auto]\nfirst_party = 'federated'",
            frozenset(["@shop/ui"]),
            False,
            id="shared by the others",
        ),
    ],
)
def test_a_shared_package_that_is_reached_by_a_path(
    requests: Any, policy: str, others: frozenset[str], is_named: bool
) -> None:
    finding = found(
        sliced(
            *requests,
            policy=policy,
            others=others,
            crossings=(STORE,),
            reached={STORE.importer_file: ("web/apps/cart/src/e.tsx", STORE.importer_file)},
        ),
        "bypassed-share",
    )
    assert finding.severity is Severity.ERROR
    assert (finding.file, finding.line) == ("web/apps/cart/src/a.tsx", 5)
    assert finding.package == "@shop/ui"
    assert ("a second time" in finding.message) is is_named
    assert finding.chain == ("reached through web/apps/cart/src/e.tsx → web/apps/cart/src/a.tsx",)
    assert "`@shop/ui`" in finding.remedy
    assert "web/libs/ui/package.json" in finding.remedy


@pytest.mark.parametrize(
    ("policy", "file"),
    [
        pytest.param("", "web/libs/ui/src/Button.tsx", id="a package that is not shared"),
        pytest.param('[packages."@shop/ui"]', "web/libs/ui/src/theme.css", id="a style"),
        pytest.param(
            '[packages."@shop/ui"]\nshare = false', "web/libs/ui/src/a.ts", id="never shared"
        ),
    ],
)
def test_paths_that_are_harmless(policy: str, file: str) -> None:
    crossing = Crossing("@shop/ui", "x", file, "web/apps/cart/src/a.tsx", 5, "libs/ui")
    assert "bypassed-share" not in codes(policy=policy, crossings=(crossing,))

"""What a container shares, over the shapes of react, react-dom and react-router."""

from __future__ import annotations

import random
from typing import Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from module_federation.sharing.findings import Severity
from module_federation.sharing.share_slice import ShareSlice, SliceFormatError
from unit.sharing.installs import REACT_SHOP, REACT_SHOP_LINKS, index, package, workspace
from unit.sharing.slices import USAGE, found, sliced, used


def test_react_is_one_family_of_singletons() -> None:
    result = sliced()
    config = result.to_shared_config()
    react = {
        "eager": False,
        "requiredVersion": "^19.1.0",
        "shareScope": "default",
        "singleton": True,
        "strictVersion": False,
        "version": "19.2.0",
    }
    assert config == {
        "react": react,
        "react/jsx-runtime": react,
        # Nobody but react-router may ask for these; what it asks for is what counts.
        "react-dom": {**react, "requiredVersion": ">=18"},
        "react-dom/client": {**react, "requiredVersion": ">=18"},
    }
    assert result.findings == ()
    assert list(config) == sorted(config)


def test_keys_tell_who_asks_for_them() -> None:
    result = sliced()
    runtime, dom = result.module("react/jsx-runtime"), result.module("react-dom")
    assert runtime is not None
    assert dom is not None
    assert runtime.is_requested
    assert runtime.used_by == (
        "apps/cart", "libs/ui", "react-dom@19.2.0", "react-router@7.5.0",
    )  # fmt: skip
    assert not dom.is_requested
    assert dom.used_by == ("react-router@7.5.0",)
    assert dom.reason == "named in preset react:10"
    assert dom.package_path == "node_modules/react-dom"


def test_entry_points_that_a_package_does_not_export_are_no_keys() -> None:
    assert "react/jsx-dev-runtime" not in sliced().to_shared_config()


def test_a_package_that_two_containers_import_is_shared() -> None:
    result = sliced(others=frozenset(["date-fns", "@shop/ui"]))
    module = result.module("date-fns")
    assert module is not None
    assert (module.singleton, module.version, module.required_version) == (False, "4.1.0", "*")
    assert module.reason == "also imported by shop__account"
    assert result.module("@shop/ui") is None
    adjusted = found(result, "range-adjusted")
    assert (adjusted.file, adjusted.severity) == ("web/libs/ui/package.json", Severity.INFO)


@pytest.mark.parametrize(
    ("rules", "key", "is_shared"),
    [
        pytest.param('third_party = "always"', "date-fns", True, id="third-party always"),
        pytest.param('third_party = "never"', "date-fns", False, id="third-party never"),
        pytest.param('first_party = "always"', "@shop/ui", True, id="first-party always"),
        pytest.param('first_party = "federated"', "@shop/ui", True, id="first-party federated"),
        pytest.param('first_party = "never"', "@shop/ui", False, id="first-party never"),
    ],
)
def test_auto_rules(rules: str, key: str, is_shared: bool) -> None:
    result = sliced(policy=f"[auto]\n{rules}", others=frozenset(["@shop/ui", "date-fns"]))
    assert (result.module(key) is not None) is is_shared


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("singleton", True), ("share", False), ("ignore", None)],
)
def test_a_package_that_others_name_as_a_peer(rule: str, expected: Optional[bool]) -> None:
    result = sliced(policy=f'presets = []\n[auto]\npeers = "{rule}"')
    module = result.module("react")
    assert (module.singleton if module else None) is expected


def test_a_first_party_package_and_no_style_of_it() -> None:
    result = sliced(policy='[packages."@shop/ui"]\nsingleton = true')
    assert [key for key in result.to_shared_config() if key.startswith("@")] == ["@shop/ui"]
    module = result.module("@shop/ui")
    assert module is not None
    assert (module.version, module.required_version) == ("2.1.0", "^2.1.0")


def test_a_first_party_package_without_a_version() -> None:
    installed = index(
        workspace("apps/cart", "cart", dependencies={"lib": "*"}),
        workspace("libs/lib", "lib", None),
        links={"node_modules/lib": "libs/lib"},
    )
    result = sliced(
        used("lib", workspace_dir="libs/lib"), policy="[packages.lib]", installed=installed
    )
    assert result.to_shared_config()["lib"]["version"] == "0.0.0"
    assert result.to_shared_config()["lib"]["requiredVersion"] == "*"


def test_a_package_that_imports_itself_needs_no_declaration() -> None:
    result = sliced(
        used("@shop/ui", workspace_dir="libs/ui"),
        used("@shop/ui", "libs/ui", "libs/ui"),
        policy='[packages."@shop/ui"]',
    )
    assert result.findings == ()


def test_two_copies_have_no_explicit_version() -> None:
    installed = index(
        *REACT_SHOP,
        package("node_modules/react-router/node_modules/react", "18.3.1"),
        links=REACT_SHOP_LINKS,
    )
    result = sliced(installed=installed)
    config = result.to_shared_config()["react"]
    assert "version" not in config
    assert "requiredVersion" not in config
    finding = found(result, "two-copies")
    assert finding.severity is Severity.ERROR
    assert (finding.file, finding.line) == ("web/apps/cart/src/a.tsx", 3)
    assert finding.chain == (
        "node_modules/react: react@19.2.0, imported in web/apps/cart/src/a.tsx:3",
        (
            "node_modules/react-router/node_modules/react: "
            "react-router@7.5.0 → react@18.3.1 (peerDependencies: >=18)"
        ),
    )
    assert "react@18.3.1 in node_modules/react-router/node_modules/react" in finding.message


def test_an_import_that_is_not_declared() -> None:
    result = sliced(used("date-fns"), policy="[packages.date-fns]")
    finding = found(result, "undeclared-dependency")
    assert (finding.file, finding.line) == ("web/apps/cart/src/a.tsx", 3)
    assert finding.remedy == (
        'Add `"date-fns": "^4.1.0"` to `dependencies` in web/apps/cart/package.json.'
    )
    assert result.to_shared_config()["date-fns"]["requiredVersion"] == "^4.1.0"


def test_the_root_package_may_declare_for_all() -> None:
    installed = index(
        workspace("", "root", dependencies={"a": "^1.1.0"}),
        workspace("apps/cart", "cart"),
        package("node_modules/a", "1.2.0"),
    )
    result = sliced(used("a"), policy="[packages.a]", installed=installed)
    assert result.findings == ()
    assert result.to_shared_config()["a"]["requiredVersion"] == "^1.1.0"


@pytest.mark.parametrize(
    ("ranges", "required", "code"),
    [
        pytest.param(("^1.0.0", "^1.2.0"), "^1.2.0", None, id="the narrower one"),
        pytest.param(("^1", "^2"), None, "empty-intersection", id="nothing in common"),
        pytest.param(("^2", "^2.1.0"), "^2.1.0", "installed-outside-range", id="an override"),
        pytest.param(("latest", "*"), "^1.5.0", "range-adjusted", id="a tag"),
        pytest.param(("workspace:*", "catalog:"), "1.5.0", None, id="protocols"),
    ],
)
def test_the_range_is_the_intersection(
    ranges: tuple[str, str], required: Optional[str], code: Optional[str]
) -> None:
    installed = index(
        workspace("apps/cart", "cart", dependencies={"a": ranges[0]}),
        workspace("libs/ui", "ui", devDependencies={"a": "^9"}, peerDependencies={"a": ranges[1]}),
        package("node_modules/a", "1.5.0"),
    )
    result = sliced(used("a"), used("a", "libs/ui"), policy="[packages.a]", installed=installed)
    assert result.to_shared_config()["a"].get("requiredVersion") == required
    assert result.to_shared_config()["a"]["version"] == "1.5.0"
    assert [each.code for each in result.findings] == ([code] if code else [])


def test_a_range_of_the_policy_settles_what_packages_disagree_about() -> None:
    installed = index(
        workspace("apps/cart", "cart", dependencies={"a": "^1"}),
        workspace("libs/ui", "ui", peerDependencies={"a": "^2"}),
        package("node_modules/a", "3.0.0"),
    )
    policy = '[packages.a]\nrequired_version = "*"'
    result = sliced(used("a"), used("a", "libs/ui"), policy=policy, installed=installed)
    assert result.to_shared_config()["a"]["requiredVersion"] == "*"
    assert result.findings == ()


def test_what_is_not_installed() -> None:
    finding = found(sliced(used("nope/deep"), used("nope")), "not-installed")
    assert finding.severity is Severity.ERROR
    assert (finding.file, finding.line) == ("web/apps/cart/src/a.tsx", 3)
    assert "web/apps/cart/package.json" in finding.remedy


def test_an_entry_of_the_target_that_nothing_uses() -> None:
    result = sliced(shared={"lodash": True, "react": {"eager": True}, "@none/*": False})
    unused = [each.message for each in result.findings if each.code == "unused-shared-entry"]
    assert ["`lodash`" in each for each in unused] == [False, True]
    assert result.to_shared_config()["react"]["eager"] is True


def test_a_family_that_is_torn_apart() -> None:
    finding = found(sliced(shared={"react": {"scope": "mine"}}), "incoherent-family")
    assert finding.severity is Severity.ERROR
    assert len(finding.chain) == 2


def test_options_reach_the_configuration() -> None:
    result = sliced(
        shared={
            "react": {"import": False, "required_version": ">=0", "strict_version": True},
            "react-router": {"required_version": False, "version": "7.5.1", "scope": "r"},
        }
    )
    config = result.to_shared_config()
    assert config["react"]["import"] is False
    assert "version" not in config["react"]
    assert (config["react"]["requiredVersion"], config["react"]["strictVersion"]) == ("*", True)
    router = config["react-router"]
    assert (router["requiredVersion"], router["version"], router["shareScope"]) == (
        False, "7.5.1", "r",
    )  # fmt: skip


@pytest.mark.parametrize("is_twice", [False, True], ids=["one copy", "two copies"])
def test_json_holds_the_whole_slice(is_twice: bool) -> None:
    second = package("node_modules/react-router/node_modules/react", "18.3.1")
    installed = index(*REACT_SHOP, *([second] if is_twice else []), links=REACT_SHOP_LINKS)
    result = sliced(
        used("date-fns"), *USAGE, policy="[packages.date-fns]\n[auto]", installed=installed
    )
    assert result.findings
    assert result.private
    assert any(each.copies for each in result.shared) is is_twice
    assert ShareSlice.from_json(result.to_json()) == result
    assert result.to_json().endswith("}\n")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"version": 1}',
        '{"version": 9}',
        '{"version": 2, "container": "a", "kind": "host", "shared": 3}',
        '{"version": 2, "container": "a", "kind": "host", "shared": [3]}',
        '{"version": 2, "container": "a", "kind": "host", "shared": [{"facts": {}}]}',
    ],
)
def test_what_is_no_slice_is_refused(text: str) -> None:
    with pytest.raises(SliceFormatError, match="Make it again"):
        ShareSlice.from_json(text)


@given(st.randoms(use_true_random=False))
def test_the_order_of_the_usage_does_not_matter(rng: random.Random) -> None:
    requests = [*USAGE, used("date-fns"), used("react-dom/client"), used("nope")]
    policy = "[packages.date-fns]"
    first = sliced(*requests, policy=policy)
    rng.shuffle(requests)
    assert sliced(*requests, policy=policy).to_json() == first.to_json()

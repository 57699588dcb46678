"""The list of shared modules of a runtime host: what the policy names and what is installed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Optional

import pytest

from module_federation.sharing.findings import Severity
from module_federation.sharing.install_index import InstallIndex
from module_federation.sharing.policy import (
    ContainerKind,
    effective_policy,
    parse_policy,
    target_layer,
)
from module_federation.sharing.runtime_shared import (
    Listing,
    RuntimeHost,
    compute_runtime_slice,
    doubtful_files,
    listing,
    with_listed,
)
from module_federation.sharing.share_slice import ShareSlice
from module_federation.sharing.usage import ContainerFacts, FederationUse, Usage, UsedRequest
from unit.sharing.installs import REACT_EXPORTS, index, package, workspace
from unit.sharing.slices import used

APP = ContainerFacts("app", ContainerKind.HOST, "apps/app:host", "web")
MANIFEST = "web/apps/app/package.json"

INSTALLED = (
    workspace("", "shop"),
    workspace(
        "apps/app", "@shop/app", dependencies={"react": "^18.2.0", "@material-ui/core": "^4.12.0"}
    ),
    # Its `exports` hide its `package.json`.
    package("node_modules/react", "18.3.1", exports={".": "./index.js"}),
    package("node_modules/react-dom", "18.3.1", peerDependencies={"react": "^18.3.1"}),
    # Without `exports`, only the files tell which entry points there are.
    package("node_modules/@material-ui/core", "4.12.4"),
    package("node_modules/lodash", "4.17.21"),
)
STYLES = "node_modules/@material-ui/core/styles/package.json"
THERE = frozenset([STYLES, "node_modules/react-dom/client.js"])
BACKSTAGE = 'presets = ["backstage"]\n'


def host(
    policy: str = BACKSTAGE,
    shared: Optional[Mapping[str, Any]] = None,
    installed: Optional[InstallIndex] = None,
) -> RuntimeHost:
    return RuntimeHost(
        APP,
        "apps/app",
        installed or index(*INSTALLED),
        effective_policy(
            parse_policy(policy.encode(), "sharing.toml"),
            target_layer(shared, APP.address) if shared else None,
        ),
    )


def line(folder: str, section: str, name: str) -> Optional[int]:
    return {("apps/app", "dependencies", "react"): 7}.get((folder, section, name))


def listed(each: RuntimeHost, *own: UsedRequest, existing: frozenset[str] = THERE) -> Listing:
    return listing(each, Usage(own), existing, line)


def sliced(each: RuntimeHost, *own: UsedRequest) -> ShareSlice:
    return compute_runtime_slice(
        each,
        Usage(own),
        listed(each, *own),
        FederationUse(()),
        manifest_lines=line,
        chains=lambda file: (file,),
    )


def test_defaults_that_are_installed_though_nobody_imports_them() -> None:
    result = sliced(host())
    said = {
        each.key: (each.version, each.required_version, each.singleton, each.eager)
        for each in result.shared
    }
    assert said == {
        "@material-ui/core/styles": ("4.12.4", "*", True, True),
        "react": ("18.3.1", "*", True, True),
        "react-dom": ("18.3.1", "*", True, True),
    }
    assert result.findings == ()


def test_defaults_that_are_not_installed_are_skipped() -> None:
    found = listed(host())
    assert found.skipped == (
        "@emotion/react",
        "@material-ui/styles",
        "@mui/material/styles",
        "react-router",
        "react-router-dom",
    )
    assert found.findings == ()


def test_a_default_entry_point_that_is_not_there_is_skipped() -> None:
    found = listed(host(), existing=frozenset())
    assert "@material-ui/core/styles" in found.skipped
    assert "@material-ui/core/styles" not in {each.request for each in found.requests}


def test_an_entry_point_that_only_some_versions_have_is_left_out() -> None:
    """React DOM 17 has neither `exports` nor `client`."""
    with_client = listed(host("")).requests
    without = listed(host(""), existing=frozenset()).requests
    assert {each.request for each in with_client} - {each.request for each in without} == {
        "react-dom/client"
    }
    assert listed(host(""), existing=frozenset()).skipped == ()


@pytest.mark.parametrize(
    ("package", "options"),
    [
        pytest.param("zod", True, id="something else"),
        pytest.param("react-router", {"eager": False}, id="a default"),
    ],
)
def test_what_the_target_asks_for_must_be_installed(package: str, options: object) -> None:
    (finding,) = sliced(host(BACKSTAGE, {package: options})).findings
    assert (finding.code, finding.severity) == ("not-installed", Severity.ERROR)
    assert finding.chain == ("asked for in the `shared` field of apps/app:host",)
    assert finding.message == (
        f"{package} is to be in the list of shared modules of apps/app:host, but it is not "
        f"installed for {MANIFEST}."
    )
    assert (finding.target, finding.containers) == (APP.address, (APP.name,))


@pytest.mark.parametrize(
    "policy",
    [
        pytest.param("[packages.zod]\nsingleton = true\n", id="for all"),
        pytest.param('[packages."zod".hosts]\neager = false\n', id="for hosts"),
    ],
)
def test_a_policy_file_may_name_what_other_applications_have(policy: str) -> None:
    each = host(f"{BACKSTAGE}{policy}")
    assert sliced(each).findings == ()
    assert "zod" in listed(each).skipped


def test_an_entry_point_that_somebody_asks_for_must_be_there() -> None:
    policy = '[packages.react]\nentry_points = [".", "turbo"]\n'
    (finding,) = sliced(host(policy)).findings
    assert (finding.file, finding.line) == ("sharing.toml", 1)
    assert finding.message == (
        "`react/turbo` is to be in the list of shared modules of apps/app:host, but react@18.3.1 "
        "has no such entry point."
    )


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        pytest.param("[packages.react]\nshare = false", False, id="never shared"),
        pytest.param("[packages.react.hosts]\nimport = false", False, id="no copy of the host's"),
        pytest.param("[packages.react.remotes]\nshare = false", True, id="said of remotes alone"),
    ],
)
def test_what_the_policy_keeps_out(policy: str, expected: bool) -> None:
    assert (sliced(host(f"{BACKSTAGE}{policy}")).module("react") is not None) is expected


def test_without_a_range_of_the_policy_the_declared_one_counts() -> None:
    result = sliced(host("presets = []\n[packages.react]\n[packages.lodash]\n"))
    react, lodash = result.module("react"), result.module("lodash")
    assert react is not None
    assert lodash is not None
    assert react.required_version == "^18.2.0"
    assert [(each.file, each.line) for each in react.facts.origins] == [(MANIFEST, 7)]
    # Nobody declares it, and it is nobody's import: that is no finding.
    assert lodash.required_version == "^4.17.21"
    assert result.findings == ()


def test_an_undeclared_import_of_the_application_is_found_where_it_stands() -> None:
    result = sliced(host("presets = []\n[packages.lodash]\n"), used("lodash/get", "apps/app"))
    (finding,) = [each for each in result.findings if each.code == "undeclared-dependency"]
    assert (finding.file, finding.line) == ("web/apps/app/src/a.tsx", 3)


def test_patterns_name_what_the_application_imports() -> None:
    policy = 'presets = []\n[packages."lod*"]\n'
    assert sliced(host(policy)).shared == ()
    result = sliced(host(policy), used("lodash/get", "apps/app"))
    assert [each.key for each in result.shared] == ["lodash/get"]


def test_automatic_rules_share_nothing() -> None:
    policy = 'presets = []\n[auto]\nthird_party = "always"\n'
    result = sliced(host(policy), used("lodash", "apps/app"))
    assert result.shared == ()
    assert [each.name for each in result.private] == ["lodash"]


def test_what_the_application_imports_of_a_listed_package_is_shared_too() -> None:
    result = sliced(host("[packages.lodash]"), used("lodash/get", "apps/app"))
    assert {"lodash", "lodash/get"} <= {each.key for each in result.shared}


def test_one_version_for_each_module_though_two_are_reached() -> None:
    installed = index(
        *INSTALLED,
        workspace("libs/old", "old", dependencies={"lodash": "^3.0.0"}),
        package("libs/old/node_modules/lodash", "3.10.1"),
        links={"node_modules/old": "libs/old"},
    )
    policy = "presets = []\n[packages.lodash]\n"
    result = sliced(
        host(policy, installed=installed), used("lodash", "apps/app"), used("lodash", "libs/old")
    )
    (module,) = result.shared
    assert (module.version, module.package_path) == ("4.17.21", "node_modules/lodash")
    assert module.required_version == "^4.17.21"
    assert module.copies == ()
    assert "two-copies" in {each.code for each in result.findings}


@pytest.mark.parametrize(
    ("policy", "name", "version"),
    [
        pytest.param("[packages.react.hosts]\nimport = false", "react", "18.3.1", id="no import"),
        pytest.param('[packages."na*"]', "nanoid", "5.0.0", id="out of the host's reach"),
    ],
)
def test_what_the_list_cannot_have_is_private(policy: str, name: str, version: str) -> None:
    installed = index(
        *INSTALLED,
        workspace("libs/ids", "ids", dependencies={"nanoid": "^5.0.0"}),
        package("libs/ids/node_modules/nanoid", "5.0.0"),
        links={"node_modules/ids": "libs/ids"},
    )
    each = host(f"presets = []\n{policy}", installed=installed)
    result = sliced(each, used("react", "apps/app"), used("nanoid", "libs/ids"))
    assert result.shared == ()
    assert (name, (version,)) in {(each.name, each.versions) for each in result.private}


def test_only_the_default_scope_can_be_handed_over() -> None:
    (module,) = sliced(host('presets = []\n[packages.react]\nscope = "other"\n')).shared
    assert module.scope == "default"


def test_a_workspace_package_is_listed_when_the_application_imports_it() -> None:
    installed = index(
        *INSTALLED, workspace("libs/ui", "@shop/ui"), links={"node_modules/@shop/ui": "libs/ui"}
    )
    each = host('presets = []\n[packages."@shop/ui"]\n', installed=installed)
    imported = used("@shop/ui", "apps/app", "libs/ui")
    assert [module.key for module in sliced(each, imported).shared] == ["@shop/ui"]
    assert sliced(each).findings == ()
    asked_for = host("presets = []", {"@shop/ui": True}, installed=installed)
    (finding,) = sliced(asked_for).findings
    assert "the application does not import it" in finding.message


def test_importers_are_imports() -> None:
    imported, alone = (sliced(host(), *own) for own in ([used("react", "apps/app")], []))
    for result, expected in (
        (imported, "web/apps/app/src/a.tsx:3"),
        (alone, "the list of shared modules of apps/app:host"),
    ):
        module = result.module("react")
        assert module is not None
        assert module.facts.importers == (expected,)


def test_the_bundle_reaches_what_is_listed() -> None:
    each = host()
    usage = with_listed(Usage((used("lodash", "apps/app"),)), listed(each))
    assert {request.package for request in usage.requests} == {
        "@material-ui/core",
        "lodash",
        "react",
        "react-dom",
    }
    react = next(each for each in usage.requests if each.package == "react")
    assert (react.importer_file, react.line, react.deferred) == (MANIFEST, 7, True)


def test_only_entry_points_without_exports_are_looked_for() -> None:
    files = doubtful_files(host())
    assert STYLES in files
    assert {file.split("/styles")[0] for file in files} == {"node_modules/@material-ui/core"}
    exported = index(
        workspace("", "shop"),
        workspace("apps/app", "app"),
        package("node_modules/react", exports=REACT_EXPORTS),
    )
    assert doubtful_files(host("", installed=exported)) == ()


def test_the_order_of_what_is_given_does_not_matter() -> None:
    own = (used("react", "apps/app"), used("lodash", "apps/app"), used("react-dom", "apps/app"))
    policy = f"{BACKSTAGE}[packages.lodash]\n"
    each = host(policy)
    shuffled = dataclasses.replace(each, index=index(*reversed(INSTALLED)))
    assert sliced(each, *own) == sliced(shuffled, *reversed(own))

"""The preset `backstage`, and the two options that came with it: entry points and unset."""

from __future__ import annotations

import re
from typing import Any

import pytest

from module_federation.sharing.policy import (
    ContainerKind,
    EffectivePolicy,
    PolicyError,
    effective_policy,
    parse_policy,
    target_layer,
)
from unit.sharing.installs import index, package, workspace
from unit.sharing.slices import sliced, used

HOST, REMOTE = ContainerKind.HOST, ContainerKind.REMOTE
PRESET = 'presets = ["backstage"]\n'

# Source: @backstage/module-federation-common 0.1.5, `defaultHostSharedDependencies` and
# `defaultRemoteSharedDependencies`: name → whether a remote has a fallback.
BACKSTAGE = {
    "react": False,
    "react-dom": False,
    "react-router": False,
    "react-router-dom": False,
    "@material-ui/core/styles": True,
    "@material-ui/styles": True,
    "@mui/material/styles": True,
    "@emotion/react": True,
}


def _policy(text: str = "", shared: Any = None) -> EffectivePolicy:
    target = target_layer(shared, "plugins/a:remote") if shared else None
    return effective_policy(parse_policy(f"{PRESET}{text}".encode(), "sharing.toml"), target)


def _split(name: str) -> tuple[str, str]:
    match = re.match(r"((?:@[^/]+/)?[^/]+)/?(.*)", name)
    assert match
    return match[1], match[2] or "."


@pytest.mark.parametrize("name", BACKSTAGE)
def test_the_eight_names(name: str) -> None:
    package_name, entry_point = _split(name)
    host = _policy().options_for(package_name, HOST)
    remote = _policy().options_for(package_name, REMOTE)
    for resolved in (host, remote):
        assert resolved.decision is True
        assert resolved.options.singleton is True
        assert resolved.options.required_version == "*"
        assert resolved.options.entry_points == (entry_point,)
    assert host.options.eager is True
    assert host.options.import_ is None
    assert remote.options.eager is None
    assert (remote.options.import_ is not False) is BACKSTAGE[name]


def test_there_are_no_others() -> None:
    policy = _policy()
    (preset,) = [layer for layer in policy.layers if layer.name == "preset backstage"]
    assert [entry.pattern for entry in preset.entries] == [_split(name)[0] for name in BACKSTAGE]
    assert (policy.auto.third_party, policy.auto.first_party) == ("never", "never")
    assert policy.auto.peers == "ignore"


_INSTALLED = index(
    workspace(
        "plugins/a", "@acme/a", dependencies={"react": "^18.0.0", "@material-ui/core": "^4.0.0"}
    ),
    package("node_modules/react", "18.3.1"),
    package("node_modules/@material-ui/core", "4.12.4"),
)
_REQUESTS = tuple(
    used(request, "plugins/a")
    for request in (
        "react",
        "react/jsx-runtime",
        "@material-ui/core",
        "@material-ui/core/styles",
    )
)


def test_only_the_entry_points_named_are_shared() -> None:
    result = sliced(*_REQUESTS, policy=PRESET, installed=_INSTALLED)
    config = result.to_shared_config()
    assert sorted(config) == ["@material-ui/core/styles", "react"]
    assert config["react"]["import"] is False
    assert config["react"]["requiredVersion"] == "*"
    assert config["@material-ui/core/styles"]["requiredVersion"] == "*"
    assert config["@material-ui/core/styles"]["version"] == "4.12.4"
    assert result.findings == ()


def test_a_package_none_of_whose_entry_points_is_shared_is_private() -> None:
    result = sliced(*_REQUESTS[:3], policy=PRESET, installed=_INSTALLED)
    assert sorted(result.to_shared_config()) == ["react"]
    assert [each.name for each in result.private] == ["@material-ui/core"]


def test_an_entry_point_that_only_an_installed_package_asks_for() -> None:
    installed = index(
        workspace("plugins/a", "@acme/a", dependencies={"lab": "^4.0.0"}),
        package("node_modules/lab", "4.0.0", dependencies={"@material-ui/core": "^4.0.0"}),
        package("node_modules/@material-ui/core", "4.12.4"),
    )
    result = sliced(used("lab", "plugins/a"), policy=PRESET, installed=installed)
    assert sorted(result.to_shared_config()) == ["@material-ui/core/styles"]


@pytest.mark.parametrize(
    ("text", "shared"),
    [
        pytest.param('[packages.react.remotes]\nunset = ["import"]', None, id="in the policy file"),
        pytest.param('[packages.react]\nunset = ["import"]', None, id="for both kinds"),
        pytest.param("", {"react": {"unset": ["import"]}}, id="on the target"),
    ],
)
def test_unset(text: str, shared: Any) -> None:
    resolved = _policy(text, shared).options_for("react", REMOTE)
    assert resolved.options.import_ is None
    assert "import_" not in resolved.said_at
    assert resolved.options.singleton is True
    assert resolved.decision is True
    assert resolved.options.unset == ()


def test_a_layer_above_can_say_again_what_was_unset() -> None:
    resolved = _policy(
        '[packages.react]\nunset = ["import", "eager"]', {"react": {"import": False}}
    ).options_for("react", REMOTE)
    assert resolved.options.import_ is False
    assert resolved.said_at["import_"].file == "the `shared` field of plugins/a:remote"


def test_a_package_can_be_changed_added_or_removed() -> None:
    policy = _policy(
        'packages."@emotion/react" = false\n'
        "[packages.react]\nstrict_version = true\n"
        '[packages."@mui/utils"]\nsingleton = true\n',
        {"@material-ui/styles": False},
    )
    assert policy.options_for("react", HOST).options.strict_version is True
    assert policy.options_for("@mui/utils", REMOTE).decision is True
    assert policy.options_for("@emotion/react", REMOTE).decision is False
    assert policy.options_for("@material-ui/styles", REMOTE).decision is False


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param('unset = "import"', 'a list of options, such as ["import"]', id="a text"),
        pytest.param('unset = ["imports"]', "Did you mean `import`?", id="a slip"),
        pytest.param('unset = ["share"]', '`share = "auto"` beside it', id="share"),
        pytest.param(
            'import = false\nunset = ["import"]', "either a value for `import`", id="both"
        ),
        pytest.param("entry_points = []", 'such as ["styles"]', id="no entry point"),
        pytest.param("entry_points = ['./styles']", 'such as ["styles"]', id="with a dot"),
        pytest.param("entry_points = 'styles'", 'such as ["styles"]', id="no list"),
    ],
)
def test_mistakes(text: str, says: str) -> None:
    with pytest.raises(PolicyError) as raised:
        _policy(f"[packages.react]\n{text}")
    assert says in str(raised.value)
    assert raised.value.line is not None

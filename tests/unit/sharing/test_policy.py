"""Layers of policy, what they come to, and how mistakes are told."""

from __future__ import annotations

from typing import Any

import pytest

from module_federation.sharing.policy import (
    ContainerKind,
    PolicyError,
    effective_policy,
    parse_policy,
    preset_names,
    target_layer,
)

HOST, REMOTE = ContainerKind.HOST, ContainerKind.REMOTE


def _policy(text: str = "", **shared: Any) -> Any:
    target = target_layer(shared, "apps/cart:remote") if shared else None
    return effective_policy(parse_policy(text.encode(), "sharing.toml"), target)


def test_react_is_shared_without_a_word() -> None:
    for name, subpaths in (
        ("react", ("jsx-runtime", "jsx-dev-runtime")),
        ("react-dom", ("client",)),
    ):
        resolved = effective_policy().options_for(name, REMOTE)
        assert resolved.decision is True
        assert (resolved.options.singleton, resolved.options.family) == (True, "react")
        assert resolved.options.subpaths == subpaths


@pytest.mark.parametrize(
    ("policy", "package", "kind", "decision"),
    [
        pytest.param(_policy(), "lodash", HOST, None, id="unnamed: the rules decide"),
        pytest.param(_policy(), "@types/react", HOST, False, id="types are never shared"),
        pytest.param(_policy("presets = []"), "react", HOST, None, id="no presets"),
        pytest.param(_policy("[packages.a]"), "a", HOST, True, id="to name it is to share it"),
        pytest.param(_policy("[packages.a]\nshare = false"), "a", HOST, False, id="never"),
        pytest.param(_policy('[packages.a]\nshare = "auto"'), "a", HOST, None, id="auto"),
        pytest.param(_policy("packages.a = false"), "a", HOST, False, id="short for never"),
        pytest.param(_policy('[packages."@m/*"]'), "@m/x", HOST, True, id="a pattern"),
        pytest.param(_policy('[packages."@m/*"]'), "@n/x", HOST, None, id="beside the pattern"),
        pytest.param(
            _policy('[packages."@m/*"]\n[packages."@m/x"]\nshare = false'),
            "@m/x", HOST, False, id="the exact name wins",
        ),
        pytest.param(
            _policy("[packages.a.remotes]\nimport = false"), "a", HOST, None, id="other kind"
        ),
        pytest.param(
            _policy("[packages.a.remotes]\nimport = false"), "a", REMOTE, True, id="this kind"
        ),
        pytest.param(
            _policy("[packages.a]\nshare = false\n[packages.a.hosts]\nscope = 'x'"),
            "a", HOST, False, id="a sub-table does not undo never",
        ),
        pytest.param(_policy("[packages.a]", a=False), "a", HOST, False, id="the target wins"),
        pytest.param(_policy(react=False), "react", HOST, False, id="over presets too"),
    ],
)  # fmt: skip
def test_decisions(policy: Any, package: str, kind: ContainerKind, decision: bool | None) -> None:
    assert policy.options_for(package, kind).decision is decision


def test_options_are_merged_one_by_one() -> None:
    policy = _policy(
        "[packages.react]\nscope = 'ui'\n[packages.react.remotes]\nimport = false\n",
        react={"required_version": False, "strict_version": True},
    )
    options = policy.options_for("react", REMOTE).options
    assert (options.singleton, options.scope, options.import_) == (True, "ui", False)
    assert (options.required_version, options.strict_version) == (False, True)
    assert policy.options_for("react", HOST).options.import_ is None


def test_places_tell_who_said_it() -> None:
    places = _policy("\n\n[packages.react]\nscope='x'").options_for("react", HOST).places
    assert [str(place) for place in places] == ["preset react:5", "sharing.toml:3"]


def test_auto_rules_are_layered() -> None:
    auto = _policy('[auto]\npeers = "ignore"').auto
    assert (auto.third_party, auto.first_party, auto.peers) == ("federated", "never", "ignore")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        pytest.param("a = = 1", 1, "not TOML", id="no TOML"),
        pytest.param("x = 1\n\n\n[y", 4, "not TOML", id="no TOML, later"),
        pytest.param("[package.react]", 1, "Did you mean `packages`?", id="top-level key"),
        pytest.param("\npresets = ['raect']", 2, "Did you mean `react`?", id="preset"),
        pytest.param("presets = 'react'", 1, "Write a list", id="presets is no list"),
        pytest.param("[auto]\nthirdparty = 'never'", 2, "`third_party`", id="auto key"),
        pytest.param("[auto]\npeers = 'always'", 2, "Allowed here: ignore", id="auto value"),
        pytest.param("packages = 1", 1, "a table", id="packages is no table"),
        pytest.param("[packages.a]\n\nsingelton = true", 3, "`singleton`", id="option"),
        pytest.param("[packages.a]\nsingleton = 1", 2, "Write true or false", id="no flag"),
        pytest.param("[packages.a]\nshare = 1", 2, '"auto"', id="share"),
        pytest.param(
            "[packages.a]\nrequired_version = '1.2.3.4'", 2, "a version range", id="range"
        ),
        pytest.param("[packages.a]\nrequired_version = true", 2, "a version range", id="true"),
        pytest.param("[packages.a]\nversion = '1.2'", 2, "a full version", id="version"),
        pytest.param("[packages.a]\nimport = './a.js'", 2, "bring no copy", id="import"),
        pytest.param("[packages.a]\nscope = ''", 2, "a name", id="scope"),
        pytest.param("[packages.a]\nsubpaths = ['../b']", 2, "below the package", id="subpaths"),
        pytest.param("[packages.a]\nsubpaths = 'b'", 2, "a list of names", id="no subpaths"),
        pytest.param("[packages.'a/b']", 1, "in its `subpaths`", id="an entry point as name"),
        pytest.param("[packages.a.remote]\nscope='x'", 1, "`remote`", id="sub-table"),
        pytest.param("[packages.a.remotes]\nscop='x'", 2, "`scope`", id="option in it"),
        pytest.param("[packages]\na = 'yes'", 2, "a table", id="entry"),
    ],
)
def test_mistakes_have_file_line_and_remedy(text: str, line: int, says: str) -> None:
    with pytest.raises(PolicyError) as raised:
        parse_policy(text.encode(), "sharing.toml")
    assert (raised.value.file, raised.value.line) == ("sharing.toml", line)
    assert str(raised.value).startswith(f"sharing.toml:{line}: ")
    assert says in str(raised.value)


def test_mistakes_in_a_target_name_it() -> None:
    with pytest.raises(
        PolicyError, match="the `shared` field of apps/cart:remote: `react` has the"
    ):
        target_layer({"react": {"eagre": True}}, "apps/cart:remote")


def test_a_byte_order_mark_is_no_mistake() -> None:
    assert parse_policy(b"\xef\xbb\xbfpresets = []", "p").presets == ()


def test_every_preset_can_be_read() -> None:
    names = preset_names()
    assert "react" in names
    effective_policy(parse_policy(f"presets = {list(names)!r}".encode(), "p"))


def test_the_presets_of_a_target_take_the_place_of_the_repositorys() -> None:
    repository = parse_policy(b'presets = ["react"]', "sharing.toml")
    target = target_layer({}, "apps/cart:remote", ["backstage"])
    assert effective_policy(repository, target).auto.third_party == "never"
    assert effective_policy(repository, target_layer({}, "apps/cart:remote")).auto == (
        effective_policy(repository).auto
    )


def test_an_unknown_preset_of_a_target_is_told_with_its_field() -> None:
    with pytest.raises(PolicyError) as raised:
        target_layer({}, "apps/cart:remote", ["backstag"])
    assert "the `presets` field of apps/cart:remote" in str(raised.value)
    assert "backstage" in str(raised.value)

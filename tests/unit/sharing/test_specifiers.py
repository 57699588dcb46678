"""What package managers allow as a dependency's specifier, as a range."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from module_federation.sharing.ranges import legal_for_runtime
from module_federation.sharing.specifiers import SpecifierKind, normalise

CATALOGS = {
    "default": {"react": "^18.2.0"},
    "next": {"react": "npm:@scope/react@^19"},
    "loop": {"react": "catalog:loop"},
}


@pytest.mark.parametrize(
    ("raw", "expected", "kind"),
    [
        pytest.param("^18.2.0", "^18.2.0", SpecifierKind.RANGE, id="a range"),
        pytest.param("", "*", SpecifierKind.RANGE, id="nothing"),
        pytest.param("x", "x", SpecifierKind.RANGE, id="x"),
        pytest.param("workspace:*", "18.3.1", SpecifierKind.WORKSPACE, id="workspace, exact"),
        pytest.param("workspace:^", "^18.3.1", SpecifierKind.WORKSPACE, id="workspace, caret"),
        pytest.param("workspace:~", "~18.3.1", SpecifierKind.WORKSPACE, id="workspace, tilde"),
        pytest.param("workspace:^18.1", "^18.1", SpecifierKind.WORKSPACE, id="workspace, range"),
        pytest.param("workspace:r@~18.1", "~18.1", SpecifierKind.WORKSPACE, id="workspace alias"),
        pytest.param("workspace:../r", "18.3.1", SpecifierKind.WORKSPACE, id="workspace folder"),
        pytest.param("catalog:", "^18.2.0", SpecifierKind.CATALOG, id="the unnamed catalog"),
        pytest.param("catalog:default", "^18.2.0", SpecifierKind.CATALOG, id="it by its name"),
        pytest.param("catalog:next", "^19", SpecifierKind.CATALOG, id="an alias in a catalog"),
        pytest.param("catalog:none", "^18.3.1", SpecifierKind.CATALOG, id="an unknown catalog"),
        pytest.param("catalog:loop", "^18.3.1", SpecifierKind.CATALOG, id="an endless catalog"),
        pytest.param("npm:preact@^10", "^10", SpecifierKind.ALIAS, id="an alias"),
        pytest.param("npm:@a/b@~1.2", "~1.2", SpecifierKind.ALIAS, id="a scoped alias"),
        pytest.param("npm:@a/b", "*", SpecifierKind.ALIAS, id="an alias without a range"),
        pytest.param("npm:preact@next", "^18.3.1", SpecifierKind.ALIAS, id="an alias with a tag"),
        pytest.param("latest", "^18.3.1", SpecifierKind.TAG, id="latest"),
        pytest.param("canary", "^18.3.1", SpecifierKind.TAG, id="a tag"),
        pytest.param("file:../react", "18.3.1", SpecifierKind.PLACE, id="a file"),
        pytest.param("link:../react", "18.3.1", SpecifierKind.PLACE, id="a link"),
        pytest.param("facebook/react#v1", "18.3.1", SpecifierKind.PLACE, id="a hosted repository"),
        pytest.param("git+ssh://git@h/r.git", "18.3.1", SpecifierKind.PLACE, id="git"),
        pytest.param("https://h/r.tgz", "18.3.1", SpecifierKind.PLACE, id="a tarball"),
        pytest.param("./react.tgz", "18.3.1", SpecifierKind.PLACE, id="a path"),
        pytest.param("not! a range", "18.3.1", SpecifierKind.UNKNOWN, id="nonsense"),
    ],
)
def test_normalise(raw: str, expected: str, kind: SpecifierKind) -> None:
    found = normalise(raw, installed_version="18.3.1", name="react", catalogs=CATALOGS)
    assert (found.range.text, found.kind) == (expected, kind)


def test_an_alias_remembers_the_real_name() -> None:
    found = normalise("npm:@a/b@~1.2", installed_version="1.2.3")
    assert found.real_name == "@a/b"


@pytest.mark.parametrize("raw", ["workspace:*", "latest", "file:../a", "catalog:"])
def test_without_an_installed_version_everything_will_do(raw: str) -> None:
    assert normalise(raw, installed_version=None).range.text == "*"


@given(st.text(max_size=40))
def test_every_text_has_an_answer_that_the_runtime_can_read(raw: str) -> None:
    found = normalise(raw, installed_version="1.2.3", name="a", catalogs=CATALOGS)
    assert ":" not in legal_for_runtime(found.range)

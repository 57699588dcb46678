from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from module_federation.module_graph.tsconfig import (
    TsConfig,
    TsConfigError,
    load_tsconfigs,
    missing_parents,
)


def load(**files: str) -> TsConfig:
    (config,) = load_tsconfigs(
        {name.replace("__", "/") + ".json": text.encode() for name, text in files.items()}
    )
    return config


@pytest.mark.parametrize(
    ("text", "request_", "expected"),
    [
        pytest.param('{"paths": {"~/*": ["./src/*"]}}', "~/a/b", ["app/src/a/b"], id="star"),
        pytest.param('{"paths": {"x": ["./src/x.ts"]}}', "x", ["app/src/x.ts"], id="exact"),
        pytest.param('{"paths": {"x": ["./src/x.ts"]}}', "x/y", [], id="exact is not a prefix"),
        pytest.param(
            '{"paths": {"@/*": ["a/*", "b/*"]}}', "@/x", ["app/a/x", "app/b/x"], id="several"
        ),
        pytest.param(
            '{"paths": {"*": ["a/*"], "x/*": ["b/*"]}}', "x/y", ["app/b/y"], id="longest prefix"
        ),
        pytest.param(
            '{"paths": {"x/*": ["b/*"], "x/y": ["c"]}}', "x/y", ["app/c"], id="exact before star"
        ),
        pytest.param('{"paths": {"*.svg": ["a/*.s"]}}', "x.svg", ["app/a/x.s"], id="suffix"),
        pytest.param('{"paths": {"ab*ba": ["x/*"]}}', "aba", [], id="no overlap"),
        pytest.param(
            '{"baseUrl": "src", "paths": {"~/*": ["*"]}}',
            "~/a",
            ["app/src/a", "app/src/~/a"],
            id="base and paths",
        ),
        pytest.param('{"baseUrl": ".."}', "libs/a", ["libs/a"], id="base alone"),
        pytest.param('{"paths": {"~/*": ["../../*"]}}', "~/a", [], id="out of the repository"),
        pytest.param('{"paths": {"~/*": ["./*"]}}', "~/../../a", [], id="out by the request"),
    ],
)
def test_candidates(text: str, request_: str, expected: list[str]) -> None:
    config = load(app__tsconfig=f'{{"compilerOptions": {text}}}')
    assert list(config.candidates(request_)) == expected


def test_reads_comments_and_trailing_commas() -> None:
    config = load(
        tsconfig="""\ufeff{
        // with "quotes"
        "compilerOptions": { /* a , } */
            "jsx": "react-jsx", "jsxImportSource": "preact",
            "paths": {"//*": ["./a/*",],},
        },
    }"""
    )
    assert (config.jsx, config.jsx_import_source) == ("react-jsx", "preact")
    assert config.candidates("//x") == ("a/x",)


def test_extends() -> None:
    config = load(
        app__tsconfig="""{
            "extends": ["../base", "../other.json"],
            "compilerOptions": {"jsx": "preserve"}
        }""",
        base="""{"compilerOptions": {
            "jsx": "react", "jsxImportSource": "p", "paths": {"a": ["./a"]}
        }}""",
        other='{"compilerOptions": {"baseUrl": "."}}',
    )
    assert (config.jsx, config.jsx_import_source, config.base_url) == ("preserve", "p", "")
    # `paths` stay relative to the file that holds them.
    assert config.candidates("a") == ("a", "a")


def test_what_else_has_to_be_read() -> None:
    contents = {
        "app/tsconfig.json": b'{"extends": ["../config/base", "./known.json", "@tsconfig/strict"]}',
        "app/known.json": b"{}",
        "broken/tsconfig.json": b"{",
        "odd/tsconfig.json": b'{"extends": 1}',
        "out/tsconfig.json": b'{"extends": "../../base.json"}',
    }
    assert missing_parents(contents) == {
        "config/base",
        "config/base.json",
        "config/base/tsconfig.json",
    }
    assert missing_parents({**contents, "config/base.json": b'{"extends": "./more.json"}'}) == {
        "config/more.json",
        "config/more.json.json",
        "config/more.json/tsconfig.json",
    }


def test_extends_of_a_package_is_noted() -> None:
    config = load(app__tsconfig='{\n"extends": "@tsconfig/strictest"}')
    assert len(config.notes) == 1
    assert config.notes[0].startswith("app/tsconfig.json:2: `extends` of `@tsconfig/strictest`")


def test_tsconfig_hides_jsconfig() -> None:
    config = load(a__jsconfig='{"compilerOptions": {"jsx": "x"}}', a__tsconfig="{}")
    assert (config.path, config.jsx) == ("a/tsconfig.json", None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('{\n"a" }', "tsconfig.json:2: ", id="syntax"),
        pytest.param("[]", "something else than an object", id="array"),
        pytest.param(
            '{\n"compilerOptions": 1}', "tsconfig.json:2: `compilerOptions` must", id="options"
        ),
        pytest.param(
            '{"compilerOptions": {"paths": []}}', "`compilerOptions.paths` must", id="paths"
        ),
        pytest.param(
            '{"compilerOptions": {"paths": {\n"a": "b"}}}',
            "tsconfig.json:2: `compilerOptions.paths.a` must be an array",
            id="target",
        ),
        pytest.param(
            '{"compilerOptions": {"paths": {"a**": []}}}', "more than one `*`", id="stars"
        ),
        pytest.param(
            '{"compilerOptions": {"baseUrl": 1}}', "`compilerOptions.baseUrl` must", id="base"
        ),
        pytest.param('{"extends": 1}', "`extends` must be", id="extends"),
        pytest.param('{"extends": "./none"}', "`./none`, which is not there", id="missing"),
        pytest.param('{"extends": "./tsconfig"}', "extends itself", id="circle"),
    ],
)
def test_refuses(text: str, expected: str) -> None:
    with pytest.raises(TsConfigError) as caught:
        load(tsconfig=text)
    assert expected in str(caught.value)


@given(st.text(alphabet='{}[]",:*./ab\n', max_size=40))
def test_never_fails_otherwise(text: str) -> None:
    with contextlib.suppress(TsConfigError):
        load(tsconfig=f'{{"compilerOptions": {{"paths": {text}}}}}')

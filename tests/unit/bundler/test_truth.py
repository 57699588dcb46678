"""What is read out of emitted code, on real builds, minified and not."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any, Callable

import pytest

from unit.bundler.small_federation import APP, Bundler, SmallContainer, package

SHARED = {
    "eager": False,
    "requiredVersion": "^1.0.0",
    "shareScope": "default",
    "singleton": True,
    "strictVersion": False,
    "version": "1.2.3",
}
ENTRY = f"{APP}/src/x.js"
FILES = {
    f"{APP}/package.json": json.dumps(
        {"name": "one", "version": "1.0.0", "dependencies": {"a": "^1.0.0", "b": "*"}}
    ),
    ENTRY: 'import { copy } from "a"; import("./later.js"); export default copy;\n',
    f"{APP}/src/later.js": 'export { copy } from "b";\n',
    **package("a", "1.2.3"),
    **package("b", "2.0.0"),
}
EXPOSES = {"./x": ENTRY}
TWO_COPIES = {
    **FILES,
    "libs/l/package.json": json.dumps({"name": "l", "dependencies": {"a": "^2.0.0"}}),
    "libs/l/index.js": 'export { copy } from "a";\n',
    ENTRY: 'import * as a from "a"; import * as l from "../../../libs/l"; export default [a, l];\n',
    **package("a", "2.0.1", at="libs/l/node_modules"),
}
HOST = {**FILES, f"{APP}/src/main.js": 'import("cart/Cart"); import "a"; import "b";\n'}
REMOTE = {"name": "cart_container", "entry": "../cart/mf-manifest.json"}

pytestmark = pytest.mark.parametrize("mode", ["production", "development"])


@pytest.fixture(scope="module", params=["rspack", "webpack"])
def bundler(request: Any, bundlers: Callable[[str], Bundler]) -> Bundler:
    return bundlers(request.param)


def provide(key: str, version: str, **said: Any) -> dict[str, Any]:
    flags = {"eager": False, "singleton": None, "strict": None, "required": None}
    return {"scope": "default", "key": key, "version": version, **flags, **said}


def consume(key: str, required: str, fallback: str | None, **said: Any) -> dict[str, Any]:
    return {
        "scopes": ["default"],
        "key": key,
        "required": required,
        "singleton": False,
        "strict": fallback is not None,
        "eager": False,
        "fallback": fallback,
        "initial": False,
        "atStart": True,
        **said,
    }


OF_A = {"singleton": True, "strict": False, "required": "^1.0.0"}
CONSUME_A = {"singleton": True, "strict": False}

CASES = [
    pytest.param(
        SmallContainer(FILES, {"a": SHARED, "b": {}}, EXPOSES),
        [provide("a", "1.2.3", **OF_A), provide("b", "2.0.0")],
        [
            consume("a", "^1.0.0", "1.2.3", **CONSUME_A),
            consume("b", "*", "2.0.0", atStart=False),
        ],
        id="explicit, and left to the bundler; one of them later",
    ),
    pytest.param(
        SmallContainer(FILES, {"a": {**SHARED, "eager": True}}, EXPOSES),
        [provide("a", "1.2.3", **{**OF_A, "eager": True})],
        [consume("a", "^1.0.0", "1.2.3", **{**CONSUME_A, "eager": True})],
        id="eager",
    ),
    pytest.param(
        SmallContainer(
            FILES, {"a": {"import": False, "requiredVersion": "^1.0.0", "singleton": True}}, EXPOSES
        ),
        [],
        [consume("a", "^1.0.0", None, singleton=True)],
        id="import: false",
    ),
    pytest.param(
        SmallContainer(FILES, {"a": {"requiredVersion": False, "version": "1.2.3"}}, EXPOSES),
        [provide("a", "1.2.3", required="*")],
        [consume("a", "*", "1.2.3")],
        id="no range",
    ),
    pytest.param(
        SmallContainer(TWO_COPIES, {"a": {}}, EXPOSES),
        [provide("a", "1.2.3"), provide("a", "2.0.1")],
        [consume("a", "^1.0.0", "1.2.3"), consume("a", "^2.0.0", "2.0.1")],
        id="two copies",
    ),
    pytest.param(
        SmallContainer(FILES, {"a": {**SHARED, "shareScope": ["first", "then"]}}, EXPOSES),
        [
            provide("a", "1.2.3", **{**OF_A, "scope": "first"}),
            provide("a", "1.2.3", **{**OF_A, "scope": "then"}),
        ],
        [consume("a", "^1.0.0", "1.2.3", **{**CONSUME_A, "scopes": ["first", "then"]})],
        id="two share scopes",
    ),
    pytest.param(
        SmallContainer(HOST, {"a": SHARED, "b": {}}, {}, {"cart": REMOTE}, f"{APP}/src/main.js"),
        [provide("a", "1.2.3", **OF_A), provide("b", "2.0.0")],
        [consume("a", "^1.0.0", "1.2.3", **CONSUME_A), consume("b", "*", "2.0.0")],
        id="a host",
    ),
    pytest.param(
        SmallContainer(
            HOST, {"a": SHARED, "b": {}}, EXPOSES, {"cart": REMOTE}, f"{APP}/src/main.js"
        ),
        [provide("a", "1.2.3", **OF_A), provide("b", "2.0.0")],
        [consume("a", "^1.0.0", "1.2.3", **CONSUME_A), consume("b", "*", "2.0.0")],
        id="a host that exposes",
    ),
    pytest.param(
        SmallContainer(HOST, {}, {}, {}, f"{APP}/src/main.js", {"shareStrategy": "loaded-first"}),
        [],
        [],
        id="nothing shared",
    ),
]


def as_said_by(bundler: str, parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is expected, in the words of a bundler: webpack says `false` where Rspack says `"*"` for
    "no range", and where it says nothing of a flag."""
    if bundler == "rspack":
        return parts
    return [
        {
            **part,
            "singleton": bool(part["singleton"]),
            "required": False if said_no_range(part) else part["required"],
        }
        for part in parts
    ]


def said_no_range(part: dict[str, Any]) -> bool:
    return bool(part["key"] == "a" and part["required"] == "*")


@pytest.mark.parametrize(("container", "provides", "consumes"), CASES)
def test_what_is_shared(
    bundler: Bundler,
    tmp_path: Path,
    mode: str,
    container: SmallContainer,
    provides: list[dict[str, Any]],
    consumes: list[dict[str, Any]],
) -> None:
    if not container.remotes:
        container = without_remote_import(container)
    truth = bundler.truth(container, tmp_path, mode)

    found = [
        {name: value for name, value in each.items() if name != "chunks"}
        for each in truth["provides"]
    ]
    assert sorted(found, key=repr) == sorted(as_said_by(bundler.name, provides), key=repr)
    assert sorted(truth["consumes"], key=repr) == sorted(
        as_said_by(bundler.name, consumes), key=repr
    )
    assert truth["name"] == "one"
    assert truth["strategy"] == container.options.get("shareStrategy", "version-first")
    assert [each["name"] for each in truth["exposes"]] == list(container.exposes)
    assert truth["remotes"] == [
        {
            "alias": alias,
            "name": remote["name"],
            "entry": remote["entry"],
            "scopes": ["default"],
            "exposes": ["./Cart"],
        }
        for alias, remote in container.remotes.items()
    ]


def without_remote_import(container: SmallContainer) -> SmallContainer:
    files = {
        name: text.replace('import("cart/Cart"); ', "") for name, text in container.files.items()
    }
    return SmallContainer(
        files,
        container.shared,
        container.exposes,
        container.remotes,
        container.entry_point,
        container.options,
    )


def test_the_chunks_of_a_copy_hold_its_code(bundler: Bundler, tmp_path: Path, mode: str) -> None:
    truth = bundler.truth(SmallContainer(TWO_COPIES, {"a": {}}, EXPOSES), tmp_path, mode)

    for provided in truth["provides"]:
        (chunk,) = provided["chunks"]
        assert f"{provided['key']} {provided['version']}" in (tmp_path / "out" / chunk).read_text()


def test_the_assets_of_an_expose(bundler: Bundler, tmp_path: Path, mode: str) -> None:
    files = {
        **FILES,
        ENTRY: 'import { copy } from "a"; import "./x.css"; export default copy;\n',
        f"{APP}/src/x.css": ".x { color: red }\n",
    }
    truth = bundler.truth(SmallContainer(files, {"a": SHARED}, EXPOSES), tmp_path, mode)

    (expose,) = truth["exposes"]
    (style,) = expose["css"]
    assert "red" in (tmp_path / "out" / style).read_text()
    assert all(name.startswith("static/js/") for name in expose["js"])


def test_every_emitted_file_is_listed(bundler: Bundler, tmp_path: Path, mode: str) -> None:
    truth = bundler.truth(SmallContainer(FILES, {"a": SHARED}, EXPOSES), tmp_path, mode)

    out = tmp_path / "out"
    emitted = {str(file.relative_to(out)): file for file in out.rglob("*") if file.is_file()}
    assert [each["path"] for each in truth["files"]] == sorted(emitted)
    for each in truth["files"]:
        content = emitted[each["path"]].read_bytes()
        digest = hashlib.sha384(content).digest()
        assert each["bytes"] == len(content)
        assert each["sha384"] == base64.b64encode(digest).decode()


def test_the_tools_are_those_of_the_lockfile(bundler: Bundler, tmp_path: Path, mode: str) -> None:
    truth = bundler.truth(SmallContainer(FILES, {}, EXPOSES), tmp_path, mode)

    wanted = json.loads((bundler.folder / "package.json").read_text())["dependencies"]
    own = {
        "rspack": {"@rspack/core", "@module-federation/rspack"},
        "webpack": {"webpack", "@module-federation/enhanced"},
    }
    assert set(truth["tools"]) >= own[bundler.name]
    for name, version in truth["tools"].items():
        assert wanted.get(name, wanted["@module-federation/runtime"]) == version


def test_a_copy_without_a_version(bundler: Bundler, tmp_path: Path, mode: str) -> None:
    """Rspack provides it to nobody else; webpack does, as version 0."""
    container = SmallContainer({**FILES, **package("a", None)}, {"a": {}}, EXPOSES)
    truth = bundler.truth(without_remote_import(container), tmp_path, mode)

    assert [(each["key"], each["version"]) for each in truth["provides"]] == (
        [] if bundler.name == "rspack" else [("a", "0")]
    )
    (asked,) = truth["consumes"]
    assert (asked["required"], asked["fallback"]) == ("^1.0.0", "0")

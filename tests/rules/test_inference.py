"""What `pants dependencies` shows for sources and containers."""

from __future__ import annotations

from typing import Mapping

import pytest
from pants.engine.addresses import Address, Addresses
from pants.engine.target import AllTargets, Dependencies, DependenciesRequest

from rules import small_shop
from rules.runner import federation_runner
from rules.small_shop import CART, SHELL, UI


def dependencies(
    folder: str,
    *,
    file: str | None = None,
    target: str | None = None,
    changes: Mapping[str, str | None] | None = None,
    special: bool = False,
) -> set[str]:
    runner = federation_runner(small_shop.files(changes))
    owner = Address(folder, target_name=target, relative_file_path=file)
    field = runner.get_target(owner)[Dependencies]
    found = runner.request(
        Addresses, [DependenciesRequest(field, include_special_cased_deps=special)]
    )
    return {named(address) for address in found}


def named(address: Address) -> str:
    """A source file by its path; `Address.spec` adds `:../name` for files in subfolders."""
    return address.filename if address.is_file_target else address.spec


def manifests_and_settings(folder: str) -> set[str]:
    """What decides about every source of a package: the manifests from its own to the workspace's,
    and its `tsconfig.json`, whether it has one or not."""
    return {
        f"{folder}:package#{folder}/package.json",
        "shop:package#shop/package.json",
        f"{folder}:_typescript_settings",
    }


def test_a_script() -> None:
    assert dependencies(CART, file="src/Cart.tsx") == {
        f"{CART}:package#clsx",
        # JSX makes the compiler import `react/jsx-runtime`.
        f"{CART}:package#react",
        *manifests_and_settings(CART),
        f"{CART}/src/types.ts",
        f"{UI}/src/index.tsx",
        f"{UI}/src/theme.css",
    }


def test_a_stylesheet() -> None:
    assert dependencies(UI, file="src/theme.css") == {
        *manifests_and_settings(UI),
        f"{UI}/src/plus.svg",
    }


def test_an_import_of_a_remote() -> None:
    found = dependencies(SHELL, file="src/index.tsx")
    assert f"{CART}:remote" in found
    assert not any(spec.startswith(f"{CART}/") for spec in found)


def test_a_host() -> None:
    assert dependencies(SHELL, target="host") == {
        f"{SHELL}:package",
        f"{SHELL}/src/index.tsx",
        "shop:_node_project",
    }
    assert f"{CART}:remote" in dependencies(SHELL, target="host", special=True)


def test_a_remote() -> None:
    assert dependencies(CART, target="remote", changes={"pants.toml": ""}) == {
        f"{CART}:package",
        f"{CART}/src/Cart.tsx",
        "shop:_node_project",
        "//:_module_federation_settings",
    }


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param('import "./types";', f"{CART}/src/types.ts", id="static import"),
        pytest.param('export * from "./types";', f"{CART}/src/types.ts", id="re-export"),
        pytest.param('const t = import("./types");', f"{CART}/src/types.ts", id="dynamic import"),
        pytest.param('const t = require("./types");', f"{CART}/src/types.ts", id="require"),
        pytest.param('import "./types.js";', f"{CART}/src/types.ts", id="the name of the output"),
        pytest.param('import "../src";', f"{CART}/src/index.ts", id="a folder's index"),
        pytest.param(
            'new URL("./logo.png", import.meta.url);', f"{CART}/src/logo.png", id="new URL"
        ),
        pytest.param('import x from "./data.json";', f"{CART}/src/data.json", id="JSON"),
        pytest.param('import "~/types";', f"{CART}/src/types.ts", id="paths of tsconfig.json"),
        pytest.param('import "#types";', f"{CART}/src/types.ts", id="imports of package.json"),
        pytest.param(
            'import "@scope/pkg/sub";', f"{CART}:package#__scope/pkg", id="scoped package"
        ),
        pytest.param('import "@shop/ui";', f"{UI}/src/index.tsx", id="workspace package"),
        pytest.param(
            'import "@shop/ui/theme.css";',
            f"{UI}/src/theme.css",
            id="subpath of a workspace package",
        ),
        pytest.param(
            'import type { A } from "csstype";', f"{CART}:package#__types/csstype", id="types"
        ),
    ],
)
def test_each_kind_of_import(source: str, expected: str) -> None:
    found = dependencies(
        CART,
        file="src/Cart.tsx",
        changes={
            f"{CART}/src/Cart.tsx": source,
            f"{CART}/src/index.ts": "",
            f"{CART}/src/data.json": "{}",
            f"{CART}/src/logo.png": "",
            f"{CART}/tsconfig.json": '{"compilerOptions": {"paths": {"~/*": ["./src/*"]}}}',
            f"{CART}/package.json": small_shop.manifest(
                "@shop/cart",
                imports={"#types": "./src/types.ts"},
                dependencies={"@scope/pkg": "1", "@types/csstype": "1", "@shop/ui": "*"},
            ),
        },
    )
    assert expected in found


def test_settings_that_are_extended_under_any_name() -> None:
    changes = {
        f"{CART}/src/Cart.tsx": 'import "~/types";',
        f"{CART}/tsconfig.json": '{"extends": "../../../config/base.json"}',
        "config/base.json": '{"extends": "./paths"}',
        "config/paths.json": f'{{"compilerOptions": {{"paths": {{"~/*": ["../{CART}/src/*"]}}}}}}',
    }
    found = dependencies(CART, file="src/Cart.tsx", changes=changes)
    assert f"{CART}/src/types.ts" in found


def test_tests_and_stories_are_no_sources() -> None:
    runner = federation_runner(
        small_shop.files(
            {
                f"{CART}/src/Cart.test.tsx": "",
                f"{CART}/src/Cart.stories.tsx": "",
                f"{CART}/src/__tests__/helpers.ts": "",
                f"{CART}/node_modules/x/index.js": "",
            }
        )
    )
    names = {named(target.address) for target in runner.request(AllTargets, [])}
    assert f"{CART}/src/Cart.tsx" in names
    assert not any(part in name for name in names for part in ("test", "stories", "node_modules"))


def test_a_file_that_kills_the_parser_stands_alone() -> None:
    """Brackets in strings pass the parser's own count of levels, and are too deep for it."""
    changes = {f"{CART}/src/deep.ts": 'f(")",' * 50_000}
    assert f"{UI}/src/index.tsx" in dependencies(CART, file="src/Cart.tsx", changes=changes)


def test_names_that_would_be_patterns() -> None:
    """Routers name files this way."""
    changes = {
        f"{CART}/src/[id].tsx": 'import "./types";\n',
        f"{CART}/src/Cart.tsx": 'import "./[id]";\n',
    }
    # In an address, Pants escapes what would be a pattern.
    escaped = "src/[[]id].tsx"
    assert f"{CART}/src/types.ts" in dependencies(CART, file=escaped, changes=changes)
    assert f"{CART}/{escaped}" in dependencies(CART, file="src/Cart.tsx", changes=changes)

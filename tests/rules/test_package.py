"""What `pants package` writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pants.core.goals.package import Package

from rules import small_shop
from rules.runner import ENVIRONMENT, federation_runner
from rules.small_shop import CART, SHELL

GOLDEN = {
    "version": 1,
    "host": {"name": "shop__shell", "address": f"{SHELL}:host"},
    "remotes": [
        {
            "alias": "cart",
            "name": "shop__cart",
            "address": f"{CART}:remote",
            "entry": "../../shop.apps.cart/remote/mf-manifest.json",
            "exposes": ["./Cart"],
        }
    ],
}


def package(changes: dict[str, str | None] | None = None, *options: str) -> Path:
    """Packages everything; the folder `dist`."""
    runner = federation_runner(small_shop.files(changes))
    result = runner.run_goal_rule(
        Package, args=["::"], global_args=options, env_inherit=set(ENVIRONMENT)
    )
    assert result.exit_code == 0
    return Path(runner.build_root, "dist")


def federation(dist: Path) -> object:
    return json.loads((dist / "shop.apps.shell/host/federation.json").read_text())


def entries(dist: Path) -> set[str]:
    """Where the packaged host looks for its remotes, as its manifest has it."""
    manifest = json.loads((dist / "shop.apps.shell/host/mf-manifest.json").read_text())
    return {remote["entry"] for remote in manifest["remotes"]}


def test_the_layout() -> None:
    dist = package()
    assert sorted(path.name for path in dist.iterdir()) == ["shop.apps.cart", "shop.apps.shell"]
    remote, host = dist / "shop.apps.cart/remote", dist / "shop.apps.shell/host"
    assert sorted(path.name for path in remote.iterdir()) == [
        "mf-contract.json",
        "mf-manifest.json",
        "remoteEntry.js",
        "static",
    ]
    assert sorted(path.name for path in host.iterdir()) == [
        "federation.json",
        "index.html",
        "mf-contract.json",
        "mf-manifest.json",
        "static",
    ]
    assert federation(dist) == GOLDEN


def test_what_is_there_already_is_left_alone() -> None:
    """A remote is damaged, so that it is written again, and the host is not."""
    runner = federation_runner(small_shop.files())
    dist = Path(runner.build_root, "dist")

    def packaged() -> dict[Path, tuple[bytes, int]]:
        """File → its content, and when it was last changed."""
        run = runner.run_goal_rule(Package, args=["::"], env_inherit=set(ENVIRONMENT))
        assert run.exit_code == 0
        return {
            path.relative_to(dist): (path.read_bytes(), path.stat().st_ctime_ns)
            for path in dist.rglob("*")
            if path.is_file()
        }

    before = packaged()
    assert packaged() == before
    (dist / "shop.apps.cart/remote/remoteEntry.js").write_text("damaged")
    after = packaged()
    assert {path: text for path, (text, _) in after.items()} == {
        path: text for path, (text, _) in before.items()
    }
    written = {path.parts[0] for path in before if before[path] != after[path]}
    assert written == {"shop.apps.cart"}


def test_an_output_path() -> None:
    dist = package(
        {
            f"{CART}/BUILD": small_shop.BUILD_FILES[f"{CART}/BUILD"].replace(
                "exposes=", 'output_path="shop/cart", exposes='
            )
        }
    )
    assert (dist / "shop/cart/remoteEntry.js").is_file()
    assert entries(dist) == {"../../shop/cart/mf-manifest.json"}


@pytest.mark.parametrize(
    ("field", "option", "expected"),
    [
        pytest.param(None, None, "../../", id="side by side by default"),
        pytest.param(None, "https://a.example/x", "https://a.example/x/", id="the option"),
        pytest.param("/remotes", "https://a.example/x", "/remotes/", id="the field wins"),
    ],
)
def test_where_remotes_are_found(field: str | None, option: str | None, expected: str) -> None:
    build = small_shop.BUILD_FILES[f"{SHELL}/BUILD"]
    if field is not None:
        build = build.replace("remotes=", f'remotes_base_url="{field}", remotes=')
    options = [] if option is None else [f"--module-federation-remotes-base-url={option}"]
    dist = package({f"{SHELL}/BUILD": build}, *options)
    assert entries(dist) == {f"{expected}shop.apps.cart/remote/mf-manifest.json"}

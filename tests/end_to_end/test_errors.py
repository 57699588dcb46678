"""What the command line says about mistakes: one message, with the place and the remedy."""

from __future__ import annotations

from typing import Iterator, Mapping

import pytest

from end_to_end.pants_repository import PantsRepository
from rules import small_shop
from rules.small_shop import CART, SHELL

HOST = f"{SHELL}:host"
REMOTE = f"{CART}:remote"


@pytest.fixture
def broken(shop: PantsRepository) -> Iterator[PantsRepository]:
    """The small shop; what a test breaks is put right after it."""
    yield shop
    shop.write(small_shop.files())


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        pytest.param(
            {"shop/package-lock.json": None},
            [
                "/package.json: No lockfile",
                "`npm install --package-lock-only` in `shop`",
            ],
            id="a missing lockfile",
        ),
        pytest.param(
            {
                f"{CART}/BUILD": small_shop.BUILD_FILES[f"{CART}/BUILD"].replace(
                    "src/Cart.tsx", "src/Card.tsx"
                )
            },
            [f"{CART}/src/Card.tsx: ", "'./Cart'", REMOTE, f"{CART}/src/Cart.tsx"],
            id="an exposed file that is not there",
        ),
        pytest.param(
            {f"{SHELL}/src/index.tsx": '\n\nimport("cart/Basket");\n'},
            [f"{SHELL}/src/index.tsx:3: ", "`cart/Basket`", HOST, "`cart/Cart`"],
            id="an expose that the remote does not have",
        ),
        pytest.param(
            {f"{CART}/src/types.ts": "", f"{CART}/src/Cart.tsx": '\nimport "left-pad";\n'},
            [f"{CART}/src/Cart.tsx:2", "left-pad", REMOTE],
            id="a package that is not installed",
        ),
        pytest.param(
            {f"{CART}/src/Cart.tsx": "export default function Cart() {\n  return <div>;\n}\n"},
            [f"{CART}/src/Cart.tsx:3:1\n", REMOTE, "│   return <div>;"],
            id="a source that does not compile",
        ),
        pytest.param(
            {
                f"{SHELL}/BUILD": small_shop.BUILD_FILES[f"{SHELL}/BUILD"].replace(
                    REMOTE, f"{CART}:package"
                )
            },
            [f"{SHELL}/BUILD: ", f"{CART}:package", HOST, f"* {REMOTE}"],
            id="a remote that is no container",
        ),
        pytest.param(
            {
                f"{CART}/package.json": small_shop.MANIFESTS[f"{CART}/package.json"].replace(
                    "^2.0.0", "^1.0.0"
                )
            },
            ["shop/package-lock.json: ", "clsx", "out of step"],
            id="a lockfile that is out of step",
        ),
    ],
)
def test_a_mistake(
    broken: PantsRepository, changes: Mapping[str, str | None], parts: list[str]
) -> None:
    check_message(broken, changes, [*parts, "To fix it: "])


def test_a_remote_that_does_not_exist(broken: PantsRepository) -> None:
    """Addresses are looked up by Pants, which has its own way to say what to do."""
    build = small_shop.BUILD_FILES[f"{SHELL}/BUILD"].replace(REMOTE, f"{CART}:remot")
    check_message(
        broken,
        {f"{SHELL}/BUILD": build},
        [f"{CART}:remot from the `remotes` field", HOST, "Did you mean", "* :remote"],
    )


def check_message(
    broken: PantsRepository, changes: Mapping[str, str | None], parts: list[str]
) -> None:
    broken.write(changes)
    outcome = broken.call("package", "::")
    assert outcome.exit_code == 1
    for part in parts:
        assert part in outcome.output
    assert outcome.output.count("[ERROR]") == 1
    assert outcome.output.count("To fix it: ") <= 1
    for noise in ("Traceback (", "pants-sandbox", str(broken.root)):
        assert noise not in outcome.output
    # It can be read without scrolling.
    assert len(outcome.output.splitlines()) < 40
    assert broken.dist() == {}

"""Changes of the storefront, and what each of them reaches."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Callable

from end_to_end.pants_repository import PantsRepository

SHOP = "examples/storefront"
APPS = f"{SHOP}/apps"

ACCOUNT, CART, CATALOG, SHELL = ("account", "cart", "catalog", "shell")
ALL = {ACCOUNT, CART, CATALOG, SHELL}
REMOTES = {ACCOUNT, CART, CATALOG}

# `currency.js`, which only `cart` imports, one version back; from `npm view currency.js@2.0.3`.
_OTHER_CURRENCY = {
    "version": "2.0.3",
    "integrity": "sha512-3rtzulRMwUJHmH0EPKiO/taYEGWlLSG2rpBOaHhfaY1dPGqK595mjg4t4bksy7glHEPZry7l5x"
    "SpXECs1eFrWg==",
}

_DAYJS_TOO = """[packages.dayjs]
singleton = true

[packages."@storefront/ui"]"""

_PAGE = """<!doctype html>
<html><head><title>Morrow</title></head><body><div id="root"></div></body></html>
"""

# What the shop has not, and a change may be about.
MORE_FILES = {
    f"{APPS}/shell/page.html": _PAGE,
    f"{APPS}/cart/src/money.ts": "export default function money() {\n  return 0;\n}\n",
    f"{APPS}/cart/src/unused.ts": "export const unused = 1;\n",
    ".gitignore": "/dist/\n__pycache__/\n",
}


@dataclass(frozen=True)
class Case:
    """A change, and what comes of it.

    :param change: makes it.
    :param packaged: the containers that `--changed-since` packages.
    :param bundled: those of them that are bundled.
    :param differ: those whose files are others than before; the truth. By default all that are
        bundled.
    """

    change: Callable[[PantsRepository], None]
    packaged: set[str]
    bundled: set[str]
    differ: set[str] | None = None


def edit(file: str, old: str, new: str) -> Callable[[PantsRepository], None]:
    return lambda repository: repository.edit(f"{SHOP}/{file}", old, new)


def write(file: str, content: str | None) -> Callable[[PantsRepository], None]:
    return lambda repository: repository.write({f"{SHOP}/{file}": content})


def bump_currency(repository: PantsRepository) -> None:
    path = repository.root / SHOP / "package-lock.json"
    lock = json.loads(path.read_text())
    lock["packages"]["node_modules/currency.js"].update(_OTHER_CURRENCY)
    path.write_text(json.dumps(lock, indent=2))


def import_new_file(repository: PantsRepository) -> None:
    repository.write({f"{APPS}/cart/src/extra.ts": "console.log('extra');\n"})
    repository.edit(
        f"{APPS}/cart/src/totals.ts", "SHIPPING = 490", 'SHIPPING = 490;\nimport "./extra"'
    )


def move_to_folder(repository: PantsRepository) -> None:
    """The import of it stays as it is, and leads elsewhere."""
    folder = repository.root / SHOP / "libs/format/src"
    content = (folder / "prices.ts").read_text().replace('from "./', 'from "../')
    repository.write(
        {
            f"{SHOP}/libs/format/src/prices.ts": None,
            f"{SHOP}/libs/format/src/prices/index.ts": content,
        }
    )


CASES = {
    "a source of one remote": Case(
        # A host depends on its remotes: what it lists of them may have changed. It is packaged
        # again, and bundled only if it has.
        edit("apps/cart/src/totals.ts", "SHIPPING = 490", "SHIPPING = 590"),
        packaged={CART, SHELL},
        bundled={CART},
    ),
    "a source of the host": Case(
        edit("apps/shell/src/paths.ts", "/cart", "/basket"), packaged={SHELL}, bundled={SHELL}
    ),
    "a source that nothing imports": Case(
        edit("apps/cart/src/unused.ts", "1", "2"), packaged=set(), bundled=set()
    ),
    "a library's source that all remotes import": Case(
        edit("libs/format/src/prices.ts", '"en-IE"', '"de-DE"'), packaged=ALL, bundled=REMOTES
    ),
    "a library's source that one remote imports": Case(
        edit("libs/ui/src/icons/person.svg", "<svg", '<svg id="me"'),
        packaged={ACCOUNT, SHELL},
        bundled={ACCOUNT},
    ),
    "a stylesheet": Case(
        edit("apps/cart/src/cart.css", ".cart-line__what {", ".cart-line__what { --new: 1;"),
        packaged={CART, SHELL},
        bundled={CART},
    ),
    "an exposed module": Case(
        edit("apps/cart/src/CartPage.tsx", 'from "react";', 'from "react";\nconsole.info("page");'),
        packaged={CART, SHELL},
        bundled={CART},
    ),
    "an import of a new file": Case(import_new_file, packaged={CART, SHELL}, bundled={CART}),
    "a file that becomes a folder": Case(move_to_folder, packaged=ALL, bundled=REMOTES),
    "a BUILD file: one more exposed module": Case(
        # The host lists what its remotes expose.
        edit("apps/cart/BUILD", "exposes={", 'exposes={"./ThankYou": "src/ThankYou.tsx", '),
        packaged={CART, SHELL},
        bundled={CART},
        differ={CART, SHELL},
    ),
    "a BUILD file: another name": Case(
        # A host's code has its remotes' names in it.
        edit("apps/cart/BUILD", 'name="remote",', 'name="remote", container_name="basket",'),
        packaged={CART, SHELL},
        bundled={CART, SHELL},
    ),
    "package.json of a remote": Case(
        edit("apps/cart/package.json", '"type": "module"', '"sideEffects": true, "type": "module"'),
        packaged={CART, SHELL},
        bundled={CART},
    ),
    "package.json of a library": Case(
        edit("libs/format/package.json", '"type": "module",', '"type": "module", "x": 1,'),
        packaged=ALL,
        bundled=set(),
    ),
    "the lockfile: a package that one remote reaches": Case(
        # Who reaches it is known after the installation only: too late for `--changed-since`.
        bump_currency,
        packaged=ALL,
        bundled={CART},
    ),
    "tsconfig.json of a remote": Case(
        edit(
            "apps/cart/tsconfig.json",
            '"include"',
            '"compilerOptions": {"paths": {"currency.js": ["./src/money.ts"]}},\n  "include"',
        ),
        packaged={CART, SHELL},
        bundled={CART},
    ),
    "a new tsconfig.json": Case(
        # Nearer to the sources than the one that applied before.
        write("apps/account/src/tsconfig.json", '{"extends": "../tsconfig.json"}'),
        packaged={ACCOUNT, SHELL},
        bundled=set(),
    ),
    "a deleted tsconfig.json": Case(
        write("apps/account/tsconfig.json", None), packaged={ACCOUNT, SHELL}, bundled=set()
    ),
    "tsconfig.json that all others extend": Case(
        edit("tsconfig.base.json", '"target": "ES2022"', '"target": "ES2021"'),
        packaged=ALL,
        bundled=set(),
    ),
    "the policy": Case(
        edit("sharing.toml", '[packages."@storefront/ui"]', _DAYJS_TOO),
        packaged=ALL,
        bundled={ACCOUNT, CART},
    ),
    "the page of the host": Case(
        edit("apps/shell/page.html", "Morrow", "Tomorrow"), packaged={SHELL}, bundled={SHELL}
    ),
    "documentation": Case(edit("README.md", "# Morrow", "# Tomorrow"), set(), set()),
}

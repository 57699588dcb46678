"""Names of containers in the browser."""

from __future__ import annotations

import re

_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*\Z")
_NO_IDENTIFIER_PART = re.compile(r"[^A-Za-z0-9_$]")

#: ECMAScript's reserved words in strict code (ECMA-262, 12.7.2): a container's name is declared
#: with `var`.
_RESERVED = frozenset(
    "arguments await break case catch class const continue debugger default delete do else enum "  # noqa: SIM905
    "eval export extends false finally for function if implements import in instanceof interface "
    "let new null package private protected public return static super switch this throw true try "
    "typeof var void while with yield".split()
)


#: Properties of every browser window that a script's `var` can't replace, or that do something when
#: they are assigned to (HTML Standard, 7.2.2, interface Window).
_BROWSERS_OWN = frozenset(
    "closed document event external frames history length location locationbar menubar name "  # noqa: SIM905
    "navigator opener origin parent screen self status toolbar top window".split()
)


def default_container_name(package_name: str) -> str:
    """The container name that a package gets by itself: `@acme/cart-page` → `acme__cart_page`.

    Backstage's rule (its CLI's bundler options: drop `@`, `/` → `__`, `-` → `_`), completed for
    names on which it gives no identifier: every other character that can't stand in one becomes
    `_`, and a leading digit or a taken word gets a `_` before it.
    """
    text = package_name.replace("@", "").replace("/", "__").replace("-", "_")
    text = _NO_IDENTIFIER_PART.sub("_", text)
    return text if is_container_name(text) else f"_{text}"


def is_container_name(name: str) -> bool:
    """Whether a text can be a container's name: the browser keeps it as a global variable."""
    return bool(_IDENTIFIER.match(name)) and name not in _RESERVED | _BROWSERS_OWN

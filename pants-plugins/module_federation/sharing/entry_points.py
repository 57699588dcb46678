"""Which of a package's entry points there are, as far as sharing needs to know."""

from __future__ import annotations

from typing import Any, Iterator

from module_federation.sharing.copies import Copy

_ASSET_SUFFIXES = (
    ".css", ".scss", ".sass", ".less", ".styl", ".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp",
    ".avif", ".ico", ".woff", ".woff2", ".ttf", ".otf", ".eot", ".json", ".txt", ".html", ".wasm",
)  # fmt: skip


def has_entry_point(copy: Copy, subpath: str) -> bool:
    """Whether ``<package>/<subpath>`` can be imported, by the package's ``exports``.

    True for a package without ``exports``: there, a file decides, and none is at hand. Source:
    Node.js documentation, "Modules: Packages", "Subpath exports".
    """
    exports = copy.exports
    if exports is None:
        return True
    if not _has_subpaths(exports):
        return False
    return any(True for _ in _targets(_match(exports, f"./{subpath}")))


def is_code(copy: Copy | None, package: str, request: str) -> bool:
    """Whether a request leads to a module that can be shared: no style, image or data."""
    if request.lower().endswith(_ASSET_SUFFIXES):
        return False
    if copy is None or copy.exports is None or not _has_subpaths(copy.exports):
        return True
    subpath = request[len(package) :]
    targets = tuple(_targets(_match(copy.exports, f".{subpath}")))
    return not any(target.lower().endswith(_ASSET_SUFFIXES) for target in targets)


def _has_subpaths(exports: Any) -> bool:
    return isinstance(exports, dict) and any(key.startswith(".") for key in exports)


def _match(exports: dict[str, Any], key: str) -> Any:
    if key in exports:
        return exports[key]
    patterns = sorted((each for each in exports if each.count("*") == 1), key=len, reverse=True)
    for pattern in patterns:
        before, _, after = pattern.partition("*")
        fits = key.startswith(before) and key.endswith(after)
        if fits and len(key) >= len(before) + len(after) + 1:
            return exports[pattern]
    return None


def _targets(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _targets(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _targets(inner)

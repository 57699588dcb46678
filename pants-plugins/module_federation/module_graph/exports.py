"""Node's ``exports`` and ``imports`` fields: which file of a package a request means.

Source of the rules: the algorithms PACKAGE_EXPORTS_RESOLVE, PACKAGE_IMPORTS_RESOLVE,
PACKAGE_IMPORTS_EXPORTS_RESOLVE, PATTERN_KEY_COMPARE and PACKAGE_TARGET_RESOLVE in Node.js'
documentation ("Modules: ECMAScript modules", Resolution algorithm specification, v20). Like the
bundler's resolver, and unlike Node, folder targets that end in ``/`` still map everything below
them.
"""

from __future__ import annotations

from typing import AbstractSet, Any, Mapping

_FORBIDDEN_SEGMENTS = frozenset((".", "..", "node_modules"))


class ExportsError(ValueError):
    """A request that ``exports`` or ``imports`` does not answer, with the reason in words."""


def resolve_exports(exports: Any, subpath: str, conditions: AbstractSet[str]) -> str:
    """The target of `subpath` (``"."`` or ``"./x"``) in a package's ``exports`` field.

    Returns a path that starts with ``./`` and is relative to the package's folder.

    Raises:
        ExportsError: not exported, excluded by ``null``, or a target outside the package.
    """
    keys = list(exports) if isinstance(exports, dict) else []
    dotted = [key.startswith(".") for key in keys]
    if any(dotted) and not all(dotted):
        raise ExportsError("`exports` mixes subpaths and conditions on one level")
    table = exports if any(dotted) else {".": exports}
    if subpath.endswith("/"):
        raise ExportsError(f"`{subpath}` is a folder, which `exports` cannot answer")
    target = _resolve_table(table, subpath, conditions, internal=False)
    if target is None:
        raise ExportsError(f"`exports` has no entry for `{subpath}` under {_words(conditions)}")
    return target


def resolve_imports(imports: Any, request: str, conditions: AbstractSet[str]) -> str:
    """The target of a ``#request`` in a package's ``imports`` field.

    Returns ``./x``, relative to the package's folder, or a bare request for another package.

    Raises:
        ExportsError: not defined, excluded by ``null``, or a target outside the package.
    """
    if request == "#" or request.startswith("#/"):
        raise ExportsError(f"`{request}` is not a name that `imports` can define")
    table = imports if isinstance(imports, dict) else {}
    target = _resolve_table(table, request, conditions, internal=True)
    if target is None:
        raise ExportsError(f"`imports` has no entry for `{request}` under {_words(conditions)}")
    return target


def _resolve_table(
    table: Mapping[str, Any], key: str, conditions: AbstractSet[str], *, internal: bool
) -> str | None:
    if key in table and "*" not in key and not key.endswith("/"):
        return _resolve_target(table[key], None, conditions, internal=internal)
    best = ""
    best_match = ""
    for candidate in table:
        match = _match(candidate, key)
        if match is not None and (not best or _pattern_order(candidate) < _pattern_order(best)):
            best, best_match = candidate, match
    if not best:
        return None
    return _resolve_target(table[best], best_match, conditions, internal=internal)


def _match(pattern: str, key: str) -> str | None:
    """What the ``*`` (or the trailing ``/``) of `pattern` stands for in `key`."""
    if pattern.endswith("/") and "*" not in pattern:
        return key[len(pattern) :] if key.startswith(pattern) and key != pattern else None
    head, star, tail = pattern.partition("*")
    if not star or "*" in tail or not key.startswith(head) or not key.endswith(tail):
        return None
    if len(key) < len(head) + len(tail):
        return None
    return key[len(head) : len(key) - len(tail)]


def _pattern_order(pattern: str) -> tuple[int, int]:
    """PATTERN_KEY_COMPARE: the longest text before the ``*`` first, then the longest pattern."""
    head, star, _ = pattern.partition("*")
    return (-(len(head) + 1 if star else len(pattern)), -len(pattern))


class _Excluded(Exception):
    """A ``null`` target: the request is refused, and no later condition is asked."""


def _resolve_target(
    target: Any, match: str | None, conditions: AbstractSet[str], *, internal: bool
) -> str | None:
    try:
        return _target(target, match, conditions, internal=internal)
    except _Excluded:
        return None


def _target(
    target: Any, match: str | None, conditions: AbstractSet[str], *, internal: bool
) -> str | None:
    if isinstance(target, str):
        return _target_path(target, match, internal=internal)
    if isinstance(target, dict):
        for condition, value in target.items():
            if condition.isdigit():
                raise ExportsError(f"`{condition}` is a number, not the name of a condition")
            if condition == "default" or condition in conditions:
                resolved = _target(value, match, conditions, internal=internal)
                if resolved is not None:
                    return resolved
        return None
    if isinstance(target, list):
        return _first_valid(target, match, conditions, internal=internal)
    if target is None:
        raise _Excluded
    raise ExportsError(f"`{target!r}` is not a target; write a path that starts with `./`")


def _first_valid(
    targets: list[Any], match: str | None, conditions: AbstractSet[str], *, internal: bool
) -> str | None:
    failure: Exception | None = _Excluded() if not targets else None
    for target in targets:
        try:
            resolved = _target(target, match, conditions, internal=internal)
        except (ExportsError, _Excluded) as error:
            failure = error
            continue
        if resolved is not None:
            return resolved
    if failure is not None:
        raise failure
    return None


def _target_path(target: str, match: str | None, *, internal: bool) -> str:
    if not target.startswith("./"):
        bare = not target.startswith(("../", "/")) and target not in ("", ".", "..")
        if internal and bare and ":" not in target:
            return _fill(target, match)
        raise ExportsError(f"target `{target}` does not start with `./`")
    if _forbidden(target[2:]):
        raise ExportsError(f"target `{target}` leaves the package or enters node_modules")
    if match is not None and _forbidden(match):
        raise ExportsError(f"`{match}` is not a path that a pattern may stand for")
    return _fill(target, match)


def _fill(target: str, match: str | None) -> str:
    if match is None:
        return target
    return f"{target}{match}" if target.endswith("/") else target.replace("*", match)


def _forbidden(path: str) -> bool:
    normal = path.replace("\\", "/").lower()
    for encoded, plain in (("%2e", "."), ("%6e", "n"), ("%2f", "/"), ("%5c", "/")):
        normal = normal.replace(encoded, plain)
    return any(segment in _FORBIDDEN_SEGMENTS for segment in normal.split("/"))


def _words(conditions: AbstractSet[str]) -> str:
    return "the conditions " + ", ".join(sorted(conditions | {"default"}))

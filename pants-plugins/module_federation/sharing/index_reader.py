"""Reads the JSON of an install index, trusting nothing in it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Mapping

from module_federation.sharing.copies import Copy

SCHEMA_VERSION = 1

_NAME = re.compile(r"(?:@[^@/\\\s]+/)?[^@./\\\s][^/\\\s]*\Z")
_REFUSED_NAMES = frozenset(("__proto__", "node_modules"))
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DRIVE = re.compile(r"[A-Za-z]:")


class InstallIndexError(ValueError):
    """An install index that cannot be right. The text names the place in the file."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(
            f"The install index is not usable: {where} {problem}. The index is written by the "
            "installation itself, so this is an installed package with a harmful or broken "
            "`package.json`, or a fault of this plugin: look at the package named here, and "
            "install again."
        )


@dataclass(frozen=True)
class RawIndex:
    """The content of an index, checked but not yet linked together."""

    package_manager: str
    package_manager_version: str
    copies: tuple[Copy, ...]
    links: Mapping[str, str]
    catalogs: Mapping[str, Mapping[str, str]]


def read_index(content: bytes) -> RawIndex:
    """Check and read an index.

    Raises:
        InstallIndexError: it is no JSON, another version of the schema, or has a value of the wrong
            type, a path that leaves the project, a name that no package may have, or a path twice.
    """
    try:
        data = json.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise InstallIndexError("the file", f"is not JSON ({error})") from error
    top = _object(data, "the file")
    if top.get("version") != SCHEMA_VERSION or isinstance(top["version"], bool):
        raise InstallIndexError(
            "`version`", f"is {top.get('version')!r}, but this plugin reads {SCHEMA_VERSION}"
        )
    manager = _object(top.get("packageManager", {}), "`packageManager`")
    copies = tuple(
        _read_copy(each, f"`packages[{place}]`")
        for place, each in enumerate(_array(top.get("packages"), "`packages`"))
    )
    links: dict[str, str] = {}
    for place, each in enumerate(_array(top.get("links", []), "`links`")):
        where = f"`links[{place}]`"
        link = _object(each, where)
        path = _path(link.get("path"), f"`path` of {where}")
        if path in links or not path:
            raise InstallIndexError(f"`path` of {where}", f"is {path!r}, which is taken already")
        links[path] = _path(link.get("target"), f"`target` of {where}")
    seen = set(links)
    for copy in copies:
        if copy.path in seen:
            raise InstallIndexError("`packages`", f"lists the path {copy.path!r} twice")
        seen.add(copy.path)
    return RawIndex(
        _text(manager.get("name", ""), "`packageManager.name`"),
        _text(manager.get("version", ""), "`packageManager.version`"),
        tuple(sorted(copies, key=lambda copy: copy.path)),
        dict(sorted(links.items())),
        {
            name: _texts(entries, f"catalog `{name}`")
            for name, entries in _object(top.get("catalogs", {}), "`catalogs`").items()
        },
    )


def _read_copy(value: object, where: str) -> Copy:
    entry = _object(value, where)
    path = _path(entry.get("path"), f"`path` of {where}")
    where = f"the package at {path!r}"
    is_workspace = entry.get("workspace", False)
    if not isinstance(is_workspace, bool):
        raise InstallIndexError(f"`workspace` of {where}", "is neither true nor false")
    optional_peers = _array(entry.get("optionalPeers", []), f"`optionalPeers` of {where}")
    version = entry.get("version")
    license_name = entry.get("license")
    return Copy(
        path=path,
        # Only a package of one's own may do without a name.
        name=_name(entry.get("name"), where, may_be_absent=is_workspace or not path),
        version=None if version is None else _text(version, f"`version` of {where}"),
        is_workspace=is_workspace or not path,
        dependencies=_dependencies(entry, "dependencies", where),
        optional_dependencies=_dependencies(entry, "optionalDependencies", where),
        peer_dependencies=_dependencies(entry, "peerDependencies", where),
        dev_dependencies=_dependencies(entry, "devDependencies", where),
        optional_peers=frozenset(
            _text(each, f"`optionalPeers` of {where}") for each in optional_peers
        ),
        exports=entry.get("exports"),
        # Old packages have objects and lists here, which say nothing that is needed.
        license=license_name if isinstance(license_name, str) else None,
    )


def _dependencies(entry: Mapping[str, Any], section: str, where: str) -> Mapping[str, str]:
    dependencies = _texts(entry.get(section, {}), f"`{section}` of {where}")
    for name in dependencies:
        _name(name, f"`{section}` of {where}")
    return dependencies


def _object(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise InstallIndexError(where, "is not an object")
    return value


def _array(value: object, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise InstallIndexError(where, "is not a list")
    return value


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise InstallIndexError(where, f"is {value!r}, not a text")
    return value


def _texts(value: object, where: str) -> Mapping[str, str]:
    entries = _object(value, where)
    return {name: _text(each, f"`{name}` in {where}") for name, each in entries.items()}


def _name(value: object, where: str, *, may_be_absent: bool = False) -> str:
    if may_be_absent and value in (None, ""):
        return ""
    name = _text(value, f"the name in {where}")
    if not _NAME.match(name) or name in _REFUSED_NAMES or _CONTROL.search(name):
        raise InstallIndexError(f"the name in {where}", f"is {name!r}, which no package may have")
    return name


def _path(value: object, where: str) -> str:
    path = _text(value, where)
    if not path:
        return path
    if path.startswith("/") or _DRIVE.match(path):
        raise InstallIndexError(where, f"is {path!r}, an absolute path")
    if "\\" in path or _CONTROL.search(path):
        raise InstallIndexError(where, f"is {path!r}, which has a character no path may have")
    if any(segment in ("", ".", "..", "__proto__") for segment in path.split("/")):
        raise InstallIndexError(where, f"is {path!r}, which is not a plain path in the project")
    return path

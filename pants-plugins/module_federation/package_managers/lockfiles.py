"""What can be told of a lockfile without installing from it.

No version of a package is read here: what is installed is the truth. But a package manager's own
words for a broken lockfile name neither the file nor what to do.
"""

from __future__ import annotations

import json
import re
from typing import Any

from module_federation.package_managers import releases
from module_federation.package_managers.model import ManagerKind, PackageManager, ProjectFileError

_PNPM_VERSION = re.compile(rb"^lockfileVersion: *['\"]?([\w.]+)['\"]?", re.MULTILINE)
# YAML as Yarn writes it, with `\r\n` where git converts the ends of lines.
_YARN_VERSION = re.compile(rb"^__metadata:\r?\n(?:[ ]+.*\r?\n)*?[ ]+version: *(\d+)", re.MULTILINE)
_CONFLICT = re.compile(rb"^(?:<<<<<<<|=======|>>>>>>>)(?: |\r?$)", re.MULTILINE)
_NPM_VERSIONS = (2, 3)


def pnpm_lockfile_version(content: bytes) -> str | None:
    """`lockfileVersion` of a `pnpm-lock.yaml`, such as `9.0`."""
    match = _PNPM_VERSION.search(content)
    return match[1].decode() if match else None


def yarn_lockfile_version(content: bytes) -> str | None:
    """`__metadata.version` of a `yarn.lock`, which Yarn 1 does not write; such as `8`."""
    match = _YARN_VERSION.search(content)
    return match[1].decode() if match else None


def is_yarn_classic(content: bytes) -> bool:
    """Whether Yarn 1 wrote this `yarn.lock`. An empty one is anybody's, and so Yarn 1's."""
    return yarn_lockfile_version(content) is None and b"__metadata:" not in content


def check_lockfile(manager: PackageManager, file: str, content: bytes, folder: str) -> None:
    """Refuse a lockfile that no installation can come from.

    Args:
        file: The lockfile as messages name it.
        folder: The project as messages name it.

    Raises:
        ProjectFileError: It is not UTF-8, has the marks of an unresolved merge, is not readable, or
            is of a version that the package manager cannot install from without rewriting it.
    """
    remedy = (
        f"restore it from version control, or make it anew: delete it and run "
        f"`{manager.kind.relock}` in `{folder}`."
    )
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProjectFileError(
            "The lockfile is not readable: it is not UTF-8.", remedy=remedy, file=file
        ) from error
    conflict = _CONFLICT.search(content)
    if conflict is not None and manager.kind is not ManagerKind.NPM:
        raise ProjectFileError(
            "The lockfile is not readable: it has the marks of a merge conflict.",
            remedy=f"resolve it: run `{manager.kind.relock}` in `{folder}` and commit the result.",
            file=file,
            line=content.count(b"\n", 0, conflict.start()) + 1,
        )
    if manager.kind is ManagerKind.NPM:
        _check_npm(file, content, folder, remedy)
    elif manager.kind is ManagerKind.PNPM:
        _check_pnpm(manager, file, content, folder, remedy)
    else:
        _check_yarn(manager, file, content, folder, remedy)


def _check_npm(file: str, content: bytes, folder: str, remedy: str) -> None:
    lock: Any
    try:
        lock = json.loads(content)
    except json.JSONDecodeError as error:
        raise ProjectFileError(
            f"The lockfile is not readable as JSON: {error.msg} (column {error.colno}).",
            remedy=remedy,
            file=file,
            line=error.lineno,
        ) from error
    version = lock.get("lockfileVersion") if isinstance(lock, dict) else None
    if version not in _NPM_VERSIONS:
        raise ProjectFileError(
            f"The lockfile's `lockfileVersion` is {version!r}, but 2 or 3 is needed.",
            remedy=f"run `{ManagerKind.NPM.relock}` in `{folder}`, with npm 7 or newer.",
            file=file,
        )


def _check_pnpm(
    manager: PackageManager, file: str, content: bytes, folder: str, remedy: str
) -> None:
    version = pnpm_lockfile_version(content)
    if version is None:
        raise ProjectFileError(
            "The lockfile is not readable: it has no `lockfileVersion`.", remedy=remedy, file=file
        )
    if version not in releases.PNPM_FOR_LOCKFILE:
        raise ProjectFileError(
            f"The lockfile's `lockfileVersion` is {version}, but one of "
            f"{', '.join(releases.PNPM_FOR_LOCKFILE)} is needed.",
            remedy=f"run `{ManagerKind.PNPM.relock}` in `{folder}`, with pnpm "
            f"{releases.OLDEST[ManagerKind.PNPM]} or newer.",
            file=file,
        )
    # pnpm 9 reads both forms; `ERR_PNPM_LOCKFILE_BREAKING_CHANGE` is what the others say.
    major = int((manager.version or "9").split(".")[0])
    if (major < 9 and not version.startswith("6.")) or (major > 9 and version.startswith("6.")):
        raise ProjectFileError(
            f"The lockfile's `lockfileVersion` is {version}, which {manager.label} does not read.",
            remedy=f"run `{ManagerKind.PNPM.relock}` in `{folder}` with {manager.label}, or let "
            "the `packageManager` field of `package.json` name the pnpm that wrote it.",
            file=file,
        )


def _check_yarn(
    manager: PackageManager, file: str, content: bytes, folder: str, remedy: str
) -> None:
    classic = is_yarn_classic(content)
    if classic == (manager.kind is ManagerKind.YARN_CLASSIC):
        if not classic and yarn_lockfile_version(content) is None:
            raise ProjectFileError(
                "The lockfile is not readable: it has no `__metadata.version`.",
                remedy=remedy,
                file=file,
            )
        return
    writer = "Yarn 1" if classic else "a newer Yarn than Yarn 1"
    raise ProjectFileError(
        f"The lockfile was written by {writer}, and {manager.label} would write another.",
        remedy=f"run `{manager.kind.relock}` in `{folder}` with {manager.label}, or let the "
        "`packageManager` field of `package.json` name the Yarn that wrote it.",
        file=file,
    )

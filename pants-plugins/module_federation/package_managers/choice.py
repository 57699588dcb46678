"""Which package manager a project asks for: its `packageManager` field, else its lockfile."""

from __future__ import annotations

import re
from typing import Collection, Mapping

from module_federation.module_graph.package_json import PackageManifest
from module_federation.package_managers import releases
from module_federation.package_managers.lockfiles import (
    is_yarn_classic,
    pnpm_lockfile_version,
    yarn_lockfile_version,
)
from module_federation.package_managers.model import (
    NPM,
    ManagerKind,
    PackageManager,
    PinnedHash,
    ProjectFileError,
)

#: Every lockfile that marks the root of a project. The last ones are refused.
LOCKFILES = ("package-lock.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb")
_BUN = ("bun.lock", "bun.lockb")

_FIELD = re.compile(
    r"(?P<name>[a-z]+)@(?P<version>\d+\.\d+\.\d+(?:-[\w.-]+)?)"
    r"(?:\+(?P<algorithm>[a-z0-9]+)\.(?P<hash>[0-9a-fA-F]+))?\Z"
)
_DIGITS = {"sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128}
_SUPPORTED = "npm, pnpm and Yarn"


def choose(
    found: Mapping[str, bytes],
    manifest: PackageManifest | None,
    folder: str,
    release: str | None = None,
) -> PackageManager:
    """The package manager of the project in a folder.

    Args:
        found: Name → content of the lockfiles that lie in the folder, at least one of `LOCKFILES`.
        manifest: The folder's `package.json`.
        folder: The project as messages name it, `.` for the build root.
        release: A Yarn that is checked in, relative to the folder; it is used for a `yarn.lock`.

    Raises:
        ProjectFileError: The field is not readable or names what is not supported; its lockfile is
            missing; several lockfiles lie there and no field decides.
    """
    pinned = pinned_manager(manifest) if manifest is not None else None
    usable = [name for name in LOCKFILES if name in found and name not in _BUN]
    if pinned is not None and manifest is not None:
        if pinned.kind.lockfile not in found:
            raise _lockfile_missing(pinned, manifest, usable or sorted(found))
        kind = pinned.kind
    elif not usable:
        raise _bun(sorted(found)[0], folder)
    elif len(usable) > 1:
        raise ProjectFileError(
            f"{' and '.join(f'`{name}`' for name in usable)} lie beside each other, so it is not "
            "clear what to install from.",
            remedy="delete the one that is not in use, or let the `packageManager` field of "
            f'`package.json` decide, such as "pnpm@{releases.newest(ManagerKind.PNPM)}".',
            file=_in(folder, usable[0]),
        )
    else:
        kind = _kind_of(usable[0], found[usable[0]])
    if release is not None and kind in (ManagerKind.YARN, ManagerKind.YARN_CLASSIC):
        return PackageManager(kind, release=release)
    return pinned or _default(kind, found[kind.lockfile], folder)


def pinned_manager(manifest: PackageManifest) -> PackageManager | None:
    """What the `packageManager` field says; None without one.

    The form is corepack's: `<name>@<version>`, with `+<algorithm>.<hash>` if wanted.

    Raises:
        ProjectFileError: see `choose`.
    """
    text = manifest.package_manager
    if text is None:
        return None
    match = _FIELD.match(text)
    name = match["name"] if match else text.split("@")[0]
    if name not in {kind.command for kind in ManagerKind}:
        raise _field_error(
            manifest, f"is {text!r}, but only {_SUPPORTED} are supported", example=ManagerKind.NPM
        )
    if match is None:
        raise _field_error(
            manifest,
            f"is {text!r}, which is not of the form `{name}@1.2.3` or `{name}@1.2.3+sha512.<hash>`",
            example=ManagerKind(name),
        )
    version = match["version"]
    major = int(version.split(".")[0])
    kind = ManagerKind(name)
    if kind is ManagerKind.YARN and major < 2:
        kind = ManagerKind.YARN_CLASSIC
    if major < releases.OLDEST[kind]:
        raise _field_error(
            manifest,
            f"is {text!r}, but {kind.label} {releases.OLDEST[kind]} or newer is needed",
            example=kind,
        )
    pinned = _pinned_hash(manifest, match["algorithm"], match["hash"])
    return PackageManager(kind, version, pinned)


def _pinned_hash(
    manifest: PackageManifest, algorithm: str | None, text: str | None
) -> PinnedHash | None:
    if algorithm is None or text is None:
        return None
    if _DIGITS.get(algorithm) != len(text):
        raise _field_error(
            manifest,
            f"has a hash that is none: `{algorithm}` of {len(text)} digits",
            example=None,
        )
    return PinnedHash(algorithm, text.lower())


def _kind_of(lockfile: str, content: bytes) -> ManagerKind:
    if lockfile == ManagerKind.YARN.lockfile:
        return ManagerKind.YARN_CLASSIC if is_yarn_classic(content) else ManagerKind.YARN
    return next(kind for kind in ManagerKind if kind.lockfile == lockfile)


def _default(kind: ManagerKind, lockfile: bytes, folder: str) -> PackageManager:
    if kind is ManagerKind.NPM:
        return NPM
    if kind is ManagerKind.YARN_CLASSIC:
        return PackageManager(kind, releases.YARN_CLASSIC)
    if kind is ManagerKind.PNPM:
        known, version = releases.PNPM_FOR_LOCKFILE, pnpm_lockfile_version(lockfile)
    else:
        known, version = releases.YARN_FOR_LOCKFILE, yarn_lockfile_version(lockfile)
    release = known.get(version or "")
    if release is None:
        raise ProjectFileError(
            _unknown_version(kind, version, known),
            remedy="restore it from version control if it is damaged. Otherwise let the "
            f"`packageManager` field of `package.json` name the {kind.label} that wrote it, such "
            f'as "{kind.command}@{releases.newest(kind)}"; '
            f"{kind.label} {releases.OLDEST[kind]} or newer is needed.",
            file=_in(folder, kind.lockfile),
        )
    return PackageManager(kind, release)


def _unknown_version(kind: ManagerKind, version: str | None, known: Collection[str]) -> str:
    key = "lockfileVersion" if kind is ManagerKind.PNPM else "__metadata.version"
    if version is None:
        return f"The lockfile is not readable: it has no `{key}`."
    return (
        f"The lockfile's `{key}` is {version}, and no {kind.label} is known that reads it; "
        f"{', '.join(known)} are known."
    )


def _lockfile_missing(
    pinned: PackageManager, manifest: PackageManifest, present: list[str]
) -> ProjectFileError:
    return ProjectFileError(
        f"`packageManager` is {manifest.package_manager!r}, but there is no "
        f"`{pinned.kind.lockfile}` beside this file, only "
        f"{' and '.join(f'`{name}`' for name in present)}.",
        remedy=f"run `{pinned.kind.relock}` in `{manifest.directory or '.'}` and commit "
        f"`{pinned.kind.lockfile}`, or correct the field.",
        file=manifest.path,
        line=manifest.line_of("packageManager"),
    )


def _bun(lockfile: str, folder: str) -> ProjectFileError:
    return ProjectFileError(
        f"This is a lockfile of Bun, but only those of {_SUPPORTED} can be installed from.",
        remedy=f"run `{ManagerKind.NPM.relock}` in `{folder}` and commit "
        f"`{ManagerKind.NPM.lockfile}`.",
        file=_in(folder, lockfile),
    )


def _field_error(
    manifest: PackageManifest, problem: str, example: ManagerKind | None
) -> ProjectFileError:
    remedy = "let corepack write it (`corepack use`), or leave the hash out."
    if example is not None:
        remedy = f'write, for example, "{example.command}@{releases.newest(example)}".'
    return ProjectFileError(
        f"`packageManager` {problem}.",
        remedy=remedy,
        file=manifest.path,
        line=manifest.line_of("packageManager"),
    )


def _in(folder: str, name: str) -> str:
    return name if folder in ("", ".") else f"{folder}/{name}"

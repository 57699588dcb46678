"""Which entries of a package's ``exports`` a Backstage remote exposes.

Backstage's build (@backstage/cli-module-build 0.1.8, ``getModuleFederationRemoteOptions``) exposes
``.`` always, and of the others those whose default export is a feature; the rest is left out
without a word. Without ``exports`` it exposes ``src/index``. So does this module, but it says of
each entry why it is left out, accepts conditions and several slashes, and exposes what it can't
decide.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import AbstractSet, Any, Iterator, Mapping, Sequence, Tuple

from module_federation.backstage.features import (
    LOADED_BY_BACKSTAGE,
    Feature,
    NoFeature,
    Undecided,
    Verdict,
)
from module_federation.backstage.roles import SERVED
from module_federation.module_graph.exports import ExportsError, resolve_exports
from module_federation.sharing.finding_codes import FINDING_CODES
from module_federation.sharing.findings import Finding

MAIN = "."
#: Where Backstage looks for a package's main module, in this order.
INDEX_FILES: Tuple[str, ...] = tuple(
    f"src/index{ending}" for ending in (".ts", ".tsx", ".js", ".jsx")
)
_MANIFEST = "./package.json"


@dataclass(frozen=True)
class Mount:
    """One entry of ``exports``.

    Attributes:
        name: ``.`` or ``./alpha``.
        file: The script that it leads to, by repository path; None where it leads to none.
        because: With no file: why, as a clause about the mount.
        is_broken: It was meant to lead to a script.
    """

    name: str
    file: str | None
    because: str = ""
    is_broken: bool = False


def read_mounts(
    exports: Any,
    directory: str,
    *,
    conditions: AbstractSet[str],
    files: AbstractSet[str],
    scripts: Tuple[str, ...],
) -> Tuple[Mount, ...]:
    """All entries of a package's ``exports``, sorted; without ``exports``, ``.`` for its index.

    Args:
        exports: The raw value, None where the field is absent.
        directory: The package's folder, relative to the repository.
        conditions: Those of the bundler.
        files: The files that belong to targets.
        scripts: The endings of files that can be exposed.
    """
    if exports is None:
        found = [os.path.join(directory, name) for name in INDEX_FILES]
        owned = [file for file in found if file in files]
        return (Mount(MAIN, owned[0]),) if owned else ()
    subpaths = isinstance(exports, dict) and any(key.startswith(".") for key in exports)
    names = sorted(exports) if subpaths else [MAIN]
    mounts = []
    for name in names:
        if name == _MANIFEST:
            continue
        if "*" in name or name.endswith("/"):
            mounts.append(Mount(name, None, "is a pattern, which stands for no one module"))
            continue
        try:
            exported = resolve_exports(exports, name, conditions)
        except ExportsError as error:
            mounts.append(Mount(name, None, f"leads nowhere: {error}", is_broken=True))
            continue
        mounts.append(
            _mount(name, os.path.normpath(os.path.join(directory, exported)), files, scripts)
        )
    return tuple(mounts)


def _mount(name: str, file: str, files: AbstractSet[str], scripts: Tuple[str, ...]) -> Mount:
    if not file.endswith(scripts):
        return Mount(name, None, f"leads to {file}, which is no script")
    if file not in files:
        return Mount(
            name,
            None,
            f"leads to {file}, which does not exist or belongs to no `web_sources` target",
            is_broken=True,
        )
    return Mount(name, file)


def exposed(mounts: Sequence[Mount], verdicts: Mapping[str, Verdict]) -> dict[str, str]:
    """What a remote exposes by default: mount → file.

    Args:
        verdicts: File → what its default export is.
    """
    return {
        mount.name: mount.file
        for mount in mounts
        if mount.file is not None
        and (mount.name == MAIN or not isinstance(verdicts[mount.file], NoFeature))
    }


@dataclass(frozen=True)
class Remote:
    """What findings say about the remote that they are about.

    Attributes:
        package: The package's name.
        role: Its ``backstage.role``.
        manifest: Its ``package.json``.
        lines: Mount → its line there.
        target: The target's address.
        container: The container's name.
    """

    package: str
    role: str
    manifest: str
    lines: Mapping[str, int | None]
    target: str
    container: str

    def finding(self, code: str, mount: str | None, message: str, remedy: str) -> Finding:
        """A finding about one mount, or about all of them."""
        return Finding(
            code,
            FINDING_CODES[code].severity,
            message,
            self.manifest,
            self.lines.get(mount or ""),
            remedy=remedy,
            target=self.target,
            containers=(self.container,),
        )


def mount_findings(
    mounts: Sequence[Mount], verdicts: Mapping[str, Verdict], remote: Remote
) -> Iterator[Finding]:
    """One finding for each mount that is left out, or of which an app may take nothing.

    Args:
        verdicts: File → what its default export is.
    """
    exposed_ones = [mount for mount in mounts if mount.file is not None]
    for mount in mounts:
        if mount.file is None:
            yield _leads_to_none(mount, remote)
            continue
        yield from _about(mount, verdicts[mount.file], remote, is_only=len(exposed_ones) == 1)
    may_be = any(not isinstance(verdicts[mount.file or ""], NoFeature) for mount in exposed_ones)
    if remote.role in SERVED and not may_be:
        yield remote.finding(
            "no-backstage-feature",
            None,
            f"Nothing that {remote.package} exposes is a Backstage feature, so an app takes "
            "nothing from the remote.",
            "Make a plugin or module (`createFrontendPlugin`, `createFrontendModule`) the default "
            "export of the main module, or of one that `exports` names.",
        )


def _leads_to_none(mount: Mount, remote: Remote) -> Finding:
    message = f"`{mount.name}` of {remote.package} is not exposed: it {mount.because}."
    if not mount.is_broken:
        remedy = "Nothing is wrong with that: only modules can be exposed, each by its own name."
        return remote.finding("mount-left-out", mount.name, message, remedy)
    remedy = f"Correct `exports`, or list what is to be exposed in `exposes` of {remote.target}."
    return remote.finding("broken-mount", mount.name, message, remedy)


def _about(mount: Mount, verdict: Verdict, remote: Remote, *, is_only: bool) -> Iterator[Finding]:
    subject = f"`{mount.name}` of {remote.package}"
    list_them = f"list what is to be exposed in `exposes` of {remote.target}."
    if isinstance(verdict, Feature) and verdict.type not in LOADED_BY_BACKSTAGE:
        yield remote.finding(
            "mount-undecided",
            mount.name,
            f"{subject} is exposed and is a feature of type `{verdict.type}`, but Backstage's own "
            "`dynamicFrontendFeaturesLoader` takes plugins and modules only.",
            "Load it with a loader of your own, or expose the plugins one by one.",
        )
    elif isinstance(verdict, Undecided):
        yield remote.finding(
            "mount-undecided",
            mount.name,
            f"{subject} is exposed, though its code does not tell whether its default export is a "
            f"Backstage feature: {verdict.file} {verdict.because}.",
            f"If it is none, {list_them}",
        )
    elif isinstance(verdict, NoFeature) and mount.name != MAIN:
        yield remote.finding(
            "mount-left-out",
            mount.name,
            f"{subject} is not exposed: its default export is no Backstage feature, as "
            f"{verdict.file} {verdict.because}.",
            f"To expose it all the same, {list_them}",
        )
    elif isinstance(verdict, NoFeature) and not is_only:
        yield remote.finding(
            "mount-undecided",
            mount.name,
            f"{subject} is exposed, as the main module always is, but a Backstage app loads it for "
            f"nothing: its default export is no feature, as {verdict.file} {verdict.because}.",
            f"To leave it out, {list_them}",
        )

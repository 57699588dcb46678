"""What decides an installation besides manifests and lockfile: settings files of pnpm and Yarn."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Iterable, Iterator, Mapping

import yaml

from module_federation.module_graph.json_lines import load_json
from module_federation.module_graph.package_json import DEPENDENCY_SECTIONS, PackageManifest
from module_federation.package_managers.model import ManagerKind, ProjectFileError

PNPM_WORKSPACE = "pnpm-workspace.yaml"
YARN_SETTINGS = ".yarnrc.yml"
YARN_CLASSIC_SETTINGS = ".yarnrc"

#: Files beside the lockfile that each package manager reads.
SETTINGS_FILES = {
    ManagerKind.NPM: (".npmrc",),
    ManagerKind.PNPM: (".npmrc", PNPM_WORKSPACE, ".pnpmfile.cjs", ".pnpmfile.mjs"),
    ManagerKind.YARN_CLASSIC: (".npmrc", YARN_CLASSIC_SETTINGS),
    ManagerKind.YARN: (".npmrc", YARN_SETTINGS),
}
Catalogs = Mapping[str, Mapping[str, str]]

_NO_CATALOGS: Catalogs = MappingProxyType({})
_CLASSIC_SETTING = re.compile(r'^"?([\w-]+)"?[ :]+"?([^"\s]+)"?[ \t\r]*$', re.MULTILINE)
# `patch:<package>@<range, percent-encoded>#<path>`; several paths are joined with `&`, `~/` is the
# project, `builtin<…>` are patches of Yarn's own (@yarnpkg/plugin-patch, `patchUtils`).
_YARN_PATCH = re.compile(r"patch:[^#]*#(?P<paths>[^:]+)")
_TARBALLS = (".tgz", ".tar.gz")


@dataclass(frozen=True)
class WorkspaceSettings:
    """
    :param packages: pnpm's workspace patterns; None if there is no such list.
    :param packages_line: the line that the list begins at.
    :param catalogs: catalog name (`default` for the unnamed one) → dependency → specifier.
    :param files: patches and plugins that the settings name, relative to the project.
    :param release: a Yarn that is checked in, relative to the project.
    :param names_registry: whether the settings say from which registry packages come.
    """

    packages: tuple[str, ...] | None = None
    packages_line: int | None = None
    catalogs: Catalogs = field(default=_NO_CATALOGS)
    files: tuple[str, ...] = ()
    release: str | None = None
    names_registry: bool = False


def read_pnpm_workspace(content: bytes, file: str) -> WorkspaceSettings:
    """Read `pnpm-workspace.yaml`.

    Args:
        file: The file as messages name it.

    Raises:
        ProjectFileError: It is not YAML, or a value that is needed has the wrong form.
    """
    reader = _YamlReader(content, file)
    packages = reader.data.get("packages")
    if packages is not None and not _is_list_of_texts(packages):
        raise reader.error("packages", "a list of folder patterns")
    return WorkspaceSettings(
        packages=None if packages is None else tuple(packages),
        packages_line=reader.line("packages"),
        catalogs=reader.catalogs(),
        files=tuple(sorted(_texts(reader.data.get("patchedDependencies")))),
        names_registry=bool({"registry", "registries"} & reader.data.keys()),
    )


def read_yarn_settings(content: bytes, file: str) -> WorkspaceSettings:
    """Read `.yarnrc.yml`; see `read_pnpm_workspace`."""
    reader = _YamlReader(content, file)
    release = reader.data.get("yarnPath")
    if release is not None and not isinstance(release, str):
        raise reader.error("yarnPath", "a path")
    return WorkspaceSettings(
        catalogs=reader.catalogs(),
        files=tuple(sorted(_yarn_plugins(reader.data.get("plugins")))),
        release=_inside(release, "yarnPath", file, reader.line("yarnPath")),
        names_registry="npmRegistryServer" in reader.data,
    )


def read_yarn_classic_settings(content: bytes, file: str) -> WorkspaceSettings:
    """Read `.yarnrc` of Yarn 1: lines of a key and a value, in quotes or not."""
    text = content.decode("utf-8", errors="replace")
    settings = {match[1]: match for match in _CLASSIC_SETTING.finditer(text)}
    release = settings.get("yarn-path")
    line = text.count("\n", 0, release.start()) + 1 if release else None
    return WorkspaceSettings(
        release=_inside(release[2] if release else None, "yarn-path", file, line),
        names_registry="registry" in settings,
    )


def read_settings(kind: ManagerKind, files: Mapping[str, bytes], folder: str) -> WorkspaceSettings:
    """What the settings files of a package manager say.

    Args:
        files: Name → content of the files beside the lockfile; others than settings are skipped.
        folder: The project as messages name it, empty or `.` for the build root.

    Raises:
        ProjectFileError: see `read_pnpm_workspace`.
    """
    for name, reader in (
        (PNPM_WORKSPACE, read_pnpm_workspace),
        (YARN_SETTINGS, read_yarn_settings),
        (YARN_CLASSIC_SETTINGS, read_yarn_classic_settings),
    ):
        if name in files and name in SETTINGS_FILES[kind]:
            file = name if folder in ("", ".") else f"{folder}/{name}"
            return reader(files[name], file)
    return WorkspaceSettings()


def named_files(manifests: Iterable[PackageManifest], root: str) -> tuple[str, ...]:
    """Files that manifests name and an installation reads, relative to the project, sorted.

    These are patches, by pnpm's `pnpm.patchedDependencies` (before pnpm 10 its only place) or
    Yarn's `patch:` protocol, and packages that are checked in as tarballs (`file:vendor/x.tgz`).
    Paths that leave the project are skipped.

    Args:
        root: The project's folder, a repository path.
    """
    found = set()
    for manifest in manifests:
        folder = posixpath.relpath(manifest.directory or ".", root or ".")
        for path in _files_of(manifest):
            inside = path[2:] if path.startswith("~/") else posixpath.join(folder, path)
            normal = posixpath.normpath(inside)
            if not normal.startswith("../") and not posixpath.isabs(normal):
                found.add(normal)
    return tuple(sorted(found))


def _files_of(manifest: PackageManifest) -> Iterator[str]:
    data, _ = load_json(manifest.content)
    settings = data.get("pnpm")
    if isinstance(settings, dict):
        yield from _texts(settings.get("patchedDependencies"))
    for section in (*DEPENDENCY_SECTIONS, "resolutions"):
        for specifier in _texts(data.get(section)):
            if specifier.startswith("file:") and specifier.endswith(_TARBALLS):
                yield specifier[len("file:") :]
            match = _YARN_PATCH.match(specifier)
            for path in match["paths"].split("&") if match else ():
                # `optional!` marks a patch that may fail to apply.
                path = path.rpartition("!")[2]
                if path and not path.startswith(("builtin<", "~builtin<")):
                    yield path


class _YamlReader:
    """One settings file. Every scalar is read as the text that it is: versions are no numbers."""

    def __init__(self, content: bytes, file: str) -> None:
        self._file = file
        try:
            self._text = content.decode("utf-8")
            data = yaml.load(self._text, Loader=yaml.BaseLoader)
        except UnicodeDecodeError as error:
            raise ProjectFileError(
                "The file is not UTF-8.", remedy="save it as UTF-8.", file=file
            ) from error
        except (yaml.YAMLError, RecursionError) as error:
            mark = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or getattr(error, "reason", None)
            raise ProjectFileError(
                f"The file is not readable as YAML{f': {problem}' if problem else ''}.",
                remedy="correct it.",
                file=file,
                line=mark.line + 1 if mark is not None else None,
            ) from error
        if data not in (None, "") and not isinstance(data, dict):
            raise ProjectFileError(
                "The file is not a YAML mapping.",
                remedy="write `key: value` lines.",
                file=file,
                line=1,
            )
        self.data: dict[str, Any] = data or {}

    def line(self, key: str) -> int | None:
        match = re.search(rf"^{re.escape(key)} *:", self._text, re.MULTILINE)
        return self._text.count("\n", 0, match.start()) + 1 if match else None

    def error(self, key: str, expected: str) -> ProjectFileError:
        return ProjectFileError(
            f"`{key}` must be {expected}.",
            remedy="correct the value.",
            file=self._file,
            line=self.line(key),
        )

    def catalogs(self) -> Catalogs:
        """pnpm and Yarn (from 4.10 on) write catalogs alike: `catalog` is the unnamed one."""
        named = self.data.get("catalogs") or {}
        unnamed = self.data.get("catalog") or {}
        if not isinstance(named, dict) or not all(map(_is_map_of_texts, named.values())):
            raise self.error("catalogs", "names with a mapping of packages to ranges each")
        if not _is_map_of_texts(unnamed):
            raise self.error("catalog", "a mapping of packages to ranges")
        everything = {"default": unnamed, **named} if unnamed else named
        return {name: dict(sorted(everything[name].items())) for name in sorted(everything)}


def _inside(path: str | None, key: str, file: str, line: int | None) -> str | None:
    if path is None:
        return None
    normal = posixpath.normpath(path)
    if posixpath.isabs(path) or normal.startswith(".."):
        raise ProjectFileError(
            f"`{key}` is {path!r}, which is not below this file's folder.",
            remedy="check the release in below it, such as `.yarn/releases/yarn-4.9.1.cjs`.",
            file=file,
            line=line,
        )
    return normal


def _yarn_plugins(value: object) -> Iterator[str]:
    """`plugins` is a list of paths, or of mappings with a `path` (@yarnpkg/core,
    `Configuration.find`)."""
    for each in value if isinstance(value, list) else ():
        path = each.get("path") if isinstance(each, dict) else each
        if isinstance(path, str):
            yield path


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_map_of_texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())


def _texts(value: object) -> list[str]:
    """The values of a mapping that are texts: what has another form, the package manager itself
    complains of."""
    if not isinstance(value, dict):
        return []
    return [each for each in value.values() if isinstance(each, str)]

"""What `package` writes around a bundle: public files, and the forms that Backstage asks for."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass
from typing import Any, Iterable, Mapping

from pants.engine.fs import (
    AddPrefix,
    CreateDigest,
    Digest,
    DigestContents,
    FileContent,
    MergeDigests,
    PathGlobs,
    RemovePrefix,
    Snapshot,
)
from pants.engine.rules import Get, Rule, collect_rules, rule
from pants.util.logging import LogLevel
from pants.util.strutil import bullet_list

from module_federation.backstage.config_schema import (
    CONFIG_SCHEMA_FILE,
    ConfigSchemaError,
    config_schema_json,
    is_types,
    schema_file,
)
from module_federation.backstage.packaging import (
    BUNDLE_MARKERS,
    DIST,
    HANDED_ON,
    bundle_manifest,
    more_files,
    plugin_manifest,
)
from module_federation.backstage.roles import RoleError, check_served
from module_federation.engine import (
    add_prefix,
    concurrently,
    create_digest,
    get_contents,
    literally,
    matching_digest,
    merge_digests,
    remove_prefix,
    snapshot,
)
from module_federation.errors import ModuleFederationError
from module_federation.module_graph.package_json import PackageManifest
from module_federation.options import PackageForm
from module_federation.util_rules.containers import FederatedContainer
from module_federation.util_rules.packages import WorkspacePackages

logger = logging.getLogger(__name__)

#: Of a public folder, not copied: the page of a host is named by its `html` field.
_PAGES = ("index.html", "index.html.tmpl")


@dataclass(frozen=True)
class LayOutRequest:
    """
    :param bundle: the bundle of a container, at the root.
    """

    container: FederatedContainer
    bundle: Digest


@dataclass(frozen=True)
class LaidOut:
    """
    :param digest: what `package` writes to the container's output path, at the root.
    """

    digest: Digest


def public_files(directory: str) -> PathGlobs:
    """What is copied of a public folder, relative to the build root."""
    return PathGlobs(
        [
            *(f"{folder}/**" for folder in literally([directory])),
            *(f"!{directory}/{page}" for page in _PAGES),
        ]
    )


def laid_out(request: LayOutRequest) -> Get:
    """A container's bundle → `LaidOut`."""
    return Get(LaidOut, LayOutRequest, request)


@rule(desc="Add public files and a package to a bundle", level=LogLevel.DEBUG)
async def lay_out(request: LayOutRequest, packages: WorkspacePackages) -> LaidOut:
    """Puts the bundle into the form that the target asks for."""
    container = request.container
    served = request.bundle
    if container.public_directory is not None:
        found = await matching_digest(public_files(container.public_directory))
        public, own = await concurrently(
            snapshot(await remove_prefix(RemovePrefix(found, container.public_directory))),
            snapshot(request.bundle),
        )
        _check_apart(container, container.public_directory, public, own)
        served = await merge_digests(MergeDigests([request.bundle, public.digest]))
    if container.package_form is PackageForm.FOLDER:
        return LaidOut(served)

    package = packages.by_directory[container.package_directory]
    _check_role(container, package)
    manifest: Mapping[str, Any] = json.loads(package.content)
    is_bundle = container.package_form is PackageForm.BUNDLE
    schema_path = _schema_path(package, manifest)
    schemas, handed_on = await concurrently(
        get_contents(
            await matching_digest(PathGlobs(literally([schema_path] if schema_path else [])))
        ),
        matching_digest(PathGlobs(_handed_on(package, manifest) if is_bundle else [])),
    )
    schema = _config_schema(container, package, manifest, schemas)
    write_manifest = bundle_manifest if is_bundle else plugin_manifest
    text = write_manifest(manifest, config_schema=None if schema is None else CONFIG_SCHEMA_FILE)
    written = [
        FileContent("package.json", text.encode()),
        *([] if schema is None else [FileContent(CONFIG_SCHEMA_FILE, schema.encode())]),
        *(FileContent(*marker) for marker in BUNDLE_MARKERS.items() if is_bundle),
    ]
    parts = await concurrently(
        add_prefix(AddPrefix(served, DIST)),
        create_digest(CreateDigest(written)),
        remove_prefix(RemovePrefix(handed_on, package.directory)),
    )
    return LaidOut(await merge_digests(MergeDigests(parts)))


def _check_apart(
    container: FederatedContainer, folder: str, public: Snapshot, own: Snapshot
) -> None:
    both = sorted(set(public.files) & set(own.files))
    if both:
        raise ModuleFederationError(
            f"Files of {folder} would take the place of files of the bundle:\n{bullet_list(both)}",
            target=container.address,
            file=os.path.join(folder, both[0]),
            remedy="rename them, or copy another folder: `public_directory`.",
        )


def _check_role(container: FederatedContainer, package: PackageManifest) -> None:
    try:
        check_served(container.backstage_role)
    except RoleError as error:
        raise ModuleFederationError(
            error.problem,
            target=container.address,
            file=package.path,
            line=package.line_of("backstage", "role") or package.line_of("backstage"),
            remedy=error.remedy,
        ) from error


def _schema_path(package: PackageManifest, manifest: Mapping[str, Any]) -> str | None:
    """The file with the schema of the package's configuration, relative to the build root."""
    file = schema_file(manifest)
    return None if file is None or is_types(file) else os.path.join(package.directory, file)


def _config_schema(
    container: FederatedContainer,
    package: PackageManifest,
    manifest: Mapping[str, Any],
    schemas: DigestContents,
) -> str | None:
    file = schema_file(manifest)
    line = package.line_of("configSchema")
    if file is not None and is_types(file):
        logger.warning(
            f"{package.path}:{line}: the schema of the configuration is written in TypeScript "
            f"({file}), and is left out of {container.address}: Backstage's backend will not know "
            "of it. To fix it: write it as JSON schema and name that file in `configSchema`."
        )
        return None
    try:
        if file is not None and not schemas:
            raise ConfigSchemaError(
                f"`configSchema` names {file}, which does not exist.", "correct the name."
            )
        return config_schema_json(manifest, schemas[0].content if schemas else None)
    except ConfigSchemaError as error:
        raise ModuleFederationError(
            error.problem,
            target=container.address,
            file=package.path,
            line=line,
            remedy=error.remedy,
        ) from error


def _handed_on(package: PackageManifest, manifest: Mapping[str, Any]) -> Iterable[str]:
    """Globs of the files beside the bundle that belong to the package."""
    (folder,) = literally([package.directory])
    yield from (f"{folder}/{name}" for name in HANDED_ON)
    for name in more_files(manifest):
        excluded = "!" if name.startswith("!") else ""
        path = os.path.normpath(os.path.join(folder, name.lstrip("!").lstrip("/")))
        yield f"{excluded}{path}"
        yield f"{excluded}{path}/**"


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

"""Folders of a container: where it is written to, and what is copied."""

from __future__ import annotations

import os

from pants.engine.target import Target

from module_federation.backstage.packaging import default_folder
from module_federation.fields.output import (
    ContainerOutputPathField,
    PublicDirectoryField,
)
from module_federation.module_graph.package_json import PackageManifest
from module_federation.options import PackageForm


def output_path(target: Target, package: PackageManifest, form: PackageForm) -> str:
    """The folder below `dist` that a container is written to."""
    field = target[ContainerOutputPathField]
    if form is PackageForm.FOLDER or field.value is not None or package.name is None:
        return field.value_or_default(file_ending=None)
    return default_folder(package.name)


def public_directory(target: Target, package: PackageManifest) -> str | None:
    """The folder that is copied beside a container's bundle, relative to the build root."""
    given = target[PublicDirectoryField].value
    if given is None:
        given = "" if package.backstage is None else PublicDirectoryField.CONVENTIONAL
    return os.path.join(package.directory, given) if given else None

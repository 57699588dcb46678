"""Which packages a container's own code asks for, as the sharing rules want to know it."""

from __future__ import annotations

import functools
import os
from typing import Container

from module_federation.module_graph.closure import Closure, PackageUse
from module_federation.sharing.usage import Crossing, Usage, UsedRequest
from module_federation.util_rules.packages import WorkspacePackages
from module_federation.util_rules.projects import NodeProject


def usage_of(
    closure: Closure,
    project: NodeProject,
    packages: WorkspacePackages,
    *,
    without: Container[PackageUse] = (),
) -> Usage:
    """Every package that the container's own code asks for, third-party and first-party.

    :param without: requests that look like packages, but are none.
    """

    # Most files lie in few folders.
    @functools.lru_cache(maxsize=None)
    def package_directory(folder: str) -> str:
        owner = packages.owner(folder)
        return project.relative(owner.directory) if owner is not None else ""

    def importer_directory(file: str) -> str:
        return package_directory(os.path.dirname(file))

    directories = {package.name: package.directory for package in packages.by_directory.values()}

    return Usage(
        (
            *(
                UsedRequest(
                    package=use.name,
                    request=use.request,
                    importer_file=use.importer,
                    line=use.line,
                    importer_package_dir=importer_directory(use.importer),
                    deferred=use.deferred,
                )
                for use in closure.packages
                if use not in without
            ),
            *(
                UsedRequest(
                    package=use.package,
                    request=use.request,
                    importer_file=use.importer,
                    line=use.line,
                    importer_package_dir=importer_directory(use.importer),
                    workspace_dir=project.relative(directories[use.package]),
                    deferred=use.deferred,
                )
                for use in closure.first_party_requests
            ),
        ),
        tuple(
            Crossing(
                package=use.package,
                request=use.request,
                file=use.file,
                importer_file=use.importer,
                line=use.line,
                package_dir=project.relative(directories[use.package]),
            )
            for use in closure.crossings
        ),
    )

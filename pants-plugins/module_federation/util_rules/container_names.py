"""Which package a container belongs to, and its name in the browser."""

from __future__ import annotations

import os
from collections import defaultdict
from typing import Mapping

from pants.engine.addresses import Address
from pants.engine.target import Target
from pants.util.strutil import bullet_list

from module_federation.errors import ModuleFederationError
from module_federation.fields.federation import (
    ContainerNameField,
)
from module_federation.module_graph.package_json import PackageManifest
from module_federation.naming import default_container_name, is_container_name
from module_federation.util_rules.packages import WorkspacePackages


def owner_of(target: Target, packages: WorkspacePackages) -> PackageManifest:
    """The package that a container is built from."""
    package = packages.owner(target.address.spec_path)
    if package is None:
        raise ModuleFederationError(
            "A container needs a package: no `package_json` target is in its folder or above.",
            target=target.address,
            file=os.path.join(target.address.spec_path, "BUILD"),
            remedy="add a `package.json`, and to the BUILD file beside it "
            '`package_json(name="package")`.',
        )
    return package


def container_name(target: Target, packages: WorkspacePackages) -> str:
    """A container's name in the browser: its own field's, or one made from its package's name."""
    given = target[ContainerNameField].value
    if given is not None and not is_container_name(given):
        raise ModuleFederationError(
            f"The container name {given!r} can't be a variable in the browser: it has characters "
            "that no variable can have, is a reserved word, or belongs to the browser itself.",
            target=target.address,
            remedy="use letters, digits and `_`, such as "
            f'`container_name="{default_container_name(given)}"`.',
        )
    if given is not None:
        return given
    package = owner_of(target, packages)
    if package.name is None:
        raise ModuleFederationError(
            "The package has no `name`, so there is no name for the container.",
            target=target.address,
            file=package.path,
            remedy='add `"name"` to the `package.json`, or `container_name` to the target.',
        )
    return default_container_name(package.name)


def check_unique(names: Mapping[Address, str]) -> None:
    """No two containers have one name."""
    owners = defaultdict(list)
    for address, name in names.items():
        owners[name].append(address)
    for name, addresses in sorted(owners.items()):
        if len(addresses) > 1:
            raise ModuleFederationError(
                f"{len(addresses)} containers have the name `{name}`, but in the browser the last "
                f"one loaded would take the place of the others:\n"
                f"{bullet_list(str(address) for address in addresses)}",
                target=addresses[0],
                remedy='give all but one of them another name, such as `container_name="'
                f'{name}_2"`.',
            )

"""Which shared modules a bundle asks for at once, because its eager code does.

The code of an eager shared module is part of the container's entry, with all that it imports
statically. A shared module among these imports is asked for while the entry runs, before anything
can be loaded (``initialConsumes``): unless it is eager too, the page stops there. Seen in bundles
of Rspack 2.3.2.
"""

from __future__ import annotations

from dataclasses import replace

from module_federation.sharing.copies import Copy
from module_federation.sharing.install_index import InstallIndex
from module_federation.sharing.share_slice import ShareSlice
from module_federation.sharing.usage import Usage


def with_initial_keys(computed: ShareSlice, usage: Usage, index: InstallIndex) -> ShareSlice:
    """The slice, with ``is_initial`` set where the entry itself asks for a module.

    Of what an installed package imports only the packages are known. It is taken to ask for each
    package that it requires by its plain name.

    Args:
        usage: What the eager first-party code of the container asks for, statically.
    """
    keys = {module.key for module in computed.shared}
    asked = {request.request for request in usage.requests} & keys
    pending = [
        index.copies[path]
        for module in computed.shared
        if module.eager and module.import_
        for path in (module.package_path, *(copy.path for copy in module.copies))
        if path is not None
    ]
    for request in usage.requests:
        copy = index.resolve(request.importer_package_dir, request.package)
        if request.workspace_dir is None and request.request not in keys and copy is not None:
            pending.append(copy)
    asked |= _asked_by_installed(pending, keys, index)
    shared = (replace(each, is_initial=each.key in asked) for each in computed.shared)
    return replace(computed, shared=tuple(shared))


def _asked_by_installed(pending: list[Copy], keys: set[str], index: InstallIndex) -> set[str]:
    """The keys that installed packages, and what they bring along, require."""
    asked: set[str] = set()
    seen: set[str] = set()
    while pending:
        copy = pending.pop()
        # Workspace packages are followed import by import.
        if copy.path in seen or copy.is_workspace:
            continue
        seen.add(copy.path)
        for declaration in copy.declarations():
            if declaration.name in keys and declaration.is_required:
                asked.add(declaration.name)
            elif declaration.name not in keys:
                target = index.resolve(copy.path, declaration.name)
                pending += [target] if target is not None else []
    return asked

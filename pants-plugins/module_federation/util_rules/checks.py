"""What can be wrong with a container before it is bundled."""

from __future__ import annotations

import logging
import os
from difflib import get_close_matches
from typing import Any, Iterable

from pants.engine.addresses import Address

from module_federation.module_graph.closure import Closure, FirstPartyUse, PackageUse, Problem
from module_federation.sharing.finding_codes import FINDING_CODES
from module_federation.sharing.findings import Finding
from module_federation.util_rules.containers import FederatedContainer, FederatedContainers
from module_federation.util_rules.packages import WorkspacePackages
from module_federation.util_rules.projects import InstalledProject, NodeProject

logger = logging.getLogger(__name__)

#: Of the paths that were tried for an import, so many are shown.
_TRIED = 4
#: How like a remote's name an unknown name must be to be taken for a slip, from 0 to 1.
_CLOSE = 0.75


def import_findings(
    container: FederatedContainer, containers: FederatedContainers, closure: Closure
) -> tuple[Finding, ...]:
    """Everything that is wrong with the imports of a container.

    Not part of finding the closure: what its companions import matters to a container, what is
    wrong with them does not.
    """
    return (
        *(
            _leads_nowhere(container, problem, closure)
            for problem in closure.problems
            if _stops_bundle(problem)
        ),
        *_unknown_exposes(container, containers, closure),
    )


def _stops_bundle(problem: Problem) -> bool:
    """Requests in a `try` block may fail. What is no program (there, no request is at fault) is for
    the bundler to judge: it shows the code, and its parser is the one that counts."""
    return bool(problem.specifier) and not problem.optional


def _leads_nowhere(container: FederatedContainer, problem: Problem, closure: Closure) -> Finding:
    tried = problem.tried[:_TRIED] + (("…",) if len(problem.tried) > _TRIED else ())
    looked = f" (tried {', '.join(tried)})" if tried else ""
    return _finding(
        "unresolved-import",
        container,
        f"`{problem.specifier}` leads nowhere: {problem.reason}{looked}",
        "Correct the import. To be found, a file must belong to a `web_sources` target, and a "
        "package be a dependency in `package.json`.",
        file=problem.importer,
        line=problem.line,
        column=problem.column,
        chain=_reached(closure, problem.importer),
    )


def _reached(closure: Closure, file: str) -> tuple[str, ...]:
    chain = closure.chain_to(file)
    return (f"reached through {' → '.join(chain)}",) if len(chain) > 1 else ()


def _finding(
    code: str, container: FederatedContainer, message: str, remedy: str, **more: Any
) -> Finding:
    return Finding(
        code,
        FINDING_CODES[code].severity,
        message,
        remedy=remedy,
        target=container.address.spec,
        containers=(container.name,),
        **more,
    )


def _unknown_exposes(
    container: FederatedContainer, containers: FederatedContainers, closure: Closure
) -> Iterable[Finding]:
    remotes = containers.remotes_of(container)
    for use in closure.remotes:
        remote = remotes[use.alias]
        if use.expose not in remote.exposes:
            known = [os.path.normpath(os.path.join(use.alias, name)) for name in remote.exposes]
            close = get_close_matches(use.request, known, n=1)
            guess = f"Did you mean `{close[0]}`? If not, correct" if close else "Correct"
            exposed = ", ".join(f"`{name}`" for name in known) or "nothing"
            yield _finding(
                "unknown-expose",
                container,
                f"`{use.request}` is not there: {remote.label} exposes {exposed}.",
                f"{guess} the import, or add the module to the `exposes` of the remote.",
                file=use.importer,
                line=use.line,
                chain=_reached(closure, use.importer),
            )


def unknown_remotes(
    container: FederatedContainer,
    containers: FederatedContainers,
    closure: Closure,
    installed: InstalledProject,
    packages: WorkspacePackages,
) -> dict[PackageUse, Finding]:
    """Imports that look like packages, but must be meant for a remote.

    They lead to nothing that is installed or declared, and begin with the name of a container, or
    with one that is close to a declared remote's.
    """
    unknown = [use for use in closure.packages if not _is_package(use, installed, packages)]
    if not unknown:
        return {}
    own = containers.remotes_of(container)
    elsewhere = _names_elsewhere(container, containers)
    found = {}
    for use in unknown:
        close = get_close_matches(use.name, sorted(own), n=1, cutoff=_CLOSE)
        rest = use.request[len(use.name) :]
        if use.name in elsewhere:
            remedy = (
                f'Declare it: add `"{use.name}": "{elsewhere[use.name]}"` to `remotes` of '
                f"{container.label}."
            )
        elif close:
            remedy = (
                f"Did you mean `{close[0]}{rest}`? If not, add the remote to `remotes`; if it is a "
                f"package, add it to `dependencies` and update the lockfile."
            )
        else:
            continue
        declared = ", ".join(f"`{alias}`" for alias in sorted(own)) or "none"
        found[use] = _finding(
            "unknown-remote",
            container,
            f"`{use.request}` is imported, but `{use.name}` is neither a remote of "
            f"{container.label} (its remotes: {declared}) nor an installed package.",
            remedy,
            file=use.importer,
            line=use.line,
            chain=_reached(closure, use.importer),
        )
    return found


def _names_elsewhere(
    container: FederatedContainer, containers: FederatedContainers
) -> dict[str, Address]:
    """What other containers of the repository are called, and what they are called elsewhere."""
    names: dict[str, Address] = {}
    for other in containers:
        names.update((alias, address) for alias, address in other.remotes.items())
    for external in containers.external.values():
        names[external.name] = external.address
    for other in containers:
        names[other.name] = other.address
    return {name: address for name, address in names.items() if address != container.address}


def _is_package(use: PackageUse, installed: InstalledProject, packages: WorkspacePackages) -> bool:
    owner = packages.owner(use.importer)
    if owner is not None and owner.declared_range(use.name) is not None:
        return True
    directory = "" if owner is None else installed.project.relative(owner.directory)
    return installed.index.resolve(directory, use.name) is not None


def outside_packages(
    container: FederatedContainer,
    closure: Closure,
    project: NodeProject,
    packages: WorkspacePackages,
) -> Iterable[Finding]:
    """One container, one lockfile: packages of two would bring two sets of versions along."""
    members = set(project.members)
    seen = set()
    for file in closure.files:
        owner = packages.owner(file)
        if owner is None or owner.directory in members or owner.directory in seen:
            continue
        seen.add(owner.directory)
        yield _finding(
            "not-installed",
            container,
            f"{container.label} reaches a package that is not one of the workspaces of "
            f"`{project.label}`, whose lockfile it is installed from: "
            f"{' → '.join(closure.chain_to(file))}",
            f"Add `{project.relative(owner.directory)}` to `workspaces` in "
            f"`{os.path.join(project.root, 'package.json')}` and bring the lockfile up to date.",
            file=owner.path,
            package=owner.name,
        )


def untargeted_packages(
    container: FederatedContainer,
    closure: Closure,
    installed: InstalledProject,
    packages: WorkspacePackages,
) -> Iterable[Finding]:
    """npm links every workspace package; Pants only knows those that have targets."""
    project = installed.project
    for use in closure.packages:
        owner = packages.owner(use.importer)
        directory = project.relative(owner.directory) if owner is not None else ""
        copy = installed.index.resolve(directory, use.name)
        if copy is None or not copy.is_workspace:
            continue
        folder = os.path.join(project.root, copy.path)
        yield _finding(
            "unresolved-import",
            container,
            f"`{use.request}` leads to the workspace package in `{folder}`, which has no targets, "
            "so its files are not known.",
            f'Write `package_json(name="package")` and `web_sources()` into '
            f"`{os.path.join(folder, 'BUILD')}`.",
            file=use.importer,
            line=use.line,
            chain=_reached(closure, use.importer),
            package=use.name,
        )


def warn_of_package_cycles(
    container: FederatedContainer, closure: Closure, packages: WorkspacePackages
) -> None:
    """Packages that need each other work, as modules do, but neither can be used or built alone."""
    for cycle in package_cycles(closure, packages):
        steps = "\n".join(f"    {use.importer}:{use.line} imports `{use.request}`" for use in cycle)
        logger.warning(
            f"{cycle[0].importer}:{cycle[0].line}: workspace packages import each other in a "
            f"circle, in {container.label}:\n{steps}\n"
            "To fix it: move what both need into a package of its own. Until then, code that runs "
            "while modules are loaded can see the others half-loaded."
        )


def package_cycles(
    closure: Closure, packages: WorkspacePackages
) -> tuple[tuple[FirstPartyUse, ...], ...]:
    """Circles of first-party packages, each as the imports that close it; every package is in one
    of them at most, and the result depends on nothing but the closure."""
    imports: dict[str, dict[str, FirstPartyUse]] = {}
    for use in closure.first_party_requests:
        owner = packages.owner(use.importer)
        if owner is not None and owner.name is not None and owner.name != use.package:
            imports.setdefault(owner.name, {}).setdefault(use.package, use)

    cycles: list[tuple[FirstPartyUse, ...]] = []
    done: set[str] = set()

    def visit(package: str, path: list[str], steps: list[FirstPartyUse]) -> None:
        if package in path:
            start = path.index(package)
            cycles.append(tuple(steps[start:]))
            done.update(path[start:])
            return
        for target, use in sorted(imports.get(package, {}).items()):
            if target not in done and package not in done:
                visit(target, [*path, package], [*steps, use])
        done.add(package)

    for package in sorted(imports):
        visit(package, [], [])
    return tuple(cycles)

"""What can be wrong with a container before it is bundled, each in one clear message."""

from __future__ import annotations

import logging
import os
from difflib import get_close_matches
from typing import Iterable

from module_federation.errors import ModuleFederationError
from module_federation.module_graph.closure import Closure, FirstPartyUse, Problem
from module_federation.sharing.findings import Severity
from module_federation.sharing.share_slice import ShareSlice
from module_federation.util_rules.containers import FederatedContainer, FederatedContainers
from module_federation.util_rules.packages import WorkspacePackages
from module_federation.util_rules.projects import InstalledProject, NodeProject

logger = logging.getLogger(__name__)

#: Of the paths that were tried for an import, so many are shown.
_TRIED = 4


def check_imports(
    container: FederatedContainer, containers: FederatedContainers, closure: Closure
) -> None:
    """Says everything that is wrong with the imports of a container, at once.

    Not part of finding the closure: what its companions import matters to a container, what is
    wrong with them does not.

    :raises ModuleFederationError: an import leads nowhere, or to what a remote does not expose.
    """
    problems = [
        *(_describe(problem, closure) for problem in closure.problems if _stops_bundle(problem)),
        *_unknown_exposes(container, containers, closure),
    ]
    if not problems:
        return
    raise ModuleFederationError(
        f"{container.label} can't be bundled:\n\n" + "\n".join(problems),
        remedy="correct the imports named above. A file must belong to a `web_sources` target to "
        "be found, a package be a dependency in `package.json`, and a module of a remote be in its "
        "`exposes`.",
    )


def _stops_bundle(problem: Problem) -> bool:
    """Requests in a `try` block may fail. What is no program (there, no request is at fault) is for
    the bundler to judge: it shows the code, and its parser is the one that counts."""
    return bool(problem.specifier) and not problem.optional


def _describe(problem: Problem, closure: Closure) -> str:
    chain = closure.chain_to(problem.importer)
    reached = f"\n  reached through {' → '.join(chain)}" if len(chain) > 1 else ""
    tried = problem.tried[:_TRIED] + (("…",) if len(problem.tried) > _TRIED else ())
    looked = f" (tried {', '.join(tried)})" if tried else ""
    return (
        f"{problem.importer}:{problem.line}:{problem.column}: `{problem.specifier}` leads nowhere: "
        f"{problem.reason}{looked}{reached}"
    )


def _unknown_exposes(
    container: FederatedContainer, containers: FederatedContainers, closure: Closure
) -> Iterable[str]:
    remotes = containers.remotes_of(container)
    for use in closure.remotes:
        remote = remotes[use.alias]
        if use.expose not in remote.exposes:
            known = [os.path.normpath(os.path.join(use.alias, name)) for name in remote.exposes]
            close = get_close_matches(use.request, known, n=1)
            guess = f" Did you mean `{close[0]}`?" if close else ""
            exposed = ", ".join(f"`{name}`" for name in known) or "nothing"
            yield (
                f"{use.importer}:{use.line}: `{use.request}` is not there: {remote.label} exposes "
                f"{exposed}.{guess}"
            )


def check_project(
    container: FederatedContainer,
    closure: Closure,
    project: NodeProject,
    packages: WorkspacePackages,
) -> None:
    """One container, one lockfile: packages of two would bring two sets of versions along."""
    members = set(project.members)
    for file in closure.files:
        owner = packages.owner(file)
        if owner is None or owner.directory in members:
            continue
        chain = " → ".join(closure.chain_to(file))
        raise ModuleFederationError(
            f"{container.label} reaches a package that is not one of the workspaces of "
            f"`{project.label}`, whose lockfile it is installed from: {chain}",
            target=container.address,
            file=owner.path,
            remedy=f"add `{project.relative(owner.directory)}` to `workspaces` in "
            f"`{os.path.join(project.root, 'package.json')}` and bring the lockfile up to date.",
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


def check_workspace_targets(
    container: FederatedContainer,
    closure: Closure,
    installed: InstalledProject,
    packages: WorkspacePackages,
) -> None:
    """npm links every workspace package; Pants only knows those that have targets."""
    project = installed.project
    for use in closure.packages:
        owner = packages.owner(use.importer)
        directory = project.relative(owner.directory) if owner is not None else ""
        copy = installed.index.resolve(directory, use.name)
        if copy is None or not copy.is_workspace:
            continue
        folder = os.path.join(project.root, copy.path)
        raise ModuleFederationError(
            f"`{use.request}` leads to the workspace package in `{folder}`, which has no targets, "
            "so its files are not known.",
            target=container.address,
            file=use.importer,
            line=use.line,
            remedy=f'write `package_json(name="package")` and `web_sources()` into '
            f"`{os.path.join(folder, 'BUILD')}`.",
        )


def report_findings(container: FederatedContainer, computed: ShareSlice) -> None:
    """Warns of what was found about a slice, and stops at what is an error."""
    errors = [str(finding) for finding in computed.findings if finding.severity is Severity.ERROR]
    if errors:
        raise ModuleFederationError(
            f"What {container.label} shares can't work:\n\n" + "\n".join(errors),
            target=container.address,
            remedy="see each finding above.",
        )
    warnings = [
        str(finding) for finding in computed.findings if finding.severity is Severity.WARNING
    ]
    for finding in computed.findings:
        if finding.severity is Severity.INFO:
            logger.debug(f"Sharing in {container.address}: {finding}")
    if warnings:
        logger.warning(f"Sharing in {container.address}:\n" + "\n".join(warnings))

"""The mixed workspace, installed with npm, pnpm, Yarn 1 and Yarn 4."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, Mapping

import pytest
from pants.testutil.rule_runner import RuleRunner

from module_federation.sharing.copies import Copy
from module_federation.sharing.install_index import InstallIndex
from module_federation.util_rules.projects import InstalledProject, NodeProject, ProjectRequest
from rules import mixed_workspace
from rules.mixed_workspace import LOCKFILES, MANAGERS, ROOT, SHELL
from rules.runner import federation_runner

#: Pants leaves out folders that begin with a dot.
SEE_YARN = "--pants-ignore=+['!.yarn/']"
EVERY = pytest.mark.parametrize("manager", MANAGERS)


def runner_of(
    manager: str, changes: Mapping[str, str | bytes | None] | None = None, **options: Any
) -> RuleRunner:
    """An engine on the workspace as one package manager knows it."""
    return federation_runner(
        mixed_workspace.files(manager, changes), bootstrap_args=[SEE_YARN], **options
    )


def project_of(runner: RuleRunner) -> NodeProject:
    return runner.request(NodeProject, [ProjectRequest(SHELL)])


def installed_by(runner: RuleRunner) -> InstalledProject:
    return runner.request(InstalledProject, [project_of(runner)])


@lru_cache
def installed(manager: str) -> InstalledProject:
    """The workspace as one package manager installs it, once for each file of tests."""
    return installed_by(runner_of(manager))


def found(index: InstallIndex, start: str, *names: str) -> Copy:
    """The copy at the end of a way: from a folder, one name after the other."""
    copy = index.copies[start]
    for name in names:
        step = index.resolve(copy.path, name)
        assert step is not None, f"{name} is not to be found from {copy.label}"
        copy = step
    return copy


def root_manifest(manager: str, **fields: Any) -> str:
    """The root `package.json` with other fields; `None` takes one out."""
    data = {**mixed_workspace.manifests(manager)[f"{ROOT}/package.json"], **fields}
    return json.dumps({key: value for key, value in data.items() if value is not None}, indent=2)


def lockfile_of(manager: str) -> str:
    return f"{ROOT}/{LOCKFILES[manager]}"

"""A Pants engine with the plugin loaded, on a repository that a test writes."""

from __future__ import annotations

from typing import Iterable, Mapping, Sequence

import pytest
from pants.core.goals import check, package, run
from pants.core.util_rules import source_files, system_binaries
from pants.engine.addresses import Address, Addresses
from pants.engine.fs import Digest, DigestEntries
from pants.engine.internals.scheduler import ExecutionError
from pants.engine.target import DependenciesRequest
from pants.testutil.rule_runner import QueryRule, RuleRunner

from module_federation import register
from module_federation.goals.package import PackagedContainer, PackagedContainerRequest
from module_federation.util_rules.bundle import Bundle, BundleRequest, EmitRequest
from module_federation.util_rules.closures import ContainerClosure, ContainerClosureRequest
from module_federation.util_rules.containers import FederatedContainers
from module_federation.util_rules.contracts import DescribedBundle, EmittedBundle
from module_federation.util_rules.installation import InstallRequest
from module_federation.util_rules.nodejs import NodeRuntime
from module_federation.util_rules.package_managers import (
    PackageManagerProgram,
    PackageManagerRequest,
)
from module_federation.util_rules.projects import InstalledProject, NodeProject, ProjectRequest
from module_federation.util_rules.slices import ContainerSlice, ContainerSliceRequest

#: What the plugin may see of the environment that the tests run in.
ENVIRONMENT = frozenset(
    ("PATH", "NODE_EXTRA_CA_CERTS", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "HOME")
)


def federation_runner(
    files: Mapping[str, str | bytes],
    *,
    options: Sequence[str] = (),
    bootstrap_args: Iterable[str] = (),
    isolated: bool = False,
    queries: Iterable[QueryRule] = (),
) -> RuleRunner:
    """An engine on a repository of `files` (path → text or bytes).

    :param options: command line options, such as `--module-federation-mode=development`.
    :param queries: what a test asks for beside what is listed here.
    :param isolated: give it an empty cache of its own, so that every process really runs.
    """
    runner = RuleRunner(
        rules=[
            *register.rules(),
            *check.rules(),
            *package.rules(),
            *run.rules(),
            *source_files.rules(),
            *system_binaries.rules(),
            QueryRule(Addresses, [DependenciesRequest]),
            QueryRule(Bundle, [BundleRequest]),
            QueryRule(ContainerClosure, [ContainerClosureRequest]),
            QueryRule(ContainerSlice, [ContainerSliceRequest]),
            QueryRule(DescribedBundle, [EmittedBundle]),
            QueryRule(EmittedBundle, [EmitRequest]),
            QueryRule(DigestEntries, [Digest]),
            QueryRule(FederatedContainers, []),
            QueryRule(InstallRequest, [NodeProject]),
            QueryRule(InstalledProject, [NodeProject]),
            QueryRule(NodeProject, [ProjectRequest]),
            QueryRule(PackageManagerProgram, [PackageManagerRequest]),
            QueryRule(NodeRuntime, []),
            QueryRule(PackagedContainer, [PackagedContainerRequest]),
            *queries,
        ],
        target_types=register.target_types(),
        objects=dict(register.build_file_aliases().objects),
        bootstrap_args=tuple(bootstrap_args),
        isolated_local_store=isolated,
    )
    runner.set_options(options, env_inherit=set(ENVIRONMENT))
    runner.write_files(files)
    return runner


def address(spec: str) -> Address:
    """`shop/apps/cart:remote` → `Address`."""
    path, _, name = spec.partition(":")
    return Address(path, target_name=name or None)


def message_of(runner: RuleRunner, product: type, *inputs: object) -> str:
    """The text of the one error that a request ends in, without the engine's trace."""
    with pytest.raises(ExecutionError) as caught:
        runner.request(product, list(inputs))
    errors: Sequence[Exception] = caught.value.wrapped_exceptions
    assert len(errors) == 1
    return str(errors[0])

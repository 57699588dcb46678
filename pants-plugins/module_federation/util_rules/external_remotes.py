"""Remotes that other repositories build, as their contracts describe them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable

from pants.engine.addresses import Address
from pants.engine.fs import DigestContents, GlobMatchErrorBehavior, PathGlobs
from pants.engine.rules import Rule, collect_rules, rule
from pants.engine.target import AllTargets
from pants.util.frozendict import FrozenDict
from pants.util.logging import LogLevel

from module_federation.engine import get_contents, literally, matching_digest
from module_federation.errors import ModuleFederationError
from module_federation.external_target_types import (
    ContractField,
    ExternalEntryField,
    FederatedExternalRemoteTarget,
)
from module_federation.sharing.contract.model import Contract
from module_federation.sharing.contract.reader import ContractError, read_contract_or_manifest


@dataclass(frozen=True)
class ExternalRemote:
    """One `federated_external_remote`.

    :param entry: where a browser finds its manifest or entry.
    :param contract_file: the file that `contract` was read from, relative to the build root.
    """

    address: Address
    entry: str
    contract_file: str
    contract: Contract

    @property
    def name(self) -> str:
        """The container's name in the browser."""
        return self.contract.name

    @property
    def exposes(self) -> tuple[str, ...]:
        """What others can load from it, `./Reviews`."""
        return tuple(each.name for each in self.contract.exposes)

    @property
    def label(self) -> str:
        """The remote as messages name it."""
        return f"`federated_external_remote` target {self.address}"


@dataclass(frozen=True)
class ExternalRemotes:
    """Every external remote of the repository."""

    by_address: FrozenDict[Address, ExternalRemote]


@rule(desc="Read the contracts of external remotes", level=LogLevel.DEBUG)
async def read_external_remotes(all_targets: AllTargets) -> ExternalRemotes:
    """Reads the contract of every `federated_external_remote`."""
    targets = sorted(
        (target for target in all_targets if isinstance(target, FederatedExternalRemoteTarget)),
        key=lambda target: target.address,
    )
    files = {target.address: str(target[ContractField].file_path) for target in targets}
    contents: DigestContents = await get_contents(
        await matching_digest(
            PathGlobs(
                literally(files.values()),
                glob_match_error_behavior=GlobMatchErrorBehavior.ignore,
            )
        )
    )
    texts = {file.path: file.content for file in contents}
    return ExternalRemotes(
        FrozenDict(
            {
                target.address: ExternalRemote(
                    target.address,
                    target[ExternalEntryField].value,
                    files[target.address],
                    _contract(target.address, files[target.address], texts),
                )
                for target in targets
            }
        )
    )


def _contract(address: Address, file: str, texts: dict[str, bytes]) -> Contract:
    if file not in texts:
        raise ModuleFederationError(
            "The contract of this external remote does not exist.",
            target=address,
            file=file,
            remedy="check in the remote's `mf-contract.json` (or `mf-manifest.json`) under this "
            "name, or correct `contract`.",
        )
    try:
        return read_contract_or_manifest(texts[file], file)
    except ContractError as error:
        raise ModuleFederationError(
            error.problem, target=address, file=error.file, line=error.line, remedy=error.remedy
        ) from error


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

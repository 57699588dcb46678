"""The last step of a bundle, in memory: the contract, and a manifest that tells the truth."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
from dataclasses import dataclass, field, replace
from typing import Iterable

from pants.engine.fs import (
    CreateDigest,
    Digest,
    DigestContents,
    DigestSubset,
    FileContent,
    MergeDigests,
    PathGlobs,
    RemovePrefix,
)
from pants.engine.process import ProcessResultMetadata
from pants.engine.rules import Get, Rule, collect_rules, rule
from pants.util.logging import LogLevel

from module_federation.engine import (
    concurrently,
    create_digest,
    digest_subset,
    get_contents,
    merge_digests,
    remove_prefix,
)
from module_federation.errors import ModuleFederationError
from module_federation.sharing.contract.manifest import MANIFEST_FILE, corrected_manifest
from module_federation.sharing.contract.model import Contract, ContractFile
from module_federation.sharing.contract.truth import (
    Truth,
    TruthError,
    absent_keys,
    compare,
    contract_of,
    missing_from_list,
    read_truth,
)
from module_federation.sharing.contract.writer import CONTRACT_FILE, contract_json
from module_federation.sharing.share_slice import ShareSlice
from module_federation.util_rules.containers import FederatedContainer

logger = logging.getLogger(__name__)

#: The process's output folder, and the file beside it that tells what the bundle truly does.
OUTPUT = "__out"
TRUTH = "__truth.json"


@dataclass(frozen=True)
class EmittedBundle:
    """What the bundle process wrote.

    :param slice: what the bundle was to share.
    :param output: the folder `OUTPUT` and the file `TRUTH`.
    :param inputs: fingerprints of all that the process was given, with the places of packages.
    :param process: whether the process ran, or where its result came from.
    """

    container: FederatedContainer
    slice: ShareSlice
    output: Digest
    inputs: tuple[str, ...]
    process: ProcessResultMetadata | None = field(default=None, compare=False)


@dataclass(frozen=True)
class DescribedBundle:
    """
    :param digest: the bundle, with its contract and a manifest that says what the contract says.
    """

    digest: Digest
    contract: Contract


def described_bundle(emitted: EmittedBundle) -> Get:
    """What the bundle process wrote → `DescribedBundle`."""
    return Get(DescribedBundle, EmittedBundle, emitted)


@rule(desc="Compare a bundle with its slice", level=LogLevel.DEBUG)
async def describe_bundle(emitted: EmittedBundle) -> DescribedBundle:
    """Holds the truth against the slice, then writes it down."""
    told, files = await concurrently(
        digest_subset(
            DigestSubset(emitted.output, PathGlobs([TRUTH, f"{OUTPUT}/{MANIFEST_FILE}"]))
        ),
        digest_subset(
            DigestSubset(emitted.output, PathGlobs([f"{OUTPUT}/**", f"!{OUTPUT}/{MANIFEST_FILE}"]))
        ),
    )
    contents: DigestContents = await get_contents(told)
    texts = {file.path: file.content for file in contents}
    truth = _truth(emitted.container, texts[TRUTH])
    bundlers_manifest = texts.get(f"{OUTPUT}/{MANIFEST_FILE}")
    if bundlers_manifest is not None:
        _check_something_was_read(emitted.container, truth, bundlers_manifest)
    _check(emitted, truth)
    contract = contract_of(
        truth,
        emitted.slice,
        target=emitted.container.address.spec,
        mode=emitted.container.mode.value,
        inputs=emitted.inputs,
        style=emitted.container.style.value,
    )
    made = []
    # A runtime host has none: the federation plugin writes it.
    if bundlers_manifest is not None:
        manifest = corrected_manifest(bundlers_manifest, contract)
        made.append(FileContent(MANIFEST_FILE, manifest))
        contract = replace(
            contract,
            files=tuple(
                _described(MANIFEST_FILE, manifest) if file.path == MANIFEST_FILE else file
                for file in contract.files
            ),
        )
    made.append(FileContent(CONTRACT_FILE, contract_json(contract).encode()))
    written, emitted_files = await concurrently(
        create_digest(CreateDigest(made)),
        remove_prefix(RemovePrefix(files, OUTPUT)),
    )
    return DescribedBundle(await merge_digests(MergeDigests([emitted_files, written])), contract)


def _truth(container: FederatedContainer, content: bytes) -> Truth:
    try:
        return read_truth(content)
    except TruthError as error:
        raise ModuleFederationError(
            f"What the bundle of {container.label} shares can't be read. {error}",
            remedy="this is a fault of the plugin, or of a tool in "
            "`[module-federation].bundler_directory` that does not fit it.",
        ) from error


def _check_something_was_read(container: FederatedContainer, truth: Truth, manifest: bytes) -> None:
    """The bundler's manifest is wrong in its details, but not in whether anything is shared."""
    if json.loads(manifest)["shared"] and not truth.provides and not truth.consumes:
        raise ModuleFederationError(
            f"The bundle of {container.label} shares packages, but its code does not say which.",
            remedy="this is a fault of the plugin, or of a tool in "
            "`[module-federation].bundler_directory` that does not fit it.",
        )


def _check(emitted: EmittedBundle, truth: Truth) -> None:
    differences = compare(truth, emitted.slice)
    if emitted.container.is_runtime_host:
        differences = (*differences, *missing_from_list(truth, emitted.slice))
    if differences:
        raise ModuleFederationError(
            f"The bundle of {emitted.container.label} does not share what was computed for it:\n"
            + "".join(f"\n  * {difference}" for difference in differences)
            + "\n",
            remedy="the bundler or the plugin has a fault: please report it with the lines above. "
            "Until it is mended, `share = false` in a package's policy entry keeps it private.",
        )
    absent = absent_keys(truth, emitted.slice)
    if absent:
        logger.debug(f"Imported, but not in the bundle of {truth.name}: {', '.join(absent)}")


def _described(path: str, content: bytes) -> ContractFile:
    digest = hashlib.sha384(content).digest()
    return ContractFile(path, len(content), base64.b64encode(digest).decode())


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

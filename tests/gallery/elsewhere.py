"""Containers as somebody else builds them: the same bundler, without what the plugin sees to.

No asynchronous boundary is put before a host, ranges are not made legal, and the `shared` option is
what a person wrote. What such a container does is read out of its code, as for every bundle.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Optional

from pants.engine.fs import (
    CreateDigest,
    Digest,
    DigestContents,
    FileContent,
    MergeDigests,
    PathGlobs,
    SymlinkEntry,
)
from pants.engine.process import Process, ProcessResult
from pants.testutil.rule_runner import QueryRule, RuleRunner

from gallery.description import App
from module_federation.options import Bundler
from module_federation.sharing.contract.truth import contract_of, read_truth
from module_federation.sharing.contract.writer import CONTRACT_FILE, contract_json
from module_federation.sharing.share_slice import ShareSlice
from module_federation.util_rules import bundle, contracts, package_mounts, tools
from module_federation.util_rules.closures import ContainerClosure, ContainerClosureRequest
from module_federation.util_rules.containers import FederatedContainers
from module_federation.util_rules.nodejs import NodeRuntime
from module_federation.util_rules.remote_entries import remote_entries
from module_federation.util_rules.slices import ContainerSlice, ContainerSliceRequest
from module_federation.util_rules.tools import BundlerTool, BundlerToolRequest
from rules.runner import address

QUERIES = (
    QueryRule(BundlerTool, [BundlerToolRequest]),
    QueryRule(Digest, [CreateDigest]),
    QueryRule(Digest, [MergeDigests]),
    QueryRule(Digest, [PathGlobs]),
    QueryRule(ProcessResult, [Process]),
)
"""What `build_elsewhere` asks of an engine."""

_REQUEST = "request.json"
_ANY_RANGE = b'requiredVersion:"*",'


@dataclass(frozen=True)
class Elsewhere:
    """How a container is built by somebody else.

    :param shared: the federation plugin's `shared` option, as it was written by hand.
    :param ranges: the dependencies that the bundler sees in `package.json`; by default those of
        the app.
    :param names_no_range: the bundler leaves out a range that it does not find, where Rspack
        writes `*`.
    """

    shared: Mapping[str, Mapping[str, Any]]
    ranges: Optional[Mapping[str, str]] = None
    names_no_range: bool = False


def build_elsewhere(runner: RuleRunner, app: App, how: Elsewhere, dist: Path) -> None:
    """Bundles one container by hand, over what `package` may have put into `dist`."""
    containers = runner.request(FederatedContainers, [])
    container = containers.by_address[address(app.address)]
    closure = runner.request(ContainerClosure, [ContainerClosureRequest(container.address)])
    packages = runner.request(ContainerSlice, [ContainerSliceRequest(container.address)])
    node = runner.request(NodeRuntime, [])
    request = bundle.bundle_options(
        container,
        remotes=remote_entries(container, containers),
        shared=how.shared,
        closure=closure.closure,
    )
    # A host's first module is its entry: nothing waits for shared modules before it.
    request["entryPoint"] = container.entry_point
    manifest = dict(app.manifest)
    if how.ranges is not None:
        manifest["dependencies"] = dict(how.ranges)
    generated = runner.request(
        Digest,
        [
            CreateDigest(
                [
                    FileContent(_REQUEST, json.dumps(request).encode()),
                    FileContent(f"{app.folder}/package.json", json.dumps(manifest).encode()),
                    *(
                        SymlinkEntry(folder, f"../{package_mounts.MOUNT}/{folder}")
                        for folder in packages.node_modules_folders
                    ),
                ]
            )
        ],
    )
    sources = runner.request(Digest, [PathGlobs(closure.source_files)])
    result = runner.request(
        ProcessResult,
        [
            Process(
                node.argv(
                    f"{tools.MOUNT}/build.mjs",
                    "-cp",
                    _REQUEST,
                    "bundle",
                    flags=("--preserve-symlinks", "--preserve-symlinks-main"),
                ),
                description=f"Bundle {app.name} by hand",
                input_digest=runner.request(Digest, [MergeDigests([sources, generated])]),
                immutable_input_digests={
                    tools.MOUNT: runner.request(
                        BundlerTool, [BundlerToolRequest(Bundler.RSPACK)]
                    ).digest,
                    **package_mounts.mounted_one_by_one(packages.node_modules),
                },
                env=node.env(),
                append_only_caches=node.caches,
                output_directories=(contracts.OUTPUT,),
                output_files=(contracts.TRUTH,),
            )
        ],
    )
    files = {
        file.path: file.content for file in runner.request(DigestContents, [result.output_digest])
    }
    contract = contract_of(
        read_truth(files.pop(contracts.TRUTH)),
        ShareSlice(app.name, container.kind.value, (), ()),
        target=container.address.spec,
        mode=container.mode.value,
        inputs=(),
    )
    if how.names_no_range:
        files = {path: content.replace(_ANY_RANGE, b"") for path, content in files.items()}
        consumes = tuple(replace(each, required=None) for each in contract.consumes)
        contract = replace(contract, consumes=consumes)
    folder = dist / app.output
    for path, content in files.items():
        target = folder / Path(path).relative_to(contracts.OUTPUT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    (folder / CONTRACT_FILE).write_text(contract_json(contract))

"""The share slices of a workspace, straight from the rules."""

from __future__ import annotations

from pathlib import Path

from module_federation.sharing.share_slice import ShareSlice
from module_federation.util_rules.containers import FederatedContainers
from module_federation.util_rules.slices import ContainerSlice, ContainerSliceRequest
from rules.runner import federation_runner


def computed_slices(root: Path, workspace: str) -> dict[str, ShareSlice]:
    """Container name → slice, of all hosts and remotes in a workspace.

    :param root: the folder that `workspace` lies in, a path with slashes.
    """
    runner = federation_runner(
        {
            str(file.relative_to(root)): file.read_bytes()
            for file in sorted((root / workspace).rglob("*"))
            if file.is_file() and "node_modules" not in file.parts
        },
        options=[f"--module-federation-policy-file={workspace}/sharing.toml"],
    )
    return {
        container.name: runner.request(
            ContainerSlice, [ContainerSliceRequest(container.address)]
        ).slice
        for container in runner.request(FederatedContainers, [])
    }

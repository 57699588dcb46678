"""Records of builds for tests, with as little in them as a test needs."""

from __future__ import annotations

from typing import Mapping

from module_federation.rebuilds.record import BuildRecord, Part, Value

CONTRACT = "c" * 64


def record(
    *,
    target: str = "apps/cart:remote",
    contract: str = CONTRACT,
    inputs: str = "i" * 64,
    **parts: Mapping[str, Value],
) -> BuildRecord:
    """A record; `parts` are named as in the file."""
    return BuildRecord(
        target, contract, inputs, {Part(name): values for name, values in parts.items()}
    )

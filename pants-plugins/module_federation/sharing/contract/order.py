"""The one order in which the parts of a contract stand."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from module_federation.sharing.contract.model import Contract


def in_order(contract: Contract) -> Contract:
    """The same contract with its lists sorted, and without repeated requests.

    Provides of one key stay in the order of the bundle's code: between versions that fit a
    consumer, the runtime takes the one that was registered first (``getRegisteredShare`` of
    ``@module-federation/runtime-core`` 2.9.2), and of two with one version the last one.
    """
    return dataclasses.replace(
        contract,
        provides=tuple(sorted(contract.provides, key=lambda each: (each.scope, each.key))),
        consumes=tuple(sorted(set(contract.consumes), key=_all_of)),
        exposes=tuple(sorted(contract.exposes, key=_all_of)),
        remotes=tuple(sorted(contract.remotes, key=_all_of)),
        tools=dict(sorted(contract.tools.items())),
        files=tuple(sorted(contract.files, key=lambda each: each.path)),
    )


def _all_of(part: Any) -> str:
    """A text that two parts have in common only when they are equal."""
    return json.dumps([(name, value) for name, value in dataclasses.asdict(part).items()])

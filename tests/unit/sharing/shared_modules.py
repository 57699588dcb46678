"""Shared modules, written by hand."""

from __future__ import annotations

from typing import Any

from module_federation.sharing.plan.members import KeyFacts
from module_federation.sharing.share_slice import SharedModule


def shared_module(key: str, version: str = "1.2.3", **changes: Any) -> SharedModule:
    """A module as a runtime host's list has it, with what a test wants to be different."""
    values: dict[str, Any] = {
        "key": key,
        "package": key,
        "version": version,
        "required_version": "*",
        "singleton": True,
        "strict_version": False,
        "eager": True,
        "scope": "default",
        "import_": True,
        "package_path": f"node_modules/{key}",
        "is_requested": True,
        "at_start": False,
        "is_initial": False,
        "reason": "",
        "used_by": (),
        "copies": (),
        "facts": KeyFacts(key),
        **changes,
    }
    return SharedModule(**values)

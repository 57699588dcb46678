"""The scripts of `bundler/` beside the packages they need."""

from __future__ import annotations

from unit.module_graph.conftest import node

__all__ = ["node"]

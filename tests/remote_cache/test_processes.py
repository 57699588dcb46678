"""What holds for every process that the plugin describes, read out of its sources."""

from __future__ import annotations

import ast
from typing import Iterator

import pytest

from end_to_end.pants_repository import OURS

PLUGIN = OURS / "pants-plugins/module_federation"

# What a machine may do sooner than it downloads the result: it chooses between two constants.
_SOONER = "util_rules/packs.py"
# Runs on the machine of whoever called `run`, and is never cached.
_INTERACTIVE = "goals/run.py"


def sources() -> Iterator[tuple[str, ast.Module]]:
    """Path below the plugin and syntax tree of each of its modules."""
    for path in sorted(PLUGIN.rglob("*.py")):
        yield str(path.relative_to(PLUGIN)), ast.parse(path.read_text())


def processes() -> Iterator[tuple[str, ast.Call]]:
    """Every `Process(…)` with the module that it is in."""
    for name, module in sources():
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "Process":
                yield name, node


@pytest.mark.parametrize(
    ("module", "process"), [pytest.param(*found, id=found[0]) for found in processes()]
)
def test_a_process_waits_for_the_remote_cache_or_is_not_in_it(
    module: str, process: ast.Call
) -> None:
    keywords = {keyword.arg: ast.dump(keyword.value) for keyword in process.keywords}
    if "executable_search_path_cache_scope" in keywords.get("cache_scope", ""):
        # It says where something is on this machine: Pants keeps it as long as pantsd runs.
        assert "remote_cache_speculation_delay_millis" not in keywords
    else:
        assert "cache_scope" not in keywords
        start = "head_start" if module == _SOONER else "REMOTE_CACHE_HEAD_START"
        assert f"'{start}'" in keywords["remote_cache_speculation_delay_millis"]
        assert "attr='caches'" in keywords["append_only_caches"]
        assert "attr='env'" in keywords["env"]


def test_all_processes_are_looked_at() -> None:
    """Install, unpack, fetch a package manager, parse, read exports, bundle, and find Node.js."""
    assert len({module for module, _ in processes()}) >= 7


def test_no_process_needs_a_path_of_its_sandbox() -> None:
    """Pants 2.17.1 puts a path in place of `{chroot}` here, and not on a worker."""
    users = {
        name
        for name, module in sources()
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and "{chroot}" in str(node.value)
    }
    assert users <= {_INTERACTIVE}

"""The repository's TypeScript settings, with what they extend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable

from pants.engine.fs import DigestContents, PathGlobs
from pants.engine.rules import Rule, collect_rules, rule
from pants.util.frozendict import FrozenDict
from pants.util.logging import LogLevel

from module_federation.engine import get_contents, literally, matching_digest
from module_federation.module_graph.tsconfig import missing_parents
from module_federation.settings_target_types import TypeScriptSettingsField


@dataclass(frozen=True)
class TypeScriptSettings:
    """
    :param contents: paths → contents: of all files with a usual name outside `node_modules`, and of
        those that they extend, wherever these are and whatever they are called.
    """

    contents: FrozenDict[str, bytes]


@rule(desc="Read TypeScript settings", level=LogLevel.DEBUG)
async def read_typescript_settings() -> TypeScriptSettings:
    """Reads them round by round: a file that is extended can extend others."""
    globs = PathGlobs(
        [*(f"**/{name}" for name in TypeScriptSettingsField.default), "!**/node_modules/**"]
    )
    contents: dict[str, bytes] = {}
    while True:
        found: DigestContents = await get_contents(await matching_digest(globs))
        contents.update((file.path, file.content) for file in found)
        if not found:
            return TypeScriptSettings(FrozenDict(sorted(contents.items())))
        globs = PathGlobs(literally(missing_parents(contents)))


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()

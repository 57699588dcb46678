"""The schema of a plugin's configuration, as Backstage's backend reads it from a dynamic plugin."""

from __future__ import annotations

import json
import posixpath
from typing import Any, Mapping, Optional

CONFIG_SCHEMA_FILE = "dist/.config-schema.json"
"""Relative to the package. Source: @backstage/backend-dynamic-feature-service 0.8.7,
``dist/schemas/schemas.cjs.js``."""

_DRAFT = "http://json-schema.org/draft-07/schema#"


class ConfigSchemaError(ValueError):
    """A schema that can't be used: what is wrong, and what to do."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem} {remedy}")
        self.problem = problem
        self.remedy = remedy


def schema_file(manifest: Mapping[str, Any]) -> Optional[str]:
    """The file that ``configSchema`` names, relative to the package; None where it names none."""
    value = manifest.get("configSchema")
    return posixpath.normpath(value) if isinstance(value, str) else None


def is_types(file: str) -> bool:
    """Whether a schema is written as TypeScript types, which only a type checker can read."""
    return file.endswith(".ts")


def config_schema_json(manifest: Mapping[str, Any], content: Optional[bytes]) -> Optional[str]:
    """The file with a package's own schema; None where it has none.

    Args:
        manifest: The package's ``package.json``.
        content: The file that ``schema_file`` names.

    Raises:
        ConfigSchemaError: There is no JSON, or no schema of an object.
    """
    file = schema_file(manifest)
    value = manifest.get("configSchema")
    if value is None:
        return None
    if file is not None:
        try:
            value = json.loads(content or b"")
        except ValueError as error:
            raise ConfigSchemaError(
                f"`configSchema` names {file}, which is no JSON: {error}.", "correct the file."
            ) from error
    if not isinstance(value, dict) or value.get("type") != "object":
        raise ConfigSchemaError(
            "`configSchema` leads to no JSON schema of an object.",
            'write one there (`{"type": "object", …}`), or the name of a `.json` file with one.',
        )
    # The backend refuses schemas that do not name theirs.
    value = {"$schema": _DRAFT, **value}
    schema = {"packageName": manifest.get("name"), "value": value, "path": file or "package.json"}
    document = {"backstageConfigSchemaVersion": 1, "schemas": [schema]}
    return f"{json.dumps(document, indent=2, ensure_ascii=False)}\n"

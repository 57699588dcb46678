"""What one container was built from, as a value and as a small JSON file.

The file says nothing that is not on this machine already: paths of the repository, fingerprints,
versions and options. It never decides whether anything is built; the engine does that by itself.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Mapping, Union

SCHEMA = "module-federation-build"
SCHEMA_VERSION = 1

Value = Union[str, Mapping[str, str]]
"""One thing: a text, or its options by name. Which text, `Part` says."""


class Part(Enum):
    """What a container is made of, in the order in which changes are told.

    Each maps names to values:

    * ``sources``, ``public``: file → fingerprint of its content;
    * ``manifests``: ``package.json`` → fingerprint of what the bundler reads of it;
    * ``packages``: installed copy, by its path in the project → version;
    * ``contents``: the same path → fingerprint of its files;
    * ``shared``: share key → its options, as JSON each;
    * ``options``: option or field → JSON, or its entries as JSON each;
    * ``imports``: first-party request → the file that answers it;
    * ``tools``: Node.js, bundler and their like → version;
    * ``scripts``: the plugin's own scripts and lockfile → fingerprint.
    """

    SOURCES = "sources"
    PUBLIC = "public"
    MANIFESTS = "manifests"
    PACKAGES = "packages"
    CONTENTS = "contents"
    SHARED = "shared"
    OPTIONS = "options"
    IMPORTS = "imports"
    TOOLS = "tools"
    SCRIPTS = "scripts"


class RecordError(ValueError):
    """A text that is no record of this version."""


@dataclass(frozen=True)
class BuildRecord:
    """What one container was built from.

    :param target: its address.
    :param contract: SHA-256 of the `mf-contract.json` that came of it: by it the record knows the
        folder in `dist` again.
    :param inputs: SHA-256 over everything that the bundle process was given.
    :param parts: what it is made of, name by name; a part may be absent.
    """

    target: str
    contract: str
    inputs: str
    parts: Mapping[Part, Mapping[str, Value]] = field(hash=False)

    def part(self, part: Part) -> Mapping[str, Value]:
        """One part; empty where it is absent."""
        return self.parts.get(part, {})


def record_json(record: BuildRecord) -> str:
    """The file's content: sorted keys, a newline at the end."""
    data = {
        "schema": SCHEMA,
        "version": SCHEMA_VERSION,
        "target": record.target,
        "contract": record.contract,
        "inputs": record.inputs,
        "parts": {part.value: record.parts[part] for part in Part if part in record.parts},
    }
    # One line per entry is for people who look into it, and for `diff`.
    return json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def read_record(content: bytes) -> BuildRecord:
    """Reads what `record_json` wrote, trusting nothing in it.

    :raises RecordError: it is something else, or of another version.
    """
    try:
        data = json.loads(content)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise RecordError(f"no JSON: {error}") from error
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise RecordError(f"no `schema` {SCHEMA!r}")
    version = data.get("version")
    if version is True or version != SCHEMA_VERSION:
        raise RecordError(f"version {version!r}, and this plugin reads {SCHEMA_VERSION}")
    parts = data.get("parts")
    if not isinstance(parts, dict):
        raise RecordError("no `parts`")
    return BuildRecord(
        _text(data, "target"),
        _text(data, "contract"),
        _text(data, "inputs"),
        {part: _values(parts[part.value], part) for part in Part if part.value in parts},
    )


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str):
        raise RecordError(f"no text as `{key}`")
    return value


def _values(data: Any, part: Part) -> Mapping[str, Value]:
    if not isinstance(data, dict) or not all(map(_is_value, data.values())):
        raise RecordError(f"`{part.value}` is not as it is written")
    return data


def _is_value(value: object) -> bool:
    if isinstance(value, dict):
        return all(isinstance(each, str) for each in value.values())
    return isinstance(value, str)

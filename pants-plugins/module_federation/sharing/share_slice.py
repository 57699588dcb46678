"""The share slice: what one container shares, as data and as JSON."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import Any, Mapping

from module_federation.sharing.findings import Finding, Severity

SCHEMA_VERSION = 1


class SliceFormatError(ValueError):
    """A text that is no share slice of this version."""


@dataclass(frozen=True)
class SharedModule:
    """One share key of one container.

    Attributes:
        key: The request that is shared, e.g. ``react/jsx-runtime``. package: The package it belongs
        to, by the name importers use. version: The exact version provided; None leaves it to the
        bundler's own lookup (two copies),
            or there is none to provide (``import_`` False).
        required_version: The range asked for, in the runtime's dialect. False asks for nothing;
        None
            leaves it to the bundler's lookup in each importer's ``package.json``.
        singleton: One instance in the page.
        strict_version: A version that does not fit throws.
        eager: The code is part of the entry.
        scope: The share scope.
        import_: False when the container brings no copy along.
        package_path: Where the copy is installed, relative to the project; None for two copies.
        is_requested: First-party code asks for the key, so the bundle is certain to have it. False:
            only installed packages may ask for it, so the bundle may have it.
        reason: Why it is shared, for people.
        used_by: Who asks for it: folders of workspace packages, and labels of installed ones.
    """

    key: str
    package: str
    version: str | None
    required_version: str | bool | None
    singleton: bool
    strict_version: bool
    eager: bool
    scope: str
    import_: bool
    package_path: str | None
    is_requested: bool
    reason: str
    used_by: tuple[str, ...]

    def to_config(self) -> dict[str, Any]:
        """The key's value in the federation plugin's ``shared`` option."""
        config: dict[str, Any] = {
            "eager": self.eager,
            "shareScope": self.scope,
            "singleton": self.singleton,
            "strictVersion": self.strict_version,
        }
        if not self.import_:
            config["import"] = False
        if self.version is not None:
            config["version"] = self.version
        if self.required_version is not None:
            config["requiredVersion"] = self.required_version
        return dict(sorted(config.items()))


@dataclass(frozen=True)
class ShareSlice:
    """What one container shares, sorted by key, and what was found on the way, sorted by place."""

    container: str
    kind: str
    shared: tuple[SharedModule, ...]
    findings: tuple[Finding, ...]

    def module(self, key: str) -> SharedModule | None:
        """The shared module of one key."""
        return next((each for each in self.shared if each.key == key), None)

    def to_shared_config(self) -> dict[str, dict[str, Any]]:
        """The federation plugin's ``shared`` option: key → ``eager``, ``requiredVersion``, ….

        Plain data in a stable order, without findings, reasons and importers: it changes only when
        the bundle does.
        """
        return {each.key: each.to_config() for each in self.shared}

    def to_json(self) -> str:
        """The whole slice.

        Keys are ``version`` (of the schema), ``container``, ``kind``, ``shared``, ``findings``;
        those in ``shared`` are the attributes of ``SharedModule`` (``import_`` as ``import``),
        those in ``findings`` of ``Finding``. Sorted keys, two spaces, a newline at the end.
        """
        data = {
            "version": SCHEMA_VERSION,
            "container": self.container,
            "kind": self.kind,
            "shared": [
                _renamed(dataclasses.asdict(each), "import_", "import") for each in self.shared
            ],
            "findings": [
                {**dataclasses.asdict(each), "severity": each.severity.value}
                for each in self.findings
            ],
        }
        return json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> ShareSlice:
        """Read what ``to_json`` wrote.

        Raises:
            SliceFormatError: It is something else, or of another version.
        """
        try:
            data = json.loads(text)
            if data["version"] != SCHEMA_VERSION:
                raise SliceFormatError(
                    f"This is a share slice of version {data['version']!r}; this plugin reads "
                    f"{SCHEMA_VERSION}. Make it again with this plugin."
                )
            return cls(
                data["container"],
                data["kind"],
                tuple(
                    SharedModule(
                        **{
                            **_renamed(each, "import", "import_"),
                            "used_by": tuple(each["used_by"]),
                        }
                    )
                    for each in data["shared"]
                ),
                tuple(
                    Finding(
                        **{
                            **each,
                            "chain": tuple(each["chain"]),
                            "severity": Severity(each["severity"]),
                        }
                    )
                    for each in data["findings"]
                ),
            )
        except (KeyError, TypeError, ValueError) as error:
            if isinstance(error, SliceFormatError):
                raise
            raise SliceFormatError(
                f"This is no share slice ({error!r}). Make it again with this plugin."
            ) from error


def _renamed(values: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    return {new if key == old else key: value for key, value in values.items()}

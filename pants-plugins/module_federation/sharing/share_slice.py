"""The share slice: what one container shares, as data and as JSON."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import Any, Mapping

from module_federation.sharing.findings import Finding, Severity
from module_federation.sharing.plan.members import KeyFacts, RangeOrigin

SCHEMA_VERSION = 2


class SliceFormatError(ValueError):
    """A text that is no share slice of this version."""


@dataclass(frozen=True)
class CopyRequest:
    """Who gets one of several copies, and the range that the bundle will ask for there.

    Attributes:
        required_version: What the bundler finds by itself: the range in the importing package's
            ``package.json``, word for word; ``*`` where it finds none.
        origin: Where that range comes from; None where there is none.
    """

    required_version: str
    origin: RangeOrigin | None


@dataclass(frozen=True)
class SharedCopy:
    """One copy of a shared package, where a bundle looks versions and ranges up by itself.

    Attributes:
        version: What its ``package.json`` says.
        path: Where it is, relative to the project.
        requests: Who gets it, in a stable order.
    """

    version: str | None
    path: str
    requests: tuple[CopyRequest, ...]


@dataclass(frozen=True)
class SharedModule:
    """One share key of one container.

    Attributes:
        key: The request that is shared, e.g. ``react/jsx-runtime``.
        package: The package it belongs to, by the name importers use.
        version: The exact version provided; None leaves it to the bundler's own lookup (two
            copies), or there is none to provide (``import_`` False).
        required_version: The range asked for, in the runtime's dialect. False asks for nothing;
            None leaves it to the bundler's lookup in each importer's ``package.json``.
        singleton: One instance in the page.
        strict_version: A version that does not fit throws.
        eager: The code is part of the entry.
        scope: The share scope.
        import_: False when the container brings no copy along.
        package_path: Where the copy is installed, relative to the project; None for two copies.
        is_requested: First-party code asks for the key, so the bundle is certain to have it. False:
            only installed packages may ask for it, so the bundle may have it.
        at_start: It is asked for as soon as the container starts (a host) or one of its modules is
            loaded (a remote). Where ``is_requested`` is False: it may be.
        is_initial: The entry itself asks for it, before anything can be loaded: eager code does.
        reason: Why it is shared, for people.
        used_by: Who asks for it: folders of workspace packages, and labels of installed ones.
        copies: The copies that imports of the key lead to, where version or range is left to the
            bundler; else empty.
        facts: What only the plan and reports need.
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
    at_start: bool
    is_initial: bool
    reason: str
    used_by: tuple[str, ...]
    copies: tuple[SharedCopy, ...]
    facts: KeyFacts

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
class PrivatePackage:
    """A package that first-party code of a container imports and that the container does not share.

    Attributes:
        name: By which it is imported.
        versions: Those of all copies that the imports lead to, sorted as text.
        stateful_because: As in ``KeyFacts``.
        importers: As in ``KeyFacts``.
    """

    name: str
    versions: tuple[str, ...]
    stateful_because: str | None
    importers: tuple[str, ...]


@dataclass(frozen=True)
class ShareSlice:
    """What one container shares, sorted by key, and what was found on the way, sorted by place.

    ``private`` are the packages that its own code imports and that it does not share, by name.
    """

    container: str
    kind: str
    shared: tuple[SharedModule, ...]
    findings: tuple[Finding, ...]
    private: tuple[PrivatePackage, ...] = ()

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

        Keys are ``version`` (of the schema), ``container``, ``kind``, ``shared``, ``private``,
        ``findings``; those in ``shared`` are the attributes of ``SharedModule`` (``import_`` as
        ``import``), those in ``private`` of ``PrivatePackage``, those in ``findings`` of
        ``Finding``. Sorted keys, two spaces, a newline at the end.
        """
        data = {
            "version": SCHEMA_VERSION,
            "container": self.container,
            "kind": self.kind,
            "shared": [
                _renamed(dataclasses.asdict(each), "import_", "import") for each in self.shared
            ],
            "private": [dataclasses.asdict(each) for each in self.private],
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
                tuple(_module(each) for each in data["shared"]),
                tuple(_finding(each) for each in data["findings"]),
                tuple(PrivatePackage(**_frozen(each)) for each in data["private"]),
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            if isinstance(error, SliceFormatError):
                raise
            raise SliceFormatError(
                f"This is no share slice ({error!r}). Make it again with this plugin."
            ) from error


def _module(data: Mapping[str, Any]) -> SharedModule:
    values = _frozen(_renamed(data, "import", "import_"))
    facts = _frozen(values["facts"])
    values["facts"] = KeyFacts(**{**facts, "origins": tuple(map(_origin, facts["origins"]))})
    values["copies"] = tuple(map(_copy, values["copies"]))
    return SharedModule(**values)


def _copy(data: Mapping[str, Any]) -> SharedCopy:
    requests = tuple(
        CopyRequest(each["required_version"], each["origin"] and _origin(each["origin"]))
        for each in data["requests"]
    )
    return SharedCopy(data["version"], data["path"], requests)


def _origin(data: Mapping[str, Any]) -> RangeOrigin:
    return RangeOrigin(**data)


def _finding(data: Mapping[str, Any]) -> Finding:
    return Finding(**{**_frozen(data), "severity": Severity(data["severity"])})


def _frozen(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with lists as tuples, as the dataclasses have them."""
    return {
        key: tuple(value) if isinstance(value, list) else value for key, value in values.items()
    }


def _renamed(values: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    return {new if key == old else key: value for key, value in values.items()}

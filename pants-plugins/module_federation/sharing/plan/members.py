"""What the plan knows of each container: what the runtime will see of it, and where it comes from.

A member is made from a share slice (``from_slices``, before anything is built), or from a contract
or manifest (``from_contracts``, what a bundle truly does). The plan does not care which.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Mapping

from module_federation.sharing.findings import Finding
from module_federation.sharing.negotiation import Container


@dataclass(frozen=True, order=True)
class RangeOrigin:
    """One place that a container's range for a package comes from.

    Attributes:
        text: The range as it stands there, e.g. ``^18.2.0`` or ``workspace:*``.
        owner: Who asks: the folder of a workspace package, the label of an installed one
            (``react-router@7.18.5``), a policy, or a contract.
        file: The file that says so, relative to the repository (or the contract's path).
        line: From 1.
        kind: The section of ``package.json``, or ``required_version`` for a policy's word.
    """

    text: str
    owner: str
    file: str | None = None
    line: int | None = None
    kind: str = "dependencies"

    @property
    def place(self) -> str:
        """``package.json:7``, the file alone, or, where there is none, who asks."""
        return f"{self.file}:{self.line}" if self.file and self.line else self.file or self.owner

    @property
    def is_policy(self) -> bool:
        """Whether a policy file, a preset or a target's ``shared`` field says so, by its word."""
        return self.kind == "required_version"

    def __str__(self) -> str:
        return f"{self.place} asks for `{self.text}` ({self.kind})"


@dataclass(frozen=True)
class KeyFacts:
    """What is known about one share key of one container besides what the runtime sees.

    Attributes:
        package: The package that the key belongs to.
        origins: What the required range is made of.
        version_origin: Where the provided version comes from, for people: ``react@19.3.1 in
            node_modules/react``.
        importers: Who imports it, one ``file:line`` or label per text, the chain from the entry
            where it is known.
        stateful_because: Why two copies in one page would be wrong (``react-dom@19.3.1 names it
            as a peer dependency``); None when nothing says so.
        build: What tells copies of equal version apart, e.g. the project that they are installed
            from, or a digest; None when unknown. Copies with one version and one build are one.
        size: What the copy adds to the page, in bytes; None when unknown.
    """

    package: str
    origins: tuple[RangeOrigin, ...] = ()
    version_origin: str | None = None
    importers: tuple[str, ...] = ()
    stateful_because: str | None = None
    build: str | None = None
    size: int | None = None


@dataclass(frozen=True)
class RemoteUse:
    """A container imports ``expose`` (``./Cart``) of the remote that it calls ``alias``."""

    alias: str
    expose: str
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True)
class Member:
    """One container of a federation.

    Attributes:
        container: What the runtime will see of it.
        kind: ``host``, ``remote`` or ``external``.
        label: How messages name it: a target's address, or the path of a contract.
        mode: ``production`` or ``development``; None when unknown.
        facts: Share key → what else is known of it.
        at_start: Keys that are asked for as soon as the container starts (a host) or is loaded
            (a remote); the others only later, or never.
        initial: Keys that are asked for without an asynchronous boundary (``initialConsumes``).
        certain: Keys that the bundle is certain to ask for; for the others (which only installed
            packages may ask for) the plan is a bound.
        remotes: Name in imports → container name.
        exposes: What others can load, ``./Cart``; None when unknown.
        uses: What it imports of its remotes.
        private: Packages in the bundle that are not shared: name → versions.
        findings: What was found when it was computed or read.
    """

    container: Container
    kind: str
    label: str
    mode: str | None = None
    facts: Mapping[str, KeyFacts] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    at_start: frozenset[str] = frozenset()
    initial: frozenset[str] = frozenset()
    certain: frozenset[str] = frozenset()
    remotes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    exposes: tuple[str, ...] | None = None
    uses: tuple[RemoteUse, ...] = ()
    private: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: MappingProxyType({}), hash=False
    )
    findings: tuple[Finding, ...] = ()

    @property
    def name(self) -> str:
        """The container's name in the page."""
        return self.container.name

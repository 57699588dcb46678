"""The federation plan, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from module_federation.sharing.findings import Finding, Severity
from module_federation.sharing.negotiation import Consume, Failure, Step
from module_federation.sharing.plan.members import Member


class Proof(Enum):
    """How the possible outcomes of a key were found.

    ``ONE_VERSION``: everybody provides the same version, so no order can matter.
    ``ENUMERATED``: every load state that matters was played with the runtime's rules.
    ``BOUNDED``: there are too many; so many were played, and others may exist.
    """

    ONE_VERSION = "one-version"
    ENUMERATED = "enumerated"
    BOUNDED = "bounded"


@dataclass(frozen=True)
class Possibility:
    """One thing that can come of one request for a shared module.

    Attributes:
        version: The version that is loaded; None when the request fails.
        providers: The containers whose copy it can be (names decide between equal versions).
        is_private: The container loads its own copy, of which nobody else learns.
        warnings: What the runtime logs, without its prefix.
        failure: Why nothing is loaded.
        trace: A sequence of steps that leads to it, its own step last: the shortest that was found.
        arrival: The order in which entries arrive then (``Federation.arrival``), where they arrive
            together and it can matter.
    """

    version: str | None
    providers: tuple[str, ...]
    is_private: bool = False
    warnings: tuple[str, ...] = ()
    failure: Failure | None = None
    trace: tuple[Step, ...] = ()
    arrival: tuple[str, ...] = ()


@dataclass(frozen=True)
class ConsumerPlan:
    """What can come of one container's request, the shortest trace first."""

    container: str
    consume: Consume
    possibilities: tuple[Possibility, ...]

    @property
    def versions(self) -> tuple[str, ...]:
        """The versions that it can get, without repetition, in order of the possibilities."""
        found = (each.version for each in self.possibilities if each.version is not None)
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class KeyPlan:
    """One share key in one federation.

    Attributes:
        provides: Version → the containers that provide it; ascending by version.
        consumers: In the order of the federation's members.
        states: So many load states were played; 0 for ``ONE_VERSION``.
    """

    key: str
    package: str
    provides: tuple[tuple[str, tuple[str, ...]], ...]
    consumers: tuple[ConsumerPlan, ...]
    proof: Proof
    states: int


@dataclass(frozen=True)
class FederationPlan:
    """A host and everything it can load.

    Attributes:
        host: The host's container name.
        members: The host first, the others by name.
        keys: By key.
        findings: All findings, those of the members included, sorted by place; silenced ones too.
    """

    host: str
    members: tuple[Member, ...]
    keys: tuple[KeyPlan, ...]
    findings: tuple[Finding, ...]

    def key(self, name: str) -> KeyPlan | None:
        """The plan of one share key."""
        return next((each for each in self.keys if each.key == name), None)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that stop a build."""
        return tuple(each for each in self.findings if each.is_error)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that a person should hear of, but that stop nothing."""
        return tuple(
            each
            for each in self.findings
            if each.severity is Severity.WARNING and each.silenced_because is None
        )

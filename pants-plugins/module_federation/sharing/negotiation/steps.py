"""What can happen in a page, and what can come of it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Tuple, Union

from module_federation.sharing.negotiation.choice import Copy
from module_federation.sharing.negotiation.model import Consume
from module_federation.sharing.negotiation.state import PageState


class FailureCode(enum.Enum):
    """How a step can fail."""

    UNSATISFIED_SINGLETON = "unsatisfied-singleton"
    NOT_EAGER = "RUNTIME-006"
    NO_PROVIDER = "RUNTIME-012"
    NO_RANGE = "TypeError"
    OFFLINE = "offline"
    HANGS = "hangs"


@dataclass(frozen=True)
class Failure:
    """Why a step failed; ``message`` is the runtime's own for an unsatisfied singleton."""

    code: FailureCode
    message: str


@dataclass(frozen=True)
class Outcome:
    """What came of a step.

    Attributes:
        copy: The copy that a shared module was loaded from.
        is_private: Nothing in the share scope fitted: the container loaded its own copy, which
            the share scope does not learn of.
        warnings: What the runtime has logged, without its prefix.
    """

    copy: Copy | None = None
    is_private: bool = False
    failure: Failure | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class LoadShare:
    """``container`` needs a shared module."""

    container: str
    consume: Consume


@dataclass(frozen=True)
class LoadShareSync:
    """``container`` needs a shared module at once."""

    container: str
    consume: Consume


@dataclass(frozen=True)
class LoadRemote:
    """``container`` imports a module of ``remote``."""

    container: str
    remote: str


@dataclass(frozen=True)
class Initialize:
    """``container`` makes share scopes ready."""

    container: str
    scopes: tuple[str, ...] = ("default",)


Step = Union[LoadShare, LoadShareSync, LoadRemote, Initialize]
Moment = Tuple[PageState, Outcome]

"""Counted words, and what can come of a request for a shared module in a word or two."""

from __future__ import annotations

from module_federation.sharing.negotiation import FailureCode

FAILURES = {
    FailureCode.UNSATISFIED_SINGLETON: "throws",
    FailureCode.NOT_EAGER: "not eager, throws",
    FailureCode.NO_PROVIDER: "nobody has it",
    FailureCode.NO_RANGE: "no range, throws",
    FailureCode.OFFLINE: "offline",
    FailureCode.HANGS: "waits for ever",
}


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """``1 error``, ``2 errors``, ``no errors``."""
    word = noun if count == 1 else plural or f"{noun}s"
    return f"{count or 'no'} {word}"

"""How findings about a federation name things, so that all of them speak alike."""

from __future__ import annotations

import re
from typing import Iterable, Sequence

from module_federation.sharing.negotiation import (
    Initialize,
    LoadRemote,
    LoadShare,
    LoadShareSync,
    Step,
)
from module_federation.sharing.plan.finders.view import Ask
from module_federation.sharing.plan.members import Member, RangeOrigin

_SHOWN = 3
_PLACE = re.compile(r"([^\s:]+):([0-9]+)(?::[0-9]+)?")


def listed(names: Iterable[str], shown: int = _SHOWN) -> str:
    """``a``, ``a and b``, ``a, b and c``, ``a, b, c and 297 more``."""
    found = list(dict.fromkeys(names))
    if len(found) > shown + 1:
        return f"{', '.join(found[:shown])} and {len(found) - shown} more"
    if len(found) < 2:
        return "".join(found)
    return f"{', '.join(found[:-1])} and {found[-1]}"


def verb(names: Iterable[str], one: str, several: str) -> str:
    """The form of a verb that fits so many subjects."""
    return one if len(set(names)) == 1 else several


def first_few(lines: Iterable[str], shown: int = _SHOWN + 2) -> tuple[str, ...]:
    """Lines of a chain without repetition, and how many were left out."""
    found = list(dict.fromkeys(lines))
    if len(found) <= shown + 1:
        return tuple(found)
    return (*found[:shown], f"… and {len(found) - shown} more like these")


def who(member: Member) -> str:
    """``acme__cart (apps/cart:remote)``."""
    return member.name if member.label in (member.name, "") else f"{member.name} ({member.label})"


def asked(required: str | bool | None) -> str:
    """A required range in a sentence."""
    return f"`{required}`" if isinstance(required, str) and required else "any version"


def question(ask: Ask, origins: Sequence[RangeOrigin] | None = None) -> tuple[str, ...]:
    """Who asks for what, one line for each place that says so."""
    places = ask.facts.origins if origins is None else origins
    if not places:
        return (f"{who(ask.member)} asks for {ask.key} {asked(ask.required)}",)
    return tuple(f"{each}, for {who(ask.member)}" for each in places)


def importers(ask: Ask) -> tuple[str, ...]:
    """Who imports it, one line at most."""
    if not ask.facts.importers:
        return ()
    return (f"imported by {listed(ask.facts.importers)}",)


def way(trace: Sequence[Step]) -> str:
    """The steps of a load order as one sentence."""
    return "; ".join(
        _step(step)
        for step, following in zip(trace, (*trace[1:], None))
        # A request makes the share scope ready by itself.
        if not (
            isinstance(step, Initialize) and following and step.container == following.container
        )
    )


def _step(step: Step) -> str:
    if isinstance(step, LoadRemote):
        return f"{step.container} loads {step.remote}"
    if isinstance(step, LoadShare):
        return f"{step.container} asks for {step.consume.key}"
    if isinstance(step, LoadShareSync):
        return f"{step.container} asks for {step.consume.key} before anything can be loaded"
    return f"{step.container} makes its share scope ready"


def place_of(ask: Ask, origins: Sequence[RangeOrigin] = ()) -> tuple[str | None, int | None]:
    """File and line to blame: the range's, else the importer's. None of both for a range that the
    target itself, or a preset, asks for: no file that imports the package is wrong then."""
    for origin in (*origins, *ask.facts.origins):
        if origin.file and origin.line:
            return origin.file, origin.line
    for origin in (*origins, *ask.facts.origins):
        if origin.file:
            return origin.file, None
    if any(origin.is_policy for origin in (*origins, *ask.facts.origins)):
        return None, None
    return importer_place(ask)


def importer_place(ask: Ask) -> tuple[str | None, int | None]:
    """File and line of the first import that is known by both."""
    for importer in ask.facts.importers:
        found = _PLACE.findall(importer)
        if found:
            file, line = found[-1]
            return file, int(line)
    return None, None

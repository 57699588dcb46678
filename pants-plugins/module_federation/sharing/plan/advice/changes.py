"""Changes that could solve a conflict, and what the federation would be with them."""

from __future__ import annotations

import dataclasses
import posixpath
import re
from dataclasses import dataclass
from typing import AbstractSet, Iterable, Mapping, Sequence

from module_federation.sharing.plan.advice.edges import installed_version, specifier
from module_federation.sharing.plan.finders.view import Ask
from module_federation.sharing.plan.members import Member, RangeOrigin
from module_federation.sharing.ranges import intersect, legal_for_runtime
from module_federation.sharing.specifiers import SpecifierKind

_SIGN = re.compile(r"\s*([~^=]?)\s*v?[0-9]+\.[0-9]+\.[0-9]+[^\s|]*\s*\Z")
_EDITABLE = (SpecifierKind.RANGE, SpecifierKind.CATALOG, SpecifierKind.TAG)


@dataclass(frozen=True)
class Change:
    """One range in one file, written differently; ``version`` is what is installed for it then."""

    origin: RangeOrigin
    text: str
    version: str

    def __str__(self) -> str:
        return f"in {self.origin.place} change `{self.origin.text}` to `{self.text}`"

    @property
    def is_policy(self) -> bool:
        """Whether it changes what is asked for only, and nothing that is installed."""
        return self.origin.is_policy


def change_to(origin: RangeOrigin, version: str) -> Change | None:
    """The change after which a place admits a version; None where nobody here can edit it.

    The sign stays: ``~18.2.0`` becomes ``~19.3.1``. What a package only tolerates (its peers) is
    widened instead.
    """
    is_manifest = origin.file is not None and posixpath.basename(origin.file) == "package.json"
    is_own_policy = origin.is_policy and not origin.owner.startswith("preset ")
    if not (is_manifest and origin.line) and not is_own_policy:
        return None
    if specifier(origin.text, version).kind not in _EDITABLE:
        return None
    sign = _SIGN.match(origin.text)
    text = f"{sign[1] if sign else '^'}{version}"
    if origin.kind == "peerDependencies":
        text = f"{origin.text} || {text}"
    return Change(origin, text, version)


def apply_changes(
    members: Sequence[Member], asks: Iterable[Ask], changes: Sequence[Change]
) -> tuple[Member, ...] | None:
    """The members as they would be; None where that cannot be told.

    A container whose own copy is not admitted any more gets the version that its change names, but
    not by a change of a policy, which installs nothing.
    It cannot be told for a container that holds several copies of the package, or whose other
    ranges contradict the change.

    Args:
        asks: All requests for the package.
    """
    by_place = {_place(each.origin): each for each in changes}
    by_container: dict[str, list[Ask]] = {}
    for ask in asks:
        by_container.setdefault(ask.container, []).append(ask)
    result = []
    for member in members:
        for ask in by_container.get(member.name, ()):
            hit = [by_place[_place(o)] for o in ask.facts.origins if _place(o) in by_place]
            if hit:
                installs = not all(change.is_policy for change in hit)
                changed = _changed(member, ask, by_place, hit[0].version if installs else None)
                if changed is None:
                    return None
                member = changed
        result.append(member)
    return tuple(result)


def _place(origin: RangeOrigin) -> tuple[str, str]:
    return (origin.place, origin.text)


def _changed(
    member: Member,
    ask: Ask,
    by_place: Mapping[tuple[str, str], Change],
    version: str | None,
) -> Member | None:
    """``version``: what is installed if its own copy is not admitted; None if nothing is."""
    container = member.container
    own = [each for each in container.provides if each.key == ask.key]
    if sum(each.key == ask.key for each in container.consumes) > 1 or len(own) > 1:
        return None
    origins = tuple(
        dataclasses.replace(each, text=by_place[_place(each)].text)
        if _place(each) in by_place
        else each
        for each in ask.facts.origins
    )
    installed = installed_version(ask)
    wanted = intersect([specifier(each.text, version or installed).range for each in origins])
    if installed is not None and version is not None and not wanted.contains(installed):
        installed = version
    if wanted.is_empty or (installed is not None and not wanted.contains(installed)):
        return None
    known = installed or version
    text = legal_for_runtime(wanted, [known] if known else [])
    facts = dataclasses.replace(ask.facts, origins=origins)
    return dataclasses.replace(
        member,
        container=dataclasses.replace(
            container,
            provides=tuple(
                dataclasses.replace(each, version=installed, required=_said(each.required, text))
                if each.key == ask.key
                else each
                for each in container.provides
            ),
            consumes=tuple(
                dataclasses.replace(
                    each,
                    required=_said(each.required, text),
                    fallback=None if each.fallback is None else installed,
                )
                if each.key == ask.key
                else each
                for each in container.consumes
            ),
        ),
        facts={**member.facts, ask.key: facts},
    )


def _said(required: str | bool | None, text: str) -> str | bool | None:
    return text if isinstance(required, str) else required


def only_package(members: Sequence[Member], keys: AbstractSet[str]) -> tuple[Member, ...]:
    """The members as if they shared nothing else, for planning some keys quickly.

    Of the other keys one request of each kind is left: requests for them make share scopes ready.
    """
    return tuple(_only_keys(member, keys) for member in members)


def _only_keys(member: Member, keys: AbstractSet[str]) -> Member:
    container = member.container
    consumes = []
    kinds = set()
    for each in container.consumes:
        if each.key not in keys:
            kind = (each.scopes, each.key in member.initial, each.key in member.at_start)
            if kind in kinds:
                continue
            kinds.add(kind)
        consumes.append(each)
    return dataclasses.replace(
        member,
        container=dataclasses.replace(
            container,
            provides=tuple(each for each in container.provides if each.key in keys),
            consumes=tuple(consumes),
        ),
        facts={key: facts for key, facts in member.facts.items() if key in keys},
    )

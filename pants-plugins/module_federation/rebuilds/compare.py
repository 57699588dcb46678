"""What has changed between two builds of one container, and what that means for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Iterator, Mapping

from module_federation.rebuilds.record import BuildRecord, Part, RecordError, Value, read_record

# Where a name appears or goes, another part says so already: the file or package that it is about.
_ONLY_IF_IN_BOTH = frozenset((Part.MANIFESTS, Part.CONTENTS, Part.IMPORTS))


class Origin(Enum):
    """Where a bundle came from in this call of Pants."""

    RAN = "ran"
    LOCAL_CACHE = "local cache"
    REMOTE_CACHE = "remote cache"
    KNOWN = "known"


class LastBuild(Enum):
    """What is known of the build that is in `dist`.

    * ``KNOWN``: a record was found, and the folder that it is about;
    * ``ABSENT``: the container has no folder in `dist`;
    * ``UNRECORDED``: it has one, and no record that can be read;
    * ``REPLACED``: it has one that is not the one of the record.
    """

    KNOWN = "known"
    ABSENT = "absent"
    UNRECORDED = "unrecorded"
    REPLACED = "replaced"


@dataclass(frozen=True)
class Change:
    """One thing that is not as it was.

    :param name: of what: a file, a package's path, a share key, an option, a tool.
    :param entry: which of its options; empty where it is the thing itself.
    :param old: its value then; `None` if it was not there.
    :param new: its value now; `None` if it is gone.
    """

    part: Part
    name: str
    entry: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Explanation:
    """Why one container was built, or that it was not.

    :param changes: sorted; empty unless `last` is `KNOWN`.
    :param is_same_input: the bundle process was given what it was given then.
    """

    target: str
    origin: Origin
    last: LastBuild
    changes: tuple[Change, ...] = ()
    is_same_input: bool = False

    @property
    def is_unchanged(self) -> bool:
        """What is in `dist` was made from just this."""
        return self.last is LastBuild.KNOWN and self.is_same_input and not self.changes


def explain(
    new: BuildRecord, origin: Origin, old_record: bytes | None, old_contract: str | None
) -> Explanation:
    """Holds a build against the one that is in `dist`.

    :param old_record: what lies at the record's place; `None` if nothing does.
    :param old_contract: SHA-256 of the `mf-contract.json` in the container's folder; `None` if
        there is none.
    """
    if old_contract is None:
        return Explanation(new.target, origin, LastBuild.ABSENT)
    if old_record is None:
        return Explanation(new.target, origin, LastBuild.UNRECORDED)
    try:
        old = read_record(old_record)
    except RecordError:
        return Explanation(new.target, origin, LastBuild.UNRECORDED)
    if old.contract != old_contract or old.target != new.target:
        return Explanation(new.target, origin, LastBuild.REPLACED)
    return Explanation(
        new.target, origin, LastBuild.KNOWN, changes(old, new), old.inputs == new.inputs
    )


def changes(old: BuildRecord, new: BuildRecord) -> tuple[Change, ...]:
    """All that is different, by part, then by name; of two things that say the same, one."""
    found = [
        change for part in Part for change in _part_changes(part, old.part(part), new.part(part))
    ]
    other_versions = {change.name for change in found if change.part is Part.PACKAGES}
    return tuple(
        change
        for change in found
        if change.part is not Part.CONTENTS or change.name not in other_versions
    )


def _part_changes(
    part: Part, old: Mapping[str, Value], new: Mapping[str, Value]
) -> Iterator[Change]:
    for name in sorted(old.keys() | new.keys()):
        was, now = old.get(name), new.get(name)
        if was == now or (part in _ONLY_IF_IN_BOTH and None in (was, now)):
            continue
        if isinstance(was, Mapping) and isinstance(now, Mapping):
            for entry in sorted(was.keys() | now.keys()):
                if was.get(entry) != now.get(entry):
                    yield Change(part, name, entry, was.get(entry), now.get(entry))
        else:
            yield Change(part, name, "", _flat(was), _flat(now))


def _flat(value: Value | None) -> str | None:
    """A value as one text."""
    if value is None or isinstance(value, str):
        return value
    return ", ".join(f"{entry}: {value[entry]}" for entry in sorted(value))

"""Explanations as text: one line per container, details below, containers of one cause together."""

from __future__ import annotations

from typing import Callable, Iterable, Mapping

from module_federation.rebuilds.compare import Change, Explanation, LastBuild, Origin
from module_federation.rebuilds.record import Part

#: So many lines of one part are shown, and so many containers of one cause.
MOST_DETAILS = 8
MOST_NAMES = 6
#: Of so many causes the details are shown; of all others, one line each.
MOST_CAUSES = 20
#: A value that is longer is cut.
LONGEST_VALUE = 60
#: Of what two long values begin with, this much is left.
_LEAD = 12

_ORIGINS = {
    Origin.RAN: "bundled again",
    Origin.LOCAL_CACHE: "taken from the local cache",
    Origin.REMOTE_CACHE: "taken from the remote cache",
    Origin.KNOWN: "taken from what pantsd remembers",
}
_FIRST = {**_ORIGINS, Origin.RAN: "bundled"}
_NO_RECORD = {
    LastBuild.ABSENT: "there was none in {dist}",
    LastBuild.UNRECORDED: "the one in {dist} has no record of what it was made from",
    LastBuild.REPLACED: "the one in {dist} is not the one that was recorded last",
}
_SAME_INPUT = {
    Origin.RAN: "nothing has changed, but no cache had the result",
    Origin.LOCAL_CACHE: "nothing has changed",
    Origin.REMOTE_CACHE: "nothing has changed",
    Origin.KNOWN: "nothing has changed",
}
_OTHER_INPUT = "something that the plugin generates has changed"

# One and many; then what stands before each of them.
_NOUNS = {
    Part.SOURCES: ("source", "sources", "source"),
    Part.PUBLIC: ("public file", "public files", "public file"),
    Part.MANIFESTS: ("package.json", "package.json files", "in"),
    Part.PACKAGES: ("installed package", "installed packages", "package"),
    Part.CONTENTS: ("package's content", "packages' contents", "package"),
    Part.SHARED: ("shared module", "shared modules", "shared"),
    Part.OPTIONS: ("option", "options", "option"),
    Part.IMPORTS: ("import", "imports", "import"),
    Part.TOOLS: ("tool", "tools", "tool"),
    Part.SCRIPTS: ("script or lockfile of the plugin", "scripts of the plugin", "plugin"),
}
_APPEARED = {Part.SHARED: "shared now", Part.OPTIONS: "given now"}
_WENT = {Part.SHARED: "no longer shared", Part.OPTIONS: "no longer given"}
_CHANGED: Mapping[Part, str] = {
    Part.SOURCES: "changed",
    Part.PUBLIC: "changed",
    Part.MANIFESTS: "what the bundler reads has changed",
    Part.CONTENTS: "same version, other files",
    Part.SCRIPTS: "changed",
}


def report(explanations: Iterable[Explanation], dist: str = "dist") -> str:
    """What was built, and why, for a terminal; empty where there is nothing to tell.

    Containers of which just the same is to be said are told of together. Those that are unchanged
    come last, in one line.

    :param dist: how the folder is called that the containers are written to.
    """
    groups: dict[tuple[object, ...], list[Explanation]] = {}
    unchanged = []
    for each in sorted(explanations, key=lambda explanation: explanation.target):
        if each.is_unchanged and each.origin is not Origin.RAN:
            unchanged.append(each.target)
        else:
            key = (each.origin, each.last, each.changes, each.is_same_input)
            groups.setdefault(key, []).append(each)
    lines = []
    for position, group in enumerate(groups.values()):
        lines += _group(group, dist, detailed=position < MOST_CAUSES)
    if unchanged:
        lines.append(f"Unchanged: {_names(unchanged)}")
    return "\n".join(lines)


def _group(group: list[Explanation], dist: str, *, detailed: bool) -> list[str]:
    first = group[0]
    targets = [each.target for each in group]
    alone = len(targets) == 1
    who = targets[0] if alone else f"{len(targets)} containers"
    lines = [f"{_shown(who)}: {_cause(first, dist)}"]
    if not alone:
        lines.append(f"  {_names(targets)}")
    if not detailed:
        return lines
    for part in Part:
        found = [change for change in first.changes if change.part is part]
        lines += [f"  {_detail(change)}" for change in found[:MOST_DETAILS]]
        if len(found) > MOST_DETAILS:
            rest = len(found) - MOST_DETAILS
            lines.append(f"  and {rest} more {_NOUNS[part][rest > 1]}")
    return lines


def _cause(explanation: Explanation, dist: str) -> str:
    if explanation.last is not LastBuild.KNOWN:
        how = _FIRST[explanation.origin]
        return f"{how}; {_NO_RECORD[explanation.last].format(dist=_shown(dist))}"
    how = _ORIGINS[explanation.origin]
    if explanation.changes:
        return f"{how}; {_counts(explanation.changes)}"
    if explanation.is_same_input:
        return f"{how}; {_SAME_INPUT[explanation.origin]}"
    return f"{how}; {_OTHER_INPUT}"


def _counts(changes: Iterable[Change]) -> str:
    """`2 sources, 1 shared module`: things, however many options of each have changed."""
    names: dict[Part, set[str]] = {}
    for change in changes:
        names.setdefault(change.part, set()).add(change.name)
    counted = (
        f"{len(names[part])} {_NOUNS[part][len(names[part]) > 1]}" for part in Part if part in names
    )
    return f"changed: {', '.join(counted)}"


def _detail(change: Change) -> str:
    label = _NOUNS[change.part][2]
    name = _package(change.name) if change.part in (Part.PACKAGES, Part.CONTENTS) else change.name
    entry = f", {_shown(change.entry)}" if change.entry else ""
    return f"{label} {_shown(name)}{entry}: {_difference(change)}"


def _difference(change: Change) -> str:
    if change.old is None:
        what = "added" if change.entry else _APPEARED.get(change.part, "added")
        return what if _says_no_value(change) else f"{what}, {_cut(change.new)}"
    if change.new is None:
        what = "removed" if change.entry else _WENT.get(change.part, "removed")
        return what if _says_no_value(change) else f"{what}, was {_cut(change.old)}"
    if change.part in _CHANGED:
        return _CHANGED[change.part]
    old, new = _from_where_they_differ(change.old, change.new)
    return f"{_cut(old)} → {_cut(new)}"


def _from_where_they_differ(old: str, new: str) -> tuple[str, str]:
    """Two values of which the longer would be cut, without what both begin with."""
    pairs = enumerate(zip(old, new))
    differ = next((at for at, (one, other) in pairs if one != other), min(len(old), len(new)))
    same = differ - _LEAD
    if max(len(old), len(new)) <= LONGEST_VALUE or same <= 0:
        return old, new
    return f"…{old[same:]}", f"…{new[same:]}"


def _says_no_value(change: Change) -> bool:
    return change.part in _CHANGED or (change.part is Part.SHARED and not change.entry)


def _package(path: str) -> str:
    """`node_modules/react` as `react`; a copy inside another as both, the outer one first."""
    return path.replace("/node_modules/", " > ").replace("node_modules/", "")


def _names(targets: list[str]) -> str:
    shown = ", ".join(_shown(target) for target in targets[:MOST_NAMES])
    rest = len(targets) - MOST_NAMES
    return f"{shown} and {rest} more" if rest > 0 else shown


def _cut(value: str | None) -> str:
    text = _shown(value or "")
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"


def _shown(text: str) -> str:
    """A text out of a file that anybody can have written, as one line that any terminal takes."""
    if text.isprintable():
        return text
    escape: Callable[[str], str] = lambda character: (  # noqa: E731
        character if character.isprintable() else character.encode("unicode_escape").decode()
    )
    return "".join(map(escape, text))

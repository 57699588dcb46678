"""What a person can say about sharing one package, in a policy file or in a BUILD file."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Callable, Iterable, Mapping

from module_federation.sharing.ranges import RangeError, parse_range
from module_federation.sharing.version_sets import Version

AUTO = "auto"


class PolicyError(ValueError):
    """A sharing policy that says something impossible: what, where, and what to write instead."""

    def __init__(self, file: str, line: int | None, problem: str, remedy: str) -> None:
        self.file = file
        self.line = line
        self.problem = problem
        self.remedy = remedy
        place = f"{file}:{line}" if line else file
        super().__init__(f"{place}: {problem} {remedy}")


@dataclass(frozen=True)
class Place:
    """Where something was said: a file, or a target's field."""

    file: str
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True)
class ShareOptions:
    """The options for one package. None means that nothing was said.

    Attributes:
        share: True: share the package where a container uses it. False: never. ``auto``: let the
            automatic rules decide. Unset in an entry means True: to name a package is to share it.
        singleton: One instance for the whole page, whatever the ranges say.
        strict_version: Throw at run time rather than warn when a singleton's version does not fit.
        eager: Put the code into the entry itself; for hosts without an asynchronous start.
        required_version: The range to ask for instead of the computed one; False asks for nothing.
        version: The version to provide instead of the installed one.
        scope: The name of the share scope.
        import_: False: bring no copy along, rely on another container's.
        subpaths: Entry points (``client`` for ``react-dom/client``) that installed packages may ask
            for by themselves. Entry points that first-party code imports need not be listed.
        family: Packages with the same family name must be shared in the same way.
        entry_points: Share these entry points of the package and no others: ``.`` is the package
            itself, ``styles`` is ``@material-ui/core/styles``. They need not be in ``subpaths``.
        unset: Options about which nothing is said any more, whatever lower layers say of them; by
            the names of their attributes.
    """

    share: bool | str | None = None
    singleton: bool | None = None
    strict_version: bool | None = None
    eager: bool | None = None
    required_version: str | bool | None = None
    version: str | None = None
    scope: str | None = None
    import_: bool | None = None
    subpaths: tuple[str, ...] | None = None
    family: str | None = None
    entry_points: tuple[str, ...] | None = None
    unset: tuple[str, ...] = ()

    def over(self, lower: ShareOptions) -> ShareOptions:
        """These options, and those of ``lower`` where nothing is said here."""
        changes: dict[str, Any] = dict.fromkeys(self.unset)
        changes.update(self.said)
        changes["unset"] = tuple(sorted({*lower.unset, *self.unset}))
        return dataclasses.replace(lower, **changes)

    @property
    def said(self) -> dict[str, Any]:
        """The options about which something is said, by the names of their attributes."""
        names = (each.name for each in dataclasses.fields(self) if each.name != "unset")
        values = ((name, getattr(self, name)) for name in names)
        return {name: value for name, value in values if value is not None}

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said at all."""
        return self == ShareOptions()


OPTION_KEYS = tuple(sorted(field.name.rstrip("_") for field in dataclasses.fields(ShareOptions)))
"""The keys as written in TOML and in BUILD files."""

_LISTS = ("entry_points", "subpaths", "unset")
# `share` is said by every entry: to name a package is to share it, so it can't be left unsaid.
_CAN_BE_UNSET = tuple(key for key in OPTION_KEYS if key not in ("share", "unset"))


def suggest(key: str, allowed: Iterable[str]) -> str:
    """``Did you mean …? Allowed are …`` for a key or value that does not exist."""
    choices = sorted(allowed)
    close = get_close_matches(key, choices, n=1)
    guess = f"Did you mean `{close[0]}`? " if close else ""
    return f"{guess}Allowed here: {', '.join(choices)}."


def matches_name(pattern: str, name: str) -> bool:
    """Whether a name is the one that is meant, or a pattern in which ``*`` is any text fits it."""
    return _pattern(pattern).match(name) is not None if "*" in pattern else pattern == name


@lru_cache(maxsize=4096)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, pattern.split("*"))) + r"\Z")


def read_options(values: Mapping[str, Any], place: Place, subject: str) -> ShareOptions:
    """Check and read one table of options.

    Args:
        values: Keys of ``OPTION_KEYS`` and their values, and no others.
        place: For messages.
        subject: For messages: what the options are about.

    Raises:
        PolicyError: An unknown key, a value of the wrong type, a range or version that is none.
    """
    for key in values:
        if key not in OPTION_KEYS:
            raise PolicyError(
                place.file,
                place.line,
                f"{subject} has the unknown option `{key}`.",
                suggest(key, OPTION_KEYS),
            )

    def wrong(key: str, wanted: str) -> PolicyError:
        problem = f"{subject}: `{key}` is {values[key]!r}."
        return PolicyError(place.file, place.line, problem, f"Write {wanted}.")

    for key in ("singleton", "strict_version", "eager"):
        if key in values and not isinstance(values[key], bool):
            raise wrong(key, "true or false")
    share = values.get("share", AUTO)
    if not isinstance(share, bool) and share != AUTO:
        raise wrong("share", 'true, false or "auto"')
    if "import" in values and not isinstance(values["import"], bool):
        raise wrong("import", "false to bring no copy along, or true")
    for key in ("scope", "family"):
        if key in values and not (isinstance(values[key], str) and values[key]):
            raise wrong(key, "a name")
    required = values.get("required_version", False)
    if required is not False and not (isinstance(required, str) and _is_range(required)):
        raise wrong(
            "required_version", 'a version range such as "^18.2.0", or false to ask for none'
        )
    version = values.get("version", "0.0.0")
    if not isinstance(version, str) or Version.parse(version) is None:
        raise wrong("version", 'a full version such as "18.2.0"')
    subpaths = values.get("subpaths", ())
    if not isinstance(subpaths, (list, tuple)) or not all(map(_is_subpath, subpaths)):
        raise wrong("subpaths", 'a list of names below the package, such as ["client"]')
    points = values.get("entry_points", (".",))
    if (
        not isinstance(points, (list, tuple))
        or not points
        or not all(point == "." or _is_subpath(point) for point in points)
    ):
        raise wrong(
            "entry_points",
            'a list of names below the package, such as ["styles"]; "." is the package itself',
        )
    _check_unset(values, wrong)
    said = {_attribute(key): tuple(v) if key in _LISTS else v for key, v in values.items()}
    said["unset"] = tuple(sorted(map(_attribute, said.get("unset", ()))))
    return ShareOptions(**said)


def _attribute(key: str) -> str:
    """The attribute that an option is kept in."""
    return f"{key}_" if key == "import" else key


def _check_unset(values: Mapping[str, Any], wrong: Callable[[str, str], PolicyError]) -> None:
    unset = values.get("unset", ())
    if not isinstance(unset, (list, tuple)) or not all(isinstance(key, str) for key in unset):
        raise wrong("unset", 'a list of options, such as ["import"]')
    for key in unset:
        if key == "share":
            raise wrong("unset", 'no `share` there, but `share = "auto"` beside it')
        if key not in _CAN_BE_UNSET:
            raise wrong("unset", f"options only. {suggest(key, _CAN_BE_UNSET)}")
        if key in values:
            raise wrong("unset", f"either a value for `{key}`, or `{key}` in `unset`, not both")


def _is_range(text: str) -> bool:
    try:
        parse_range(text)
    except RangeError:
        return False
    return True


def _is_subpath(value: object) -> bool:
    return (
        isinstance(value, str)
        and bool(value)
        and not value.startswith("/")
        and not any(part in ("", ".", "..") for part in value.split("/"))
    )

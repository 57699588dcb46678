"""JSON that a stranger may have written: read with limits, and with a place for every complaint."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any, Iterator, Sequence, Tuple, Union

from module_federation.module_graph.json_lines import key_lines
from module_federation.sharing.negotiation.model import INHERITED_NAMES

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 32
MAX_TEXT = 4096
MAX_ITEMS = 100_000
MAX_INTEGER = 2**53 - 1

JsonPath = Tuple[Union[str, int], ...]

# Finding a line takes time in proportion to the file's length.
_MAX_BYTES_FOR_LINES = 1024 * 1024
_PLAIN_KEY = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*\Z")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DRIVE = re.compile(r"[A-Za-z]:")


class ContractError(ValueError):
    """A file that is no contract or manifest: which, where in it, what is wrong, what to do."""

    def __init__(self, file: str, line: int | None, problem: str, remedy: str) -> None:
        self.file = file
        self.line = line
        self.problem = problem
        self.remedy = remedy
        place = f"{file}:{line}" if line else file
        super().__init__(f"{place}: {problem} {remedy}")


class _Repeated(dict):  # type: ignore[type-arg]
    """An object in which a key stands twice."""

    def __init__(self, pairs: Sequence[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.key = Counter(key for key, _ in pairs).most_common(1)[0][0]


@dataclass(frozen=True)
class _NotJson:
    """A number that JSON, or this reader, does not know."""

    text: str


@dataclass(frozen=True)
class Document:
    """A file that was read as JSON.

    Attributes:
        remedy: What to do about whatever is wrong in it.
    """

    file: str
    text: str
    remedy: str

    def error(self, path: JsonPath, problem: str) -> ContractError:
        """A complaint about the value at ``path``: ``problem`` goes on after its name."""
        name = f"`{path_text(path)}`" if path else "The file"
        return ContractError(self.file, self._line(path), f"{name} {problem}.", self.remedy)

    def _line(self, path: JsonPath) -> int | None:
        if len(self.text) > _MAX_BYTES_FOR_LINES:
            return None
        lines = key_lines(self.text)
        for end in range(len(path), 0, -1):
            if path[:end] in lines:
                return lines[path[:end]]
        return None


@dataclass(frozen=True)
class Value:
    """A value in a document, with what can be asked of it.

    Every method raises ``ContractError`` for a value of another kind.
    """

    document: Document
    path: JsonPath
    data: Any

    def wrong(self, problem: str) -> ContractError:
        """A complaint about this value."""
        return self.document.error(self.path, problem)

    def get(self, key: str) -> Value | None:
        """A property of this object; None where it is not there, or null."""
        data = self._object().get(key)
        return None if data is None else Value(self.document, (*self.path, key), data)

    def need(self, key: str) -> Value:
        """A property of this object that must be there."""
        found = self.get(key)
        if found is None:
            raise self.wrong(f"has no `{key}`")
        return found

    def properties(self) -> Iterator[tuple[str, Value]]:
        """The properties of this object."""
        for key, data in self._object().items():
            yield key, Value(self.document, (*self.path, key), data)

    def items(self) -> tuple[Value, ...]:
        """The items of this list."""
        if not isinstance(self.data, list):
            raise self.wrong(f"is {shown(self.data)}, not a list")
        return tuple(
            Value(self.document, (*self.path, place), each) for place, each in enumerate(self.data)
        )

    def text(self) -> str:
        """A text that is not empty, without control characters."""
        if not isinstance(self.data, str):
            raise self.wrong(f"is {shown(self.data)}, not a text")
        if not self.data or len(self.data) > MAX_TEXT:
            problem = f"has {len(self.data)} characters, more than {MAX_TEXT}"
            raise self.wrong(problem if self.data else "is an empty text")
        if _CONTROL.search(self.data):
            raise self.wrong(f"is {shown(self.data)}, which has a control character")
        return self.data

    def name(self) -> str:
        """A text that becomes a property of some object in a page."""
        text = self.text()
        if text in INHERITED_NAMES:
            raise self.wrong(f"is {shown(text)}, which every JavaScript object inherits")
        return text

    def names(self) -> tuple[str, ...]:
        """A list of names."""
        return tuple(each.name() for each in self.items())

    def one_of(self, *allowed: str) -> str:
        """One of a few texts."""
        if self.data not in allowed or not isinstance(self.data, str):
            raise self.wrong(f"is {shown(self.data)}, not one of {', '.join(allowed)}")
        return self.data

    def flag(self) -> bool:
        """True or false."""
        if not isinstance(self.data, bool):
            raise self.wrong(f"is {shown(self.data)}, neither true nor false")
        return self.data

    def size(self) -> int:
        """A number of bytes."""
        if isinstance(self.data, int) and not isinstance(self.data, bool) and self.data >= 0:
            return self.data
        raise self.wrong(f"is {shown(self.data)}, not a number of bytes")

    def range(self) -> str | bool:
        """A range, or false for none."""
        return False if self.data is False else self.text()

    def match(self, pattern: re.Pattern[str], wanted: str) -> str:
        """A text of some form; ``wanted`` says which."""
        if not isinstance(self.data, str) or not pattern.match(self.data):
            raise self.wrong(f"is {shown(self.data)}, not {wanted}")
        return self.data

    def file(self) -> str:
        """The path of a file below the container's folder, with slashes."""
        path = self.text()
        if (
            "\\" in path
            or _DRIVE.match(path)
            or any(part in ("", ".", "..") for part in path.split("/"))
        ):
            raise self.wrong(f"is {shown(path)}, not a path below the container's folder")
        return path

    def files(self) -> tuple[str, ...]:
        """A list of paths."""
        return tuple(each.file() for each in self.items())

    def _object(self) -> dict[str, Any]:
        if not isinstance(self.data, dict):
            raise self.wrong(f"is {shown(self.data)}, not an object")
        return self.data


def load(content: bytes, file: str, remedy: str) -> Value:
    """The value that a file holds.

    Raises:
        ContractError: It is empty or no JSON; it is larger than 16 MiB, nested deeper than 32
            levels, or has an object or list of more than 100,000 parts; a key stands twice in an
            object, or is a name that every JavaScript object inherits; a number is not finite or
            has more digits than any program would keep; a text has half a character in it.
    """
    if len(content) > MAX_BYTES:
        problem = f"The file has more than {MAX_BYTES // 1024 // 1024} MiB."
        raise ContractError(file, None, problem, remedy)
    if not content:
        raise ContractError(file, None, "The file is empty.", remedy)
    try:
        # A browser reads over a byte order mark, too.
        text = content.decode("utf-8-sig")
        data = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_NotJson,
            parse_int=_integer,
            parse_float=_number,
        )
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ContractError(file, line, "The file is not valid UTF-8.", remedy) from error
    except json.JSONDecodeError as error:
        raise ContractError(
            file, error.lineno, f"The file is not JSON ({error.msg}).", remedy
        ) from error
    except RecursionError as error:
        raise ContractError(file, None, "The values are nested too deeply.", remedy) from error
    document = Document(file, text, remedy)
    _check(document, (), data)
    return Value(document, (), data)


def path_text(path: JsonPath) -> str:
    """A place in a document: ``$.exposes[0].name``."""
    parts = []
    for each in path:
        if isinstance(each, int):
            parts.append(f"[{each}]")
        elif _PLAIN_KEY.match(each):
            parts.append(f".{_short(each)}")
        else:
            parts.append(f"[{json.dumps(_short(each))}]")
    return f"${''.join(parts)}"


def _check(document: Document, path: JsonPath, data: Any) -> None:
    """What holds for every value, also for those that nobody looks at later."""
    if isinstance(data, (dict, list)) and len(path) >= MAX_DEPTH:
        # Finding the line of such a place would take a long time.
        problem = f"`{path_text(path[:8])}` is nested deeper than {MAX_DEPTH} levels."
        raise ContractError(document.file, None, problem, document.remedy)
    if isinstance(data, (dict, list)) and len(data) > MAX_ITEMS:
        raise document.error(path, f"has {len(data)} parts, more than {MAX_ITEMS}")
    if isinstance(data, _Repeated):
        raise document.error((*path, data.key), "stands twice in one object")
    if isinstance(data, dict):
        for key, each in data.items():
            if key in INHERITED_NAMES:
                raise document.error(
                    path, f"has the key {shown(key)}, which every JavaScript object inherits"
                )
            if _SURROGATE.search(key):
                raise document.error(path, "has a key that is no valid text")
            _check(document, (*path, key), each)
    elif isinstance(data, list):
        for place, each in enumerate(data):
            if isinstance(each, (dict, list, str, _NotJson)):
                _check(document, (*path, place), each)
    elif isinstance(data, _NotJson):
        raise document.error(path, f"is {_short(data.text)}, which is no number that JSON has")
    elif isinstance(data, str) and _SURROGATE.search(data):
        raise document.error(path, "is no valid text")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    return made if len(made) == len(pairs) else _Repeated(pairs)


def _integer(text: str) -> Any:
    # Converting takes time in proportion to the square of the length.
    value = int(text) if len(text) <= 20 else MAX_INTEGER + 1
    return value if abs(value) <= MAX_INTEGER else _NotJson(text)


def _number(text: str) -> Any:
    value = float(text)
    return value if math.isfinite(value) else _NotJson(text)


def shown(data: Any) -> str:
    """A value as a message shows it: as JSON, cut where it is long."""
    if isinstance(data, dict):
        return "an object"
    if isinstance(data, list):
        return "a list"
    return json.dumps(_short(data) if isinstance(data, str) else data)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"

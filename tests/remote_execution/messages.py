"""The few messages of the Remote Execution API that a worker reads and writes.

Field numbers are those of `build/bazel/remote/execution/v2/remote_execution.proto`. Only the
standard library is used: a worker starts for each action, and in any Python.
"""

from __future__ import annotations

from typing import Dict, Iterable, List, NamedTuple, Union

#: A field's value: a number, or bytes (text, or a message within the message).
Value = Union[int, bytes]
#: A message: field number → values in their order.
Fields = Dict[int, List[Value]]


class Digest(NamedTuple):
    """A blob's name: SHA-256 in hexadecimal, and size in bytes."""

    sha256: str
    size: int

    @classmethod
    def read(cls, message: bytes) -> Digest:
        fields = decode(message)
        return cls(text(fields, 1), number(fields, 2))

    def message(self) -> bytes:
        return encode((1, self.sha256), (2, self.size))


def decode(message: bytes) -> Fields:
    """A message's fields.

    Raises `ValueError` for a form of field that these messages do not have.
    """
    fields: Fields = {}
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        value, at = _varint(message, at)
        values = fields.setdefault(key >> 3, [])
        if key & 7 == 0:
            values.append(value)
        elif key & 7 == 2:
            values.append(message[at : at + value])
            at += value
        else:
            raise ValueError(f"a field of wire type {key & 7}")
    return fields


def _varint(message: bytes, at: int) -> tuple[int, int]:
    result = shift = 0
    while True:
        byte = message[at]
        result |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return result, at


def messages(fields: Fields, field: int) -> list[bytes]:
    """All values of a field of bytes."""
    return [value for value in fields.get(field, ()) if isinstance(value, bytes)]


def texts(fields: Fields, field: int) -> list[str]:
    """All values of a field of text."""
    return [value.decode() for value in messages(fields, field)]


def text(fields: Fields, field: int) -> str:
    """A field of text, which is empty where it is left out."""
    return (texts(fields, field) or [""])[-1]


def number(fields: Fields, field: int) -> int:
    """A field of numbers, which is 0 where it is left out."""
    return next((value for value in fields.get(field, ()) if isinstance(value, int)), 0)


def encode(*fields: tuple[int, int | str | bytes]) -> bytes:
    """A message of fields in this order. Empty texts and numbers are left out, as they must be in
    messages that are known by their digest; a message within the message may be empty."""
    return b"".join(
        _field(number, value) for number, value in fields if value or isinstance(value, bytes)
    )


def _field(number: int, value: int | str | bytes) -> bytes:
    if isinstance(value, int):
        # Negative numbers are 64 bits wide, as two's complement.
        return bytes((*_bytes_of(number << 3), *_bytes_of(value & (2**64 - 1))))
    content = value.encode() if isinstance(value, str) else value
    return bytes((*_bytes_of(number << 3 | 2), *_bytes_of(len(content)))) + content


def _bytes_of(value: int) -> Iterable[int]:
    while value > 0x7F:
        yield value & 0x7F | 0x80
        value >>= 7
    yield value

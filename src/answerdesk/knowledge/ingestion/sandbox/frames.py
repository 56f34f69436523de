"""The protocol between parent and child: its messages and their encoding."""

import struct
from asyncio import StreamReader
from dataclasses import dataclass
from enum import Enum
from typing import BinaryIO, Final

_HEAD: Final = struct.Struct(">cI")


class Kind(bytes, Enum):
    """The kind of a message; the first two go to the child, the others come from it."""

    CALL = b"C"
    """What to do, as JSON; a message with the document's bytes follows."""
    CONTENT = b"B"
    READY = b"R"
    """The child can accept a call. JSON: the limits that apply to it."""
    PART = b"P"
    """A part of the result, as JSON."""
    END = b"E"
    """The result is complete. JSON: whether the child can accept another call."""
    FAULT = b"F"
    """There is no result. JSON: why."""


class BrokenWire(Exception):
    """The received bytes are not a message."""


class FrameTooLong(Exception):
    """A message exceeds the maximum length."""


def write_frame(stream: BinaryIO, kind: Kind, payload: bytes) -> None:
    """Write one message; the caller flushes."""
    stream.write(_HEAD.pack(kind.value, len(payload)))
    stream.write(payload)


def read_frame(stream: BinaryIO) -> tuple[Kind, bytes] | None:
    """Read one message; None at the end of the stream."""
    head = stream.read(_HEAD.size)
    if not head:
        return None
    kind, length = _unpack(head)
    payload = stream.read(length)
    if len(payload) != length:
        raise BrokenWire
    return kind, payload


async def receive_frame(reader: StreamReader, most: int) -> tuple[Kind, bytes]:
    """Read one message of at most `most` bytes.

    Raises BrokenWire, FrameTooLong, or IncompleteReadError if the stream ends too early.
    """
    kind, length = _unpack(await reader.readexactly(_HEAD.size))
    if length > most:
        raise FrameTooLong
    return kind, await reader.readexactly(length)


def frame(kind: Kind, payload: bytes) -> bytes:
    return _HEAD.pack(kind.value, len(payload)) + payload


def _unpack(head: bytes) -> tuple[Kind, int]:
    try:
        kind, length = _HEAD.unpack(head)
        return Kind(kind), length
    except (struct.error, ValueError) as error:
        raise BrokenWire from error


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for reading one document.

    `seconds` is processor time: a document that needs more is too much work, however busy the
    machine. `wall_seconds` is wall-clock time, after which the document is not at fault and reading
    may be tried again. `quick_seconds` is the processor time for which a document may delay others.
    `niceness` is a priority as in nice(1): chats go first.
    """

    seconds: float = 25.0
    wall_seconds: float = 600.0
    memory_mb: int = 768
    most_answer_bytes: int = 32 * 1024 * 1024
    quick_seconds: float = 2.0
    niceness: int = 10


@dataclass(frozen=True, slots=True)
class Options:
    """A child's options.

    `parent` is its parent's process id, `seconds` the processor time of a call, `memory` the bytes
    of address space.
    """

    parent: int
    seconds: float
    memory: int
    niceness: int
    most_calls: int


@dataclass(frozen=True, slots=True)
class Ready:
    """The names of the limits that apply to the child."""

    limits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function, as "module:name", and its arguments after the document's bytes."""

    operation: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """The result is complete; with `last`, the child accepts no more calls."""

    last: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """Why there is no result.

    `reason` refines the code if the error has one; `where` tells a maintainer what was raised, and
    contains nothing of the document.
    """

    code: str
    message: str
    reason: str | None
    where: str
    last: bool

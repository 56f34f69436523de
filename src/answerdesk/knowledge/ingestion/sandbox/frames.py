"""How parent and child speak: what they tell each other, and its messages as bytes."""

import struct
from asyncio import StreamReader
from dataclasses import dataclass
from enum import Enum
from typing import BinaryIO, Final

_HEAD: Final = struct.Struct(">cI")


class Kind(bytes, Enum):
    """What a message is; the first two go to the child, the others come from it."""

    CALL = b"C"
    """What to do, as JSON; a message with the document's bytes follows."""
    CONTENT = b"B"
    READY = b"R"
    """The child can take a call. JSON: the limits that hold for it."""
    PART = b"P"
    """A part of the result, as JSON."""
    END = b"E"
    """The result is complete. JSON: whether the child can take another call."""
    FAULT = b"F"
    """There is no result. JSON: why."""


class BrokenWire(Exception):
    """What came is no message."""


class FrameTooLong(Exception):
    """A message is longer than may be."""


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

    Raises BrokenWire, FrameTooLong, or IncompleteReadError where the stream ends before.
    """
    kind, length = _unpack(await reader.readexactly(_HEAD.size))
    if length > most:
        raise FrameTooLong
    return kind, await reader.readexactly(length)


def frame(kind: Kind, payload: bytes) -> bytes:
    """Return one message as bytes."""
    return _HEAD.pack(kind.value, len(payload)) + payload


def _unpack(head: bytes) -> tuple[Kind, int]:
    try:
        kind, length = _HEAD.unpack(head)
        return Kind(kind), length
    except (struct.error, ValueError) as error:
        raise BrokenWire from error


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one document may take.

    `seconds` are of processor time: however busy the machine is, a document that takes more is too
    much work. `wall_seconds` are of the clock, after which reading was not the document's fault and
    may be tried again. `quick_seconds`, of processor time, is for how long one may hold up others
    that wait; `niceness` is a priority as of nice(1): chats go first.
    """

    seconds: float = 25.0
    wall_seconds: float = 600.0
    memory_mb: int = 768
    most_answer_bytes: int = 32 * 1024 * 1024
    quick_seconds: float = 2.0
    niceness: int = 10


@dataclass(frozen=True, slots=True)
class Options:
    """How a child is to run.

    `parent` is its parent's process id, `seconds` the processor time of a call, `memory` bytes of
    address space.
    """

    parent: int
    seconds: float
    memory: int
    niceness: int
    most_calls: int


@dataclass(frozen=True, slots=True)
class Ready:
    """Which limits hold for the child, by name."""

    limits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function, as "module:name", and what it takes after the document's bytes."""

    operation: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """The result is complete; with `last`, the child takes no more calls."""

    last: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """Why there is no result.

    `reason` refines the code where the error has one; `where` tells a maintainer what was raised,
    and holds nothing of the document.
    """

    code: str
    message: str
    reason: str | None
    where: str
    last: bool

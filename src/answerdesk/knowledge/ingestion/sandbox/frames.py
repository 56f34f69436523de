"""How parent and child speak: messages of a kind and a length, then their bytes."""

import struct
from asyncio import StreamReader
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

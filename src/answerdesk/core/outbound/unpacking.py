"""Decompresses bodies within bounds: a decompression bomb ends at the limit, not in memory."""

import zlib
from typing import Final, Protocol

from answerdesk.core.outbound.errors import BadResponse, ResponseTooLarge

ACCEPT_ENCODING: Final = "gzip, deflate"
_GZIP: Final = 16 + zlib.MAX_WBITS
_GZIP_MAGIC: Final = b"\x1f\x8b"
_MOST_PARTS: Final = 1_000
"""Maximum parts. Even an empty part costs time; 50 MB files compressed in blocks have 800."""


class Unpacking(Protocol):
    """Takes a body piece by piece, and has all of it at the end."""

    def feed(self, piece: bytes) -> None:
        """Take the next piece as sent; raises ResponseTooLarge beyond the limit, or BadResponse."""
        ...

    def finish(self) -> bytes:
        """Return the whole body; raises BadResponse if its end is missing."""
        ...

    def so_far(self) -> bytes:
        """Return the part received so far."""
        ...


def unpacking(encoding: str, limit: int) -> Unpacking:
    """Return what decompresses a body of this `Content-Encoding` up to `limit` bytes.

    Raises BadResponse for an encoding that we did not request, which includes combinations.
    """
    match encoding.strip().lower():
        case "" | "identity":
            return _Plain(limit)
        case "gzip" | "x-gzip":
            return _Packed(limit, gzip=True)
        case "deflate":
            return _Packed(limit, gzip=False)
        case _:
            raise BadResponse("The response has a compression that was not requested")


class _Plain:
    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._body = bytearray()

    def feed(self, piece: bytes) -> None:
        room = self._limit - len(self._body)
        self._body += piece[:room]
        if len(piece) > room:
            raise _too_large(self._limit)

    def finish(self) -> bytes:
        return bytes(self._body)

    so_far = finish


class _Packed:
    def __init__(self, limit: int, *, gzip: bool) -> None:
        self._limit = limit
        self._gzip = gzip
        self._body = bytearray()
        self._sent = 0
        self._waiting = b""
        self._unpacker: zlib._Decompress | None = None
        self._parts = 0
        self._ended = False

    def feed(self, piece: bytes) -> None:
        self._sent += len(piece)
        if self._sent > self._limit:
            raise _too_large(self._limit)
        data = self._waiting + piece
        self._waiting = b""
        while data:
            if self._unpacker is None:
                # Two bytes tell which of its two forms a deflated body has, and whether another
                # part of a gzip file follows.
                if len(data) < 2:
                    self._waiting = data
                    return
                if self._ended and not (self._gzip and data[:2] == _GZIP_MAGIC):
                    return  # Data behind the end is ignored, as in browsers.
                self._unpacker = self._begin_part(data)
            data = self._unpack(self._unpacker, data)

    def finish(self) -> bytes:
        if not self._ended and (self._sent or self._unpacker):
            raise BadResponse("The compressed response ends too early")
        return bytes(self._body)

    def so_far(self) -> bytes:
        return bytes(self._body)

    def _begin_part(self, data: bytes) -> "zlib._Decompress":
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise BadResponse("The response is compressed in too many parts")
        self._ended = False
        return zlib.decompressobj(self._window(data))

    def _unpack(self, unpacker: "zlib._Decompress", data: bytes) -> bytes:
        """Decompress to the end of this part or of `data`; return the unused rest of `data`."""
        room = self._limit - len(self._body)
        try:
            # One byte over the limit tells that there is more.
            self._body += unpacker.decompress(data, room + 1)
        except zlib.error as error:
            raise BadResponse("The compressed response is damaged") from error
        if len(self._body) > self._limit:
            del self._body[self._limit :]
            raise _too_large(self._limit)
        if not unpacker.eof:
            return unpacker.unconsumed_tail
        self._ended = True
        self._unpacker = None
        return unpacker.unused_data

    def _window(self, data: bytes) -> int:
        if self._gzip:
            return _GZIP
        # In RFC 9110, "deflate" is the form with a header; some servers send the raw one.
        has_header = data[0] & 0x0F == 8 and int.from_bytes(data[:2]) % 31 == 0
        return zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS


def _too_large(limit: int) -> ResponseTooLarge:
    return ResponseTooLarge(f"The response is larger than {limit} bytes")

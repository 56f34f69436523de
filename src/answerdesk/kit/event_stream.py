"""Server-sent events as a client reads them, from pieces cut anywhere.

https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
"""

from dataclasses import dataclass
from typing import Final

_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    """One event. `type` is `message` unless the server named it."""

    type: str
    data: str


class EventTooLong(ValueError):
    """A line or an event is longer than is read."""


class EventStreamReader:
    """Reads events from bytes; neither a line nor an event may exceed `longest` bytes."""

    def __init__(self, longest: int = 1024 * 1024) -> None:
        self._longest = longest
        self._begun: list[bytes] = []
        self._begun_size = 0
        self._type = ""
        self._data: list[str] = []
        self._data_size = 0
        self._is_first = True
        self._after_return = False

    def feed(self, piece: bytes) -> list[ServerSentEvent]:
        """Return the events that `piece`, which isn't empty, completes. Raises EventTooLong.

        Bytes that aren't UTF-8 are replaced. An event without data is none.
        """
        # A line ends with CR, LF or both, and a piece may end between the two.
        if self._after_return:
            piece = piece.removeprefix(b"\n")
        self._after_return = piece.endswith(b"\r")
        first, *more = piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        self._begun.append(first)
        self._begun_size += len(first)
        found: list[ServerSentEvent] = []
        for line in more:
            self._read(b"".join(self._begun), found)
            self._begun, self._begun_size = [line], len(line)
        if self._begun_size > self._longest:
            raise EventTooLong
        return found

    def _read(self, line: bytes, found: list[ServerSentEvent]) -> None:
        if self._is_first:
            self._is_first = False
            line = line.removeprefix(_BOM)
        if not line:
            if self._data:
                found.append(ServerSentEvent(self._type or "message", "\n".join(self._data)))
            self._type, self._data, self._data_size = "", [], 0
            return
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data_size += len(value)
            if self._data_size > self._longest:
                raise EventTooLong
            self._data.append(value.decode("utf-8", "replace"))
        elif name == b"event":
            self._type = value.decode("utf-8", "replace")

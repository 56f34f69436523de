"""How much one connection may take of everything, and by when the rest of a request must come."""

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds of a server's connections; times are in seconds, sizes in bytes."""

    head_seconds: float = 15.0
    """Time for the head of a request: the first after connecting, others once they have begun."""

    head_bytes: int = 64 * 1024
    """Most of a head that is read; proxies in front allow half of it or less."""

    head_fields: int = 100
    """Most header fields of a request, those behind a chunked body included."""

    body_silence: float = 20.0
    """Longest silence within a body."""

    body_seconds: float = 30.0
    """Time for a body of no size; it has one second more for each `body_rate` bytes that came."""

    body_rate: float = 1024.0
    """Bytes a second: a file on a slow line passes, a body by the drop does not."""

    idle_seconds: float = 75.0
    """Time between two requests; proxies drop their idle connections earlier by default."""

    stalled_seconds: float = 60.0
    """Time in which a client takes nothing of what it is sent."""

    linger_silence: float = 5.0
    """Silence after which a client that was refused in the middle has understood."""

    linger_seconds: float = 30.0
    """Time that such a client has in all to read why."""

    pipelined: int = 8
    """Most requests that wait on one connection for the one before to be answered."""

    connections: int = 10_000
    """Most connections at once; those beyond are answered with 503, or not at all."""

    reserve: int = 500
    """When fewer connections than these are left, none is kept for a further request."""

    surplus: int = 200
    """Connections beyond that are told why; what is beyond these is closed at once."""


_OVERHEAD: Final = 16
"""Bytes that may come with each byte of a chunked body; chunks of one byte have five."""


class Intake:
    """What one client sends, counted; times are those of the loop."""

    __slots__ = (
        *("_body_size", "_bounds", "_fields", "_head_size", "_heard", "_overhead", "_since"),
        *("_waited", "phase"),
    )

    def __init__(self, bounds: Bounds, now: float) -> None:
        self.phase: Literal["nothing", "head", "body"] = "nothing"
        self._bounds = bounds
        self._since = self._heard = now
        self._waited = bounds.head_seconds
        self._head_size = self._fields = 0
        self._body_size = self._overhead = 0

    def allows(self, size: int) -> int:
        """Return how many of the next `size` bytes may be parsed, and count them; 0 is too many."""
        most = self._bounds.head_bytes
        if self.phase != "body":
            size = min(size, most - self._head_size)
            self._head_size += size
            return size
        # What is not body in a body: the sizes of chunks, whatever is written behind them, fields
        # behind the last one.
        self._overhead += size
        return size if self._overhead - _OVERHEAD * self._body_size <= most else 0

    def begin_head(self, now: float) -> None:
        """Take the first byte of a request."""
        self.phase = "head"
        self._since = now
        self._fields = 0

    def take_field(self) -> bool:
        """Count a header field; tell whether so many may come."""
        self._fields += 1
        return self._fields <= self._bounds.head_fields

    def begin_body(self, now: float) -> None:
        """Take the end of the head."""
        self.phase = "body"
        self._since = self._heard = now
        self._head_size = self._body_size = self._overhead = 0

    def take_body(self, size: int, now: float) -> None:
        """Take a piece of the body."""
        self._heard = now
        self._body_size += size

    def end(self, now: float) -> None:
        """Take the end of a request."""
        self.phase = "nothing"
        self.wait(now)

    def wait(self, now: float) -> None:
        """Begin to wait for another request, unless it has begun."""
        if self.phase == "nothing":
            self._since = now
            self._waited = self._bounds.idle_seconds

    def due(self) -> float:
        """Return when the client will have taken too long."""
        bounds = self._bounds
        if self.phase == "nothing":
            return self._since + self._waited
        if self.phase == "head":
            return self._since + bounds.head_seconds
        in_all = bounds.body_seconds + self._body_size / bounds.body_rate
        return min(self._heard + bounds.body_silence, self._since + in_all)

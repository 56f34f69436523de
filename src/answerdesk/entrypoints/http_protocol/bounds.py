"""Limits of one connection: sizes, counts and times."""

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds of a server's connections; times are in seconds, sizes in bytes."""

    head_seconds: float = 15.0
    """Time limit for a request's head, from connecting or, for later requests, its first byte."""

    head_bytes: int = 64 * 1024
    """Maximum size of a head; proxies in front allow half of it or less."""

    head_fields: int = 100
    """Maximum number of header fields of a request, including trailers."""

    body_silence: float = 20.0
    """Maximum pause within a body."""

    body_seconds: float = 30.0
    """Time limit for a body, plus one second for each `body_rate` bytes received."""

    body_rate: float = 1024.0
    """Minimum bytes per second: passes a file on a slow line, stops a trickling body."""

    idle_seconds: float = 75.0
    """Maximum time between two requests; proxies drop idle connections earlier by default."""

    stalled_seconds: float = 60.0
    """Time limit for a client that reads nothing of its response."""

    linger_silence: float = 5.0
    """A client refused in mid-request is closed after it has sent nothing for this long."""

    linger_seconds: float = 30.0
    """Total time that such a client has to read the refusal."""

    pipelined: int = 8
    """Maximum number of pipelined requests waiting on one connection."""

    connections: int = 10_000
    """Maximum number of concurrent connections; more get a 503 or are closed."""

    reserve: int = 500
    """If fewer free connections than this are left, none is kept alive after its response."""

    surplus: int = 200
    """Connections above `connections` that get a 503; even more are closed immediately."""


_OVERHEAD: Final = 16
"""Maximum overhead per byte of a chunked body; chunks of one byte have five bytes."""


class Intake:
    """Counts what one client sends; times are the event loop's."""

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
        """Count the next bytes, and return how many may be parsed; 0 if over the limit."""
        most = self._bounds.head_bytes
        if self.phase != "body":
            size = min(size, most - self._head_size)
            self._head_size += size
            return size
        # The overhead of a body: chunk sizes, chunk extensions, trailers.
        self._overhead += size
        return size if self._overhead - _OVERHEAD * self._body_size <= most else 0

    def begin_head(self, now: float) -> None:
        self.phase = "head"
        self._since = now
        self._fields = 0

    def take_field(self) -> bool:
        """Count a header field; tell whether the number is within the limit."""
        self._fields += 1
        return self._fields <= self._bounds.head_fields

    def begin_body(self, now: float) -> None:
        self.phase = "body"
        self._since = self._heard = now
        self._head_size = self._body_size = self._overhead = 0

    def take_body(self, size: int, now: float) -> None:
        self._heard = now
        self._body_size += size

    def end(self, now: float) -> None:
        """Note the end of a request, and begin to wait for the next."""
        self.phase = "nothing"
        self.wait(now)

    def wait(self, now: float) -> None:
        """Begin to wait for the next request, unless it has already begun."""
        if self.phase == "nothing":
            self._since = now
            self._waited = self._bounds.idle_seconds

    def due(self) -> float:
        """Return the time at which the current limit runs out."""
        bounds = self._bounds
        if self.phase == "nothing":
            return self._since + self._waited
        if self.phase == "head":
            return self._since + bounds.head_seconds
        in_all = bounds.body_seconds + self._body_size / bounds.body_rate
        return min(self._heard + bounds.body_silence, self._since + in_all)

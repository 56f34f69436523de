"""How much of everything one connection may take."""

from dataclasses import dataclass


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

"""The transport that uvicorn writes to, whose closing is ours."""

import asyncio
from collections.abc import Callable
from typing import Any


class ClosableTransport(asyncio.Transport):
    """Hands everything on but `close`, which calls `on_close` once and ends the writing.

    uvicorn closes a connection as soon as the answer is written. If the client is still sending,
    the kernel then resets the connection, and the answer is lost on its way.
    """

    __slots__ = ("_closing", "_on_close", "raw")

    def __init__(self, raw: asyncio.Transport, on_close: Callable[[], None]) -> None:
        super().__init__()
        self.raw = raw
        self._on_close = on_close
        self._closing = False

    def close(self) -> None:
        """Write no more; `on_close` decides when the connection ends."""
        if not self._closing:
            self._closing = True
            self._on_close()

    def is_closing(self) -> bool:
        """Tell whether nothing can be written any more."""
        return self._closing or self.raw.is_closing()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Write, unless it was closed."""
        if not self.is_closing():
            self.raw.write(data)

    def pause_reading(self) -> None:
        """Let the client wait."""
        self.raw.pause_reading()

    def resume_reading(self) -> None:
        """Hear the client again."""
        self.raw.resume_reading()

    def get_extra_info(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - as asyncio's
        """Return what is known of the connection."""
        return self.raw.get_extra_info(name, default)

    def abort(self) -> None:
        """End the connection now."""
        self._closing = True
        self.raw.abort()

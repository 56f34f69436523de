"""Clients that listen to streams, many in one process: a thousand cost little."""

import asyncio
import time


class Listener(asyncio.Protocol):
    """One connection that a stream comes on, which keeps all that it has heard."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self._transport: asyncio.Transport | None = None
        self._awaited: tuple[bytes, asyncio.Future[None]] | None = None
        self.heard = b""
        self.heard_at = 0.0
        self.ended = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self.heard += data
        self.heard_at = time.perf_counter()
        self._look()

    def connection_lost(self, _: Exception | None) -> None:
        self.ended = True
        self._look()

    async def hears(self, text: bytes, seconds: float) -> None:
        """Wait until the text has come; raises TimeoutError, or EOFError where it never will."""
        future = asyncio.get_running_loop().create_future()
        self._awaited = (text, future)
        self._look()
        async with asyncio.timeout(seconds):
            await future

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.abort()

    def _look(self) -> None:
        if self._awaited is None or self._awaited[1].done():
            return
        text, future = self._awaited
        if text in self.heard:
            future.set_result(None)
        elif self.ended:
            future.set_exception(EOFError(f"the connection ended behind {self.heard[-500:]!r}"))


async def listen(port: int, request: bytes) -> Listener:
    """Connect and send the request."""
    loop = asyncio.get_running_loop()
    _, listener = await loop.create_connection(lambda: Listener(request), "127.0.0.1", port)
    return listener

"""Server-sent events: frames, heartbeats, and the response that carries them."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from functools import partial
from typing import Any, Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

HEARTBEAT_SECONDS: Final = 15.0
"""Longest silence on a stream; a comment then keeps proxies from closing it."""

AFTERWARDS: Final = "answerdesk.afterwards"
"""The ASGI extension that lets a response continue after the application has returned.

By then everything that handled the request has been freed: middlewares, dependencies, the request
itself. They are most of the memory that a waiting stream would use.
"""

ON_STOP: Final = "answerdesk.stopping"
"""The ASGI extension by which a response says what to call when the server begins to stop."""

GoingOn = Callable[[Receive, Send], Awaitable[None]]
GoesOn = Callable[[GoingOn], None]

_HEARTBEAT: Final = b": keep-alive\n\n"
_MOST_WAITING: Final = 64 * 1024
"""Bytes that may wait for a slow client before no more frames are produced for it."""

_HEADERS: Final = {
    # Not set as the class's media type, which FastAPI would also use for its errors.
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-cache, no-transform",
    # Asks proxies such as nginx not to buffer frames.
    "X-Accel-Buffering": "no",
}


# `json.dumps` would make an encoder for each frame, and each word of an answer is a frame.
_written: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def frame(event: str, data: Mapping[str, Any]) -> bytes:
    """Write one event with a JSON object as its data."""
    return f"event: {event}\ndata: {_written(data)}\n\n".encode()


class EventStream(Response):
    """Sends frames as they come; frames that are ready together go out in one write.

    A waiting stream costs one task, which waits for the next frame, and one timer. When the client
    disconnects, the frames' iterator is cancelled where it waits.
    """

    def __init__(
        self,
        frames: AsyncIterator[bytes],
        status_code: int = 200,  # FastAPI reads the documented status from this default.
        *,
        heartbeat: float = HEARTBEAT_SECONDS,
        endless: bool = False,
    ) -> None:
        """Send `frames`. With `endless`, a server that stops does not wait for their end."""
        self.status_code = status_code
        self.background = None
        self.init_headers(_HEADERS)
        self._frames = frames
        self._heartbeat = heartbeat
        self._endless = endless

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the stream until it ends or its client disconnects.

        If the server offers `AFTERWARDS`, it is sent once the application has returned.
        """
        await send(
            {
                "type": "http.response.start",
                "status": self.status_code,
                "headers": self.raw_headers,
            }
        )
        goes_on: GoesOn | None = scope.get("extensions", {}).get(AFTERWARDS)
        stopping = scope.get("extensions", {}).get(ON_STOP) if self._endless else None
        tell = _pass_on if self._endless else _tell
        going_on = partial(_carry, tell, self._frames, self._heartbeat, stopping)
        if goes_on is None:
            await going_on(receive, send)
        else:
            goes_on(going_on)


async def _carry(
    tell: Callable[[AsyncIterator[bytes], "_Line"], Coroutine[Any, Any, None]],
    frames: AsyncIterator[bytes],
    heartbeat: float,
    stopping: Callable[[Callable[[], None]], None] | None,
    receive: Receive,
    send: Send,
) -> None:
    async with asyncio.TaskGroup() as tasks:
        line = _Line(send, tasks, heartbeat)
        telling = tasks.create_task(tell(frames, line))
        if stopping is not None:

            def stop() -> None:
                telling.cancel()
                line.end()

            stopping(stop)
        try:
            # The server also sends this when the stream has been sent completely.
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            # Immediately: a heartbeat after the cancellation would find the task group closed.
            line.rest()
        telling.cancel()


async def _tell(frames: AsyncIterator[bytes], line: "_Line") -> None:
    try:
        async for one in frames:
            line.put(one)
            if line.is_full:
                await line.empty()
        line.end()
    finally:
        line.rest()


async def _pass_on(frames: AsyncIterator[bytes], line: "_Line") -> None:
    """Send each piece before the next is taken: their producer joins what is ready together.

    It costs half of what buffering does, and there may be thousands of writes a second.
    """
    try:
        async for one in frames:
            await line.send(one)
        line.end()
    finally:
        line.rest()


class _Line:
    """Buffers and sends one client's frames."""

    def __init__(self, send: Send, tasks: asyncio.TaskGroup, heartbeat: float) -> None:
        self._send = send
        self._tasks = tasks
        self._waiting: list[bytes] = []
        self._size = 0
        self._ended = False
        self._sending: asyncio.Task[None] | None = None
        self._busy = False
        self._heartbeat = heartbeat
        self._loop = asyncio.get_running_loop()
        self._latest = self._loop.time()
        self._timer = self._loop.call_later(heartbeat, self._beat)

    @property
    def is_full(self) -> bool:
        return self._size > _MOST_WAITING

    def put(self, frame: bytes) -> None:
        self._waiting.append(frame)
        self._size += len(frame)
        self._begin()

    async def send(self, data: bytes) -> None:
        """Hand data to the server at once, for who puts none."""
        await self.empty()
        self._busy = True
        try:
            await self._send({"type": "http.response.body", "body": data, "more_body": True})
        finally:
            self._busy = False
        self._latest = self._loop.time()

    def end(self) -> None:
        self._ended = True
        self._begin()

    async def empty(self) -> None:
        """Wait until everything has been handed to the server."""
        if self._sending is not None:
            await self._sending

    def rest(self) -> None:
        """Stop the heartbeat."""
        self._timer.cancel()

    def _begin(self) -> None:
        # It runs when the producer of frames waits, and sends all that are there by then.
        if self._sending is None:
            self._sending = self._tasks.create_task(self._empty())

    async def _empty(self) -> None:
        try:
            while self._waiting or self._ended:
                ended, body = self._ended, b"".join(self._waiting)
                self._waiting.clear()
                self._size = 0
                await self._send(
                    {"type": "http.response.body", "body": body, "more_body": not ended}
                )
                self._latest = self._loop.time()
                if ended:
                    break
        finally:
            self._sending = None

    def _beat(self) -> None:
        """Send a comment if the stream has been silent for long, and schedule the next check."""
        silent = self._loop.time() - self._latest
        if silent >= self._heartbeat:
            silent = 0.0
            self._latest = self._loop.time()
            # More data does not help a client that isn't reading what already waits.
            if self._sending is None and not self._busy:
                self.put(_HEARTBEAT)
        self._timer = self._loop.call_later(self._heartbeat - silent, self._beat)

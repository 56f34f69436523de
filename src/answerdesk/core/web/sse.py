"""Server-sent events: frames, heartbeats, and the response that carries them."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

HEARTBEAT_SECONDS: Final = 15.0
"""Longest silence on a stream; a comment keeps proxies from closing it."""

AFTERWARDS: Final = "answerdesk.afterwards"
"""The ASGI extension by which a response goes on after the application has returned.

All that has handled the request is gone by then: its middlewares, what it asked for, itself. They
are most of the memory of a stream that waits.
"""

GoingOn = Callable[[Receive, Send], Awaitable[None]]
GoesOn = Callable[[GoingOn], None]

_HEARTBEAT: Final = b": keep-alive\n\n"
_MOST_WAITING: Final = 64 * 1024
"""Bytes that wait for a slow client before no more are made for it."""

_HEADERS: Final = {
    # Here and not as the class's media type, which FastAPI takes for that of its errors, too.
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-cache, no-transform",
    # Asks a proxy of the nginx kind not to hold frames back.
    "X-Accel-Buffering": "no",
}


def frame(event: str, data: Mapping[str, Any]) -> bytes:
    """Write one event with a JSON object as its data."""
    payload = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"event: {event}\ndata: {payload}\n\n".encode()


class EventStream(Response):
    """Sends frames as they come; those that are there at once go out in one write.

    A stream that waits costs a task that waits for its next frame and a timer. When its client has
    gone, the frames' iterator is cancelled where it waits.
    """

    def __init__(
        self,
        frames: AsyncIterator[bytes],
        status_code: int = 200,  # FastAPI reads here which status it describes.
        *,
        heartbeat: float = HEARTBEAT_SECONDS,
    ) -> None:
        self.status_code = status_code
        self.background = None
        self.init_headers(_HEADERS)
        self._frames = frames
        self._heartbeat = heartbeat

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the stream until it ends or its client has gone.

        Where the server offers `AFTERWARDS`, it does so once the application has returned.
        """
        await send(
            {
                "type": "http.response.start",
                "status": self.status_code,
                "headers": self.raw_headers,
            }
        )
        goes_on: GoesOn | None = scope.get("extensions", {}).get(AFTERWARDS)
        going_on = partial(_carry, self._frames, self._heartbeat)
        if goes_on is None:
            await going_on(receive, send)
        else:
            goes_on(going_on)


async def _carry(
    frames: AsyncIterator[bytes], heartbeat: float, receive: Receive, send: Send
) -> None:
    async with asyncio.TaskGroup() as tasks:
        line = _Line(send, tasks, heartbeat)
        telling = tasks.create_task(_tell(frames, line))
        try:
            # The server says so, too, when the stream has been sent to its end.
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            # At once: a beat between being cancelled and the end would find no tasks to be one of.
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


class _Line:
    """The way to one client."""

    def __init__(self, send: Send, tasks: asyncio.TaskGroup, heartbeat: float) -> None:
        self._send = send
        self._tasks = tasks
        self._waiting: list[bytes] = []
        self._size = 0
        self._ended = False
        self._sending: asyncio.Task[None] | None = None
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

    def end(self) -> None:
        self._ended = True
        self._begin()

    async def empty(self) -> None:
        """Wait until all has been handed to the server."""
        if self._sending is not None:
            await self._sending

    def rest(self) -> None:
        """Beat no more."""
        self._timer.cancel()

    def _begin(self) -> None:
        # It runs when whoever puts frames has to wait, and takes all that are there by then.
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
        """Send a comment when it has been silent for long; look again when it may have been."""
        silent = self._loop.time() - self._latest
        if silent >= self._heartbeat:
            silent = 0.0
            self._latest = self._loop.time()
            # Whoever does not take what waits already is not helped by more of it.
            if self._sending is None:
                self.put(_HEARTBEAT)
        self._timer = self._loop.call_later(self._heartbeat - silent, self._beat)

"""HTTP/1.1 connections with limits on everything, unlike uvicorn's.

uvicorn doesn't limit the time for a head or body, the size of a head, the number of pipelined
requests, and the time of a client that doesn't read its response. It drops a refusal if the client
is still sending, and logs an error for each client that hangs up.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, Final

import httptools
import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from answerdesk.core.web.body import note_lost_body
from answerdesk.core.web.hanging_up import ENDS_AT_EOF
from answerdesk.core.web.sse import AFTERWARDS, ON_STOP, GoingOn
from answerdesk.entrypoints.http_protocol.bounds import Bounds, Intake
from answerdesk.entrypoints.http_protocol.refusals import (
    CROWDED,
    HEAD_TOO_LARGE,
    HEAD_TOO_SLOW,
    MALFORMED,
    STOPPING,
    TOO_MANY_WAIT,
    Refusal,
    RefusedInside,
)


class ClosableTransport(asyncio.Transport):
    """Passes everything on except `close`, which calls `on_close` once and stops writing.

    uvicorn closes a connection as soon as the response is written. If the client is still sending,
    the kernel then resets the connection, and the response is lost.
    """

    __slots__ = ("_closing", "_on_close", "raw")

    def __init__(self, raw: asyncio.Transport, on_close: Callable[[], None]) -> None:
        super().__init__()
        self.raw = raw
        self._on_close = on_close
        self._closing = False

    def close(self) -> None:
        """Stop writing; `on_close` decides when the connection ends."""
        if not self._closing:
            self._closing = True
            self._on_close()

    def is_closing(self) -> bool:
        return self._closing or self.raw.is_closing()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Write, unless closed."""
        if not self.is_closing():
            self.raw.write(data)

    def pause_reading(self) -> None:
        self.raw.pause_reading()

    def resume_reading(self) -> None:
        self.raw.resume_reading()

    def get_extra_info(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - as asyncio's
        return self.raw.get_extra_info(name, default)

    def abort(self) -> None:
        """End the connection immediately."""
        self._closing = True
        self.raw.abort()


async def run(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Run the application, then the rest of its response that it has left to `AFTERWARDS`."""
    going_on: list[GoingOn] = []
    scope["extensions"] = {**scope.get("extensions", {}), AFTERWARDS: going_on.append}
    given = frozenset(scope)
    await app(scope, receive, send)
    if not going_on:
        return
    for note in scope.keys() - given:
        # Otherwise the application's notes would live as long as the stream.
        del scope[note]
    await going_on.pop()(receive, send)


_PIECE: Final = 16 * 1024
"""Bytes that are parsed before the bounds are checked again."""

_TICK: Final = 0.005
"""Tolerance for the resolution of the loop's clock, in seconds."""

_log = structlog.get_logger(__name__)


class BoundedHttpProtocol(HttpToolsProtocol):
    """Serves one connection within `bounds`, and closes it if it exceeds them."""

    bounds: ClassVar[Bounds] = Bounds()

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*arguments, **named)
        self._intake = Intake(self.bounds, self.loop.time())
        self._deaf = False
        self._surplus = self._half_closed = self._lingers = False
        self._lost_body: RequestResponseCycle | None = None
        self._heard = 0.0
        self._stalled_since: float | None = None
        self._closed_since: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._fires = 0.0
        self._stop_response: Callable[[], None] | None = None
        self._stopping = False
        self._ends_at_eof = False

    # The connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        self._raw = transport
        super().connection_made(ClosableTransport(transport, self._end))
        self._surplus = self._is_full()
        if self._is_full(self.bounds.surplus):
            transport.abort()
        else:
            self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        super().connection_lost(exc)

    def eof_received(self) -> bool:  # type: ignore[override]
        """Close if a client stops writing, unless it may be waiting for its response."""
        cycle = self._unanswered()
        if cycle is None or cycle.more_body or cycle.response_started or self._ends_at_eof:
            return False
        self._half_closed = True
        self._hear_no_more(cycle)
        return True

    def pause_writing(self) -> None:
        """Start the clock for a client that doesn't read its response."""
        super().pause_writing()
        self._stalled_since = self.loop.time()
        self._watch()

    def resume_writing(self) -> None:
        """Stop that clock."""
        self._stalled_since = None
        super().resume_writing()

    def shutdown(self) -> None:
        """Finish the responses in progress, and close."""
        self._stopping = True
        if self._closed_since is not None:
            self._raw.abort()
        elif self._unanswered() is None:
            self._raw.close()
        else:
            self.cycle.keep_alive = False
            if self._stop_response is not None:
                self._stop_response()

    # What the client sends

    def data_received(self, data: bytes) -> None:
        """Parse the data as far as it is within the bounds; refuse the rest."""
        at = 0
        if self._deaf:
            self._heard = self.loop.time()
        while at < len(data) and not self._deaf:
            allowed = self._intake.allows(min(_PIECE, len(data) - at))
            if allowed:
                self._parse(data[at : at + allowed])
                at += allowed
            else:
                self._refuse(MALFORMED if self._intake.phase == "body" else HEAD_TOO_LARGE)
        self._watch()

    def _parse(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            # We have no other protocol: respond in this one, and ignore the rest.
            self._hear_no_more(self.cycle)
        except httptools.HttpParserError as error:
            inside = error.__context__
            self._refuse(inside.refusal if isinstance(inside, RefusedInside) else MALFORMED)

    def on_message_begin(self) -> None:
        """Begin a head, which has its own time limit."""
        super().on_message_begin()
        self._intake.begin_head(self.loop.time())

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header field; trailers could claim anything, so they are dropped."""
        if not self._intake.take_field():
            raise RefusedInside(HEAD_TOO_LARGE)
        if self._intake.phase == "head":
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin to respond, or queue behind earlier requests."""
        if self._surplus and self._is_full():
            raise RefusedInside(CROWDED)
        if len(self.pipeline) >= self.bounds.pipelined:
            raise RefusedInside(TOO_MANY_WAIT)
        self._intake.begin_body(self.loop.time())
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._intake.take_body(len(body), self.loop.time())
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._intake.end(self.loop.time())
        super().on_message_complete()

    # The responses

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:  # noqa: ANN401
        super()._start_asgi_task(cycle, partial(self._answer, cycle, app))

    async def _answer(
        self, cycle: RequestResponseCycle, app: ASGIApp, scope: Scope, receive: Receive, send: Send
    ) -> None:
        async def receive_what_comes() -> Message:
            message = None if cycle is self._lost_body else await receive()
            if message is None or cycle is self._lost_body:
                return {"type": "http.disconnect"}
            return message

        async def send_knowing_the_rest(message: Message) -> None:
            if message["type"] == "http.response.start":
                crowded = self._is_full(-self.bounds.reserve)
                cycle.keep_alive &= not (cycle.more_body or crowded)
            await send(message)

        def note_stop(stop: Callable[[], None]) -> None:
            self._stop_response = stop
            if self._stopping:
                stop()

        def end_at_eof() -> None:
            self._ends_at_eof = True

        own = {ON_STOP: note_stop, ENDS_AT_EOF: end_at_eof}
        scope["extensions"] = {**scope.get("extensions", {}), **own}
        try:
            await run(app, scope, receive_what_comes, send_knowing_the_rest)
        except asyncio.CancelledError:
            # The server is being stopped, and its grace period is over.
            if not cycle.response_started:
                await STOPPING.response(scope["path"])(scope, receive, send)
            else:
                self.transport.close()
            cycle.disconnected = True

    def on_response_complete(self) -> None:
        """Start the next pipelined request, or wait for one."""
        self._stop_response = None
        self._ends_at_eof = False
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
            return
        self._intake.wait(self.loop.time())
        self._watch()

    def _unanswered(self) -> RequestResponseCycle | None:
        """Return the latest request if its response isn't complete yet."""
        cycle: RequestResponseCycle | None = self.cycle
        return None if cycle is None or cycle.response_complete else cycle

    def _is_full(self, surplus: float = 0) -> bool:
        return len(self.connections) > self.bounds.connections + surplus

    # How it ends

    def _refuse(self, refusal: Refusal) -> None:
        """Stop reading, finish the responses in progress, send the refusal if possible, close."""
        if self.transport.is_closing():
            return
        _log.debug("connection_refused", code=refusal.code)
        self._deaf = True
        cycle = self._unanswered()
        if cycle is None:
            url = getattr(self, "url", b"")
            self.transport.write(refusal.written(url, self.server_state.default_headers))
            self.transport.close()
        elif cycle.more_body:
            self._lose_body(cycle, refusal.code)
        else:
            cycle.keep_alive = False

    def _lose_body(self, cycle: RequestResponseCycle, code: str) -> None:
        """Let the application report that a body is incomplete."""
        self._deaf = True
        self._lost_body = cycle
        cycle.keep_alive = False
        note_lost_body(cycle.scope["state"], code)
        cycle.message_event.set()

    def _hear_no_more(self, cycle: RequestResponseCycle) -> None:
        """Make this response the last one of the connection."""
        self._deaf = True
        cycle.keep_alive = False

    def _end(self) -> None:
        """Close after the last write; give a client that is still sending time to read it."""
        self._closed_since = self._heard = self.loop.time()
        if self._raw.is_closing():
            return
        if self._intake.phase != "nothing" or (self._deaf and not self._half_closed):
            self._lingers = self._deaf = True
            self.flow.resume_reading()
            self._raw.write_eof()
        else:
            self._raw.close()
        self._watch()

    # How long it takes

    def _watch(self) -> None:
        """Set the timer for the next time limit, unless it is already set earlier."""
        due = self._due()
        if due is None or (self._timer is not None and self._fires <= due):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._fires = due
        self._timer = self.loop.call_at(due, self._look)

    def _look(self) -> None:
        self._timer = None
        due = self._due()
        if due is None or due > self.loop.time() + _TICK:
            self._watch()
        elif self._closed_since is not None or self._stalled_since is not None:
            self._raw.abort()
        elif self._intake.phase == "body":
            self._lose_body(self.cycle, "body_timeout")
        elif self._intake.phase == "head" or self.cycle is None:
            self._refuse(HEAD_TOO_SLOW)
        else:
            self.transport.close()

    def _due(self) -> float | None:
        """Return the time of this connection's next limit, None if it has none now."""
        bounds = self.bounds
        if self._closed_since is not None:
            if not self._lingers:
                return self._closed_since + bounds.stalled_seconds
            silent = self._heard + bounds.linger_silence
            return min(self._closed_since + bounds.linger_seconds, silent)
        if self._stalled_since is not None:
            return self._stalled_since + bounds.stalled_seconds
        if self._deaf or (self._intake.phase == "nothing" and self._unanswered() is not None):
            return None
        if self.flow.read_paused:
            # While we don't read, nothing can arrive, so the client isn't late.
            return self.loop.time() + bounds.body_silence
        return self._intake.due()

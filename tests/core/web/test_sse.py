"""Streams of events: what is ready goes out at once and together; who has gone costs nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from starlette.types import Message

from answerdesk.core.web.sse import AFTERWARDS, EventStream, GoingOn, frame

HEARTBEAT = b": keep-alive\n\n"
LIMIT = 10.0
"""Seconds after which a test that waits has failed."""


class Server:
    """The server's side of one request: it takes what is sent, as slowly as a test wants."""

    def __init__(self) -> None:
        self.sent: asyncio.Queue[Message] = asyncio.Queue()
        self.takes = asyncio.Event()
        self.takes.set()
        self.gone = asyncio.Event()

    async def receive(self) -> Message:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        await self.takes.wait()
        self.sent.put_nowait(message)
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            self.gone.set()

    async def next(self) -> Message:
        return await asyncio.wait_for(self.sent.get(), LIMIT)

    async def bodies(self) -> list[bytes]:
        """Return the bodies up to the end of the response."""
        bodies = []
        while True:
            message = await self.next()
            bodies.append(message["body"])
            if not message["more_body"]:
                return bodies


@asynccontextmanager
async def served(stream: EventStream, server: Server) -> AsyncIterator[asyncio.Task[None]]:
    """Serve the stream; its head has been sent when the block begins."""
    task = asyncio.create_task(stream({"type": "http"}, server.receive, server.send))
    try:
        assert (await server.next())["type"] == "http.response.start"
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class Source:
    """Frames that a test gives one by one; tells how many were asked for and whether it ended."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.taken = 0
        self.ended = asyncio.Event()

    async def frames(self) -> AsyncIterator[bytes]:
        try:
            while (one := await self.queue.get()) is not None:
                self.taken += 1
                yield one
        finally:
            self.ended.set()

    def put(self, *frames: bytes | None) -> None:
        for one in frames:
            self.queue.put_nowait(one)


async def test_frames_that_are_there_at_once_go_out_in_one_write() -> None:
    source, server = Source(), Server()
    async with served(EventStream(source.frames()), server) as task:
        source.put(b"accepted")
        assert (await server.next())["body"] == b"accepted", "the first waits for no other"
        source.put(b"a", b"b", b"c")
        assert (await server.next())["body"] == b"abc"
        source.put(b"d", b"e", None)
        assert await server.bodies() == [b"de"]
        await asyncio.wait_for(task, LIMIT)


async def test_a_stream_goes_on_after_the_application_where_the_server_offers_it() -> None:
    source, server = Source(), Server()
    going_on: list[GoingOn] = []
    scope = {"type": "http", "extensions": {AFTERWARDS: going_on.append}}
    await asyncio.wait_for(EventStream(source.frames())(scope, server.receive, server.send), LIMIT)
    assert (await server.next())["type"] == "http.response.start"
    assert source.taken == 0
    source.put(b"a", None)
    (rest,) = going_on
    await asyncio.wait_for(rest(server.receive, server.send), LIMIT)
    assert await server.bodies() == [b"a"]


async def test_an_empty_stream_ends() -> None:
    source, server = Source(), Server()
    source.put(None)
    async with served(EventStream(source.frames()), server) as task:
        assert await server.bodies() == [b""]
        await asyncio.wait_for(task, LIMIT)


async def test_silence_is_filled_with_heartbeats_and_words_are_not() -> None:
    source, server = Source(), Server()
    async with served(EventStream(source.frames(), heartbeat=0.05), server):
        for _ in range(3):
            assert (await server.next())["body"] == HEARTBEAT
    source, server = Source(), Server()
    async with served(EventStream(source.frames(), heartbeat=3600), server):
        source.put(b"word", None)
        assert await server.bodies() == [b"word"]


async def test_the_heart_stops_with_the_stream() -> None:
    source, server = Source(), Server()
    async with served(EventStream(source.frames(), heartbeat=0.05), server) as task:
        source.put(None)
        await server.bodies()
        await asyncio.wait_for(task, LIMIT)
        await asyncio.sleep(0.2)
        assert server.sent.empty()


async def test_who_has_gone_costs_nothing_any_more() -> None:
    source, server = Source(), Server()
    async with served(EventStream(source.frames()), server) as task:
        source.put(b"a")
        await server.next()
        server.gone.set()
        await asyncio.wait_for(source.ended.wait(), LIMIT)
        await asyncio.wait_for(task, LIMIT)
    assert len(asyncio.all_tasks()) == 1, "a task of the stream is left"


async def test_who_takes_nothing_is_not_written_for_without_bound() -> None:
    source, server = Source(), Server()
    many = 100
    async with served(EventStream(source.frames(), heartbeat=0.05), server):
        server.takes.clear()
        source.put(*[b"x" * 10_000] * many, None)
        await asyncio.sleep(0.3)
        assert source.taken < 20, "a few are made ahead, and the rest when the client takes them"
        server.takes.set()
        bodies = await server.bodies()
    assert b"".join(bodies).replace(HEARTBEAT, b"") == b"x" * 10_000 * many
    assert b"".join(bodies).count(HEARTBEAT) <= 1


async def test_a_source_that_fails_ends_its_stream_with_an_error() -> None:
    async def failing() -> AsyncIterator[bytes]:
        yield b"a"
        raise LookupError("broken")

    server = Server()
    async with served(EventStream(failing()), server) as task:
        with pytest.RaisesGroup(LookupError):
            await asyncio.wait_for(task, LIMIT)
    assert all(one.get("more_body", True) for one in server.sent._queue)  # type: ignore[attr-defined]


def test_a_frame_is_one_event() -> None:
    assert (
        frame("token", {"text": "a\nb ü"}) == 'event: token\ndata: {"text":"a\\nb ü"}\n\n'.encode()
    )

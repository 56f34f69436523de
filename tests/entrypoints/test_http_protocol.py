"""Clients that are slow or talk too much lose their connection, and only they."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from answerdesk.entrypoints.http_protocol import BoundedHttpProtocol

HEAD = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n"


class Impatient(BoundedHttpProtocol):
    head_seconds = 0.4
    head_bytes = 2000


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    await asyncio.sleep(0.6 if body == b"wait" else 0)
    await PlainTextResponse(body)(scope, receive, send)


class Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@pytest.fixture
async def port() -> AsyncIterator[int]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.setblocking(False)
        server = Server(
            uvicorn.Config(echo, http=Impatient, ws="none", lifespan="off", log_config=None)
        )
        task = asyncio.create_task(server.serve([listening]))
        await asyncio.wait_for(server.listening.wait(), 10)
        yield int(listening.getsockname()[1])
        server.should_exit = True
        await task


class Client:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def connect(cls, port: int) -> "Client":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def response(self) -> tuple[int, bytes]:
        """Read one response."""
        async with asyncio.timeout(10):
            head = await self.reader.readuntil(b"\r\n\r\n")
            lines = head.lower().split(b"\r\n")
            length = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
            return int(head.split()[1]), await self.reader.readexactly(length)

    async def rest(self) -> bytes:
        """Read until the server closes the connection."""
        async with asyncio.timeout(10):
            try:
                return await self.reader.read()
            except ConnectionResetError:
                return b""


async def test_who_says_nothing_is_disconnected(port: int) -> None:
    client = await Client.connect(port)
    assert (await client.rest()).startswith(b"HTTP/1.1 408 ")


async def test_who_sends_a_head_too_slowly_is_disconnected(port: int) -> None:
    client = await Client.connect(port)
    for piece in (b"GET / ", b"HTTP/1.1\r\n", b"host: x\r\n"):
        await client.send(piece)
        await asyncio.sleep(0.1)
    assert (await client.rest()).startswith(b"HTTP/1.1 408 ")


async def test_a_later_request_has_a_bound_of_its_own(port: int) -> None:
    client = await Client.connect(port)
    await client.send(HEAD + b"\r\nbody")
    assert await client.response() == (200, b"body")
    await asyncio.sleep(0.6)
    await client.send(HEAD + b"\r\nidle")
    assert await client.response() == (200, b"idle"), "an idle connection is not a slow head"
    await client.send(HEAD)
    assert (await client.rest()).startswith(b"HTTP/1.1 408 ")


async def test_a_head_too_large_is_refused(port: int) -> None:
    client = await Client.connect(port)
    await client.send(HEAD + b"x: " + b"y" * 3000)
    assert (await client.rest()).startswith(b"HTTP/1.1 431 ")


async def test_a_slow_body_and_a_slow_answer_are_not_our_concern(port: int) -> None:
    client = await Client.connect(port)
    await client.send(HEAD + b"\r\nwa")
    await asyncio.sleep(0.6)
    await client.send(b"it")
    assert await client.response() == (200, b"wait")


async def test_an_answer_under_way_is_whole_before_a_slow_head_ends_it(port: int) -> None:
    client = await Client.connect(port)
    await client.send(HEAD + b"\r\nwait" + HEAD)
    assert await client.response() == (200, b"wait")
    assert await client.rest() == b""


async def test_others_are_served_meanwhile(port: int) -> None:
    slow, other = await Client.connect(port), await Client.connect(port)
    await slow.send(b"GET ")
    await other.send(HEAD + b"\r\nbody")
    assert await other.response() == (200, b"body")
    assert (await slow.rest()).startswith(b"HTTP/1.1 408 ")

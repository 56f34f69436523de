"""A server with tight bounds in a thread of its own, and clients that misbehave."""

import asyncio
import contextlib
import json
import select
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import uvicorn
import uvloop
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from answerdesk.core.web.sse import EventStream
from answerdesk.entrypoints.asgi import create_app
from answerdesk.entrypoints.http_protocol import BoundedHttpProtocol, Bounds

PATIENT = Bounds(
    head_seconds=60,
    body_silence=60,
    body_seconds=60,
    idle_seconds=60,
    stalled_seconds=60,
    linger_silence=60,
    linger_seconds=60,
)
"""Bounds that no test reaches; each sets those that it is about."""

HEAD = b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n"
CHUNKED = b"POST /v1/visitor/chat HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
CHAT = (
    b"POST %s HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 90\r\n\r\n"
)
NATIVE, ORACS = b"/v1/visitor/chat", b"/api/chat"
GET = b"GET /echo HTTP/1.1\r\nhost: x\r\n\r\n"

LOOPS = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
SECONDS = 30.0
"""Nothing takes longer, however busy the machine is."""


class Echo:
    """Answers with what it is sent, below `/echo`; all other paths are the real application's."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.streams = 0
        self.at_work = 0
        self.scopes: list[Scope] = []
        self.goes_on = threading.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match scope["path"]:
            case "/echo":
                body = await Request(scope, receive).body()
                await PlainTextResponse(body)(scope, receive, send)
            case "/echo/headers":
                request = Request(scope, receive)
                await request.body()
                await PlainTextResponse(" ".join(request.headers))(scope, receive, send)
            case "/echo/later":
                await asyncio.to_thread(self.goes_on.wait, SECONDS)
                await PlainTextResponse("later")(scope, receive, send)
            case "/echo/never":
                await asyncio.get_running_loop().create_future()
            case "/echo/unread":
                await PlainTextResponse("unread")(scope, receive, send)
            case "/echo/large":
                await PlainTextResponse("x" * 50_000_000)(scope, receive, send)
            case "/echo/stream":
                self.at_work += 1
                self.scopes.append(scope)
                scope["note"] = "what a framework keeps of a request"
                await EventStream(self._silence())(scope, receive, send)
                self.at_work -= 1
            case "/echo/endless":
                await asyncio.to_thread(self.goes_on.wait, SECONDS)
                await EventStream(self._silence(), endless=True)(scope, receive, send)
            case "/echo/broken":
                await EventStream(self._broken())(scope, receive, send)
            case _:
                await self._app(scope, receive, send)

    async def _broken(self) -> AsyncIterator[bytes]:
        yield b"event: accepted\ndata: {}\n\n"
        raise LookupError("broken")

    async def _silence(self) -> AsyncIterator[bytes]:
        self.streams += 1
        try:
            yield b"event: accepted\ndata: {}\n\n"
            await asyncio.get_running_loop().create_future()
        finally:
            self.streams -= 1


@cache
def _application() -> ASGIApp:
    # Without its parts it can still refuse, and that is what is shown here.
    return create_app()


class Edge(uvicorn.Server):
    """The server; its connections are gone, and its files closed, when the block ends."""

    def __init__(self, bounds: Bounds, loop: str) -> None:
        tight = bounds

        class Protocol(BoundedHttpProtocol):
            bounds = tight

        self.echo = Echo(_application())
        super().__init__(
            uvicorn.Config(
                self.echo,
                http=Protocol,
                ws="none",
                lifespan="off",
                log_config=None,
                timeout_graceful_shutdown=1,
            )
        )
        self._new_loop = LOOPS[loop]
        self._listening = threading.Event()
        self.stopping = threading.Event()
        """Set just before the connections are told."""
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.port: int = self._socket.getsockname()[1]

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._listening.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.stopping.set()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    @contextlib.contextmanager
    def running(self) -> Iterator["Edge"]:
        thread = threading.Thread(target=self._run)
        thread.start()
        assert self._listening.wait(SECONDS)
        files = open_sockets()
        try:
            yield self
            wait_until(lambda: not self.server_state.connections, "a connection lives on")
            wait_until(lambda: open_sockets() <= files, "a socket is left open")
            wait_until(lambda: not self.server_state.tasks, "a request is still at work")
        finally:
            self.should_exit = True
            thread.join(SECONDS)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=self._new_loop) as runner:
            runner.run(self.serve([self._socket]))


Serve = Callable[..., Edge]
"""Starts a server with the bounds that are named; see the fixture `serve`."""


def assert_problem(told: dict[str, Any], status: int, code: str) -> None:
    """Hold that an error is told as the native API does."""
    assert (told["status"], told["code"]) == (status, code)
    assert told["type"] == f"urn:answerdesk:problem:{code}"
    assert told["detail"]


def assert_envelope(told: dict[str, Any], status: int, code: str) -> None:
    """Hold that an error is told as Orac does."""
    assert told.keys() == {"error", "code", "status"}
    assert (told["status"], told["code"]) == (status, code)


def open_sockets() -> int:
    """Count the open sockets of this process, which the server and its clients share."""
    count = 0
    for file in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            count += str(file.readlink()).startswith("socket:")
    return count


def wait_until(condition: Any, otherwise: str) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.01)


class Client:
    """One connection to the server, written to by hand."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
        self._read = b""

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def drip(self, data: bytes, pause: float = 0.02) -> None:
        """Send `data` again and again until the server does not take it any more."""
        deadline = time.monotonic() + SECONDS
        with contextlib.suppress(ConnectionError):
            while time.monotonic() < deadline:
                self._socket.sendall(data)
                # What is read before the door closes is not lost with it.
                readable, _, _ = select.select([self._socket], [], [], pause)
                if readable:
                    self._read += self._socket.recv(65536)
                    time.sleep(pause)
            raise AssertionError(f"the server takes {data!r} for ever")

    def try_to_send(self, data: bytes) -> None:
        with contextlib.suppress(ConnectionError):
            self._socket.sendall(data)

    def set_option(self, option: int, value: bytes) -> None:
        self._socket.setsockopt(socket.SOL_SOCKET, option, value)

    def end_writing(self) -> None:
        self._socket.shutdown(socket.SHUT_WR)

    def response(self) -> tuple[int, dict[str, str], bytes]:
        """Read one response: its status, its headers and its body."""
        while b"\r\n\r\n" not in self._read:
            self._more()
        head, _, self._read = self._read.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").lower().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        length = int(headers.get("content-length", 0))
        while len(self._read) < length:
            self._more()
        body, self._read = self._read[:length], self._read[length:]
        return int(first.split()[1]), headers, body

    def error(self) -> tuple[int, dict[str, Any]]:
        """Read a response whose body is an error in JSON, after which nothing comes."""
        status, headers, body = self.response()
        assert headers["connection"] == "close"
        assert self.rest() == b""
        told: dict[str, Any] = json.loads(body)
        return status, told

    def read_until(self, end: bytes) -> bytes:
        while end not in self._read:
            self._more()
        found, _, self._read = self._read.partition(end)
        return found

    def rest(self) -> bytes:
        """Read until the server has closed the connection."""
        with contextlib.suppress(ConnectionResetError):
            while piece := self._socket.recv(65536):
                self._read += piece
        rest, self._read = self._read, b""
        return rest

    def _more(self) -> None:
        piece = self._socket.recv(65536)
        assert piece, f"the connection ended behind {self._read!r}"
        self._read += piece

"""A server that answers byte for byte what a test tells it, right or wrong."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Answer = Callable[[str, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Served:
    """A running server: what it answers by path, and what it was asked."""

    host: str
    port: int
    scheme: str = "http"
    answers: dict[str, bytes | Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address without a path."""
        return f"{self.scheme}://{self.host}:{self.port}"

    def redirect(self, path: str, location: str | bytes, status: int = 302) -> str:
        """Redirect a path, and return its address."""
        there = location if isinstance(location, bytes) else location.encode("utf-8")
        self.answers[path] = (
            f"HTTP/1.1 {status} Elsewhere\r\n".encode()
            + b"Location: "
            + there
            + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
        return self.url + path

    def page(self, path: str, body: bytes = b"Here you are", *headers: str) -> str:
        """Answer a path with 200, and return its address."""
        lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", "Connection: close"]
        self.answers[path] = "\r\n".join([*lines, *headers, "", ""]).encode() + body
        return self.url + path

    def raw(self, path: str, answer: bytes | Answer) -> str:
        """Answer a path with exactly this, and return its address."""
        self.answers[path] = answer
        return self.url + path


@asynccontextmanager
async def serving(
    host: str = "127.0.0.3", tls: ssl.SSLContext | None = None
) -> AsyncIterator[Served]:
    """Serve on a loopback address until the block ends."""
    served = Served(host, 0, "https" if tls else "http")

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            length = next(
                (
                    int(line.partition(":")[2])
                    for line in head.splitlines()
                    if line.lower().startswith("content-length:")
                ),
                0,
            )
            body = (await reader.readexactly(length)).decode("latin-1")
            served.asked.append(head + body)
            told = served.answers.get(head.split(" ")[1], b"HTTP/1.1 404 No\r\n\r\n")
            if isinstance(told, bytes):
                writer.write(told)
                await writer.drain()
            else:
                await told(head, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    server = await asyncio.start_server(answer, host, 0, ssl=tls)
    served.port = server.sockets[0].getsockname()[1]
    try:
        yield served
    finally:
        server.close()

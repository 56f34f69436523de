"""HTTP for a crowd: what costs as little as possible beside the server that it loads."""

import asyncio
import json
import time
from collections import deque
from typing import Any, Final

_STALE: Final = 20.0
"""Seconds after which an idle connection isn't used again: the server may be closing it."""

_HEAD: Final = b"\r\n\r\n"
_LAST_CHUNK: Final = b"0\r\n\r\n"


def request(method: str, path: str, token: str = "", body: Any = None) -> bytes:
    """Write a request with a JSON body, if there is one."""
    sent = b"" if body is None else json.dumps(body).encode()
    fields = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1"]
    if token:
        fields.append(f"authorization: Bearer {token}")
    if body is not None:
        fields += ["content-type: application/json", f"content-length: {len(sent)}"]
    return "\r\n".join([*fields, "", ""]).encode() + sent


class _Connection(asyncio.Protocol):
    """One connection, which carries one request at a time."""

    def __init__(self) -> None:
        self.used_at = time.monotonic()
        self.is_open = True
        self._transport: asyncio.Transport | None = None
        self._received = b""
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    async def ask(self, data: bytes) -> tuple[int, bytes]:
        assert self._transport is not None
        self._received = b""
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(data)
        try:
            return await self._answer
        finally:
            self._answer = None
            self.used_at = time.monotonic()

    def data_received(self, data: bytes) -> None:
        self._received += data
        at = self._received.find(_HEAD)
        if at < 0 or self._answer is None or self._answer.done():
            return
        head, body = self._received[:at].lower(), self._received[at + len(_HEAD) :]
        _, found, length = head.partition(b"content-length: ")
        whole = len(body) >= int(length.split(b"\r\n", 1)[0]) if found else _ends(body)
        if whole:
            self._answer.set_result((int(head[9:12]), body))

    def connection_lost(self, error: Exception | None) -> None:
        self.is_open = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error or ConnectionError("closed before the answer"))

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()


def _ends(chunks: bytes) -> bool:
    return chunks.endswith(_LAST_CHUNK)


class Wire:
    """Connections to one port, at most `most` of them at work."""

    def __init__(self, port: int, most: int, patience: float) -> None:
        self._port = port
        self._places = asyncio.Semaphore(most)
        self._patience = patience
        self._idle: deque[_Connection] = deque()

    async def ask(self, data: bytes) -> tuple[int, bytes]:
        """Send a request; return the status and the body, which may still be in chunks."""
        async with self._places:
            connection = await self._connection()
            try:
                async with asyncio.timeout(self._patience):
                    answered = await connection.ask(data)
            except BaseException:
                connection.close()
                raise
            self._idle.append(connection)
            return answered

    async def _connection(self) -> _Connection:
        while self._idle:
            found = self._idle.pop()
            if found.is_open and time.monotonic() - found.used_at < _STALE:
                return found
            found.close()
        loop = asyncio.get_running_loop()
        _, made = await loop.create_connection(_Connection, "127.0.0.1", self._port)
        return made

    def close(self) -> None:
        """Close what is idle."""
        while self._idle:
            self._idle.pop().close()

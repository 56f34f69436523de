"""A line between browser and server that halts or breaks: real connections, a bad network."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

_READING_SECONDS = 0.5
_PIECE = 100


class BadLine:
    """Passes bytes on to a server on loopback; browsers connect to `url`."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._writers: set[asyncio.StreamWriter] = set()
        self._mark: bytes | None = None
        self._breaks = False
        self._open = asyncio.Event()
        self._open.set()
        self._held: asyncio.Queue[asyncio.StreamWriter] = asyncio.Queue()
        self.url = ""

    @asynccontextmanager
    async def open(self) -> AsyncIterator["BadLine"]:
        """Listen as long as the block lasts."""
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()
            for writer in self._writers:
                writer.transport.abort()

    def hold_after(self, mark: bytes) -> None:
        """Hold back what follows once the server has said `mark`."""
        self._mark, self._breaks = mark, False
        self._open.clear()

    def break_after(self, mark: bytes) -> None:
        """Break the connection that brings more once the server has said `mark`."""
        self._mark, self._breaks = mark, True

    async def break_held(self) -> None:
        """Break the connection that is held back, once one is; the next one is held back, too."""
        writer = await self._held.get()
        writer.transport.abort()

    def release(self) -> None:
        """Let everything pass again."""
        self._mark = None
        self._open.set()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._port)
            self._writers |= {writer, far_writer}
            await asyncio.gather(
                self._ask(reader, far_writer), self._answer(far_reader, writer, far_writer)
            )

    async def _ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(65536):
                writer.write(piece)
                await writer.drain()
        writer.close()

    async def _answer(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        far_writer: asyncio.StreamWriter,
    ) -> None:
        passed = b""
        with suppress(OSError):
            while piece := await reader.read(_PIECE):
                if self._mark is not None and self._mark in passed:
                    if self._breaks:
                        # A reset throws away what the browser has received but not read yet.
                        await asyncio.sleep(_READING_SECONDS)
                        writer.transport.abort()
                        far_writer.transport.abort()
                        return
                    self._held.put_nowait(writer)
                    await self._open.wait()
                writer.write(piece)
                await writer.drain()
                passed += piece
        writer.close()

"""Clients that chat with a server for a while, and the processor time that takes, by process.

The clients share the cores with the server, so each costs as little as it can: one task, one socket
a chat, no parser. What they cost is measured, too.
"""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import psutil

from benchmarks.speed.server import Serving, database_processes
from benchmarks.speed.stub_model import FIRST_TOKEN_SECONDS, OPENING, StubModel

PAUSE_SECONDS: Final = 0.65
"""Between an answer's end and the client's next question: a model's answer would take that long.

A client of a model asks again at once, so the arrival rate is the same.
"""

PARTS: Final = ("server", "its children", "PostgreSQL", "clients")

_PATIENCE: Final = 60.0
_OPENING: Final = f'"token":"{OPENING}'.encode()


@dataclass(slots=True)
class Round:
    """What a while of chats gave: seconds to the first token of each chat that ended in it.

    `failed` are those that gave no answer; `processor` is seconds by part (`PARTS`), all counted in
    the same while. With a model, times are above its own, and `others` are chats that it was not
    asked in, which have none.
    """

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    failed: int = 0
    processor: dict[str, float] = field(default_factory=lambda: dict.fromkeys(PARTS, 0.0))
    others: int = 0

    def __add__(self, other: "Round") -> "Round":
        processor = {part: self.processor[part] + other.processor[part] for part in PARTS}
        return Round(
            self.seconds + other.seconds,
            self.times + other.times,
            self.failed + other.failed,
            processor,
            self.others + other.others,
        )

    @property
    def chats(self) -> int:
        return len(self.times) + self.others

    @property
    def rate(self) -> float:
        return self.chats / self.seconds

    def percentile(self, share: float) -> float:
        """Return the milliseconds to the first token that `share` percent of chats kept."""
        return float(np.percentile(self.times or [np.nan], share)) * 1000

    def milliseconds(self, *parts: str) -> float:
        """Return the processor time a chat, by default of all but the clients."""
        wanted = parts or PARTS[:-1]
        return sum(self.processor[part] for part in wanted) / max(1, self.chats) * 1000


async def chats(
    server: Serving,
    project: str,
    questions: Iterator[str],
    clients: int,
    seconds: float,
    model: StubModel | None = None,
) -> Round:
    """Let clients ask for `seconds`, which begin when each of them has had its first answer.

    With `model`, which is what the project's answers are written by.
    """
    result = Round(seconds)
    pause = PAUSE_SECONDS if model is None else 0.0
    warm: set[int] = set()
    all_warm, over = asyncio.Event(), asyncio.Event()

    async def client(number: int) -> None:
        await asyncio.sleep(PAUSE_SECONDS * number / clients)
        while not over.is_set():
            chat = await _chat(server.port, project, next(questions))
            if all_warm.is_set() and not over.is_set():
                if chat is None:
                    result.failed += 1
                elif model is None:
                    result.times.append(chat.first)
                elif chat.is_written:
                    result.times.append(chat.first - FIRST_TOKEN_SECONDS)
                else:
                    result.others += 1
            warm.add(number)
            if len(warm) == clients:
                all_warm.set()
            await asyncio.sleep(pause)

    async def count() -> None:
        await all_warm.wait()
        before = _processor_seconds(server, model)
        await asyncio.sleep(seconds)
        over.set()
        after = _processor_seconds(server, model)
        result.processor = {part: after[part] - before[part] for part in PARTS}

    async with asyncio.TaskGroup() as group:
        group.create_task(count())
        for number in range(clients):
            group.create_task(client(number))
    return result


def _processor_seconds(server: Serving, model: StubModel | None) -> dict[str, float]:
    """Return what each part has used until now, what has ended included.

    A stub model counts as one of the clients.
    """
    ours = server.process.children(recursive=True)
    database = database_processes(server)
    return {
        "server": _used(server.process),
        "its children": sum(_used(one) for one in ours if one not in database),
        "PostgreSQL": sum(map(_used, database)),
        "clients": time.process_time() + (0.0 if model is None else _used(model.process)),
    }


def _used(process: psutil.Process) -> float:
    """Return the processor time of a process and of those of its children that have ended."""
    try:
        # psutil reads it in hundredths of a second, as the kernel gives it.
        return float(sum(process.cpu_times()[:4]))
    except psutil.Error:
        return 0.0


@dataclass(frozen=True, slots=True)
class _Answered:
    """Seconds to the first token of a chat that has ended well, and whether a model wrote it."""

    first: float
    is_written: bool


class _Chat(asyncio.Protocol):
    """One chat on a connection of its own: sends the request, notes when the first token came."""

    def __init__(self, request: bytes, done: asyncio.Future[_Answered | None]) -> None:
        self._request, self._done, self._began = request, done, time.perf_counter()
        self._first: float | None = None
        self._received = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if self._first is None and b"event: token" in self._received:
            self._first = time.perf_counter() - self._began

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's name
        if self._done.done():
            return
        answered = None
        if self._first is not None and b"event: done" in self._received:
            answered = _Answered(self._first, _OPENING in self._received)
        self._done.set_result(answered)


async def _chat(port: int, project: str, question: str) -> _Answered | None:
    """Ask once; return how it went when the answer has ended, None without one."""
    body = json.dumps({"project_id": project, "message": question}).encode()
    head = (
        "POST /api/chat HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    loop = asyncio.get_running_loop()
    done: asyncio.Future[_Answered | None] = loop.create_future()
    one = _Chat(head.encode() + body, done)
    transport, _ = await loop.create_connection(lambda: one, "127.0.0.1", port)
    try:
        return await asyncio.wait_for(done, _PATIENCE)
    except TimeoutError:
        return None
    finally:
        transport.close()

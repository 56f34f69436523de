"""What streams that wait for news cost: memory, connections to the database, time to tell all."""

import argparse
import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import numpy as np
import psutil

from benchmarks.report import Report, Table
from benchmarks.speed.server import Serving, database_processes, serving
from tests.streams import Listener, listen

AT_ONCE = 50
"""Streams that are opened at the same time."""

ANSWER_SECONDS = 120
"""What the fake embedder takes: chats are opened, and measured, before the first is answered."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What was measured while all streams of a kind waited."""

    kilobytes: float
    connections: float
    processor: float
    health: float
    told: list[float]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--settle", type=float, default=5)
    arguments = parser.parse_args()
    report = Report()
    report.section("idle_streams", "Streams that wait for news")
    kinds: dict[str, Callable[[argparse.Namespace], Coroutine[None, None, Waiting]]] = {
        "a sync's progress": _progress,
        "a chat's answer": _chats,
    }
    for name, measure in kinds.items():
        rounds = [asyncio.run(measure(arguments)) for _ in range(arguments.rounds)]
        report.add(_table(f"{arguments.streams} streams of {name}", rounds))
    report.finish()
    return 0


def _table(title: str, rounds: Sequence[Waiting]) -> Table:
    told = [float(np.max(one.told)) * 1000 for one in rounds if one.told]
    rows = (
        ("memory of a stream, kB", _spread([one.kilobytes for one in rounds], 1), "≤ 40"),
        (
            "connections of PostgreSQL in use, on average",
            _spread([one.connections for one in rounds], 2),
            "< 1",
        ),
        ("processor time of our process, %", _spread([one.processor for one in rounds], 1), ""),
        ("`/healthz` beside them, longest ms", _spread([one.health for one in rounds], 0), ""),
        ("until the last was told, ms", _spread(told, 0) if told else "–", ""),
    )
    return Table(title, ("what", "measured (each round)", "aim"), rows)


def _spread(values: Sequence[float], digits: int) -> str:
    each = ", ".join(f"{one:.{digits}f}" for one in values)
    return f"{float(np.median(values)):.{digits}f} ({each})"


async def _progress(arguments: argparse.Namespace) -> Waiting:
    """Listen to a sync that nobody runs; it is cancelled at last, which all are told."""
    with serving(ANSWERDESK_WORKER="0", ANSWERDESK_EMBEDDER="fake") as server:
        headers = {"Authorization": f"Bearer {server.owner_key}"}
        async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=60) as owner:
            project = (await owner.post("/v1/projects", json={"name": "Streams"})).json()["id"]
            # An address, so that no name server is asked; without a worker nobody is fetched from.
            body = {"kind": "site", "url": "https://93.184.215.14/"}
            added = await owner.post(f"/v1/projects/{project}/sources", json=body)
            source = added.raise_for_status().json()
            sync = (
                f"/v1/projects/{project}/sources/{source['id']}/syncs/{source['last_sync']['id']}"
            )

            async def end() -> None:
                (await owner.post(f"{sync}/cancel")).raise_for_status()

            request = _request("GET", f"{sync}/progress", server.owner_key)
            return await _measure(server, arguments, request, b"event: progress", end)


async def _chats(arguments: argparse.Namespace) -> Waiting:
    """Listen for answers whose questions wait for the embedder."""
    slow = {"ANSWERDESK_EMBEDDER": "fake", "ANSWERDESK_FAKE_LATENCY": str(ANSWER_SECONDS)}
    with serving(**slow) as server:
        headers = {"Authorization": f"Bearer {server.owner_key}"}
        async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=60) as owner:
            project = (await owner.post("/v1/projects", json={"name": "Streams"})).json()["id"]
        body = f'{{"project_id": "{project}", "message": "What does the order cost?"}}'
        request = _request("POST", "/api/chat", server.owner_key, body)
        return await _measure(server, arguments, request, b"event: conversation_id", None)


def _request(method: str, path: str, key: str, body: str = "") -> bytes:
    return (
        f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {key}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n{body}"
    ).encode()


async def _measure(
    server: Serving,
    arguments: argparse.Namespace,
    request: bytes,
    first: bytes,
    end: Callable[[], Awaitable[None]] | None,
) -> Waiting:
    async with _listening(server, request, AT_ONCE, first):
        # What is loaded and grows with the first streams is no stream's.
        await asyncio.sleep(arguments.settle)
    await asyncio.sleep(arguments.settle)
    process = psutil.Process(server.process.pid)
    before = process.memory_full_info().pss
    async with _listening(server, request, arguments.streams, first) as listeners:
        await asyncio.sleep(arguments.settle)
        process.cpu_percent()
        health, held = await _meanwhile(server, arguments.settle)
        processor = process.cpu_percent()
        kilobytes = (process.memory_full_info().pss - before) / arguments.streams / 1000
        told = [] if end is None else await _tell(listeners, end)
    return Waiting(kilobytes, held, processor, health, told)


async def _meanwhile(server: Serving, seconds: float) -> tuple[float, float]:
    """Return the longest time that `/healthz` took in ms, and the connections in use on average."""
    longest, ends, in_use = 0.0, time.perf_counter() + seconds, list[int]()
    backends = database_processes(server)
    async with httpx.AsyncClient(base_url=server.url, timeout=60) as client:
        while (began := time.perf_counter()) < ends:
            (await client.get("/healthz")).raise_for_status()
            longest = max(longest, time.perf_counter() - began)
            in_use.append(sum(_is_in_use(one) for one in backends))
            await asyncio.sleep(0.05)
    return longest * 1000, float(np.mean(in_use))


def _is_in_use(process: psutil.Process) -> bool:
    """Tell whether a client's statement or transaction holds a connection of PostgreSQL."""
    try:
        title = " ".join(process.cmdline())
    except psutil.Error:
        return False
    return "[local]" in title and not title.rstrip().endswith(" idle")


async def _tell(listeners: Sequence[Listener], end: Callable[[], Awaitable[None]]) -> list[float]:
    await end()
    began = time.perf_counter()
    await asyncio.gather(*(one.hears(b"event: done", 60) for one in listeners))
    return [one.heard_at - began for one in listeners]


@asynccontextmanager
async def _listening(
    server: Serving, request: bytes, count: int, first: bytes
) -> AsyncIterator[list[Listener]]:
    """Open so many streams, each of which has had its first event when the block begins."""
    listeners: list[Listener] = []
    try:
        for done in range(0, count, AT_ONCE):
            some = range(min(AT_ONCE, count - done))
            opened = await asyncio.gather(*(listen(server.port, request) for _ in some))
            listeners += opened
            await asyncio.gather(*(one.hears(first, 60) for one in opened))
        yield listeners
    finally:
        for one in listeners:
            one.close()


if __name__ == "__main__":
    sys.exit(main())

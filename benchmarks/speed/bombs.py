"""Chats' first words while documents are taken in, also such as are made to choke readers."""

import argparse
import asyncio
import sys
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle

import httpx
import numpy as np
import psutil

from benchmarks.report import Cell, Report, Table
from benchmarks.speed.server import Serving, chat, fill, serving, synthetic_text, vocabulary
from tests.knowledge.ingestion.sandbox.bombs import DOCUMENTS, EXTENSIONS

CLIENTS = 4
PAUSE_SECONDS = 0.65
LONGEST = 30.0
"""Seconds in which a bomb that waits for nobody has to end."""

BOMBS = (
    "html of a million attributes",
    "docx of 140 MB of spaces",
    "markdown of brackets in paragraphs",
    "pdf of forms that double",
    "xlsx of a billion laughs",
    "markdown of a wide table",
    "docx of a million paragraphs",
    "json nested deeply",
    "pdf of a million words",
    "csv of a million columns",
    "text of dots",
    "xlsx of 600,000 cells",
)


@dataclass(slots=True)
class Uploads:
    """What became of the bombs."""

    seconds: list[float] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chunks", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=40)
    arguments = parser.parse_args()
    report = Report()
    report.section("bombs", "Chats while documents are taken in")
    contents = {name: DOCUMENTS[name][1]() for name in BOMBS}
    with serving() as server:
        project = fill(server, arguments.chunks)
        asyncio.run(_chats(server, project, lambda: asyncio.sleep(3)))
        alone = asyncio.run(_chats(server, project, lambda: asyncio.sleep(arguments.seconds)))
        ordinary = asyncio.run(
            _chats(server, project, lambda: asyncio.to_thread(fill, server, arguments.chunks))
        )
        rows: list[tuple[Cell, ...]] = [_row("alone", alone, alone)]
        rows.append(_row(f"beside {arguments.chunks} ordinary chunks", ordinary, alone))
        uploads, memory = Uploads(), 0.0
        for uploaders in (1, 2, 4):
            done = Uploads()
            with _Memory(server) as sampled:
                beside = asyncio.run(
                    _chats(
                        server,
                        project,
                        partial(_upload, server, contents, uploaders, arguments.seconds, done),
                    )
                )
            rows.append(_row(f"beside bombs, {uploaders} at once", beside, alone))
            if uploaders == 1:
                uploads = done
            else:
                uploads.outcomes.update(done.outcomes)
            memory = max(memory, sampled.most)
        assert server.process.is_running()
    columns = ("chats", "number", "p50 ms", "p95 ms", "p50 ratio", "p95 ratio (aim ≤ 3)")
    report.add(Table(f"time to the first token, {CLIENTS} clients", columns, tuple(rows)))
    report.add(Table("bombs", ("what", "measured", "aim"), _facts(uploads, memory)))
    report.finish()
    return 0


def _row(name: str, times: list[float], alone: list[float]) -> tuple[Cell, ...]:
    percentiles = [float(np.percentile(times, p)) for p in (50, 95)]
    base = [float(np.percentile(alone, p)) for p in (50, 95)]
    ratios = (f"{one / other:.2f}" for one, other in zip(percentiles, base, strict=True))
    return (name, len(times), *(f"{one * 1000:.0f}" for one in percentiles), *ratios)


def _facts(uploads: Uploads, memory: float) -> tuple[tuple[str, str, str], ...]:
    outcomes = (
        (f"ended as {code}", str(count), "") for code, count in uploads.outcomes.most_common()
    )
    longest = f"{max(uploads.seconds):.1f}"
    return (
        ("longest, one at a time, s", longest, f"≤ {LONGEST:.0f}"),
        ("most memory of all readers (RSS), MB", f"{memory:.0f}", ""),
        *outcomes,
    )


async def _chats(
    server: Serving, project: str, meanwhile: Callable[[], Awaitable[object]]
) -> list[float]:
    """Let clients ask for as long as something goes on; return each first token's time in s."""
    generator = np.random.default_rng(2)
    words = vocabulary(np.random.default_rng(1))
    times: list[float] = []
    work = asyncio.ensure_future(meanwhile())

    async def client(number: int) -> None:
        await asyncio.sleep(PAUSE_SECONDS * number / CLIENTS)
        while not work.done():
            text = synthetic_text(generator, words).split(".")[0]
            first, _ = await chat(server.port, project, f"What is {text.lower()}?")
            times.append(first)
            await asyncio.sleep(PAUSE_SECONDS)

    await asyncio.gather(*(client(number) for number in range(CLIENTS)))
    await work
    return times


async def _upload(
    server: Serving, contents: dict[str, bytes], uploaders: int, seconds: float, done: Uploads
) -> None:
    """Upload bombs one after the other, by several at once, until the time is over."""
    headers = {"Authorization": f"Bearer {server.owner_key}"}
    names = cycle(BOMBS)
    ends = time.perf_counter() + seconds
    async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=300) as client:
        made = await client.post("/v1/projects", json={"name": "Bombs"})
        project = made.json()["id"]

        async def uploader() -> None:
            while time.perf_counter() < ends:
                name = next(names)
                media_type = DOCUMENTS[name][0]
                file = (f"{name}.{EXTENSIONS[media_type]}", contents[name], media_type)
                began = time.perf_counter()
                answer = await client.post(f"/v1/projects/{project}/files", files={"file": file})
                done.seconds.append(time.perf_counter() - began)
                taken = answer.status_code == 201
                done.outcomes["taken in" if taken else answer.json()["code"]] += 1

        await asyncio.gather(*(uploader() for _ in range(uploaders)))


class _Memory:
    """The most memory that the readers had together while a block lasted, in MB."""

    def __init__(self, server: Serving) -> None:
        self.most = 0.0
        self._server = server
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample)

    def __enter__(self) -> "_Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._over.wait(0.5):
            self.most = max(self.most, sum(map(_reader_memory, self._server.process.children())))


def _reader_memory(process: psutil.Process) -> float:
    try:
        if "sandbox.child" not in " ".join(process.cmdline()):
            return 0.0
        return float(process.memory_info().rss) / 1e6
    except psutil.Error:
        return 0.0


if __name__ == "__main__":
    sys.exit(main())

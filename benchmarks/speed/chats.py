"""Time to the first token of extractive chats, at 1, 16 and 64 clients, with what they cost."""

import argparse
import asyncio
import sys
import time

import numpy as np

from benchmarks.report import Cell, Report, Table
from benchmarks.speed.server import Serving, chat, fill, serving, synthetic_text, vocabulary

PAUSE_SECONDS = 0.65
"""Between an answer's end and the client's next question: a model's answer would take that long."""

BUDGETS = {1: (25, 60), 16: (40, 150), 64: (150, 400)}
"""p50 and p99 in ms by clients, from the design."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chunks", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=20)
    arguments = parser.parse_args()
    report = Report()
    report.section("chats", "Time to the first token of extractive chats")
    with serving() as server:
        project = fill(server, arguments.chunks)
        asyncio.run(_measure(server, project, 4, 3))
        rows: list[tuple[Cell, ...]] = []
        for clients, (p50, p99) in BUDGETS.items():
            cpu = server.process.cpu_times()
            times, elapsed = asyncio.run(_measure(server, project, clients, arguments.seconds))
            used = server.process.cpu_times()
            spent = used.user + used.system - cpu.user - cpu.system
            milliseconds = np.array(times) * 1000
            rows.append(
                (
                    str(clients),
                    len(times),
                    f"{len(times) / elapsed:.1f}",
                    *(f"{np.percentile(milliseconds, p):.1f}" for p in (50, 95, 99)),
                    f"{p50} / {p99}",
                    f"{spent / len(times) * 1000:.1f}",
                )
            )
        report.add(
            Table(
                f"{arguments.chunks} chunks, {arguments.seconds:.0f} s each",
                (
                    *("clients", "chats", "chats/s", "p50 ms", "p95 ms", "p99 ms"),
                    *("budget p50 / p99", "CPU ms a chat (server)"),
                ),
                tuple(rows),
            )
        )
    report.finish()
    return 0


async def _measure(
    server: Serving, project: str, clients: int, seconds: float
) -> tuple[list[float], float]:
    """Let clients ask for a while; return each first token's time, and how long it took."""
    generator = np.random.default_rng(2)
    words = vocabulary(np.random.default_rng(1))
    times: list[float] = []
    began = time.perf_counter()

    async def client(number: int) -> None:
        await asyncio.sleep(PAUSE_SECONDS * number / clients)
        while time.perf_counter() - began < seconds:
            text = synthetic_text(generator, words).split(".")[0]
            first, _ = await chat(server.port, project, f"What is {text.lower()}?")
            times.append(first)
            await asyncio.sleep(PAUSE_SECONDS)

    await asyncio.gather(*(client(number) for number in range(clients)))
    return times, time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())

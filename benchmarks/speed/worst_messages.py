"""How long `/healthz` takes beside each of the worst messages, which are as long as they may be."""

import argparse
import asyncio
import sys
import time
from dataclasses import dataclass

import httpx
import numpy as np

from answerdesk.conversations.types import MESSAGE_LENGTH
from benchmarks.report import Cell, Report, Table
from benchmarks.speed.server import Serving, chat, fill_with, serving
from tests.bounds.texts import WORST, every, storable

AIM = 200
"""Milliseconds."""

PAUSE_SECONDS = 0.002
"""Between two looks: more of them would be the load that is measured."""

PASSAGE_LENGTH = 1500


@dataclass(frozen=True, slots=True)
class Beside:
    """What was measured beside one message; times are in ms."""

    name: str
    answered: float
    health: list[float]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--shown", type=int, default=15, help="messages in the table, worst first")
    parser.add_argument("--every", type=int, default=1, help="only one in so many kinds")
    arguments = parser.parse_args()
    report = Report()
    report.section("worst_messages", "`/healthz` beside the worst messages")
    with serving() as server:
        project = fill_with(server, _texts())
        asyncio.run(chat(server.port, project, "What does the order cost?"))
        alone = asyncio.run(_alone(server))
        kinds = list(every(MESSAGE_LENGTH))[:: arguments.every]
        found = [
            asyncio.run(_beside(server, project, name, message))
            for _ in range(arguments.rounds)
            for name, message in kinds
            if message.strip()
        ]
    report.add(_table(alone, found, arguments))
    report.finish()
    return 0


def _texts() -> list[tuple[str, str]]:
    """Return documents of the words that the messages are made of, so that something is found."""
    return [(name, f"About {storable(make(PASSAGE_LENGTH))}") for name, make in WORST.items()]


async def _alone(server: Serving) -> list[float]:
    return await _looks(server, asyncio.create_task(asyncio.sleep(3)))


async def _beside(server: Serving, project: str, name: str, message: str) -> Beside:
    began = time.perf_counter()
    asked = asyncio.create_task(chat(server.port, project, message))
    health = await _looks(server, asked)
    await asked
    return Beside(name, (time.perf_counter() - began) * 1000, health)


async def _looks(server: Serving, until: "asyncio.Task[object]") -> list[float]:
    """Ask again and again how the server is until the task has ended, and once after that."""
    times: list[float] = []
    async with httpx.AsyncClient(base_url=server.url, timeout=60) as client:
        is_last = False
        while not is_last:
            is_last = until.done()
            began = time.perf_counter()
            (await client.get("/healthz")).raise_for_status()
            times.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(PAUSE_SECONDS)
    return times


def _table(alone: list[float], found: list[Beside], arguments: argparse.Namespace) -> Table:
    by_name: dict[str, list[Beside]] = {}
    for one in found:
        by_name.setdefault(one.name, []).append(one)
    # A busy machine is late once; what a message costs, it costs each time.
    worst = sorted(by_name.values(), key=lambda all_: -min(max(one.health) for one in all_))
    rows = [_row("alone", [], [alone])]
    rows += [
        _row(each[0].name, [one.answered for one in each], [one.health for one in each])
        for each in worst[: arguments.shown]
    ]
    everything = [one.health for one in found]
    rows.append(_row("all messages", [one.answered for one in found], everything))
    over = sum(min(max(one.health) for one in each) > AIM for each in worst)
    note = (
        f"{len(by_name)} kinds of {MESSAGE_LENGTH} characters, {arguments.rounds} rounds; of "
        f"{over} kinds the longest was over {AIM} ms in each round."
    )
    columns = ("beside", "answered in ms", "p50", "p99", f"longest (aim {AIM})")
    return Table("`/healthz`, ms", (*columns, "longest of the best round"), tuple(rows), (note,))


def _row(name: str, answered: list[float], rounds: list[list[float]]) -> tuple[Cell, ...]:
    together = np.concatenate(rounds)
    return (
        name,
        f"{np.median(answered):.0f}" if answered else "",
        f"{np.percentile(together, 50):.0f}",
        f"{np.percentile(together, 99):.0f}",
        f"{together.max():.0f}",
        f"{min(max(one) for one in rounds):.0f}",
    )


if __name__ == "__main__":
    sys.exit(main())

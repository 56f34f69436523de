"""A small project's search, alone in its database and among 1,000 projects, one of them large."""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from answerdesk.accounts import repository as accounts
from answerdesk.core.database import ConnectionArguments, Database
from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.tenancy import AccountId, new_id
from answerdesk.knowledge.search.service import Search
from answerdesk.migrations.upgrade import upgrade
from benchmarks.report import Report, Table
from benchmarks.speed.bulk import (
    SPACE,
    BulkProject,
    connected,
    fill,
    indexes_later,
    make_projects,
    settle,
    words,
)
from benchmarks.speed.scale import RandomEmbedder
from benchmarks.speed.server import synthetic_text

_PROJECTS_AN_ACCOUNT = 10

_Times = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _House:
    """A database with the small project in it."""

    admin: ConnectionArguments
    database: Database
    small: BulkProject
    search: Search


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=2000, help="chunks of the small project")
    parser.add_argument("--large", type=int, default=200_000, help="chunks of the large neighbour")
    parser.add_argument("--projects", type=int, default=1000, help="projects, the two included")
    parser.add_argument("--others", type=int, default=20, help="chunks of each of the others")
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    report = Report()
    report.section("neighbours", "A small project's search beside a large neighbour")
    asyncio.run(_measure(arguments, report))
    report.finish()
    return 0


async def _measure(arguments: argparse.Namespace, report: Report) -> None:
    with _server() as ours, _server() as other:
        crowded, alone = await _house(ours, arguments.small), await _house(other, arguments.small)
        before = await _rounds([crowded, alone], arguments)
        load = os.getloadavg()[0]
        began = time.perf_counter()
        await _crowd(crowded, arguments)
        print(f"neighbours made in {time.perf_counter() - began:.0f} s", file=sys.stderr)
        after = await _rounds([crowded, alone], arguments)
        rows = (
            _row("before, this database", before[0], before[0]),
            _row("before, the other database", before[1], before[0]),
            _row(f"among {arguments.projects:,} projects", after[0], after[1]),
            _row("meanwhile in the other database, alone", after[1], after[1]),
        )
        title = (
            f"Search in a project of {arguments.small:,} chunks, ms; the embedder left out;"
            f" its neighbours: one of {arguments.large:,}, the others of {arguments.others}"
        )
        note = (
            f"{arguments.rounds} rounds of {arguments.questions} questions, put to both databases"
            f" in turns; in parentheses each round's. Load before {load:.1f},"
            f" after {os.getloadavg()[0]:.1f}."
        )
        report.add(Table(title, ("", "p50", "p95", "p50 ratio", "p95 ratio"), rows, (note,)))
        await crowded.database.close()
        await alone.database.close()


@contextmanager
def _server() -> Iterator[EmbeddedPostgres]:
    with (
        tempfile.TemporaryDirectory(prefix="answerdesk-bench-") as folder,
        EmbeddedPostgres.start(Path(folder)) as server,
    ):
        yield server


async def _house(server: EmbeddedPostgres, small: int) -> _House:
    admin = {**server.conninfo(user=server.admin_user, password=server.admin_password)}
    upgrade(admin, server.runtime_user)
    runtime = server.conninfo(user=server.runtime_user, password=server.runtime_password)
    database = Database({**runtime}, pool_size=4)
    account_id = await _account(database)
    project = (await make_projects(database, account_id, ["Small"]))[0]
    with connected(admin) as connection:
        fill(connection, project, small, 1, words())
        settle(connection)
    embedder = RandomEmbedder()
    assert embedder.space == SPACE
    return _House(admin, database, project, Search(database, embedder))


async def _account(database: Database) -> AccountId:
    account_id = AccountId(new_id())
    async with database.transaction(account_id) as session:
        await accounts.add_account(session, account_id, "Benchmark")
    return account_id


async def _crowd(house: _House, arguments: argparse.Namespace) -> None:
    """Make the neighbours; the large one is of the small one's own account."""
    names = [f"Neighbour {number}" for number in range(_PROJECTS_AN_ACCOUNT)]
    made = await make_projects(house.database, house.small.account_id, names[:9])
    large, others = made[0], made[1:]
    while len(others) < arguments.projects - 2:
        account_id = await _account(house.database)
        missing = arguments.projects - 2 - len(others)
        others += await make_projects(house.database, account_id, names[:missing])
    known = words()
    with connected(house.admin) as admin:
        with indexes_later(admin):
            fill(admin, large, arguments.large, 2, known)
            for seed, project in enumerate(others, start=3):
                fill(admin, project, arguments.others, seed, known)
        settle(admin)


async def _rounds(houses: Sequence[_House], arguments: argparse.Namespace) -> list[_Times]:
    """Put questions to each house in turns; for each, ms of shape (rounds, questions)."""
    generator = np.random.default_rng(9)
    known = words()
    texts = [synthetic_text(generator, known).split(".")[0] for _ in range(arguments.questions)]
    times: list[list[float]] = [[] for _ in houses]
    for text in texts[:20]:
        for house in houses:
            await house.search.find(house.small.account_id, house.small.project_id, text)
    for round_ in range(arguments.rounds):
        for place, text in enumerate(texts):
            turn = range(len(houses)) if (place + round_) % 2 else reversed(range(len(houses)))
            for number in turn:
                house = houses[number]
                began = time.perf_counter()
                _, found = await house.search.find(
                    house.small.account_id, house.small.project_id, text
                )
                times[number].append((time.perf_counter() - began) * 1000)
                assert found
    return [np.array(taken).reshape(arguments.rounds, -1) for taken in times]


def _row(name: str, times: _Times, base: _Times) -> tuple[str, ...]:
    cells = [_cell(times, share) for share in (50, 95)]
    ratios = [f"{np.percentile(times, p) / np.percentile(base, p):.2f}" for p in (50, 95)]
    return (name, *cells, *ratios)


def _cell(times: _Times, share: int) -> str:
    rounds = np.percentile(times, share, axis=1)
    return f"{np.percentile(times, share):.1f} ({', '.join(f'{one:.1f}' for one in rounds)})"


if __name__ == "__main__":
    sys.exit(main())

"""Ingestion as a project grows: time and processor time of each thousand chunks, one after another.

Documents go in as an upload's do and are taken in by the worker, with the reading process and all.
The fake embedder shows what everything but the model costs.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

import numpy as np
import psutil
from sqlalchemy import text as sql

from answerdesk.bootstrap import Application, running, working
from answerdesk.core.environment import load_settings
from answerdesk.core.tenancy import ProjectId
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.types import IncomingDocument
from answerdesk.projects import service as projects
from benchmarks.report import Report, Table
from benchmarks.speed.server import synthetic_text, vocabulary

_LONGEST_STEP = 1800.0
_EDITS = 20

_PENDING = sql(
    "select 1 from document where account_id = :account_id and source_id = :source_id"
    " and status = 'pending' limit 1"
)
_CHUNKS = sql(
    "select chunk_count from knowledge_base"
    " where account_id = :account_id and project_id = :project_id"
)


@dataclass(frozen=True, slots=True)
class _Cost:
    """Seconds: by the clock, of our own processes, and of PostgreSQL's."""

    wall: float
    ours: float
    postgres: float


@dataclass(frozen=True, slots=True)
class _Step:
    """What a step took by chunk, and what other things cost when it was done, in ms."""

    chunks: int
    cost: _Cost
    edit: float
    removal: float
    sources: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chunks", type=int, default=10_000)
    parser.add_argument("--step", type=int, default=1000)
    parser.add_argument("--chunks-a-document", type=int, default=5)
    parser.add_argument("--embedder", choices=("fake", "minilm"), default="fake")
    arguments = parser.parse_args()
    report = Report()
    report.section("ingest_rate", "Ingestion as a project grows")
    load = os.getloadavg()[0]
    steps = asyncio.run(_measure(arguments))
    report.add(_table(steps, arguments, f"Load {load:.1f} before, {os.getloadavg()[0]:.1f} after."))
    report.finish()
    return 0


async def _measure(arguments: argparse.Namespace) -> list[_Step]:
    async with _application(arguments.embedder) as application:
        growing = await _Growing.open(application, arguments.chunks_a_document)
        async with working(application):
            # What is made or compiled on first use is no part of a rate.
            await growing.take_in(10 * arguments.chunks_a_document)
            steps = []
            while growing.chunks < arguments.chunks:
                steps.append(await growing.step(arguments.step))
                print(steps[-1], file=sys.stderr, flush=True)
        return steps


@asynccontextmanager
async def _application(embedder: str) -> AsyncIterator[Application]:
    own = {"database_url": None, "database_admin_url": None, "demo": False, "embedder": embedder}
    with tempfile.TemporaryDirectory(prefix="answerdesk-bench-") as folder:
        settings = load_settings().model_copy(update={**own, "data_dir": Path(folder)})
        async with running(settings) as application:
            yield application


class _Growing:
    """A project that grows by documents of one source."""

    def __init__(
        self, application: Application, project_id: ProjectId, source_id: UUID, size: int
    ) -> None:
        self.chunks = 0
        self._application = application
        self._project_id = project_id
        self._source_id = source_id
        self._size = size
        self._generator = np.random.default_rng(1)
        self._words = vocabulary(np.random.default_rng(1), 20_000)
        self._numbers = count()
        self._documents: list[tuple[str, list[str]]] = []

    @classmethod
    async def open(cls, application: Application, size: int) -> "_Growing":
        async with application.database.transaction(application.account_id) as session:
            project = await projects.create_project(session, application.account_id, "Growing")
            knowledge = Knowledge(session, application.account_id, project.id)
            source_id = await knowledge.open_source("folder", "Growing", "growing")
        return cls(application, project.id, source_id, size)

    async def step(self, chunks: int) -> _Step:
        before, had = self._clocks(), self.chunks
        await self.take_in(chunks)
        after, came = self._clocks(), self.chunks - had
        cost = _Cost(
            (after.wall - before.wall) / came,
            (after.ours - before.ours) / came,
            (after.postgres - before.postgres) / came,
        )
        edits = [await self._edit() for _ in range(_EDITS)]
        removals = [await self._remove() for _ in range(_EDITS)]
        lists = [await self._list() for _ in range(_EDITS)]
        await self._recount()
        medians = (float(np.median(times)) * 1000 for times in (edits, removals, lists))
        return _Step(self.chunks, cost, *medians)

    async def take_in(self, chunks: int) -> None:
        """Put documents in for the worker, 100 a transaction, and wait until all are searchable."""
        new = [
            (f"document-{next(self._numbers)}.md", [self._section() for _ in range(self._size)])
            for _ in range(0, chunks, self._size)
        ]
        self._documents += new
        for start in range(0, len(new), 100):
            await self._put([_document(*one) for one in new[start : start + 100]])
        await self._wait()
        await self._recount()

    async def _put(
        self, incoming: list[IncomingDocument], delay: timedelta | None = None
    ) -> Sequence[UUID]:
        application = self._application
        async with application.database.transaction(application.account_id) as session:
            knowledge = Knowledge(session, application.account_id, self._project_id)
            intake = await knowledge.put_documents(self._source_id, incoming, delay=delay)
            return intake.queued

    async def _wait(self) -> None:
        application = self._application
        parameters = {"account_id": application.account_id, "source_id": self._source_id}
        async with asyncio.timeout(_LONGEST_STEP):
            while True:
                async with application.database.transaction(application.account_id) as session:
                    if (await session.execute(_PENDING, parameters)).first() is None:
                        return
                await asyncio.sleep(0.1)

    async def _recount(self) -> None:
        application = self._application
        parameters = {"account_id": application.account_id, "project_id": self._project_id}
        async with application.database.transaction(application.account_id) as session:
            self.chunks = int(await session.scalar(_CHUNKS, parameters))

    async def _edit(self) -> float:
        """Change one section of a document; return the seconds until it is searchable."""
        place = int(self._generator.integers(len(self._documents)))
        self._documents[place][1][0] = self._section()
        began = time.perf_counter()
        document = _document(*self._documents[place])
        # As an item's own request does it: the worker is left out.
        for document_id in await self._put([document], delay=timedelta(hours=1)):
            await self._application.ingestion.ingest(self._application.account_id, document_id)
        return time.perf_counter() - began

    async def _remove(self) -> float:
        """Take a document out; return the seconds."""
        application = self._application
        name, _ = self._documents.pop(int(self._generator.integers(len(self._documents))))
        began = time.perf_counter()
        async with application.database.transaction(application.account_id) as session:
            knowledge = Knowledge(session, application.account_id, self._project_id)
            found = await knowledge.document_at(self._source_id, name)
            await knowledge.remove_document(found.id)
        return time.perf_counter() - began

    async def _list(self) -> float:
        """List the project's sources, as whoever waits for an upload does again and again."""
        application = self._application
        began = time.perf_counter()
        async with application.database.transaction(application.account_id) as session:
            await Knowledge(session, application.account_id, self._project_id).sources()
        return time.perf_counter() - began

    def _section(self) -> str:
        number = int(self._generator.integers(1_000_000_000))
        return f"# Section {number}\n\n{synthetic_text(self._generator, self._words)}"

    def _clocks(self) -> _Cost:
        folder = str(self._application.settings.data_dir)
        this = psutil.Process()
        postgres, ours = 0.0, _processor_time(this)
        for child in this.children(recursive=True):
            ours += _processor_time(child) if "postgres" not in child.name() else 0.0
        for process in psutil.process_iter(["name", "cwd"]):
            at_home = str(process.info["cwd"] or "").startswith(folder)
            if process.info["name"] == "postgres" and at_home:
                postgres += _processor_time(process)
        return _Cost(time.perf_counter(), ours, postgres)


def _document(name: str, sections: list[str]) -> IncomingDocument:
    return IncomingDocument(name, "\n\n".join(sections).encode(), "text/markdown")


def _processor_time(process: psutil.Process) -> float:
    """Return seconds of a process and of those that it has waited for."""
    try:
        return float(sum(process.cpu_times()[:4]))
    except psutil.Error:
        return 0.0


def _table(steps: list[_Step], arguments: argparse.Namespace, load: str) -> Table:
    rows = [
        (
            f"{step.chunks:,}",
            f"{1 / step.cost.wall:.1f}",
            *(f"{1000 * one:.1f}" for one in (step.cost.ours, step.cost.postgres)),
            *(f"{one:.0f}" for one in (step.edit, step.removal, step.sources)),
        )
        for step in steps
    ]
    first, last = steps[0], steps[-1]
    rows.append(
        (
            "last / first",
            f"{first.cost.wall / last.cost.wall:.2f}",
            f"{last.cost.ours / first.cost.ours:.2f}",
            f"{last.cost.postgres / first.cost.postgres:.2f}",
            f"{last.edit / first.edit:.2f}",
            f"{last.removal / first.removal:.2f}",
            f"{last.sources / first.sources:.2f}",
        )
    )
    columns = (
        "chunks",
        "chunks/s",
        "CPU ms a chunk, ours",
        "PostgreSQL's",
        "an edit, ms",
        "a removal, ms",
        "list of sources, ms",
    )
    title = (
        f"{arguments.embedder} embedder, documents of {arguments.chunks_a_document}"
        f" {'chunk' if arguments.chunks_a_document == 1 else 'chunks'}"
    )
    return Table(title, columns, tuple(rows), (load,))


if __name__ == "__main__":
    sys.exit(main())

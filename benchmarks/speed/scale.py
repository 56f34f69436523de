"""Search as a project grows: 1,000, 10,000 and 100,000 chunks, synthetic vectors beyond words."""

import argparse
import asyncio
import hashlib
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import psycopg
from numpy.typing import NDArray

from answerdesk.accounts import service as accounts
from answerdesk.core.database import Database
from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.kit.bm25 import term_weights
from answerdesk.kit.spans import Span
from answerdesk.kit.terms import analyse
from answerdesk.knowledge.ingestion import repository as index
from answerdesk.knowledge.ingestion.split import ChunkDraft
from answerdesk.knowledge.ingestion.types import NewChunk
from answerdesk.knowledge.repository import put_document
from answerdesk.knowledge.search.service import Search
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.types import IncomingDocument
from answerdesk.migrations.upgrade import upgrade
from answerdesk.projects import service as projects
from answerdesk.providers.embedder import EmbeddedPassage, EmbeddedQuestion, Passage
from benchmarks.report import Report, Table
from benchmarks.speed.server import synthetic_text, vocabulary

_DIMENSIONS = 384
_BATCH = 1000


class RandomEmbedder:
    """Random unit vectors, so that only the search itself is measured."""

    space = "random"
    dimensions = _DIMENSIONS

    def __init__(self) -> None:
        self._generator = np.random.default_rng(5)

    async def embed_questions(self, texts: Sequence[str]) -> list[EmbeddedQuestion]:
        rows = _unit(self._generator.standard_normal((len(texts), _DIMENSIONS)))
        return [EmbeddedQuestion(row) for row in rows]

    async def embed_passages(self, passages: Sequence[Passage]) -> list[EmbeddedPassage]:
        rows = _unit(self._generator.standard_normal((len(passages), _DIMENSIONS)))
        return [EmbeddedPassage(row, np.repeat(row[None], 6, axis=0)) for row in rows]

    async def close(self) -> None:
        return


def _unit(rows: NDArray[np.float64]) -> NDArray[np.float32]:
    unit: NDArray[np.float64] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit.astype(np.float32)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1000, 10_000, 100_000])
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--picture", type=Path, help="write the curve as SVG there")
    arguments = parser.parse_args()
    report = Report()
    report.section("scale", "Search as a project grows (synthetic texts and vectors)")
    rows = asyncio.run(_measure(arguments.sizes, arguments.questions))
    columns = ("chunks", "p50 ms", "p95 ms", "p99 ms", "16 at once: questions/s")
    cells = tuple((f"{r[0]:,}", *(f"{value:.1f}" for value in r[1:])) for r in rows)
    report.add(Table("Search, one project, the embedder left out", columns, cells))
    report.finish()
    if arguments.picture is not None:
        arguments.picture.write_text(_curve(rows), encoding="utf-8")
    return 0


async def _measure(sizes: Sequence[int], questions: int) -> list[tuple[float, ...]]:
    with (
        tempfile.TemporaryDirectory(prefix="answerdesk-bench-") as folder,
        EmbeddedPostgres.start(Path(folder)) as server,
    ):
        admin = server.conninfo(user=server.admin_user, password=server.admin_password)
        upgrade({**admin}, server.runtime_user)
        runtime = server.conninfo(user=server.runtime_user, password=server.runtime_password)
        database = Database({**runtime}, pool_size=16)
        account_id = await accounts.installation_account(database)
        embedder = RandomEmbedder()
        search = Search(database, embedder)
        rows: list[tuple[float, ...]] = []
        for size in sizes:
            project_id = await _fill(database, account_id, embedder, size)
            # What autovacuum does within seconds of such a change.
            with psycopg.connect(**admin, autocommit=True) as connection:
                connection.execute("analyze")
            rows.append((size, *await _time(search, account_id, project_id, questions)))
            print(rows[-1], file=sys.stderr, flush=True)
        await database.close()
        return rows


async def _fill(
    database: Database, account_id: AccountId, embedder: RandomEmbedder, size: int
) -> ProjectId:
    generator = np.random.default_rng(size)
    words = vocabulary(np.random.default_rng(1), 20_000)
    async with database.transaction(account_id) as session:
        project = await projects.create_project(session, account_id, f"{size} chunks")
        source_id = await Knowledge(session, account_id, project.id).open_source("text", "x")
        document = IncomingDocument("synthetic", b"x", "text/plain")
        document_id = await put_document(
            session, account_id, project.id, source_id, document, b"hash"
        )
    for part in range(0, size, _BATCH):
        texts = [synthetic_text(generator, words) for _ in range(min(_BATCH, size - part))]
        embedded = await embedder.embed_passages([Passage(text, ()) for text in texts])
        chunks = [
            _chunk(part + number, text, vectors)
            for number, (text, vectors) in enumerate(zip(texts, embedded, strict=True))
        ]
        async with database.transaction(account_id) as session:
            base = await index.lock_base(session, account_id, project.id)
            await index.add_chunks(session, base, document_id, chunks)
            await index.go_live(session, base, len(chunks), embedder.space)
    return project.id


def _chunk(number: int, text: str, embedded: EmbeddedPassage) -> NewChunk:
    ends = [position + 1 for position, character in enumerate(text) if character == "."]
    starts = [0, *(end + 1 for end in ends)]
    draft = ChunkDraft(
        ordinal=number,
        kind="paragraph",
        text=text,
        heading_path=(),
        anchor=None,
        sentences=tuple(Span(a, b) for a, b in zip(starts, ends, strict=False)),
    )
    digest = hashlib.sha256(text.encode()).digest()
    vectors = {RandomEmbedder.space: embedded}
    return NewChunk(draft, digest, "en", term_weights(analyse(text, "en")), vectors)


async def _time(
    search: Search, account_id: AccountId, project_id: ProjectId, questions: int
) -> tuple[float, float, float, float]:
    generator = np.random.default_rng(9)
    words = vocabulary(np.random.default_rng(1), 20_000)
    texts = [synthetic_text(generator, words).split(".")[0] for _ in range(questions)]
    for text in texts[:5]:
        await search.find(account_id, project_id, text)
    times = []
    for text in texts:
        began = time.perf_counter()
        await search.find(account_id, project_id, text)
        times.append((time.perf_counter() - began) * 1000)
    began = time.perf_counter()
    gate = asyncio.Semaphore(16)

    async def one(text: str) -> None:
        async with gate:
            await search.find(account_id, project_id, text)

    await asyncio.gather(*(one(text) for text in texts))
    rate = len(texts) / (time.perf_counter() - began)
    p50, p95, p99 = (float(np.percentile(times, p)) for p in (50, 95, 99))
    return p50, p95, p99, rate


def _curve(rows: Sequence[tuple[float, ...]]) -> str:
    """Draw p50 and p95 over the number of chunks, both on a log scale, as a small SVG."""
    left, top, width, height = 60, 20, 420, 240
    sizes = np.log10([row[0] for row in rows])
    values = np.log10([row[1:3] for row in rows])
    low, high = np.floor(values.min()), np.ceil(values.max())
    span = max(float(sizes.max() - sizes.min()), 1.0)

    def point(size: float, value: float) -> str:
        x = left + width * (size - sizes.min()) / span
        y = top + height * (1 - (value - low) / (high - low))
        return f"{x:.0f},{y:.0f}"

    lines = [
        f'<polyline fill="none" stroke="{color}" stroke-width="2" points="'
        + " ".join(point(size, pair[column]) for size, pair in zip(sizes, values, strict=True))
        + f'"/><text x="{left + width + 6}"'
        f' y="{point(sizes[-1], values[-1][column]).split(",")[1]}"'
        f' fill="{color}">{name}</text>'
        for column, (color, name) in enumerate((("#2F5BEA", "p50"), ("#8A94A6", "p95")))
    ]
    marks = [
        f'<text x="{point(size, low).split(",")[0]}" y="{top + height + 18}"'
        f' text-anchor="middle">{row[0]:,.0f}</text>'
        for size, row in zip(sizes, rows, strict=True)
    ]
    scale = [
        f'<text x="{left - 8}" y="{point(sizes[0], power).split(",")[1]}" text-anchor="end">'
        f"{10**power:g} ms</text>"
        for power in np.arange(low, high + 1)
    ]
    frame = (
        f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="none"'
        ' stroke="#C5CBD6"/>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 50} '
        f'{top + height + 44}" font-family="sans-serif" font-size="12" fill="#5A6475">'
        '<rect width="100%" height="100%" fill="#fff"/>'
        + frame
        + "".join([*lines, *marks, *scale])
        + f'<text x="{left + width / 2}" y="{top + height + 38}" text-anchor="middle">'
        "chunks in the project</text></svg>\n"
    )


if __name__ == "__main__":
    sys.exit(main())

"""One account's many long documents do not hold up another's short one; counted, not timed."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence

import psycopg
import pytest

from answerdesk.core.database import Database
from answerdesk.core.due import Worker
from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.knowledge.ingestion.prepare import prepare_in_thread
from answerdesk.knowledge.ingestion.service import Ingestion
from answerdesk.knowledge.tasks import registrations, schedule_ingestion
from answerdesk.providers.embedder import EmbeddedPassage, Passage
from answerdesk.providers.fake_embedder import FakeEmbedder
from tests.knowledge.search.library import Admin, runtime_database
from tests.knowledge.spaces.changing import Changing
from tests.ready_database import ready_postgres

TEXTS = 27
PARAGRAPHS = 150
MARK = "walrus"
"""A word that only the short text has."""


class OneAtATime(FakeEmbedder):
    """Embeds one batch at a time, in the order in which they come, and remembers whose they were.

    The first ones wait for `begin`, so that a backlog has begun before anything is embedded.
    """

    def __init__(self) -> None:
        super().__init__()
        self.begin = asyncio.Event()
        self.waiting = 0
        self.of_the_short: list[bool] = []
        self._turn = asyncio.Lock()

    async def embed_passages(self, passages: Sequence[Passage]) -> list[EmbeddedPassage]:
        self.waiting += 1
        await self.begin.wait()
        async with self._turn:
            self.waiting -= 1
            self.of_the_short.append(any(MARK in passage.text for passage in passages))
            await asyncio.sleep(0.005)
            return await super().embed_passages(passages)


@pytest.fixture
def server() -> Iterator[EmbeddedPostgres]:
    with ready_postgres() as server:
        yield server


@pytest.fixture
async def database(server: EmbeddedPostgres) -> AsyncIterator[Database]:
    async for database in runtime_database(server):
        yield database


@pytest.fixture
def admin(server: EmbeddedPostgres) -> Iterator[Admin]:
    owner = server.conninfo(user=server.admin_user, password=server.admin_password)
    with psycopg.connect(**owner, autocommit=True) as connection:
        yield connection


def long_text(number: int) -> str:
    """A text of many passages, which takes many batches."""
    return "\n\n".join(
        f"## Section {number}.{one}\n\n" + f"Shelf {one} of room {number} holds tea and salt. " * 20
        for one in range(PARAGRAPHS)
    )


async def put(project: Changing, name: str, text: str) -> None:
    document_id = await project.put(name, text, ingest=False)
    async with project.database.transaction(project.account_id) as session:
        await schedule_ingestion(session, project.account_id, document_id)


def ready(admin: Admin, project: Changing) -> int:
    counted = admin.execute(
        "select count(*) from document where account_id = %s and status = 'ready'",
        (project.account_id,),
    ).fetchone()
    assert counted is not None
    return int(str(counted[0]))


async def test_a_short_text_is_ready_after_a_few_batches_of_anothers_backlog(
    database: Database, admin: Admin
) -> None:
    busy, other = await Changing.open(database, admin), await Changing.open(database, admin)
    for number in range(TEXTS):
        await put(busy, f"Long {number}", long_text(number))
    embedder = OneAtATime()
    worker = Worker(
        database.connect, registrations(Ingestion(database, embedder, prepare_in_thread))
    )
    task = asyncio.create_task(worker.run())
    try:
        async with asyncio.timeout(120):
            # The backlog has all places that it gets.
            while embedder.waiting < 4:  # noqa: ASYNC110 - it is counted by many
                await asyncio.sleep(0.02)
            await put(other, "Short", f"# Opening hours\n\nThe {MARK} feeds at nine.")
            while embedder.waiting < 5:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            embedder.begin.set()
            while not ready(admin, other):  # noqa: ASYNC110 - it looks into the database
                await asyncio.sleep(0.005)
            of_the_others = ready(admin, busy)
    finally:
        embedder.begin.set()
        await worker.stop(0.1)
        await task
    before = embedder.of_the_short.index(True)
    assert before <= 4, "each of the backlog's documents has had one turn at most"
    # Nine or more batches of each are still to come, so that none of them can be ready.
    assert of_the_others == 0
    assert embedder.of_the_short.count(True) == 1


async def test_both_get_on_and_all_of_it_is_taken_in(database: Database, admin: Admin) -> None:
    """Many short texts of one account among another's long ones."""
    busy, other = await Changing.open(database, admin), await Changing.open(database, admin)
    for number in range(6):
        await put(busy, f"Long {number}", long_text(number))
    for number in range(12):
        await put(other, f"Short {number}", f"# Cage {number}\n\nHere lives {MARK} {number}.")
    embedder = OneAtATime()
    embedder.begin.set()
    worker = Worker(
        database.connect, registrations(Ingestion(database, embedder, prepare_in_thread))
    )
    task = asyncio.create_task(worker.run())
    try:
        async with asyncio.timeout(240):
            while ready(admin, other) < 12 or ready(admin, busy) < 6:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    finally:
        await worker.stop(5)
        await task
    assert embedder.of_the_short.count(True) == 12
    # Nothing was embedded twice.
    chunks = admin.execute("select count(*) from chunk").fetchone()
    assert chunks == (embedder.embedded_passages,)

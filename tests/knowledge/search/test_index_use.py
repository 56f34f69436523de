"""Search enters the index: PostgreSQL's own statistics say so."""

import asyncio
import hashlib
import time
from uuid import UUID

import numpy as np

from answerdesk.accounts import repository as accounts
from answerdesk.core.database import Database
from answerdesk.core.tenancy import AccountId, ProjectId, new_id
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
from answerdesk.projects import service as projects
from answerdesk.providers.embedder import EmbeddedPassage
from answerdesk.providers.fake_embedder import FakeEmbedder
from tests.knowledge.search.library import Admin
from tests.waiting import PATIENCE

_TENANTS = 5
_CHUNKS = 2000
_WORDS = np.array([f"word{number}" for number in range(3000)])


def _chunk(number: int, generator: np.random.Generator) -> NewChunk:
    text = " ".join(generator.choice(_WORDS, size=40))
    vector = generator.standard_normal(384).astype(np.float32)
    vector /= np.linalg.norm(vector)
    draft = ChunkDraft(
        ordinal=number,
        kind="paragraph",
        text=text,
        heading_path=(),
        anchor=None,
        sentences=(Span(0, len(text)),),
    )
    digest = hashlib.sha256(text.encode()).digest()
    embedded = EmbeddedPassage(vector, vector[None, :])
    return NewChunk(draft, digest, "en", term_weights(analyse(text, "en")), {"fake": embedded})


async def _tenant(
    database: Database, seed: int, chunk_count: int = _CHUNKS
) -> tuple[AccountId, ProjectId]:
    """Make an account with a project of synthetic chunks."""
    account_id = AccountId(new_id())
    generator = np.random.default_rng(seed)
    async with database.transaction(account_id) as session:
        await accounts.add_account(session, account_id, f"Tenant {seed}")
        project = await projects.create_project(session, account_id, f"Project {seed}")
        source_id = await Knowledge(session, account_id, project.id).open_source("text", "x")
        document = IncomingDocument("synthetic", b"x", "text/plain")
        document_id: UUID = await put_document(
            session, account_id, project.id, source_id, document, b"hash"
        )
        base = await index.lock_base(session, account_id, project.id)
        chunks = [_chunk(number, generator) for number in range(chunk_count)]
        await index.add_chunks(session, base, document_id, chunks)
        await index.go_live(session, base, len(chunks), "fake")
    return account_id, project.id


async def test_search_uses_the_lexical_index_and_reads_no_table_through(
    database: Database, admin: Admin
) -> None:
    tenants = [await _tenant(database, seed) for seed in range(_TENANTS)]
    admin.execute("analyze chunk")
    search = Search(database, FakeEmbedder())

    def statistics() -> tuple[int, int, int]:
        admin.execute("select pg_stat_clear_snapshot()")
        row = admin.execute(
            "select"
            " (select idx_scan from pg_stat_user_indexes where indexrelname = 'chunk_lexemes'),"
            " (select seq_scan from pg_stat_user_tables where relname = 'chunk'),"
            " (select seq_scan from pg_stat_user_tables where relname = 'embedding')"
        ).fetchone()
        assert row is not None
        entered, chunk_scans, embedding_scans = row
        return int(str(entered)), int(str(chunk_scans)), int(str(embedding_scans))

    before = statistics()
    for account_id, project_id in tenants:
        for number in range(10):
            question = f"word{number} word{number + 500} word{number + 1000}"
            _, found = await search.find(account_id, project_id, question)
            assert found
            assert max(one.bm25 for one in found) > 0
    # A backend reports its statistics at most once a second; closing its connection does it, too.
    await database.close()
    deadline = time.monotonic() + PATIENCE
    after = statistics()
    while after[0] < before[0] + _TENANTS * 10 and time.monotonic() < deadline:
        await asyncio.sleep(0.1)
        after = statistics()
    assert after[0] >= before[0] + _TENANTS * 10
    assert after[1:] == before[1:]


async def test_a_tenants_candidates_are_its_own(database: Database, admin: Admin) -> None:
    ours, theirs = await _tenant(database, 100, 200), await _tenant(database, 100, 200)
    search = Search(database, FakeEmbedder())
    _, found = await search.find(*ours, "word1 word2 word3")
    ids = [one.chunk.id for one in found]
    owners = admin.execute("select distinct account_id from chunk where id = any(%s)", (ids,))
    assert owners.fetchall() == [(ours[0],)]
    # Somebody else's project, asked for in our own tenant's name, has nothing to offer.
    _, foreign = await search.find(ours[0], theirs[1], "word1 word2 word3")
    assert foreign == []

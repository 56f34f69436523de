"""Vectors of every usual length are searched, in small projects and in large ones."""

import hashlib

import numpy as np
import pytest

from answerdesk.core.database import Database
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.kit.bm25 import term_weights
from answerdesk.kit.spans import Span
from answerdesk.knowledge.ingestion import repository as index
from answerdesk.knowledge.ingestion.split import ChunkDraft
from answerdesk.knowledge.ingestion.types import NewChunk
from answerdesk.knowledge.repository import put_document
from answerdesk.knowledge.search import repository
from answerdesk.knowledge.search.repository import CandidateSearch
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.types import IncomingDocument
from answerdesk.knowledge.vectors import halfvec_literal
from answerdesk.providers.embedder import EmbeddedPassage
from tests.knowledge.search.library import Admin, Library

INDEXED = (256, 384, 512, 768, 1024, 1536, 3072)
_CHUNKS = 60
_LIMIT = 10


def _unit(generator: np.random.Generator, dimensions: int) -> np.ndarray:
    vector = generator.standard_normal(dimensions).astype(np.float32)
    return vector / np.linalg.norm(vector)


async def _fill(library: Library, vectors: list[np.ndarray]) -> None:
    async with library.database.transaction(library.account_id) as session:
        knowledge = Knowledge(session, library.account_id, library.project_id)
        source_id = await knowledge.open_source("text", "x")
        document = IncomingDocument("synthetic", b"x", "text/plain")
        document_id = await put_document(
            session, library.account_id, library.project_id, source_id, document, b"hash"
        )
        base = await index.lock_base(session, library.account_id, library.project_id)
        chunks = []
        for number, vector in enumerate(vectors):
            text = f"drawer {number}"
            draft = ChunkDraft(number, "paragraph", text, (), None, (Span(0, len(text)),))
            digest = hashlib.sha256(text.encode()).digest()
            embedded = EmbeddedPassage(vector, vector[None, :])
            chunks.append(NewChunk(draft, digest, "en", term_weights(["drawer"]), {"s": embedded}))
        await index.add_chunks(session, base, document_id, chunks)
        await index.go_live(session, base, len(chunks), "s")


async def _nearest(
    database: Database, account_id: AccountId, project_id: ProjectId, vector: np.ndarray | None
) -> list[tuple[str, float]]:
    asked = CandidateSearch(
        space="s",
        lexemes=[],
        terms="{}/1000000000",
        vector=None if vector is None else halfvec_literal(vector),
        most_bm25=1.0,
        limit=_LIMIT,
    )
    found = await repository.scored(database.single(account_id), project_id, asked)
    return [(str(one.chunk_id), one.similarity) for one in found]


@pytest.mark.parametrize("dimensions", [64, *INDEXED, 4000])
async def test_a_large_project_finds_what_a_small_one_does(
    library: Library, admin: Admin, dimensions: int
) -> None:
    generator = np.random.default_rng(dimensions)
    await _fill(library, [_unit(generator, dimensions) for _ in range(_CHUNKS)])
    question = _unit(generator, dimensions)
    project = (library.database, library.account_id, library.project_id)
    exact = await _nearest(*project, question)
    assert len(exact) == _LIMIT
    # What the search goes by, so that twenty thousand need not be stored.
    admin.execute(
        "update embedding set indexed = true where project_id = %s", (library.project_id,)
    )
    admin.execute(
        "update knowledge_base set vector_index = 'ready' where project_id = %s",
        (library.project_id,),
    )
    assert await _nearest(*project, question) == exact
    assert await _nearest(*project, None) == []
    # A question of another length is compared with nothing.
    assert {one for _, one in await _nearest(*project, _unit(generator, 100))} == {0.0}


@pytest.mark.parametrize("dimensions", INDEXED)
def test_each_usual_length_has_an_index(admin: Admin, dimensions: int) -> None:
    with admin.transaction():
        admin.execute("set local enable_seqscan = off; set local enable_sort = off")
        plan = admin.execute(
            "explain select chunk_id from embedding where indexed"
            f" and vector_dims(vector) = {dimensions}"
            f" order by vector::halfvec({dimensions}) <#>"
            f" array_fill(1, array[{dimensions}])::halfvec({dimensions}) limit 40".encode()
        ).fetchall()
    assert f"embedding_nearest_{dimensions}" in str(plan)

"""Reads the index: statistics of terms, candidates with scores, the chunks behind them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.kit.spans import Span
from answerdesk.knowledge.types import Chunk, FoundChunk
from answerdesk.knowledge.vectors import unpack


@dataclass(frozen=True, slots=True)
class TermStatistics:
    """How many chunks the project has, and how many of them have each term (absent: none)."""

    chunk_count: int
    document_frequency: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CandidateScore:
    """What a chunk was proposed for: BM25 ≥ 0, cosine in [-1, 1]."""

    chunk_id: UUID
    bm25: float
    similarity: float


_STATISTICS = text(
    "select b.chunk_count, t.lexeme, t.document_frequency from knowledge_base b"
    " left join term t on t.account_id = b.account_id and t.project_id = b.project_id"
    "  and t.lexeme = any(:lexemes)"
    " where b.account_id = :account_id and b.project_id = :project_id"
)
_CANDIDATES = text(
    "select chunk_id, bm25, similarity from search_candidates("
    ":project_id, :space, :lexemes, :terms, :vector, :limit)"
)
_CHUNK_COLUMNS = (
    "select c.id, c.document_id, d.path, d.title, d.url, c.kind, c.content, c.heading_path,"
    " c.anchor, c.language, c.sentences"
)
_CHUNKS = text(
    _CHUNK_COLUMNS + ", e.sentence_vectors from chunk c"
    " join document d on d.account_id = c.account_id and d.id = c.document_id"
    " left join embedding e"
    "  on e.account_id = c.account_id and e.chunk_id = c.id and e.space = :space"
    " where c.account_id = :account_id and c.id = any(:ids)"
)
_CHUNK = text(
    _CHUNK_COLUMNS + " from chunk c"
    " join document d on d.account_id = c.account_id and d.id = c.document_id"
    " where c.account_id = :account_id and c.project_id = :project_id and c.id = :id"
)


async def term_statistics(
    session: AsyncSession,
    account_id: AccountId,
    project_id: ProjectId,
    lexemes: Sequence[str],
) -> TermStatistics:
    """Return what the project knows of these terms; zeros when it knows nothing at all."""
    rows = (
        await session.execute(
            _STATISTICS,
            {"account_id": account_id, "project_id": project_id, "lexemes": list(lexemes)},
        )
    ).all()
    return TermStatistics(
        chunk_count=rows[0].chunk_count if rows else 0,
        document_frequency={row.lexeme: row.document_frequency for row in rows if row.lexeme},
    )


async def candidates(
    session: AsyncSession,
    project_id: ProjectId,
    space: str,
    lexemes: Sequence[str],
    terms: str,
    vector: str,
    limit: int,
) -> Sequence[CandidateScore]:
    """Return the best `limit` chunks by BM25 and the best `limit` by cosine, with both scores.

    The tenant is the transaction's; `terms` and `vector` are pgvector literals.
    """
    rows = await session.execute(
        _CANDIDATES,
        {
            "project_id": project_id,
            "space": space,
            "lexemes": list(lexemes),
            "terms": terms,
            "vector": vector,
            "limit": limit,
        },
    )
    return [CandidateScore(row.chunk_id, row.bm25, row.similarity) for row in rows]


async def found_chunks(
    session: AsyncSession,
    account_id: AccountId,
    space: str,
    dimensions: int,
    scores: Sequence[CandidateScore],
) -> list[FoundChunk]:
    """Read the candidates' chunks and sentence vectors, in the candidates' order."""
    rows = await session.execute(
        _CHUNKS,
        {"account_id": account_id, "space": space, "ids": [one.chunk_id for one in scores]},
    )
    by_id = {row.id: row for row in rows}
    found = []
    for score in scores:
        row = by_id.get(score.chunk_id)
        if row is not None:
            packed = bytes(row.sentence_vectors or b"")
            vectors = unpack(packed, dimensions)
            found.append(FoundChunk(_chunk(row), score.bm25, score.similarity, vectors))
    return found


async def chunk(
    session: AsyncSession, account_id: AccountId, project_id: ProjectId, chunk_id: UUID
) -> Chunk | None:
    """Return one chunk of a project."""
    row = (
        await session.execute(
            _CHUNK, {"account_id": account_id, "project_id": project_id, "id": chunk_id}
        )
    ).first()
    return None if row is None else _chunk(row)


def _chunk(row: Row[Any]) -> Chunk:
    offsets: list[int] = row.sentences
    return Chunk(
        id=row.id,
        document_id=row.document_id,
        path=row.path,
        title=row.title or row.path,
        url=row.url,
        kind=row.kind,
        text=row.content,
        heading_path=tuple(row.heading_path),
        anchor=row.anchor,
        language=row.language,
        sentences=tuple(
            Span(start, end) for start, end in zip(offsets[::2], offsets[1::2], strict=True)
        ),
    )

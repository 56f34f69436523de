"""Reads the index: statistics of terms, candidates with scores, the chunks behind them."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.kit.spans import Span
from answerdesk.knowledge.search.recent import ReadChunk
from answerdesk.knowledge.types import Chunk
from answerdesk.knowledge.vectors import packed_size, unpack


@dataclass(frozen=True, slots=True)
class TermStatistics:
    """How many chunks the project has, and how many of them have each term (absent: none).

    `languages` are those of its documents, that of most chunks first; None when nothing has changed
    since the revision that the asker knows. `space` is the vector space that the project serves,
    None before anything was taken in.
    """

    chunk_count: int
    document_frequency: Mapping[str, int]
    live_rev: int
    languages: tuple[str, ...] | None
    space: str | None


_STATISTICS = text(
    "select b.chunk_count, b.live_rev, b.space, t.lexeme, t.document_frequency,"
    " case when b.live_rev <> :known_rev then array("
    "  select d.language from document d"
    "  where d.account_id = :account_id and d.project_id = :project_id and d.language is not null"
    "  group by 1 order by sum(d.chunk_count) desc, 1 limit :most_languages"
    " ) end as languages"
    " from knowledge_base b"
    " left join term t on t.account_id = b.account_id and t.project_id = b.project_id"
    "  and t.lexeme = any(:lexemes)"
    " where b.account_id = :account_id and b.project_id = :project_id"
)
_SIMILAR_TERMS = text(
    "select asked.lexeme as asked, s.lexeme, s.document_frequency"
    " from unnest(cast(:lexemes as text[])) as asked (lexeme),"
    " similar_terms(:project_id, asked.lexeme) s"
)
_CHUNK_COLUMNS = (
    "select c.id, c.document_id, d.path, d.title, d.url, c.kind, c.content, c.heading_path,"
    " c.anchor, c.language, c.sentences"
)
# The function finds and scores as the tables' owner and gives out ids; what the ids stand for is
# read outside it, under row-level security, and one by one: a join would read all chunks of an
# account that PostgreSQL takes for a small one.
_SCORED = text(
    "select c.id, d.path, d.title, d.url, scored.bm25, scored.similarity"
    " from search_candidates(:project_id, :space, :lexemes, :terms, :vector, :limit) scored"
    " cross join lateral (select o.id, o.document_id from chunk o"
    "  where o.account_id = :account_id and o.id = scored.chunk_id limit 1) c"
    " cross join lateral (select o.path, o.title, o.url from document o"
    "  where o.account_id = :account_id and o.id = c.document_id limit 1) d"
    " order by scored.bm25 / :most_bm25 + scored.similarity desc, c.id"
)
# One by one, too.
_CHUNKS = text(
    _CHUNK_COLUMNS + ", e.sentence_vectors from unnest(cast(:ids as uuid[])) asked (id)"
    " cross join lateral (select * from chunk o"
    "  where o.account_id = :account_id and o.id = asked.id limit 1) c"
    " cross join lateral (select o.path, o.title, o.url from document o"
    "  where o.account_id = :account_id and o.id = c.document_id limit 1) d"
    " left join lateral (select o.sentence_vectors from embedding o"
    "  where o.account_id = :account_id and o.chunk_id = c.id and o.space = :space limit 1) e"
    "  on true"
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
    *,
    known_rev: int,
    most_languages: int,
) -> TermStatistics:
    """Return what the project knows of these terms; zeros when it knows nothing at all."""
    rows = (
        await session.execute(
            _STATISTICS,
            {
                "account_id": account_id,
                "project_id": project_id,
                "lexemes": list(lexemes),
                "known_rev": known_rev,
                "most_languages": most_languages,
            },
        )
    ).all()
    if not rows:
        return TermStatistics(0, {}, 0, (), None)
    return TermStatistics(
        chunk_count=rows[0].chunk_count,
        document_frequency={row.lexeme: row.document_frequency for row in rows if row.lexeme},
        live_rev=rows[0].live_rev,
        languages=None if rows[0].languages is None else tuple(rows[0].languages),
        space=rows[0].space,
    )


async def similar_terms(
    session: AsyncSession, project_id: ProjectId, lexemes: Sequence[str]
) -> dict[str, dict[str, int]]:
    """Return, by term, terms of the project that may be near it, each with how many chunks have it.

    The tenant is the transaction's. A term has about the other's length, and its beginning or end.
    """
    rows = await session.execute(
        _SIMILAR_TERMS, {"project_id": project_id, "lexemes": list(lexemes)}
    )
    found: dict[str, dict[str, int]] = {}
    for asked, lexeme, frequency in rows:
        found.setdefault(asked, {})[lexeme] = frequency
    return found


@dataclass(frozen=True, slots=True)
class CandidateSearch:
    """What candidates are searched by; `terms` and `vector` are pgvector literals.

    `vector` is of `space`; without one (None) the words alone find. The `limit` best chunks by BM25
    and by cosine are found; `most_bm25` is what makes the two comparable: the most that the
    question's terms can score.
    """

    space: str
    lexemes: Sequence[str]
    terms: str
    vector: str | None
    most_bm25: float
    limit: int


@dataclass(frozen=True, slots=True)
class Scored:
    """A chunk that was found, the document it is in today, and its scores."""

    chunk_id: UUID
    path: str
    title: str
    url: str | None
    bm25: float
    similarity: float


async def scored(
    session: AsyncSession, account_id: AccountId, project_id: ProjectId, search: CandidateSearch
) -> list[Scored]:
    """Return the candidates, the more promising first: by BM25 as a share plus cosine."""
    rows = await session.execute(
        _SCORED,
        {
            "account_id": account_id,
            "project_id": project_id,
            "space": search.space,
            "lexemes": list(search.lexemes),
            "terms": search.terms,
            "vector": search.vector,
            "most_bm25": search.most_bm25,
            "limit": search.limit,
        },
    )
    return [
        Scored(row.id, row.path, row.title or row.path, row.url, row.bm25, row.similarity)
        for row in rows
    ]


async def chunks(
    session: AsyncSession,
    account_id: AccountId,
    ids: Sequence[UUID],
    *,
    space: str,
    dimensions: int,
) -> list[ReadChunk]:
    """Return chunks with their sentences' vectors in a space, in no particular order.

    A chunk that has none of this length in the space gets zeros.
    """
    rows = await session.execute(
        _CHUNKS, {"account_id": account_id, "ids": list(ids), "space": space}
    )
    return [ReadChunk(_chunk(row), _vectors(row, dimensions)) for row in rows]


def _vectors(row: Row[Any], dimensions: int) -> NDArray[np.float32]:
    count = len(row.sentences) // 2
    packed = b"" if row.sentence_vectors is None else bytes(row.sentence_vectors)
    if len(packed) != packed_size(count, dimensions):
        return np.zeros((count, dimensions), np.float32)
    return unpack(packed, dimensions)


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

"""Reads the index: term statistics, scored candidates, and their chunks."""

# ruff: noqa: S608 - statements are built only from constants of this module.

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import IS_SET, TENANT, Executor
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.kit.spans import Span
from answerdesk.kit.terms import ANALYSIS
from answerdesk.knowledge.ingestion.readings import READER_VERSION
from answerdesk.knowledge.search.recent import ReadChunk
from answerdesk.knowledge.search.terms import MOST_CORRECTED, MOST_LANGUAGES
from answerdesk.knowledge.types import Chunk
from answerdesk.knowledge.vectors import packed_size, unpack, unpack_tokens
from answerdesk.providers.embedder import QuestionTokens


@dataclass(frozen=True, slots=True)
class TermStatistics:
    """How many chunks the project has, and how many of them have each term (absent: none).

    `near` has, for each word of the question that the project has in no spelling, similar terms of
    the project with the number of chunks that have them. `languages` are the documents' languages,
    most chunks first; None if nothing has changed since the known revision. `space` is the vector
    space that the project serves; None before the first ingestion. `synonyms` are the project's
    groups at `synonyms_rev`; None if that is the known one. All of its terms were made by the
    analysis with the number `analysis`, or a later one, and all of its documents were read by the
    reader with the number `reader`, or a later one.
    """

    chunk_count: int
    document_frequency: Mapping[str, int]
    near: Mapping[str, Mapping[str, int]]
    live_rev: int
    languages: tuple[str, ...] | None
    space: str | None
    analysis: int = ANALYSIS
    reader: int = READER_VERSION
    synonyms_rev: int = 0
    synonyms: tuple[tuple[str, ...], ...] | None = None


# Similar terms have about the same length, and the same beginning or end.
_STATISTICS = text(
    f"with {TENANT}, found as materialized ("
    "  select lexeme, document_frequency from term"
    "  where account_id = :account_id and project_id = :project_id"
    f"   and lexeme = any(cast(:lexemes as text[])) and {IS_SET}"
    "), spelling as materialized ("
    "  select word, spelling, place from unnest(cast(:words as text[]), cast(:spellings as text[]))"
    "   with ordinality as s (word, spelling, place)"
    "), unknown as materialized ("
    "  select word from spelling left join found on lexeme = spelling"
    "  group by word having count(lexeme) = 0 order by min(place) limit :most_words"
    ") select b.chunk_count, b.live_rev, b.space, b.analysis, b.reader,"
    " (select json_object_agg(lexeme, document_frequency) from found) as frequency,"
    " case when b.chunk_count > 0 then ("
    "  select json_agg(json_build_array(u.word, n.lexeme, n.document_frequency))"
    "  from unknown u, similar_terms(:project_id, u.word) n) end as near,"
    " case when b.live_rev <> :known_rev then array("
    "  select d.language from document d"
    "  where d.account_id = :account_id and d.project_id = :project_id and d.language is not null"
    "  group by 1 order by sum(d.chunk_count) desc, 1 limit :most_languages"
    " ) end as languages, b.synonyms_rev,"
    " case when b.synonyms_rev <> :known_synonyms then coalesce(("
    "  select json_agg(s.terms order by s.created_at, s.id) from synonym_group s"
    "  where s.account_id = :account_id and s.project_id = :project_id"
    " ), '[]') end as synonyms"
    " from knowledge_base b"
    f" where b.account_id = :account_id and b.project_id = :project_id and {IS_SET}"
)
_CHUNK_COLUMNS = (
    "select c.id, c.document_id, d.path, d.title, d.url, c.kind, c.content, c.heading_path,"
    " c.anchor, c.language, c.sentences"
)
# The function searches and scores as the tables' owner and returns ids. Their content is read
# outside it, under row-level security, and one by one: a join would read all chunks of an account
# that PostgreSQL takes for a small one.
_SCORED = text(
    f"with {TENANT} select c.id, c.added_rev, d.path, d.title, d.url, scored.bm25,"
    " scored.similarity"
    " from search_candidates(:project_id, :space, :lexemes, :terms, :vector, :limit) scored"
    " cross join lateral (select o.id, o.document_id, o.added_rev from chunk o"
    "  where o.account_id = :account_id and o.id = scored.chunk_id limit 1) c"
    " cross join lateral (select o.path, o.title, o.url from document o"
    "  where o.account_id = :account_id and o.id = c.document_id limit 1) d"
    f" where {IS_SET}"
    " order by scored.bm25 / :most_bm25 + scored.similarity desc, c.id"
)
# Also one by one.
_CHUNKS = text(
    f"with {TENANT} {_CHUNK_COLUMNS}, c.added_rev, e.sentence_vectors, e.token_vectors"
    " from unnest(cast(:ids as uuid[])) asked (id)"
    " cross join lateral (select * from chunk o"
    "  where o.account_id = :account_id and o.id = asked.id limit 1) c"
    " cross join lateral (select o.path, o.title, o.url from document o"
    "  where o.account_id = :account_id and o.id = c.document_id limit 1) d"
    " left join lateral (select o.sentence_vectors, o.token_vectors from embedding o"
    "  where o.account_id = :account_id and o.chunk_id = c.id and o.space = :space limit 1) e"
    f"  on true where {IS_SET}"
)
_CHUNK = text(
    _CHUNK_COLUMNS + " from chunk c"
    " join document d on d.account_id = c.account_id and d.id = c.document_id"
    " where c.account_id = :account_id and c.project_id = :project_id and c.id = :id"
)


async def term_statistics(
    executor: Executor,
    project_id: ProjectId,
    lexemes: Sequence[str],
    *,
    spellings: Sequence[tuple[str, str]],
    known_rev: int,
    known_synonyms: int = 0,
) -> TermStatistics:
    """Return the project's statistics of these terms; zeros if it has no knowledge.

    `spellings` pairs each word with every term that it may be. Similar terms are looked up for the
    first MOST_CORRECTED words of which the project has no term.
    """
    rows = await executor.rows(
        _STATISTICS,
        {
            "project_id": project_id,
            "lexemes": list(lexemes),
            "words": [word for word, _ in spellings],
            "spellings": [spelling for _, spelling in spellings],
            "most_words": MOST_CORRECTED,
            "known_rev": known_rev,
            "known_synonyms": known_synonyms,
            "most_languages": MOST_LANGUAGES,
        },
    )
    if not rows:
        return TermStatistics(0, {}, {}, 0, (), None)
    (row,) = rows
    near: dict[str, dict[str, int]] = {}
    for word, lexeme, frequency in row.near or ():
        near.setdefault(word, {})[lexeme] = frequency
    return TermStatistics(
        chunk_count=row.chunk_count,
        document_frequency=row.frequency or {},
        near=near,
        live_rev=row.live_rev,
        languages=None if row.languages is None else tuple(row.languages),
        space=row.space,
        analysis=row.analysis,
        reader=row.reader,
        synonyms_rev=row.synonyms_rev,
        synonyms=None if row.synonyms is None else tuple(map(tuple, row.synonyms)),
    )


@dataclass(frozen=True, slots=True)
class CandidateSearch:
    """The parameters of a candidate search; `terms` and `vector` are pgvector literals.

    `vector` belongs to `space`; if it is None, only the words search. The `limit` best chunks by
    BM25 and by cosine are found. `most_bm25`, the maximum score of the question's terms, makes the
    two comparable.
    """

    space: str
    lexemes: Sequence[str]
    terms: str
    vector: str | None
    most_bm25: float
    limit: int


@dataclass(frozen=True, slots=True)
class Scored:
    """A found chunk, the document that it is in now, and its scores."""

    chunk_id: UUID
    added_rev: int
    path: str
    title: str
    url: str | None
    bm25: float
    similarity: float


async def scored(
    executor: Executor, project_id: ProjectId, search: CandidateSearch
) -> list[Scored]:
    """Return the candidates, most promising first: by BM25 as a share plus cosine."""
    rows = await executor.rows(
        _SCORED,
        {
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
        Scored(
            row.id,
            row.added_rev,
            row.path,
            row.title or row.path,
            row.url,
            row.bm25,
            row.similarity,
        )
        for row in rows
    ]


async def chunks(
    executor: Executor,
    ids: Sequence[UUID],
    *,
    space: str,
    dimensions: int,
    tokens: QuestionTokens | None = None,
) -> list[ReadChunk]:
    """Return chunks with their vectors in a space, in no particular order.

    A chunk without vectors of this length in the space gets zeros for its sentences. Its tokens'
    vectors are None unless they compare with the question's `tokens`.
    """
    rows = await executor.rows(_CHUNKS, {"ids": list(ids), "space": space})
    return [
        ReadChunk(
            _chunk(row), _vectors(row, dimensions), _token_vectors(row, tokens), row.added_rev
        )
        for row in rows
    ]


def _token_vectors(row: Any, tokens: QuestionTokens | None) -> NDArray[np.int8] | None:  # noqa: ANN401
    if tokens is None or row.token_vectors is None:
        return None
    return unpack_tokens(bytes(row.token_vectors), tokens.basis, tokens.rows.shape[1])


def _vectors(row: Any, dimensions: int) -> NDArray[np.float32]:  # noqa: ANN401  # A named tuple.
    count = len(row.sentences) // 2
    packed = b"" if row.sentence_vectors is None else bytes(row.sentence_vectors)
    if len(packed) != packed_size(count, dimensions):
        return np.zeros((count, dimensions), np.float32)
    return unpack(packed, dimensions)


async def chunk(
    session: AsyncSession, account_id: AccountId, project_id: ProjectId, chunk_id: UUID
) -> Chunk | None:
    """Return one chunk of a project; None if there is no such chunk."""
    row = (
        await session.execute(
            _CHUNK, {"account_id": account_id, "project_id": project_id, "id": chunk_id}
        )
    ).first()
    return None if row is None else _chunk(row)


def _chunk(row: Any) -> Chunk:  # noqa: ANN401
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

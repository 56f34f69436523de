"""Chunks, their vectors, a project's terms, and the index of nearest vectors.

A large project's vectors enter the index of nearest vectors as they are stored. Those stored before
it became large are entered by separate statements, at the end of this module.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.tenancy import AccountId, ProjectId, new_id
from answerdesk.knowledge.ingestion.repository.base import LockedBase
from answerdesk.knowledge.ingestion.types import KeptChunk, NewChunk, PresentChunk
from answerdesk.knowledge.vectors import halfvec_literal, pack, pack_tokens, sparsevec_literal
from answerdesk.providers.embedder import EmbeddedPassage

_LEXEME_BYTES: Final = 1000
"""Longest indexed term; PostgreSQL's own limit is 2,046 bytes with the project's prefix."""

_CHUNKS_OF = text(
    "select id, content_hash, sentences from chunk"
    " where account_id = :account_id and document_id = :document_id and removed_rev is null"
    " order by ordinal"
)
_TEXTS = text(
    "select id, content from chunk where account_id = :account_id and id = any(:ids)"
    " order by ordinal"
)
_REVISIONS = text(
    "select id, added_rev from chunk where account_id = :account_id and id = any(:ids)"
)
_ADD_CHUNK = text(
    "insert into chunk (account_id, id, project_id, document_id, ordinal, kind, content,"
    " content_hash, heading_path, anchor, language, sentences, lexemes, terms, added_rev)"
    " values (:account_id, :id, :project_id, :document_id, :ordinal, :kind, :content,"
    " :content_hash, :heading_path, :anchor, :language, :sentences,"
    " array_to_tsvector(cast(:lexemes as text[])), cast(:terms as sparsevec), :revision)"
)
_ADD_EMBEDDING = text(
    "insert into embedding (account_id, chunk_id, project_id, space, vector, sentence_vectors,"
    " token_vectors, indexed, added_rev) values (:account_id, :id, :project_id, :space,"
    " cast(:vector as halfvec), :sentence_vectors, :token_vectors, :indexed, :revision)"
    " on conflict do nothing"
)
_MOVE_CHUNKS = text(
    "update chunk c set ordinal = n.ordinal"
    " from unnest(cast(:ids as uuid[]), cast(:ordinals as integer[])) as n (id, ordinal)"
    " where c.account_id = :account_id and c.id = n.id and c.ordinal <> n.ordinal"
)
_COUNT_TERMS = text(
    "insert into term (account_id, project_id, lexeme, document_frequency)"
    " select :account_id, :project_id, t.lexeme, t.n"
    " from unnest(cast(:lexemes as text[]), cast(:counts as integer[])) as t (lexeme, n)"
    " on conflict (account_id, project_id, lexeme)"
    " do update set document_frequency = term.document_frequency + excluded.document_frequency"
)
# Terms that no other chunk has are deleted by name: searching for all unused terms would read the
# project's whole vocabulary. So would a join with the terms if PostgreSQL underestimates their
# number; an array is always looked up in the index.
_DISCOUNT_TERMS = text(
    "with gone as materialized ("
    "  select substr(l.lexeme, length(:prefix) + 1) as lexeme, count(*) as n"
    "  from chunk c, unnest(tsvector_to_array(c.lexemes)) as l (lexeme)"
    "  where c.account_id = :account_id and c.id = any(:ids) group by 1"
    " ), forgotten as ("
    "  delete from term t using gone where t.account_id = :account_id"
    "   and t.project_id = :project_id and t.lexeme = any(array(select lexeme from gone))"
    "   and t.lexeme = gone.lexeme and t.document_frequency <= gone.n)"
    " update term t set document_frequency = t.document_frequency - gone.n from gone"
    " where t.account_id = :account_id and t.project_id = :project_id"
    "  and t.lexeme = any(array(select lexeme from gone))"
    "  and t.lexeme = gone.lexeme and t.document_frequency > gone.n"
)
_DELETE_CHUNKS = text("delete from chunk where account_id = :account_id and id = any(:ids)")


async def present_chunks(
    session: AsyncSession, account_id: AccountId, document_id: UUID
) -> list[PresentChunk]:
    """Return what identifies the document's chunks, in order."""
    rows = await session.execute(_CHUNKS_OF, {"account_id": account_id, "document_id": document_id})
    return [PresentChunk(row.id, bytes(row.content_hash), tuple(row.sentences)) for row in rows]


async def chunk_texts(
    session: AsyncSession, account_id: AccountId, chunk_ids: Sequence[UUID]
) -> list[tuple[UUID, str]]:
    """Return the texts of a document's chunks that exist among these, in order."""
    rows = await session.execute(_TEXTS, {"account_id": account_id, "ids": list(chunk_ids)})
    return [(row.id, row.content) for row in rows]


async def unchanged_chunks(
    session: AsyncSession, account_id: AccountId, revisions: Mapping[UUID, int]
) -> frozenset[UUID]:
    """Return the chunks that are still there as they were added at these revisions.

    A chunk keeps its id when it gets another title, heading or sentences.
    """
    parameters = {"account_id": account_id, "ids": list(revisions)}
    rows = await session.execute(_REVISIONS, parameters)
    return frozenset(row.id for row in rows if revisions[row.id] == row.added_rev)


async def add_chunks(
    session: AsyncSession, base: LockedBase, document_id: UUID, chunks: Sequence[NewChunk]
) -> None:
    """Store new chunks with their embeddings in all of their spaces, and count their terms.

    All chunks must have vectors in the same spaces.
    """
    if not chunks:
        return
    rows = [_chunk_row(base, document_id, chunk) for chunk in chunks]
    await session.execute(_ADD_CHUNK, [row for _, row in rows])
    for space in chunks[0].vectors:
        vectors = {
            chunk_id: chunk.vectors[space]
            for (chunk_id, _), chunk in zip(rows, chunks, strict=True)
        }
        await add_vectors(session, base, space, vectors, base.live_rev + 1)
    await count_terms(
        session, base, Counter(term for chunk in chunks for term in indexed(chunk.terms))
    )


async def count_terms(session: AsyncSession, base: LockedBase, counts: Counter[str]) -> None:
    """Add to the number of chunks that have each term."""
    lexemes = sorted(counts)
    await session.execute(
        _COUNT_TERMS,
        {
            "account_id": base.account_id,
            "project_id": base.project_id,
            "lexemes": lexemes,
            "counts": [counts[lexeme] for lexeme in lexemes],
        },
    )


async def add_vectors(
    session: AsyncSession,
    base: LockedBase,
    space: str,
    vectors: Mapping[UUID, EmbeddedPassage],
    revision: int,
) -> None:
    """Store vectors by chunk, visible from `revision` on; existing vectors stay unchanged."""
    if not vectors:
        return
    await session.execute(
        _ADD_EMBEDDING,
        [
            {
                "account_id": base.account_id,
                "id": chunk_id,
                "project_id": base.project_id,
                "space": space,
                "vector": halfvec_literal(embedded.vector),
                "sentence_vectors": pack(embedded.sentences),
                "token_vectors": embedded.tokens and pack_tokens(embedded.tokens),
                "indexed": base.indexed,
                "revision": revision,
            }
            for chunk_id, embedded in vectors.items()
        ],
    )


def indexed(terms: Mapping[str, float]) -> dict[str, float]:
    """Return the terms that are short enough for the index."""
    return {term: w for term, w in terms.items() if len(term.encode()) <= _LEXEME_BYTES}


def _chunk_row(
    base: LockedBase, document_id: UUID, chunk: NewChunk
) -> tuple[UUID, dict[str, object]]:
    terms = indexed(chunk.terms)
    chunk_id = chunk.id or new_id()
    row: dict[str, object] = {
        "account_id": base.account_id,
        "id": chunk_id,
        "project_id": base.project_id,
        "document_id": document_id,
        "ordinal": chunk.draft.ordinal,
        "kind": chunk.draft.kind,
        "content": chunk.draft.text,
        "content_hash": chunk.content_hash,
        "heading_path": list(chunk.draft.heading_path),
        "anchor": chunk.draft.anchor,
        "language": chunk.language,
        "sentences": [offset for span in chunk.draft.sentences for offset in span],
        "lexemes": lexemes_of(base, terms),
        "terms": sparsevec_literal(terms),
        "revision": base.live_rev + 1,
    }
    return chunk_id, row


def lexemes_of(base: LockedBase, terms: Iterable[str]) -> list[str]:
    """Return terms as a chunk's lexemes, which carry their project."""
    return [f"{base.number}:{term}" for term in terms]


async def move_chunks(session: AsyncSession, base: LockedBase, kept: Sequence[KeptChunk]) -> None:
    """Store the new positions of kept chunks in their document."""
    if kept:
        await session.execute(
            _MOVE_CHUNKS,
            {
                "account_id": base.account_id,
                "ids": [one.chunk_id for one in kept],
                "ordinals": [one.ordinal for one in kept],
            },
        )


async def remove_chunks(session: AsyncSession, base: LockedBase, chunk_ids: Sequence[UUID]) -> None:
    """Delete chunks, their embeddings and their share of the term counts."""
    if not chunk_ids:
        return
    await discount_terms(session, base, chunk_ids)
    parameters = {"account_id": base.account_id, "ids": list(chunk_ids)}
    await session.execute(_DELETE_CHUNKS, parameters)


async def discount_terms(
    session: AsyncSession, base: LockedBase, chunk_ids: Sequence[UUID]
) -> None:
    """Take chunks out of the numbers of chunks that have their terms."""
    parameters = {
        "account_id": base.account_id,
        "project_id": base.project_id,
        "ids": list(chunk_ids),
        "prefix": f"{base.number}:",
    }
    await session.execute(_DISCOUNT_TERMS, parameters)


_ENTER: Final = text(
    "with chosen as materialized ("
    "  select chunk_id, space from embedding where account_id = :account_id"
    "   and project_id = :project_id and not indexed limit :limit"
    "), entered as ("
    "  update embedding e set indexed = true from chosen where e.account_id = :account_id"
    "   and e.chunk_id = chosen.chunk_id and e.space = chosen.space returning 1"
    ") select count(*) from entered"
)
_FILLING: Final = text(
    "select 1 from knowledge_base"
    " where account_id = :account_id and project_id = :project_id and vector_index = 'filling'"
)
_READY: Final = text(
    "update knowledge_base set vector_index = 'ready'"
    " where account_id = :account_id and project_id = :project_id and vector_index = 'filling'"
)


async def is_filling(session: AsyncSession, account_id: AccountId, project_id: ProjectId) -> bool:
    """Tell whether the project exists, is large, and may have vectors outside the index."""
    parameters = {"account_id": account_id, "project_id": project_id}
    return (await session.execute(_FILLING, parameters)).first() is not None


async def enter_vectors(session: AsyncSession, base: LockedBase, limit: int) -> int:
    """Enter at most `limit` of the project's vectors into the index; return how many."""
    parameters = {"account_id": base.account_id, "project_id": base.project_id, "limit": limit}
    return int(await session.scalar(_ENTER, parameters))


async def search_by_index(session: AsyncSession, base: LockedBase) -> None:
    """Search the project by the index, which now has all of its vectors."""
    parameters = {"account_id": base.account_id, "project_id": base.project_id}
    await session.execute(_READY, parameters)

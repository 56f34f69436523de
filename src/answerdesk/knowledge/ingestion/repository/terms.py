"""The terms of stored chunks, to make them anew."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.knowledge.ingestion.repository.base import LockedBase
from answerdesk.knowledge.ingestion.repository.chunks import (
    count_terms,
    discount_terms,
    indexed,
    lexemes_of,
    unchanged_chunks,
)
from answerdesk.knowledge.vectors import sparsevec_literal

# A chunk whose document waits to be ingested under another title is replaced by that.
_WITH_TERMS: Final = text(
    "select c.id, c.kind, c.content, c.heading_path, c.language, c.added_rev, d.title,"
    " tsvector_to_array(c.lexemes) as lexemes from ("
    "  select * from chunk o where o.account_id = :account_id and o.project_id = :project_id"
    "   and o.language = any(:languages) and o.id > :after order by o.id limit :limit) c"
    " join document d on d.account_id = :account_id and d.id = c.document_id order by c.id"
)
_REPLACE: Final = text(
    "update chunk set lexemes = array_to_tsvector(cast(:lexemes as text[])),"
    " terms = cast(:terms as sparsevec) where account_id = :account_id and id = :id"
)
_ANALYSED: Final = text(
    "update knowledge_base set analysis = :analysis"
    " where account_id = :account_id and project_id = :project_id and analysis < :analysis"
)
_BEFORE_ALL: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class ChunkWithTerms:
    """What a chunk's terms are made from, and the lexemes that it has, with the base's number."""

    id: UUID
    kind: str
    text: str
    heading_path: tuple[str, ...]
    language: str
    title: str
    lexemes: frozenset[str]
    added_rev: int


async def chunks_with_terms(
    session: AsyncSession,
    account_id: AccountId,
    project_id: ProjectId,
    languages: Collection[str],
    after: UUID | None,
    limit: int,
) -> list[ChunkWithTerms]:
    """Return chunks in some languages after `after`, ordered by id."""
    rows = await session.execute(
        _WITH_TERMS,
        {
            "account_id": account_id,
            "project_id": project_id,
            "languages": sorted(languages),
            "after": after or _BEFORE_ALL,
            "limit": limit,
        },
    )
    return [
        ChunkWithTerms(
            row.id,
            row.kind,
            row.content,
            tuple(row.heading_path),
            row.language,
            row.title or "",
            frozenset(row.lexemes),
            row.added_rev,
        )
        for row in rows
    ]


async def replace_terms(
    session: AsyncSession,
    base: LockedBase,
    terms: Mapping[UUID, Mapping[str, float]],
    revisions: Mapping[UUID, int],
) -> None:
    """Store other terms of the chunks that are still as added at `revisions`, and count them."""
    tenant = {"account_id": base.account_id}
    unchanged = await unchanged_chunks(session, base.account_id, revisions)
    present = [one for one in terms if one in unchanged]
    if not present:
        return
    await discount_terms(session, base, present)
    new = {chunk_id: indexed(terms[chunk_id]) for chunk_id in present}
    await session.execute(
        _REPLACE,
        [
            {
                **tenant,
                "id": chunk_id,
                "lexemes": lexemes_of(base, one),
                "terms": sparsevec_literal(one),
            }
            for chunk_id, one in new.items()
        ],
    )
    await count_terms(session, base, Counter(term for one in new.values() for term in one))


async def note_analysis(
    session: AsyncSession, account_id: AccountId, project_id: ProjectId, analysis: int
) -> None:
    """Record that all terms of the project, if it exists, are of this analysis or a later one."""
    parameters = {"account_id": account_id, "project_id": project_id, "analysis": analysis}
    await session.execute(_ANALYSED, parameters)

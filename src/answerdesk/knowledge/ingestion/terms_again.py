"""Makes the terms of a project's chunks anew where an older analysis made them (`kit.terms`).

Nothing is read or embedded again: a chunk's text has its terms. Ids, vectors and revisions stay.
Which chunks have older terms is seen by comparing, so a killed run leaves nothing to repair, and
another one changes only what is left.
"""

import asyncio
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import Database
from answerdesk.core.due import Job, Registration
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.kit.bm25 import term_weights
from answerdesk.kit.terms import ANALYSED_ANEW, ANALYSIS
from answerdesk.knowledge.ingestion import repository as index
from answerdesk.knowledge.ingestion.prepare import terms_of
from answerdesk.knowledge.ingestion.walks import place_of, project_of, schedule_walk

TERMS_AGAIN: Final = "knowledge.terms_again"

_AT_ONCE: Final = 64
_SLICE_SECONDS: Final = 5.0
"""How long a run lasts before others get their turn."""

_log = structlog.get_logger(__name__)


async def schedule_terms_again(
    session: AsyncSession, account_id: AccountId, project_id: ProjectId, after: UUID | None = None
) -> None:
    """Queue it for the project's chunks after `after`, once the transaction has committed."""
    await schedule_walk(session, TERMS_AGAIN, account_id, project_id, after)


async def make_terms_again(
    database: Database,
    account_id: AccountId,
    project_id: ProjectId,
    after: UUID | None,
    slice_seconds: float = _SLICE_SECONDS,
) -> UUID | None:
    """Make older terms anew in the chunks after `after`; return where to go on, None at the end.

    One walk over the project: chunks added meanwhile have new terms.
    """
    clock = asyncio.get_running_loop().time
    began = clock()
    while True:
        async with database.transaction(account_id) as session:
            found = await index.chunks_with_terms(
                session, account_id, project_id, ANALYSED_ANEW, after, _AT_ONCE
            )
            if not found:
                await index.note_analysis(session, account_id, project_id, ANALYSIS)
                return None
        if terms := await asyncio.to_thread(_older, found):
            async with database.transaction(account_id) as session:
                base = await index.lock_base(session, account_id, project_id)
                revisions = {one.id: one.added_rev for one in found if one.id in terms}
                await index.replace_terms(session, base, terms, revisions)
        after = found[-1].id
        if clock() - began >= slice_seconds:
            return after


def _older(chunks: Sequence[index.ChunkWithTerms]) -> dict[UUID, dict[str, float]]:
    """Return the new terms, with their weights, of the chunks that have others."""
    terms = {
        one.id: terms_of(one.title, one.language, one.kind, one.heading_path, one.text)
        for one in chunks
    }
    return {
        one.id: term_weights(terms[one.id])
        for one in chunks
        if {lexeme.partition(":")[2] for lexeme in one.lexemes} != set(terms[one.id])
    }


def registrations(database: Database) -> dict[str, Registration]:
    """Return the handler that a worker needs for this module's job."""

    async def make_again(job: Job) -> None:
        account_id, project_id = AccountId(job.account_id), project_of(job)
        left = await make_terms_again(database, account_id, project_id, place_of(job))
        if left is None:
            _log.info("terms_made_again", project_id=str(project_id))
            return
        async with database.transaction(account_id) as session:
            await schedule_terms_again(session, account_id, project_id, left)

    return {TERMS_AGAIN: Registration(make_again, concurrency=1)}

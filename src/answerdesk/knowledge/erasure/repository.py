"""Removes documents with their chunks and vectors, a few at a time."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import ProjectId

_AT_ONCE: Final = 20
"""Documents per transaction; a document can have some hundreds of chunks."""

# Writers to the index or to a source's pages lock these rows first, then the project's; removal
# keeps the same order.
_LOCK_SOURCES: Final = text(
    "select 1 from source where account_id = :account_id and project_id = :project_id for update"
)
_LOCK_INDEX: Final = text(
    "select 1 from knowledge_base"
    " where account_id = :account_id and project_id = :project_id for update"
)
# Foreign keys delete chunks and vectors with their document.
_ERASE: Final = text(
    "with chosen as (select id from document"
    "  where account_id = :account_id and project_id = :project_id limit :limit"
    "), gone as (delete from document using chosen"
    "  where document.account_id = :account_id and document.id = chosen.id returning 1"
    ") select count(*) from gone"
)


async def erase_knowledge(session: AsyncSession, project_id: ProjectId) -> int:
    """Remove some of the project's documents; return how many, 0 when none are left.

    Locks the project's index until the end of the transaction, and its sources, too, when no
    documents are left.
    """
    parameters = {"account_id": tenant_of(session), "project_id": project_id, "limit": _AT_ONCE}
    await session.execute(_LOCK_INDEX, parameters)
    erased = int(await session.scalar(_ERASE, parameters))
    if not erased:
        await session.execute(_LOCK_SOURCES, parameters)
    return erased

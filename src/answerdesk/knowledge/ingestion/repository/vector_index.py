"""Enters a large project's vectors into the index of nearest ones.

Ordinary vectors are entered as they are stored; these statements enter those that a project had
when it became large.
"""

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.knowledge.ingestion.repository.base import LockedBase

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
    """Tell whether the project is there, is large, and has vectors that may be outside."""
    parameters = {"account_id": account_id, "project_id": project_id}
    return (await session.execute(_FILLING, parameters)).first() is not None


async def enter_vectors(session: AsyncSession, base: LockedBase, limit: int) -> int:
    """Enter at most `limit` of the project's vectors that are outside; returns how many."""
    parameters = {"account_id": base.account_id, "project_id": base.project_id, "limit": limit}
    return int(await session.scalar(_ENTER, parameters))


async def search_by_index(session: AsyncSession, base: LockedBase) -> None:
    """Have the project searched by the index, which has all of its vectors."""
    parameters = {"account_id": base.account_id, "project_id": base.project_id}
    await session.execute(_READY, parameters)

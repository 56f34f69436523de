"""Finds and removes conversations with their messages, a few at a time."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import ProjectId

_AT_ONCE: Final = 100
"""Conversations of one transaction."""

_SOME: Final = text(
    "select id from conversation where account_id = :account_id and project_id = :project_id"
    " limit :limit for update"
)
_MESSAGES: Final = text(
    "select id from message where account_id = :account_id and conversation_id = any(:ids)"
)
# Messages, turns and ratings go with their conversation by their foreign keys.
_REMOVE: Final = text("delete from conversation where account_id = :account_id and id = any(:ids)")


async def some(session: AsyncSession, project_id: ProjectId) -> Sequence[UUID]:
    """Return and lock some conversations of the project, so that nobody adds to them."""
    parameters = {"account_id": tenant_of(session), "project_id": project_id, "limit": _AT_ONCE}
    return [row.id for row in await session.execute(_SOME, parameters)]


async def messages_of(session: AsyncSession, conversations: Sequence[UUID]) -> Sequence[UUID]:
    """Return the messages of the conversations."""
    parameters = {"account_id": tenant_of(session), "ids": [*conversations]}
    return [row.id for row in await session.execute(_MESSAGES, parameters)]


async def remove(session: AsyncSession, conversations: Sequence[UUID]) -> None:
    """Remove the conversations with all that belongs to them."""
    parameters = {"account_id": tenant_of(session), "ids": [*conversations]}
    await session.execute(_REMOVE, parameters)

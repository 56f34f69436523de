"""Raises a conversation's version for changes that only people of the account see."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import ConversationId

# A trigger raises the version with every update.
_TOUCH: Final = text(
    "update conversation set version = version where account_id = :account_id and id = :id"
)


async def touch(session: AsyncSession, conversation_id: ConversationId) -> None:
    """Raise the version of a locked conversation."""
    await session.execute(_TOUCH, {"account_id": tenant_of(session), "id": conversation_id})

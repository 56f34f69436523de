"""Reads and writes how far people have read."""

from datetime import datetime
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import ConversationId, MessageId, UserId

# `visitor_wrote_at` decides whether a conversation is unread, and need not be the very moment of
# the latest message: who has read that one has read it all, and who has not, has not.
_PLACE: Final = text(
    "select case when cast(:unread as boolean)"
    "  then least(m.created_at, c.visitor_wrote_at) - interval '1 microsecond'"
    "  when exists (select from message later where later.account_id = :account_id"
    "   and later.conversation_id = c.id and later.author = 'visitor'"
    "   and later.created_at > m.created_at)"
    "  then m.created_at else greatest(m.created_at, c.visitor_wrote_at) end"
    " from message m"
    " join conversation c on c.account_id = m.account_id and c.id = m.conversation_id"
    " where m.account_id = :account_id and m.conversation_id = :conversation_id and m.id = :id"
)
_GET: Final = text(
    "select read_at from read_mark where account_id = :account_id and user_id = :user_id"
    " and conversation_id = :conversation_id"
)
# Whoever is no longer a member has no marks.
_SET: Final = text(
    "insert into read_mark (account_id, user_id, conversation_id, read_at)"
    " select :account_id, m.user_id, :conversation_id, :read_at from membership m"
    "  where m.account_id = :account_id and m.user_id = :user_id for key share"
    " on conflict (account_id, user_id, conversation_id) do update set read_at = excluded.read_at"
)


async def place(
    session: AsyncSession,
    conversation_id: ConversationId,
    message_id: MessageId,
    *,
    unread: bool,
) -> datetime | None:
    """Return the mark of who has read to a message of a locked conversation; None if it has none.

    With `unread`, of who has read to just before it.
    """
    parameters = {
        "account_id": tenant_of(session),
        "conversation_id": conversation_id,
        "id": message_id,
        "unread": unread,
    }
    moment: datetime | None = await session.scalar(_PLACE, parameters)
    return moment


async def mark_of(
    session: AsyncSession, conversation_id: ConversationId, user_id: UserId
) -> datetime | None:
    parameters = {
        "account_id": tenant_of(session),
        "conversation_id": conversation_id,
        "user_id": user_id,
    }
    moment: datetime | None = await session.scalar(_GET, parameters)
    return moment


async def set_mark(
    session: AsyncSession, conversation_id: ConversationId, user_id: UserId, read_at: datetime
) -> None:
    """Store a person's mark in a locked conversation."""
    parameters = {
        "account_id": tenant_of(session),
        "conversation_id": conversation_id,
        "user_id": user_id,
        "read_at": read_at,
    }
    await session.execute(_SET, parameters)

"""Reads and writes visitors' ratings: of answers and replies, and of whole conversations."""

from typing import Final

from sqlalchemy import func, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.conversations.models import FeedbackRow
from answerdesk.conversations.repository import LockedConversation
from answerdesk.conversations.types import Rating, Satisfaction
from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import AccountId, ConversationId, MessageId


async def upsert_feedback(
    session: AsyncSession,
    account_id: AccountId,
    message_id: MessageId,
    rating: Rating,
    reason: str | None,
) -> None:
    """Store a rating, replacing an earlier one."""
    given = {"rating": rating, "reason": reason}
    await session.execute(
        insert(FeedbackRow)
        .values(account_id=account_id, message_id=message_id, **given)
        .on_conflict_do_update(
            index_elements=["account_id", "message_id"],
            set_={**given, "created_at": func.now()},
        )
    )


_RATE: Final = text(
    "insert into satisfaction (account_id, conversation_id, project_id, score, comment)"
    " values (:account_id, :conversation_id, :project_id, :score, cast(:comment as text))"
    " on conflict (account_id, conversation_id) do update set score = excluded.score,"
    "  comment = excluded.comment, created_at = clock_timestamp()"
)
_RATING_OF: Final = text(
    "select score, comment, created_at from satisfaction"
    " where account_id = :account_id and conversation_id = :id"
)


async def rate_conversation(
    session: AsyncSession, conversation: LockedConversation, score: int, comment: str | None
) -> None:
    """Store a visitor's rating of a whole conversation, replacing an earlier one."""
    await session.execute(
        _RATE,
        {
            "account_id": conversation.account_id,
            "conversation_id": conversation.id,
            "project_id": conversation.project_id,
            "score": score,
            "comment": comment,
        },
    )


async def satisfaction_with(
    session: AsyncSession, conversation_id: ConversationId
) -> Satisfaction | None:
    """Return the visitor's rating of a conversation; None if there is none."""
    parameters = {"account_id": tenant_of(session), "id": conversation_id}
    row = (await session.execute(_RATING_OF, parameters)).first()
    return None if row is None else Satisfaction(row.score, row.comment, row.created_at)

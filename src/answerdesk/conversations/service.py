"""Conversations: reading them, rating answers, asking for a person."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.conversations import events, repository
from answerdesk.conversations.errors import (
    conversation_not_found,
    message_not_found,
    not_an_answer,
)
from answerdesk.conversations.types import Conversation, Message, Rating
from answerdesk.core.events import record
from answerdesk.core.tenancy import AccountId, ConversationId, MessageId, ProjectId
from answerdesk.leads import service as leads
from answerdesk.leads.types import Contact


async def get_conversation(session: AsyncSession, conversation_id: ConversationId) -> Conversation:
    """Return a conversation of the session's tenant; raises NotFound."""
    row = await repository.get_conversation(session, conversation_id)
    if row is None:
        raise conversation_not_found()
    return Conversation(
        id=ConversationId(row.id),
        project_id=ProjectId(row.project_id),
        state=row.state,  # type: ignore[arg-type]  # A check constraint holds it to the literal.
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


async def list_messages(
    session: AsyncSession, conversation_id: ConversationId, since: datetime | None = None
) -> Sequence[Message]:
    """Return a conversation's messages, oldest first, from `since` on (inclusive)."""
    if await repository.get_conversation(session, conversation_id) is None:
        raise conversation_not_found()
    return await repository.messages(session, conversation_id, since=since)


async def rate(
    session: AsyncSession,
    account_id: AccountId,
    message_id: MessageId,
    rating: Rating,
    reason: str | None,
) -> None:
    """Rate an assistant's message; the last rating holds. `reason` is kept to the letter."""
    message = await repository.get_message(session, message_id)
    if message is None:
        raise message_not_found()
    if message.author != "assistant":
        raise not_an_answer()
    conversation = await repository.get_conversation(session, message.conversation_id)
    if conversation is None:
        raise conversation_not_found()
    await repository.upsert_feedback(session, account_id, message_id, rating, reason)
    event_type = events.NEGATIVE_FEEDBACK if rating == "negative" else events.FEEDBACK
    payload = {"message_id": str(message_id), "conversation_id": str(message.conversation_id)}
    await record(session, account_id, ProjectId(conversation.project_id), event_type, payload)


async def escalate(
    session: AsyncSession, conversation_id: ConversationId, contact: Contact
) -> None:
    """Ask for a person: the conversation waits for one, and the visitor becomes a lead.

    Doing it again changes nothing but what is newly given. A person who has the conversation
    keeps it.
    """
    conversation = await repository.lock_conversation(session, conversation_id)
    if conversation is None:
        raise conversation_not_found()
    account_id, project_id = conversation.account_id, conversation.project_id
    await leads.capture(session, account_id, project_id, conversation_id, contact)
    if conversation.state in ("waiting", "human"):
        return
    await repository.mark_waiting(session, conversation_id)
    payload = {"conversation_id": str(conversation_id)}
    await record(session, account_id, project_id, events.ESCALATION, payload)

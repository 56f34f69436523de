"""Conversations: reading them, rating answers, asking for a person."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.service import forget_public_ids
from answerdesk.conversations import events, repository
from answerdesk.conversations.access import require_access
from answerdesk.conversations.errors import (
    conversation_not_found,
    message_not_found,
    not_an_answer,
)
from answerdesk.conversations.types import (
    Access,
    Conversation,
    Message,
    Rating,
    VisitorId,
)
from answerdesk.core.database import tenant_of
from answerdesk.core.errors import NotFound
from answerdesk.core.events import record
from answerdesk.core.tenancy import ConversationId, MessageId, ProjectId
from answerdesk.leads import service as leads
from answerdesk.leads.types import Contact


async def get_conversation(
    session: AsyncSession, conversation_id: ConversationId, access: Access
) -> Conversation:
    """Return a conversation; raises NotFound if `access` doesn't reach it."""
    row = await repository.get_conversation(session, conversation_id)
    if row is None:
        raise conversation_not_found()
    conversation = Conversation(
        id=ConversationId(row.id),
        project_id=ProjectId(row.project_id),
        visitor_id=None if row.visitor_id is None else VisitorId(row.visitor_id),
        opens_by_id=row.opens_by_id,
        state=row.state,  # type: ignore[arg-type]  # A check constraint holds it to the literal.
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
    await require_access(session, conversation, access)
    return conversation


async def list_messages(
    session: AsyncSession,
    conversation_id: ConversationId,
    access: Access,
    since: datetime | None = None,
) -> tuple[Conversation, Sequence[Message]]:
    """Return a conversation with its newest messages, oldest first, from `since` on (inclusive).

    Raises NotFound if `access` doesn't reach the conversation.
    """
    conversation = await get_conversation(session, conversation_id, access)
    return conversation, await repository.messages(session, conversation_id, since=since)


async def conversation_of(session: AsyncSession, message_id: MessageId) -> ConversationId:
    """Return the conversation that a message belongs to; raises NotFound.

    This doesn't check access: do so before using the conversation.
    """
    message = await repository.get_message(session, message_id)
    if message is None:
        raise message_not_found()
    return message.conversation_id


async def rate(
    session: AsyncSession,
    message_id: MessageId,
    access: Access,
    rating: Rating,
    reason: str | None,
) -> None:
    """Rate an assistant's message; the last rating counts. `reason` is stored verbatim.

    Raises NotFound if `access` doesn't reach the message's conversation.
    """
    message = await repository.get_message(session, message_id)
    if message is None:
        raise message_not_found()
    try:
        conversation = await get_conversation(session, message.conversation_id, access)
    except NotFound as error:
        raise message_not_found() from error
    if message.author != "assistant":
        raise not_an_answer()
    account_id = tenant_of(session)
    await repository.upsert_feedback(session, account_id, message_id, rating, reason)
    event_type = events.NEGATIVE_FEEDBACK if rating == "negative" else events.FEEDBACK
    payload = {"message_id": str(message_id), "conversation_id": str(message.conversation_id)}
    await record(session, account_id, conversation.project_id, event_type, payload)


async def escalate(
    session: AsyncSession, conversation_id: ConversationId, access: Access, contact: Contact
) -> None:
    """Ask for a person: the conversation waits for one, and the visitor becomes a lead.

    Repeating it only adds newly given contact details. A person who has the conversation keeps
    it. Raises NotFound if `access` doesn't reach the conversation.
    """
    conversation = await repository.lock_conversation(session, conversation_id)
    if conversation is None:
        raise conversation_not_found()
    await require_access(session, conversation, access)
    account_id, project_id = conversation.account_id, conversation.project_id
    await leads.capture(session, account_id, project_id, conversation_id, contact)
    if conversation.state in ("waiting", "human"):
        return
    await repository.mark_waiting(session, conversation_id)
    payload = {"conversation_id": str(conversation_id)}
    await record(session, account_id, project_id, events.ESCALATION, payload)


async def erase_conversations(session: AsyncSession, project_id: ProjectId) -> int:
    """Remove some of the project's conversations; return how many, 0 if none is left."""
    conversations = await repository.lock_some(session, project_id)
    if conversations:
        messages = await repository.ids_of_messages(session, conversations)
        await forget_public_ids(session, [*conversations, *messages])
        await repository.remove_conversations(session, conversations)
    return len(conversations)

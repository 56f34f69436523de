"""Conversations: reading them, rating answers, asking for a person, people's replies."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.service import forget_public_ids, register_public_id
from answerdesk.conversations import repository
from answerdesk.conversations.access import require_access
from answerdesk.conversations.errors import (
    conversation_closed,
    conversation_not_found,
    message_not_found,
    not_an_answer,
)
from answerdesk.conversations.events import (
    FEEDBACK_NEGATIVE,
    FEEDBACK_POSITIVE,
    MESSAGE_SENT,
    ConversationChange,
    MessageRating,
    change_types,
    message_change,
)
from answerdesk.conversations.handoff import (
    SILENT_STATES,
    Happening,
    PersonsChange,
    state_after,
)
from answerdesk.conversations.tasks import cancel_finish
from answerdesk.conversations.types import (
    CONVERSATION_PREFIX,
    MESSAGE_PREFIX,
    Access,
    Conversation,
    ConversationState,
    Message,
    Rating,
    VisitorId,
)
from answerdesk.core.database import tenant_of
from answerdesk.core.dialects import Dialect
from answerdesk.core.errors import NotFound
from answerdesk.core.events import record
from answerdesk.core.tenancy import ConversationId, MessageId, ProjectId, public_id
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
    unread_since: datetime | None = None,
) -> tuple[Conversation, Sequence[Message]]:
    """Return a conversation with its newest messages, oldest first.

    With `unread_since` (inclusive) only people's replies, and answers whose stream was not read to
    the end: what the visitor's program has not seen in its own streams.
    Raises NotFound if `access` doesn't reach the conversation.
    """
    conversation = await get_conversation(session, conversation_id, access)
    return conversation, await repository.messages(
        session, conversation_id, unread_since=unread_since
    )


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
    """Rate an answer or a person's reply; the last rating counts. `reason` is stored verbatim.

    Raises NotFound if `access` doesn't reach the message's conversation.
    """
    message = await repository.get_message(session, message_id)
    if message is None:
        raise message_not_found()
    try:
        conversation = await get_conversation(session, message.conversation_id, access)
    except NotFound as error:
        raise message_not_found() from error
    if message.author == "visitor":
        raise not_an_answer()
    account_id = tenant_of(session)
    await repository.upsert_feedback(session, account_id, message_id, rating, reason)
    event_type = FEEDBACK_NEGATIVE if rating == "negative" else FEEDBACK_POSITIVE
    payload = MessageRating(
        conversation_id=public_id(CONVERSATION_PREFIX, message.conversation_id),
        message_id=public_id(MESSAGE_PREFIX, message_id),
    )
    await record(session, account_id, conversation.project_id, event_type, payload)


async def escalate(
    session: AsyncSession, conversation_id: ConversationId, access: Access, contact: Contact
) -> None:
    """Ask for a person: the conversation waits for one, and the visitor becomes a lead.

    Repeating it only adds newly given contact details. A person who has the conversation keeps
    it. Raises NotFound if `access` doesn't reach the conversation.
    """
    conversation = await _locked(session, conversation_id, access)
    await leads.capture(
        session, conversation.account_id, conversation.project_id, conversation_id, contact
    )
    await _change(session, conversation, "person_wanted")


async def reply(
    session: AsyncSession, conversation_id: ConversationId, access: Access, content: str
) -> Message:
    """Store a person's message to the visitor; the conversation is then with a person.

    Raises NotFound if `access` doesn't reach the conversation.
    """
    conversation = await _locked(session, conversation_id, access)
    await _change(session, conversation, "person_replied")
    message = await repository.add_reply(session, conversation, content)
    await repository.touch(session, conversation_id)
    await register_public_id(session, conversation.account_id, message.id)
    payload = message_change(conversation_id, message.id, "human")
    await record(session, conversation.account_id, conversation.project_id, MESSAGE_SENT, payload)
    return message


async def change(
    session: AsyncSession, conversation_id: ConversationId, access: Access, happening: PersonsChange
) -> ConversationState:
    """Change who has a conversation, as a person of the account wants it; return its state.

    Raises NotFound if `access` doesn't reach the conversation, Conflict if it is closed and can't
    be handed back.
    """
    return await _change(session, await _locked(session, conversation_id, access), happening)


async def _locked(
    session: AsyncSession, conversation_id: ConversationId, access: Access
) -> repository.LockedConversation:
    conversation = await repository.lock_conversation(session, conversation_id)
    if conversation is None:
        raise conversation_not_found()
    await require_access(session, conversation, access)
    return conversation


async def _change(
    session: AsyncSession, conversation: repository.LockedConversation, happening: Happening
) -> ConversationState:
    """Bring a locked conversation into the state after `happening`, and record the events."""
    before = conversation.state
    after = state_after(before, happening)
    if after is None:
        raise conversation_closed()
    if after == before:
        return after
    await repository.set_state(session, conversation.id, after)
    payload = ConversationChange(
        conversation_id=public_id(CONVERSATION_PREFIX, conversation.id), state=after, before=before
    )
    for event_type in change_types(before, after):
        await record(session, conversation.account_id, conversation.project_id, event_type, payload)
    if after in SILENT_STATES:
        for question_id in await repository.take_away(session, conversation.id):
            await cancel_finish(session, question_id)
    return after


async def outside_ids(
    session: AsyncSession, dialect: Dialect, conversations: Sequence[ConversationId]
) -> Mapping[ConversationId, str]:
    """Return the outside ids of conversations in a dialect; those without one are left out."""
    return await repository.outside_ids(session, dialect, conversations)


async def erase_conversations(session: AsyncSession, project_id: ProjectId) -> int:
    """Remove some of the project's conversations; return how many, 0 if none is left."""
    conversations = await repository.lock_some(session, project_id)
    if conversations:
        messages = await repository.ids_of_messages(session, conversations)
        await forget_public_ids(session, [*conversations, *messages])
        await repository.remove_conversations(session, conversations)
    return len(conversations)

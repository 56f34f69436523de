"""Conversations: reading them, rating them, and who has them.

Every change of who has a conversation is decided by `handoff.transition`, see `changing`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.service import forget_public_ids
from answerdesk.conversations import repository
from answerdesk.conversations.access import require_access
from answerdesk.conversations.changing import LockedConversation, announce, apply, locked
from answerdesk.conversations.errors import (
    conversation_changed,
    conversation_not_found,
    message_not_found,
    not_an_answer,
    not_ratable_yet,
)
from answerdesk.conversations.events import (
    CONVERSATION_RATED,
    FEEDBACK_NEGATIVE,
    FEEDBACK_POSITIVE,
    ConversationRating,
    MessageRating,
)
from answerdesk.conversations.handoff import (
    Assigned,
    Hand,
    PersonReplied,
    PersonsAct,
    PersonWanted,
    WantedReason,
)
from answerdesk.conversations.repository import hands, ratings
from answerdesk.conversations.types import (
    CONVERSATION_PREFIX,
    MESSAGE_PREFIX,
    Access,
    Conversation,
    Message,
    OfTheAccount,
    Rating,
    Satisfaction,
    VisitorId,
)
from answerdesk.core.database import tenant_of
from answerdesk.core.dialects import Dialect
from answerdesk.core.errors import NotFound
from answerdesk.core.events import record
from answerdesk.core.tenancy import ConversationId, MessageId, ProjectId, UserId, public_id
from answerdesk.leads import service as leads
from answerdesk.leads.types import Circumstances, Consent, Contact

_MOST_NEWER: Final = 20
"""Maximum number of newer messages that a refusal names."""


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
    await ratings.upsert_feedback(session, account_id, message_id, rating, reason)
    event_type = FEEDBACK_NEGATIVE if rating == "negative" else FEEDBACK_POSITIVE
    payload = MessageRating(
        conversation_id=public_id(CONVERSATION_PREFIX, message.conversation_id),
        message_id=public_id(MESSAGE_PREFIX, message_id),
    )
    await record(session, account_id, conversation.project_id, event_type, payload)


async def escalate(
    session: AsyncSession,
    conversation_id: ConversationId,
    access: Access,
    contact: Contact,
    *,
    consent: Consent | None = None,
    tells: bool = True,
) -> None:
    """Ask for a person: the conversation waits for one, and the visitor becomes a lead.

    Repeating it only adds newly given contact details. A person who has the conversation keeps
    it. `consent` is what the visitor agreed to. Without `tells` the caller tells the visitor.
    Raises NotFound if `access` doesn't reach the conversation.
    """
    conversation = await locked(session, conversation_id, access)
    await _capture(session, conversation, contact, consent)
    await apply(session, conversation, PersonWanted("request"), tells=tells)


async def leave_contact(
    session: AsyncSession,
    conversation_id: ConversationId,
    access: Access,
    contact: Contact,
    *,
    consent: Consent | None = None,
) -> None:
    """Make the visitor a lead, or complete it; nobody is asked for.

    Raises NotFound if `access` doesn't reach the conversation, and InvalidInput for a contact
    without an address and a phone number (`contact_missing`), or with text that is no address
    (`email_invalid`).
    """
    leads.require_reachable(contact)
    conversation = await locked(session, conversation_id, access)
    await _capture(session, conversation, contact, consent)


async def _capture(
    session: AsyncSession,
    conversation: LockedConversation,
    contact: Contact,
    consent: Consent | None,
) -> None:
    await leads.capture(
        session,
        conversation.account_id,
        conversation.project_id,
        conversation.id,
        contact,
        Circumstances(consent=consent),
    )
    # Lists show what visitors left, and take the reading with the higher version.
    await repository.touch(session, conversation.id)


async def pass_on(
    session: AsyncSession, conversation_id: ConversationId, reason: WantedReason
) -> bool:
    """Have a conversation wait for a person; the caller tells the visitor.

    Tells whether it waits since now.
    """
    conversation = await locked(session, conversation_id, OfTheAccount())
    moved = await apply(session, conversation, PersonWanted(reason), tells=False)
    return moved.state == "waiting" != conversation.state


async def reply(
    session: AsyncSession,
    conversation_id: ConversationId,
    access: Access,
    content: str,
    *,
    by: UserId | None = None,
    seen: MessageId | None = None,
    go_ahead: bool = False,
) -> Message:
    """Store a person's message to the visitor; the conversation is then with that person.

    `by` is who writes; None is a program, which takes it from nobody. `seen` is the newest message
    that the writer has seen. With `go_ahead` it is sent whoever has the conversation, and whatever
    was written meanwhile.

    Raises:
    - NotFound if `access` doesn't reach the conversation, or `seen` isn't one of its messages
    - Conflict if another person has it (`held_by_another`), or if there are newer messages
      (`conversation_changed`)
    """
    conversation = await locked(session, conversation_id, access)
    await _require_seen(session, conversation_id, by, None if go_ahead else seen)
    await apply(session, conversation, PersonReplied(by, go_ahead))
    message = await repository.add_message(session, conversation, "human", content, by)
    await announce(session, conversation, message)
    return message


async def act(
    session: AsyncSession,
    conversation_id: ConversationId,
    access: Access,
    happening: PersonsAct,
    *,
    seen: MessageId | None = None,
    go_ahead: bool = False,
) -> Hand:
    """Change who has a conversation, as a person of the account wants it; return who has it then.

    `seen` and `go_ahead` are as in `reply`. Raises what `reply` raises, Conflict
    (`conversation_closed`) if it is closed, and NotFound for somebody who is no member.
    """
    conversation = await locked(session, conversation_id, access)
    by = None if isinstance(happening, PersonWanted) else happening.by
    await _require_seen(session, conversation_id, by, None if go_ahead else seen)
    return await apply(session, conversation, happening)


async def release(session: AsyncSession, person: UserId) -> bool:
    """Have one conversation of a person who has left wait again; tell whether there was one."""
    conversation_id = await hands.assigned_to(session, person)
    if conversation_id is None:
        return False
    conversation = await locked(session, conversation_id, OfTheAccount())
    if conversation.assignee_id == person:
        await apply(session, conversation, Assigned(None, None))
    return True


async def _require_seen(
    session: AsyncSession,
    conversation_id: ConversationId,
    by: UserId | None,
    seen: MessageId | None,
) -> None:
    if seen is None:
        return
    message = await repository.get_message(session, seen)
    if message is None or message.conversation_id != conversation_id:
        raise message_not_found()
    newer = await hands.newer_messages(session, conversation_id, seen, by, _MOST_NEWER)
    if newer:
        raise conversation_changed(newer)


async def rate_conversation(
    session: AsyncSession,
    conversation_id: ConversationId,
    access: Access,
    score: int,
    comment: str | None,
) -> None:
    """Store the visitor's rating (1 to 5) of a whole conversation; the last one counts.

    Raises NotFound if `access` doesn't reach it, Conflict unless it is closed or with a person.
    """
    conversation = await locked(session, conversation_id, access)
    if conversation.state not in ("closed", "human"):
        raise not_ratable_yet()
    await ratings.rate_conversation(session, conversation, score, comment)
    payload = ConversationRating(
        conversation_id=public_id(CONVERSATION_PREFIX, conversation_id), score=score
    )
    await record(
        session, conversation.account_id, conversation.project_id, CONVERSATION_RATED, payload
    )


async def satisfaction_with(
    session: AsyncSession, conversation_id: ConversationId
) -> Satisfaction | None:
    """Return the visitor's rating of a conversation, whose access the caller has checked."""
    return await ratings.satisfaction_with(session, conversation_id)


async def outside_ids(
    session: AsyncSession, dialect: Dialect, conversations: Sequence[ConversationId]
) -> Mapping[ConversationId, str]:
    """Return the outside ids of conversations in a dialect; those without one are left out."""
    return await repository.outside_ids(session, dialect, conversations)


async def erase_conversations(session: AsyncSession, project_id: ProjectId) -> int:
    """Remove some of the project's conversations; return how many, 0 if none is left."""
    conversations = await repository.lock_some(session, project_id)
    await erase_locked(session, conversations)
    return len(conversations)


async def erase_locked(
    session: AsyncSession, conversations: Sequence[ConversationId]
) -> Sequence[MessageId]:
    """Remove locked conversations with all that hangs on them; return their messages' ids.

    It records nothing: what tells of them elsewhere is the caller's.
    """
    if not conversations:
        return []
    messages = await repository.ids_of_messages(session, conversations)
    await forget_public_ids(session, [*conversations, *messages])
    await repository.remove_conversations(session, conversations)
    return messages

"""Read marks: set how far a person has read a conversation."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.conversations.errors import message_not_found
from answerdesk.core.tenancy import ConversationId, MessageId, UserId
from answerdesk.inbox import service as inbox
from answerdesk.inbox.reading import repository
from answerdesk.inbox.repository import touch


async def mark(
    session: AsyncSession,
    user_id: UserId,
    conversation_id: ConversationId,
    message_id: MessageId,
    *,
    unread: bool,
) -> datetime | None:
    """Note that a person has read up to a message; return the mark, None if there is none.

    It only moves forward, so that a slow request takes nothing back. With `unread` it moves back to
    just before the message, which is unread then, and so is all after it. Raises NotFound.
    """
    found = await inbox.locked(session, conversation_id)
    wanted = await repository.place(session, conversation_id, message_id, unread=unread)
    if wanted is None:
        raise message_not_found()
    before = await repository.mark_of(session, conversation_id, user_id)
    if not _moves(before, wanted, back=unread):
        return before
    await touch(session, conversation_id)
    await repository.set_mark(session, conversation_id, user_id, wanted)
    await inbox.tell_own(session, found.project_id, conversation_id, user_id, "read")
    return wanted


def _moves(before: datetime | None, wanted: datetime, *, back: bool) -> bool:
    if before is None:
        # All is unread.
        return not back
    return wanted < before if back else wanted > before

"""Snoozing conversations, and waking them: at the time, earlier by hand, or by a message.

A message wakes its conversation in the statement that stores it, without a word to the job, which
then finds nothing to do.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.conversations.errors import conversation_closed
from answerdesk.core.database import tenant_of
from answerdesk.core.due import cancel, schedule
from answerdesk.core.tenancy import ConversationId
from answerdesk.inbox import service as inbox
from answerdesk.inbox.errors import snooze_time
from answerdesk.inbox.snoozing import repository

WAKE: Final = "inbox.wake"
LONGEST_SNOOZE: Final = timedelta(days=366)


def _key(conversation_id: ConversationId) -> str:
    return f"{WAKE}:{conversation_id}"


async def snooze(session: AsyncSession, conversation_id: ConversationId, until: datetime) -> None:
    """Take a conversation out of the lists until a time; a later snooze replaces an earlier one.

    Raises NotFound, InvalidInput (`snooze_time`) for a time that is not within the next year, and
    Conflict for a closed conversation.
    """
    found = await inbox.locked(session, conversation_id)
    if not found.now < until <= found.now + LONGEST_SNOOZE:
        raise snooze_time()
    if found.state == "closed":
        raise conversation_closed()
    if until == found.snoozed_until:
        return
    await repository.snooze(session, conversation_id, until)
    await inbox.tell(session, found.project_id, conversation_id, "snooze")
    # A job that waits would keep the earlier of the two times.
    await cancel(session, key=_key(conversation_id))
    await schedule(
        session,
        WAKE,
        account_id=tenant_of(session),
        payload={"conversation_id": str(conversation_id)},
        run_at=until,
        key=_key(conversation_id),
    )


async def wake(session: AsyncSession, conversation_id: ConversationId) -> None:
    """End a conversation's snooze, if it has one. Raises NotFound."""
    await inbox.locked(session, conversation_id)
    project_id = await repository.wake(session, conversation_id, due=False)
    if project_id is not None:
        await inbox.tell(session, project_id, conversation_id, "snooze")
    await cancel(session, key=_key(conversation_id))


async def wake_due(session: AsyncSession, conversation_id: ConversationId) -> None:
    """End a conversation's snooze if its time is over; otherwise another job will."""
    project_id = await repository.wake(session, conversation_id, due=True)
    if project_id is not None:
        await inbox.tell(session, project_id, conversation_id, "snooze")

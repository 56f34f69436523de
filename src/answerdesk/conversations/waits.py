"""The jobs about people who have conversations: nobody takes one, or its person has left."""

from datetime import timedelta
from uuid import UUID

from answerdesk.accounts.members.service import MEMBER_LEFT
from answerdesk.agents.service import get_desk
from answerdesk.conversations import repository
from answerdesk.conversations.changing import apply
from answerdesk.conversations.claim_timer import told_at
from answerdesk.conversations.handoff import Unclaimed
from answerdesk.conversations.service import release
from answerdesk.conversations.tasks import TELL_UNCLAIMED
from answerdesk.core.database import Database
from answerdesk.core.due import Job, Registration, RetryLater
from answerdesk.core.tenancy import AccountId, ConversationId, UserId


async def tell_unclaimed(
    database: Database, account_id: AccountId, conversation_id: ConversationId
) -> None:
    """Tell a visitor that nobody has taken their conversation, once, if that is so.

    Raises RetryLater if its time has not come, since the hours have changed or it waits anew.
    """
    async with database.transaction(account_id) as session:
        conversation = await repository.lock_conversation(session, conversation_id)
        if conversation is None or conversation.state != "waiting":
            return
        row = await repository.get_conversation(session, conversation_id)
        since = None if row is None else row.escalated_at
        if since is not None:
            at = told_at(await get_desk(session, conversation.project_id), since)
            left = at - conversation.now
            if left > timedelta(0):
                raise RetryLater(left, "Its time has not come.")
        await apply(session, conversation, Unclaimed())


async def release_all(database: Database, account_id: AccountId, person: UserId) -> None:
    """Have all conversations wait again that a person had who has left."""
    while True:
        async with database.transaction(account_id) as session:
            if not await release(session, person):
                return


def registrations(database: Database) -> dict[str, Registration]:
    async def unclaimed(job: Job) -> None:
        conversation_id = ConversationId(UUID(str(job.payload["conversation_id"])))
        await tell_unclaimed(database, AccountId(job.account_id), conversation_id)

    async def left(job: Job) -> None:
        person = UserId(UUID(str(job.payload["user_id"])))
        await release_all(database, AccountId(job.account_id), person)

    return {
        TELL_UNCLAIMED: Registration(unclaimed, concurrency=4, max_attempts=None),
        MEMBER_LEFT: Registration(left, concurrency=2, max_attempts=None),
    }

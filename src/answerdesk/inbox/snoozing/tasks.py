"""The job that wakes a snoozed conversation when its time has come."""

from uuid import UUID

from answerdesk.core.database import Database
from answerdesk.core.due import Job, Registration
from answerdesk.core.tenancy import AccountId, ConversationId
from answerdesk.inbox.snoozing.service import WAKE, wake_due


def registrations(database: Database) -> dict[str, Registration]:
    """Return the handlers that a worker needs for snoozes."""

    async def wake(job: Job) -> None:
        conversation_id = ConversationId(UUID(str(job.payload["conversation_id"])))
        async with database.transaction(AccountId(job.account_id)) as session:
            await wake_due(session, conversation_id)

    return {WAKE: Registration(wake, concurrency=2, max_attempts=None)}

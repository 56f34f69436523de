"""The jobs of service levels: follow what happens, and look when a target is due."""

from typing import cast
from uuid import UUID

from answerdesk.conversations.types import CONVERSATION_PREFIX
from answerdesk.core.database import Database
from answerdesk.core.due import Job, Registration
from answerdesk.core.events import events_by_id
from answerdesk.core.tenancy import AccountId, ConversationId, parse_public_id
from answerdesk.inbox.service_levels.clocks import happening_of
from answerdesk.inbox.service_levels.service import are_in_use, settle
from answerdesk.inbox.service_levels.types import CHECK, FOLLOW


def registrations(database: Database) -> dict[str, Registration]:
    """Return the handlers that a worker needs for service levels."""

    async def follow(job: Job) -> None:
        account_id = AccountId(job.account_id)
        if not await are_in_use(database.single(account_id)):
            return
        async with database.transaction(account_id) as session:
            events = await events_by_id(session, cast("list[int]", job.payload["events"]))
        begun: dict[ConversationId, list[int]] = {}
        for event in events:
            named = parse_public_id(CONVERSATION_PREFIX, str(event.payload.get("conversation_id")))
            happening = happening_of(event)
            if named is not None and happening is not None:
                waits = begun.setdefault(ConversationId(named), [])
                waits += [event.id] if happening == "waits" else []
        for conversation_id, waits in begun.items():
            async with database.transaction(account_id) as session:
                await settle(session, conversation_id, waits)

    async def check(job: Job) -> None:
        conversation_id = ConversationId(UUID(str(job.payload["conversation_id"])))
        async with database.transaction(AccountId(job.account_id)) as session:
            await settle(session, conversation_id)

    return {
        FOLLOW: Registration(follow, concurrency=8, guests=8, max_attempts=None),
        CHECK: Registration(check, concurrency=4, guests=4, max_attempts=None),
    }

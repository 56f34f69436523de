"""The jobs of drafts: look which conversations ended, draw from those that a person had."""

from contextlib import suppress
from typing import cast
from uuid import UUID

from answerdesk.conversations.types import CONVERSATION_PREFIX
from answerdesk.core.database import Database
from answerdesk.core.due import Job, Registration, schedule
from answerdesk.core.errors import NotFound
from answerdesk.core.events import events_by_id
from answerdesk.core.tenancy import AccountId, ConversationId, parse_public_id
from answerdesk.insights.drafts import repository
from answerdesk.insights.drafts.errors import DraftsFull
from answerdesk.insights.drafts.service import Drafting
from answerdesk.insights.drafts.types import DRAW, FOLLOW


def registrations(database: Database, drafting: Drafting) -> dict[str, Registration]:
    """Return the handlers that a worker needs for drafts."""

    async def follow(job: Job) -> None:
        account_id = AccountId(job.account_id)
        async with database.transaction(account_id) as session:
            events = await events_by_id(session, cast("list[int]", job.payload["events"]))
            named = (
                parse_public_id(CONVERSATION_PREFIX, str(one.payload.get("conversation_id")))
                for one in events
            )
            ended = {ConversationId(one) for one in named if one is not None}
            # In one order, since a keyed job holds others with the same key until the end.
            for conversation_id in sorted(await repository.worth_drawing(session, ended)):
                await schedule(
                    session,
                    DRAW,
                    account_id=account_id,
                    payload={"conversation_id": str(conversation_id)},
                    key=f"{DRAW}:{conversation_id}",
                )

    async def draw(job: Job) -> None:
        conversation_id = ConversationId(UUID(str(job.payload["conversation_id"])))
        # It may be gone, and who lets a thousand drafts wait gets no more.
        with suppress(NotFound, DraftsFull):
            await drafting.draw(AccountId(job.account_id), conversation_id)

    return {
        FOLLOW: Registration(follow, concurrency=2, guests=2),
        DRAW: Registration(draw, concurrency=1, guests=1),
    }

"""The native API of snoozing."""

from datetime import datetime

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict, Field

from answerdesk.conversations.schemas import Since
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.openapi import problems
from answerdesk.inbox.dependencies import ConversationWrite, Writer
from answerdesk.inbox.snoozing import service


class SnoozeIn(BaseModel):
    """Until when a conversation is snoozed."""

    model_config = ConfigDict(extra="forbid")

    until: Since = Field(description="In the future, at most a year ahead.")


class SnoozeOut(BaseModel):
    """Until when a conversation is snoozed."""

    snoozed_until: datetime


def make_router(max_json_bytes: int) -> APIRouter:
    """Return the routes; bodies have at most `max_json_bytes`."""
    router = APIRouter(
        prefix="/v1/conversations/{conversation_id}/snooze",
        route_class=bounded_route(max_json_bytes),
        tags=["inbox"],
    )
    router.add_api_route("", snooze, methods=["POST"], responses=problems(409))
    router.add_api_route("", wake, methods=["DELETE"], status_code=status.HTTP_204_NO_CONTENT)
    return router


async def snooze(
    body: SnoozeIn, conversation_id: ConversationWrite, caller: Writer, database: DatabaseOf
) -> SnoozeOut:
    """Take a conversation out of the lists until a time, or until its visitor writes.

    It isn't closed meanwhile for being idle. A later snooze replaces an earlier one.
    """
    async with database.transaction(caller.account_id) as session:
        await service.snooze(session, conversation_id, body.until)
    return SnoozeOut(snoozed_until=body.until)


async def wake(conversation_id: ConversationWrite, caller: Writer, database: DatabaseOf) -> None:
    """Put a snoozed conversation back into the lists."""
    async with database.transaction(caller.account_id) as session:
        await service.wake(session, conversation_id)

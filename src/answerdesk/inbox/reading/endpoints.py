"""The native API of read marks."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from answerdesk.conversations.errors import message_not_found
from answerdesk.conversations.schemas import Id
from answerdesk.conversations.types import MESSAGE_PREFIX
from answerdesk.core.tenancy import MessageId, parse_public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.inbox.dependencies import ConversationWrite, Writer, WritingPerson
from answerdesk.inbox.reading import service


class ReadIn(BaseModel):
    """How far you have read."""

    model_config = ConfigDict(extra="forbid")

    message_id: Id
    unread: bool = Field(
        default=False, description="Whether this message, and all after it, are to be unread."
    )


class ReadOut(BaseModel):
    """Up to when you have read; null if you have read nothing."""

    read_at: datetime | None


def make_router(max_json_bytes: int) -> APIRouter:
    """Return the route; its body has at most `max_json_bytes`."""
    router = APIRouter(
        prefix="/v1/conversations/{conversation_id}/read",
        route_class=bounded_route(max_json_bytes),
        tags=["inbox"],
    )
    router.add_api_route("", mark_read, methods=["PUT"])
    return router


async def mark_read(
    body: ReadIn,
    conversation_id: ConversationWrite,
    person: WritingPerson,
    caller: Writer,
    database: DatabaseOf,
) -> ReadOut:
    """Note that you have read up to a message, or with `unread` up to just before it.

    The mark is yours alone; without `unread` it only moves forward.
    """
    value = parse_public_id(MESSAGE_PREFIX, body.message_id)
    if value is None:
        raise message_not_found()
    async with database.transaction(caller.account_id) as session:
        read_at = await service.mark(
            session, person, conversation_id, MessageId(value), unread=body.unread
        )
    return ReadOut(read_at=read_at)

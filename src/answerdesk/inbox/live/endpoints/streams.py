"""The native API of live views, for people of an account and for visitors."""

import json
from collections.abc import Sequence
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, status
from pydantic import BaseModel, ConfigDict, Field

from answerdesk.conversations import service as conversations
from answerdesk.conversations.dependencies import ClaimsOf, VisitorOf
from answerdesk.conversations.errors import conversation_not_found
from answerdesk.conversations.history import service as history
from answerdesk.conversations.types import CONVERSATION_PREFIX, OfTheAccount, OwnConversations
from answerdesk.core.errors import NotFound
from answerdesk.core.live import Frame
from answerdesk.core.tenancy import ConversationId, UserId, parse_public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import BaseUrl, DatabaseOf
from answerdesk.core.web.openapi import problems
from answerdesk.core.web.sse import EventStream
from answerdesk.core.web.text import CleanText
from answerdesk.inbox.dependencies import (
    ConversationWrite,
    Reader,
    Writer,
    conversation_within_reach,
)
from answerdesk.inbox.live.endpoints.lists import LiveInboxOf

_LONGEST_CURSOR: Final = 100
_LONGEST_ID: Final = 100


def _frames(names: Sequence[str], description: str) -> dict[int | str, dict[str, Any]]:
    event = {
        "type": "object",
        "description": "One event; its data is a JSON object.",
        "required": ["event", "data"],
        "properties": {
            "id": {"type": "string", "description": "The cursor to continue from."},
            "event": {"type": "string", "enum": [*names]},
            "data": {"type": "string"},
        },
    }
    content = {"text/event-stream": {"schema": event}}
    return {200: {"description": description, "content": content}}


_TO_PEOPLE: Final = _frames(
    [
        *("stream", "conversation", "own", "message", "note", "counts", "typing", "presence"),
        *("notice", "projects", "reload", "ended"),
    ],
    "Server-sent events. Each tells a whole state, which replaces what was known. Keep the last "
    "`id` and send it as `cursor` after a break. After `reload` take a new snapshot; after `ended` "
    "get a new credential.",
)
_TO_VISITORS: Final = _frames(
    ["state", "message", "typing", "reload", "ended"],
    "Server-sent events: `state` says who has the conversation, `message` is a new one. Keep the "
    "last `id` and send it as `cursor` after a break.",
)

CursorOf = Annotated[
    CleanText | None,
    Query(max_length=_LONGEST_CURSOR, description="Where to continue; without it, from now on."),
]
LastEventId = Annotated[
    CleanText | None,
    Header(max_length=_LONGEST_CURSOR, description="Like `cursor`, which it overrides."),
]


class PresenceIn(BaseModel):
    """Which conversation a person has open, in the browser with this stream."""

    model_config = ConfigDict(extra="forbid")

    stream_id: UUID
    conversation_id: Annotated[CleanText, Field(max_length=_LONGEST_ID)] | None = None


def make_router(max_json_bytes: int) -> APIRouter:
    """Return the routes; bodies have at most `max_json_bytes`."""
    router = APIRouter(prefix="/v1", route_class=bounded_route(max_json_bytes))
    gone = status.HTTP_204_NO_CONTENT
    own = "/visitor/conversations/{conversation_id}"
    people: list[Any] = ["inbox"]
    visitors: list[Any] = ["visitors"]
    router.add_api_route(
        "/inbox/stream", stream, response_class=EventStream, responses=_TO_PEOPLE, tags=people
    )
    router.add_api_route("/inbox/events", poll, tags=people)
    router.add_api_route(
        "/inbox/presence",
        look_at,
        methods=["POST"],
        status_code=gone,
        responses=problems(404),
        tags=people,
    )
    router.add_api_route(
        "/conversations/{conversation_id}/typing",
        type_as_person,
        methods=["POST"],
        status_code=gone,
        tags=people,
    )
    router.add_api_route(
        f"{own}/stream",
        visitor_stream,
        response_class=EventStream,
        responses={**_TO_VISITORS, **problems(404)},
        tags=visitors,
    )
    router.add_api_route(
        f"{own}/typing", type_as_visitor, methods=["POST"], status_code=gone, tags=visitors
    )
    return router


async def stream(
    request: Request,
    caller: Reader,
    inbox: LiveInboxOf,
    base_url: BaseUrl,
    cursor: CursorOf = None,
    last_event_id: LastEventId = None,
) -> EventStream:
    """Stream the inbox as server-sent events; your own changes come the same way."""
    authorization = request.headers.get("authorization", "")
    frames = inbox.stream(caller, authorization, last_event_id or cursor, base_url)
    return EventStream(frames, endless=True)


class PolledFrame(BaseModel):
    """One event, as on the stream."""

    event: str
    data: dict[str, Any]


class PolledOut(BaseModel):
    """What has happened since the cursor, and the next cursor."""

    frames: list[PolledFrame]
    cursor: str
    more: bool = Field(description="There is more: ask again immediately.")


async def poll(
    caller: Reader,
    inbox: LiveInboxOf,
    base_url: BaseUrl,
    cursor: Annotated[CleanText, Query(max_length=_LONGEST_CURSOR)],
) -> PolledOut:
    """Return what has happened since the cursor: the stream's events, for those who poll."""
    found = await inbox.poll(caller, cursor, base_url)
    return PolledOut(
        frames=[_polled(one) for one in found.frames], cursor=found.cursor, more=found.more
    )


def _polled(frame: Frame) -> PolledFrame:
    return PolledFrame.model_validate({"event": frame.event, "data": json.loads(frame.data)})


async def look_at(
    body: PresenceIn,
    caller: Reader,
    inbox: LiveInboxOf,
    database: DatabaseOf,
) -> None:
    """Say which conversation you have open, so that colleagues see it."""
    person = caller.require_person()
    opened = None
    if body.conversation_id is not None:
        opened = await conversation_within_reach(body.conversation_id, caller, database)
    if not await inbox.presences.look_at(caller.account_id, person, body.stream_id, opened):
        raise NotFound(
            "You have no such stream; use the `stream_id` of the stream that is open",
            code="stream_not_found",
        )


async def type_as_person(
    conversation_id: ConversationWrite, caller: Writer, inbox: LiveInboxOf, database: DatabaseOf
) -> None:
    """Say that you type in this conversation; the visitor and colleagues see it for a while."""
    async with database.transaction(caller.account_id) as session:
        found = await conversations.get_conversation(session, conversation_id, OfTheAccount())
    person = UserId(caller.subject) if caller.kind == "user" else None
    await inbox.typing.by_person(caller.account_id, found.project_id, conversation_id, person)


def _conversation_id(text: str) -> ConversationId:
    value = parse_public_id(CONVERSATION_PREFIX, text)
    if value is None:
        raise conversation_not_found()
    return ConversationId(value)


async def visitor_stream(
    conversation_id: str,
    visitor: VisitorOf,
    claims: ClaimsOf,
    inbox: LiveInboxOf,
    database: DatabaseOf,
    base_url: BaseUrl,
    cursor: CursorOf = None,
    last_event_id: LastEventId = None,
) -> EventStream:
    """Stream what happens in the visitor's conversation as server-sent events.

    Open it, then list the messages, and merge by id.
    """
    found = _conversation_id(conversation_id)
    async with database.transaction(visitor.account_id) as session:
        await history.conversation(session, found, OwnConversations(visitor.id))
    frames = inbox.visitor_stream(claims, found, last_event_id or cursor, base_url)
    return EventStream(frames, endless=True)


async def type_as_visitor(conversation_id: str, visitor: ClaimsOf, inbox: LiveInboxOf) -> None:
    """Say that the visitor types; people see it for a while."""
    await inbox.visitor_types(visitor, _conversation_id(conversation_id))

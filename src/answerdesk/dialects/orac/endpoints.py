"""Orac's widget tier: unauthenticated, scoped to a project or a conversation by its id."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from answerdesk.conversations import service as conversations
from answerdesk.conversations.errors import conversation_not_found
from answerdesk.conversations.types import CONVERSATION_PREFIX, IncomingMessage
from answerdesk.core.tenancy import ConversationId, parse_public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import BaseUrl, DatabaseOf
from answerdesk.core.web.sse import event_stream
from answerdesk.dialects.orac.dependencies import (
    ReplyOf,
    find_conversation,
    find_message,
    parse_since,
)
from answerdesk.dialects.orac.encoder import encode_chat, encode_config, encode_message
from answerdesk.dialects.orac.schemas import (
    ChatBody,
    ErrorBody,
    EscalateBody,
    FeedbackBody,
    MessageList,
    Success,
    WidgetConfig,
)
from answerdesk.leads.types import Contact
from answerdesk.projects.service import find_owner, find_project

_STREAM = {
    "description": "Server-sent events: `conversation_id`, `token`…, `sources`, `confidence`, "
    "`done`; or `error`.",
    "content": {"text/event-stream": {"schema": {"type": "string"}}},
}
_ERRORS: Final[dict[int | str, dict[str, Any]]] = {
    400: {"model": ErrorBody, "description": "Missing or malformed input."},
    404: {"model": ErrorBody, "description": "Project, conversation or message not found."},
    500: {"model": ErrorBody, "description": "Unhandled error; safe to try again."},
}


def make_router(max_json_bytes: int) -> APIRouter:
    """Return the widget tier's routes, which read bodies of at most `max_json_bytes`."""
    router = APIRouter(route_class=bounded_route(max_json_bytes), tags=["widget"])
    router.add_api_route(
        "/api/chat",
        chat,
        methods=["POST"],
        response_class=StreamingResponse,
        responses={**_ERRORS, 200: _STREAM},
    )
    router.add_api_route("/api/widget/config", widget_config, responses=_ERRORS)
    router.add_api_route("/api/widget/messages", widget_messages, responses=_ERRORS)
    router.add_api_route("/api/widget/feedback", feedback, methods=["POST"], responses=_ERRORS)
    router.add_api_route("/api/widget/escalate", escalate, methods=["POST"], responses=_ERRORS)
    return router


async def chat(
    body: ChatBody, database: DatabaseOf, reply: ReplyOf, base_url: BaseUrl
) -> StreamingResponse:
    """Answer a visitor's message as a stream."""
    account_id, project_id = await find_owner(database, body.project_id)
    incoming = IncomingMessage(
        account_id=account_id,
        project_id=project_id,
        text=body.message,
        conversation_id=_conversation_id(body.conversation_id),
        visitor=body.visitor_id or None,
        page_url=body.page_url,
        context=body.context,
    )
    events = await reply.chat(incoming)
    return event_stream(encode_chat(events, project_id, base_url))


def _conversation_id(text: str | None) -> ConversationId | None:
    """Read the id of a conversation that goes on; an empty one begins a new conversation."""
    if not text:
        return None
    value = parse_public_id(CONVERSATION_PREFIX, text)
    if value is None:
        raise conversation_not_found()
    return ConversationId(value)


async def widget_config(
    database: DatabaseOf, project_id: Annotated[str, Query(alias="id")]
) -> WidgetConfig:
    """Return what the widget needs to draw itself."""
    return encode_config(await find_project(database, project_id), datetime.now(UTC))


async def widget_messages(
    database: DatabaseOf,
    base_url: BaseUrl,
    conversation_id: Annotated[str, Query(alias="conversationId")],
    since: str | None = None,
) -> MessageList:
    """Return a conversation's messages, from `since` on (inclusive); merge them by id."""
    moment = parse_since(since)
    account_id, found = await find_conversation(database, conversation_id)
    async with database.transaction(account_id) as session:
        conversation = await conversations.get_conversation(session, found)
        messages = await conversations.list_messages(session, found, moment)
    return MessageList(
        messages=[encode_message(one, conversation.project_id, base_url) for one in messages]
    )


async def feedback(body: FeedbackBody, database: DatabaseOf) -> Success:
    """Rate an assistant's message; the last rating holds."""
    account_id, message_id = await find_message(database, body.message_id)
    async with database.transaction(account_id) as session:
        await conversations.rate(session, account_id, message_id, body.rating, body.reason)
    return Success()


async def escalate(body: EscalateBody, database: DatabaseOf) -> Success:
    """Ask for a person, leaving ways to be reached."""
    account_id, conversation_id = await find_conversation(database, body.conversation_id)
    contact = Contact(body.email or None, body.phone or None, body.message or None)
    async with database.transaction(account_id) as session:
        await conversations.escalate(session, conversation_id, contact)
    return Success()

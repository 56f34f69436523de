"""Orac's widget tier: unauthenticated, scoped to a project or a conversation by its id."""

from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query

from answerdesk.accounts.limits.service import features_of
from answerdesk.agents.service import find_desk
from answerdesk.conversations import service as conversations
from answerdesk.conversations.dependencies import ClientAddress, OriginOf, ReplyOf
from answerdesk.conversations.errors import conversation_not_found
from answerdesk.conversations.types import CONVERSATION_PREFIX, ByItsId, IncomingMessage
from answerdesk.conversations.visitors.service import require_origin
from answerdesk.core.tenancy import ConversationId, parse_public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import BaseUrl, DatabaseOf
from answerdesk.core.web.openapi import error_responses
from answerdesk.core.web.sse import EventStream
from answerdesk.dialects.orac.dependencies import (
    IdentityHeader,
    KnownCaller,
    TierOf,
    parse_since,
)
from answerdesk.dialects.orac.encoder import encode_chat, encode_config, encode_message
from answerdesk.dialects.orac.schemas import (
    ChatBody,
    ErrorBody,
    EscalateBody,
    FeedbackBody,
    IdentityToken,
    MessageList,
    Success,
    WidgetConfig,
)
from answerdesk.leads.types import Contact
from answerdesk.projects.service import find_owner

_STREAM = {
    "description": "Server-sent events: `conversation_id`, `token`…, `sources`, `confidence`, "
    "`done`; or `error`.",
    "content": {"text/event-stream": {"schema": {"type": "string"}}},
}
_ERRORS: Final = error_responses(
    ErrorBody,
    {
        400: "Missing or malformed input.",
        401: "The identity token or the API key is not valid.",
        403: "The page's origin is not allowed.",
        404: "Project, conversation or message not found.",
        429: "Too many messages; `retry_after` is in seconds.",
        500: "Unhandled error; safe to retry.",
        503: "Temporarily unavailable.",
    },
)


def make_router(max_json_bytes: int) -> APIRouter:
    """Return the widget tier's routes; bodies have at most `max_json_bytes`."""
    router = APIRouter(route_class=bounded_route(max_json_bytes), tags=["widget"])
    router.add_api_route(
        "/api/chat",
        chat,
        methods=["POST"],
        response_class=EventStream,
        responses={**_ERRORS, 200: _STREAM},
    )
    router.add_api_route("/api/widget/config", widget_config, responses=_ERRORS)
    router.add_api_route("/api/widget/messages", widget_messages, responses=_ERRORS)
    router.add_api_route("/api/widget/feedback", feedback, methods=["POST"], responses=_ERRORS)
    router.add_api_route("/api/widget/escalate", escalate, methods=["POST"], responses=_ERRORS)
    return router


async def chat(
    body: ChatBody,
    tier: TierOf,
    database: DatabaseOf,
    reply: ReplyOf,
    caller: KnownCaller,
    address: ClientAddress,
    base_url: BaseUrl,
    identity_token: IdentityHeader = None,
) -> EventStream:
    """Send a visitor's message; the response streams the reply."""
    account_id, project_id = await find_owner(database, body.project_id)
    token = identity_token or body.identity_token
    identified = await tier.visitor(account_id, project_id, token)
    is_own_server = caller is not None and caller.account_id == account_id
    incoming = IncomingMessage(
        account_id=account_id,
        project_id=project_id,
        text=body.message,
        access=ByItsId(None if identified is None else identified.identity),
        origin=tier.origin,
        # Count all visitors by address except identified ones, since any other name can be made up.
        # The account's own servers send many visitors' messages from one address.
        address=None if is_own_server or identified is not None else address,
        conversation_id=_conversation_id(body.conversation_id),
        visitor_id=None if identified is None else identified.id,
        visitor=body.visitor_id or None,
        page_url=body.page_url,
        context=body.context,
    )
    events = await reply.chat(incoming)
    return EventStream(encode_chat(events, project_id, base_url))


def _conversation_id(text: str | None) -> ConversationId | None:
    """Parse the id of an existing conversation; an empty one begins a new conversation."""
    if not text:
        return None
    value = parse_public_id(CONVERSATION_PREFIX, text)
    if value is None:
        raise conversation_not_found()
    return ConversationId(value)


async def widget_config(
    database: DatabaseOf, origin: OriginOf, project_id: Annotated[str, Query(alias="id")]
) -> WidgetConfig:
    """Return what the widget needs to draw itself."""
    desk = await find_desk(database, project_id)
    require_origin(desk.project, origin, said=False)
    features = await features_of(database, desk.project.account_id)
    return encode_config(desk, features, datetime.now(UTC))


async def widget_messages(
    tier: TierOf,
    database: DatabaseOf,
    base_url: BaseUrl,
    conversation_id: Annotated[str, Query(alias="conversationId")],
    since: str | None = None,
    identity_token: IdentityHeader = None,
    identity_token_query: Annotated[IdentityToken | None, Query(alias="identity_token")] = None,
) -> MessageList:
    """Return a conversation's messages. Merge them by id.

    With `since` (inclusive), only what the widget has not seen in its own streams: people's
    replies, and answers whose stream was not read to its end.
    """
    moment = parse_since(since)
    token = identity_token or identity_token_query
    account_id, found, access = await tier.conversation(conversation_id, token)
    async with database.transaction(account_id) as session:
        conversation, messages = await conversations.list_messages(session, found, access, moment)
    return MessageList(
        messages=[encode_message(one, conversation.project_id, base_url) for one in messages]
    )


async def feedback(
    body: FeedbackBody, tier: TierOf, database: DatabaseOf, identity_token: IdentityHeader = None
) -> Success:
    """Rate an assistant's message; the last rating counts."""
    token = identity_token or body.identity_token
    account_id, message_id, access = await tier.message(body.message_id, token)
    async with database.transaction(account_id) as session:
        await conversations.rate(session, message_id, access, body.rating, body.reason)
    return Success()


async def escalate(
    body: EscalateBody, tier: TierOf, database: DatabaseOf, identity_token: IdentityHeader = None
) -> Success:
    """Ask for a person, optionally with contact details."""
    token = identity_token or body.identity_token
    account_id, conversation_id, access = await tier.conversation(body.conversation_id, token)
    contact = Contact(body.email or None, body.phone or None, body.message or None)
    async with database.transaction(account_id) as session:
        await conversations.escalate(session, conversation_id, access, contact)
    return Success()

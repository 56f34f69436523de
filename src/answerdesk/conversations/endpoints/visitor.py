"""The visitors' tier: a widget key begins a session, whose token represents one visitor."""

from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Query, status

from answerdesk.conversations import service as conversations
from answerdesk.conversations.dependencies import (
    AddressLimitsOf,
    ClaimsOf,
    ClientAddress,
    OriginOf,
    ReplyOf,
    VisitorOf,
    VisitorsOf,
)
from answerdesk.conversations.endpoints.stream import encode_chat
from answerdesk.conversations.errors import conversation_not_found, message_not_found
from answerdesk.conversations.history import service as history
from answerdesk.conversations.history.types import RecordedMessage
from answerdesk.conversations.schemas import (
    ChatIn,
    EscalateIn,
    FeedbackIn,
    OwnConversation,
    OwnConversationList,
    OwnLeadIn,
    RatingIn,
    SessionIn,
    SessionOut,
    Since,
    VisitorsMessageList,
    VisitorsMessageOut,
)
from answerdesk.conversations.types import (
    CONVERSATION_PREFIX,
    MESSAGE_PREFIX,
    IncomingMessage,
    OnDomain,
    OwnConversations,
)
from answerdesk.core.tenancy import ConversationId, MessageId, parse_public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import BaseUrl, DatabaseOf
from answerdesk.core.web.idempotency import HEADER, checked_key
from answerdesk.core.web.openapi import problems
from answerdesk.core.web.pagination import PagingOf
from answerdesk.core.web.sse import EventStream
from answerdesk.leads.service import require_consent
from answerdesk.projects.domains.service import domain_of_token
from answerdesk.projects.service import get_project

_EVENT: Final[dict[str, Any]] = {
    "type": "object",
    "description": "One event; its data is a JSON object.",
    "required": ["event", "data"],
    "properties": {
        "event": {
            "type": "string",
            "enum": [
                *("accepted", "token", "blocks", "sources", "certainty", "notice", "done"),
                "error",
            ],
        },
        "data": {"type": "string"},
    },
}
_STREAM: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Server-sent events: `accepted`, then `token`…, `blocks`, `sources`, "
        "`certainty` (if it has sources), `done`; or `notice`, `done`; `error` ends a failed "
        "stream.",
        "content": {"text/event-stream": {"schema": _EVENT}},
    }
}


IdempotencyKey = Annotated[
    str | None,
    Header(
        alias=HEADER,
        description="1 to 255 visible ASCII characters that the client makes up for this message.",
    ),
]


def make_router(max_json_bytes: int) -> APIRouter:
    """Return the tier's routes; bodies have at most `max_json_bytes`."""
    router = APIRouter(
        prefix="/v1/visitor", route_class=bounded_route(max_json_bytes), tags=["visitors"]
    )
    one = "/conversations/{conversation_id}"
    gone = status.HTTP_204_NO_CONTENT
    router.add_api_route(
        "/session", start_session, methods=["POST"], responses=problems(401, 403, 404, 429)
    )
    router.add_api_route(
        "/chat",
        chat,
        methods=["POST"],
        response_class=EventStream,
        responses={**_STREAM, **problems(404, 409)},
    )
    router.add_api_route("/conversations", list_conversations)
    router.add_api_route(f"{one}/messages", list_messages)
    router.add_api_route(f"{one}/feedback", rate, methods=["POST"], status_code=gone)
    router.add_api_route(
        f"{one}/rating",
        rate_conversation,
        methods=["POST"],
        status_code=gone,
        responses=problems(409),
    )
    router.add_api_route(f"{one}/lead", leave_contact, methods=["POST"], status_code=gone)
    router.add_api_route(f"{one}/escalate", escalate, methods=["POST"], status_code=gone)
    return router


async def start_session(
    body: SessionIn,
    visitors: VisitorsOf,
    limits: AddressLimitsOf,
    address: ClientAddress,
    origin: OriginOf,
) -> SessionOut:
    """Begin or continue a visitor's session. The widget key can't do anything else.

    With `identity_token` the visitor is the person that the site's server has signed; with
    `visitor_token`, even if recently expired, the same anonymous visitor; with neither a new one.
    With both, the anonymous visitor's conversations become the identified visitor's.
    """
    await limits.take_session(address)
    session = await visitors.start_session(
        body.widget_key,
        origin,
        identity_token=body.identity_token,
        visitor_token=body.visitor_token,
    )
    return SessionOut.of(session)


async def chat(
    body: ChatIn,
    visitor: ClaimsOf,
    reply: ReplyOf,
    database: DatabaseOf,
    address: ClientAddress,
    origin: OriginOf,
    base_url: BaseUrl,
    idempotency_key: IdempotencyKey = None,
) -> EventStream:
    """Send the visitor's message; the response streams the reply.

    The same message sent again in the same conversation within 60 seconds counts as one message
    if the reply to it was not read to its end; so does the first message of a conversation. With an
    `Idempotency-Key` it counts as one message whenever it comes again, and gets the same reply.
    """
    conversation_id = None if not body.conversation_id else _conversation_id(body.conversation_id)
    domain = None
    if body.website_token is not None:
        async with database.transaction(visitor.account_id) as session:
            domain = await domain_of_token(session, visitor.project_id, body.website_token)
    incoming = IncomingMessage(
        account_id=visitor.account_id,
        project_id=visitor.project_id,
        text=body.message,
        access=OwnConversations(visitor.visitor_id),
        origin=origin,
        address=address,
        conversation_id=conversation_id,
        visitor_id=visitor.visitor_id,
        page_url=body.page_url,
        context=body.context,
        domain=None if domain is None else OnDomain(domain.id, domain.agent_id),
        for_a_person=domain is not None and not domain.is_active,
        request_key=None if idempotency_key is None else checked_key(idempotency_key),
    )
    events = await reply.chat(incoming)
    return EventStream(encode_chat(events, visitor.project_id, base_url))


def _conversation_id(text: str) -> ConversationId:
    value = parse_public_id(CONVERSATION_PREFIX, text)
    if value is None:
        raise conversation_not_found()
    return ConversationId(value)


async def list_conversations(
    visitor: VisitorOf, database: DatabaseOf, page: PagingOf
) -> OwnConversationList:
    """List the visitor's conversations, most recently active first."""
    of = f"visitor-conversations:{visitor.id}"
    after = page.after(of, *history.ORDER)
    async with database.transaction(visitor.account_id) as session:
        found = await history.visitors_conversations(session, visitor.id, after, page.fetch)
    shown, next_cursor = page.cut(of, found, lambda one: (one.updated_at, one.id))
    return OwnConversationList(
        items=[OwnConversation.of(one) for one in shown], next_cursor=next_cursor
    )


async def list_messages(
    conversation_id: str,
    visitor: VisitorOf,
    database: DatabaseOf,
    base_url: BaseUrl,
    page: PagingOf,
    since: Annotated[
        Since | None, Query(description="Only messages from this time on, inclusive.")
    ] = None,
) -> VisitorsMessageList:
    """List a conversation's messages, oldest first. Merge them by id."""
    found = _conversation_id(conversation_id)
    of = f"visitor-messages:{found}"
    after = page.after(of, *history.ORDER)
    async with database.transaction(visitor.account_id) as session:
        await history.conversation(session, found, OwnConversations(visitor.id))
        messages = await history.course(session, found, after, page.fetch, since)
    shown, next_cursor = page.cut(of, messages, _place)
    return VisitorsMessageList(
        items=[
            VisitorsMessageOut.of(one.message, visitor.project_id, base_url, one.rating)
            for one in shown
        ],
        next_cursor=next_cursor,
    )


def _place(one: RecordedMessage) -> tuple[Any, Any]:
    return one.message.created_at, one.message.id


async def rate(
    conversation_id: str, body: FeedbackIn, visitor: VisitorOf, database: DatabaseOf
) -> None:
    """Rate an answer or a person's reply in the conversation; the last rating counts."""
    value = parse_public_id(MESSAGE_PREFIX, body.message_id)
    if value is None:
        raise message_not_found()
    found, message_id = _conversation_id(conversation_id), MessageId(value)
    access = OwnConversations(visitor.id)
    async with database.transaction(visitor.account_id) as session:
        await conversations.get_conversation(session, found, access)
        if await conversations.conversation_of(session, message_id) != found:
            raise message_not_found()
        await conversations.rate(session, message_id, access, body.rating, body.reason)


async def rate_conversation(
    conversation_id: str, body: RatingIn, visitor: VisitorOf, database: DatabaseOf
) -> None:
    """Rate the whole conversation while a person has it, or when it is closed.

    The last rating counts.
    """
    async with database.transaction(visitor.account_id) as session:
        await conversations.rate_conversation(
            session,
            _conversation_id(conversation_id),
            OwnConversations(visitor.id),
            body.score,
            body.comment,
        )


async def leave_contact(
    conversation_id: str, body: OwnLeadIn, visitor: VisitorOf, database: DatabaseOf
) -> None:
    """Leave contact details, without asking for a person.

    What is given replaces what was left in this conversation before; nothing else is lost.
    """
    consent, contact = body.consented(), body.contact()
    async with database.transaction(visitor.account_id) as session:
        project = await get_project(session, visitor.project_id)
        require_consent(project, contact, consent)
        await conversations.leave_contact(
            session,
            _conversation_id(conversation_id),
            OwnConversations(visitor.id),
            contact,
            consent=consent,
        )


async def escalate(
    conversation_id: str, body: EscalateIn, visitor: VisitorOf, database: DatabaseOf
) -> None:
    """Ask for a person, optionally with contact details.

    If the identity token had an e-mail address, it is used unless another one is given, or the
    project asks for a consent that is not.
    """
    consent, contact = body.consented(), body.contact()
    async with database.transaction(visitor.account_id) as session:
        project = await get_project(session, visitor.project_id)
        require_consent(project, contact, consent)
        if consent is not None or project.settings.lead_capture.consent_text is None:
            contact = replace(contact, email=contact.email or visitor.email)
        await conversations.escalate(
            session,
            _conversation_id(conversation_id),
            OwnConversations(visitor.id),
            contact,
            consent=consent,
        )

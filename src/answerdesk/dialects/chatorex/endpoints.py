"""Chatorex's endpoints: chat, sources, leads, the widget's look and settings."""

from typing import Annotated, Final
from uuid import uuid4

from fastapi import APIRouter, Query, Request, status

from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.principal import Principal
from answerdesk.agents.service import desk_of
from answerdesk.conversations.dependencies import OriginOf, ReplyOf
from answerdesk.conversations.reply.whole import whole_reply
from answerdesk.conversations.service import outside_ids
from answerdesk.conversations.types import IncomingMessage, OfTheAccount, OutsideId
from answerdesk.core.errors import InvalidInput
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import parse_public_id, public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import BaseUrl, DatabaseOf
from answerdesk.core.web.openapi import error_responses
from answerdesk.core.web.routing import add_routers
from answerdesk.dialects.chatorex.dependencies import ChatbotsOf
from answerdesk.dialects.chatorex.encoder import (
    encode_config,
    encode_lead,
    encode_reply,
    encode_settings,
    encode_source,
    settings_patch,
)
from answerdesk.dialects.chatorex.schemas import (
    ChatBody,
    ChatReply,
    ErrorBody,
    LeadList,
    SourceBody,
    SourceBodyOut,
    SourceList,
    Success,
    WidgetConfig,
    WidgetSettings,
    WidgetSettingsPatch,
)
from answerdesk.knowledge import service as knowledge
from answerdesk.knowledge.dependencies import ParsingOf, Shelf
from answerdesk.knowledge.errors import source_not_found
from answerdesk.knowledge.source_requests import FORM_OVERHEAD, add_requested_source, request_body
from answerdesk.knowledge.sync.dependencies import OutboundOf
from answerdesk.knowledge.types import SOURCE_PREFIX
from answerdesk.leads import service as leads
from answerdesk.projects import service as projects
from answerdesk.projects.types import PROJECT_PREFIX

_MOST_SOURCES: Final = 10_000
_MOST_LEADS: Final = 1000
_ERRORS: Final = error_responses(
    ErrorBody,
    {
        400: "Missing or malformed input.",
        401: "Missing or invalid API key.",
        403: "The plan or the key does not allow this.",
        404: "Unknown chatbot or source.",
        429: "Too many requests.",
        500: "An error of ours; safe to retry.",
        503: "Temporarily unavailable.",
    },
)
Chatter = Annotated[Principal, needs("conversations:write")]
KnowledgeReader = Annotated[Principal, needs("knowledge:read")]
KnowledgeWriter = Annotated[Principal, needs("knowledge:write")]
LeadReader = Annotated[Principal, needs("leads:read")]
ProjectReader = Annotated[Principal, needs("projects:read")]
ProjectWriter = Annotated[Principal, needs("projects:write")]
ChatbotId = Annotated[str | None, Query(alias="chatbot_id", max_length=200)]


def make_router(settings: Settings) -> APIRouter:
    """Make the routes. Bodies have at most `max_json_bytes`, an added source `max_file_bytes`."""
    router = APIRouter(route_class=bounded_route(settings.max_json_bytes))
    router.add_api_route("/api/chat", chat, methods=["POST"], responses=_ERRORS)
    router.add_api_route("/api/sources", list_sources, responses=_ERRORS)
    router.add_api_route("/api/sources", delete_source, methods=["DELETE"], responses=_ERRORS)
    router.add_api_route("/api/leads", list_leads, responses=_ERRORS)
    router.add_api_route("/api/widget-config", widget_config, responses=_ERRORS)
    router.add_api_route("/api/widget-settings", widget_settings, responses=_ERRORS)
    router.add_api_route(
        "/api/widget-settings", change_widget_settings, methods=["PUT"], responses=_ERRORS
    )
    limit = settings.max_file_bytes + FORM_OVERHEAD
    uploads = APIRouter(route_class=bounded_route(limit))
    uploads.add_api_route(
        "/api/sources",
        add_source,
        methods=["POST"],
        status_code=status.HTTP_201_CREATED,
        responses=_ERRORS,
        openapi_extra=request_body(SourceBody, "chatbot_id"),
    )
    add_routers(router, uploads)
    return router


async def chat(
    body: ChatBody,
    caller: Chatter,
    chatbots: ChatbotsOf,
    reply: ReplyOf,
    origin: OriginOf,
    base_url: BaseUrl,
) -> ChatReply:
    """Send a message to a chatbot and receive its response."""
    chatbot = await chatbots.one(body.chatbot_id)
    session_id = body.session_id or f"session_{uuid4().hex}"
    incoming = IncomingMessage(
        account_id=caller.account_id,
        project_id=chatbot.id,
        text=body.message,
        access=OfTheAccount(),
        origin=origin,
        outside=OutsideId("chatorex", session_id),
    )
    whole = await whole_reply(await reply.chat(incoming))
    return encode_reply(whole, session_id, chatbot.id, base_url)


async def list_sources(
    caller: KnowledgeReader,
    chatbots: ChatbotsOf,
    database: DatabaseOf,
    chatbot_id: ChatbotId = None,
) -> SourceList:
    """List the sources of a chatbot, or of all, oldest first."""
    chosen = await chatbots.ids(chatbot_id)
    async with database.transaction(caller.account_id) as session:
        found, _ = await knowledge.part_of_sources(session, chosen, offset=0, limit=_MOST_SOURCES)
    return SourceList(sources=[encode_source(*one) for one in found])


async def add_source(
    request: Request,
    caller: KnowledgeWriter,
    chatbots: ChatbotsOf,
    database: DatabaseOf,
    parsing: ParsingOf,
    outbound: OutboundOf,
) -> SourceBodyOut:
    """Add an address, a text or a file; it is ingested in the background."""

    async def shelf_of(chatbot_id: str | None) -> Shelf:
        chatbot = await chatbots.one(chatbot_id)
        return Shelf(database, caller, public_id(PROJECT_PREFIX, chatbot.id))

    added = await add_requested_source(
        request, SourceBody, "chatbot_id", shelf_of, parsing, outbound
    )
    return encode_source(*added)


async def delete_source(
    caller: KnowledgeWriter,
    database: DatabaseOf,
    source_id: Annotated[str | None, Query(alias="id", max_length=200)] = None,
) -> Success:
    """Remove a source with all its documents."""
    if not source_id:
        raise InvalidInput("The id is missing; send it as ?id=", code="id_missing")
    value = parse_public_id(SOURCE_PREFIX, source_id)
    if value is None:
        raise source_not_found()
    async with database.transaction(caller.account_id) as session:
        await knowledge.remove_source(session, caller, value)
    return Success()


async def list_leads(
    caller: LeadReader,
    chatbots: ChatbotsOf,
    database: DatabaseOf,
    chatbot_id: ChatbotId = None,
) -> LeadList:
    """List the leads of a chatbot, or of all, newest first."""
    chosen = await chatbots.ids(chatbot_id)
    async with database.transaction(caller.account_id) as session:
        found = await leads.leads_of(session, chosen, limit=_MOST_LEADS)
        ids = [one.conversation_id for one in found if one.conversation_id is not None]
        sessions = await outside_ids(session, "chatorex", ids)
    return LeadList(
        leads=[
            encode_lead(one, sessions.get(one.conversation_id) if one.conversation_id else None)
            for one in found
        ]
    )


async def widget_config(
    caller: ProjectReader,
    chatbots: ChatbotsOf,
    database: DatabaseOf,
    chatbot_id: ChatbotId = None,
) -> WidgetConfig:
    """Show the public look of the widget."""
    chatbot = await chatbots.one(chatbot_id)
    async with database.transaction(caller.account_id) as session:
        return encode_config(await desk_of(session, chatbot))


async def widget_settings(
    caller: ProjectReader,
    chatbots: ChatbotsOf,
    database: DatabaseOf,
    chatbot_id: ChatbotId = None,
) -> WidgetSettings:
    """Show the widget's settings."""
    chatbot = await chatbots.one(chatbot_id)
    async with database.transaction(caller.account_id) as session:
        return encode_settings(await desk_of(session, chatbot))


async def change_widget_settings(
    body: WidgetSettingsPatch,
    caller: ProjectWriter,
    chatbots: ChatbotsOf,
    database: DatabaseOf,
    chatbot_id: ChatbotId = None,
) -> WidgetSettings:
    """Change the widget's settings; what is left out stays."""
    chatbot = await chatbots.one(chatbot_id or body.chatbot_id)
    async with database.transaction(caller.account_id) as session:
        patch = settings_patch(body)
        changed = await projects.change_project(session, caller, chatbot.id, patch)
        return encode_settings(await desk_of(session, changed))

"""Noras' endpoints: chat, conversations, widgets, analytics."""

from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query

from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.principal import Principal
from answerdesk.agents.service import desk_of
from answerdesk.conversations.dependencies import OriginOf, ReplyOf
from answerdesk.conversations.history.service import turns_of
from answerdesk.conversations.reply.whole import whole_reply
from answerdesk.conversations.types import IncomingMessage, OfTheAccount, OutsideId
from answerdesk.core.errors import NotPermitted
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.openapi import error_responses
from answerdesk.core.web.text import Day, FilledText
from answerdesk.dialects.noras.dependencies import WidgetsOf
from answerdesk.dialects.noras.encoder import (
    encode_analytics,
    encode_reply,
    encode_row,
    encode_widget,
    said_of_user,
    widget_patch,
)
from answerdesk.dialects.noras.schemas import (
    Analytics,
    ChatBody,
    ChatReply,
    ConversationList,
    ErrorBody,
    OneWidget,
    WidgetList,
    WidgetPatch,
)
from answerdesk.insights.service import counts, days_asked
from answerdesk.projects import service as projects

_ERRORS: Final = error_responses(
    ErrorBody,
    {
        400: "Invalid parameters.",
        401: "Invalid or missing API key.",
        403: "Plan limit reached.",
        404: "The resource does not exist.",
        429: "Rate limit exceeded.",
        500: "Something went wrong on our end.",
        503: "Temporarily unavailable.",
    },
)

Chatter = Annotated[Principal, needs("conversations:write")]
ConversationReader = Annotated[Principal, needs("conversations:read")]
ProjectReader = Annotated[Principal, needs("projects:read")]
ProjectWriter = Annotated[Principal, needs("projects:write")]
From = Annotated[Day | None, Query(alias="from", description="First day, YYYY-MM-DD.")]
To = Annotated[Day | None, Query(description="Last day, YYYY-MM-DD.")]


def make_router(max_json_bytes: int) -> APIRouter:
    """Make the routes; bodies have at most `max_json_bytes`."""
    router = APIRouter(route_class=bounded_route(max_json_bytes))
    one = "/api/widgets/{widget_key}"
    router.add_api_route("/api/chat", chat, methods=["POST"], responses=_ERRORS)
    router.add_api_route("/api/conversations/{widget_key}", list_conversations, responses=_ERRORS)
    router.add_api_route("/api/widgets", list_widgets, responses=_ERRORS)
    router.add_api_route(one, get_widget, responses=_ERRORS)
    router.add_api_route(one, change_widget, methods=["PUT"], responses=_ERRORS)
    router.add_api_route(
        one, change_widget, methods=["PATCH"], responses=_ERRORS, operation_id="patch_widget"
    )
    router.add_api_route("/api/analytics", all_analytics, responses=_ERRORS)
    router.add_api_route("/api/analytics/{widget_key}", widget_analytics, responses=_ERRORS)
    return router


async def chat(
    body: ChatBody, caller: Chatter, widgets: WidgetsOf, reply: ReplyOf, origin: OriginOf
) -> ChatReply:
    """Send a message to the chatbot and receive its response."""
    widget = await widgets.one(body.widget_key)
    said = said_of_user(body.context)
    incoming = IncomingMessage(
        account_id=caller.account_id,
        project_id=widget.id,
        text=body.message,
        access=OfTheAccount(),
        origin=origin,
        outside=OutsideId("noras", body.user_code),
        begins_anew=True,
        name=said.name,
        email=said.email,
        page_url=said.page_url,
        context=said.context,
    )
    whole = await whole_reply(await reply.chat(incoming))
    if whole.over_cap:
        raise NotPermitted("Your plan's message limit is reached", code="limit_reached")
    return encode_reply(whole)


async def list_conversations(
    widget_key: str,
    caller: ConversationReader,
    widgets: WidgetsOf,
    database: DatabaseOf,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    user_code: Annotated[FilledText | None, Query(max_length=200)] = None,
) -> ConversationList:
    """List a widget's messages with their responses, newest first."""
    widget = await widgets.one(widget_key)
    async with database.transaction(caller.account_id) as session:
        rows, total = await turns_of(
            session, [widget.id], "noras", visitor=user_code, offset=offset, limit=limit
        )
    return ConversationList(
        conversations=[encode_row(one) for one in rows],
        total=total,
        has_more=offset + len(rows) < total,
    )


async def list_widgets(
    caller: ProjectReader, widgets: WidgetsOf, database: DatabaseOf
) -> WidgetList:
    """List all your widgets."""
    found = await widgets.some()
    async with database.transaction(caller.account_id) as session:
        return WidgetList(widgets=[encode_widget(await desk_of(session, one)) for one in found])


async def get_widget(
    widget_key: str, caller: ProjectReader, widgets: WidgetsOf, database: DatabaseOf
) -> OneWidget:
    """Show a widget."""
    widget = await widgets.one(widget_key)
    async with database.transaction(caller.account_id) as session:
        return OneWidget(widget=encode_widget(await desk_of(session, widget)))


async def change_widget(
    widget_key: str,
    body: WidgetPatch,
    caller: ProjectWriter,
    widgets: WidgetsOf,
    database: DatabaseOf,
) -> OneWidget:
    """Change a widget's settings; what is left out stays."""
    widget = await widgets.one(widget_key)
    async with database.transaction(caller.account_id) as session:
        changed = await projects.change_project(session, caller, widget.id, widget_patch(body))
        return OneWidget(widget=encode_widget(await desk_of(session, changed)))


async def all_analytics(
    caller: ConversationReader,
    widgets: WidgetsOf,
    database: DatabaseOf,
    from_: From = None,
    to: To = None,
) -> Analytics:
    """Count over all your widgets."""
    chosen = await widgets.some()
    first, last = days_asked(chosen, from_, to, datetime.now(UTC))
    async with database.transaction(caller.account_id) as session:
        return encode_analytics(await counts(session, [one.id for one in chosen], first, last))


async def widget_analytics(
    widget_key: str,
    caller: ConversationReader,
    widgets: WidgetsOf,
    database: DatabaseOf,
    from_: From = None,
    to: To = None,
) -> Analytics:
    """Count over one widget."""
    widget = await widgets.one(widget_key)
    first, last = days_asked([widget], from_, to, datetime.now(UTC))
    async with database.transaction(caller.account_id) as session:
        return encode_analytics(await counts(session, [widget.id], first, last))

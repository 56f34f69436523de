"""Encodes our events, messages and settings in the format of Orac's clients."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final, assert_never

from answerdesk.agents.actions.types import ACTION_PREFIX, Action, Outcome
from answerdesk.agents.types import Desk
from answerdesk.answering.blocks import pieces
from answerdesk.answering.markdown import markdown
from answerdesk.answering.types import Citation
from answerdesk.conversations.history.types import ConversationSummary, VisitorOfConversation
from answerdesk.conversations.reply.stream import (
    Accepted,
    ChatEvent,
    Concluded,
    Failed,
    Notice,
    Token,
    Told,
)
from answerdesk.conversations.types import (
    CONVERSATION_PREFIX,
    MESSAGE_PREFIX,
    VISITOR_PREFIX,
    Message,
)
from answerdesk.core.tenancy import ProjectId, public_id
from answerdesk.core.web.sse import frame
from answerdesk.dialects.orac.schemas import (
    ActionBody,
    ActionPatch,
    ActionTestBody,
    Analytics,
    ConversationBody,
    LeadBody,
    MessageBody,
    OfficeHoursBody,
    ProjectBody,
    SourceBody,
    SourceStatus,
    WidgetConfig,
    WidgetSettings,
)
from answerdesk.insights.types import Counts
from answerdesk.kit.instants import instant
from answerdesk.knowledge.links import source_url
from answerdesk.knowledge.pages.types import Sync
from answerdesk.knowledge.service import SourceState, source_state
from answerdesk.knowledge.types import SOURCE_PREFIX, Source
from answerdesk.leads.types import LEAD_PREFIX, Lead
from answerdesk.projects.office_hours import is_open
from answerdesk.projects.types import PROJECT_PREFIX, OfficeHours, Project

HUMAN_REPLY = "human_reply"

_STATUSES: Final[Mapping[SourceState, SourceStatus]] = {
    "processing": "Processing",
    "ready": "Ready",
    "failed": "Failed",
}


def source_urls(citations: Iterable[Citation], project_id: ProjectId, base_url: str) -> list[str]:
    """Return each cited passage's address: its document's, or our page of the passage.

    Duplicates are left out.
    """
    urls = (
        source_url(project_id, citation.chunk_id, (citation.url, citation.anchor), base_url)
        for citation in citations
    )
    return list(dict.fromkeys(urls))


async def encode_chat(
    events: AsyncIterator[ChatEvent], project_id: ProjectId, base_url: str
) -> AsyncIterator[bytes]:
    """Encode a chat's events as Orac's frames; each repeats its event's name in `type`."""
    async for event in events:
        yield b"".join(
            frame(name, {"type": name, **data})
            for name, data in _encode(event, project_id, base_url)
        )


def _encode(
    event: ChatEvent, project_id: ProjectId, base_url: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    match event:
        case Accepted(conversation_id, message_id):
            yield (
                "conversation_id",
                {
                    "conversation_id": public_id(CONVERSATION_PREFIX, conversation_id),
                    "message_id": public_id(MESSAGE_PREFIX, message_id),
                },
            )
        case Token(text):
            yield "token", {"token": text}
        case Told(blocks):
            for piece in pieces(markdown(blocks)):
                yield "token", {"token": piece}
        case Concluded(message_id, _, _, citations, confidence):
            yield "sources", {"sources": source_urls(citations, project_id, base_url)}
            # Orac's clients always expect this event; without a confidence we send 1.
            certain = 1.0 if confidence is None else confidence
            yield "confidence", {"confidence": round(certain, 4)}
            yield "done", {"message_id": public_id(MESSAGE_PREFIX, message_id)}
        case Notice(text):
            # Orac has no event for a notice, so send it as a token.
            yield "token", {"token": text}
            yield "done", {"message_id": None}
        case Failed(code, message):
            yield "error", {"error": message, "code": code, "status": 500}
        case _:
            assert_never(event)


def encode_message(message: Message, project_id: ProjectId, base_url: str) -> MessageBody:
    """Encode a stored message; a person's has the assistant's role and `HUMAN_REPLY` as source."""
    sources = (
        [HUMAN_REPLY]
        if message.author == "human"
        else source_urls(message.citations, project_id, base_url)
    )
    return MessageBody(
        id=public_id(MESSAGE_PREFIX, message.id),
        role="user" if message.author == "visitor" else "assistant",
        content=text_of(message),
        sources=sources,
        created_at=_instant(message.created_at),
    )


def text_of(message: Message) -> str:
    """Return what a message says: Markdown if the assistant says it."""
    return markdown(message.blocks) if message.author == "assistant" else message.content


def _instant(moment: datetime) -> str:
    return instant(moment, "microseconds")


def encode_project(project: Project) -> ProjectBody:
    return ProjectBody(
        id=public_id(PROJECT_PREFIX, project.id),
        name=project.name,
        created_at=_instant(project.created_at),
        updated_at=_instant(project.updated_at),
    )


def encode_source(source: Source, last_sync: Sync | None) -> SourceBody:
    """Encode a source; its status is that of its last sync and of its documents."""
    kind = "url" if source.url is not None else "file" if source.kind == "file" else "text"
    return SourceBody(
        id=public_id(SOURCE_PREFIX, source.id),
        project_id=public_id(PROJECT_PREFIX, source.project_id),
        type=kind,
        title=source.name,
        url=source.url,
        status=_STATUSES[source_state(source, last_sync)],
        created_at=_instant(source.created_at),
    )


def encode_conversation(summary: ConversationSummary) -> ConversationBody:
    """Encode a conversation; its visitor has the id that Orac's client gave, or ours."""
    visitor = summary.visitor
    return ConversationBody(
        id=public_id(CONVERSATION_PREFIX, summary.id),
        project_id=public_id(PROJECT_PREFIX, summary.project_id),
        status=summary.state,
        visitor_id=None if visitor is None else _visitor_id(visitor),
        visitor_name=None if visitor is None else visitor.name,
        visitor_email=None if visitor is None else visitor.email,
        page_url=summary.page_url,
        last_message=None if summary.latest is None else summary.latest.content,
        escalated_at=None if summary.escalated_at is None else _instant(summary.escalated_at),
        created_at=_instant(summary.created_at),
        updated_at=_instant(summary.updated_at),
    )


def _visitor_id(visitor: VisitorOfConversation) -> str:
    if visitor.dialect == "orac" and visitor.external_id is not None:
        return visitor.external_id
    return public_id(VISITOR_PREFIX, visitor.id)


def encode_lead(lead: Lead) -> LeadBody:
    conversation_id, contact = lead.conversation_id, lead.contact
    return LeadBody(
        id=public_id(LEAD_PREFIX, lead.id),
        project_id=public_id(PROJECT_PREFIX, lead.project_id),
        conversation_id=None
        if conversation_id is None
        else public_id(CONVERSATION_PREFIX, conversation_id),
        name=contact.name,
        email=contact.email,
        phone=contact.phone,
        message=contact.message,
        page_url=lead.circumstances.page_url,
        created_at=_instant(lead.created_at),
    )


def encode_action(action: Action) -> ActionBody:
    settings = action.settings.model_dump(mode="json")
    return ActionBody(
        **settings,
        id=public_id(ACTION_PREFIX, action.id),
        project_id=public_id(PROJECT_PREFIX, action.project_id),
        name=action.name,
        headers=list(action.header_names),
        created_at=_instant(action.created_at),
        updated_at=_instant(action.updated_at),
    )


def action_patch(body: ActionPatch) -> dict[str, Any]:
    """Return the merge patch of our action that a change of Orac's means."""
    patch = {
        name: given
        for name, given in body.model_dump(mode="json", exclude_unset=True).items()
        if given is not None and name != "project_id"
    }
    if "method" in patch:
        patch["method"] = patch["method"].upper()
    for one in patch.get("parameters", ()):
        one["choices"] = one.get("choices") or []
    return patch


def encode_test(outcome: Outcome) -> ActionTestBody:
    return ActionTestBody(
        success=outcome.error is None,
        status=outcome.status,
        answer=outcome.text,
        response=outcome.response,
        error_message=outcome.error,
    )


def encode_analytics(counted: Counts, first: date, last: date) -> Analytics:
    return Analytics(
        **{"from": first.isoformat()},
        to=last.isoformat(),
        total_conversations=counted.total_conversations,
        total_messages=counted.total_messages,
        unique_visitors=counted.unique_visitors,
        avg_response_time=round(counted.avg_response_time, 3),
        satisfaction_rate=round(counted.satisfaction_rate, 1),
    )


def encode_config(desk: Desk, features: Mapping[str, bool], now: datetime) -> WidgetConfig:
    """Encode what the widget needs to draw itself; `features` are those of the account's plan."""
    look = desk.project.settings.look
    return WidgetConfig(
        name=desk.project.name,
        settings=WidgetSettings(
            color=look.color,
            gradient_stops=[{"color": stop.color, "at": stop.at} for stop in look.gradient_stops],
            position=look.position,
            welcome=desk.welcome,
            avatar=look.avatar,
            show_branding=look.show_branding,
            custom_css=look.custom_css,
        ),
        office_hours=_encode_hours(desk.hours, now),
        plan_features=dict(features),
    )


def _encode_hours(hours: OfficeHours, now: datetime) -> OfficeHoursBody:
    return OfficeHoursBody(
        timezone=hours.timezone,
        days={
            day: [(f"{one.start:%H:%M}", f"{one.end:%H:%M}") for one in intervals]
            for day, intervals in hours.days.items()
        },
        holidays=[one.date.isoformat() for one in hours.holidays],
        open_now=is_open(hours, now),
    )

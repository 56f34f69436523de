"""Encodes our events, messages and settings in the format of Orac's clients."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, assert_never

from answerdesk.agents.types import Desk
from answerdesk.answering.blocks import markdown, pieces
from answerdesk.answering.types import Citation
from answerdesk.conversations.reply.stream import (
    Accepted,
    ChatEvent,
    Concluded,
    Failed,
    Notice,
    Token,
    Told,
)
from answerdesk.conversations.types import CONVERSATION_PREFIX, MESSAGE_PREFIX, Message
from answerdesk.core.tenancy import ProjectId, public_id
from answerdesk.core.web.sse import frame
from answerdesk.dialects.orac.schemas import (
    MessageBody,
    OfficeHoursBody,
    WidgetConfig,
    WidgetSettings,
)
from answerdesk.knowledge.links import source_url
from answerdesk.projects.office_hours import is_open
from answerdesk.projects.types import OfficeHours

HUMAN_REPLY = "human_reply"


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
        content=markdown(message.blocks) if message.author == "assistant" else message.content,
        sources=sources,
        created_at=_instant(message.created_at),
    )


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


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

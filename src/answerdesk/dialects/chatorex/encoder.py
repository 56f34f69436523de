"""Encodes our sources, leads, answers and settings as Chatorex does."""

from collections.abc import Sequence
from typing import Any

from answerdesk.agents.types import Desk
from answerdesk.answering.blocks import plain_text
from answerdesk.answering.citing import citation_titles
from answerdesk.answering.types import Citation
from answerdesk.conversations.reply.whole import WholeReply
from answerdesk.core.tenancy import ProjectId, public_id
from answerdesk.dialects.chatorex.schemas import (
    Behavior,
    ChatReply,
    CitedLink,
    LeadBody,
    LeadCapture,
    SourceBodyOut,
    WidgetConfig,
    WidgetSettings,
    WidgetSettingsPatch,
)
from answerdesk.kit.instants import instant
from answerdesk.knowledge.links import source_url
from answerdesk.knowledge.pages.types import Sync
from answerdesk.knowledge.service import source_state
from answerdesk.knowledge.types import SOURCE_PREFIX, Source
from answerdesk.leads.types import LEAD_PREFIX, Lead
from answerdesk.projects.types import PROJECT_PREFIX


def encode_reply(
    reply: WholeReply, session_id: str, project_id: ProjectId, base_url: str
) -> ChatReply:
    """Encode a whole reply. A notice, or a handoff, is certain."""
    return ChatReply(
        response=plain_text(reply.blocks),
        session_id=session_id,
        sources=_pages(reply.citations, project_id, base_url),
        confidence=1.0 if reply.confidence is None else round(reply.confidence, 4),
    )


def _pages(citations: Sequence[Citation], project_id: ProjectId, base_url: str) -> list[CitedLink]:
    """Return each cited page once."""
    pages: dict[str, CitedLink] = {}
    for one, title in zip(citations, citation_titles(citations), strict=True):
        url = source_url(project_id, one.chunk_id, (one.url, one.anchor), base_url)
        pages.setdefault(url, CitedLink(title=title, url=url))
    return list(pages.values())


def encode_source(source: Source, last_sync: Sync | None) -> SourceBodyOut:
    """Encode a source; its status is that of its last sync and of its documents."""
    kind = "url" if source.url is not None else "file" if source.kind == "file" else "text"
    return SourceBodyOut(
        id=public_id(SOURCE_PREFIX, source.id),
        type=kind,
        title=source.name,
        url=source.url,
        status=source_state(source, last_sync),
        created_at=instant(source.created_at),
        chatbot_id=public_id(PROJECT_PREFIX, source.project_id),
    )


def encode_lead(lead: Lead, session_id: str | None) -> LeadBody:
    """Encode a lead; `session_id` is that of its conversation."""
    contact, circumstances = lead.contact, lead.circumstances
    return LeadBody(
        id=public_id(LEAD_PREFIX, lead.id),
        name=contact.name,
        email=contact.email,
        phone=contact.phone,
        session_id=session_id,
        page_url=circumstances.page_url,
        excerpt=circumstances.excerpt or contact.message,
        created_at=instant(lead.created_at),
        chatbot_id=public_id(PROJECT_PREFIX, lead.project_id),
    )


def encode_config(desk: Desk) -> WidgetConfig:
    """Encode the public look of the widget."""
    look = desk.project.settings.look
    return WidgetConfig(
        chatbot_id=public_id(PROJECT_PREFIX, desk.project.id),
        name=desk.project.name,
        primary_color=look.color,
        position=look.position,
        welcome_message=desk.welcome,
        quick_prompts=list(look.quick_prompts),
        show_branding=look.show_branding,
    )


def encode_settings(desk: Desk) -> WidgetSettings:
    """Encode the widget's settings."""
    settings = desk.project.settings
    capture = settings.lead_capture
    return WidgetSettings(
        primary_color=settings.look.color,
        position=settings.look.position,
        welcome_message=desk.welcome,
        quick_prompts=list(settings.look.quick_prompts),
        lead_capture=LeadCapture(
            enabled=capture.enabled, fields=list(capture.fields), message=capture.message
        ),
        behavior=Behavior(show_branding=settings.look.show_branding),
    )


def settings_patch(body: WidgetSettingsPatch) -> dict[str, Any]:
    """Return the merge patch of our settings that a change of Chatorex's means."""
    look: dict[str, Any] = {
        "color": body.primary_color,
        "position": body.position and body.position.replace("_", "-"),
        "welcome": body.welcome_message,
        "quick_prompts": body.quick_prompts,
        "show_branding": body.behavior and body.behavior.show_branding,
    }
    patch: dict[str, Any] = {"look": _said(look)}
    if body.lead_capture is not None:
        patch["lead_capture"] = _said(body.lead_capture.model_dump())
    return {"settings": patch}


def _said(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}

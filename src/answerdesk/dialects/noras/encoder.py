"""Encodes our replies, turns, settings and counts as Noras does."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from answerdesk.agents.types import Desk
from answerdesk.answering.blocks import plain_text
from answerdesk.conversations.history.types import ListedTurn
from answerdesk.conversations.reply.whole import WholeReply
from answerdesk.conversations.types import CONVERSATION_PREFIX, MESSAGE_PREFIX
from answerdesk.core.tenancy import public_id
from answerdesk.dialects.noras.dependencies import WIDGET_PREFIX
from answerdesk.dialects.noras.schemas import (
    Analytics,
    ChatReply,
    ConversationRow,
    WidgetBody,
    WidgetPatch,
)
from answerdesk.insights.types import Counts
from answerdesk.kit.instants import instant

_LONGEST: Final[Mapping[str, int]] = {"page_url": 4000, "user_name": 200, "user_email": 320}


@dataclass(frozen=True, slots=True)
class SaidOfUser:
    """What a program says about a user, which nobody has verified; `context` is the whole."""

    name: str | None = None
    email: str | None = None
    page_url: str | None = None
    context: str | None = None


def said_of_user(context: Mapping[str, Any] | None) -> SaidOfUser:
    """Read the known fields of a context; others, and texts that are too long, stay in it."""
    if not context:
        return SaidOfUser()

    def said(field: str) -> str | None:
        value = context.get(field)
        fits = isinstance(value, str) and 0 < len(value.strip()) <= _LONGEST[field]
        return value.strip().replace("\0", "") if isinstance(value, str) and fits else None

    whole = json.dumps(context, ensure_ascii=True)
    return SaidOfUser(said("user_name"), said("user_email"), said("page_url"), whole)


def encode_reply(reply: WholeReply) -> ChatReply:
    """Encode a whole reply."""
    return ChatReply(
        message=plain_text(reply.blocks),
        conversation_id=public_id(CONVERSATION_PREFIX, reply.conversation_id),
        timestamp=instant(datetime.now(UTC)),
    )


def encode_row(turn: ListedTurn) -> ConversationRow:
    """Encode a turn; its id is its question's."""
    return ConversationRow(
        id=public_id(CONVERSATION_PREFIX, turn.conversation_id),
        turn_id=public_id(MESSAGE_PREFIX, turn.turn_id),
        user_code=turn.visitor,
        message=turn.message,
        response=turn.response,
        timestamp=instant(turn.created_at),
    )


def encode_widget(desk: Desk) -> WidgetBody:
    """Encode a widget's settings."""
    look = desk.project.settings.look
    return WidgetBody(
        widget_key=public_id(WIDGET_PREFIX, desk.project.id),
        name=desk.project.name,
        welcome_message=desk.welcome,
        primary_color=look.color,
        position=look.position,
        quick_prompts=list(look.quick_prompts),
        show_branding=look.show_branding,
    )


def widget_patch(body: WidgetPatch) -> dict[str, Any]:
    """Return the merge patch of our project that a change of Noras' means."""
    look: dict[str, Any] = {
        "color": body.primary_color,
        "position": body.position and body.position.replace("_", "-"),
        "welcome": body.welcome_message,
        "quick_prompts": body.quick_prompts,
        "show_branding": body.show_branding,
    }
    patch: dict[str, Any] = {
        "settings": {"look": {field: said for field, said in look.items() if said is not None}}
    }
    return patch if body.name is None else {"name": body.name, **patch}


def encode_analytics(counted: Counts) -> Analytics:
    """Encode counts over a range of dates."""
    return Analytics(
        total_conversations=counted.total_conversations,
        total_messages=counted.total_messages,
        unique_users=counted.unique_visitors,
        avg_response_time=round(counted.avg_response_time, 3),
        satisfaction_rate=round(counted.satisfaction_rate, 1),
    )

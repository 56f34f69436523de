"""Writes a chat as the native API's server-sent events."""

from collections.abc import AsyncIterator
from typing import Any, assert_never

from answerdesk.conversations.events import (
    Accepted,
    ChatEvent,
    Confidence,
    Done,
    Failed,
    Notice,
    Sources,
    Token,
)
from answerdesk.conversations.schemas.messages import CitedSource
from answerdesk.conversations.types import CONVERSATION_PREFIX, MESSAGE_PREFIX
from answerdesk.core.tenancy import ProjectId, public_id
from answerdesk.core.web.sse import frame


async def encode_chat(
    events: AsyncIterator[ChatEvent], project_id: ProjectId, base_url: str
) -> AsyncIterator[bytes]:
    """Write a chat's events, one frame each."""
    async for event in events:
        yield frame(*_encode(event, project_id, base_url))


def _encode(event: ChatEvent, project_id: ProjectId, base_url: str) -> tuple[str, dict[str, Any]]:
    match event:
        case Accepted(conversation_id, message_id):
            return "accepted", {
                "conversation_id": public_id(CONVERSATION_PREFIX, conversation_id),
                "message_id": public_id(MESSAGE_PREFIX, message_id),
            }
        case Token(text):
            return "token", {"text": text}
        case Notice(text):
            return "notice", {"text": text}
        case Sources(citations):
            sources = [CitedSource.of(one, project_id, base_url) for one in citations]
            return "sources", {"sources": [one.model_dump(mode="json") for one in sources]}
        case Confidence(value):
            return "confidence", {"confidence": round(value, 4)}
        case Done(message_id):
            said = None if message_id is None else public_id(MESSAGE_PREFIX, message_id)
            return "done", {"message_id": said}
        case Failed(code, message):
            return "error", {"code": code, "detail": message}
        case _:
            assert_never(event)

"""Encodes a chat as the native API's server-sent events."""

from collections.abc import AsyncIterator, Iterator
from typing import Any, assert_never

from answerdesk.answering.blocks import pieces, plain_text, stored_blocks
from answerdesk.conversations.reply.stream import (
    Accepted,
    ChatEvent,
    Concluded,
    Failed,
    Notice,
    Token,
    Told,
)
from answerdesk.conversations.schemas import CertaintyOut, CitedSource
from answerdesk.conversations.types import CONVERSATION_PREFIX, MESSAGE_PREFIX
from answerdesk.core.tenancy import ProjectId, public_id
from answerdesk.core.web.sse import frame


async def encode_chat(
    events: AsyncIterator[ChatEvent], project_id: ProjectId, base_url: str
) -> AsyncIterator[bytes]:
    """Encode a chat's events, each as one or more frames."""
    async for event in events:
        yield b"".join(frame(*one) for one in _encode(event, project_id, base_url))


def _encode(
    event: ChatEvent, project_id: ProjectId, base_url: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    match event:
        case Accepted(conversation_id, message_id):
            yield (
                "accepted",
                {
                    "conversation_id": public_id(CONVERSATION_PREFIX, conversation_id),
                    "message_id": public_id(MESSAGE_PREFIX, message_id),
                },
            )
        case Token(text):
            yield "token", {"text": text}
        case Told(blocks):
            for piece in pieces(plain_text(blocks)):
                yield "token", {"text": piece}
        case Concluded(message_id, decision, blocks, citations, confidence):
            sources = CitedSource.all_of(citations, project_id, base_url)
            yield "blocks", {"blocks": stored_blocks(blocks)}
            yield "sources", {"sources": [one.model_dump(mode="json") for one in sources]}
            certainty = CertaintyOut.of(plain_text(blocks), citations, confidence)
            if certainty is not None:
                yield "certainty", certainty.model_dump()
            said = public_id(MESSAGE_PREFIX, message_id)
            yield "done", {"message_id": said, "decision": decision}
        case Notice(text):
            yield "notice", {"text": text}
            yield "done", {"message_id": None, "decision": None}
        case Failed(code, message):
            yield "error", {"code": code, "detail": message}
        case _:
            assert_never(event)

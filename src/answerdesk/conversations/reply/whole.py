"""A reply as a whole, for callers that don't stream."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from answerdesk.answering.blocks import Blocks, paragraphs
from answerdesk.answering.types import Citation, DecisionKind
from answerdesk.conversations.reply.stream import (
    Accepted,
    ChatEvent,
    Concluded,
    Failed,
    Notice,
)
from answerdesk.core.errors import Unavailable
from answerdesk.core.tenancy import ConversationId, MessageId


@dataclass(frozen=True, slots=True)
class WholeReply:
    """What a visitor is told after a message.

    `message_id` and `decision` are None for a notice, which is not part of the conversation;
    `over_cap` tells that it is one about a reached cap on messages.
    """

    conversation_id: ConversationId
    question_id: MessageId
    message_id: MessageId | None
    decision: DecisionKind | None
    blocks: Blocks
    citations: tuple[Citation, ...] = ()
    confidence: float | None = None
    over_cap: bool = False


async def whole_reply(events: AsyncIterator[ChatEvent]) -> WholeReply:
    """Read a reply's stream to its end. Raises Unavailable if there is no answer."""
    accepted: Accepted | None = None
    whole: WholeReply | None = None
    async for event in events:
        match event:
            case Accepted():
                accepted = event
            case Notice(text, over_cap) if accepted is not None:
                whole = WholeReply(
                    accepted.conversation_id,
                    accepted.message_id,
                    None,
                    None,
                    paragraphs(text),
                    over_cap=over_cap,
                )
            case Concluded() if accepted is not None:
                whole = WholeReply(
                    accepted.conversation_id,
                    accepted.message_id,
                    event.message_id,
                    event.decision,
                    event.blocks,
                    event.citations,
                    event.confidence,
                )
            case Failed(code, message):
                raise Unavailable(message, code=code)
            case _:
                pass  # The end repeats the whole text.
    # Read on to the end, or the answer counts as not read and may be asked for once more.
    if whole is not None:
        return whole
    raise Unavailable("The answer is not ready yet; send the message again")

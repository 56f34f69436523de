"""What a visitor is told while a message is dealt with: the events of a reply's stream.

Every dialect is an encoder of them. None is stored; those that are have their names in
`conversations/events`.

The order is Accepted, then either Told or Token…, and Concluded; or a Notice alone, which ends it.
Instead of what is left, Failed may come at any time, and is the last.
"""

from dataclasses import dataclass

from answerdesk.answering.blocks import Blocks
from answerdesk.answering.types import Citation, DecisionKind
from answerdesk.core.tenancy import ConversationId, MessageId


@dataclass(frozen=True, slots=True)
class Accepted:
    """The message is stored; from here on it is not lost."""

    conversation_id: ConversationId
    message_id: MessageId


@dataclass(frozen=True, slots=True)
class Token:
    """The next piece of what a model writes, as Markdown."""

    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """All that is said, there at once."""

    blocks: Blocks


@dataclass(frozen=True, slots=True)
class Concluded:
    """The end: the assistant's message as it is stored, and the decision that it tells.

    `citations` support an answer. `confidence` is the probability that it is right, 0 to 1, or how
    near an abstention came to one; None where the knowledge was not asked.
    """

    message_id: MessageId
    decision: DecisionKind
    blocks: Blocks
    citations: tuple[Citation, ...]
    confidence: float | None


@dataclass(frozen=True, slots=True)
class Notice:
    """The end: something told to the visitor that is not part of the conversation."""

    text: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The end, without an answer; the same message may be sent again."""

    code: str
    message: str


ReplyEvent = Token | Told | Concluded | Notice | Failed
ChatEvent = Accepted | ReplyEvent

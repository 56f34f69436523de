"""The events of a reply's stream.

Every dialect encodes them. They are not stored; the stored events are named in
`conversations/events`.

The order is Accepted, then either Told or Token…, then Concluded; or Accepted and a Notice. At any
time Failed may end the stream instead.
"""

from dataclasses import dataclass

from answerdesk.answering.blocks import Blocks
from answerdesk.answering.types import Citation, DecisionKind
from answerdesk.core.tenancy import ConversationId, MessageId


@dataclass(frozen=True, slots=True)
class Accepted:
    """The message is stored and can't be lost any more."""

    conversation_id: ConversationId
    message_id: MessageId


@dataclass(frozen=True, slots=True)
class Token:
    """The next piece of a model's text, as Markdown."""

    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """The whole text in one piece."""

    blocks: Blocks


@dataclass(frozen=True, slots=True)
class Concluded:
    """The end: the assistant's message as stored, and its decision.

    `citations` support an answer. `confidence` is the probability that it is right, 0 to 1, or how
    close an abstention came to an answer; None if the knowledge was not searched.
    """

    message_id: MessageId
    decision: DecisionKind
    blocks: Blocks
    citations: tuple[Citation, ...]
    confidence: float | None


@dataclass(frozen=True, slots=True)
class Notice:
    """The end: a text for the visitor that is not part of the conversation.

    `over_cap`: the message was stored and not answered, since a cap on messages was reached.
    """

    text: str
    over_cap: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """The end, without an answer; the visitor may send the message again."""

    code: str
    message: str


@dataclass(slots=True)
class StreamProgress:
    """Whether the visitor's program reads a reply's stream, and what was noted about it.

    An answer is saved before its stream has ended. It is noted as read if the stream is being read
    by then, which costs nothing; only if that turns out wrong, it is corrected.
    """

    is_open: bool = False
    is_finished: bool = False
    noted: bool | None = None

    @property
    def correction(self) -> bool | None:
        """What has to be noted instead; None if nothing has to be."""
        wrong = self.noted is not None and not self.is_open and self.noted != self.is_finished
        return self.is_finished if wrong else None


ReplyEvent = Token | Told | Concluded | Notice | Failed
ChatEvent = Accepted | ReplyEvent

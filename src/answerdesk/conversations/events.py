"""What a visitor is told while a message is dealt with, and the events that are recorded.

Every dialect is an encoder of what the visitor is told.

The order is Accepted, then either Token… · Sources · Confidence · Done, or Notice · Done; instead
of what is left, Failed may come at any time, and is the last.
"""

from dataclasses import dataclass
from typing import Final

from answerdesk.answering.types import Citation
from answerdesk.core.tenancy import ConversationId, MessageId

CONVERSATION_STARTED: Final = "new_conversation"
MESSAGE_RECEIVED: Final = "message_received"
QUESTION_ANSWERED: Final = "question_answered"
QUESTION_UNANSWERED: Final = "unanswered_question"
ANSWER_FAILED: Final = "answer_failed"
MESSAGE_CAP_REACHED: Final = "message_cap_reached"
ESCALATION: Final = "escalation"
FEEDBACK: Final = "feedback"
NEGATIVE_FEEDBACK: Final = "negative_feedback"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The message is stored; from here on it is not lost."""

    conversation_id: ConversationId
    message_id: MessageId


@dataclass(frozen=True, slots=True)
class Token:
    """The next piece of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Sources:
    """The passages that support the answer; none when it is none."""

    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Confidence:
    """The probability that the answer is right, 0 to 1."""

    value: float


@dataclass(frozen=True, slots=True)
class Notice:
    """Something said to the visitor that is not part of the conversation."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """The end; `message_id` is the assistant's message, None when it said nothing."""

    message_id: MessageId | None


@dataclass(frozen=True, slots=True)
class Failed:
    """The end, without an answer; the same message may be sent again."""

    code: str
    message: str


ReplyEvent = Token | Sources | Confidence | Notice | Done | Failed
ChatEvent = Accepted | ReplyEvent

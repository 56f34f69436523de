"""The events of conversations (`core.events`)."""

from typing import Final, Literal
from uuid import UUID

from answerdesk.conversations.handoff import WantedReason
from answerdesk.conversations.types import CONVERSATION_PREFIX, MESSAGE_PREFIX, ConversationState
from answerdesk.core.events import EventType, NewEvents, Payload
from answerdesk.core.tenancy import ConversationId, MessageId, public_id


class ConversationChange(Payload):
    """A conversation's `state`, and its state `before`, if it was there already.

    `reason` says why it waits for a person, `assigned_to` to which user somebody else gave it.
    """

    conversation_id: str
    state: ConversationState
    before: ConversationState | None = None
    reason: WantedReason | None = None
    assigned_to: str | None = None


class MessageChange(Payload):
    """A message. `question_id` is the visitor's message that the assistant responds to."""

    conversation_id: str
    message_id: str
    author: Literal["visitor", "assistant", "human"]
    question_id: str | None = None


class AnswerFailure(Payload):
    """A question that was not answered because of an error, and the error's `code`."""

    question_id: str
    code: str


class ReachedLimit(Payload):
    """A limit that is reached, and the conversation in which that was noticed.

    There is none if a program asked, outside of conversations.
    """

    conversation_id: str | None = None
    metric: str
    limit: int
    period: str


class ConversationRating(Payload):
    """A visitor's rating of a whole conversation, from 1 (worst) to 5."""

    conversation_id: str
    score: int


class MessageRating(Payload):
    conversation_id: str
    message_id: str


_CONVERSATION: Final = "conv_5f0c6e9b8a7d4e21b3c4d5e6f7a8b9c0"
_MESSAGE: Final = "msg_0a1b2c3d4e5f40718293a4b5c6d7e8f9"
_QUESTION: Final = "msg_11223344556647788990aabbccddeeff"
_RATING: Final = MessageRating(conversation_id=_CONVERSATION, message_id=_MESSAGE)


def _change_type(
    name: str, summary: str, state: ConversationState, before: ConversationState | None
) -> EventType[ConversationChange]:
    example = ConversationChange(conversation_id=_CONVERSATION, state=state, before=before)
    return EventType(name, summary, ConversationChange, example)


CONVERSATION_STARTED: Final = _change_type(
    "conversation.started", "A visitor's first message began a conversation.", "ai", None
)
CONVERSATION_REOPENED: Final = _change_type(
    "conversation.reopened", "A conversation that had ended goes on.", "ai", "closed"
)
CONVERSATION_UPDATED: Final = _change_type(
    "conversation.updated",
    "Somebody else has the conversation now: the assistant, a person, or those who wait for one. "
    "Its start and end have events of their own.",
    "human",
    "waiting",
)
CONVERSATION_ESCALATED: Final = _change_type(
    "conversation.escalated", "A conversation waits for a person.", "waiting", "ai"
)
CONVERSATION_ENDED: Final = _change_type(
    "conversation.ended",
    "A conversation was closed, or nobody wrote for 30 minutes.",
    "closed",
    "ai",
)
MESSAGE_RECEIVED: Final = EventType(
    "message.received",
    "A visitor wrote.",
    MessageChange,
    MessageChange(conversation_id=_CONVERSATION, message_id=_QUESTION, author="visitor"),
)
MESSAGE_SENT: Final = EventType(
    "message.sent",
    "The assistant or a person replied.",
    MessageChange,
    MessageChange(
        conversation_id=_CONVERSATION,
        message_id=_MESSAGE,
        author="assistant",
        question_id=_QUESTION,
    ),
)
QUESTION_UNANSWERED: Final = EventType(
    "question.unanswered",
    "The assistant didn't have the answer, and said so.",
    MessageChange,
    MESSAGE_SENT.example,
)
ANSWER_FAILED: Final = EventType(
    "answer.failed",
    "An error kept the assistant from answering a question.",
    AnswerFailure,
    AnswerFailure(question_id=_QUESTION, code="model_unavailable"),
)
LIMIT_REACHED: Final = EventType(
    "limit.reached",
    "A cap on visitors' messages, or on what language models cost, was reached, for the first time"
    " in its period.",
    ReachedLimit,
    ReachedLimit(conversation_id=_CONVERSATION, metric="messages_per_day", limit=500, period="day"),
)
FEEDBACK_POSITIVE: Final = EventType(
    "feedback.positive", "A visitor rated a reply as helpful.", MessageRating, _RATING
)
FEEDBACK_NEGATIVE: Final = EventType(
    "feedback.negative", "A visitor rated a reply as not helpful.", MessageRating, _RATING
)

CONVERSATION_RATED: Final = EventType(
    "conversation.rated",
    "A visitor rated a whole conversation, which was closed or with a person.",
    ConversationRating,
    ConversationRating(conversation_id=_CONVERSATION, score=5),
)


class ErasedConversation(Payload):
    """A conversation that is gone, with its messages and all else."""

    conversation_id: str


CONVERSATION_ERASED: Final = EventType(
    "conversation.erased",
    "A conversation was erased, because its time was over or its visitor wanted it. Erase your "
    "copies, too.",
    ErasedConversation,
    ErasedConversation(conversation_id=_CONVERSATION),
)
"""Not among `TYPES`: nothing can be read of what it tells of."""

TYPES: Final = (
    *(CONVERSATION_STARTED, CONVERSATION_REOPENED, CONVERSATION_UPDATED, CONVERSATION_ESCALATED),
    *(CONVERSATION_ENDED, MESSAGE_RECEIVED, MESSAGE_SENT, QUESTION_UNANSWERED, ANSWER_FAILED),
    *(LIMIT_REACHED, FEEDBACK_POSITIVE, FEEDBACK_NEGATIVE, CONVERSATION_RATED),
)


def change_types(
    before: ConversationState | None, after: ConversationState
) -> list[EventType[ConversationChange]]:
    """Return the types of the events that tell that a conversation's state has changed."""
    if before is None:
        return [CONVERSATION_STARTED]
    if before == after:
        return []
    if after == "closed":
        return [CONVERSATION_ENDED]
    reopened = [CONVERSATION_REOPENED] if before == "closed" else []
    escalated = [CONVERSATION_ESCALATED] if after == "waiting" else []
    return [*reopened, *escalated, CONVERSATION_UPDATED]


def change_events(
    conversation_id: ConversationId, before: ConversationState | None, after: ConversationState
) -> NewEvents:
    """Return the events that tell that a conversation's state has changed."""
    payload = ConversationChange(
        conversation_id=public_id(CONVERSATION_PREFIX, conversation_id), state=after, before=before
    )
    return NewEvents.of(*((one, payload) for one in change_types(before, after)))


def message_change(
    conversation_id: ConversationId,
    message_id: MessageId,
    author: Literal["visitor", "assistant", "human"],
    question_id: UUID | None = None,
) -> MessageChange:
    return MessageChange(
        conversation_id=public_id(CONVERSATION_PREFIX, conversation_id),
        message_id=public_id(MESSAGE_PREFIX, message_id),
        author=author,
        question_id=None if question_id is None else public_id(MESSAGE_PREFIX, question_id),
    )

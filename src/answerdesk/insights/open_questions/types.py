"""The types of open questions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from answerdesk.core.tenancy import ConversationId, MessageId

QUESTION_PREFIX: Final = "question"

QuestionKind = Literal["negative", "unanswered"]
"""`negative`: a visitor has rated an answer as not helpful; `unanswered`: there was no answer."""

Verdict = Literal["answered", "dismissed"]

MOST_LOOKED_AT: Final = 5000
"""The list is made of the latest unanswered questions of a project, and negative ratings."""

ORDER: Final = (int, datetime, UUID)

Place = tuple[int, datetime, UUID] | None
"""The question after which a page begins; None for the first page."""


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question as often as it was asked; the rest is of the last time.

    `reason` is what the visitor said about a negative rating.
    """

    id: UUID
    question: str
    kind: QuestionKind
    count: int
    last_asked_at: datetime
    conversation_id: ConversationId
    message_id: MessageId
    reason: str | None

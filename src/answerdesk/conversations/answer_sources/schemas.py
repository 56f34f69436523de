"""Bodies of the native API for the answers that used a document."""

from datetime import datetime

from pydantic import BaseModel, Field

from answerdesk.conversations.answer_sources.types import UsingAnswer
from answerdesk.conversations.types import CONVERSATION_PREFIX, MESSAGE_PREFIX
from answerdesk.core.tenancy import public_id
from answerdesk.core.web.pagination import Listing


class UsingAnswerOut(BaseModel):
    """An answer that used a document."""

    message_id: str
    conversation_id: str
    question: str
    answer_excerpt: str = Field(description="How the answer begins.")
    created_at: datetime

    @classmethod
    def of(cls, answer: UsingAnswer) -> "UsingAnswerOut":
        """Write an answer as its owner sees it."""
        return cls(
            message_id=public_id(MESSAGE_PREFIX, answer.message_id),
            conversation_id=public_id(CONVERSATION_PREFIX, answer.conversation_id),
            question=answer.question,
            answer_excerpt=answer.excerpt,
            created_at=answer.created_at,
        )


class UsingAnswerList(Listing[UsingAnswerOut]):
    """Answers that used a document, newest first."""

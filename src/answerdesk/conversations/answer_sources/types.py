"""An answer that used a document, as its owner sees it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from answerdesk.core.tenancy import ConversationId, MessageId

EXCERPT: Final = 300
"""Code points that are shown of an answer."""

ORDER: Final = (datetime, UUID)
"""What answers are sorted by: when each was given, and its id."""

Place = tuple[datetime, UUID] | None
"""Behind which answer a page begins."""


@dataclass(frozen=True, slots=True)
class UsingAnswer:
    """An answer that cites a document, with what was asked; `excerpt` is how it begins."""

    message_id: MessageId
    conversation_id: ConversationId
    question: str
    excerpt: str
    created_at: datetime

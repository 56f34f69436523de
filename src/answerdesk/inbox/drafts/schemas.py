"""A draft as its writer reads it, in lists and live."""

from datetime import datetime

from pydantic import BaseModel

from answerdesk.conversations.types import CONVERSATION_PREFIX
from answerdesk.core.tenancy import ConversationId, public_id
from answerdesk.inbox.types import Draft, DraftKind


class DraftOut(BaseModel):
    """What you have begun to write in a conversation; `version` is 0 if that is nothing."""

    conversation_id: str
    kind: DraftKind
    content: str
    version: int
    updated_at: datetime | None

    @classmethod
    def of(
        cls, draft: Draft | None, conversation_id: ConversationId, kind: DraftKind
    ) -> "DraftOut":
        return cls(
            conversation_id=public_id(CONVERSATION_PREFIX, conversation_id),
            kind=kind,
            content="" if draft is None else draft.content,
            version=0 if draft is None else draft.version,
            updated_at=None if draft is None else draft.updated_at,
        )

"""What a lead holds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from answerdesk.core.tenancy import ConversationId, ProjectId

LEAD_PREFIX: Final = "lead"

Place = tuple[datetime, UUID] | None
"""Behind which lead a page begins: when it was made, and its id."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach a visitor, and what about; each part may be missing."""

    email: str | None = None
    phone: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Lead:
    """A visitor who can be reached, and in which conversation they asked for it."""

    id: UUID
    project_id: ProjectId
    conversation_id: ConversationId
    contact: Contact
    created_at: datetime
    updated_at: datetime

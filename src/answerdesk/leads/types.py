"""What a lead contains."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from answerdesk.core.tenancy import ConversationId, ProjectId

LEAD_PREFIX: Final = "lead"

Place = tuple[datetime, UUID] | None
"""The lead behind which a part of a list begins: its creation time and id."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach a visitor, and about what; each part may be missing."""

    email: str | None = None
    phone: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Lead:
    """A visitor's contact details, and the conversation in which they left them."""

    id: UUID
    project_id: ProjectId
    conversation_id: ConversationId
    contact: Contact
    created_at: datetime
    updated_at: datetime

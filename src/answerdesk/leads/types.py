"""What a lead contains."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from answerdesk.core.tenancy import ConversationId, ProjectId

LEAD_PREFIX: Final = "lead"

NAME_LENGTH: Final = 200
PHONE_LENGTH: Final = 50
MESSAGE_LENGTH: Final = 4000
PAGE_URL_LENGTH: Final = 4000
EXCERPT_LENGTH: Final = 500
CONSENT_LENGTH: Final = 2000
QUERY_LENGTH: Final = 200
"""Maximum lengths in code points."""

Place = tuple[datetime, UUID] | None
"""The lead behind which a part of a list begins: its creation time and id."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach a visitor, and about what; each part may be missing."""

    email: str | None = None
    phone: str | None = None
    message: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """The sentence that a visitor agreed to, when, and on which page."""

    text: str
    at: datetime
    page_url: str | None = None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Where a visitor left a contact, what was last said, and what they agreed to."""

    page_url: str | None = None
    excerpt: str | None = None
    consent: Consent | None = None


@dataclass(frozen=True, slots=True)
class LeadFilter:
    """Which leads are wanted: added from `begins` to before `ends`, with or without a consent.

    `query` is a part of a name, an address, a phone number or a message, whatever its case.
    `reachable` leads have an address or a phone number; who asks for a person without leaving one
    is a lead, too, for programs that count on it.
    """

    query: str | None = None
    begins: datetime | None = None
    ends: datetime | None = None
    consent: bool | None = None
    reachable: bool | None = None


@dataclass(frozen=True, slots=True)
class Lead:
    """A visitor's contact details, and the conversation in which they left them, if any."""

    id: UUID
    project_id: ProjectId
    conversation_id: ConversationId | None
    contact: Contact
    circumstances: Circumstances
    created_at: datetime
    updated_at: datetime

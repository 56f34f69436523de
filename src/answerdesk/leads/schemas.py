"""Bodies of the native API for leads."""

from datetime import datetime

from pydantic import BaseModel

from answerdesk.core.tenancy import public_id
from answerdesk.core.web.pagination import Listing
from answerdesk.leads.types import LEAD_PREFIX, Lead

_CONVERSATION_PREFIX = "conv"  # Conversations are above us; their ids are opaque values here.


class LeadOut(BaseModel):
    """A visitor who can be reached; `message` is what they left with it."""

    id: str
    conversation_id: str
    email: str | None
    phone: str | None
    message: str | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, lead: Lead) -> "LeadOut":
        """Write a lead as the native API shows it."""
        return cls(
            id=public_id(LEAD_PREFIX, lead.id),
            conversation_id=public_id(_CONVERSATION_PREFIX, lead.conversation_id),
            email=lead.contact.email,
            phone=lead.contact.phone,
            message=lead.contact.message,
            created_at=lead.created_at,
            updated_at=lead.updated_at,
        )


class LeadList(Listing[LeadOut]):
    """Leads, the newest first."""

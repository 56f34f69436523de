"""A lead as programs read it."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from answerdesk.core.tenancy import public_id
from answerdesk.leads.types import LEAD_PREFIX, Lead

_CONVERSATION_PREFIX = "conv"  # Conversations are a higher slice; their ids are opaque values here.


class ConsentOut(BaseModel):
    """The sentence that the visitor agreed to, when, and on which page."""

    given: Literal[True] = True
    text: str
    at: datetime
    page_url: str | None


class LeadOut(BaseModel):
    """A visitor's contact details; `message` is what they left with them.

    `excerpt` is what was last said. A lead added by a program has no `conversation_id`.
    """

    id: str
    conversation_id: str | None
    name: str | None
    email: str | None
    phone: str | None
    message: str | None
    page_url: str | None
    excerpt: str | None
    consent: ConsentOut | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, lead: Lead) -> "LeadOut":
        conversation_id, consent = lead.conversation_id, lead.circumstances.consent
        return cls(
            id=public_id(LEAD_PREFIX, lead.id),
            conversation_id=None
            if conversation_id is None
            else public_id(_CONVERSATION_PREFIX, conversation_id),
            name=lead.contact.name,
            email=lead.contact.email,
            phone=lead.contact.phone,
            message=lead.contact.message,
            page_url=lead.circumstances.page_url,
            excerpt=lead.circumstances.excerpt,
            consent=None
            if consent is None
            else ConsentOut(text=consent.text, at=consent.at, page_url=consent.page_url),
            created_at=lead.created_at,
            updated_at=lead.updated_at,
        )

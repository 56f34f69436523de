"""The events of leads (`core.events`)."""

from typing import Final

from answerdesk.core.events import EventType, Payload


class LeadChange(Payload):
    """A lead, and the conversation in which the contact was left, if there was one."""

    lead_id: str
    conversation_id: str | None = None


_EXAMPLE: Final = LeadChange(
    lead_id="lead_7d8e9fa0b1c24d3e8f90a1b2c3d4e5f6",
    conversation_id="conv_5f0c6e9b8a7d4e21b3c4d5e6f7a8b9c0",
)

LEAD_CREATED: Final = EventType("lead.created", "A visitor left a contact.", LeadChange, _EXAMPLE)
LEAD_UPDATED: Final = EventType(
    "lead.updated", "A lead has a contact detail that it didn't have.", LeadChange, _EXAMPLE
)

TYPES: Final = (LEAD_CREATED, LEAD_UPDATED)

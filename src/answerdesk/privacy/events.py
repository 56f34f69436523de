"""The events of privacy (`core.events`)."""

from typing import Final

from answerdesk.core.events import EventType, Payload


class ErasedPerson(Payload):
    """An erasure that is done, and how much it has erased; whose it was is not told."""

    erasure_id: str
    conversations: int
    messages: int
    leads: int


class AppliedRetention(Payload):
    """How much was erased because the project keeps it no longer."""

    conversations: int = 0
    visitors: int = 0
    leads: int = 0


PERSON_ERASED: Final = EventType(
    "person.erased",
    "What was known of a person was erased, as somebody has asked for.",
    ErasedPerson,
    ErasedPerson(
        erasure_id="erasure_4d5e6f708192a3b4c5d6e7f801233445", conversations=3, messages=14, leads=1
    ),
)
RETENTION_APPLIED: Final = EventType(
    "retention.applied",
    "Conversations or leads were erased that the project keeps no longer.",
    AppliedRetention,
    AppliedRetention(conversations=50, visitors=12, leads=4),
)

TYPES: Final = (PERSON_ERASED, RETENTION_APPLIED)

"""The events of drafts (`core.events`)."""

from typing import Final

from answerdesk.core.events import EventType, Payload


class NewDraft(Payload):
    """A draft of a Q&A item, and the conversation that it was drawn from."""

    draft_id: str
    conversation_id: str


DRAFT_CREATED: Final = EventType(
    "draft.created",
    "A question with its answer was drawn from what a person told a visitor, for review.",
    NewDraft,
    NewDraft(
        draft_id="draft_3d4e5f60718293a4b5c6d7e8f9011223",
        conversation_id="conv_5f0c6e9b8a7d4e21b3c4d5e6f7a8b9c0",
    ),
)

TYPES: Final = (DRAFT_CREATED,)

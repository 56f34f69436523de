"""The events of the inbox (`core.events`).

Every change that somebody's view shows has an event, so that live views follow it.
"""

from typing import Final, Literal

from answerdesk.core.events import EventType, Payload

Aspect = Literal["note", "tags", "snooze", "assignee", "contact", "service_level"]


class InboxChange(Payload):
    """A conversation of which something changed that only people of the account see."""

    conversation_id: str
    aspect: Aspect
    note_id: str | None = None


class OwnChange(Payload):
    """What concerns one person alone: how far they have read, or what they have begun to write."""

    conversation_id: str
    user_id: str
    aspect: Literal["read", "draft"]


_CONVERSATION: Final = "conv_5f0c6e9b8a7d4e21b3c4d5e6f7a8b9c0"

INBOX_CHANGED: Final = EventType(
    "inbox.changed",
    "A note, a tag, the assignee, the snooze or the contact of a conversation changed.",
    InboxChange,
    InboxChange(conversation_id=_CONVERSATION, aspect="tags"),
    public=False,
)
OWN_CHANGED: Final = EventType(
    "inbox.own_changed",
    "A person has read a conversation, or saved a draft.",
    OwnChange,
    OwnChange(
        conversation_id=_CONVERSATION,
        user_id="user_1b2c3d4e5f60718293a4b5c6d7e8f901",
        aspect="read",
    ),
    public=False,
)

TYPES: Final = (INBOX_CHANGED, OWN_CHANGED)

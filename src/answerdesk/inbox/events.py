"""The events of the inbox (`core.events`).

Every change that somebody's view shows has an event, so that live views follow it.
"""

from datetime import UTC, datetime
from typing import Final, Literal

from answerdesk.core.events import EventType, Payload

Aspect = Literal["note", "tags", "snooze", "assignee", "contact", "service_level"]
OwnAspect = Literal["read", "draft"]


class InboxChange(Payload):
    """A conversation of which something changed that only people of the account see."""

    conversation_id: str
    aspect: Aspect
    note_id: str | None = None


class OwnChange(Payload):
    """What concerns one person alone: how far they have read, or what they have begun to write."""

    conversation_id: str
    user_id: str
    aspect: OwnAspect


class BreachedTarget(Payload):
    """A target of a conversation's service levels, which should have been met by `due_at`."""

    conversation_id: str
    target: Literal["first_response", "resolution"]
    due_at: datetime


class NoticedPerson(Payload):
    """A person who is told, with the notice that is theirs."""

    user_id: str
    notice_id: str


class NewNotice(Payload):
    """What people are told of in the browser: a conversation or a lead."""

    kind: Literal["waiting", "lead", "assigned", "reply", "sla"]
    conversation_id: str | None = None
    lead_id: str | None = None
    people: tuple[NoticedPerson, ...]


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

SLA_BREACHED: Final = EventType(
    "sla.breached",
    "A conversation has missed a target of the project's service levels.",
    BreachedTarget,
    BreachedTarget(
        conversation_id=_CONVERSATION,
        target="first_response",
        due_at=datetime(2026, 4, 18, 11, 22, 14, tzinfo=UTC),
    ),
)
NOTICED: Final = EventType(
    "inbox.noticed",
    "People are to be told something in the browser.",
    NewNotice,
    NewNotice(
        kind="waiting",
        conversation_id=_CONVERSATION,
        people=(
            NoticedPerson(
                user_id=OWN_CHANGED.example.user_id,
                notice_id="notice_2c3d4e5f60718293a4b5c6d7e8f90112",
            ),
        ),
    ),
    public=False,
)

TYPES: Final = (INBOX_CHANGED, OWN_CHANGED, SLA_BREACHED, NOTICED)

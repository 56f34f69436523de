"""What the inbox's lists and live views show, as JSON."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from answerdesk.accounts.types import MEMBER_PREFIX, USER_PREFIX
from answerdesk.conversations.history.types import RatedMessage
from answerdesk.conversations.schemas import ConversationOut, MessageOut
from answerdesk.conversations.types import CONVERSATION_PREFIX, MESSAGE_PREFIX, Rating
from answerdesk.core.tenancy import ProjectId, public_id
from answerdesk.core.web.pagination import Listing
from answerdesk.inbox.drafts.schemas import DraftOut
from answerdesk.inbox.listing.service import Listed
from answerdesk.inbox.listing.types import Own
from answerdesk.inbox.types import Counts, Entry, Person
from answerdesk.leads.types import Contact
from answerdesk.projects.types import PROJECT_PREFIX


class ContactLeft(BaseModel):
    """The name, e-mail address and phone number that a visitor left."""

    name: str | None
    email: str | None
    phone: str | None

    @classmethod
    def of(cls, contact: Contact) -> "ContactLeft":
        return cls(name=contact.name, email=contact.email, phone=contact.phone)


class EntryOut(ConversationOut):
    """A conversation as the inbox lists it. Of two with one `id`, the lower `version` is older."""

    version: int
    assignee_id: str | None = Field(description="The person who has it.")
    waiting_since: datetime | None = Field(
        description="When its visitor began to wait for a person's reply."
    )
    snoozed_until: datetime | None
    visitor_wrote_at: datetime
    visitor_said: str | None = Field(
        description="The first 200 characters of the visitor's last message."
    )
    latest_message_id: str | None = Field(
        description="What a reply names as the last message that its writer has seen."
    )
    tags: list[str]
    sla_due_at: datetime | None = Field(description="The earliest target that is still running.")
    sla_breached: bool
    contact: ContactLeft | None = Field(
        description="What the visitor left as a lead. Unlike `visitor`, nobody has verified it. "
        "Null for a key, which reads leads with `leads:read`."
    )

    @classmethod
    def entry(cls, entry: Entry, *, to_person: bool) -> "EntryOut":
        return cls(**cls.fields_of_entry(entry, to_person=to_person))

    @staticmethod
    def fields_of_entry(entry: Entry, *, to_person: bool) -> dict[str, Any]:
        """Return an entry's fields by name, for subclasses with more fields."""
        assignee, latest = entry.assignee_id, entry.latest_message_id
        # A key reads leads with a scope of their own.
        contact = entry.contact if to_person else None
        return {
            **ConversationOut.fields_of(entry.summary),
            "version": entry.version,
            "assignee_id": None if assignee is None else public_id(USER_PREFIX, assignee),
            "waiting_since": entry.waiting_since,
            "snoozed_until": entry.snoozed_until,
            "visitor_wrote_at": entry.visitor_wrote_at,
            "visitor_said": entry.visitor_said,
            "latest_message_id": None if latest is None else public_id(MESSAGE_PREFIX, latest),
            "tags": list(entry.tags),
            "sla_due_at": entry.sla_due_at,
            "sla_breached": entry.sla_breached,
            "contact": None if contact is None else ContactLeft.of(contact),
        }


class OwnOut(BaseModel):
    """What is one person's own in a conversation: all of it, so it replaces what was known.

    The conversation is unread if `read_at` is null or before its `visitor_wrote_at`.
    """

    conversation_id: str
    read_at: datetime | None
    drafts: list[DraftOut]

    @classmethod
    def of(cls, own: Own) -> "OwnOut":
        return cls(
            conversation_id=public_id(CONVERSATION_PREFIX, own.conversation_id),
            read_at=own.read_at,
            drafts=[DraftOut.of(one, own.conversation_id, one.kind) for one in own.drafts],
        )


class ListedEntry(EntryOut):
    """An entry of a list."""

    own: OwnOut | None = Field(description="Null for a key.")

    @classmethod
    def listed(cls, one: Listed) -> "ListedEntry":
        own = None if one.own is None else OwnOut.of(one.own)
        return cls(**cls.fields_of_entry(one.entry, to_person=own is not None), own=own)


class EntryList(Listing[ListedEntry]):
    """Conversations of the inbox, in the order asked for."""


class CountsOut(BaseModel):
    """How many conversations stand in each list; those that are snoozed only in `snoozed`."""

    waiting: int
    mine: int = Field(description="Those that the caller has; 0 for a key.")
    unassigned: int = Field(description="Waiting, or with people, and nobody has them.")
    with_people: int
    unread: int = Field(
        description="Of those waiting or with people, those in which the visitor wrote after the "
        "caller's read mark; 0 for a key."
    )
    snoozed: int

    @classmethod
    def of(cls, counts: Counts) -> "CountsOut":
        return cls(
            waiting=counts.waiting,
            mine=counts.mine,
            unassigned=counts.unassigned,
            with_people=counts.with_people,
            unread=counts.unread,
            snoozed=counts.snoozed,
        )


class PersonOut(BaseModel):
    """A member of the account, whether they look at the inbox, and what they have open there."""

    user_id: str
    member_id: str = Field(description="What a conversation is assigned to.")
    name: str | None
    email: str
    online: bool
    conversation_ids: list[str]

    @classmethod
    def of(cls, person: Person) -> "PersonOut":
        return cls(
            user_id=public_id(USER_PREFIX, person.user_id),
            member_id=public_id(MEMBER_PREFIX, person.member_id),
            name=person.name,
            email=person.email,
            online=person.online,
            conversation_ids=[public_id(CONVERSATION_PREFIX, one) for one in person.conversations],
        )


class SnapshotOut(BaseModel):
    """The inbox at one moment; what happens after `cursor` comes by the stream, or by polling."""

    cursor: str
    counts: CountsOut
    entries: list[ListedEntry]
    next_cursor: str | None = Field(description="For `GET /v1/inbox` with the same filters.")
    projects: list[str]
    people: list[PersonOut]


def public_projects(projects: Sequence[ProjectId]) -> list[str]:
    return [public_id(PROJECT_PREFIX, one) for one in projects]


class RatingOut(BaseModel):
    """A visitor's rating of a reply."""

    rating: Rating
    reason: str | None


class LiveMessageOut(MessageOut):
    """A message that has just come, or was just rated."""

    conversation_id: str
    feedback: RatingOut | None
    sender_id: str | None = Field(description="The user who wrote a person's reply, if known.")

    @classmethod
    def rated(cls, one: RatedMessage, project_id: ProjectId, base_url: str) -> "LiveMessageOut":
        said = MessageOut.of(one.message, project_id, base_url)
        feedback = None if one.rating is None else RatingOut(rating=one.rating, reason=one.reason)
        return cls(
            **dict(said),
            conversation_id=public_id(CONVERSATION_PREFIX, one.message.conversation_id),
            feedback=feedback,
            sender_id=None if one.sender_id is None else public_id(USER_PREFIX, one.sender_id),
        )

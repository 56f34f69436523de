"""Tables of the conversations."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from answerdesk.core.database import Base, TenantOwned


class VisitorRow(TenantOwned, Base):
    """A visitor of a site, known by a claim, by the site's signature, by a program, or by our id.

    `external_id` is a claim in Orac's widget and proves nothing; `identity` was proved;
    `outside_id` is a program's id of them in a `dialect`. No row has two of them.
    """

    __tablename__ = "visitor"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    project_id: Mapped[UUID]
    external_id: Mapped[str | None]
    identity: Mapped[str | None]
    dialect: Mapped[str | None]
    outside_id: Mapped[str | None]
    email: Mapped[str | None]
    name: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    seen_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class ConversationRow(TenantOwned, Base):
    """A conversation; `state` says who has it: the assistant, nobody yet, a person, or no one."""

    __tablename__ = "conversation"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    project_id: Mapped[UUID]
    visitor_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(server_default=FetchedValue())
    escalated_at: Mapped[datetime | None]
    assignee_id: Mapped[UUID | None]
    waiting_since: Mapped[datetime | None]
    page_url: Mapped[str | None]
    opens_by_id: Mapped[bool | None]
    domain_id: Mapped[UUID | None]
    agent_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    updated_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class MessageRow(TenantOwned, Base):
    """One message. An answer names its question; a question has at most one answer.

    What the assistant says about who has the conversation names none. `sender_id` is the person who
    wrote it, if known.
    """

    __tablename__ = "message"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    conversation_id: Mapped[UUID]
    project_id: Mapped[UUID]
    author: Mapped[str]
    content: Mapped[str]
    blocks: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB)
    context: Mapped[str | None]
    question_id: Mapped[UUID | None]
    sender_id: Mapped[UUID | None]
    citations: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=FetchedValue())
    confidence: Mapped[float | None]
    abstained: Mapped[bool] = mapped_column(server_default=FetchedValue())
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class TurnRow(TenantOwned, Base):
    """The work of answering one question, with its lease.

    `read`: the visitor's program read the answer to its end; None if nobody noted it.
    """

    __tablename__ = "turn"

    question_id: Mapped[UUID] = mapped_column(primary_key=True)
    conversation_id: Mapped[UUID]
    project_id: Mapped[UUID]
    state: Mapped[str]
    holder: Mapped[UUID]
    lease_until: Mapped[datetime]
    attempt: Mapped[int] = mapped_column(server_default=FetchedValue())
    error_code: Mapped[str | None]
    decision: Mapped[str | None]
    action: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    trace: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    read: Mapped[bool | None]
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    finished_at: Mapped[datetime | None]


class FeedbackRow(TenantOwned, Base):
    """A visitor's last rating of an answer."""

    __tablename__ = "feedback"

    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    rating: Mapped[str]
    reason: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())

"""Tables of the leads."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import FetchedValue
from sqlalchemy.orm import Mapped, mapped_column

from answerdesk.core.database import Base, TenantOwned


class LeadRow(TenantOwned, Base):
    """A visitor's contact, at most one per conversation.

    A lead without a conversation has its own id as `conversation_id`.
    """

    __tablename__ = "lead"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    project_id: Mapped[UUID]
    conversation_id: Mapped[UUID]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    message: Mapped[str | None]
    name: Mapped[str | None]
    page_url: Mapped[str | None]
    excerpt: Mapped[str | None]
    consent_text: Mapped[str | None]
    consented_at: Mapped[datetime | None]
    consent_page_url: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    updated_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())

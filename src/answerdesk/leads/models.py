"""Tables of the leads."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import FetchedValue
from sqlalchemy.orm import Mapped, mapped_column

from answerdesk.core.database import Base, TenantOwned


class LeadRow(TenantOwned, Base):
    """A visitor's contact, at most one per conversation."""

    __tablename__ = "lead"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    project_id: Mapped[UUID]
    conversation_id: Mapped[UUID]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    message: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    updated_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())

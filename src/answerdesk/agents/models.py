"""Tables of the agents."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from answerdesk.core.database import Base, TenantOwned


class AgentRow(TenantOwned, Base):
    """Who speaks for a project; a unique index allows only one active agent per project."""

    __tablename__ = "agent"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    project_id: Mapped[UUID]
    name: Mapped[str]
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB)
    newer_settings: Mapped[dict[str, Any]] = mapped_column(JSONB)
    response_profile: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    active: Mapped[bool]
    version: Mapped[int] = mapped_column(server_default=FetchedValue())
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    updated_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())

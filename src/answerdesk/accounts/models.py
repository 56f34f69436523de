"""Tables of the accounts."""

from datetime import datetime

from sqlalchemy import FetchedValue
from sqlalchemy.orm import Mapped, mapped_column

from answerdesk.core.database import Base, TenantOwned


class AccountRow(TenantOwned, Base):
    __tablename__ = "account"

    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())

"""Reads and writes leads."""

from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, func, literal_column
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.tenancy import AccountId, ConversationId, ProjectId, new_id
from answerdesk.leads.models import LeadRow
from answerdesk.leads.types import Contact


async def upsert(
    session: AsyncSession,
    account_id: AccountId,
    project_id: ProjectId,
    conversation_id: ConversationId,
    contact: Contact,
) -> tuple[UUID, bool]:
    """Store the conversation's lead; what is given later is added, nothing given is lost.

    Returns its id and whether it is new.
    """
    given: dict[str, Any] = {
        name: value
        for name, value in (
            ("email", contact.email),
            ("phone", contact.phone),
            ("message", contact.message),
        )
        if value is not None
    }
    rows = await session.execute(
        insert(LeadRow)
        .values(
            account_id=account_id,
            id=new_id(),
            project_id=project_id,
            conversation_id=conversation_id,
            **given,
        )
        .on_conflict_do_update(
            index_elements=["account_id", "conversation_id"],
            set_={**given, "updated_at": func.now()},
        )
        # A row that was just inserted has no deleting transaction (xmax).
        .returning(LeadRow.id, literal_column("(xmax = 0)", Boolean))
    )
    row = rows.one()
    return row[0], row[1]

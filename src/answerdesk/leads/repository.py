"""Reads and writes leads."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, func, literal_column, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.tenancy import AccountId, ConversationId, ProjectId, new_id
from answerdesk.leads.models import LeadRow
from answerdesk.leads.types import Contact, Lead, Place


async def upsert(
    session: AsyncSession,
    account_id: AccountId,
    project_id: ProjectId,
    conversation_id: ConversationId,
    contact: Contact,
) -> tuple[UUID, bool]:
    """Store the conversation's lead. Later data is added; nothing already given is lost.

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
        # A newly inserted row has no deleting transaction (xmax).
        .returning(LeadRow.id, literal_column("(xmax = 0)", Boolean))
    )
    row = rows.one()
    return row[0], row[1]


async def list_after(
    session: AsyncSession, project_id: ProjectId, after: Place, limit: int
) -> Sequence[Lead]:
    """Return at most `limit` of a project's leads behind `after`, newest first."""
    query = (
        select(LeadRow)
        .where(LeadRow.project_id == project_id)
        .order_by(LeadRow.created_at.desc(), LeadRow.id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(LeadRow.created_at, LeadRow.id) < after)
    return [
        Lead(
            id=row.id,
            project_id=ProjectId(row.project_id),
            conversation_id=ConversationId(row.conversation_id),
            contact=Contact(row.email, row.phone, row.message),
            created_at=row.created_at,
            updated_at=row.updated_at,
        )
        for row in await session.scalars(query)
    ]

"""Leads: contacts captured in conversations."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.events import record
from answerdesk.core.tenancy import AccountId, ConversationId, ProjectId
from answerdesk.leads import events, repository
from answerdesk.leads.types import Contact, Lead, Place


async def capture(
    session: AsyncSession,
    account_id: AccountId,
    project_id: ProjectId,
    conversation_id: ConversationId,
    contact: Contact,
) -> UUID:
    """Store or complete the conversation's lead; return its id.

    The first capture records `new_lead`, a later one with new data `lead_updated`. The events hold
    only ids, so erasing a person only requires erasing the lead.
    """
    lead_id, created = await repository.upsert(
        session, account_id, project_id, conversation_id, contact
    )
    if created or contact != Contact():
        payload = {"lead_id": str(lead_id), "conversation_id": str(conversation_id)}
        event_type = events.NEW_LEAD if created else events.LEAD_UPDATED
        await record(session, account_id, project_id, event_type, payload)
    return lead_id


async def list_leads(
    session: AsyncSession, project_id: ProjectId, after: Place, limit: int
) -> Sequence[Lead]:
    """Return at most `limit` of a project's leads behind `after`, newest first."""
    return await repository.list_after(session, project_id, after, limit)

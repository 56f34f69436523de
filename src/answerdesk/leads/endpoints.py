"""The native API of leads."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.principal import Principal
from answerdesk.core.tenancy import public_id
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.pagination import Listing, PagingOf
from answerdesk.leads import service
from answerdesk.leads.types import LEAD_PREFIX, Lead
from answerdesk.projects.dependencies import ProjectOf

_CONVERSATION_PREFIX = "conv"  # Conversations are a higher slice; their ids are opaque values here.


class LeadOut(BaseModel):
    """A visitor's contact details; `message` is what they left with them."""

    id: str
    conversation_id: str
    email: str | None
    phone: str | None
    message: str | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, lead: Lead) -> "LeadOut":
        return cls(
            id=public_id(LEAD_PREFIX, lead.id),
            conversation_id=public_id(_CONVERSATION_PREFIX, lead.conversation_id),
            email=lead.contact.email,
            phone=lead.contact.phone,
            message=lead.contact.message,
            created_at=lead.created_at,
            updated_at=lead.updated_at,
        )


class LeadList(Listing[LeadOut]):
    """Leads, newest first."""


router = APIRouter(prefix="/v1", tags=["leads"])


@router.get("/projects/{project_id}/leads")
async def list_leads(
    caller: Annotated[Principal, needs("leads:read")],
    project: ProjectOf,
    database: DatabaseOf,
    page: PagingOf,
) -> LeadList:
    """List a project's leads, newest first."""
    of = f"leads:{project.id}"
    after = page.after(of, datetime, UUID)
    async with database.transaction(caller.account_id) as session:
        leads = await service.list_leads(session, project.id, after, page.fetch)
    shown, next_cursor = page.cut(of, leads, lambda one: (one.created_at, one.id))
    return LeadList(items=[LeadOut.of(lead) for lead in shown], next_cursor=next_cursor)

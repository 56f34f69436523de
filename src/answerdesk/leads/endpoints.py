"""The native API of the leads."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.principal import Principal
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.pagination import PageOf
from answerdesk.leads import service
from answerdesk.leads.schemas import LeadList, LeadOut
from answerdesk.projects.dependencies import ProjectOf

router = APIRouter(prefix="/v1", tags=["leads"])


@router.get("/projects/{project_id}/leads")
async def list_leads(
    caller: Annotated[Principal, needs("leads:read")],
    project: ProjectOf,
    database: DatabaseOf,
    page: PageOf,
) -> LeadList:
    """List a project's leads, the newest first."""
    of = f"leads:{project.id}"
    after = page.after(of, datetime, UUID)
    async with database.transaction(caller.account_id) as session:
        leads = await service.list_leads(session, project.id, after, page.fetch)
    shown, next_cursor = page.cut(of, leads, lambda one: (one.created_at, one.id))
    return LeadList(items=[LeadOut.of(lead) for lead in shown], next_cursor=next_cursor)

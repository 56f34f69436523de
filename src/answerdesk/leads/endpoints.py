"""The native API of leads."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.principal import Principal
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.pagination import Listing, PagingOf
from answerdesk.core.web.text import CleanText, FilledText
from answerdesk.leads import service, types
from answerdesk.leads.schemas import LeadOut
from answerdesk.leads.types import Circumstances, Consent, Contact
from answerdesk.projects.dependencies import ProjectOf


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        msg = "is out of range"
        raise ValueError(msg) from error


class ConsentIn(BaseModel):
    """What a visitor agreed to, word for word, when (by default now) and on which page."""

    model_config = ConfigDict(extra="forbid")

    text: FilledText = Field(max_length=types.CONSENT_LENGTH)
    at: Annotated[AwareDatetime, AfterValidator(_utc)] | None = None
    page_url: Annotated[CleanText, Field(max_length=types.PAGE_URL_LENGTH)] | None = None

    def consent(self) -> Consent:
        return Consent(self.text.strip(), self.at or datetime.now(UTC), self.page_url or None)


class LeadIn(BaseModel):
    """A lead to add. It needs an `email` or a `phone`."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[CleanText, Field(max_length=types.NAME_LENGTH)] | None = None
    email: Annotated[CleanText, Field(max_length=320)] | None = None
    phone: Annotated[CleanText, Field(max_length=types.PHONE_LENGTH)] | None = None
    message: Annotated[CleanText, Field(max_length=types.MESSAGE_LENGTH)] | None = None
    page_url: Annotated[CleanText, Field(max_length=types.PAGE_URL_LENGTH)] | None = Field(
        default=None, description="The page on which the contact was left."
    )
    excerpt: Annotated[CleanText, Field(max_length=types.EXCERPT_LENGTH)] | None = Field(
        default=None, description="What was last said."
    )
    consent: ConsentIn | None = None

    def contact(self) -> Contact:
        return Contact(self.email, self.phone, self.message, self.name)

    def circumstances(self) -> Circumstances:
        consent = None if self.consent is None else self.consent.consent()
        return Circumstances(self.page_url or None, self.excerpt or None, consent)


class LeadList(Listing[LeadOut]):
    """Leads, newest first."""


router = APIRouter(prefix="/v1", tags=["leads"], route_class=bounded_route())


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
        leads = await service.leads_of(session, [project.id], after=after, limit=page.fetch)
    shown, next_cursor = page.cut(of, leads, lambda one: (one.created_at, one.id))
    return LeadList(items=[LeadOut.of(lead) for lead in shown], next_cursor=next_cursor)


@router.post("/projects/{project_id}/leads", status_code=status.HTTP_201_CREATED)
async def add_lead(
    body: LeadIn,
    caller: Annotated[Principal, needs("leads:write")],
    project: ProjectOf,
    database: DatabaseOf,
) -> LeadOut:
    """Add a lead that comes from somewhere else, such as a form on the site."""
    async with database.transaction(caller.account_id) as session:
        lead = await service.add_lead(session, project.id, body.contact(), body.circumstances())
    return LeadOut.of(lead)

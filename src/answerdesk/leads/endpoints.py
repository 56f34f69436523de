"""The native API of leads."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, status
from fastapi.responses import StreamingResponse
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.principal import Principal
from answerdesk.core.tenancy import parse_public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.pagination import Listing, PagingOf
from answerdesk.core.web.text import CleanText, Day, FilledText
from answerdesk.leads import exporting, service, types
from answerdesk.leads.errors import lead_not_found
from answerdesk.leads.schemas import LeadOut
from answerdesk.leads.types import Circumstances, Consent, Contact, LeadFilter
from answerdesk.projects.days import open_span, today
from answerdesk.projects.dependencies import ProjectOf, project_for
from answerdesk.projects.types import Project


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

Reader = Annotated[Principal, needs("leads:read")]


ProjectRead = Annotated[Project, project_for("leads:read")]


async def _only(
    project: ProjectRead,
    *,
    q: Annotated[
        CleanText | None,
        Query(
            max_length=types.QUERY_LENGTH,
            description="A part of the name, e-mail address, phone number or message.",
        ),
    ] = None,
    first: Annotated[
        Day | None, Query(alias="from", description="Added on this day or later.")
    ] = None,
    last: Annotated[
        Day | None, Query(alias="to", description="Added on this day or before.")
    ] = None,
    consent: Annotated[
        bool | None, Query(description="Only those with a consent, or only those without.")
    ] = None,
    reachable: Annotated[
        bool | None,
        Query(description="Only those with an e-mail address or a phone number, or only without."),
    ] = None,
) -> LeadFilter:
    begins, ends = open_span(project, first, last)
    return LeadFilter((q or "").strip() or None, begins, ends, consent, reachable)


OnlyOf = Annotated[LeadFilter, Depends(_only)]
"""Which leads the query asks for; days are those of the project's time zone."""


@router.get("/projects/{project_id}/leads")
async def list_leads(
    caller: Reader,
    project: ProjectRead,
    only: OnlyOf,
    database: DatabaseOf,
    page: PagingOf,
) -> LeadList:
    """List a project's leads, newest first.

    Days are those of the project's time zone, which is that of its office hours.
    """
    of = f"leads:{project.id}:{only}"
    after = page.after(of, datetime, UUID)
    async with database.transaction(caller.account_id) as session:
        leads = await service.leads_of(
            session, [project.id], only=only, after=after, limit=page.fetch
        )
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


# Before the route that would take `export` for an id.
@router.get(
    "/projects/{project_id}/leads/export",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "UTF-8 with a byte order mark, a header row, lines that end in CRLF.",
            "content": {"text/csv": {"schema": {"type": "string"}}},
        }
    },
)
async def export_leads(
    project: ProjectRead, only: OnlyOf, database: DatabaseOf
) -> StreamingResponse:
    """Export leads as a file for spreadsheets, newest first.

    A cell that a spreadsheet would treat as a formula gets a leading apostrophe, also a phone
    number that begins with a plus sign; programs leave it out.
    """
    file = exporting.written(database, project, only)
    name = f"leads-{today(project, datetime.now(UTC))}.csv"
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return StreamingResponse(file, media_type=exporting.MEDIA_TYPE, headers=headers)


@router.get("/projects/{project_id}/leads/{lead_id}")
async def get_lead(
    lead_id: str, caller: Reader, project: ProjectRead, database: DatabaseOf
) -> LeadOut:
    """Show a lead."""
    value = parse_public_id(types.LEAD_PREFIX, lead_id)
    if value is None:
        raise lead_not_found()
    async with database.transaction(caller.account_id) as session:
        return LeadOut.of(await service.lead_of(session, project.id, value))

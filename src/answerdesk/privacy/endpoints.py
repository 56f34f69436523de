"""The native API of privacy: erasing and exporting what is known of one person, or one lead."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, status
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.principal import Principal
from answerdesk.core.dialects import Dialect
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import parse_public_id, public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.openapi import problems
from answerdesk.core.web.pagination import Listing, PagingOf
from answerdesk.core.web.routing import add_routers
from answerdesk.core.web.text import FilledText
from answerdesk.leads.errors import lead_not_found
from answerdesk.leads.types import LEAD_PREFIX
from answerdesk.privacy import export, service
from answerdesk.privacy.errors import erasure_not_found, subject_unclear
from answerdesk.privacy.types import (
    ERASURE_PREFIX,
    Counts,
    Erasure,
    State,
    Subject,
    SubjectKind,
)
from answerdesk.projects.dependencies import SealerOf, project_for
from answerdesk.projects.types import Project

_LONGEST: Final = 320

Reader = Annotated[Principal, needs("privacy:read")]
Writer = Annotated[Principal, needs("privacy:write")]
LeadsWriter = Annotated[Principal, needs("leads:write")]


ProjectRead = Annotated[Project, project_for("privacy:read")]
ProjectWrite = Annotated[Project, project_for("privacy:write")]
LeadsProject = Annotated[Project, project_for("leads:write")]

_Name = Annotated[FilledText, Field(max_length=_LONGEST)]


class PersonIn(BaseModel):
    """A person, named by exactly one of these fields."""

    model_config = ConfigDict(extra="forbid")

    visitor_id: _Name | None = Field(default=None, description="Our id: visitor_…")
    email: _Name | None = Field(
        default=None,
        description="Finds whoever left it, whoever is known by it, and leads with it.",
    )
    identity: _Name | None = Field(
        default=None, description="The site's own id of them, which it has signed."
    )
    external_id: _Name | None = Field(
        default=None,
        description="What a client or a program calls them: a `user_code`, `session_id`, "
        "`visitor_id` or contact of a dialect.",
    )
    dialect: Dialect | None = Field(
        default=None, description="Of the external id, if it is one in several dialects."
    )

    def subject(self) -> Subject:
        """Return the name. Raises InvalidInput unless it is one."""
        names: Mapping[SubjectKind, str | None] = {
            "visitor_id": self.visitor_id,
            "email": self.email,
            "identity": self.identity,
            "external_id": self.external_id,
        }
        return _subject(names, self.dialect)


_Asked = Annotated[str | None, Query(min_length=1, max_length=_LONGEST)]


async def _asked_for(
    visitor_id: _Asked = None,
    email: _Asked = None,
    identity: _Asked = None,
    external_id: _Asked = None,
    dialect: Dialect | None = None,
) -> Subject | None:
    names: Mapping[SubjectKind, str | None] = {
        "visitor_id": visitor_id,
        "email": email,
        "identity": identity,
        "external_id": external_id,
    }
    given = dialect is not None or any(names.values())
    return _subject(names, dialect) if given else None


AskedFor = Annotated[Subject | None, Depends(_asked_for)]


class CountsOut(BaseModel):
    """What was erased. `deliveries` and `delayed_replies` are those that were cancelled."""

    conversations: int
    messages: int
    leads: int
    visitors: int
    drafts: int
    deliveries: int
    delayed_replies: int

    @classmethod
    def of(cls, counts: Counts) -> "CountsOut":
        return cls.model_validate(counts, from_attributes=True)


class ErasureOut(BaseModel):
    """A receipt. It doesn't say whose: ask with the same name to see it again."""

    id: str
    by: SubjectKind = Field(description="The kind of name that the person was named by.")
    state: State
    counts: CountsOut
    requested_at: datetime
    completed_at: datetime | None

    @classmethod
    def of(cls, erasure: Erasure) -> "ErasureOut":
        return cls(
            id=public_id(ERASURE_PREFIX, erasure.id),
            by=erasure.kind,
            state=erasure.state,
            counts=CountsOut.of(erasure.counts),
            requested_at=erasure.requested_at,
            completed_at=erasure.completed_at,
        )


class ErasureList(Listing[ErasureOut]):
    """Receipts, newest first."""


def make_router(settings: Settings) -> APIRouter:
    """Return the routes."""
    router, of_leads = (
        APIRouter(
            prefix="/v1/projects/{project_id}",
            route_class=bounded_route(settings.max_json_bytes),
            tags=[tag],
            responses=problems(404),
        )
        for tag in ("privacy", "leads")
    )
    accepted = status.HTTP_202_ACCEPTED
    router.add_api_route(
        "/erasures",
        request_erasure,
        methods=["POST"],
        status_code=accepted,
        responses=problems(409),
    )
    router.add_api_route("/erasures", list_erasures)
    router.add_api_route("/erasures/{erasure_id}", get_erasure)
    router.add_api_route(
        "/exports",
        export_person,
        methods=["POST"],
        response_class=StreamingResponse,
        responses={**_EXPORT, **problems(409)},
    )
    gone = status.HTTP_204_NO_CONTENT
    of_leads.add_api_route("/leads/{lead_id}", delete_lead, methods=["DELETE"], status_code=gone)
    add_routers(router, of_leads)
    return router


_EXPORT: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "One JSON object: `exported_at`, `visitors`, `leads`, `conversations` with "
        "their messages, ratings, notes, tags, drafts and calls of actions; `truncated` says "
        "whether there are more conversations than fit.",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}


async def request_erasure(
    body: PersonIn, caller: Writer, project: ProjectWrite, database: DatabaseOf, sealer: SealerOf
) -> ErasureOut:
    """Erase what is known of a person in this project, everywhere. It can't be undone.

    It is done within seconds in the background; the receipt then counts what was erased, and is
    kept.
    """
    subject = body.subject()
    async with database.transaction(caller.account_id) as session:
        erasure = await service.request_erasure(session, sealer, caller, project.id, subject)
    return ErasureOut.of(erasure)


async def list_erasures(
    caller: Reader,
    project: ProjectRead,
    database: DatabaseOf,
    sealer: SealerOf,
    page: PagingOf,
    subject: AskedFor,
) -> ErasureList:
    """List receipts, newest first. With a name: those of that person, as it was asked for then."""
    of = f"erasures:{project.id}"
    after = page.after(of, datetime, UUID)
    async with database.transaction(caller.account_id) as session:
        found = await service.list_erasures(session, sealer, project.id, subject, after, page.fetch)
    shown, next_cursor = page.cut(of, found, lambda one: (one.requested_at, one.id))
    return ErasureList(items=[ErasureOut.of(one) for one in shown], next_cursor=next_cursor)


async def get_erasure(
    erasure_id: str, caller: Reader, project: ProjectRead, database: DatabaseOf
) -> ErasureOut:
    """Show a receipt."""
    value = parse_public_id(ERASURE_PREFIX, erasure_id)
    if value is None:
        raise erasure_not_found()
    async with database.transaction(caller.account_id) as session:
        return ErasureOut.of(await service.get_erasure(session, project.id, value))


async def export_person(
    body: PersonIn, caller: Writer, project: ProjectWrite, database: DatabaseOf
) -> StreamingResponse:
    """Export what is known of a person in this project. It is noted in the audit log."""
    subject = body.subject()
    async with database.transaction(caller.account_id) as session:
        person = await export.begin_export(session, caller, project.id, subject)
    document = export.written(database, caller.account_id, project.id, person)
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": 'attachment; filename="person.json"',
    }
    return StreamingResponse(document, media_type="application/json", headers=headers)


async def delete_lead(
    lead_id: str, caller: LeadsWriter, project: LeadsProject, database: DatabaseOf
) -> None:
    """Delete a lead, everywhere: nobody is told of it any more. Its conversation stays.

    To erase all that is known of a person, see `POST /v1/projects/{project_id}/erasures`.
    """
    value = parse_public_id(LEAD_PREFIX, lead_id)
    if value is None:
        raise lead_not_found()
    async with database.transaction(caller.account_id) as session:
        await service.delete_lead(session, caller, project.id, value)


def _subject(names: Mapping[SubjectKind, str | None], dialect: Dialect | None) -> Subject:
    given = [(kind, value) for kind, value in names.items() if value is not None]
    if len(given) != 1 or (dialect is not None and given[0][0] != "external_id"):
        raise subject_unclear()
    kind, value = given[0]
    return Subject(kind, value, dialect)

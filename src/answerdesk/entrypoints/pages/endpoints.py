"""The routes of the HTML pages."""

from typing import Final

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from answerdesk.agents.service import desk_of
from answerdesk.conversations.dependencies import (
    AddressLimitsOf,
    ClientAddress,
    OriginOf,
    VisitorsOf,
)
from answerdesk.conversations.schemas import OwnSessionIn, OwnSessionOut
from answerdesk.core.database import Database
from answerdesk.core.errors import NotFound
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import parse_public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.routing import add_routers
from answerdesk.entrypoints.pages.api_reference import add_api_reference
from answerdesk.entrypoints.pages.chat import chat_parts
from answerdesk.entrypoints.pages.dashboard import add_dashboard
from answerdesk.entrypoints.pages.developers import add_developers_page
from answerdesk.entrypoints.pages.embed import add_embed, make_preview_router
from answerdesk.entrypoints.pages.moved import add_moved_pages
from answerdesk.entrypoints.pages.passages import passage_page
from answerdesk.entrypoints.pages.people import add_people_pages
from answerdesk.entrypoints.pages.responses import (
    ASSETS,
    Assets,
    fill,
    message_page,
    page,
)
from answerdesk.entrypoints.pages.widget import add_widget_pages
from answerdesk.knowledge.errors import passage_not_found
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.types import PASSAGE_PREFIX
from answerdesk.projects.service import (
    find_owner,
    find_project,
    list_projects,
    project_public_id,
)
from answerdesk.projects.types import Project

_READ: Final = ["GET", "HEAD"]


class Progress(BaseModel):
    """A project's documents: ready for answers, waiting to be ingested, failed."""

    ready: int
    pending: int
    failed: int


def add_pages(app: FastAPI, settings: Settings) -> None:
    """Add the pages and their assets to the app."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/", ask_page, methods=_READ)
    router.add_api_route("/progress/{project_id}", progress)
    router.add_api_route("/passages/{project_id}/{passage_id}", show_passage, methods=_READ)
    add_people_pages(router, mails=settings.smtp_url is not None)
    add_api_reference(router)
    add_embed(router)
    add_developers_page(router)
    add_widget_pages(router)
    add_dashboard(router, settings)
    add_moved_pages(router)
    add_routers(app, router, _visits(settings), make_preview_router(settings.max_json_bytes))
    app.mount("/assets", Assets(directory=ASSETS), name="assets")


def _visits(settings: Settings) -> APIRouter:
    """Return the route that makes the ask page a client of the visitors' API."""
    route = bounded_route(settings.max_json_bytes)
    router = APIRouter(include_in_schema=False, route_class=route)
    router.add_api_route("/visits/{project_id}", begin_visit, methods=["POST"])
    return router


async def ask_page(request: Request, database: DatabaseOf, project: str = "") -> HTMLResponse:
    """Show the page for asking a project; without `project`, the oldest one."""
    try:
        found = await _project(request, database, project)
    except NotFound:
        text = "The project in this address does not exist, or it was deleted."
        return message_page("There is no such project", text, status=404)
    if found is None:
        return _empty_page("Welcome to Answerdesk", "answerdesk ingest PATH", "/app")
    taken = await _progress(database, found)
    if not taken.ready + taken.pending + taken.failed:
        project_id = project_public_id(found)
        command = f"answerdesk ingest --project {project_id} PATH"
        return _empty_page(found.name, command, f"/app/p/{project_id}/knowledge")
    async with database.transaction(found.account_id) as session:
        desk = await desk_of(session, found)
    body = fill(
        "ask.html",
        project_id=project_public_id(found),
        project_name=found.name,
        ready=str(taken.ready),
        pending=str(taken.pending),
        failed=str(taken.failed),
        **chat_parts(desk, "Answerdesk"),
    )
    return page(f"Ask {found.name}", body, script="app.js")


async def progress(project_id: str, database: DatabaseOf) -> Progress:
    """Report how many of a project's documents are ready, pending and failed."""
    return await _progress(database, await find_project(database, project_id))


async def begin_visit(
    project_id: str,
    body: OwnSessionIn,
    database: DatabaseOf,
    visitors: VisitorsOf,
    limits: AddressLimitsOf,
    address: ClientAddress,
    origin: OriginOf,
) -> OwnSessionOut:
    """Begin or continue a visitor's session on the ask page or in the frame on a website.

    The page's address is enough to ask, so no widget key has to be created or shown for it.
    """
    await limits.take_session(address)
    account_id, found = await find_owner(database, project_id)
    session = await visitors.start_own_session(
        account_id,
        found,
        origin,
        identity_token=body.identity_token,
        visitor_token=body.visitor_token,
        resume_token=body.resume_token,
    )
    return OwnSessionOut.of(session)


async def show_passage(
    project_id: str, passage_id: str, database: DatabaseOf, quote: str = ""
) -> HTMLResponse:
    """Show a passage that an answer cites, with the cited words highlighted.

    The passage's unguessable id is the permission to read it.
    """
    try:
        project = await find_project(database, project_id)
        value = parse_public_id(PASSAGE_PREFIX, passage_id)
        if value is None:
            raise passage_not_found()
        async with database.transaction(project.account_id) as session:
            chunk = await Knowledge(session, project.account_id, project.id).passage(value)
    except NotFound:
        text = (
            "This passage is no longer part of the knowledge: its document was changed or removed. "
            "Ask again to get an answer from the current documents."
        )
        return message_page("This passage is gone", text, status=404)
    return passage_page(project, chunk, quote)


async def _project(request: Request, database: Database, named: str) -> Project | None:
    if named:
        return await find_project(database, named)
    async with database.transaction(request.app.state.application.account_id) as session:
        projects = await list_projects(session)
    return projects[0] if projects else None


async def _progress(database: Database, project: Project) -> Progress:
    async with database.transaction(project.account_id) as session:
        sources = await Knowledge(session, project.account_id, project.id).sources()
    return Progress(
        ready=sum(source.ready for source in sources),
        pending=sum(source.pending for source in sources),
        failed=sum(source.failed for source in sources),
    )


def _empty_page(title: str, command: str, knowledge: str) -> HTMLResponse:
    body = fill("empty.html", title=title, command=command, knowledge=knowledge)
    return page(title, body)

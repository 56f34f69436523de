"""Orac's programmatic tier: projects, sources, conversations, leads, analytics, with an API key."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, status

from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.principal import Principal
from answerdesk.agents.service import begin_project
from answerdesk.conversations import service as conversations
from answerdesk.conversations.errors import conversation_not_found
from answerdesk.conversations.history import service as history
from answerdesk.conversations.types import CONVERSATION_PREFIX, ConversationState, OfTheAccount
from answerdesk.core.errors import InvalidInput, NotFound, NotPermitted
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import ConversationId, parse_public_id, public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import BaseUrl, DatabaseOf
from answerdesk.core.web.openapi import error_responses
from answerdesk.core.web.routing import add_routers
from answerdesk.core.web.text import Day
from answerdesk.dialects.orac.dependencies import PartOf, ProjectsOf
from answerdesk.dialects.orac.encoder import (
    encode_analytics,
    encode_conversation,
    encode_lead,
    encode_message,
    encode_project,
    encode_source,
)
from answerdesk.dialects.orac.schemas import (
    Analytics,
    ConversationDetail,
    ConversationList,
    ErrorBody,
    LeadBody,
    LeadIn,
    LeadList,
    ProjectBody,
    ProjectIn,
    ProjectList,
    SourceBody,
    SourceIn,
    SourceList,
    Success,
)
from answerdesk.insights.service import counts, days_asked
from answerdesk.knowledge import service as knowledge
from answerdesk.knowledge.dependencies import ParsingOf, Shelf
from answerdesk.knowledge.errors import source_not_found
from answerdesk.knowledge.source_requests import FORM_OVERHEAD, add_requested_source, request_body
from answerdesk.knowledge.sync.dependencies import OutboundOf
from answerdesk.knowledge.types import SOURCE_PREFIX
from answerdesk.leads import service as leads
from answerdesk.leads.types import Circumstances, Contact
from answerdesk.projects.service import get_project
from answerdesk.projects.types import PROJECT_PREFIX

ERRORS: Final = error_responses(
    ErrorBody,
    {
        400: "Missing or malformed input.",
        401: "Missing or invalid API key.",
        403: "The plan or the key does not permit this.",
        404: "Not found.",
        429: "Too many requests; `retry_after` is in seconds.",
        500: "Unhandled error; safe to retry.",
        503: "Temporarily unavailable; safe to retry.",
    },
)
ConversationReader = Annotated[Principal, needs("conversations:read")]
KnowledgeReader = Annotated[Principal, needs("knowledge:read")]
KnowledgeWriter = Annotated[Principal, needs("knowledge:write")]
LeadReader = Annotated[Principal, needs("leads:read")]
LeadWriter = Annotated[Principal, needs("leads:write")]
ProjectReader = Annotated[Principal, needs("projects:read")]
ProjectWriter = Annotated[Principal, needs("projects:write")]
ProjectFilter = Annotated[
    str | None, Query(alias="project_id", max_length=200, description="Only this project's.")
]


def make_router(settings: Settings) -> APIRouter:
    """Make the routes. Bodies have at most `max_json_bytes`, an added source `max_file_bytes`."""
    created: dict[str, Any] = {
        "methods": ["POST"],
        "status_code": status.HTTP_201_CREATED,
        "responses": ERRORS,
    }
    router = APIRouter(route_class=bounded_route(settings.max_json_bytes), tags=["programmatic"])
    router.add_api_route("/api/projects", list_projects, responses=ERRORS)
    router.add_api_route("/api/projects", create_project, **created)
    router.add_api_route("/api/sources", list_sources, responses=ERRORS)
    router.add_api_route("/api/sources", delete_source, methods=["DELETE"], responses=ERRORS)
    router.add_api_route("/api/conversations", list_conversations, responses=ERRORS)
    router.add_api_route("/api/conversations/{conversation_id}", get_conversation, responses=ERRORS)
    router.add_api_route("/api/leads", list_leads, responses=ERRORS)
    router.add_api_route("/api/leads", create_lead, **created)
    router.add_api_route("/api/analytics", analytics, responses=ERRORS)
    limit = settings.max_file_bytes + FORM_OVERHEAD
    uploads = APIRouter(route_class=bounded_route(limit), tags=["programmatic"])
    uploads.add_api_route(
        "/api/sources", add_source, openapi_extra=request_body(SourceIn, "project_id"), **created
    )
    add_routers(router, uploads)
    return router


async def list_projects(_: ProjectReader, projects: ProjectsOf, part: PartOf) -> ProjectList:
    """List the projects that the key reaches, oldest first."""
    found = await projects.some(None)
    shown = found[part.offset : part.offset + part.limit]
    return ProjectList(projects=[encode_project(one) for one in shown], **part.of(len(found)))


async def create_project(
    body: ProjectIn, caller: ProjectWriter, database: DatabaseOf
) -> ProjectBody:
    """Create a project."""
    if caller.projects is not None:
        raise NotPermitted(
            "A key that is limited to some projects cannot create others", code="key_of_projects"
        )
    async with database.transaction(caller.account_id) as session:
        made = await begin_project(session, caller.account_id, body.name, caller=caller)
    return encode_project(made)


async def list_sources(
    caller: KnowledgeReader,
    projects: ProjectsOf,
    database: DatabaseOf,
    part: PartOf,
    project_id: ProjectFilter = None,
) -> SourceList:
    """List sources, oldest first."""
    chosen = await projects.ids(project_id)
    async with database.transaction(caller.account_id) as session:
        found, total = await knowledge.part_of_sources(
            session, chosen, offset=part.offset, limit=part.limit
        )
    return SourceList(sources=[encode_source(*one) for one in found], **part.of(total))


async def add_source(
    request: Request,
    caller: KnowledgeWriter,
    projects: ProjectsOf,
    database: DatabaseOf,
    parsing: ParsingOf,
    outbound: OutboundOf,
) -> SourceBody:
    """Add an address, a text or a file; it is ingested in the background."""

    async def shelf_of(project_id: str | None) -> Shelf:
        project = await projects.one(project_id)
        return Shelf(database, caller, public_id(PROJECT_PREFIX, project.id))

    added = await add_requested_source(request, SourceIn, "project_id", shelf_of, parsing, outbound)
    return encode_source(*added)


async def delete_source(
    caller: KnowledgeWriter,
    database: DatabaseOf,
    source_id: Annotated[str | None, Query(alias="id", max_length=200)] = None,
) -> Success:
    """Remove a source with all its documents."""
    if not source_id:
        raise InvalidInput("The id is missing; send it as ?id=", code="id_missing")
    value = parse_public_id(SOURCE_PREFIX, source_id)
    if value is None:
        raise source_not_found()
    async with database.transaction(caller.account_id) as session:
        await knowledge.remove_source(session, caller, value)
    return Success()


async def list_conversations(
    caller: ConversationReader,
    projects: ProjectsOf,
    database: DatabaseOf,
    part: PartOf,
    project_id: ProjectFilter = None,
    state: Annotated[
        ConversationState | None, Query(alias="status", description="Only those in this state.")
    ] = None,
) -> ConversationList:
    """List conversations, most recently active first."""
    chosen = await projects.ids(project_id)
    async with database.transaction(caller.account_id) as session:
        found, total = await history.part_of_conversations(
            session, chosen, state, offset=part.offset, limit=part.limit
        )
    return ConversationList(
        conversations=[encode_conversation(one) for one in found], **part.of(total)
    )


async def get_conversation(
    conversation_id: str, caller: ConversationReader, database: DatabaseOf, base_url: BaseUrl
) -> ConversationDetail:
    """Show a conversation with its newest 1,000 messages, oldest first."""
    value = parse_public_id(CONVERSATION_PREFIX, conversation_id)
    if value is None:
        raise conversation_not_found()
    found = ConversationId(value)
    async with database.transaction(caller.account_id) as session:
        summary = await history.conversation(session, found, OfTheAccount())
        try:
            caller.require_project(summary.project_id)
            await get_project(session, summary.project_id)
        except NotFound as error:
            raise conversation_not_found() from error
        _, messages = await conversations.list_messages(session, found, OfTheAccount())
    return ConversationDetail(
        **encode_conversation(summary).model_dump(),
        messages=[encode_message(one, summary.project_id, base_url) for one in messages],
    )


async def list_leads(
    caller: LeadReader,
    projects: ProjectsOf,
    database: DatabaseOf,
    part: PartOf,
    project_id: ProjectFilter = None,
) -> LeadList:
    """List leads, newest first."""
    chosen = await projects.ids(project_id)
    async with database.transaction(caller.account_id) as session:
        found = await leads.leads_of(session, chosen, offset=part.offset, limit=part.limit)
        total = await leads.count_leads(session, chosen)
    return LeadList(leads=[encode_lead(one) for one in found], **part.of(total))


async def create_lead(
    body: LeadIn, caller: LeadWriter, projects: ProjectsOf, database: DatabaseOf
) -> LeadBody:
    """Add a lead that comes from somewhere else, such as a form on the site."""
    project = await projects.one(body.project_id)
    contact = Contact(body.email or None, body.phone or None, body.message or None, body.name)
    circumstances = Circumstances(page_url=body.page_url or None)
    async with database.transaction(caller.account_id) as session:
        return encode_lead(await leads.add_lead(session, project.id, contact, circumstances))


async def analytics(
    caller: ConversationReader,
    projects: ProjectsOf,
    database: DatabaseOf,
    project_id: ProjectFilter = None,
    from_: Annotated[Day | None, Query(alias="from", description="First day, YYYY-MM-DD.")] = None,
    to: Annotated[Day | None, Query(description="Last day, YYYY-MM-DD.")] = None,
) -> Analytics:
    """Count what happened, by default in the last 30 days.

    Both days are included, each in the time zone of its project.
    """
    chosen = await projects.some(project_id)
    first, last = days_asked(chosen, from_, to, datetime.now(UTC))
    async with database.transaction(caller.account_id) as session:
        counted = await counts(session, [one.id for one in chosen], first, last)
    return encode_analytics(counted, first, last)

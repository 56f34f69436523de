"""The native API of domains."""

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Response, status
from pydantic import BaseModel, ConfigDict, Field

from answerdesk.core.errors import InvalidInput
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import parse_public_id, public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import BaseUrl, DatabaseOf
from answerdesk.core.web.pagination import Listing, PagingOf
from answerdesk.core.web.text import CleanText
from answerdesk.projects.dependencies import ProjectRead, ProjectWrite, Reader, Writer
from answerdesk.projects.domains import service
from answerdesk.projects.domains.types import (
    DOMAIN_PREFIX,
    LABEL_LENGTH,
    URL_LENGTH,
    Domain,
    DomainDraft,
)
from answerdesk.projects.errors import domain_not_found
from answerdesk.projects.tags import website_tag

_AGENT_PREFIX: Final = "agent"  # Agents are a higher slice; their ids are opaque values here.

Label = Annotated[CleanText, Field(max_length=LABEL_LENGTH)]
AgentId = Annotated[CleanText, Field(max_length=200)]


class DomainIn(BaseModel):
    """A website to bind to the project. It is answered by the active agent unless it names one."""

    model_config = ConfigDict(extra="forbid")

    website_url: CleanText = Field(max_length=URL_LENGTH, examples=["https://example.com"])
    label: Label = ""
    agent: AgentId | None = None
    is_active: bool = True


class DomainPatch(BaseModel):
    """Changes to a domain; omitted fields stay unchanged. A null `agent` is the active agent."""

    model_config = ConfigDict(extra="forbid")

    label: Label = ""
    agent: AgentId | None = None
    is_active: bool = Field(
        default=True, description="While false, conversations on the website wait for a person."
    )


class DomainOut(BaseModel):
    """A website of the project. Its token is public and can only begin conversations."""

    id: str
    website_url: str
    label: str
    website_token: str
    agent: str | None
    is_active: bool
    tag: str = Field(description="HTML that puts the chat on the website's pages.")
    created_at: datetime

    @classmethod
    def of(cls, domain: Domain, base_url: str) -> "DomainOut":
        agent = domain.agent_id
        return cls(
            id=public_id(DOMAIN_PREFIX, domain.id),
            website_url=domain.website_url,
            label=domain.label,
            website_token=domain.website_token,
            agent=None if agent is None else public_id(_AGENT_PREFIX, agent),
            is_active=domain.is_active,
            tag=website_tag(base_url, domain.website_token),
            created_at=domain.created_at,
        )


class DomainList(Listing[DomainOut]):
    """A project's domains, oldest first."""


def make_router(settings: Settings) -> APIRouter:
    router = APIRouter(tags=["projects"], route_class=bounded_route(settings.max_json_bytes))
    domains = "/v1/projects/{project_id}/domains"
    one = f"{domains}/{{domain_id}}"
    created = status.HTTP_201_CREATED
    gone = status.HTTP_204_NO_CONTENT
    router.add_api_route(domains, list_domains)
    router.add_api_route(
        domains,
        add_domain,
        methods=["POST"],
        status_code=created,
        responses={200: {"model": DomainOut, "description": "The website was bound already."}},
    )
    router.add_api_route(one, change_domain, methods=["PATCH"])
    router.add_api_route(one, delete_domain, methods=["DELETE"], status_code=gone)
    return router


async def list_domains(
    project: ProjectRead,
    caller: Reader,
    page: PagingOf,
    database: DatabaseOf,
    base_url: BaseUrl,
) -> DomainList:
    """List a project's domains, oldest first."""
    of = f"domains:{project.id}"
    after = page.after(of, datetime, UUID)
    async with database.transaction(caller.account_id) as session:
        found = await service.list_domains(session, project.id, after=after, limit=page.fetch)
    shown, cursor = page.cut(of, found, lambda one: (one.created_at, one.id))
    return DomainList(items=[DomainOut.of(one, base_url) for one in shown], next_cursor=cursor)


async def add_domain(
    body: DomainIn,
    project: ProjectWrite,
    caller: Writer,
    database: DatabaseOf,
    response: Response,
    base_url: BaseUrl,
) -> DomainOut:
    """Bind a website to the project. If it is bound already, its domain is returned as it is."""
    draft = DomainDraft(body.website_url, body.label, _agent_id(body.agent), body.is_active)
    async with database.transaction(caller.account_id) as session:
        domain, is_new = await service.add_domain(session, caller, project.id, draft)
    if not is_new:
        response.status_code = status.HTTP_200_OK
    return DomainOut.of(domain, base_url)


async def change_domain(
    domain_id: str,
    body: DomainPatch,
    project: ProjectWrite,
    caller: Writer,
    database: DatabaseOf,
    base_url: BaseUrl,
) -> DomainOut:
    """Change a domain's label, agent or state. To move it to another address, add a new one."""
    changes: dict[str, Any] = body.model_dump(exclude_unset=True)
    if "agent" in changes:
        changes["agent_id"] = _agent_id(changes.pop("agent"))
    async with database.transaction(caller.account_id) as session:
        domain = await service.change_domain(
            session, caller, project.id, _domain_id(domain_id), changes
        )
    return DomainOut.of(domain, base_url)


async def delete_domain(
    domain_id: str, project: ProjectWrite, caller: Writer, database: DatabaseOf
) -> None:
    """Remove a domain: its token begins no more conversations."""
    async with database.transaction(caller.account_id) as session:
        await service.delete_domain(session, caller, project.id, _domain_id(domain_id))


def _domain_id(text: str) -> UUID:
    value = parse_public_id(DOMAIN_PREFIX, text)
    if value is None:
        raise domain_not_found()
    return value


def _agent_id(text: str | None) -> UUID | None:
    value = None if text is None else parse_public_id(_AGENT_PREFIX, text)
    if text is not None and value is None:
        raise InvalidInput(
            "agent is not an agent's id, such as agent_0f…; list them under …/agents",
            code="agent_invalid",
        )
    return value

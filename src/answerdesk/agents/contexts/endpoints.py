"""The native API of contexts."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, status
from pydantic import BaseModel, ConfigDict, Field

from answerdesk.agents.contexts import service
from answerdesk.agents.contexts.service import context_not_found
from answerdesk.agents.contexts.types import CONTEXT_PREFIX, NAME_LENGTH, TEXT_LENGTH, Context
from answerdesk.agents.dependencies import ProjectRead, ProjectWrite, Reader, Writer
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import parse_public_id, public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.etag import ReadTagOf, WriteTagOf
from answerdesk.core.web.openapi import problems
from answerdesk.core.web.pagination import Listing, PagingOf
from answerdesk.core.web.text import FilledText
from answerdesk.projects.types import PROJECT_PREFIX


class ContextIn(BaseModel):
    """A context: a named text that answers beside the knowledge of requests that name it."""

    model_config = ConfigDict(extra="forbid")

    name: FilledText = Field(max_length=NAME_LENGTH)
    text: FilledText = Field(max_length=TEXT_LENGTH)


class ContextOut(BaseModel):
    """A context. `version` rises with every change."""

    id: str
    project_id: str
    name: str
    text: str
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, context: Context) -> "ContextOut":
        return cls(
            id=public_id(CONTEXT_PREFIX, context.id),
            project_id=public_id(PROJECT_PREFIX, context.project_id),
            name=context.name,
            text=context.text,
            version=context.version,
            created_at=context.created_at,
            updated_at=context.updated_at,
        )


class ContextList(Listing[ContextOut]):
    """A project's contexts, oldest first."""


_PLACE: Final = (datetime, UUID)
"""The sort key of the list: creation time and id."""


async def _context_id(context_id: str) -> UUID:
    value = parse_public_id(CONTEXT_PREFIX, context_id)
    if value is None:
        raise context_not_found()
    return value


ContextIdOf = Annotated[UUID, Depends(_context_id)]
"""The context id in a path, which may be anybody's."""


def make_router(settings: Settings) -> APIRouter:
    router = APIRouter(tags=["agents"], route_class=bounded_route(settings.max_json_bytes))
    every = "/v1/projects/{project_id}/contexts"
    one = f"{every}/{{context_id}}"
    created = status.HTTP_201_CREATED
    gone = status.HTTP_204_NO_CONTENT
    router.add_api_route(every, list_contexts)
    router.add_api_route(
        every, add_context, methods=["POST"], status_code=created, responses=problems(409)
    )
    router.add_api_route(one, get_context)
    router.add_api_route(one, change_context, methods=["PUT"])
    router.add_api_route(one, delete_context, methods=["DELETE"], status_code=gone)
    return router


async def list_contexts(
    project: ProjectRead, caller: Reader, page: PagingOf, database: DatabaseOf
) -> ContextList:
    """List a project's contexts, oldest first."""
    name = f"contexts:{project.id}"
    place = page.after(name, *_PLACE)
    async with database.transaction(caller.account_id) as session:
        found = await service.list_contexts(session, [project.id], place, page.fetch)
    shown, cursor = page.cut(name, found, lambda one: (one.created_at, one.id))
    return ContextList(items=[ContextOut.of(one) for one in shown], next_cursor=cursor)


async def add_context(
    body: ContextIn,
    project: ProjectWrite,
    caller: Writer,
    database: DatabaseOf,
    writing: WriteTagOf,
) -> ContextOut:
    """Add a context. A project has at most 100."""
    async with database.transaction(caller.account_id) as session:
        context = await service.add_context(session, caller, project.id, body.name, body.text)
    writing.tell(context.version)
    return ContextOut.of(context)


async def get_context(
    context_id: ContextIdOf,
    project: ProjectRead,
    caller: Reader,
    database: DatabaseOf,
    reading: ReadTagOf,
) -> ContextOut:
    """Show one context."""
    async with database.transaction(caller.account_id) as session:
        context = await service.find_context(session, caller, context_id, project_id=project.id)
    reading.tell(context.version)
    return ContextOut.of(context)


async def change_context(
    context_id: ContextIdOf,
    body: ContextIn,
    project: ProjectWrite,
    caller: Writer,
    database: DatabaseOf,
    writing: WriteTagOf,
) -> ContextOut:
    """Replace a context's name and text."""
    async with database.transaction(caller.account_id) as session:
        context = await service.change_context(
            session,
            caller,
            context_id,
            body.model_dump(),
            project_id=project.id,
            expected=writing.expected,
        )
    writing.tell(context.version)
    return ContextOut.of(context)


async def delete_context(
    context_id: ContextIdOf,
    project: ProjectWrite,
    caller: Writer,
    database: DatabaseOf,
    writing: WriteTagOf,
) -> None:
    """Delete a context. Requests that still name it are refused."""
    async with database.transaction(caller.account_id) as session:
        await service.delete_context(
            session, caller, context_id, project_id=project.id, expected=writing.expected
        )

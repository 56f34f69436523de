"""Novaro's contexts: named texts that a request can name."""

from datetime import datetime
from typing import Final
from uuid import UUID

from answerdesk.agents.contexts import service
from answerdesk.agents.contexts.types import CONTEXT_PREFIX, Context
from answerdesk.agents.service import named_project
from answerdesk.core.tenancy import public_id
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.pagination import PagingOf
from answerdesk.dialects.novaro.dependencies import ContextIdOf, Reader, Writer
from answerdesk.dialects.novaro.schemas import (
    ContextBody,
    ContextChanges,
    ContextList,
    ContextOut,
)
from answerdesk.projects.types import PROJECT_PREFIX

_PLACE: Final = (datetime, UUID)
_LIST: Final = "novaro-contexts"


def _encode(context: Context) -> ContextOut:
    return ContextOut(
        id=public_id(CONTEXT_PREFIX, context.id),
        name=context.name,
        text=context.text,
        project_id=public_id(PROJECT_PREFIX, context.project_id),
    )


async def list_contexts(caller: Reader, page: PagingOf, database: DatabaseOf) -> ContextList:
    """List the contexts, oldest first."""
    place = page.after(_LIST, *_PLACE)
    async with database.transaction(caller.account_id) as session:
        found = await service.list_contexts(session, caller.projects, place, page.fetch)
    shown, cursor = page.cut(_LIST, found, lambda one: (one.created_at, one.id))
    return ContextList(contexts=[_encode(one) for one in shown], next_cursor=cursor)


async def create_context(body: ContextBody, caller: Writer, database: DatabaseOf) -> ContextOut:
    """Create a context. A project has at most 100."""
    async with database.transaction(caller.account_id) as session:
        project_id = await named_project(session, caller, body.project_id)
        context = await service.add_context(session, caller, project_id, body.name, body.text)
    return _encode(context)


async def get_context(context_id: ContextIdOf, caller: Reader, database: DatabaseOf) -> ContextOut:
    """Show one context."""
    async with database.transaction(caller.account_id) as session:
        return _encode(await service.find_context(session, caller, context_id))


async def change_context(
    context_id: ContextIdOf, body: ContextChanges, caller: Writer, database: DatabaseOf
) -> ContextOut:
    """Change a context; omitted fields stay as they are."""
    changes = body.model_dump(exclude_unset=True)
    async with database.transaction(caller.account_id) as session:
        return _encode(await service.change_context(session, caller, context_id, changes))


async def delete_context(context_id: ContextIdOf, caller: Writer, database: DatabaseOf) -> None:
    """Delete a context. Requests that still name it are refused."""
    async with database.transaction(caller.account_id) as session:
        await service.delete_context(session, caller, context_id)

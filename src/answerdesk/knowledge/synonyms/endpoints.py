"""The native API of synonyms."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, status

from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import parse_public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.etag import ReadTagOf, WriteTagOf
from answerdesk.core.web.openapi import problems
from answerdesk.core.web.pagination import PagingOf
from answerdesk.knowledge.dependencies import KnowledgeRead, KnowledgeWrite
from answerdesk.knowledge.synonyms.errors import synonyms_not_found
from answerdesk.knowledge.synonyms.schemas import SynonymsIn, SynonymsList, SynonymsOut
from answerdesk.knowledge.synonyms.service import Synonyms
from answerdesk.knowledge.synonyms.types import SYNONYMS_PREFIX

_PLACE: Final = (datetime, UUID)
"""The sort key of the list: creation time and id."""


async def _to_read(knowledge: KnowledgeRead) -> Synonyms:
    return Synonyms(knowledge)


async def _to_write(knowledge: KnowledgeWrite) -> Synonyms:
    return Synonyms(knowledge)


async def _group_id(synonyms_id: str) -> UUID:
    value = parse_public_id(SYNONYMS_PREFIX, synonyms_id)
    if value is None:
        raise synonyms_not_found()
    return value


SynonymsRead = Annotated[Synonyms, Depends(_to_read)]
SynonymsWrite = Annotated[Synonyms, Depends(_to_write)]
GroupIdOf = Annotated[UUID, Depends(_group_id)]
"""The group's id in a path, which may be anybody's."""


def make_router(settings: Settings) -> APIRouter:
    router = APIRouter(tags=["knowledge"], route_class=bounded_route(settings.max_json_bytes))
    every = "/v1/projects/{project_id}/synonyms"
    one = f"{every}/{{synonyms_id}}"
    created, gone = status.HTTP_201_CREATED, status.HTTP_204_NO_CONTENT
    taken = problems(409)
    router.add_api_route(every, list_synonyms)
    router.add_api_route(
        every, add_synonyms, methods=["POST"], status_code=created, responses=taken
    )
    router.add_api_route(one, get_synonyms)
    router.add_api_route(one, put_synonyms, methods=["PUT"], responses=taken)
    router.add_api_route(one, delete_synonyms, methods=["DELETE"], status_code=gone)
    return router


async def list_synonyms(project_id: str, synonyms: SynonymsRead, page: PagingOf) -> SynonymsList:
    """List a project's groups of words that mean the same, oldest first."""
    of = f"synonyms:{project_id}"
    found = await synonyms.page(page.after(of, *_PLACE), page.fetch)
    shown, cursor = page.cut(of, found, lambda one: (one.created_at, one.id))
    return SynonymsList(items=[SynonymsOut.of(one) for one in shown], next_cursor=cursor)


async def add_synonyms(
    body: SynonymsIn, synonyms: SynonymsWrite, writing: WriteTagOf
) -> SynonymsOut:
    """Add words and phrases that mean the same; the next question already counts them.

    A project has at most 500 groups. A word that another group has is refused (409), with that
    group.
    """
    group = await synonyms.add(body.terms)
    writing.tell(group.version)
    return SynonymsOut.of(group)


async def get_synonyms(
    group_id: GroupIdOf, synonyms: SynonymsRead, reading: ReadTagOf
) -> SynonymsOut:
    """Show one group of synonyms."""
    group = await synonyms.get(group_id)
    reading.tell(group.version)
    return SynonymsOut.of(group)


async def put_synonyms(
    group_id: GroupIdOf, body: SynonymsIn, synonyms: SynonymsWrite, writing: WriteTagOf
) -> SynonymsOut:
    """Replace the words of a group."""
    group = await synonyms.replace(group_id, body.terms, writing.expected)
    writing.tell(group.version)
    return SynonymsOut.of(group)


async def delete_synonyms(
    group_id: GroupIdOf, synonyms: SynonymsWrite, writing: WriteTagOf
) -> None:
    """Delete a group: its words no longer mean the same."""
    await synonyms.remove(group_id, writing.expected)

"""The native API of tags."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.openapi import problems
from answerdesk.core.web.pagination import Listing, PagingOf
from answerdesk.core.web.text import FilledText
from answerdesk.inbox.dependencies import ConversationWrite, ProjectsRead, Reader, Writer
from answerdesk.inbox.tags import service
from answerdesk.inbox.types import MOST_TAGS, TAG_LENGTH


class TagsIn(BaseModel):
    """A conversation's tags, all of them."""

    model_config = ConfigDict(extra="forbid")

    tags: list[Annotated[FilledText, Field(max_length=TAG_LENGTH)]] = Field(max_length=MOST_TAGS)


class TagsOut(BaseModel):
    """A conversation's tags as stored, in alphabetical order."""

    tags: list[str]


class CountedTagOut(BaseModel):
    """A tag, and how many conversations have it."""

    tag: str
    count: int


class CountedTagList(Listing[CountedTagOut]):
    """Tags in alphabetical order."""


def make_router(max_json_bytes: int) -> APIRouter:
    """Return the routes; bodies have at most `max_json_bytes`."""
    router = APIRouter(prefix="/v1", route_class=bounded_route(max_json_bytes), tags=["inbox"])
    router.add_api_route("/conversations/{conversation_id}/tags", set_tags, methods=["PUT"])
    router.add_api_route("/tags", list_tags, responses=problems(404))
    return router


async def set_tags(
    body: TagsIn, conversation_id: ConversationWrite, caller: Writer, database: DatabaseOf
) -> TagsOut:
    """Replace a conversation's tags.

    Blanks are squeezed. Of tags that differ only in case the first one stays.
    """
    async with database.transaction(caller.account_id) as session:
        tags = await service.set_tags(session, conversation_id, body.tags)
    return TagsOut(tags=[*tags])


async def list_tags(
    caller: Reader, projects: ProjectsRead, database: DatabaseOf, page: PagingOf
) -> CountedTagList:
    """List the tags in use, with the number of conversations that have each."""
    of = f"tags:{projects.name}"
    after = page.after(of, str)
    async with database.transaction(caller.account_id) as session:
        found = await service.count_tags(session, projects.ids, after, page.fetch)
    shown, next_cursor = page.cut(of, found, lambda one: (one.key,))
    return CountedTagList(
        items=[CountedTagOut(tag=one.tag, count=one.count) for one in shown],
        next_cursor=next_cursor,
    )

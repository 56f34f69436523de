"""The native API of canned replies."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, status
from pydantic import BaseModel, ConfigDict, Field

from answerdesk.conversations.schemas import Id
from answerdesk.conversations.types import MESSAGE_LENGTH
from answerdesk.core.tenancy import ProjectId, parse_public_id, public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.openapi import problems
from answerdesk.core.web.pagination import Listing, PagingOf
from answerdesk.core.web.text import CleanText, FilledText, Matching
from answerdesk.inbox.canned_replies import service
from answerdesk.inbox.canned_replies.types import (
    QUERY_LENGTH,
    SHORTCUT_LENGTH,
    TITLE_LENGTH,
    CannedReplyDraft,
    Changes,
    Search,
)
from answerdesk.inbox.dependencies import (
    Reader,
    Writer,
    conversation_within_reach,
    project_within_reach,
)
from answerdesk.inbox.errors import canned_reply_not_found
from answerdesk.inbox.types import CANNED_REPLY_PREFIX, CannedReply
from answerdesk.projects.types import PROJECT_PREFIX

Shortcut = Annotated[
    FilledText, Field(max_length=SHORTCUT_LENGTH), Matching(r"^\S+$", "has to be without blanks")
]
Title = Annotated[FilledText, Field(max_length=TITLE_LENGTH)]
Content = Annotated[
    FilledText,
    Field(
        max_length=MESSAGE_LENGTH,
        description="`{{visitor.name}}` and `{{agent.name}}` are placeholders; "
        "`{{visitor.name|there}}` has a fallback.",
    ),
]


class CannedReplyIn(BaseModel):
    """A text to reply with, for one project or all, for all people or only yourself."""

    model_config = ConfigDict(extra="forbid")

    shortcut: Shortcut
    title: Title
    content: Content
    project_id: Id | None = Field(default=None, description="Null is for all projects.")
    personal: bool = Field(default=False, description="Whether it is yours alone.")


class CannedReplyChange(BaseModel):
    """Changes to a canned reply."""

    model_config = ConfigDict(extra="forbid")

    shortcut: Shortcut | None = None
    title: Title | None = None
    content: Content | None = None

    def changes(self) -> Changes:
        """Return what is given."""
        given: Changes = {}
        if self.shortcut is not None:
            given["shortcut"] = self.shortcut
        if self.title is not None:
            given["title"] = self.title.strip()
        if self.content is not None:
            given["content"] = self.content
        return given


class CannedReplyOut(BaseModel):
    """A text to reply with. `personal`: it is yours alone."""

    id: str
    project_id: str | None
    personal: bool
    shortcut: str
    title: str
    content: str
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, one: CannedReply) -> "CannedReplyOut":
        of = one.project_id
        return cls(
            id=public_id(CANNED_REPLY_PREFIX, one.id),
            project_id=None if of is None else public_id(PROJECT_PREFIX, of),
            personal=one.owner_id is not None,
            shortcut=one.shortcut,
            title=one.title,
            content=one.content,
            created_at=one.created_at,
            updated_at=one.updated_at,
        )


class CannedReplyList(Listing[CannedReplyOut]):
    """Canned replies by shortcut."""


class RenderedOut(BaseModel):
    """A canned reply's text with the names in their places."""

    content: str


_ORDER: Final = (str, UUID)


async def _canned_reply_id(canned_reply_id: str) -> UUID:
    value = parse_public_id(CANNED_REPLY_PREFIX, canned_reply_id)
    if value is None:
        raise canned_reply_not_found()
    return value


CannedReplyIdOf = Annotated[UUID, Depends(_canned_reply_id)]
"""The id in a path, which may be anybody's."""


def make_router(max_json_bytes: int) -> APIRouter:
    """Return the routes; bodies have at most `max_json_bytes`."""
    router = APIRouter(
        prefix="/v1/canned-replies", route_class=bounded_route(max_json_bytes), tags=["inbox"]
    )
    one = "/{canned_reply_id}"
    created, gone = status.HTTP_201_CREATED, status.HTTP_204_NO_CONTENT
    taken = problems(409)
    router.add_api_route("", list_canned_replies, responses=problems(404))
    router.add_api_route(
        "",
        add_canned_reply,
        methods=["POST"],
        status_code=created,
        responses=problems(404, 409),
    )
    router.add_api_route(one, get_canned_reply)
    router.add_api_route(one, change_canned_reply, methods=["PATCH"], responses=taken)
    router.add_api_route(one, delete_canned_reply, methods=["DELETE"], status_code=gone)
    router.add_api_route(f"{one}/rendered", render_canned_reply)
    return router


async def list_canned_replies(
    caller: Reader,
    database: DatabaseOf,
    page: PagingOf,
    project_id: Annotated[
        str | None,
        Query(max_length=50, description="Those that can be used in it: its own, and all's."),
    ] = None,
    q: Annotated[
        CleanText | None,
        Query(
            max_length=QUERY_LENGTH,
            description="The beginning of a shortcut, or of a word of a title.",
        ),
    ] = None,
) -> CannedReplyList:
    """List the canned replies that you can use, by shortcut."""
    project = None
    if project_id is not None:
        project = await project_within_reach(project_id, caller, database)
    query = (q or "").strip() or None
    of = f"canned-replies:{project}:{query}"
    after = page.after(of, *_ORDER)
    async with database.transaction(caller.account_id) as session:
        found = await service.list_canned_replies(
            session, caller, Search(project, query), after, page.fetch
        )
    shown, next_cursor = page.cut(of, found, lambda one: (one.shortcut, one.id))
    return CannedReplyList(items=[CannedReplyOut.of(one) for one in shown], next_cursor=next_cursor)


async def add_canned_reply(
    body: CannedReplyIn, caller: Writer, database: DatabaseOf
) -> CannedReplyOut:
    """Add a text to reply with.

    Its shortcut is the only one, whatever its case, among those for the same project (or all) and
    the same people (all, or you alone).
    """
    owner_id = caller.require_person() if body.personal else None
    project: ProjectId | None = None
    if body.project_id is not None:
        project = await project_within_reach(body.project_id, caller, database)
    draft = CannedReplyDraft(project, owner_id, body.shortcut, body.title.strip(), body.content)
    async with database.transaction(caller.account_id) as session:
        added = await service.add_canned_reply(session, caller, draft)
    return CannedReplyOut.of(added)


async def get_canned_reply(
    canned_reply_id: CannedReplyIdOf, caller: Reader, database: DatabaseOf
) -> CannedReplyOut:
    """Show a canned reply."""
    async with database.transaction(caller.account_id) as session:
        found = await service.get_canned_reply(session, caller, canned_reply_id)
    return CannedReplyOut.of(found)


async def change_canned_reply(
    canned_reply_id: CannedReplyIdOf,
    body: CannedReplyChange,
    caller: Writer,
    database: DatabaseOf,
) -> CannedReplyOut:
    """Change a canned reply's shortcut, title or text."""
    async with database.transaction(caller.account_id) as session:
        changed = await service.change_canned_reply(
            session, caller, canned_reply_id, body.changes()
        )
    return CannedReplyOut.of(changed)


async def delete_canned_reply(
    canned_reply_id: CannedReplyIdOf, caller: Writer, database: DatabaseOf
) -> None:
    """Delete a canned reply."""
    async with database.transaction(caller.account_id) as session:
        await service.delete_canned_reply(session, caller, canned_reply_id)


async def render_canned_reply(
    canned_reply_id: CannedReplyIdOf,
    caller: Reader,
    database: DatabaseOf,
    conversation_id: Annotated[str, Query(max_length=50)],
) -> RenderedOut:
    """Show a canned reply's text for a conversation, with the names in their places.

    Where a name is unknown, the placeholder's fallback stands, or nothing.
    """
    found = await conversation_within_reach(conversation_id, caller, database)
    async with database.transaction(caller.account_id) as session:
        content = await service.render(session, caller, canned_reply_id, found)
    return RenderedOut(content=content)

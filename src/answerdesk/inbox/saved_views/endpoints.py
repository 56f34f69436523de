"""The native API of saved views."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, status
from pydantic import BaseModel, ConfigDict, Field, field_validator

from answerdesk.accounts.types import USER_PREFIX
from answerdesk.conversations.schemas import Id
from answerdesk.conversations.types import ConversationState
from answerdesk.core.tenancy import parse_public_id, public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.openapi import problems
from answerdesk.core.web.text import CleanText, FilledText
from answerdesk.inbox.dependencies import Reader, Writer, project_within_reach
from answerdesk.inbox.errors import saved_view_not_found
from answerdesk.inbox.listing.types import SEARCH_LENGTH, Order
from answerdesk.inbox.saved_views import service
from answerdesk.inbox.saved_views.types import (
    LAST_POSITION,
    MOST_VIEWS,
    NAME_LENGTH,
    SAVED_VIEW_PREFIX,
    Changes,
    SavedView,
    SavedViewDraft,
)
from answerdesk.inbox.types import TAG_LENGTH

_MOST_STATES = 4

Name = Annotated[FilledText, Field(max_length=NAME_LENGTH)]
Position = Annotated[
    int, Field(ge=0, le=LAST_POSITION, strict=True, description="Views are listed by it.")
]


class ViewFilters(BaseModel):
    """The query of `GET /v1/inbox`, without `limit` and `cursor`."""

    model_config = ConfigDict(extra="forbid")

    state: Annotated[list[ConversationState], Field(max_length=_MOST_STATES)] = []
    assignee: Id | None = Field(
        default=None, description="`me` is whoever looks; `none`, or a user's id."
    )
    tag: Annotated[CleanText, Field(max_length=TAG_LENGTH)] | None = None
    snoozed: Literal["false", "true", "any"] = "false"
    unread: Annotated[bool, Field(strict=True)] = False
    project_id: Id | None = None
    order: Order = "newest"
    q: Annotated[CleanText, Field(max_length=SEARCH_LENGTH)] | None = None

    @field_validator("assignee")
    @classmethod
    def _somebody(cls, value: str | None) -> str | None:
        known = value in (None, "me", "none")
        if not known and parse_public_id(USER_PREFIX, str(value)) is None:
            msg = "has to be `me`, `none` or a user's id"
            raise ValueError(msg)
        return value


class SavedViewIn(BaseModel):
    """Filters of the inbox under a name, for yourself or all people of the account."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    filters: ViewFilters = ViewFilters()
    shared: Annotated[bool, Field(strict=True)] = False
    position: Position | None = Field(default=None, description="Behind the others if omitted.")

    def draft(self) -> SavedViewDraft:
        query = self.filters.model_dump(mode="json")
        return SavedViewDraft(self.name.strip(), query, self.shared, self.position)


class SavedViewChange(BaseModel):
    """Changes to a saved view; `filters` replaces all of them."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    filters: ViewFilters | None = None
    shared: Annotated[bool, Field(strict=True)] | None = None
    position: Position | None = None

    def changes(self) -> Changes:
        """Return what is given."""
        given: Changes = {}
        if self.name is not None:
            given["name"] = self.name.strip()
        if self.filters is not None:
            given["query"] = self.filters.model_dump(mode="json")
        if self.shared is not None:
            given["shared"] = self.shared
        if self.position is not None:
            given["position"] = self.position
        return given


class SavedViewOut(BaseModel):
    """Filters of the inbox under a name. `shared`: all people of the account have it."""

    id: str
    name: str
    filters: ViewFilters
    shared: bool
    made_by_id: str | None = Field(description="The user who made it; null if they have left.")
    position: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, one: SavedView) -> "SavedViewOut":
        return cls(
            id=public_id(SAVED_VIEW_PREFIX, one.id),
            name=one.name,
            filters=ViewFilters.model_validate(one.query),
            shared=one.owner_id is None,
            made_by_id=None if one.maker_id is None else public_id(USER_PREFIX, one.maker_id),
            position=one.position,
            created_at=one.created_at,
            updated_at=one.updated_at,
        )


class SavedViewList(BaseModel):
    """Saved views by position: everybody's, and your own."""

    items: list[SavedViewOut] = Field(
        description=f"At most {MOST_VIEWS} of all people, and {MOST_VIEWS} of yours."
    )


async def _view_id(saved_view_id: str) -> UUID:
    value = parse_public_id(SAVED_VIEW_PREFIX, saved_view_id)
    if value is None:
        raise saved_view_not_found()
    return value


ViewIdOf = Annotated[UUID, Depends(_view_id)]
"""The id in a path, which may be anybody's."""


def make_router(max_json_bytes: int) -> APIRouter:
    """Return the routes; bodies have at most `max_json_bytes`."""
    router = APIRouter(
        prefix="/v1/saved-views", route_class=bounded_route(max_json_bytes), tags=["inbox"]
    )
    one = "/{saved_view_id}"
    created, gone = status.HTTP_201_CREATED, status.HTTP_204_NO_CONTENT
    refusals = problems(404, 409)
    router.add_api_route("", list_saved_views)
    router.add_api_route(
        "", add_saved_view, methods=["POST"], status_code=created, responses=refusals
    )
    router.add_api_route(one, change_saved_view, methods=["PATCH"], responses=refusals)
    router.add_api_route(one, delete_saved_view, methods=["DELETE"], status_code=gone)
    return router


async def list_saved_views(caller: Reader, database: DatabaseOf) -> SavedViewList:
    """List the saved views of all people and your own, by position.

    A view may name a tag, a person or a project that is there no longer; it then finds nothing.
    """
    async with database.transaction(caller.account_id) as session:
        found = await service.list_saved_views(session, caller)
    return SavedViewList(items=[SavedViewOut.of(one) for one in found])


async def add_saved_view(body: SavedViewIn, caller: Writer, database: DatabaseOf) -> SavedViewOut:
    """Save filters of the inbox under a name. A key has no views of its own."""
    caller.require_person()
    if body.filters.project_id is not None:
        await project_within_reach(body.filters.project_id, caller, database)
    async with database.transaction(caller.account_id) as session:
        added = await service.add_saved_view(session, caller, body.draft())
    return SavedViewOut.of(added)


async def change_saved_view(
    view_id: ViewIdOf,
    body: SavedViewChange,
    caller: Writer,
    database: DatabaseOf,
) -> SavedViewOut:
    """Change a view of your own. What is shared, its maker, admins and owners can change.

    One that is no longer shared is its maker's own.
    """
    async with database.transaction(caller.account_id) as session:
        before = await service.get_changeable(session, caller, view_id)
    # A project that it names already stays, even if it is deleted.
    project = None if body.filters is None else body.filters.project_id
    if project is not None and project != before.query.get("project_id"):
        await project_within_reach(project, caller, database)
    async with database.transaction(caller.account_id) as session:
        found = await service.get_changeable(session, caller, view_id)
        changed = await service.change_saved_view(session, caller, found, body.changes())
    return SavedViewOut.of(changed)


async def delete_saved_view(view_id: ViewIdOf, caller: Writer, database: DatabaseOf) -> None:
    """Delete a view of your own. What is shared, its maker, admins and owners can delete."""
    async with database.transaction(caller.account_id) as session:
        await service.delete_saved_view(session, caller, view_id)

"""The native API of the inbox's lists."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from answerdesk.accounts.principal import Principal
from answerdesk.accounts.types import USER_PREFIX
from answerdesk.conversations.types import ConversationState
from answerdesk.core.database import TenantAsyncSession
from answerdesk.core.errors import InvalidInput, NotFound
from answerdesk.core.tenancy import ProjectId, UserId, parse_public_id
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.openapi import problems
from answerdesk.core.web.pagination import Paging, PagingOf
from answerdesk.core.web.text import CleanText
from answerdesk.inbox.dependencies import ConversationRead, Reader
from answerdesk.inbox.listing import service
from answerdesk.inbox.listing.service import Listed
from answerdesk.inbox.listing.types import SEARCH_LENGTH, Filters, Order, Place
from answerdesk.inbox.live.inbox import LiveInbox, viewer_of
from answerdesk.inbox.saved_views import service as saved_views
from answerdesk.inbox.schemas import (
    CountsOut,
    EntryList,
    ListedEntry,
    PersonOut,
    SnapshotOut,
    public_projects,
)
from answerdesk.inbox.types import TAG_LENGTH
from answerdesk.projects.errors import project_not_found
from answerdesk.projects.service import get_project
from answerdesk.projects.types import PROJECT_PREFIX

_LONGEST_ID = 100
_MOST_STATES = 4


async def _project(
    caller: Reader,
    database: DatabaseOf,
    project_id: Annotated[
        str | None, Query(max_length=_LONGEST_ID, description="Only of this project.")
    ] = None,
) -> ProjectId | None:
    if project_id is None:
        return None
    value = parse_public_id(PROJECT_PREFIX, project_id)
    if value is None:
        raise project_not_found()
    found = ProjectId(value)
    caller.require_project(found)
    async with database.transaction(caller.account_id) as session:
        try:
            await get_project(session, found)
        except NotFound:
            # Whoever opens a saved view of a deleted project sees an empty list and no error.
            if not await saved_views.names_project(session, found):
                raise
    return found


OfProject = Annotated[ProjectId | None, Depends(_project)]


async def _ordered(
    order: Annotated[
        Order, Query(description="`waiting`: only those whose visitor waits, the longest first.")
    ] = "newest",
    q: Annotated[
        CleanText | None,
        Query(
            max_length=SEARCH_LENGTH,
            description="Words in messages, or a part of the visitor's name or address, or of a "
            "recent message.",
        ),
    ] = None,
) -> Filters:
    return Filters(order=order, search=(q or "").strip() or None)


async def _filters(
    caller: Reader,
    project_id: OfProject,
    ordered: Annotated[Filters, Depends(_ordered)],
    *,
    state: Annotated[
        list[ConversationState],
        Query(max_length=_MOST_STATES, description="Only in one of these states."),
    ] = [],  # noqa: B006  # FastAPI copies it.
    assignee: Annotated[
        str | None,
        Query(max_length=_LONGEST_ID, description="`me`, `none`, or the person who has it."),
    ] = None,
    tag: Annotated[CleanText | None, Query(max_length=TAG_LENGTH)] = None,
    snoozed: Annotated[
        Literal["false", "true", "any"],
        Query(description="Those that are snoozed, instead of the others; or both."),
    ] = "false",
    unread: Annotated[
        bool, Query(description="Only those waiting or with people that you have not read.")
    ] = False,
) -> Filters:
    if unread:
        caller.require_person()
    return replace(
        ordered,
        project_id=project_id,
        states=tuple(sorted({*state})),
        assignee=_assignee(caller, assignee),
        tag=tag or None,
        snoozed={"false": False, "true": True, "any": None}[snoozed],
        unread=unread,
    )


def _assignee(caller: Principal, given: str | None) -> UserId | Literal["none"] | None:
    if given is None:
        return None
    if given == "none":
        return "none"
    if given == "me":
        return caller.require_person()
    value = parse_public_id(USER_PREFIX, given)
    if value is None:
        raise InvalidInput("`assignee` has to be `me`, `none` or a user's id")
    return UserId(value)


FiltersOf = Annotated[Filters, Depends(_filters)]


async def _live_inbox(request: Request) -> LiveInbox:
    inbox: LiveInbox = request.app.state.application.live_inbox
    return inbox


LiveInboxOf = Annotated[LiveInbox, Depends(_live_inbox)]


def make_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/v1/inbox", tags=["inbox"])
    router.add_api_route("", list_entries, responses=problems(404))
    router.add_api_route("/counts", count, responses=problems(404))
    router.add_api_route("/snapshot", snapshot, responses=problems(404))
    router.add_api_route("/conversations/{conversation_id}", show_entry)
    return router


async def list_entries(
    caller: Reader, filters: FiltersOf, database: DatabaseOf, page: PagingOf
) -> EntryList:
    """List conversations, most recently active first, or the longest waiting first."""
    async with database.transaction(caller.account_id) as session:
        shown, next_cursor = await _page(session, caller, filters, page)
    return EntryList(items=[ListedEntry.listed(one) for one in shown], next_cursor=next_cursor)


async def show_entry(
    conversation_id: ConversationRead, caller: Reader, database: DatabaseOf
) -> ListedEntry:
    """Show a conversation as the inbox lists it, whatever list it is in."""
    async with database.transaction(caller.account_id) as session:
        return ListedEntry.listed(await service.entry(session, viewer_of(caller), conversation_id))


async def count(caller: Reader, project_id: OfProject, database: DatabaseOf) -> CountsOut:
    """Count the conversations in each list of the inbox."""
    async with database.transaction(caller.account_id) as session:
        return CountsOut.of(await service.counts(session, viewer_of(caller), project_id))


async def snapshot(
    caller: Reader,
    filters: FiltersOf,
    database: DatabaseOf,
    page: PagingOf,
    inbox: LiveInboxOf,
) -> SnapshotOut:
    """Show the inbox: a list's first page, counts, people, and the cursor to continue from."""
    viewer = viewer_of(caller)
    async with database.transaction(caller.account_id) as session:
        # First, so that what is read afterwards is at least as new.
        cursor = await inbox.cursor(session, caller.account_id)
        shown, next_cursor = await _page(session, caller, filters, Paging(page.limit))
        return SnapshotOut(
            cursor=cursor,
            counts=CountsOut.of(await service.counts(session, viewer)),
            entries=[ListedEntry.listed(one) for one in shown],
            next_cursor=next_cursor,
            projects=public_projects(await service.projects_of(session, viewer)),
            people=[PersonOut.of(one) for one in await inbox.people(session, viewer)],
        )


async def _page(
    session: TenantAsyncSession, caller: Principal, filters: Filters, page: Paging
) -> tuple[Sequence[Listed], str | None]:
    of = f"inbox:{filters}"
    after: Place = page.after(of, datetime, UUID)
    viewer = viewer_of(caller)
    found = await service.entries(session, viewer, filters, after, page.fetch)

    def place(one: Listed) -> tuple[datetime, UUID]:
        waits = one.entry.waiting_since if filters.order == "waiting" else None
        return waits or one.entry.summary.updated_at, one.entry.summary.id

    return page.cut(of, found, place)

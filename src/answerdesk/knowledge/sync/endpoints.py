"""The native API of websites as sources: their syncs, pages and changes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response, status

from answerdesk.core.errors import NotFound
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import parse_public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.etag import HEADER, WriteTagOf, entity_tag
from answerdesk.core.web.openapi import problems
from answerdesk.core.web.pagination import Paging, PagingOf
from answerdesk.core.web.sse import EventStream
from answerdesk.knowledge.dependencies import ShelfOf
from answerdesk.knowledge.errors import source_not_found
from answerdesk.knowledge.pages.schemas import (
    ChangeList,
    PageChangeOut,
    PageCounts,
    PageList,
    PageOut,
    ProjectPageList,
    SyncList,
    SyncOut,
)
from answerdesk.knowledge.pages.types import PageState, SyncChange, WantedPages
from answerdesk.knowledge.schemas import Part, SourceOut
from answerdesk.knowledge.sync.dependencies import (
    OutboundOf,
    ProgressOf,
    WatchedShelf,
    WebsitesRead,
    WebsitesWrite,
    open_websites,
)
from answerdesk.knowledge.sync.errors import page_not_found, sync_not_found
from answerdesk.knowledge.sync.schemas import SourceIn, SourcePatch, SyncIn
from answerdesk.knowledge.sync.service import add_website
from answerdesk.knowledge.sync.types import NewSource
from answerdesk.knowledge.types import PAGE_PREFIX, SOURCE_PREFIX, SYNC_PREFIX, SourceSettings

_STREAM: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {"text/event-stream": {}}}}


def make_router(settings: Settings) -> APIRouter:
    """Make the routes; their bodies have at most `max_json_bytes`."""
    router = APIRouter(tags=["websites"], route_class=bounded_route(settings.max_json_bytes))
    sources = "/v1/projects/{project_id}/sources"
    one = f"{sources}/{{source_id}}"
    syncs = f"{one}/syncs"
    sync = f"{syncs}/{{sync_id}}"
    pages = "/v1/projects/{project_id}/pages"
    router.add_api_route(
        sources,
        add_source,
        methods=["POST"],
        status_code=status.HTTP_201_CREATED,
        responses={200: {"model": SourceOut, "description": "The project already has it."}},
    )
    router.add_api_route(one, change_source, methods=["PATCH"])
    router.add_api_route(
        syncs,
        start_sync,
        methods=["POST"],
        status_code=status.HTTP_202_ACCEPTED,
        responses=problems(409),
    )
    router.add_api_route(syncs, list_syncs)
    router.add_api_route(sync, get_sync)
    router.add_api_route(f"{sync}/cancel", cancel_sync, methods=["POST"])
    router.add_api_route(f"{sync}/changes", list_changes)
    router.add_api_route(
        f"{sync}/progress",
        watch_sync,
        response_class=EventStream,
        responses=_STREAM,
    )
    router.add_api_route(f"{one}/changes", list_net_changes)
    router.add_api_route(f"{one}/pages", list_pages)
    router.add_api_route(pages, find_pages)
    router.add_api_route(f"{pages}/{{page_id}}", get_page)
    router.add_api_route(
        f"{pages}/{{page_id}}/retry",
        retry_page,
        methods=["POST"],
        status_code=status.HTTP_202_ACCEPTED,
        responses=problems(409),
    )
    return router


def _id(prefix: str, text: str, missing: NotFound) -> UUID:
    value = parse_public_id(prefix, text)
    if value is None:
        raise missing
    return value


def _source_id(text: str) -> UUID:
    return _id(SOURCE_PREFIX, text, source_not_found())


def _sync_id(text: str) -> UUID:
    return _id(SYNC_PREFIX, text, sync_not_found())


async def add_source(
    body: SourceIn, shelf: ShelfOf, outbound: OutboundOf, response: Response
) -> SourceOut:
    """Add a page or a website; its first sync begins immediately.

    Adding the same kind and address again returns the existing source. An address whose host does
    not exist is refused (422 `host_unknown`). An address without `https://` or `http://` is refused
    with the probable address as `suggestion` (422 `url_refused`).
    """
    new = NewSource(
        kind=body.kind,
        url=body.url,
        name=body.name,
        settings=SourceSettings(tuple(body.include), tuple(body.exclude), body.max_pages),
        sync_every_hours=body.sync_every_hours,
    )
    source, last_sync, is_new = await add_website(shelf.open, outbound, new)
    response.status_code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
    response.headers[HEADER] = entity_tag(source.version)
    return SourceOut.of(source, last_sync)


async def change_source(
    source_id: str, body: SourcePatch, websites: WebsitesWrite, writing: WriteTagOf
) -> SourceOut:
    """Change a source's name, limits or schedule. Limits apply to all pages from the next sync."""
    value = _source_id(source_id)
    patch: dict[str, Any] = body.model_dump(exclude_unset=True)
    source = await websites.change(value, patch, writing.expected)
    writing.tell(source.version)
    return SourceOut.of(source, await websites.last_sync(value))


async def start_sync(
    source_id: str, websites: WebsitesWrite, body: SyncIn | None = None
) -> SyncOut:
    """Start a sync of the source; 409 while another sync of it runs."""
    body = body or SyncIn()
    sync = await websites.sync(
        _source_id(source_id),
        only_failed=body.only_failed,
        confirm_removals=body.confirm_removals,
    )
    return SyncOut.of(sync)


async def list_syncs(source_id: str, websites: WebsitesRead, page: PagingOf) -> SyncList:
    """List a source's syncs, newest first."""
    value = _source_id(source_id)
    of = f"syncs:{value}"
    found = await websites.list_syncs(value, page.after(of, datetime, UUID), page.fetch)
    shown, cursor = page.cut(of, found, lambda one: (one.created_at, one.id))
    return SyncList(items=[SyncOut.of(one) for one in shown], next_cursor=cursor)


async def get_sync(source_id: str, sync_id: str, websites: WebsitesRead) -> SyncOut:
    """Show one sync and its progress."""
    return SyncOut.of(await websites.one_sync(_source_id(source_id), _sync_id(sync_id)))


async def cancel_sync(source_id: str, sync_id: str, websites: WebsitesWrite) -> SyncOut:
    """Cancel a sync; the pages that it has ingested stay. An ended sync is returned unchanged."""
    return SyncOut.of(await websites.cancel(_source_id(source_id), _sync_id(sync_id)))


async def watch_sync(
    source_id: str, sync_id: str, shelf: WatchedShelf, progress: ProgressOf
) -> EventStream:
    """Stream a sync's progress as server-sent events: `progress` on changes, finally `done`."""
    source, sync = _source_id(source_id), _sync_id(sync_id)
    async with open_websites(shelf) as websites:
        found = await websites.one_sync(source, sync)
    return EventStream(progress.frames(shelf.account_id, found))


async def list_changes(
    source_id: str, sync_id: str, websites: WebsitesRead, page: PagingOf
) -> ChangeList:
    """List what one sync has changed, page by page, including failed and held pages."""
    source, sync = _source_id(source_id), _sync_id(sync_id)
    of = f"changes:{sync}"
    (after,) = page.after(of, UUID) or (None,)
    return _changes(of, page, await websites.list_changes(source, sync, after, page.fetch))


async def list_net_changes(
    source_id: str,
    websites: WebsitesRead,
    page: PagingOf,
    since: Annotated[str, Query(max_length=100, description="The sync to compare with.")],
    until: Annotated[
        str | None, Query(max_length=100, description="The later sync; default: the newest.")
    ] = None,
) -> ChangeList:
    """List the net differences between two syncs, page by page."""
    source, first = _source_id(source_id), _sync_id(since)
    if until is None:
        newest = await websites.last_sync(source)
        second = first if newest is None else newest.id
    else:
        second = _sync_id(until)
    of = f"changes:{first}:{second}"
    (after,) = page.after(of, UUID) or (None,)
    found = await websites.list_net_changes(source, (first, second), after, page.fetch)
    return _changes(of, page, found)


def _changes(of: str, page: Paging, found: Sequence[SyncChange]) -> ChangeList:
    shown, cursor = page.cut(of, found, lambda one: (one.page_id,))
    return ChangeList(items=[PageChangeOut.of(one) for one in shown], next_cursor=cursor)


async def list_pages(
    source_id: str, websites: WebsitesRead, page: PagingOf, state: PageState | None = None
) -> PageList:
    """List a source's pages by address, optionally of one state; gone pages stay listed."""
    value = _source_id(source_id)
    of = f"pages:{value}:{state}"
    (after,) = page.after(of, UUID) or (None,)
    found = await websites.list_pages(value, state, after, page.fetch)
    # Not the address itself, which may be too long for a cursor.
    shown, cursor = page.cut(of, found, lambda one: (one.id,))
    return PageList(items=[PageOut.of(one) for one in shown], next_cursor=cursor)


async def find_pages(
    project_id: str,
    websites: WebsitesRead,
    page: PagingOf,
    q: Part = None,
    state: PageState | None = None,
    source_id: Annotated[
        str | None, Query(max_length=100, description="Only pages of this source.")
    ] = None,
) -> ProjectPageList:
    """List the pages of all sources of a project by address, and count them by state."""
    wanted = WantedPages(q or None, state, None if source_id is None else _source_id(source_id))
    of = f"pages:{project_id}:{wanted}"
    (after,) = page.after(of, UUID) or (None,)
    found = await websites.find_pages(wanted, after, page.fetch)
    shown, cursor = page.cut(of, found, lambda one: (one.id,))
    counts = None
    if after is None:
        counts = PageCounts.model_validate(await websites.count_pages(wanted))
    return ProjectPageList(
        items=[PageOut.of(one) for one in shown], next_cursor=cursor, counts=counts
    )


async def retry_page(page_id: str, websites: WebsitesWrite) -> SyncOut:
    """Fetch one page again that failed or was skipped, in a sync of its source.

    The sync reads the site's rules and its start page, too, as every sync. 409 `sync_running` while
    another sync of the source runs, `page_not_failed` for a page that is in order or gone.
    """
    return SyncOut.of(await websites.retry(_id(PAGE_PREFIX, page_id, page_not_found())))


async def get_page(page_id: str, websites: WebsitesRead) -> PageOut:
    """Show what is known about one page of a website."""
    return PageOut.of(await websites.page(_id(PAGE_PREFIX, page_id, page_not_found())))

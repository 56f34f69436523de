"""Websites as sources: add, change and sync them; read their syncs, pages and changes."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from answerdesk.core.errors import require_version
from answerdesk.core.outbound import Outbound
from answerdesk.core.tenancy import public_id
from answerdesk.knowledge import repository as knowledge_rows
from answerdesk.knowledge.errors import source_not_found
from answerdesk.knowledge.pages import repository as pages
from answerdesk.knowledge.pages.tasks import cancel_sync_job, schedule_sync
from answerdesk.knowledge.pages.types import (
    RETRIABLE,
    Page,
    PageState,
    Sync,
    SyncCause,
    SyncChange,
    WantedPages,
)
from answerdesk.knowledge.service import Knowledge, OpenKnowledge
from answerdesk.knowledge.sync.closing import end_sync
from answerdesk.knowledge.sync.errors import (
    not_a_website,
    only_for_sites,
    page_not_failed,
    page_not_found,
    sync_not_found,
    sync_running,
)
from answerdesk.knowledge.sync.repository import sources, syncs
from answerdesk.knowledge.sync.types import WEBSITE_KINDS, NewSource
from answerdesk.knowledge.types import SOURCE_PREFIX, SYNC_PREFIX, Source, SourceSettings
from answerdesk.knowledge.website.scope import Scope

_NOW: Final = timedelta(0)
_NAME_LENGTH: Final = 200


async def add_website(
    open_knowledge: OpenKnowledge, outbound: Outbound, new: NewSource
) -> tuple[Source, Sync | None, bool]:
    """Add a website as `Websites.add` does; return it, its last sync and whether it is new.

    Raises also what `Outbound.require_host` raises for an address that is not known yet.
    """
    async with open_knowledge() as knowledge:
        is_known = await Websites(knowledge).has(new)
    if not is_known:
        # Outside a transaction: a name server may be slow.
        await outbound.require_host(new.url)
    async with open_knowledge() as knowledge:
        websites = Websites(knowledge)
        source, is_new = await websites.add(new)
        return source, await websites.last_sync(source.id), is_new


class Websites:
    """Operations on the websites of one project, in the caller's transaction."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._session = knowledge.session
        self._project_id = knowledge.project_id

    async def add(self, new: NewSource) -> tuple[Source, bool]:
        """Add a website and begin its first sync; return it and whether it is new.

        If the project has a source of this kind and address, it is returned unchanged. Raises
        InvalidInput for an invalid address or pattern.
        """
        url = _checked(new.kind, new.url, new.settings)
        new = replace(new, url=url, name=(new.name or _name_of(url)).strip()[:_NAME_LENGTH])
        await knowledge_rows.ensure_knowledge_base(
            self._session, self._knowledge.account_id, self._project_id
        )
        source_id = await sources.add(self._session, self._project_id, new)
        if source_id is None:
            same = await sources.find(self._session, self._project_id, new)
            if same is None:
                raise source_not_found()
            return await self._knowledge.source(same), False
        await self._knowledge.audit("source.added", "source", public_id(SOURCE_PREFIX, source_id))
        await self._begin(source_id, "added")
        return await self._knowledge.source(source_id), True

    async def has(self, new: NewSource) -> bool:
        """Tell whether the project has a website of this kind and address; raise as `add` does."""
        url = _checked(new.kind, new.url, new.settings)
        return (
            await sources.find(self._session, self._project_id, replace(new, url=url)) is not None
        )

    async def change(
        self, source_id: UUID, patch: Mapping[str, Any], expected: AbstractSet[int] | None
    ) -> Source:
        """Change a source; `patch` may have name, include, exclude, max_pages, sync_every_hours.

        Raises NotFound, InvalidInput naming the field, and PreconditionFailed if the source's
        version is not among the expected ones.
        """
        await knowledge_rows.lock_source(self._session, source_id)
        source = await self._knowledge.source(source_id)
        require_version(source.version, expected)
        settings = source.settings
        if settings is None or source.url is None:
            if patch.keys() - {"name"}:
                raise not_a_website()
        else:
            settings = _patched(settings, patch)
            _checked(source.kind, source.url, settings)
        hours = patch.get("sync_every_hours", source.sync_every_hours)
        name = patch.get("name", source.name).strip()
        await sources.change(self._session, source_id, name, settings or SourceSettings(), hours)
        await self._knowledge.audit("source.changed", "source", public_id(SOURCE_PREFIX, source_id))
        if hours != source.sync_every_hours:
            await self._schedule_next(source_id)
        return await self._knowledge.source(source_id)

    async def _schedule_next(self, source_id: UUID) -> None:
        running = await syncs.running(self._session, self._knowledge.account_id, source_id)
        seconds = await sources.wait_for_next(self._session, source_id)
        if running is None:
            # The waiting job has the old schedule. If a sync runs, its end schedules the next one.
            await cancel_sync_job(self._session, source_id)
            if seconds is not None:
                delay = timedelta(seconds=max(seconds, 0.0))
                await schedule_sync(self._session, self._knowledge.account_id, source_id, delay)

    async def sync(
        self, source_id: UUID, *, only_failed: bool = False, confirm_removals: bool = False
    ) -> Sync:
        """Begin a sync; raise NotFound, Conflict (`sync_running`), InvalidInput if no website."""
        # Otherwise the source could be removed between the check and the start.
        await sources.hold(self._session, source_id)
        await self._website(source_id)
        sync_id = await self._begin(
            source_id,
            "retry" if only_failed else "manual",
            only_failed=only_failed,
            confirm_removals=confirm_removals,
        )
        await self._knowledge.audit("sync.started", "sync", public_id(SYNC_PREFIX, sync_id))
        return await self.one_sync(source_id, sync_id)

    async def _begin(
        self,
        source_id: UUID,
        cause: SyncCause,
        *,
        only_failed: bool = False,
        only_page: UUID | None = None,
        confirm_removals: bool = False,
    ) -> UUID:
        sync_id = await syncs.begin(
            self._session,
            self._project_id,
            source_id,
            cause,
            only_failed=only_failed,
            only_page=only_page,
            confirm_removals=confirm_removals,
        )
        if sync_id is None:
            raise sync_running()
        await schedule_sync(self._session, self._knowledge.account_id, source_id, _NOW)
        return sync_id

    async def cancel(self, source_id: UUID, sync_id: UUID) -> Sync:
        """End a running sync; what it ingested stays. Has no effect on an ended sync."""
        await knowledge_rows.lock_source(self._session, source_id)
        running = (await self.one_sync(source_id, sync_id)).running
        if running:
            await end_sync(self._knowledge, source_id, sync_id, "cancelled")
            await self._knowledge.audit("sync.cancelled", "sync", public_id(SYNC_PREFIX, sync_id))
        return await self.one_sync(source_id, sync_id)

    async def one_sync(self, source_id: UUID, sync_id: UUID) -> Sync:
        """Raise NotFound if the project's source has no such sync."""
        found = await pages.find_sync(self._session, source_id, sync_id)
        if found is None or found.project_id != self._project_id:
            raise sync_not_found()
        return found

    async def list_syncs(
        self, source_id: UUID, after: tuple[datetime, UUID] | None, limit: int
    ) -> Sequence[Sync]:
        """Return at most `limit` syncs after `after` (created at, id), newest first."""
        await self._knowledge.source(source_id)
        return await pages.list_syncs(self._session, source_id, after, limit)

    async def list_changes(
        self, source_id: UUID, sync_id: UUID, after: UUID | None, limit: int
    ) -> Sequence[SyncChange]:
        """Return what one sync has changed, ordered by page id, after the page `after`."""
        await self.one_sync(source_id, sync_id)
        return await pages.list_changes(self._session, sync_id, after, limit)

    async def list_net_changes(
        self, source_id: UUID, between: tuple[UUID, UUID], after: UUID | None, limit: int
    ) -> Sequence[SyncChange]:
        """Return the net changes from the first of two syncs to the second, ordered by page id."""
        for sync_id in between:
            await self.one_sync(source_id, sync_id)
        return await pages.list_net_changes(self._session, source_id, between, after, limit)

    async def list_pages(
        self, source_id: UUID, state: PageState | None, after: UUID | None, limit: int
    ) -> Sequence[Page]:
        """Return at most `limit` pages of a source, ordered by address, after the page `after`."""
        await self._knowledge.source(source_id)
        return await pages.list_pages(self._session, source_id, state, after, limit)

    async def find_pages(
        self, wanted: WantedPages, after: UUID | None, limit: int
    ) -> Sequence[Page]:
        """Return at most `limit` pages of all sources, ordered by address, after `after`.

        Raises NotFound if the project doesn't have the source that is wanted.
        """
        if wanted.source_id is not None:
            await self._knowledge.source(wanted.source_id)
        return await pages.pages_of_project(self._session, self._project_id, wanted, after, limit)

    async def count_pages(self, wanted: WantedPages) -> Mapping[PageState, int]:
        """Count the pages by state, whatever state is wanted."""
        return await pages.count_pages(self._session, self._project_id, wanted)

    async def retry(self, page_id: UUID) -> Sync:
        """Begin a sync of a page's source that fetches it, and no other known page.

        Raises NotFound, and Conflict if the page has not failed or a sync of its source runs.
        """
        page = await self.page(page_id)
        # Otherwise the source could be removed between the check and the start.
        await sources.hold(self._session, page.source_id)
        if page.state not in RETRIABLE:
            raise page_not_failed(page.state)
        sync_id = await self._begin(page.source_id, "retry", only_failed=True, only_page=page_id)
        await self._knowledge.audit("sync.started", "sync", public_id(SYNC_PREFIX, sync_id))
        return await self.one_sync(page.source_id, sync_id)

    async def page(self, page_id: UUID) -> Page:
        """Raise NotFound if the project has no such page."""
        found = await pages.find_page(self._session, self._project_id, page_id)
        if found is None:
            raise page_not_found()
        return found

    async def source(self, source_id: UUID) -> Source:
        """Return a source of any kind; raise NotFound if the project has no such source."""
        return await self._knowledge.source(source_id)

    async def last_sync(self, source_id: UUID) -> Sync | None:
        return (await self._knowledge.last_syncs([source_id])).get(source_id)

    async def _website(self, source_id: UUID) -> Source:
        source = await self._knowledge.source(source_id)
        if source.kind not in WEBSITE_KINDS:
            raise not_a_website()
        return source


def _checked(kind: str, url: str, settings: SourceSettings) -> str:
    """Return the address as it is stored; raise InvalidInput if address or limits are invalid."""
    if kind == "page":
        for field in ("include", "exclude", "max_pages"):
            if getattr(settings, field):
                raise only_for_sites(field)
    return Scope(url, settings.include, settings.exclude).start


def _patched(settings: SourceSettings, patch: Mapping[str, Any]) -> SourceSettings:
    return SourceSettings(
        include=tuple(patch.get("include", settings.include) or ()),
        exclude=tuple(patch.get("exclude", settings.exclude) or ()),
        max_pages=patch.get("max_pages", settings.max_pages),
    )


def _name_of(url: str) -> str:
    """Return host and path of a normalised address, with the port if it is not the default."""
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path.rstrip('/')}"

"""Records the result for a page in one transaction, exactly once or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import Database
from answerdesk.knowledge.pages.types import Change
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.sync.repository import sources, syncs
from answerdesk.knowledge.sync.repository.outcomes import PageOutcomes, keep_signals
from answerdesk.knowledge.sync.repository.pages import SyncPages
from answerdesk.knowledge.sync.types import Looked, QueuedPage, RunningSync, SyncEnded
from answerdesk.knowledge.types import IncomingDocument
from answerdesk.knowledge.website.outcomes import PageFetched


@dataclass(frozen=True, slots=True)
class Recorder:
    """Records the results of one sync.

    All writers take their locks in the order index, source, document, page, sync.
    """

    database: Database
    sync: RunningSync

    async def record(self, looked: Looked, links: Sequence[str]) -> tuple[int, bool]:
        """Record a result and queue the pages found there, unless it is already recorded.

        Returns how many pages in a row could not be fetched at all, and whether the page was
        added as a new page. Raises SyncEnded, having written nothing.
        """
        sync = self.sync
        async with self.database.transaction(sync.account_id) as session:
            if not await sources.hold(session, sync.source_id):
                raise SyncEnded
            outcomes = PageOutcomes(session, sync.sync_id, looked.page.id)
            if not await outcomes.take():
                return 0, False
            counts = await self._write(session, outcomes, looked)
            counts["found"] = counts.get("found", 0) + await self._queue(session, looked, links)
            in_a_row = await syncs.count(
                session, sync.sync_id, in_a_row=looked.site_failed, **counts
            )
            if in_a_row is None:
                raise SyncEnded
        return in_a_row, bool(counts.get("fetched")) and not looked.page.has_document

    async def look_later(self, looked: Looked | None, page: QueuedPage, first: str | None) -> int:
        """Move a page to the end of the queue, and queue `first` if it is new.

        Returns how many pages in a row could not be fetched. Raises SyncEnded.
        """
        sync = self.sync
        async with self.database.transaction(sync.account_id) as session:
            if not await sources.hold(session, sync.source_id):
                raise SyncEnded
            if not await PageOutcomes(session, sync.sync_id, page.id).later():
                return 0
            pages = SyncPages(session, sync.source_id, sync.sync_id)
            urls = [] if first is None else [first]
            found = await pages.add(sync.project_id, urls, "link", page.depth, linked_from=page.url)
            failed = None if looked is None else looked.site_failed
            in_a_row = await syncs.count(session, sync.sync_id, in_a_row=failed, found=found)
            if in_a_row is None:
                raise SyncEnded
        return in_a_row

    async def _queue(self, session: AsyncSession, looked: Looked, links: Sequence[str]) -> int:
        sync, page = self.sync, looked.page
        pages = SyncPages(session, sync.source_id, sync.sync_id)
        add = partial(pages.add, sync.project_id, depth=page.depth + 1, linked_from=page.url)
        found = await add(links, "link")
        if looked.moved_to is not None:
            found += await add([looked.moved_to], page.found_by)
        return found

    async def _write(
        self, session: AsyncSession, outcomes: PageOutcomes, looked: Looked
    ) -> dict[str, int]:
        """Write the result; return the increments of the sync's counts."""
        if looked.verdict == "unchanged" and looked.unmodified is not None:
            await outcomes.unmodified(looked.unmodified)
            return {"fetched": 1, "unchanged": 1}
        if looked.verdict == "good" and looked.fetched is not None:
            return await self._take_in(session, outcomes, looked, looked.fetched)
        was_gone = looked.page.state == "gone"
        if looked.verdict == "missing" and not was_gone:
            await outcomes.missing(looked)
            return {}
        state = "failed" if looked.verdict == "failed" else "skipped"
        await outcomes.not_taken(looked, state)
        if was_gone:
            # It was fetched only because it might have come back.
            return {}
        if state == "failed":
            await outcomes.change(self.sync.project_id, "failed", looked.reason)
        return {state: 1}

    async def _take_in(
        self, session: AsyncSession, outcomes: PageOutcomes, looked: Looked, fetched: PageFetched
    ) -> dict[str, int]:
        sync, page = self.sync, looked.page
        knowledge = Knowledge(session, sync.account_id, sync.project_id)
        read = fetched.reading
        # A page that comes back gets its old document id, which past answers cite.
        incoming = IncomingDocument(
            page.url,
            fetched.content,
            fetched.media_type,
            url=page.url,
            id=page.document_id,
            reading=None if read is None else read.document,
        )
        intake = await knowledge.put_documents(sync.source_id, [incoming])
        came_back = {"found": 1} if page.state == "gone" else {}
        if not intake.queued:
            document = await knowledge.document_at(sync.source_id, page.url)
            await outcomes.good(fetched, document.id)
            await keep_signals(session, document.id, fetched)
            return {"fetched": 1, "unchanged": 1, **came_back}
        (document_id,) = intake.queued
        await outcomes.good(fetched, document_id)
        await keep_signals(session, document_id, fetched)
        was_indexed = await outcomes.bring(document_id)
        if was_indexed and page.content_hash == fetched.content_hash:
            # It has waited since an earlier sync, which has recorded the change.
            return {"fetched": 1, "unchanged": 1}
        change: Change = "changed" if was_indexed else "added"
        await outcomes.change(sync.project_id, change, None)
        return {"fetched": 1, **came_back}

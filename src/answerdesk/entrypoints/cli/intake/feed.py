"""Stores the files of a folder, batch by batch, and waits until all are searchable."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final
from uuid import UUID

from answerdesk.bootstrap import Application
from answerdesk.core.due import FailedJob, failed_jobs
from answerdesk.core.tenancy import ProjectId
from answerdesk.entrypoints.cli.intake.reading import Batch, read_batch, require_indexable
from answerdesk.entrypoints.cli.intake.survey import Outcome, Problem, Target, without_name
from answerdesk.entrypoints.cli.output import readable_name
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.tasks import INGEST
from answerdesk.knowledge.types import Document, Intake

PATIENCE_SECONDS: Final = 300.0
"""After this long without any progress, waiting is given up."""

_WINDOW: Final = 200
"""Documents checked in one query, the oldest first, as jobs run in queue order."""

_SHORTEST_PAUSE: Final = 0.05
_LONGEST_PAUSE: Final = 0.5
_JOBS_PAUSE: Final = 5.0
_FAILED_JOBS: Final = 1000


class Watch:
    """Watches queued documents until each is searchable, failed or gone; counts in `outcome`."""

    def __init__(
        self,
        application: Application,
        project_id: ProjectId,
        outcome: Outcome,
        *,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._application = application
        self._project_id = project_id
        self._outcome = outcome
        self._patience = patience
        self._pending: dict[UUID, str] = {}
        self._chunks_in_progress = 0
        self._failed_before: set[int] = set()
        self._next_look_at_jobs = 0.0

    @property
    def pending(self) -> int:
        """Number of documents that aren't searchable yet."""
        return len(self._pending)

    @property
    def chunks(self) -> int:
        """Number of finished chunks, including those of documents in progress."""
        return self._outcome.chunks + self._chunks_in_progress

    async def prepare(self) -> None:
        """Note the jobs that failed in earlier runs, so that they aren't mistaken for ours."""
        self._failed_before = {failed.job.id for failed in await self._failed_jobs()}

    def add(self, folder: str, document_ids: Sequence[UUID]) -> None:
        self._pending.update(dict.fromkeys(document_ids, folder))

    async def poll(self) -> None:
        """Check the next documents in the queue."""
        while self._pending and await self._look_at(list(islice(self._pending, _WINDOW))):
            pass

    async def pause(self, seconds_so_far: float) -> None:
        """Wait before the next poll: a tenth of the time so far, within bounds."""
        await asyncio.sleep(min(_LONGEST_PAUSE, max(_SHORTEST_PAUSE, seconds_so_far / 10)))

    async def settle(self, progressed: float, now: float) -> None:
        """Stop waiting for failed jobs, and for everything if there is no progress.

        `progressed` is the time of the last progress; both are in seconds of the loop's clock.
        """
        if now >= self._next_look_at_jobs:
            self._next_look_at_jobs = now + _JOBS_PAUSE
            await self._take_out_failed_jobs()
        if now - progressed > self._patience:
            await self._give_up()

    async def _look_at(self, window: Sequence[UUID]) -> bool:
        """Take out those of `window` that aren't pending; return whether none is left."""
        documents = {one.id: one for one in await self._documents(window)}
        self._chunks_in_progress = 0
        waiting = 0
        for document_id in window:
            document = documents.get(document_id)
            if document is not None and document.status == "pending":
                waiting += 1
                self._chunks_in_progress += document.chunks_done or 0
            else:
                self._take_out(document_id, document)
        return waiting == 0

    def _take_out(self, document_id: UUID, document: Document | None) -> None:
        folder = self._pending.pop(document_id)
        if document is None:
            # Somebody removed it meanwhile; there is nothing left to wait for.
            return
        if document.status == "failed":
            location = f"{folder.rstrip('/')}/{document.path}"
            message = without_name(document.error or "cannot be read", document.path)
            code = document.error_code or "unreadable"
            self._outcome.problems.append(Problem(location, code, message))
        else:
            self._outcome.changed += 1
            self._outcome.chunks += document.chunk_count

    async def _documents(self, document_ids: Sequence[UUID]) -> Sequence[Document]:
        account_id = self._application.account_id
        async with self._application.database.transaction(account_id) as session:
            knowledge = Knowledge(session, account_id, self._project_id)
            return await knowledge.documents_by_id(document_ids)

    async def _failed_jobs(self) -> list[FailedJob]:
        account_id = self._application.account_id
        async with self._application.database.transaction(account_id) as session:
            return await failed_jobs(session, account_id=account_id, limit=_FAILED_JOBS)

    async def _take_out_failed_jobs(self) -> None:
        for failed in await self._failed_jobs():
            if failed.job.name != INGEST or failed.job.id in self._failed_before:
                continue
            document_id = UUID(str(failed.job.payload["document_id"]))
            if document_id in self._pending:
                message = f"was given up after {failed.job.attempt} attempts: {failed.error}"
                await self._take_out_with(document_id, "ingestion_failed", message)

    async def _give_up(self) -> None:
        message = (
            f"is stored but not searchable: no progress for {self._patience:.0f} seconds. "
            "It will be retried in the background"
        )
        for document_id in list(self._pending):
            if not await self._look_at([document_id]):
                await self._take_out_with(document_id, "not_finished", message)

    async def _take_out_with(self, document_id: UUID, code: str, message: str) -> None:
        folder = self._pending.pop(document_id)
        for document in await self._documents([document_id]):
            location = f"{folder.rstrip('/')}/{document.path}"
            self._outcome.problems.append(Problem(location, code, message))


@dataclass(frozen=True, slots=True)
class Feeder:
    """Stores folders in one project. `show` is awaited after each batch."""

    application: Application
    project_id: ProjectId
    outcome: Outcome
    watch: Watch
    show: Callable[[], Awaitable[None]]

    async def feed(self, target: Target) -> None:
        """Store the files of `target` that have changed and have them ingested."""
        require_indexable(readable_name(target.folder))
        files = iter(target.survey.files.items())
        limit = self.application.settings.max_file_bytes
        while (batch := await asyncio.to_thread(read_batch, files, limit)) is not None:
            self.outcome.problems.extend(batch.problems)
            if batch.documents:
                intake = await self._store(target, batch)
                self.outcome.unchanged += intake.unchanged
            await self.show()

    async def remove_missing(self, target: Target, *, even_all: bool) -> None:
        """Remove the documents whose files are gone from `target`'s folder.

        Refuses if a part of the folder could not be read, and without `even_all` if it has no
        file at all: the disk may not be mounted.
        """
        folder = readable_name(target.folder)
        if not target.survey.complete:
            self._refuse(folder, "nothing was removed, because not all of it could be read")
            return
        account_id = self.application.account_id
        async with self.application.database.transaction(account_id) as session:
            knowledge = Knowledge(session, account_id, self.project_id)
            source_id = await knowledge.open_source("folder", folder, folder)
            source = await knowledge.source(source_id)
            known = source.pending + source.ready + source.failed
            present = frozenset(target.survey.files)
            if known and not present and not even_all:
                self._refuse(
                    folder,
                    f"has no file that can be ingested, but {known:,} documents came from it; "
                    "nothing was removed. To remove them, repeat with --sync --yes",
                )
                return
            intake = await knowledge.put_documents(source_id, [], present_paths=present)
        self.outcome.removed += intake.removed

    def _refuse(self, folder: str, message: str) -> None:
        self.outcome.problems.append(Problem(folder, "sync_refused", message))

    async def _store(self, target: Target, batch: Batch) -> Intake:
        account_id = self.application.account_id
        folder = readable_name(target.folder)
        async with self.application.database.transaction(account_id) as session:
            knowledge = Knowledge(session, account_id, self.project_id)
            source_id = await knowledge.open_source("folder", folder, folder)
            intake = await knowledge.put_documents(source_id, batch.documents)
            # Before the commit: whoever stops us while it is on its way is told of them, too.
            self.watch.add(folder, intake.queued)
        return intake

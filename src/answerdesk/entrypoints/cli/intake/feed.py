"""Stores the files of a folder, batch by batch, and removes what the folder has no more."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from answerdesk.bootstrap import Application
from answerdesk.core.tenancy import ProjectId
from answerdesk.entrypoints.cli.intake.outcome import Outcome
from answerdesk.entrypoints.cli.intake.reading import Batch, read_batch, require_indexable
from answerdesk.entrypoints.cli.intake.survey import Problem
from answerdesk.entrypoints.cli.intake.targets import Target
from answerdesk.entrypoints.cli.intake.watch import Watch
from answerdesk.entrypoints.cli.output import readable_name
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.types import Intake


@dataclass(frozen=True, slots=True)
class Feeder:
    """Puts folders into one project. `show` is awaited after each batch."""

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
                self.watch.add(readable_name(target.folder), intake.queued)
            await self.show()

    async def remove_missing(self, target: Target, *, even_all: bool) -> None:
        """Remove the documents whose files `target`'s folder has no more.

        Refuses when a part of the folder could not be read, and without `even_all` when it has no
        file at all: it may be a disk that is not mounted.
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
                    f"has no file that can be taken in, but {known:,} documents came from it; "
                    "nothing was removed. If they are to go, repeat with --sync --yes",
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
            return await knowledge.put_documents(source_id, batch.documents)

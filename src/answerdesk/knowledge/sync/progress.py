"""Streams the progress of syncs; all listeners share the same database reads."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from answerdesk.core.database import Database
from answerdesk.core.errors import NotFound
from answerdesk.core.lookout import Lookout
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.core.web.sse import frame
from answerdesk.knowledge.pages import repository as pages
from answerdesk.knowledge.pages.schemas import SyncOut
from answerdesk.knowledge.pages.types import Sync
from answerdesk.knowledge.sync.errors import sync_not_found
from answerdesk.projects.service import get_project

_LOOK_SECONDS: Final = 0.5

_Place = tuple[ProjectId, UUID]
"""A sync's project and its id."""


@dataclass(frozen=True, slots=True)
class _Told:
    """The frames for one state of a sync; nothing follows if `is_last`."""

    frames: bytes
    is_last: bool


class Progress:
    """The progress of an installation's syncs."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lookout: Lookout[_Place, _Told] = Lookout(self._look, _LOOK_SECONDS)

    async def frames(self, account_id: AccountId, sync: Sync) -> AsyncIterator[bytes]:
        """Yield a frame for the given state of the sync and for each change, until it ends."""
        told = _told(sync)
        yield told.frames
        if told.is_last:
            return
        async for news in self._lookout.changes(account_id, (sync.project_id, sync.id), told):
            yield news.frames
            if news.is_last:
                return

    async def close(self) -> None:
        await self._lookout.close()

    async def _look(
        self, account_id: AccountId, places: Sequence[_Place]
    ) -> Mapping[_Place, _Told]:
        told: dict[_Place, _Told] = {}
        async with self._database.transaction(account_id) as session:
            for project_id in {project_id for project_id, _ in places}:
                try:
                    await get_project(session, project_id)
                except NotFound as error:
                    told |= {place: _gone(error) for place in places if place[0] == project_id}
            found = await pages.syncs_of(session, [sync_id for _, sync_id in places])
        shown = {(sync.project_id, sync.id): _told(sync) for sync in found}
        missing = _gone(sync_not_found())
        return {place: shown.get(place, missing) for place in places} | told


def _told(sync: Sync) -> _Told:
    shown = SyncOut.of(sync).model_dump(mode="json")
    frames = frame("progress", shown)
    return _Told(frames if sync.running else frames + frame("done", shown), not sync.running)


def _gone(error: NotFound) -> _Told:
    return _Told(frame("error", {"code": error.code, "detail": error.message}), is_last=True)

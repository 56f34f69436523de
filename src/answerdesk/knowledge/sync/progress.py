"""Tells how far a sync is for as long as somebody listens; holds no connection meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final
from uuid import UUID

from answerdesk.core.errors import NotFound
from answerdesk.core.web.sse import frame
from answerdesk.knowledge.ledger.schemas import SyncOut
from answerdesk.knowledge.sync.dependencies import Watch

_LOOK_SECONDS: Final = 0.5


async def progress(watch: Watch, source_id: UUID, sync_id: UUID) -> AsyncIterator[bytes]:
    """Yield a frame whenever the sync has changed, and a last one when it has ended."""
    told: SyncOut | None = None
    while True:
        try:
            async with watch.open() as websites:
                sync = await websites.one_sync(source_id, sync_id)
        except NotFound as error:
            yield frame("error", {"code": error.code, "detail": error.message})
            return
        shown = SyncOut.of(sync)
        if shown != told:
            yield frame("progress", shown.model_dump(mode="json"))
            told = shown
        if not sync.running:
            yield frame("done", shown.model_dump(mode="json"))
            return
        await asyncio.sleep(_LOOK_SECONDS)

"""How a sync ends, whoever ends it: its state, the next one's time, and who is told."""

from datetime import timedelta
from typing import Literal
from uuid import UUID

from answerdesk.core.events import record
from answerdesk.core.tenancy import public_id
from answerdesk.knowledge import events
from answerdesk.knowledge.ledger.tasks import cancel_sync_job, schedule_sync
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.sync.repository import sources, syncs
from answerdesk.knowledge.types import SOURCE_PREFIX, SYNC_PREFIX

EndState = Literal["done", "failed", "cancelled"]


async def end_sync(
    knowledge: Knowledge,
    source_id: UUID,
    sync_id: UUID,
    state: EndState,
    error: tuple[str | None, str | None] = (None, None),
) -> bool:
    """End a sync and have the next one begin at its time, in the caller's transaction.

    Returns False, having changed nothing, when it has ended already. What it has taken in stays,
    and documents that are on their way into the index go on.
    """
    session = knowledge.session
    if not await syncs.end(session, sync_id, state, *error):
        return False
    seconds = await sources.wait_for_next(session, source_id)
    payload = {
        "source_id": public_id(SOURCE_PREFIX, source_id),
        "sync_id": public_id(SYNC_PREFIX, sync_id),
        "state": state,
        "error_code": error[0],
    }
    await record(session, knowledge.account_id, knowledge.project_id, events.SOURCE_SYNCED, payload)
    await cancel_sync_job(session, source_id)
    if seconds is not None:
        delay = timedelta(seconds=max(seconds, 0.0))
        await schedule_sync(session, knowledge.account_id, source_id, delay)
    return True

"""Takes deliveries that are due, with their bodies: built once, sealed, then always the same."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.secrets import get_secrets, put_secrets
from answerdesk.core.crypto import Sealer
from answerdesk.core.errors import Unavailable
from answerdesk.core.events import Event, events_by_id
from answerdesk.webhooks.deliveries.repository import sending as repository
from answerdesk.webhooks.deliveries.repository.sending import Due
from answerdesk.webhooks.deliveries.types import BODY
from answerdesk.webhooks.encoding import Encoder, written
from answerdesk.webhooks.types import Endpoint

NOTHING_LEFT: Final = "What it would tell of is gone"

_log = structlog.get_logger(__name__)


class BodyFailed(Exception):
    """The body of a delivery cannot be built, because of a fault of ours that the log shows."""

    def __init__(self, due: Due) -> None:
        super().__init__("The body could not be built; the log of the installation says why")
        self.due = due


async def take(
    session: AsyncSession,
    sealer: Sealer,
    encoder: Encoder | None,
    endpoint: Endpoint,
    *,
    held: Collection[UUID],
    limit: int,
) -> tuple[Sequence[tuple[Due, bytes]], int]:
    """Return due deliveries that are not in `held`, with their bodies, and how many were looked at.

    New bodies are stored: send them after this transaction has committed. What tells of something
    that is gone is cancelled. Raises BodyFailed.
    """
    found = await repository.due(session, endpoint.id, held, limit)
    if not found:
        return (), 0
    bodies = dict(await get_secrets(session, sealer, [one.id for one in found], BODY))
    missing = [one for one in found if one.id not in bodies]
    if missing:
        built = await _built(session, encoder, endpoint, missing)
        await put_secrets(session, sealer, BODY, built)
        bodies.update(built)
        gone = [one.id for one in missing if one.id not in built]
        if gone:
            await repository.cancel(session, gone, NOTHING_LEFT)
    return [(one, bodies[one.id]) for one in found if one.id in bodies], len(found)


async def _built(
    session: AsyncSession, encoder: Encoder | None, endpoint: Endpoint, wanted: Sequence[Due]
) -> Mapping[UUID, bytes]:
    """Return the bodies of those that tell of something that is still there."""
    ids = [one.event_id for one in wanted if one.event_id is not None]
    events: Mapping[int | None, Event] = {
        event.id: event for event in await events_by_id(session, ids)
    }
    built = {}
    for one in wanted:
        event = events.get(one.event_id)
        if event is None or encoder is None:
            continue
        try:
            body = await encoder.body(session, event, endpoint)
            if body is not None:
                built[one.id] = written(body)
        except Unavailable:
            raise
        except Exception as error:
            _log.exception("webhook_body_failed", delivery=str(one.id), event_type=one.type)
            raise BodyFailed(one) from error
    return built

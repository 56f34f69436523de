"""Deliveries as their owners see and change them."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.webhooks.deliveries.types import Attempt, Delivery, DeliveryFilter, DeliveryState
from answerdesk.webhooks.types import Endpoint

_COLUMNS: Final = (
    "account_id, id, endpoint_id, project_id, event_id, type, private, state, attempts, due_at,"
    " error, created_at, ended_at"
)
_ADD: Final = text(
    "insert into webhook_delivery"
    " (account_id, id, endpoint_id, project_id, type, about, private)"
    " values (:account_id, :id, :endpoint_id, :project_id, :type, cast(:about as uuid[]), :private)"
)
_OF_ENDPOINT: Final = "account_id = :account_id and endpoint_id = :endpoint_id"
_GET: Final = text(f"select {_COLUMNS} from webhook_delivery where {_OF_ENDPOINT} and id = :id")
_LIST: Final = text(
    f"select {_COLUMNS} from webhook_delivery where {_OF_ENDPOINT}"
    " and (cast(:state as text) is null or state = :state)"
    " and (cast(:since as timestamptz) is null or created_at >= :since)"
    " and (cast(:until as timestamptz) is null or created_at < :until)"
    " and (cast(:before_id as uuid) is null or (created_at, id) < (:before_time, :before_id))"
    " order by created_at desc, id desc limit :limit"
)
_ATTEMPTS: Final = text(
    "select number, begun_at, milliseconds, status, error, headers, answer from webhook_attempt"
    " where account_id = :account_id and delivery_id = :id order by number"
)
_STATES: Final = text(
    "select id, state from webhook_delivery where account_id = :account_id and id = any(:ids)"
)
_AGAIN: Final = (
    "update webhook_delivery set state = 'pending', earlier_attempts = attempts, ended_at = null,"
    " due_at = clock_timestamp() where account_id = :account_id"
)
_REPLAY: Final = text(f"{_AGAIN} and id = :id returning {_COLUMNS}")
_REPLAY_FAILED: Final = text(
    f"{_AGAIN} and id = any(array(select id from webhook_delivery where {_OF_ENDPOINT}"
    " and state = 'failed' and not private and created_at >= :since and created_at < :until"
    " order by created_at limit :limit for update)) returning id"
)
_ABOUT: Final = text(
    "select id from webhook_delivery"
    " where account_id = :account_id and about && cast(:subjects as uuid[])"
)
_CANCELLED_WITH: Final = text(
    "select d.id from webhook_delivery d join stored_secret s"
    "  on s.account_id = d.account_id and s.subject_id = d.id and s.name = :name"
    " where d.account_id = :account_id and d.state = 'cancelled'"
)
_FORGET_ANSWERS: Final = text(
    "update webhook_attempt set headers = null, answer = null"
    " where account_id = :account_id and delivery_id = any(:ids)"
)


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        account_id=AccountId(row.account_id),
        id=row.id,
        endpoint_id=row.endpoint_id,
        project_id=None if row.project_id is None else ProjectId(row.project_id),
        event_id=row.event_id,
        type=row.type,
        private=row.private,
        state=row.state,
        attempts=row.attempts,
        due_at=row.due_at if row.state == "pending" else None,
        error=row.error,
        created_at=row.created_at,
        ended_at=row.ended_at,
    )


async def add(
    session: AsyncSession,
    endpoint: Endpoint,
    delivery_id: UUID,
    *,
    type: str,  # noqa: A002  # As everywhere else.
    private: bool,
    about: Sequence[UUID],
) -> None:
    """Add a delivery that no event causes; its first attempt is due now."""
    parameters = {
        "account_id": tenant_of(session),
        "id": delivery_id,
        "endpoint_id": endpoint.id,
        "project_id": endpoint.project_id,
        "type": type,
        "about": [*about],
        "private": private,
    }
    await session.execute(_ADD, parameters)


async def get(session: AsyncSession, endpoint_id: UUID, delivery_id: UUID) -> Delivery | None:
    key = {"account_id": tenant_of(session), "endpoint_id": endpoint_id, "id": delivery_id}
    row = (await session.execute(_GET, key)).first()
    return None if row is None else _delivery(row)


async def list_before(
    session: AsyncSession, endpoint_id: UUID, wanted: DeliveryFilter, limit: int
) -> Sequence[Delivery]:
    """Return at most `limit` of an endpoint's deliveries, newest first."""
    before_time, before_id = wanted.before or (None, None)
    parameters = {
        "account_id": tenant_of(session),
        "endpoint_id": endpoint_id,
        "state": wanted.state,
        "since": wanted.since,
        "until": wanted.until,
        "before_time": before_time,
        "before_id": before_id,
        "limit": limit,
    }
    return [_delivery(row) for row in await session.execute(_LIST, parameters)]


async def attempts(session: AsyncSession, delivery_id: UUID) -> Sequence[Attempt]:
    key = {"account_id": tenant_of(session), "id": delivery_id}
    return [
        Attempt(
            number=row.number,
            begun_at=row.begun_at,
            milliseconds=row.milliseconds,
            status=row.status,
            error=row.error,
            headers=row.headers,
            answer=row.answer,
        )
        for row in await session.execute(_ATTEMPTS, key)
    ]


async def states(session: AsyncSession, ids: Sequence[UUID]) -> Mapping[UUID, DeliveryState]:
    key = {"account_id": tenant_of(session), "ids": [*ids]}
    return {row.id: row.state for row in await session.execute(_STATES, key)}


async def replay(session: AsyncSession, delivery_id: UUID) -> Delivery:
    """Make a delivery pending that has ended; its attempts go on counting."""
    key = {"account_id": tenant_of(session), "id": delivery_id}
    return _delivery((await session.execute(_REPLAY, key)).one())


async def replay_failed(
    session: AsyncSession, endpoint_id: UUID, since: datetime, until: datetime, limit: int
) -> int:
    """Make an endpoint's failed deliveries of a time pending, oldest first; return how many."""
    parameters = {
        "account_id": tenant_of(session),
        "endpoint_id": endpoint_id,
        "since": since,
        "until": until,
        "limit": limit,
    }
    return len((await session.execute(_REPLAY_FAILED, parameters)).all())


async def about(session: AsyncSession, subjects: Sequence[UUID]) -> Sequence[UUID]:
    """Return the deliveries that tell of any of these things."""
    key = {"account_id": tenant_of(session), "subjects": [*subjects]}
    return [row.id for row in await session.execute(_ABOUT, key)]


async def cancelled_with(session: AsyncSession, name: str) -> Sequence[UUID]:
    """Return the cancelled deliveries that have a secret of this name."""
    key = {"account_id": tenant_of(session), "name": name}
    return [row.id for row in await session.execute(_CANCELLED_WITH, key)]


async def forget_answers(session: AsyncSession, delivery_ids: Sequence[UUID]) -> None:
    key = {"account_id": tenant_of(session), "ids": [*delivery_ids]}
    await session.execute(_FORGET_ANSWERS, key)

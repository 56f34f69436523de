"""What sends deliveries: fanning events out, taking what is due, and recording attempts.

One run at a time sends an endpoint's deliveries (`run`), so what it takes is not locked.
"""

# ruff: noqa: S608 - statements are put together from constants of this module only.

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import AccountId
from answerdesk.webhooks.deliveries.types import Attempt, DeliveryState
from answerdesk.webhooks.types import Format

# What an event is about, its payload names by public ids.
_FAN_OUT: Final = text(
    "insert into webhook_delivery"
    " (account_id, id, endpoint_id, project_id, event_id, type, about, due_at)"
    " select e.account_id, gen_random_uuid(), w.id, e.project_id, e.id, e.type,"
    "  array(select cast(right(value, 32) as uuid) from jsonb_each_text(e.payload)"
    "   where value ~ '^[a-z]+_[0-9a-f]{32}$'),"
    "  clock_timestamp() + make_interval(secs => cast(:delay as double precision))"
    " from event e join webhook_endpoint w on w.account_id = e.account_id and w.enabled"
    "  and w.deleted_at is null and (w.project_id is null or w.project_id = e.project_id)"
    "  and (w.events is null or e.type = any(w.events))"
    " join unnest(cast(:formats as text[]), cast(:types as text[])) as told (format, type)"
    "  on told.format = w.format and told.type = e.type"
    " where e.account_id = :account_id and e.id = any(cast(:ids as bigint[]))"
    " on conflict (account_id, endpoint_id, event_id) do nothing returning endpoint_id"
)
_DUE: Final = text(
    "select id, event_id, type, private, attempts - earlier_attempts as failed"
    " from webhook_delivery where account_id = :account_id and endpoint_id = :endpoint_id"
    " and state = 'pending' and due_at <= now()"
    " and not id = any(cast(:held as uuid[]))"
    " and not exists (select from webhook_endpoint w where w.account_id = :account_id"
    "  and w.id = :endpoint_id and w.resting_until > clock_timestamp())"
    " order by due_at limit :limit"
)
_NEXT: Final = text(
    "select greatest(d.due_at, w.resting_until) from webhook_endpoint w cross join lateral"
    " (select due_at from webhook_delivery d where d.account_id = w.account_id"
    "  and d.endpoint_id = w.id and d.state = 'pending' order by due_at limit 1) d"
    " where w.account_id = :account_id and w.id = :endpoint_id"
)
# That a delivery was accepted counts even if it was given up meanwhile. The ids are named twice: a
# plan that is made while the table is empty would else read all of the account.
_RECORD: Final = text(
    "with told as materialized (select * from unnest(cast(:ids as uuid[]),"
    "  cast(:begun as timestamptz[]), cast(:milliseconds as integer[]),"
    "  cast(:statuses as integer[]), cast(:errors as text[]), cast(:headers as text[]),"
    "  cast(:answers as text[]), cast(:states as text[]), cast(:delays as double precision[]))"
    "  as told (id, begun_at, milliseconds, status, error, headers, answer, state, delay)),"
    " moved as (update webhook_delivery d set attempts = d.attempts + 1, state = told.state,"
    "  error = told.error, due_at = clock_timestamp() + make_interval(secs => told.delay),"
    "  ended_at = case when told.state <> 'pending' then clock_timestamp() end"
    "  from told where d.account_id = :account_id and d.id = any(:ids) and d.id = told.id"
    "  and (d.state = 'pending' or (d.state = 'failed' and told.state = 'delivered'))"
    "  returning d.id, d.attempts)"
    " insert into webhook_attempt (account_id, delivery_id, number, begun_at, milliseconds,"
    "  status, error, headers, answer)"
    " select :account_id, id, moved.attempts, told.begun_at, told.milliseconds, told.status,"
    "  told.error, cast(told.headers as jsonb), told.answer from moved join told using (id)"
)
# While nothing is accepted, the endpoint rests after each attempt, the longer the longer it fails.
_FAILING: Final = (
    "cast(extract(epoch from clock_timestamp() - coalesce(failing_since, clock_timestamp()))"
    " as double precision)"
)
_NOTE: Final = text(
    "update webhook_endpoint set"
    " failing_since = case when not :well then coalesce(failing_since, clock_timestamp()) end,"
    " resting_until = clock_timestamp() + make_interval(secs => greatest("
    "  cast(:rest as double precision), case when not :well"
    f"  then least(cast(:most as double precision), {_FAILING} / 10) end))"
    " where account_id = :account_id and id = :endpoint_id"
    f" returning case when failing_since is not null then {_FAILING} end"
)
_GIVE_UP: Final = text(
    "update webhook_delivery set state = 'failed', error = :error, ended_at = clock_timestamp()"
    " where account_id = :account_id and endpoint_id = :endpoint_id and state = 'pending'"
    " returning id, private"
)
_CANCEL: Final = text(
    "update webhook_delivery set state = 'cancelled', error = :error,"
    " ended_at = clock_timestamp() where account_id = :account_id and id = any(:ids)"
    " and state = 'pending' returning id"
)
_ACCOUNTS_WITH_OLD: Final = text("select account_id from accounts_with_old_deliveries(:days)")
_FORGET_OLD: Final = text(
    "delete from webhook_delivery where account_id = :account_id and id = any(array("
    " select id from webhook_delivery where account_id = :account_id and state <> 'pending'"
    " and ended_at < now() - make_interval(days => :days) limit :limit)) returning id"
)


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery whose next attempt is due. `failed` counts its attempts so far."""

    id: UUID
    event_id: int | None
    type: str
    private: bool
    failed: int


@dataclass(frozen=True, slots=True)
class Ended:
    """An attempt that ended: what becomes of its delivery, and the seconds to the next attempt."""

    due: Due
    attempt: Attempt
    state: DeliveryState
    delay: float = 0.0


async def fan_out(
    session: AsyncSession,
    event_ids: Sequence[int],
    told: Mapping[Format, Collection[str]],
    delay: float,
) -> Collection[UUID]:
    """Add a delivery of each event for each enabled endpoint that wants it and has none yet.

    `told` are the types that each format can tell, `delay` the seconds to the first attempt.
    Returns the endpoints with new deliveries.
    """
    pairs = [(chosen, one) for chosen, types in told.items() for one in types]
    parameters = {
        "account_id": tenant_of(session),
        "ids": [*event_ids],
        "formats": [chosen for chosen, _ in pairs],
        "types": [one for _, one in pairs],
        "delay": delay,
    }
    return {row.endpoint_id for row in await session.execute(_FAN_OUT, parameters)}


async def due(
    session: AsyncSession, endpoint_id: UUID, held: Collection[UUID], limit: int
) -> Sequence[Due]:
    """Return deliveries that are due and not in `held`, the longest due first.

    None are due while the endpoint rests.
    """
    parameters = {
        "account_id": tenant_of(session),
        "endpoint_id": endpoint_id,
        "held": [*held],
        "limit": limit,
    }
    return [
        Due(row.id, row.event_id, row.type, row.private, row.failed)
        for row in await session.execute(_DUE, parameters)
    ]


async def next_due(session: AsyncSession, endpoint_id: UUID) -> datetime | None:
    """Return when the endpoint's next attempt is due; None if no delivery is pending."""
    parameters = {"account_id": tenant_of(session), "endpoint_id": endpoint_id}
    found: datetime | None = await session.scalar(_NEXT, parameters)
    return found


async def record(session: AsyncSession, ended: Sequence[Ended]) -> None:
    """Record attempts and what becomes of their deliveries."""
    await session.execute(
        _RECORD,
        {
            "account_id": tenant_of(session),
            "ids": [one.due.id for one in ended],
            "begun": [one.attempt.begun_at for one in ended],
            "milliseconds": [one.attempt.milliseconds for one in ended],
            "statuses": [one.attempt.status for one in ended],
            "errors": [one.attempt.error for one in ended],
            "headers": [
                None if one.attempt.headers is None else json.dumps(dict(one.attempt.headers))
                for one in ended
            ],
            "answers": [one.attempt.answer for one in ended],
            "states": [one.state for one in ended],
            "delays": [one.delay for one in ended],
        },
    )


async def note(
    session: AsyncSession, endpoint_id: UUID, *, well: bool, rest: float, most: float
) -> float | None:
    """Note whether the endpoint accepts deliveries, and let it rest.

    It rests for `rest` seconds; while it fails for at least a tenth of the time since its first
    failure, or `most` seconds. Returns for how many seconds it has been failing.
    """
    parameters = {
        "account_id": tenant_of(session),
        "endpoint_id": endpoint_id,
        "well": well,
        "rest": rest,
        "most": most,
    }
    seconds = await session.scalar(_NOTE, parameters)
    return None if seconds is None else float(seconds)


async def give_up(session: AsyncSession, endpoint_id: UUID, error: str) -> Sequence[UUID]:
    """Fail whatever is pending for an endpoint; return the private ones among it."""
    parameters = {"account_id": tenant_of(session), "endpoint_id": endpoint_id, "error": error}
    return [row.id for row in await session.execute(_GIVE_UP, parameters) if row.private]


async def cancel(session: AsyncSession, ids: Sequence[UUID], error: str | None) -> int:
    """Cancel those of these deliveries that are pending; return how many."""
    parameters = {"account_id": tenant_of(session), "ids": [*ids], "error": error}
    return len((await session.execute(_CANCEL, parameters)).all())


async def accounts_with_old(session: AsyncSession, days: int) -> Sequence[AccountId]:
    """Return the accounts with deliveries that ended more than `days` ago; needs no tenant."""
    rows = await session.execute(_ACCOUNTS_WITH_OLD, {"days": days})
    return [AccountId(row.account_id) for row in rows]


async def forget_old(session: AsyncSession, days: int, limit: int) -> int:
    """Delete some deliveries that ended more than `days` ago; return how many."""
    parameters = {"account_id": tenant_of(session), "days": days, "limit": limit}
    return len((await session.execute(_FORGET_OLD, parameters)).all())

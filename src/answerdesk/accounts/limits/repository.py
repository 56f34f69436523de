"""Reads an account's plan, counts its things, and counts its visitors' messages."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.plans import CountedMetric
from answerdesk.accounts.types import Cap
from answerdesk.core.database import IS_SET, TENANT, Executor, tenant_of
from answerdesk.core.ratelimit import TAKE_OF_WINDOWS
from answerdesk.core.tenancy import AccountId

_PLAN: Final = text("select plan from account where account_id = :account_id")
_COUNT_FOR_ACCOUNT: Final = text(
    f"with {TENANT}, own as materialized ("
    f"  select plan from account where account_id = :account_id and {IS_SET}"
    ") select own.plan, rate.* from own left join "
    + TAKE_OF_WINDOWS.format(name="cast(:name as text)", rates="cast(:rates as jsonb) -> own.plan")
    + " on true"
)
_LOCK: Final = text(
    "select pg_advisory_xact_lock(hashtextextended('limit:' || :metric || :account_id, 0))"
)
# The only place that names tables of higher slices: a limit is only reliable if nobody who adds
# a thing can forget to count and lock.
_COUNT: Final[Mapping[CountedMetric, TextClause]] = {
    "projects": text(
        "select count(*) from project where account_id = :account_id and deleted_at is null"
    ),
    "domains": text(
        "select count(*) from project_domain d"
        " join project p on p.account_id = d.account_id and p.id = d.project_id"
        " where d.account_id = :account_id and p.deleted_at is null"
    ),
    "agents": text(
        "select count(*) from agent a"
        " join project p on p.account_id = a.account_id and p.id = a.project_id"
        " where a.account_id = :account_id and p.deleted_at is null"
    ),
    "crawl_pages": text(
        "select count(*) from page g"
        " join project p on p.account_id = g.account_id and p.id = g.project_id"
        " join document d on d.account_id = g.account_id and d.id = g.document_id"
        " where g.account_id = :account_id and p.deleted_at is null"
    ),
    "items": text(
        "select count(*) from item i"
        " join project p on p.account_id = i.account_id and p.id = i.project_id"
        " where i.account_id = :account_id and p.deleted_at is null"
    ),
    "members": text("select count(*) from membership where account_id = :account_id"),
    "actions": text(
        "select count(*) from action x"
        " join project p on p.account_id = x.account_id and p.id = x.project_id"
        " where x.account_id = :account_id and p.deleted_at is null"
    ),
}
COUNTED: Final[tuple[CountedMetric, ...]] = tuple(_COUNT)
"""Metrics that can be counted today."""

_PERIOD: Final = "cast(date_trunc(w.period, now() at time zone 'utc') as date)"
_WANTED: Final = (
    "with wanted as ("
    f"  select w.scope, w.subject_id, w.most, {_PERIOD} as period"
    "   from unnest(cast(:scopes as text[]), cast(:subjects as uuid[]), cast(:periods as text[]),"
    "    cast(:limits as bigint[])) with ordinality as w(scope, subject_id, period, most, place)"
    "   order by place)"
)
# One upsert for all caps; a full one is left unchanged and not returned.
_TAKE: Final = text(
    f"{_WANTED} insert into message_count as m (account_id, scope, subject_id, period, count)"
    " select :account_id, scope, subject_id, period, 1 from wanted where most > 0"
    " on conflict (account_id, scope, subject_id, period) do update set count = m.count + 1"
    "  where m.count < (select w.most from wanted w where w.scope = m.scope)"
    " returning scope"
)
TAKE_IN: Final = (
    "caps_wanted as materialized ("
    f"  select w.scope, coalesce(w.subject_id, who.id) as subject_id, w.most, {_PERIOD} as period"
    "  from {source} who, unnest(cast(:cap_scopes as text[]), cast(:cap_subjects as uuid[]),"
    "   cast(:cap_periods as text[]), cast(:cap_limits as bigint[]))"
    "   with ordinality as w(scope, subject_id, period, most, place)"
    "  order by place"
    "), caps_taken as ("
    "  insert into message_count as m (account_id, scope, subject_id, period, count)"
    "  select :account_id, scope, subject_id, period, 1 from caps_wanted where most > 0"
    "  on conflict (account_id, scope, subject_id, period) do update set count = m.count + 1"
    "   where m.count < (select w.most from caps_wanted w where w.scope = m.scope)"
    "  returning scope"
    ")"
)
_GIVE_BACK: Final = text(
    f"{_WANTED} update message_count m set count = m.count - 1 from wanted w"
    " where m.account_id = :account_id and m.scope = w.scope and m.subject_id = w.subject_id"
    "  and m.period = w.period"
)
_MARK_TOLD: Final = text(
    f"{_WANTED} insert into message_count (account_id, scope, subject_id, period, count)"
    " select :account_id, 'told:' || scope, subject_id, period, 1 from wanted"
    " on conflict do nothing returning 1 as told"
)
_MESSAGES: Final = text(
    f"{_WANTED} select w.scope, coalesce(m.count, 0) as sent from wanted w"
    " left join message_count m on m.account_id = :account_id and m.scope = w.scope"
    "  and m.subject_id = w.subject_id and m.period = w.period"
)
_FORGET: Final = text("select forget_message_counts()")
_RATE: Final = text(
    "select name, count as used from rate_window"
    " where name = any(cast(:names as text[])) and ends_at > now()"
)


async def count_for_account(executor: Executor, name: str, rates: str) -> Any:  # noqa: ANN401
    """Count a request in the windows `name` of the account's plan; return plan and windows."""
    (row,) = await executor.rows(_COUNT_FOR_ACCOUNT, {"name": name, "rates": rates})
    return row


async def plan_name(session: AsyncSession, account_id: AccountId) -> str:
    return str(await session.scalar(_PLAN, {"account_id": account_id}))


async def lock(session: AsyncSession, account_id: AccountId, metric: str) -> None:
    """Allow only one transaction at a time to add to the account's `metric`."""
    await session.execute(_LOCK, {"metric": metric, "account_id": str(account_id)})


async def count(session: AsyncSession, account_id: AccountId, metric: CountedMetric) -> int:
    return int(await session.scalar(_COUNT[metric], {"account_id": account_id}))


async def take_messages(session: AsyncSession, caps: Sequence[Cap]) -> Collection[str]:
    """Count a message against each of the tenant's caps; return the scopes that had room."""
    rows = await session.execute(_TAKE, _wanted(session, caps))
    return {row.scope for row in rows}


async def give_messages_back(session: AsyncSession, caps: Sequence[Cap]) -> None:
    """Undo what this transaction has counted against these caps."""
    if caps:
        await session.execute(_GIVE_BACK, _wanted(session, caps))


async def mark_cap_told(session: AsyncSession, cap: Cap) -> bool:
    """Note that the account was told of this cap; tell whether it is the first in its period."""
    return bool((await session.execute(_MARK_TOLD, _wanted(session, [cap]))).all())


async def messages_sent(session: AsyncSession, caps: Sequence[Cap]) -> Mapping[str, int]:
    """Return the messages counted in the current periods, by metric."""
    rows = await session.execute(_MESSAGES, _wanted(session, caps))
    return {row.scope: row.sent for row in rows}


def _wanted(session: AsyncSession, caps: Sequence[Cap]) -> Mapping[str, object]:
    return {
        "account_id": tenant_of(session),
        "scopes": [cap.metric for cap in caps],
        "subjects": [cap.subject_id for cap in caps],
        "periods": [cap.period for cap in caps],
        "limits": [cap.limit for cap in caps],
    }


async def forget_messages(session: AsyncSession) -> int:
    """Delete all accounts' counts of periods that ended long ago; needs no tenant."""
    return int(await session.scalar(_FORGET))


async def requests_taken(session: AsyncSession, names: Sequence[str]) -> Mapping[str, int]:
    """Return how many requests the open windows of these names have counted."""
    rows = await session.execute(_RATE, {"names": list(names)})
    return {row.name: int(row.used) for row in rows}

"""Counts what language models cost, each time in one statement that is its own transaction."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.limits.spending.types import (
    AccountSpendingCaps,
    Amount,
    Answers,
    BilledModel,
    ModelUsage,
    Refused,
    Spent,
)
from answerdesk.accounts.types import Sender
from answerdesk.core.database import IS_SET, TENANT, Executor, tenant_of
from answerdesk.core.tenancy import AccountId, ProjectId

# The function locks the counters in one order, by all: a visitor's, a project's, the account's.
_RESERVE: Final = text(
    f"with {TENANT}, own as materialized (select plan, spending_caps from account"
    f"  where account_id = :account_id and {IS_SET})"
    " select r.* from own cross join lateral reserve_spending(:id, :project_id,"
    "  cast(:visitor_id as uuid), :model_id, :model_name, :input_tokens, :output_tokens,"
    "  cast(:money as bigint), cast(:of_project as jsonb), own.spending_caps,"
    "  cast(:of_plans as jsonb) -> own.plan) r"
)
# In the order in which reserving locks. What was reserved is taken back, what was spent is counted:
# in the periods of the reservation, which may have ended meanwhile.
_SETTLE: Final = text(
    f"with {TENANT}, gone as ("
    "  delete from spending_reservation"
    f"  where account_id = :account_id and id = :id and {IS_SET} returning *"
    "), spent as ("
    "  select *, coalesce(cast(:spent_input as bigint), input_tokens) as spent_input,"
    "   coalesce(cast(:spent_output as bigint), output_tokens) as spent_output,"
    "   case when cast(:spent_input as bigint) is null then coalesce(money, 0)"
    "    else coalesce(cast(:spent_money as bigint), 0) end as spent_money,"
    "   cast(made_at at time zone 'utc' as date) as day from gone"
    "), counters as materialized ("
    "  select s.scope, s.subject_id, s.period, s.begins from spent g cross join lateral (values"
    "   (1, 'visitor', g.visitor_id, 'day'), (2, 'visitor', g.visitor_id, 'month'),"
    "   (3, 'project', g.project_id, 'day'), (4, 'project', g.project_id, 'month'),"
    "   (5, 'account', g.account_id, 'day'), (6, 'account', g.account_id, 'month')"
    "  ) w(place, scope, subject_id, period)"
    "  join spending s on s.account_id = :account_id and s.scope = w.scope"
    "   and s.subject_id = w.subject_id and s.period = w.period"
    "   and s.begins = cast(date_trunc(w.period, cast(g.day as timestamp)) as date)"
    f"  where {IS_SET} order by w.place for update of s"
    "), counted as ("
    "  update spending s set"
    "   tokens = greatest(0, s.tokens - g.input_tokens - g.output_tokens"
    "    + g.spent_input + g.spent_output),"
    "   money = greatest(0, s.money - coalesce(g.money, 0) + g.spent_money)"
    "  from counters c, spent g where s.account_id = :account_id and s.scope = c.scope"
    "   and s.subject_id = c.subject_id and s.period = c.period and s.begins = c.begins"
    "  returning 1"
    "), used as ("
    "  insert into model_usage as u (account_id, project_id, model_id, day, model_name, answers,"
    "   input_tokens, output_tokens, money)"
    "  select g.account_id, g.project_id, coalesce(cast(:by_id as uuid), g.model_id), g.day,"
    "   coalesce(cast(:by_name as text), g.model_name), 1, g.spent_input,"
    "   g.spent_output, g.spent_money from spent g, (select count(*) from counted) first"
    "  where cast(:is_answer as boolean)"
    "  on conflict (account_id, project_id, model_id, day) do update set"
    "   model_name = excluded.model_name, answers = u.answers + 1,"
    "   input_tokens = u.input_tokens + excluded.input_tokens,"
    "   output_tokens = u.output_tokens + excluded.output_tokens,"
    "   money = u.money + excluded.money"
    ") select 1 from gone"
)
_TODAY: Final = "cast(now() at time zone 'utc' as date)"
_SPENT: Final = text(
    "select scope, subject_id, period, tokens, money from spending"
    " where account_id = :account_id and scope = any(array['account', 'project'])"
    "  and (cast(:projects as uuid[]) is null or subject_id = any(cast(:projects as uuid[])))"
    "  and begins = cast(date_trunc(period, now() at time zone 'utc') as date)"
    " order by scope, subject_id, period limit :limit"
)
_OF_DAY: Final = f"filter (where day = {_TODAY})"
_BY_MODEL: Final = text(
    "select project_id, model_id, (array_agg(model_name order by day desc))[1] as model_name,"
    + ", ".join(
        f"cast(coalesce(sum({one}) {_OF_DAY}, 0) as bigint) as day_{one},"
        f" cast(sum({one}) as bigint) as month_{one}"
        for one in ("answers", "input_tokens", "output_tokens", "money")
    )
    + " from model_usage where account_id = :account_id"
    "  and day >= cast(date_trunc('month', now() at time zone 'utc') as date)"
    "  and (cast(:projects as uuid[]) is null or project_id = any(cast(:projects as uuid[])))"
    " group by project_id, model_id order by month_money desc, month_output_tokens desc, model_id"
    " limit :limit"
)
_CAPS: Final = text("select spending_caps from account where account_id = :account_id")
_LOCK_CAPS: Final = text(f"{_CAPS.text} for update")
_SET_CAPS: Final = text(
    "update account set spending_caps = cast(:caps as jsonb) where account_id = :account_id"
)
_STALE: Final = text("select account_id, id from stale_reservations(:seconds, :limit)")
_FORGET: Final = text("select forget_spending(:limit)")


async def reserve(
    executor: Executor,
    reservation_id: UUID,
    sender: Sender,
    of: BilledModel,
    most: Amount,
    of_project: str,
    of_plans: str,
) -> Refused | None:
    """Count an amount as spent by a sender, or return the first cap that has no room for it.

    `of_project` are the project's caps, `of_plans` those of each plan, as JSON.
    """
    parameters: Mapping[str, object] = {
        "id": reservation_id,
        "project_id": sender.project_id,
        "visitor_id": sender.visitor,
        "model_id": of.id,
        "model_name": of.name,
        "input_tokens": most.input_tokens,
        "output_tokens": most.output_tokens,
        "money": most.money,
        "of_project": of_project,
        "of_plans": of_plans,
    }
    [row] = await executor.rows(_RESERVE, parameters)
    if row.scope is None:
        return None
    return Refused(row.scope, row.period, row.measure, int(row.most), row.is_first)


async def settle(
    executor: Executor,
    reservation_id: UUID,
    spent: Amount | None,
    by: BilledModel | None = None,
    *,
    is_answer: bool = True,
) -> bool:
    """Count what was spent in place of what was reserved (None: all of it).

    Return False if that was done before.
    """
    parameters: Mapping[str, object] = {
        "id": reservation_id,
        "spent_input": None if spent is None else spent.input_tokens,
        "spent_output": None if spent is None else spent.output_tokens,
        "spent_money": None if spent is None else spent.money,
        "by_id": None if by is None else by.id,
        "by_name": None if by is None else by.name,
        "is_answer": is_answer,
    }
    return bool(await executor.rows(_SETTLE, parameters))


async def spent(
    session: AsyncSession, subjects: Collection[UUID] | None, limit: int
) -> Sequence[Spent]:
    """Return what the account and its projects have spent this day and month.

    Only of `subjects`, unless it is None: projects, or the account itself.
    """
    parameters = {
        "account_id": tenant_of(session),
        "projects": None if subjects is None else list(subjects),
        "limit": limit,
    }
    rows = await session.execute(_SPENT, parameters)
    return [Spent(row.scope, row.subject_id, row.period, row.tokens, row.money) for row in rows]


async def by_model(
    session: AsyncSession, projects: Collection[ProjectId] | None, limit: int
) -> Sequence[ModelUsage]:
    """Return what each model's answers in each project cost, the most expensive first."""
    parameters = {
        "account_id": tenant_of(session),
        "projects": None if projects is None else list(projects),
        "limit": limit,
    }
    return [
        ModelUsage(
            project_id=ProjectId(row.project_id),
            model=BilledModel(row.model_id, row.model_name),
            day=Answers(
                row.day_answers, row.day_input_tokens, row.day_output_tokens, row.day_money
            ),
            month=Answers(
                row.month_answers, row.month_input_tokens, row.month_output_tokens, row.month_money
            ),
        )
        for row in await session.execute(_BY_MODEL, parameters)
    ]


async def caps(session: AsyncSession, *, lock: bool = False) -> AccountSpendingCaps:
    """Return the caps that the account's owner has set."""
    statement = _LOCK_CAPS if lock else _CAPS
    found = await session.scalar(statement, {"account_id": tenant_of(session)})
    return AccountSpendingCaps.model_validate(found or {})


async def set_caps(session: AsyncSession, caps: AccountSpendingCaps) -> None:
    parameters = {"account_id": tenant_of(session), "caps": caps.model_dump_json()}
    await session.execute(_SET_CAPS, parameters)


async def stale(
    session: AsyncSession, seconds: float, limit: int
) -> Sequence[tuple[AccountId, UUID]]:
    """Return reservations of all accounts that nobody has settled; needs no tenant."""
    rows = await session.execute(_STALE, {"seconds": seconds, "limit": limit})
    return [(AccountId(row.account_id), row.id) for row in rows]


async def forget(session: AsyncSession, limit: int) -> int:
    """Delete some of all accounts' counts of periods that ended long ago; needs no tenant.

    Return how many of one kind at most.
    """
    return int(await session.scalar(_FORGET, {"limit": limit}))

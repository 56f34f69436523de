"""Taking what a plan counts: places for things, and requests."""

import json
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.limits import repository
from answerdesk.accounts.limits.errors import LimitReached
from answerdesk.accounts.limits.types import Usage
from answerdesk.accounts.plans import CountedMetric, Feature, Plan, Plans, plans_of
from answerdesk.accounts.principal import Principal
from answerdesk.core.database import Database
from answerdesk.core.ratelimit import Taken, Window, require_taken
from answerdesk.core.tenancy import AccountId

_MINUTE: Final = 60
_HOUR: Final = 3600


async def plan_name_of(session: AsyncSession, account_id: AccountId) -> str:
    """Return the name of the plan that an account is on, which must be the session's tenant."""
    return await repository.plan_name(session, account_id)


async def plan_of(session: AsyncSession, account_id: AccountId) -> Plan:
    """Return the plan that an account is on; the session's tenant must be that account."""
    return plans_of(session)[await repository.plan_name(session, account_id)]


async def features_of(database: Database, account_id: AccountId) -> Mapping[str, bool]:
    """Return each feature and whether an account's plan has it."""
    async with database.transaction(account_id) as session:
        return (await plan_of(session, account_id)).feature_flags()


async def consume(
    session: AsyncSession, account_id: AccountId, metric: CountedMetric, n: int = 1
) -> None:
    """Make sure that `n` more of `metric` fit the account's plan, before they are added.

    What exists is counted in this transaction, under a lock by account and metric that is held
    until it ends: two at once cannot pass the last place. Raises LimitReached.
    """
    limit = (await plan_of(session, account_id)).limit(metric)
    if limit is None:
        return
    await repository.lock(session, account_id, metric)
    used = await repository.count(session, account_id, metric)
    if used + n > limit:
        raise LimitReached(metric, limit, used)


async def room(session: AsyncSession, account_id: AccountId, metric: CountedMetric) -> int | None:
    """Return how many more of `metric` fit the account's plan just now; None where none is set.

    For who adds many, one by one, and may pass the limit by a few: nobody is kept from adding.
    """
    limit = (await plan_of(session, account_id)).limit(metric)
    if limit is None:
        return None
    return max(0, limit - await repository.count(session, account_id, metric))


def rates_by_plan(plans: Plans, feature: Feature | None = None) -> str:
    """Return the request rates of each plan (that has `feature`) as JSON, by its names.

    The statement that finds a caller finds the plan, too, and counts the request against these.
    """
    rates = {
        name: [[limit, seconds] for limit, seconds in _rates(plan)]
        for name, plan in plans.by_every_name().items()
        if feature is None or plan.has(feature)
    }
    return json.dumps(rates)


async def count_for_account(
    database: Database, account_id: AccountId, name: str, rates: str
) -> tuple[str, Taken | None]:
    """Count a request of the account itself; return its plan, and the tighter window.

    `name` is the windows', `rates` what `rates_by_plan` says. Raises WindowFull.
    """
    row = await repository.count_for_account(database.single(account_id), name, rates)
    return row.plan, require_taken(row)


def windows_name(kind: str, subject: UUID) -> str:
    """Return what the windows are called that count a caller's requests."""
    return f"requests:{kind}:{subject.hex}"


async def things_usage(session: AsyncSession, account_id: AccountId) -> Sequence[Usage]:
    """Return how many things the account has of those that plans count."""
    plan = await plan_of(session, account_id)
    return [
        Usage(metric, plan.limit(metric), await repository.count(session, account_id, metric))
        for metric in repository.COUNTED
    ]


async def requests_usage(session: AsyncSession, caller: Principal) -> Sequence[Usage]:
    """Return how many requests the caller's open windows have let pass."""
    plan = await plan_of(session, caller.account_id)
    windows = {window.seconds: window for window in _request_windows(plan, caller)}
    used = await repository.requests_taken(session, [one.name for one in windows.values()])
    return [
        Usage(metric, limit, used.get(windows[seconds].name, 0) if seconds in windows else None)
        for metric, limit, seconds in (
            ("requests_per_minute", plan.requests_per_minute, _MINUTE),
            ("requests_per_hour", plan.requests_per_hour, _HOUR),
        )
    ]


def _request_windows(plan: Plan, caller: Principal) -> Sequence[Window]:
    name = windows_name(caller.kind, caller.subject)
    return [Window(f"{name}:{seconds}", limit, seconds) for limit, seconds in _rates(plan)]


def _rates(plan: Plan) -> Sequence[tuple[int, int]]:
    """Return most requests and in how many seconds, the shortest first, as all take them."""
    rates = ((plan.requests_per_minute, _MINUTE), (plan.requests_per_hour, _HOUR))
    return [(limit, seconds) for limit, seconds in rates if limit is not None]

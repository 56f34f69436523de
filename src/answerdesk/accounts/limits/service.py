"""Counts what a plan limits: things, requests, and visitors' messages.

A message is counted in the transaction that accepts it. Days and months are in UTC, by the
database's clock.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.errors import LimitReached
from answerdesk.accounts.limits import repository
from answerdesk.accounts.plans import (
    CountedMetric,
    Feature,
    MessageMetric,
    Plan,
    Plans,
    Rates,
    plans_of,
)
from answerdesk.accounts.principal import Principal
from answerdesk.accounts.types import Cap, CapReached, OwnCaps, Period, Sender, Usage
from answerdesk.core.database import Database
from answerdesk.core.dialects import Dialect
from answerdesk.core.ratelimit import Taken, Window, require_taken
from answerdesk.core.tenancy import AccountId

_MINUTE: Final = 60
_HOUR: Final = 3600


async def plan_name_of(session: AsyncSession, account_id: AccountId) -> str:
    """Return the name of the account's plan; the account must be the session's tenant."""
    return await repository.plan_name(session, account_id)


async def plan_of(session: AsyncSession, account_id: AccountId) -> Plan:
    """Return the account's plan; the account must be the session's tenant."""
    return plans_of(session)[await repository.plan_name(session, account_id)]


async def features_of(database: Database, account_id: AccountId) -> Mapping[str, bool]:
    """Return each feature and whether the account's plan includes it."""
    async with database.transaction(account_id) as session:
        return (await plan_of(session, account_id)).feature_flags()


async def consume(
    session: AsyncSession, account_id: AccountId, metric: CountedMetric, n: int = 1
) -> None:
    """Make sure that `n` more of `metric` fit the account's plan, before they are added.

    Existing things are counted in this transaction, under a lock per account and metric that is
    held until it ends, so two transactions can't both take the last place. Raises LimitReached.
    """
    limit = (await plan_of(session, account_id)).limit(metric)
    if limit is None:
        return
    await repository.lock(session, account_id, metric)
    used = await repository.count(session, account_id, metric)
    if used + n > limit:
        raise LimitReached(metric, limit, used)


async def room(session: AsyncSession, account_id: AccountId, metric: CountedMetric) -> int | None:
    """Return how many more of `metric` fit the account's plan now; None if there is no limit.

    For callers who add many things one by one and may exceed the limit slightly: nothing is locked.
    """
    limit = (await plan_of(session, account_id)).limit(metric)
    if limit is None:
        return None
    return max(0, limit - await repository.count(session, account_id, metric))


def rates_by_plan(plans: Plans, feature: Feature | None = None) -> str:
    """Return each plan's request rates as JSON, by plan name; only plans with `feature`, if given.

    The statement that finds a caller also finds the plan, and counts the request against these.
    """
    rates = {
        name: _windows(plan.rates())
        for name, plan in plans.by_every_name().items()
        if feature is None or plan.has(feature)
    }
    return json.dumps(rates)


def rates_of_dialect(plans: Plans, dialect: Dialect) -> str:
    """Return the dialect's request rates as JSON, by plan name; only plans that include it."""
    rates = {
        name: _windows(plan.rates(dialect))
        for name, plan in plans.by_every_name().items()
        if plan.speaks(dialect)
    }
    return json.dumps(rates)


async def count_for_account(
    database: Database, account_id: AccountId, name: str, rates: str
) -> tuple[str, Taken | None]:
    """Count a request of the account itself; return its plan, and the tighter window.

    `name` is the windows' name, `rates` comes from `rates_by_plan`. Raises WindowFull.
    """
    row = await repository.count_for_account(database.single(account_id), name, rates)
    return row.plan, require_taken(row)


def windows_prefix(kind: str, dialect: Dialect | None = None) -> str:
    """Return the name, up to the caller's id, of the windows that count a caller's requests."""
    return f"requests:{kind}:" if dialect is None else f"requests:{dialect}:{kind}:"


def windows_name(kind: str, subject: UUID, dialect: Dialect | None = None) -> str:
    """Return the name of the windows that count a caller's requests."""
    return f"{windows_prefix(kind, dialect)}{subject.hex}"


async def things_usage(session: AsyncSession, account_id: AccountId) -> Sequence[Usage]:
    """Return the account's use of things that plans limit."""
    plan = await plan_of(session, account_id)
    return [
        Usage(metric, plan.limit(metric), await repository.count(session, account_id, metric))
        for metric in repository.COUNTED
    ]


async def requests_usage(session: AsyncSession, caller: Principal) -> Sequence[Usage]:
    """Return how many requests the caller's open windows have counted."""
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
    windows = _windows(plan.rates())
    return [Window(f"{name}:{seconds}", limit, seconds) for limit, seconds in windows]


def _windows(rates: Rates) -> Sequence[tuple[int, int]]:
    """Return (maximum requests, seconds) pairs, shortest first: all callers lock in this order."""
    windows = ((rates.requests_per_minute, _MINUTE), (rates.requests_per_hour, _HOUR))
    return [(limit, seconds) for limit, seconds in windows if limit is not None]


async def count_message(session: AsyncSession, sender: Sender, own: OwnCaps) -> CapReached | None:
    """Count a message against every cap that applies, or against none if one is reached.

    The session's tenant must be the sender's account. Only what has a cap is counted. The counts
    are locked until the transaction ends, so two transactions can't both take the last place. Call
    this after everything else that others may wait for.
    """
    caps = caps_of(await plan_of(session, sender.account_id), sender, own)
    if not caps:
        return None
    taken = await repository.take_messages(session, caps)
    full = [cap for cap in caps if cap.metric not in taken]
    if not full:
        return None
    await repository.give_messages_back(session, [cap for cap in caps if cap.metric in taken])
    return CapReached(full[0], await repository.mark_cap_told(session, full[0]))


TAKE_IN: Final = repository.TAKE_IN
"""Part of a statement that counts a message if `source` has a row, whose `id` is the visitor's.

Its parameters are `cap_parameters`; `caps_taken` has the `scope` of each cap that had room. If any
had none, the caller must give the others back.
"""


def cap_parameters(caps: Sequence[Cap]) -> dict[str, Any]:
    return {
        "cap_scopes": [cap.metric for cap in caps],
        "cap_subjects": [cap.subject_id for cap in caps],
        "cap_periods": [cap.period for cap in caps],
        "cap_limits": [cap.limit for cap in caps],
    }


async def give_back(session: AsyncSession, caps: Sequence[Cap]) -> None:
    """Undo the counting of a message against these caps, because another cap refused it."""
    await repository.give_messages_back(session, caps)


async def messages_usage(session: AsyncSession, account_id: AccountId) -> Sequence[Usage]:
    """Return how much of its plan's message limits the account's visitors have used.

    Messages without a limit are not counted.
    """
    plan = await plan_of(session, account_id)
    whole: tuple[tuple[MessageMetric, Period], ...] = (
        ("daily_messages", "day"),
        ("monthly_messages", "month"),
    )
    caps = [
        Cap(metric, account_id, period, limit)
        for metric, period in whole
        if (limit := plan.limit(metric)) is not None
    ]
    sent = await repository.messages_sent(session, caps) if caps else {}
    return [Usage(metric, plan.limit(metric), sent.get(metric)) for metric, _ in whole]


def caps_of(plan: Plan, sender: Sender, own: OwnCaps) -> Sequence[Cap]:
    """Return the caps that apply, in the one order that everybody locks them in: no deadlocks."""
    limits: tuple[tuple[MessageMetric, UUID | None, Period, int | None], ...] = (
        (
            "daily_messages_per_visitor",
            sender.visitor,
            "day",
            least(plan.daily_messages_per_visitor, own.per_visitor_per_day),
        ),
        (
            "daily_messages_per_project",
            sender.project_id,
            "day",
            least(plan.daily_messages_per_project, own.per_day),
        ),
        ("daily_messages", sender.account_id, "day", plan.daily_messages),
        ("monthly_messages", sender.account_id, "month", plan.monthly_messages),
    )
    return [
        Cap(metric, subject_id, period, limit)
        for metric, subject_id, period, limit in limits
        if limit is not None
    ]


def least(*limits: int | None) -> int | None:
    """Return the smallest of several limits, of which None means no limit."""
    return min((limit for limit in limits if limit is not None), default=None)

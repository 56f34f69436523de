"""How many messages visitors may send that we answer, counted in the transaction that accepts one.

Days and months are those of UTC, on the database's clock.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.limits import repository
from answerdesk.accounts.limits.service import plan_of
from answerdesk.accounts.limits.types import Cap, CapReached, OwnCaps, Period, Sender, Usage
from answerdesk.accounts.plans import MessageMetric, Plan
from answerdesk.core.tenancy import AccountId


async def count_message(session: AsyncSession, sender: Sender, own: OwnCaps) -> CapReached | None:
    """Count a message against every cap that holds for it, or against none if one is reached.

    The session's tenant must be the sender's account. Counts only what has a cap. The counts are
    held until the transaction ends, so that two at once cannot pass the last place: count last
    among what others wait for.
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
"""Part of a statement that counts a message, if `source` has a row, whose `id` is the visitor's.

Its parameters are `cap_parameters`; `caps_taken` has the `scope` of each cap that had room. Where
one had none, the others are to be given back.
"""


def cap_parameters(caps: Sequence[Cap]) -> dict[str, Any]:
    """Return the parameters of TAKE_IN."""
    return {
        "cap_scopes": [cap.metric for cap in caps],
        "cap_subjects": [cap.subject_id for cap in caps],
        "cap_periods": [cap.period for cap in caps],
        "cap_limits": [cap.limit for cap in caps],
    }


async def give_back(session: AsyncSession, caps: Sequence[Cap]) -> None:
    """Take back what was counted against these caps, of a message that another one refused."""
    await repository.give_messages_back(session, caps)


async def messages_usage(session: AsyncSession, account_id: AccountId) -> Sequence[Usage]:
    """Return what the account's visitors have sent of what its plan allows.

    Messages that nothing limits are not counted.
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
    """Return the caps that hold, in the order in which everybody takes them: nobody deadlocks."""
    limits: tuple[tuple[MessageMetric, UUID | None, Period, int | None], ...] = (
        (
            "daily_messages_per_visitor",
            sender.visitor,
            "day",
            _least(plan.daily_messages_per_visitor, own.per_visitor_per_day),
        ),
        (
            "daily_messages_per_project",
            sender.project_id,
            "day",
            _least(plan.daily_messages_per_project, own.per_day),
        ),
        ("daily_messages", sender.account_id, "day", plan.daily_messages),
        ("monthly_messages", sender.account_id, "month", plan.monthly_messages),
    )
    return [
        Cap(metric, subject_id, period, limit)
        for metric, subject_id, period, limit in limits
        if limit is not None
    ]


def _least(*limits: int | None) -> int | None:
    return min((limit for limit in limits if limit is not None), default=None)

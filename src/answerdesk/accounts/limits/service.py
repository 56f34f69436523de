"""Taking places that a plan counts."""

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.limits import repository
from answerdesk.accounts.limits.errors import LimitReached
from answerdesk.accounts.plans import CountedMetric, plans_of
from answerdesk.core.tenancy import AccountId


async def consume(
    session: AsyncSession, account_id: AccountId, metric: CountedMetric, n: int = 1
) -> None:
    """Make sure that `n` more of `metric` fit the account's plan, before they are added.

    What exists is counted in this transaction, under a lock by account and metric that is held
    until it ends: two at once cannot pass the last place. Raises LimitReached.
    """
    plan = plans_of(session)[await repository.plan_name(session, account_id)]
    limit = plan.limit(metric)
    if limit is None:
        return
    await repository.lock(session, account_id, metric)
    used = await repository.count(session, account_id, metric)
    if used + n > limit:
        raise LimitReached(metric, limit, used)

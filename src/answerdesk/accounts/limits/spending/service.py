"""Reserves what an answer may cost before a model is asked, and settles what it did cost.

What is reserved counts as spent. So the caps hold however many answers are written at the same
time, and a crash makes nobody spend more: its reservation stays counted, since the provider may
have billed it. Days and months are in UTC, by the database's clock.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.audit import record_audit
from answerdesk.accounts.limits.service import least, plan_of
from answerdesk.accounts.limits.spending import repository
from answerdesk.accounts.limits.spending.types import (
    AccountSpendingCaps,
    Amount,
    BilledModel,
    ModelUsage,
    ProjectSpendingCaps,
    Refused,
    Reservation,
    SpendingCap,
    Spent,
)
from answerdesk.accounts.plans import plans_in
from answerdesk.accounts.principal import Principal
from answerdesk.accounts.types import ACCOUNT_PREFIX, Sender, Usage
from answerdesk.core import faults
from answerdesk.core.database import Database
from answerdesk.core.errors import InvalidInput
from answerdesk.core.tenancy import AccountId, ProjectId, new_id, public_id
from answerdesk.kit.merge_patch import merge_patch

_MOST_MODELS: Final = 500
_MOST_PROJECTS: Final = 400


class Budget:
    """Counts what answers cost, each time in a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._of_plans = json.dumps(
            {
                name: {"daily_tokens": plan.daily_tokens, "monthly_tokens": plan.monthly_tokens}
                for name, plan in plans_in(database).by_every_name().items()
            }
        )

    async def reserve(
        self, sender: Sender, own: ProjectSpendingCaps, of: BilledModel, most: Amount
    ) -> Reservation | Refused:
        """Count the most that an answer can cost against every cap that applies, or against none.

        `own` are the caps of the sender's project. Ask the model only with a Reservation, and then
        settle or release it: it is settled in full after ten minutes.
        """
        reservation = Reservation(sender.account_id, new_id())
        executor = self._database.single(sender.account_id)
        refused = await repository.reserve(
            executor, reservation.id, sender, of, most, own.model_dump_json(), self._of_plans
        )
        return reservation if refused is None else refused

    async def settle(
        self, reservation: Reservation, spent: Amount | None, by: BilledModel | None = None
    ) -> bool:
        """Count what an answer cost in place of what was reserved.

        `by` is the model that answered, unless it is the one that was reserved for. Without
        `spent`, nobody knows what it cost: then it is what was reserved. Settling again changes
        nothing and returns False.
        """
        executor = self._database.single(reservation.account_id)
        return await repository.settle(executor, reservation.id, spent, by)

    async def release(self, reservation: Reservation) -> bool:
        """Give back what was reserved for an answer that cost nothing."""
        executor = self._database.single(reservation.account_id)
        return await repository.settle(executor, reservation.id, Amount(0, 0, 0), is_answer=False)

    async def settle_stale(self, seconds: float, limit: int) -> int:
        """Settle, in full, some reservations that are older; return how many there were."""
        async with self._database.transaction(None) as session:
            found = await repository.stale(session, seconds, limit)
        for account_id, reservation_id in found:
            await self.settle(Reservation(account_id, reservation_id), None)
        return len(found)


async def usage_by_model(
    session: AsyncSession, projects: Collection[ProjectId] | None
) -> Sequence[ModelUsage]:
    """Return what each model cost in each of these projects (None: in all) this day and month."""
    return await repository.by_model(session, projects, _MOST_MODELS)


async def spent_by_projects(
    session: AsyncSession, projects: Collection[ProjectId] | None
) -> Sequence[Spent]:
    """Return what these projects (None: all) and, for None, the account have spent."""
    return await repository.spent(session, projects, _MOST_PROJECTS)


async def account_caps(session: AsyncSession, account_id: AccountId) -> AccountSpendingCaps:
    """Return the caps that hold for the account as a whole: the owner's, and those of its plan."""
    plan = await plan_of(session, account_id)
    own = await repository.caps(session)
    return AccountSpendingCaps(
        per_day=_capped(own.per_day, plan.daily_tokens),
        per_month=_capped(own.per_month, plan.monthly_tokens),
    )


async def own_caps(session: AsyncSession) -> AccountSpendingCaps:
    """Return the caps that the account's owner has set."""
    return await repository.caps(session)


async def change_caps(
    session: AsyncSession, caller: Principal, patch: Mapping[str, Any] | None
) -> None:
    """Change the account's caps by a merge patch, or (None) remove all; raises InvalidInput."""
    before = await repository.caps(session, lock=True)
    try:
        after = AccountSpendingCaps.model_validate(
            {} if patch is None else merge_patch(before.model_dump(), patch)
        )
    except ValidationError as error:
        told = faults.describe(error.errors(), within="spending_caps", model=AccountSpendingCaps)
        raise InvalidInput(told) from error
    if after == before:
        return
    await repository.set_caps(session, after)
    target = public_id(ACCOUNT_PREFIX, caller.account_id)
    detail = {"spending_caps": after.model_dump()}
    await record_audit(session, caller, "account.spending_caps_changed", "account", target, detail)


async def spending_usage(session: AsyncSession, account_id: AccountId) -> Sequence[Usage]:
    """Return what the account's language models cost this day and month, and its caps."""
    caps = await account_caps(session, account_id)
    found = {one.period: one for one in await repository.spent(session, [account_id], 2)}
    usage: list[Usage] = []
    for name, cap, spent in (
        ("daily", caps.per_day, found.get("day")),
        ("monthly", caps.per_month, found.get("month")),
    ):
        usage.append(Usage(f"{name}_tokens", cap.tokens, 0 if spent is None else spent.tokens))
        usage.append(Usage(f"{name}_money", cap.money, 0 if spent is None else spent.money))
    return usage


def _capped(own: SpendingCap, of_plan: int | None) -> SpendingCap:
    return SpendingCap(tokens=least(own.tokens, of_plan), money=own.money)

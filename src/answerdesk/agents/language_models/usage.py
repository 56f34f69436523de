"""What language models cost this day and month, beside the caps on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.limits.spending.service import (
    account_caps,
    spent_by_projects,
    usage_by_model,
)
from answerdesk.accounts.limits.spending.types import (
    AccountSpendingCaps,
    ModelUsage,
    SpendingCap,
    Spent,
)
from answerdesk.accounts.principal import Principal
from answerdesk.accounts.types import Period
from answerdesk.agents.language_models import repository
from answerdesk.core.tenancy import ProjectId
from answerdesk.projects.service import list_after

_MOST_PROJECTS: Final = 200


@dataclass(frozen=True, slots=True)
class Counted:
    """What was spent in a period, and the most that may be."""

    tokens: int
    money: int
    cap: SpendingCap


@dataclass(frozen=True, slots=True)
class Spending:
    """What the account (`project_id` None) or a project has spent."""

    project_id: ProjectId | None
    day: Counted
    month: Counted


@dataclass(frozen=True, slots=True)
class SpendingReport:
    """What a caller may know of the account's spending; `account` is None for keys of projects."""

    currency: str | None
    account: Spending | None
    projects: Sequence[Spending]
    models: Sequence[ModelUsage]


_Found = Mapping[tuple[UUID, Period], Spent]


async def report(session: AsyncSession, caller: Principal) -> SpendingReport:
    """Return what the account's language models cost, as far as the caller reaches."""
    projects = await list_after(session, caller.projects, None, _MOST_PROJECTS)
    only = None if caller.projects is None else [one.id for one in projects]
    spent = await spent_by_projects(session, only)
    found = {(one.subject_id, one.period): one for one in spent}
    account = None
    if caller.projects is None:
        caps = await account_caps(session, caller.account_id)
        account = _spending(None, caller.account_id, found, caps)
    priced = await repository.list_after(session, caller.projects, None, _MOST_PROJECTS)
    currencies = (one.settings.currency for one in priced)
    return SpendingReport(
        currency=next((one for one in currencies if one is not None), None),
        account=account,
        projects=[_spending(one.id, one.id, found, one.settings.spending_caps) for one in projects],
        models=await usage_by_model(session, only),
    )


def _spending(
    project_id: ProjectId | None, subject_id: UUID, found: _Found, caps: AccountSpendingCaps
) -> Spending:
    def counted(period: Period, cap: SpendingCap) -> Counted:
        one = found.get((subject_id, period))
        return Counted(0, 0, cap) if one is None else Counted(one.tokens, one.money, cap)

    return Spending(project_id, counted("day", caps.per_day), counted("month", caps.per_month))

"""The native API of what an account uses of its plan."""

from typing import Annotated

from fastapi import APIRouter

from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.limits.messages import messages_usage
from answerdesk.accounts.limits.schemas import AccountUsage, UsageOut
from answerdesk.accounts.limits.service import (
    plan_name_of,
    plan_of,
    requests_usage,
    things_usage,
)
from answerdesk.accounts.principal import Principal
from answerdesk.core.web.dependencies import DatabaseOf

router = APIRouter(prefix="/v1/account", tags=["account"])


@router.get("/usage")
async def show_usage(
    caller: Annotated[Principal, needs("account:read")], database: DatabaseOf
) -> AccountUsage:
    """Show what the account's plan allows, and what is used of it."""
    account_id = caller.account_id
    async with database.transaction(account_id) as session:
        plan = await plan_of(session, account_id)
        return AccountUsage(
            plan=await plan_name_of(session, account_id),
            features=dict(plan.feature_flags()),
            things=[UsageOut.of(one) for one in await things_usage(session, account_id)],
            messages=[UsageOut.of(one) for one in await messages_usage(session, account_id)],
            requests=[UsageOut.of(one) for one in await requests_usage(session, caller)],
        )

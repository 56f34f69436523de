"""The native API of the caller, the account, and its use of the plan."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from fastapi import APIRouter
from pydantic import BaseModel, Field

from answerdesk.accounts.dependencies import Caller, needs
from answerdesk.accounts.email_changes.service import open_change
from answerdesk.accounts.endpoints.dependencies import PeopleOf
from answerdesk.accounts.endpoints.email_changes import EmailChangeOut
from answerdesk.accounts.endpoints.schemas import (
    AccountBrief,
    AccountName,
    PersonName,
    RequestBody,
    UserOut,
)
from answerdesk.accounts.limits.service import (
    messages_usage,
    plan_name_of,
    plan_of,
    requests_usage,
    things_usage,
)
from answerdesk.accounts.limits.spending.service import change_caps, own_caps, spending_usage
from answerdesk.accounts.limits.spending.types import AccountSpendingCaps
from answerdesk.accounts.members.service import person_of
from answerdesk.accounts.principal import Principal, Role
from answerdesk.accounts.service import get_account, rename_account
from answerdesk.accounts.types import (
    ACCOUNT_PREFIX,
    USER_PREFIX,
    Account,
    EmailChange,
    Usage,
    UserAccount,
)
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import UserId, public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.openapi import problems


class UsageOut(BaseModel):
    """Use of one limit in the plans file, or of a cap that the owner has set."""

    metric: str
    limit: int | None = Field(description="Null means no limit.")
    used: int | None = Field(description="Null if there is no limit and so nothing is counted.")

    @classmethod
    def of(cls, usage: Usage) -> Self:
        return cls(metric=usage.metric, limit=usage.limit, used=usage.used)


class AccountUsage(BaseModel):
    """The account's plan, and how much of it is used."""

    plan: str
    features: dict[str, bool]
    things: list[UsageOut] = Field(description="What the account has; over the limit: 403.")
    messages: list[UsageOut] = Field(description="Visitors' messages of this day and month (UTC).")
    requests: list[UsageOut] = Field(description="The caller's requests; over the limit: 429.")
    spending: list[UsageOut] = Field(
        description="What language models cost this day and month (UTC), in tokens and in "
        "millionths of the currency; over the limit no model is called."
    )


class MyAccount(BaseModel):
    """An account that the caller is a member of."""

    id: str
    name: str
    role: Role
    suspended: bool

    @classmethod
    def of(cls, account: UserAccount) -> "MyAccount":
        return cls(
            id=public_id(ACCOUNT_PREFIX, account.account_id),
            name=account.name,
            role=account.role,
            suspended=account.suspended,
        )


class Me(BaseModel):
    """The caller (a person, an API key or the owner's key) and what it may do."""

    kind: Literal["user", "api_key", "owner_key"]
    user: UserOut | None
    account: AccountBrief
    role: Role | None = Field(description="Null for an API key, which only has scopes.")
    scopes: list[str]
    projects: list[str] | None = Field(description="The only reachable projects; null for all.")
    accounts: list[MyAccount] = Field(description="All accounts that the person is a member of.")
    email_change: EmailChangeOut | None = Field(
        description="The person's change of the e-mail address that waits to be confirmed."
    )


class MeIn(RequestBody):
    """Changes to the caller's own person; omitted fields stay unchanged."""

    name: PersonName | None = Field(
        default=None, description="What colleagues see; if it is empty, the e-mail address."
    )


class AccountIn(RequestBody):
    """Changes to the account; omitted fields stay unchanged."""

    name: AccountName = ""
    spending_caps: dict[str, Any] | None = Field(
        default=None,
        description="What language models may cost, as a JSON merge patch: `per_day` and "
        "`per_month`, each with `tokens` and `money`; null removes a cap.",
    )


class AccountOut(BaseModel):
    """An account."""

    id: str
    name: str
    plan: str
    suspended: bool
    created_at: datetime
    trial_ends_at: datetime | None = Field(
        description="Set if the plan was chosen when signing up; nothing is taken away then."
    )
    spending_caps: AccountSpendingCaps

    @classmethod
    def of(cls, account: Account, caps: AccountSpendingCaps) -> "AccountOut":
        return cls(
            id=public_id(ACCOUNT_PREFIX, account.id),
            name=account.name,
            plan=account.plan,
            suspended=account.suspended,
            created_at=account.created_at,
            trial_ends_at=account.trial_ends_at,
            spending_caps=caps,
        )


def make_router(settings: Settings) -> APIRouter:
    router = APIRouter(
        prefix="/v1", tags=["account"], route_class=bounded_route(settings.max_json_bytes)
    )
    router.add_api_route("/me", show_me)
    router.add_api_route("/me", change_me, methods=["PATCH"])
    router.add_api_route("/account", show_account, responses=problems(404))
    router.add_api_route("/account", change_account, methods=["PATCH"], responses=problems(404))
    return router


async def show_me(caller: Caller, people: PeopleOf) -> Me:
    """Show the caller, in which account it acts, and what it may do there."""
    user: UserOut | None = None
    accounts: list[MyAccount] = []
    change: EmailChange | None = None
    user_id = UserId(caller.subject) if caller.kind == "user" else None
    async with people.database.transaction(caller.account_id, user_id=user_id) as session:
        account = await get_account(session)
        if user_id is not None:
            change = await open_change(session, user_id)
            member = await person_of(session, caller)
            user = UserOut(
                id=public_id(USER_PREFIX, member.user_id), email=member.email, name=member.name
            )
    if user_id is not None:
        accounts = [MyAccount.of(one) for one in await people.accounts_of(user_id)]
    return Me(
        kind=caller.kind,
        user=user,
        account=AccountBrief(
            id=public_id(ACCOUNT_PREFIX, account.id), name=account.name, plan=account.plan
        ),
        role=None if caller.kind == "api_key" else caller.role,
        scopes=sorted(caller.scopes),
        projects=None
        if caller.projects is None
        else sorted(public_id("proj", one) for one in caller.projects),
        accounts=accounts,
        email_change=None if change is None else EmailChangeOut.of(change),
    )


async def change_me(body: MeIn, caller: Caller, people: PeopleOf) -> Me:
    """Change the caller's own name, in all their accounts. For people only."""
    caller.require_person()
    if body.name is not None:
        await people.rename(caller, body.name)
    return await show_me(caller, people)


async def show_account(
    caller: Annotated[Principal, needs("account:read")], database: DatabaseOf
) -> AccountOut:
    """Show the account."""
    async with database.transaction(caller.account_id) as session:
        return AccountOut.of(await get_account(session), await own_caps(session))


async def change_account(
    body: AccountIn, caller: Annotated[Principal, needs("account:write")], database: DatabaseOf
) -> AccountOut:
    """Rename the account, or change its spending caps."""
    given = body.model_fields_set
    async with database.transaction(caller.account_id) as session:
        if "name" in given:
            await rename_account(session, caller, body.name)
        if "spending_caps" in given:
            await change_caps(session, caller, body.spending_caps)
        return AccountOut.of(await get_account(session), await own_caps(session))


usage_router = APIRouter(prefix="/v1/account", tags=["account"])


@usage_router.get("/usage")
async def show_usage(
    caller: Annotated[Principal, needs("account:read")], database: DatabaseOf
) -> AccountUsage:
    """Show what the account's plan allows, and how much of it is used."""
    account_id = caller.account_id
    async with database.transaction(account_id) as session:
        plan = await plan_of(session, account_id)
        return AccountUsage(
            plan=await plan_name_of(session, account_id),
            features=dict(plan.feature_flags()),
            things=[UsageOut.of(one) for one in await things_usage(session, account_id)],
            messages=[UsageOut.of(one) for one in await messages_usage(session, account_id)],
            requests=[UsageOut.of(one) for one in await requests_usage(session, caller)],
            spending=[UsageOut.of(one) for one in await spending_usage(session, account_id)],
        )

"""The native API of whoever calls, and of the account."""

from typing import Annotated

from fastapi import APIRouter

from answerdesk.accounts.dependencies import Caller, needs
from answerdesk.accounts.endpoints.parts import PeopleOf
from answerdesk.accounts.endpoints.schemas import (
    AccountBrief,
    AccountIn,
    AccountOut,
    Me,
    MyAccount,
    UserOut,
)
from answerdesk.accounts.members.service import person_of
from answerdesk.accounts.principal import Principal
from answerdesk.accounts.service import get_account, rename_account
from answerdesk.accounts.types import ACCOUNT_PREFIX, USER_PREFIX
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import UserId, public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.openapi import problems


def make_router(settings: Settings) -> APIRouter:
    """Return the routes, which read bodies of at most `max_json_bytes`."""
    router = APIRouter(
        prefix="/v1", tags=["account"], route_class=bounded_route(settings.max_json_bytes)
    )
    router.add_api_route("/me", show_me)
    router.add_api_route("/account", show_account, responses=problems(404))
    router.add_api_route("/account", change_account, methods=["PATCH"], responses=problems(404))
    return router


async def show_me(caller: Caller, people: PeopleOf) -> Me:
    """Show who calls, in which account, and what that may do there."""
    user: UserOut | None = None
    accounts: list[MyAccount] = []
    async with people.database.transaction(caller.account_id) as session:
        account = await get_account(session)
        if caller.kind == "user":
            member = await person_of(session, caller)
            user = UserOut(
                id=public_id(USER_PREFIX, member.user_id), email=member.email, name=member.name
            )
    if caller.kind == "user":
        accounts = [MyAccount.of(one) for one in await people.accounts_of(UserId(caller.subject))]
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
    )


async def show_account(
    caller: Annotated[Principal, needs("account:read")], database: DatabaseOf
) -> AccountOut:
    """Show the account."""
    async with database.transaction(caller.account_id) as session:
        return AccountOut.of(await get_account(session))


async def change_account(
    body: AccountIn, caller: Annotated[Principal, needs("account:write")], database: DatabaseOf
) -> AccountOut:
    """Give the account another name."""
    async with database.transaction(caller.account_id) as session:
        return AccountOut.of(await rename_account(session, caller, body.name))

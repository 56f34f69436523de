"""Nova Chat's registration and log-in."""

from typing import Final

from fastapi import APIRouter, Response, status

from answerdesk.accounts.endpoints.dependencies import ClientOf, PeopleOf, SignUpOf
from answerdesk.accounts.service import get_account
from answerdesk.accounts.sessions.service import principal_of_log_in
from answerdesk.accounts.sessions.types import DAY_SECONDS, LogIn
from answerdesk.accounts.signup import Newcomer
from answerdesk.accounts.users.email import parse_email
from answerdesk.accounts.users.service import Credentials
from answerdesk.core.settings import Settings
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.dialects.novachat.dependencies import Numbers, Workspace
from answerdesk.dialects.novachat.schemas import (
    ERRORS,
    AccountIn,
    AccountOut,
    LoggedIn,
    LogInIn,
    Registered,
    UserOut,
)
from answerdesk.kit.instants import instant

_OFFERED: Final = ("starter",)
"""Plans that anybody may choose here."""


def make_router(settings: Settings) -> APIRouter:
    """Make the routes; bodies have at most `max_json_bytes`."""
    router = APIRouter(
        prefix="/nc-api/v1",
        route_class=bounded_route(settings.max_json_bytes),
        responses=ERRORS,
    )
    router.add_api_route(
        "/accounts", register, methods=["POST"], status_code=status.HTTP_201_CREATED
    )
    router.add_api_route("/auth/login", log_in, methods=["POST"])
    return router


async def register(
    body: AccountIn,
    signing_up: SignUpOf,
    client: ClientOf,
    database: DatabaseOf,
    response: Response,
) -> Registered:
    """Register an account with its first person; it begins with a project and an agent."""
    newcomer = Newcomer(
        parse_email(body.email), body.password, account_name=body.name.strip(), plan=body.plan
    )
    begun = await signing_up.sign_up(newcomer, client, offered=_OFFERED, access_seconds=DAY_SECONDS)
    await Workspace(principal_of_log_in(begun, client), database).own_project()
    numbers = Numbers(database, begun.account_id)
    number = await numbers.of_one("account", begun.account_id)
    async with database.transaction(begun.account_id) as session:
        account = await get_account(session)
    response.headers["Cache-Control"] = "no-store"
    return Registered(
        account=AccountOut(id=number, name=account.name, plan=account.plan),
        user=await _user(numbers, begun),
        token=begun.access_token,
        trial_ends_at=None if account.trial_ends_at is None else instant(account.trial_ends_at),
    )


async def log_in(
    body: LogInIn, people: PeopleOf, client: ClientOf, database: DatabaseOf, response: Response
) -> LoggedIn:
    """Log in; the token is valid for 24 hours."""
    given = Credentials(parse_email(body.email), body.password)
    begun = await people.log_in(given, None, client, access_seconds=DAY_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    user = await _user(Numbers(database, begun.account_id), begun)
    return LoggedIn(token=begun.access_token, user=user)


async def _user(numbers: Numbers, begun: LogIn) -> UserOut:
    return UserOut(id=await numbers.of_one("user", begun.user_id), email=begun.email)

"""The native API for signing up, logging in and out, passwords and confirmed addresses."""

from typing import Final

from fastapi import APIRouter, Request, status

from answerdesk.accounts.dependencies import Caller, principal_of
from answerdesk.accounts.email_changes import service as email_changes
from answerdesk.accounts.endpoints.dependencies import (
    ClientOf,
    CookieOf,
    InstallationOf,
    PeopleOf,
    PostOf,
    SignUpOf,
)
from answerdesk.accounts.endpoints.email_changes import EmailConfirmed, EmailConfirmIn
from answerdesk.accounts.endpoints.invitations import AcceptIn, InvitationSeen, InvitationTokenIn
from answerdesk.accounts.endpoints.schemas import (
    LogInIn,
    LogOutIn,
    PasswordIn,
    PasswordSet,
    RefreshIn,
    ResetIn,
    ResetRequested,
    ResetRequestIn,
    SignUpIn,
    SwitchIn,
    Tokens,
)
from answerdesk.accounts.invitations import service as invitations
from answerdesk.accounts.service import get_account
from answerdesk.accounts.sessions import service as sessions
from answerdesk.accounts.sessions.types import EVERY_TIME, SHARED
from answerdesk.accounts.signup import Newcomer
from answerdesk.accounts.types import ACCOUNT_PREFIX
from answerdesk.accounts.users import reset
from answerdesk.accounts.users.attempts import count_attempt
from answerdesk.accounts.users.email import parse_email
from answerdesk.accounts.users.service import Credentials, account_not_found
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import AccountId, parse_public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.openapi import problems

_PREFIX: Final = "/v1/auth"


def make_router(settings: Settings) -> APIRouter:
    router = APIRouter(
        prefix=_PREFIX, tags=["auth"], route_class=bounded_route(settings.max_json_bytes)
    )
    created, nothing = status.HTTP_201_CREATED, status.HTTP_204_NO_CONTENT
    post = ["POST"]
    refused = problems(401, 403, 404, 409, 429)
    router.add_api_route("/signup", sign_up, methods=post, status_code=created, responses=refused)
    router.add_api_route(
        "/accept-invitation",
        accept_invitation,
        methods=post,
        status_code=created,
        responses=refused,
    )
    router.add_api_route(
        "/invitation", look_at_invitation, methods=post, responses=problems(404, 429)
    )
    router.add_api_route("/login", log_in, methods=post, responses=problems(401, 403, 404, 429))
    router.add_api_route("/refresh", refresh_tokens, methods=post, responses=problems(401, 403))
    router.add_api_route(
        "/logout",
        log_out,
        methods=post,
        status_code=nothing,
        responses=problems(401, 403, 429),
    )
    router.add_api_route("/switch", switch_account, methods=post, responses=problems(404))
    router.add_api_route(
        "/reset-request",
        request_password_reset,
        methods=post,
        status_code=status.HTTP_202_ACCEPTED,
        responses=problems(429),
    )
    router.add_api_route("/reset", reset_password, methods=post, responses=problems(429))
    router.add_api_route("/password", change_password, methods=post, responses=problems(409))
    router.add_api_route(
        "/confirm-email", confirm_email, methods=post, responses=problems(409, 429)
    )
    return router


async def sign_up(
    body: SignUpIn, signing_up: SignUpOf, client: ClientOf, cookie: CookieOf
) -> Tokens:
    """Sign up and log in, by default with a new account.

    With `owner_key`, the person becomes the first owner of the installation's account; with
    `invitation`, a member of the inviting account. In both cases a known address needs its
    existing password.
    """
    if body.cookie:
        cookie.require_own_page()
    email = parse_email(body.email)
    newcomer = Newcomer(email, body.password, body.name.strip(), body.account_name, body.plan)
    if body.invitation is not None:
        made = await signing_up.accept(
            body.invitation, body.password, newcomer.name, client, claimed=email
        )
    elif body.owner_key is not None:
        made = await signing_up.claim(newcomer, body.owner_key, client)
    else:
        made = await signing_up.sign_up(newcomer, client)
    return cookie.tell(made, kept=body.cookie)


async def accept_invitation(
    body: AcceptIn, signing_up: SignUpOf, client: ClientOf, cookie: CookieOf
) -> Tokens:
    """Accept an invitation and log in, with a new password or the existing one."""
    if body.cookie:
        cookie.require_own_page()
    accepted = await signing_up.accept(body.invitation, body.password, body.name.strip(), client)
    return cookie.tell(accepted, kept=body.cookie)


async def look_at_invitation(
    body: InvitationTokenIn, people: PeopleOf, client: ClientOf
) -> InvitationSeen:
    """Show what an invitation is for, to anybody who has its token."""
    await count_attempt(people.database, people.limits, "token", client.address)
    account_id, invitation = await invitations.find(people.database, body.invitation)
    async with people.database.transaction(account_id) as session:
        account = await get_account(session)
    return InvitationSeen(
        account_name=account.name,
        email=invitation.email,
        role=invitation.role,
        expires_at=invitation.expires_at,
    )


async def log_in(body: LogInIn, people: PeopleOf, client: ClientOf, cookie: CookieOf) -> Tokens:
    """Log in with an e-mail address and a password."""
    if body.cookie:
        cookie.require_own_page()
    wanted = None if body.account_id is None else _account_id(body.account_id)
    given = Credentials(parse_email(body.email), body.password)
    return cookie.tell(await people.log_in(given, wanted, client), kept=body.cookie)


async def refresh_tokens(
    body: RefreshIn, database: DatabaseOf, client: ClientOf, cookie: CookieOf
) -> Tokens:
    """Exchange a refresh token for new tokens; this uses it up.

    If the response was lost, the same request may be repeated within seconds. Using an older token
    ends the log-in, because somebody else has a copy. The cookie's token, which all tabs share, is
    replaced at most every ten minutes, and stays valid for one more minute.
    """
    token = cookie.token() if body.refresh_token is None else body.refresh_token
    rotation = SHARED if body.cookie else EVERY_TIME
    log_in = await sessions.refresh_log_in(database, token, client, rotation)
    return cookie.tell(log_in, kept=body.cookie, before=token)


async def log_out(
    body: LogOutIn, request: Request, database: DatabaseOf, client: ClientOf, cookie: CookieOf
) -> None:
    """End a log-in, including its access tokens: the refresh token's, or the caller's own.

    A refresh token whose log-in has already ended is not an error. With `everywhere`, all log-ins
    of the person end.
    """
    if body.refresh_token is not None:
        await sessions.end(database, body.refresh_token, client)
        return
    if body.cookie:
        cookie.require_own_page()
    caller = await principal_of(request)
    if body.everywhere:
        await sessions.end_everywhere(database, caller)
    else:
        await sessions.end_own(database, caller)
    if body.cookie:
        cookie.clear()


async def switch_account(
    body: SwitchIn, caller: Caller, people: PeopleOf, client: ClientOf, cookie: CookieOf
) -> Tokens:
    """Log in to another account that the person is a member of; the present log-in continues."""
    if body.cookie:
        cookie.require_own_page()
    other = await people.switch(caller, _account_id(body.account_id), client)
    return cookie.tell(other, kept=body.cookie)


async def request_password_reset(
    body: ResetRequestIn,
    people: PeopleOf,
    client: ClientOf,
    post: PostOf,
    installation: InstallationOf,
) -> ResetRequested:
    """Request a mailed link to set a new password. The response is the same for any address."""
    await reset.request_letter(people, parse_email(body.email), installation, client)
    return ResetRequested(mailed=post.kept_in is None, message=post.reset_note())


async def reset_password(body: ResetIn, people: PeopleOf, client: ClientOf) -> PasswordSet:
    """Set a new password with the token of a mailed link. This ends all log-ins of the person.

    The API keys that the person created keep working unless `revoke_keys` is set; the response
    lists the working ones.
    """
    return PasswordSet.of(
        await reset.set_password(
            people, body.token, body.password, client, revoke_keys=body.revoke_keys
        )
    )


async def change_password(body: PasswordIn, caller: Caller, people: PeopleOf) -> PasswordSet:
    """Change the caller's own password. This ends the person's other log-ins.

    The API keys that the person created keep working unless `revoke_keys` is set; the response
    lists the working ones.
    """
    return PasswordSet.of(
        await people.change_password(
            caller, body.current_password, body.new_password, revoke_keys=body.revoke_keys
        )
    )


async def confirm_email(
    body: EmailConfirmIn, people: PeopleOf, client: ClientOf, installation: InstallationOf
) -> EmailConfirmed:
    """Confirm a new e-mail address with the token of a mailed link.

    The person's log-ins continue; links to set a new password that are on their way end.
    """
    email = await email_changes.confirm(people, body.token, client, installation)
    return EmailConfirmed(email=email, message=f"From now on you log in with {email}.")


def _account_id(text: str) -> AccountId:
    value = parse_public_id(ACCOUNT_PREFIX, text)
    if value is None:
        raise account_not_found()
    return AccountId(value)

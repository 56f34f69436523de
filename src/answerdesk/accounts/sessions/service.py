"""Log-ins: begin, continue and end them, and find the caller with an access token."""

from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.audit import record_audit
from answerdesk.accounts.errors import (
    NoAccount,
    RefreshTokenInvalid,
    RefreshTokenReused,
    SessionEnded,
    account_suspended,
)
from answerdesk.accounts.principal import ROLE_SCOPES, Principal
from answerdesk.accounts.sessions import repository, tokens
from answerdesk.accounts.sessions.tokens import TokenKeys, token_keys
from answerdesk.accounts.sessions.types import (
    ACCESS_SECONDS,
    EVERY_TIME,
    Client,
    LogIn,
    Rotation,
    Standing,
    StoredSession,
)
from answerdesk.accounts.types import USER_PREFIX
from answerdesk.core.database import Database, tenant_of
from answerdesk.core.ratelimit import Taken, require_taken
from answerdesk.core.tenancy import AccountId, UserId, new_id, public_id

_LONGEST_USER_AGENT = 300

_log = structlog.get_logger(__name__)


async def admit_access_token(
    database: Database, token: str, windows: str, rates: str
) -> tuple[Principal, str, Taken | None]:
    """Return the caller with an access token, the plan, and the tighter window that counts it.

    It takes one round trip, so a revoked log-in, a new role and a suspension apply immediately.
    `windows` comes from `windows_prefix`, `rates` from `rates_by_plan` or `rates_of_dialect`.
    Raises NotAuthenticated (`access_token_invalid`, `access_token_expired`, `session_ended`),
    NotPermitted or WindowFull.
    """
    claims = tokens.read_access_token(token_keys(database).access, token)
    found = await repository.caller_of_session(
        database.single(claims.account_id), claims.session_id, claims.user_id, windows, rates
    )
    if found is None:
        raise SessionEnded
    standing, row = found
    if standing.suspended:
        raise account_suspended()
    caller = as_principal(claims.account_id, standing, claims.session_id)
    return caller, standing.plan, require_taken(row)


def as_principal(
    account_id: AccountId,
    standing: Standing,
    session_id: UUID | None = None,
    address: str | None = None,
) -> Principal:
    """Return the caller that a person is in an account."""
    return Principal(
        account_id=account_id,
        kind="user",
        subject=standing.user_id,
        name=standing.email,
        role=standing.role,
        scopes=ROLE_SCOPES[standing.role],
        session_id=session_id,
        address=address,
    )


async def begin(
    session: AsyncSession,
    keys: TokenKeys,
    user_id: UserId,
    client: Client,
    access_seconds: int = ACCESS_SECONDS,
) -> LogIn:
    """Log a person, already verified, in to the session's account.

    The transaction must also be the person's (`user_id`). Raises NoAccount if they are not a
    member, and NotPermitted (`account_suspended`).
    """
    account_id = tenant_of(session)
    standing = await repository.standing_of_member(session, user_id)
    if standing is None:
        raise NoAccount
    if standing.suspended:
        raise account_suspended()
    session_id = new_id()
    refresh = tokens.make_refresh_token(keys.refresh[0], account_id, session_id, 1)
    new = repository.NewSession(
        session_id, user_id, refresh.hash, _storable(client.user_agent)[:_LONGEST_USER_AGENT]
    )
    await repository.add(session, new)
    caller = as_principal(account_id, standing, session_id, client.exact_address)
    user = public_id(USER_PREFIX, user_id)
    await record_audit(session, caller, "session.created", "user", user)
    return _log_in(keys, refresh, standing, access_seconds)


def principal_of_log_in(log_in: LogIn, client: Client) -> Principal:
    """Return the person who has just logged in, as a caller for the audit log."""
    return Principal(
        account_id=log_in.account_id,
        kind="user",
        subject=log_in.user_id,
        name=log_in.email,
        role=log_in.role,
        scopes=ROLE_SCOPES[log_in.role],
        address=client.exact_address,
    )


def _storable(user_agent: str) -> str:
    return "".join(char if char.isprintable() else " " for char in user_agent)


def _log_in(
    keys: TokenKeys,
    refresh: tokens.RefreshToken,
    standing: Standing,
    access_seconds: int = ACCESS_SECONDS,
) -> LogIn:
    claims = tokens.AccessClaims(refresh.account_id, standing.user_id, refresh.session_id)
    return LogIn(
        access_token=tokens.make_access_token(keys.access[0], claims, seconds=access_seconds),
        refresh_token=refresh.encode(),
        expires_in=access_seconds,
        user_id=standing.user_id,
        email=standing.email,
        user_name=standing.user_name,
        account_id=refresh.account_id,
        account_name=standing.account_name,
        plan=standing.plan,
        role=standing.role,
    )


async def refresh_log_in(
    database: Database, text: str, client: Client, rotation: Rotation = EVERY_TIME
) -> LogIn:
    """Return new tokens for a refresh token; this uses it up if it is old enough.

    The second-newest token gets the newest again within the grace period of `rotation`, because the
    response may have been lost or gone to another tab. Any older token ends the log-in: somebody
    has a copy. Raises RefreshTokenInvalid, RefreshTokenReused or NotPermitted.
    """
    given = tokens.read_refresh_token(text)
    if given is None:
        raise RefreshTokenInvalid
    keys = token_keys(database)
    async with database.transaction(given.account_id) as session:
        stored = await repository.lock(session, given.session_id)
        if stored is None or stored.ended:
            raise RefreshTokenInvalid
        standing = await repository.standing_of_session(session, stored.id, stored.user_id)
        if standing is None:
            raise RefreshTokenInvalid
        if standing.suspended:
            raise account_suspended()
        newest = await _next(session, keys, given, stored, rotation)
        if newest is None:
            await _end_reused(session, given, standing, client)
    if newest is None:
        raise RefreshTokenReused
    return _log_in(keys, newest, standing)


async def _next(
    session: AsyncSession,
    keys: TokenKeys,
    given: tokens.RefreshToken,
    stored: StoredSession,
    rotation: Rotation,
) -> tokens.RefreshToken | None:
    """Return the token to continue with; None if `given` was used up before."""
    key = keys.refresh[0]
    if given.generation == stored.generation and given.hash == stored.secret_hash:
        if stored.seconds_since_use < rotation.at_least:
            return given
        following = tokens.make_refresh_token(
            key, given.account_id, given.session_id, stored.generation + 1
        )
        await repository.rotate(session, stored.id, following.generation, following.hash)
        return following
    if given.generation >= stored.generation or not given.is_ours(keys.refresh):
        raise RefreshTokenInvalid
    newest = tokens.make_refresh_token(key, given.account_id, given.session_id, stored.generation)
    late = given.generation == stored.generation - 1 and stored.seconds_since_use < rotation.grace
    return newest if late and newest.hash == stored.secret_hash else None


async def _end_reused(
    session: AsyncSession, given: tokens.RefreshToken, standing: Standing, client: Client
) -> None:
    await repository.revoke(session, given.session_id)
    await record_audit(
        session,
        as_principal(given.account_id, standing, given.session_id, client.exact_address),
        "session.revoked",
        "user",
        public_id(USER_PREFIX, standing.user_id),
        {"reason": "refresh_token_reused"},
    )
    _log.warning("refresh_token_reused", user=public_id(USER_PREFIX, standing.user_id))


async def end_own(database: Database, caller: Principal) -> None:
    """End the log-in that a person calls from. Raises NotPermitted for a key."""
    user_id = caller.require_person()
    async with database.transaction(caller.account_id) as session:
        if caller.session_id is not None and await repository.revoke(session, caller.session_id):
            user = public_id(USER_PREFIX, user_id)
            await record_audit(session, caller, "session.ended", "user", user)


async def end_everywhere(database: Database, caller: Principal) -> None:
    """End every log-in of the calling person, in all accounts. Raises NotPermitted for a key.

    Only the time is stored, as with a new password: log-ins from before it are invalid.
    """
    user_id = caller.require_person()
    async with database.transaction(caller.account_id, user_id=user_id) as session:
        await repository.end_of_person(session, user_id)
        user = public_id(USER_PREFIX, user_id)
        await record_audit(session, caller, "session.ended_everywhere", "user", user)


async def end(database: Database, text: str, client: Client) -> None:
    """End the log-in that a refresh token belongs to; any other text does nothing."""
    given = tokens.read_refresh_token(text)
    if given is None or not given.is_ours(token_keys(database).refresh):
        return
    async with database.transaction(given.account_id) as session:
        stored = await repository.lock(session, given.session_id)
        if stored is None or stored.ended:
            return
        standing = await repository.standing_of_session(session, stored.id, stored.user_id)
        await repository.revoke(session, given.session_id)
        if standing is not None:
            caller = as_principal(
                given.account_id, standing, given.session_id, client.exact_address
            )
            user = public_id(USER_PREFIX, standing.user_id)
            await record_audit(session, caller, "session.ended", "user", user)


async def end_all(session: AsyncSession, user_id: UserId) -> None:
    """End all log-ins of a person to the session's account."""
    await repository.revoke_of_user(session, user_id)


async def outlive_password_change(session: AsyncSession, session_id: UUID) -> None:
    """Keep one log-in alive through the password change of this transaction."""
    await repository.keep(session, session_id)

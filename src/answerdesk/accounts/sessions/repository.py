"""Reads and writes log-ins."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

from dataclasses import dataclass, fields
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.sessions.types import IDLE_DAYS, Standing, StoredSession
from answerdesk.core.database import IS_SET, TENANT, Executor, tenant_of
from answerdesk.core.ratelimit import TAKE_OF_WINDOWS
from answerdesk.core.tenancy import UserId

# A password change, or logging out everywhere, ends every earlier log-in to any account. This is a
# rule in the statements that admit a log-in, so that nobody has to find rows in all accounts.
_HOLDS: Final = (
    "s.revoked_at is null and s.expires_at > statement_timestamp() and u.disabled_at is null"
    " and s.created_at >="
    " coalesce(greatest(u.password_changed_at, u.logged_out_at), cast('-infinity' as timestamptz))"
)
_STANDING: Final = (
    "u.id as user_id, u.email, u.name as user_name, m.role, a.name as account_name, a.plan,"
    " a.suspended_at is not null as suspended"
)
_OF_SESSION: Final = text(
    f"select {_STANDING} from login_session s"
    " join app_user u on u.id = s.user_id"
    " join membership m on m.account_id = s.account_id and m.user_id = s.user_id"
    " join account a on a.account_id = s.account_id"
    f" where s.account_id = :account_id and s.id = :id and s.user_id = :user_id and {_HOLDS}"
)
_CALLER: Final = text(
    f"with {TENANT}, standing as materialized ({_OF_SESSION.text} and {IS_SET})"
    " select standing.*, rate.* from standing left join "
    + TAKE_OF_WINDOWS.format(
        name="cast(:windows as text) || replace(standing.user_id::text, '-', '')",
        rates="case when not standing.suspended then cast(:rates as jsonb) -> standing.plan end",
    )
    + " on true"
)
_OF_MEMBER: Final = text(
    f"select {_STANDING} from membership m"
    " join app_user u on u.id = m.user_id"
    " join account a on a.account_id = m.account_id"
    " where m.account_id = :account_id and m.user_id = :user_id and u.disabled_at is null"
    # Held until we commit: a password change in the meantime then ends this log-in.
    " for share of u"
)
_ADD: Final = text(
    "insert into login_session (account_id, id, user_id, secret_hash, user_agent, expires_at,"
    " created_at) values (:account_id, :id, :user_id, :secret_hash, :user_agent,"
    " statement_timestamp() + make_interval(days => :days), statement_timestamp())"
)
_LOCK: Final = text(
    "select s.id, s.user_id, s.secret_hash, s.generation,"
    " extract(epoch from statement_timestamp() - s.used_at)::float8 as seconds_since_use,"
    f" not ({_HOLDS}) as ended from login_session s join app_user u on u.id = s.user_id"
    " where s.account_id = :account_id and s.id = :id for update of s"
)
_ROTATE: Final = text(
    "update login_session set generation = :generation, secret_hash = :secret_hash,"
    " used_at = statement_timestamp(),"
    " expires_at = statement_timestamp() + make_interval(days => :days)"
    " where account_id = :account_id and id = :id"
)
_REVOKE: Final = text(
    "update login_session set revoked_at = statement_timestamp()"
    " where account_id = :account_id and id = :id and revoked_at is null returning id"
)
_REVOKE_OF_USER: Final = text(
    "update login_session set revoked_at = statement_timestamp()"
    " where account_id = :account_id and user_id = :user_id and revoked_at is null"
)
# Locked first, so that this time is later than that of any log-in being admitted just now.
_HOLD_PERSON: Final = text("select id from app_user where id = :user_id for update")
_END_OF_PERSON: Final = text(
    "update app_user set logged_out_at = clock_timestamp() where id = :user_id"
)
_KEEP: Final = text(
    "update login_session set created_at = statement_timestamp()"
    " where account_id = :account_id and id = :id"
)
_FORGET: Final = text(
    "delete from login_session where account_id = :account_id and user_id = :user_id and"
    " least(expires_at, revoked_at) < statement_timestamp() - interval '7 days'"
)


@dataclass(frozen=True, slots=True)
class NewSession:
    id: UUID
    user_id: UserId
    secret_hash: bytes
    user_agent: str


def _standing(row: Row[Any] | None) -> Standing | None:
    return None if row is None else Standing(**row._asdict())


async def caller_of_session(
    executor: Executor, session_id: UUID, user_id: UserId, windows: str, rates: str
) -> tuple[Standing, Any] | None:
    """Return the standing of a log-in's person; None if the log-in is not valid (any more).

    The second value is for `require_taken`: a request is counted against the rates of the plan,
    in windows whose names begin with `windows`, unless the account is suspended.
    """
    parameters = {"id": session_id, "user_id": user_id, "windows": windows, "rates": rates}
    found = await executor.rows(_CALLER, parameters)
    if not found:
        return None
    (row,) = found
    return Standing(**{one.name: getattr(row, one.name) for one in fields(Standing)}), row


async def standing_of_session(
    session: AsyncSession, session_id: UUID, user_id: UserId
) -> Standing | None:
    """Return the standing of a log-in's person; None if the log-in is not valid (any more)."""
    parameters = {"account_id": tenant_of(session), "id": session_id, "user_id": user_id}
    return _standing((await session.execute(_OF_SESSION, parameters)).one_or_none())


async def standing_of_member(session: AsyncSession, user_id: UserId) -> Standing | None:
    """Return a person's standing in the session's account, and lock the person's row."""
    parameters = {"account_id": tenant_of(session), "user_id": user_id}
    return _standing((await session.execute(_OF_MEMBER, parameters)).one_or_none())


async def add(session: AsyncSession, new: NewSession) -> None:
    """Store a log-in, and delete those of the person that ended a week ago."""
    owner = {"account_id": tenant_of(session), "user_id": new.user_id}
    await session.execute(_FORGET, owner)
    await session.execute(
        _ADD,
        {
            **owner,
            "id": new.id,
            "secret_hash": new.secret_hash,
            "user_agent": new.user_agent,
            "days": IDLE_DAYS,
        },
    )


async def lock(session: AsyncSession, session_id: UUID) -> StoredSession | None:
    """Return a log-in, locked until the transaction ends; None if its person is not a member."""
    parameters = {"account_id": tenant_of(session), "id": session_id}
    row = (await session.execute(_LOCK, parameters)).one_or_none()
    return None if row is None else StoredSession(**row._asdict())


async def rotate(
    session: AsyncSession, session_id: UUID, generation: int, secret_hash: bytes
) -> None:
    """Store the next generation of a log-in's refresh token."""
    await session.execute(
        _ROTATE,
        {
            "account_id": tenant_of(session),
            "id": session_id,
            "generation": generation,
            "secret_hash": secret_hash,
            "days": IDLE_DAYS,
        },
    )


async def revoke(session: AsyncSession, session_id: UUID) -> bool:
    """End a log-in; return False if it had already ended."""
    parameters = {"account_id": tenant_of(session), "id": session_id}
    return await session.scalar(_REVOKE, parameters) is not None


async def revoke_of_user(session: AsyncSession, user_id: UserId) -> None:
    """End all log-ins of a person to the session's account."""
    parameters = {"account_id": tenant_of(session), "user_id": user_id}
    await session.execute(_REVOKE_OF_USER, parameters)


async def end_of_person(session: AsyncSession, user_id: UserId) -> None:
    """End all log-ins of the transaction's person, to all accounts."""
    await session.execute(_HOLD_PERSON, {"user_id": user_id})
    await session.execute(_END_OF_PERSON, {"user_id": user_id})


async def keep(session: AsyncSession, session_id: UUID) -> None:
    """Keep a log-in alive through the password change of this transaction."""
    await session.execute(_KEEP, {"account_id": tenant_of(session), "id": session_id})

"""Reads and writes people, and their password reset tokens."""

from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.types import KnownUser, UserAccount
from answerdesk.accounts.users.email import Email
from answerdesk.core.tenancy import AccountId, UserId

_FIND: Final = text("select id, password_hash, disabled from user_by_email(:key)")
_ACCOUNTS: Final = text("select account_id, name, role, suspended from accounts_of_user()")
_ADD: Final = text(
    "insert into app_user (id, email, email_key, name, password_hash)"
    " values (:id, :email, :key, :name, :hash) on conflict (email_key) do nothing returning id"
)
_HASH_FOR_SHARE: Final = text("select password_hash from app_user where id = :id for share")
_HASH_FOR_UPDATE: Final = text("select password_hash from app_user where id = :id for update")
_EMAIL: Final = text("select email from app_user where id = :id")
_RENAME: Final = text(
    "update app_user u set name = :name"
    " from (select id, name from app_user where id = :id for update) before"
    " where u.id = before.id returning before.name"
)
_SET_EMAIL: Final = text("update app_user set email = :email, email_key = :key where id = :id")
# The row is locked beforehand, so this time is later than any log-in admitted by the old password:
# `sessions.repository` compares the two.
_SET_PASSWORD: Final = text(
    "update app_user set password_hash = :hash, password_changed_at = clock_timestamp()"
    " where id = :id"
)
_RENEW_HASH: Final = text(
    "update app_user set password_hash = :hash where id = :id and password_hash = :old"
)


async def find(session: AsyncSession, email_key: str) -> KnownUser | None:
    """Return the person with this address; needs no tenant and no person."""
    row = (await session.execute(_FIND, {"key": email_key})).one_or_none()
    return None if row is None else KnownUser(UserId(row.id), row.password_hash, row.disabled)


async def accounts_of(session: AsyncSession) -> list[UserAccount]:
    """Return the accounts of the transaction's person, in the order of joining."""
    rows = await session.execute(_ACCOUNTS)
    return [
        UserAccount(AccountId(row.account_id), row.name, row.role, row.suspended) for row in rows
    ]


async def add(
    session: AsyncSession, user_id: UserId, email: Email, name: str, password_hash: str
) -> bool:
    """Store a new person; return False if the address is taken."""
    parameters = {
        "id": user_id,
        "email": email.address,
        "key": email.key,
        "name": name,
        "hash": password_hash,
    }
    return await session.scalar(_ADD, parameters) is not None


async def email_of(session: AsyncSession, user_id: UserId) -> str | None:
    """Return the address of a person visible to the transaction."""
    found: str | None = await session.scalar(_EMAIL, {"id": user_id})
    return found


async def rename(session: AsyncSession, user_id: UserId, name: str) -> str | None:
    """Store the name of the transaction's person, and return the one before."""
    before: str | None = await session.scalar(_RENAME, {"id": user_id, "name": name})
    return before


async def set_email(session: AsyncSession, user_id: UserId, email: Email) -> None:
    """Store the new address of the transaction's person; raises IntegrityError if it is taken."""
    parameters = {"id": user_id, "email": email.address, "key": email.key}
    await session.execute(_SET_EMAIL, parameters)


async def hold_password(session: AsyncSession, user_id: UserId) -> str | None:
    """Return the password's hash; nobody can change it until the transaction ends."""
    found: str | None = await session.scalar(_HASH_FOR_SHARE, {"id": user_id})
    return found


async def lock_password(session: AsyncSession, user_id: UserId) -> str | None:
    """Return the password's hash and lock it for this transaction to change."""
    found: str | None = await session.scalar(_HASH_FOR_UPDATE, {"id": user_id})
    return found


async def set_password(session: AsyncSession, user_id: UserId, password_hash: str) -> None:
    """Store a new password, which ends all earlier log-ins. Call `lock_password` first."""
    await session.execute(_SET_PASSWORD, {"id": user_id, "hash": password_hash})


async def renew_hash(session: AsyncSession, user_id: UserId, old: str, new: str) -> None:
    """Store the same password's hash with newer parameters, unless it has changed meanwhile."""
    await session.execute(_RENEW_HASH, {"id": user_id, "old": old, "hash": new})


RESET_MINUTES: Final = 30

_FIND_USER_OF_RESET: Final = text("select user_of_reset(:hash)")
_ADD_RESET: Final = text(
    "insert into password_reset (id, user_id, token_hash, expires_at) values (:id, :user_id,"
    " :hash, statement_timestamp() + make_interval(mins => :minutes))"
)
_RECENT_RESETS: Final = text(
    "select count(*) from password_reset where user_id = :user_id"
    " and created_at > statement_timestamp() - interval '1 hour'"
)
_FORGET_RESETS: Final = text(
    "delete from password_reset where user_id = :user_id"
    " and created_at < statement_timestamp() - interval '1 day'"
)
_USE_RESET: Final = text(
    "update password_reset set used_at = statement_timestamp() where user_id = :user_id"
    " and token_hash = :hash and used_at is null and expires_at > statement_timestamp()"
    " returning id"
)
_USE_ALL_RESETS: Final = text(
    "update password_reset set used_at = statement_timestamp()"
    " where user_id = :user_id and used_at is null"
)
_REMOVE_RESET: Final = text("delete from password_reset where user_id = :user_id and id = :id")


async def user_of_reset(session: AsyncSession, token_hash: bytes) -> UserId | None:
    """Return the person whose password a token may set now; needs no tenant and no person."""
    found = await session.scalar(_FIND_USER_OF_RESET, {"hash": token_hash})
    return None if found is None else UserId(found)


async def add_reset(
    session: AsyncSession, reset_id: UUID, user_id: UserId, token_hash: bytes
) -> None:
    """Store a token, and delete the person's old ones."""
    await session.execute(_FORGET_RESETS, {"user_id": user_id})
    parameters = {"id": reset_id, "user_id": user_id, "hash": token_hash, "minutes": RESET_MINUTES}
    await session.execute(_ADD_RESET, parameters)


async def count_recent_resets(session: AsyncSession, user_id: UserId) -> int:
    """Count a person's tokens that were created within the last hour."""
    return int(await session.scalar(_RECENT_RESETS, {"user_id": user_id}))


async def use_reset(session: AsyncSession, user_id: UserId, token_hash: bytes) -> bool:
    """Use up a token and with it all others of the person; tell whether it was valid."""
    parameters = {"user_id": user_id, "hash": token_hash}
    if await session.scalar(_USE_RESET, parameters) is None:
        return False
    await use_all_resets(session, user_id)
    return True


async def use_all_resets(session: AsyncSession, user_id: UserId) -> None:
    """Use up all tokens of a person, wherever they were mailed to."""
    await session.execute(_USE_ALL_RESETS, {"user_id": user_id})


async def remove_reset(session: AsyncSession, reset_id: UUID, user_id: UserId) -> None:
    """Delete a token that never reached anybody."""
    await session.execute(_REMOVE_RESET, {"id": reset_id, "user_id": user_id})
